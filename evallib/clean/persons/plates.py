"""Plates of vehicles: Thai ones of every class, red ones, and those of the neighbour in the south."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from evallib.clean.persons.names.lexicon import is_everyday

Spans = Iterator[tuple[int, int, str]]

_LETTERS = r"\d?[ก-ฮ]{2}"
# Units and abbreviations of two letters before a number, and months, which a year or a day follows.
_UNITS = (
    "กม|กก|กล|ตร|ตม|มม|ซม|ชม|ลบ|รร|พศ|คศ|อบ|นร|นศ|ศพ|สพ|มอ|บช|งบ|จบ|คน|นส|ดช|ดญ|ปท|วง|ลง|มท|ศธ|สธ|กษ|คค|ทช|ทล|อย|ปี|รพ|สภ"
    "|ผล|ยก|หก|สอง|รอบ|ครบ|รวม|เลข|จอด|ชน|ขน|บน|นบ|ถม|ซอง|สน|อก|ขอ|จยย|บขส|ขสม|ปตท|กฟภ|กปภ|สสจ|กศน|อสม|ชรบ|รปภ|พรบ|มอก|ทบ|คสล|รพช|สปก|อปท|สนง|กฟผ|กพร|สปส|สพฐ|สพป|สพม|สปช|สสส|สปส|กอง|หลอ|ตอน|ครง|ตชด|ทพ|อส|ฉก|มว|ร้อ|พัน|กรม"
)
_MONTHS = "มค|กพ|พค|กค|สค|กย|ตค|พย|ธค"
VEHICLE = "รถ|เก๋ง|กระบะ|กะบะ|(?i:pick-?up|truck|motorcycle)|ปิคอัพ|ปิกอัพ|มอ(?:เตอร์)?ไซ|มอไซ|จยย|จักรยานยนต์|สองแถว|ซาเล้ง|พ่วงข้าง|แวน|คัน(?:ที่|เลข|หมาย|ก่อเหตุ|ดังกล่าว|นั้น|นี้)|หกล้อ|สิบล้อ|เวฟ|ดรีม|วีโก้|ฟีโน่|ซิ่ง|แล้วหนี|จำ(?:เลข|ทะเบียน)?ได้"  # noqa: E501
# What somebody saw of a vehicle that fled.
SEEN = "แล้วหนี|จำ(?:เลข|ทะเบียน)?ได้(?:แค่|ว่า)?|เลขท้าย"
PLATE_WORDS = (
    r"(?:(?:หมาย)?เลขทะเบียน|ทะเบียน(?:รถ)?(?:เลขที่|หมายเลข)?|ป้าย(?:ทะเบียน|แดง|ดำ|มาเลย์|มาเลเซีย)?(?:รถ)?|ทบ\.|(?i:plate)(?: no\.?)?|จยย\.|มอเตอร์ไซค์|จักรยานยนต์)"  # noqa: E501
    r"(?:คือ|เป็น|ว่า|เดิม|ใหม่|มาเลย์|มาเลเซีย|หมวด|เลข(?:ที่)?|ชั่วคราว|แดง|[\s:.=(\"-]){0,4}"
)
_GLUED = "(?:(?<=รถ)|(?<=คัน)|(?<=ไซ)|(?<=ไซค์)|(?<=ระบะ)|(?<=กะบะ)|(?<=เก๋ง)|(?<=แดง)|(?<=ดำ)|(?<=ขาว)|(?<=เทา)|(?<=เงิน))"  # noqa: E501
_MALAYSIAN = r"(?<![A-Za-z])(?-i:[A-Z]{1,3}) ?\d{1,4} ?(?:(?-i:[A-Z])(?![A-Za-z]))?"


_NEXT = re.compile(
    r"\s*(?:กับ|และ|หรือ|[,/;])\s*(?:ทะเบียน|คัน\S{0,6}?|รถ)?\s*(?P<n>\d?[ก-ฮ]{2,3}[ -]?\d{1,4}(?:\s*(?:ป\.?น|ย\.?ล|น\.?ธ|ส\.?ข|กทม)\.?(?![ก-๎]))?)(?![\d.,/][\d])"  # noqa: E501
)


def find_plates(text: str) -> Spans:
    """Yield start, end and kind of each plate of a vehicle.

    Parameters
    ----------
    text : str
        Normalised text whose digits are 0-9 and whose dashes are ``-``.

    Examples
    --------
    >>> list(find_plates("กระบะสีดำ บต 4821 ปาดหน้า"))
    [(10, 17, 'vehicle_plate')]
    """
    for match in _pattern().finditer(text):
        group = match.lastgroup or ""
        told = match[group][-1].isdigit()  # no province stands behind
        if group == "near" and told and is_everyday(re.sub(r"[^ก-ฮ].*", "", match[group])):
            continue
        if group == "n" and re.match("รถ|คัน", match[group]):
            continue
        if group == "near" and not told:  # a vehicle before it, a province behind it
            yield *match.span(group), "vehicle_plate"
            continue
        if group in ("bare", "glued", "near", "shortly", "hit") and not match[group][0].isdigit():
            number = int(re.sub(r"\D", "", match[group]))
            months = _MONTHS if number < 32 or 55 <= number <= 75 or 2440 <= number <= 2600 else "-"
            if re.match(f"(?:{_UNITS}|{months}|กข (?:4?[369]|15|7?9)(?!\\d))", match[group]):
                continue
        yield *match.span(group), "vehicle_plate"
        end = match.end(group)
        while more := _NEXT.match(text, end):
            if re.match(f"(?:{_UNITS}|{_MONTHS})", more["n"]):
                break
            yield *more.span("n"), "vehicle_plate"
            end = more.end("n")


@cache
def _pattern() -> re.Pattern[str]:
    """Return letters and digits after a word for a plate, or before the name of a province."""
    from evallib.places import register  # read only when a plate may stand there

    names = sorted(set(register()["province_th"]), key=lambda name: (-len(name), name))
    short = r"ป\.?น\.?|ย\.?ล\.?|น\.?ธ\.?|ส\.?ข\.?"
    provinces = "|".join([*names, "กรุงเทพ(?:มหานคร)?", "กทม\\.?", "เบตง"])
    place = rf"(?:\s*(?:จ\.)?(?:{provinces}|(?:{short})(?![ก-๎])))"
    return re.compile(
        rf"{PLATE_WORDS}(?P<n>(?:\d?[ก-ฮ]{{1,3}} ?[ -]? ?\d{{1,4}}|\d{{2}} ?- ?\d{{4}}|{_MALAYSIAN}){place}?)(?![\d/])"  # noqa: E501
        rf"|(?:(?<![ก-๎\d.])|{_GLUED})(?P<bare>(?:{_LETTERS}[ -]?\d{{1,4}}|[ก-ฮ]{{3}}[ -]?\d{{3}}) ?(?:จ\.)?(?:{provinces}))(?![ก-๎])"  # noqa: E501
        rf"|{_GLUED}(?P<glued>\d?[ก-ฮ]{{2,3}}[ -]?\d{{1,4}} ?(?:{short}))(?![ก-๎])"
        rf"|(?<![ก-๎\d.])(?P<shortly>\d?[ก-ฮ]{{2,3}}[ -]?\d{{3,4}} (?:{short}))(?![ก-๎\d])"
        rf"|(?:{SEEN})\s*(?:ทะเบียน|ป้าย)?\s*(?P<hit>\d?[ก-ฮ]{{2}}[ -]?\d{{1,4}})(?![\d,/.])"
        rf"|(?<![\d-])(?P<heavy>\d{{2}}-(?!25[4-9]\d)\d{{4}}{place})(?![ก-๎])"
        rf"|(?:{VEHICLE})[^\d\n]{{0,30}}?(?:(?<![ก-๎.\d])(?P<near>\d?[ก-ฮ]{{2,3}}[ -]?\d{{2,4}}(?![\d,/.]){place}?)"  # noqa: E501
        rf"|(?P<foreign>มาเลย?์?[^\d\nA-Z]{{0,20}}{_MALAYSIAN})(?!\d))"
        r"|(?<![ก-๎\d.])(?P<motor>\d[ก-ฮ]{2}[ -]?\d{3,4})(?![\d,/.ก-๎])"
    )
