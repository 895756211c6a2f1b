"""Which texts may hold an identifier: one quick pass over a column that never misses one.

The pass looks for what every identifier needs: nine digits in a row, a title, a word such as
ติดต่อ before two words, a house number, an address of e-mail. Where it finds none, the patterns of
`identifiers` cannot match either, so they need not be tried. Texts that `normalise_thai` would
change by more than white space always pass, since what is hidden in them shows only afterwards.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.persons.announced import quick_patterns
from evallib.clean.persons.names.of_kin import (
    FAITH,
    LABEL,
    LEFT,
    MALAY,
    OFFICE,
    RESPECT,
    SHORT_OFFICE,
    find_kin,
)
from evallib.clean.persons.names.of_kin import KIN as RELATIVES
from evallib.clean.persons.names.with_titles import HONOURS, OFFICE_WORDS, SPELT_RANKS
from evallib.clean.persons.names.without_titles import EXPECTED, KIN, LATIN, MONKS, OFFICES, PIOUS
from evallib.clean.persons.plates import SEEN, VEHICLE
from evallib.thai.text import normalise_thai

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_D = "[0-9๐-๙]"
_NOT_D = "[^0-9๐-๙]"
_DASH = r"[\s–—-]"
_BETWEEN = r"[\s().\-/_–—]*"
_L = "[ก-ฮะ-ฺเ-ๅ็-์]"
_FIRST = "[ก-ฮเ-ไ]"
_VOWELS, _TONES = "[ัิ-ฺ็]", "[่-์]"

# Characters and orders of marks that normalising leaves as they are, white space aside.
_IRREGULAR = (
    r"[^\t\n\r -~ก-ฺ฿-ไๆ-์๐-๙–—“”‘’•×°²³≠→≤≥±]", "เเ", f"ำ{_TONES}", f"{_TONES}{_TONES}",
    f"{_VOWELS}{_VOWELS}", f"{_TONES}{_VOWELS}",
)  # fmt: skip
_O = "[0-9๐-๙Oo]"
_NUMBERS = (
    f"{_D}(?:{_BETWEEN}{_D}){{12}}",  # 13 digits
    f"(?:^|{_NOT_D})[0๐Oo](?:{_BETWEEN}{_O}){{8}}",  # a telephone begins with 0
    rf"\+\s*{_D}(?:{_BETWEEN}{_D}){{8}}", r"\([6๖][6๖]\)", f"[6๖][6๖][689๖๘๙]{_D}{{8}}", rf"[6๖][0๐]\s?[1๑]{_D}",  # noqa: E501
    r"(?:(?:ศูนย์|หนึ่ง|สอง|โท|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)[\s-]*){8}",
    f"[A-Za-z]{{2}}{_D}{{7}}",  # a passport
    rf"{_D}{{3}}[\s.–—-]+{_D}[\s.–—-]+{_D}{{5}}[\s.–—-]+{_D}",  # a bank account
    rf"{_D}\.{_D}{{3,}}{_NOT_D}+{_D}{{1,3}}\.{_D}{{3,}}", rf"{_D}\s*(?:°|องศา)\s*{_D}", r"[4๔][78๗๘]\s*[NPQnpq]",  # noqa: E501
    rf"{_D}{{6}}[^ก-๎\d]{{1,12}}{_D}{{6}}", r"[A-Z0-9๐-๙]{2}\+[A-Z0-9๐-๙]{2}",
    rf"{_D}/{_D}{{1,3}},?\s*(?:บ\.|บ้าน|ชุมชน|ม\.|หมู่|(?i:moo|m\.)|ถ\.|ถนน|ซ\.|ซอย|ตรอก)", rf"{_D}{{4}}[–—-]{_D}{{6}}[–—-]{_D}",  # noqa: E501
    rf"(?:^|[^ก-๎0-9๐-๙.]){_D}?[ก-ฮ]{{2,3}}{_DASH}*{_D}{{1,4}}\s*[ก-ฮเ-ไ]",  # a plate
    rf"{_D}[ก-ฮ]{{2}}{_DASH}?{_D}{{3}}", rf"{_D}{{2}}[–—-]{_D}{{4}}\s*[ก-ฮ]",
    rf"(?:{VEHICLE})[^0-9๐-๙]{{0,31}}[^ก-๎.]{_D}?[ก-ฮ]{{2,3}}{_DASH}?{_D}{{2}}",
    rf"มาเล[^0-9๐-๙]{{0,25}}[A-Z]\s?{_D}",
)  # fmt: skip
_NAMED_NUMBERS = (
    rf"{_D}{{10}}[^\n]{{0,40}}บัญชี",
    rf"(?:โทร|เบอร์|มือถือ|แฟกซ์|ไลน์|(?i:tel|phone|mobile|fax|whatsapp))(?s:.*?){_D}(?:{_BETWEEN}{_D}){{5}}",
    r"(?:บัญชี|บ/ช|บช\.|พร้อมเพ|สมุด(?:เงินฝาก|ธนาคาร)|วอลเล็|กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงเทพ|กรุงศรี|ออมสิน|ธ\.?ก\.?ส|ธ\.?อ\.?ส|อิสลาม|ทหารไทย|ธนชาต|ทีทีบี|ยูโอบี"
    r"|เกียรตินาคิน|ซีไอเอ็มบี|เมย์แบงก์|ไอแบงก์|ธนาคาร|สหกรณ์ออมทรัพย์"
    r"|(?i:promptpay|wallet|true ?money|a/c|acc|book ?bank|scb|ktb|bbl|kbank|ttb|tmb|baac|gsb|ghb|uob|cimb|bay|ibank|kkp|lhb|maybank|krungthai|bsn))"  # noqa: E501
    rf"(?s:.*?){_D}(?:[\s.–—-]*{_D}){{6}}",
    f"(?:พาส(?:ปอ|พอ)|หนังสือเดินทาง|หนังสือผ่านแดน|เล่มเดินทาง|บอร์เดอร์พาส|ใบผ่านแดน|เมียนมา|พม่า|กัมพูชา|ลาว|อินโด|โรฮิงญา|ต่างด้าว|วีซ่า|(?i:passport|border pass|visa|pp\\s*(?:no\\.?)?\\s*:))(?s:.*?){_D}{{6}}",  # noqa: E501
    rf"(?:ทะเบียน|ป้าย|ทบ\.|(?i:plate(?:\s*no)?)|จยย\.|มอเตอร์ไซค์|จักรยานยนต์)(?:คือ|เป็น|ว่า|เดิม|ใหม่|มาเล|หมวด|เลข|หมาย|ที่|ชั่วคราว|แดง|ดำ|ทะเบียน|รถ|ย์|เซีย|[\s:.=(\"–—-]){{0,9}}(?:{_D}?[ก-ฮ]{{1,3}}{_DASH}*{_D}|{_D}{{2}}\s*[–—-]\s*{_D}{{4}}|[A-Z]\s?{_D})",
    rf"(?:เลขที่บ้าน|บ้าน(?:หลัง)?เลขที่|บ้านหลังที่|(?:ห้อง|ห้องเช่า|ห้องแถว|ตึกแถว|แฟลต|หอพัก|หลัง)เลขที่|ทะเบียนบ้าน(?:เลขที่|อยู่|ชื่ออยู่|ที่)?(?:เลขที่)?|สำมะโนครัว(?:เลขที่)?"
    rf"|อยู่เลขที่|ภูมิลำเนา|อาศัย(?:อยู่)?ที่|พักอาศัย(?:ที่)?|พักอยู่(?:ที่)?|(?i:house\s+no\.?|address))[\s:]*{_D}",
    rf"(?:รหัส|ประจำบ้าน|ทะเบียนบ้าน|ท\.?ร\.? ?[1๑][4๔]|(?i:house code|hc))(?s:.*?){_D}{{4}}[\s–—-]*{_D}{{6}}",  # noqa: E501
    rf"(?:บ้าน|ตรงข้าม)\s*[\"'“”‘’(]?{_D}{{1,4}}/{_D}",
    rf"(?:จาก|ไป|ที่|อยู่|บ้าน|ตรงข้าม|หน้า|หลัง)\s*{_D}{{1,4}}\s*(?:ม\.|หมู่(?:ที่)?\s*){_D}",
    rf"(?:{SEEN})\s*(?:ทะเบียน|ป้าย)?\s*{_D}?[ก-ฮ]{{2}}{_DASH}?{_D}",
    rf"(?:รถ|คัน|ไซ|ไซค์|บะ|เก๋ง|แดง|ดำ|ขาว|เทา|เงิน){_D}?[ก-ฮ]{{2,3}}{_DASH}?{_D}{{1,4}}\s?[ก-ฮเ-ไ]",
    rf"(?:เลขที่|(?i:no\.?))\s*{_D}[^ก-๎]{{0,14}}\s*(?:ม\.|หมู่|(?i:moo|m\.)|ถ\.|ถนน|ซ\.|ซอย|ตรอก|ต\.|ตำบล)",
    rf"(?:ม\.|หมู่(?:ที่)?)\s*{_D}{{1,2}}\s*,?\s*(?:บ้าน)?เลขที่\s*{_D}",
    rf"(?:อยู่(?:ที่)?|อาศัย|^\s*|[:,;(])\s*{_D}[^\n]{{0,14}}?\s*(?:ม\.|หมู่(?:ที่)?)\s*{_D}",
    rf"(?:ละติจูด|ลองจิจูด|ลองติจูด|แลต|ลอง|(?i:lat|lon|lng))[^0-9๐-๙]{{0,20}}{_D}+\.{_D}{{3}}",
    rf"ที่อยู่(?:ปัจจุบัน|ตาม\S*)?(?:เลขที่)?[\s:]*{_D}",
    rf"(?:เกิด(?:วันที่|เมื่อ(?:วันที่)?)?|(?i:born|d\.?o\.?b\.?|birth))[\s:]*(?:(?i:on)\s+)?{_D}",
)
_CONTACTS = (
    r"[A-Za-z0-9]\s*\(?\s*(?:คือ|เป็น|ทาง|นี่|นี้|นะ(?:ครับ|คะ)?)?\s*\(?(?:(?i:id|ไอดี|ไอ\.?ดี)\s*)?(?:ไล|ลาย|(?i:line))", "@", r"(?i:\sat\s|[\[({]\s*at)", "แอ[ทด]", "(?:ไล|ลาย|ไอดี|แอด|ทัก|เพิ่มเพื่อน)[^A-Za-z]{0,60}[A-Za-z]", r"(?i:line)(?i:\s*[.:=_-]?\s*id|[^A-Za-z])", r"(?i:id\s*[.:]?\s*line)", r"(?i:id|ไอดี)\s*[.:]?\s*(?:ไล|ลาย)",  # noqa: E501
    "(?:^|[^A-Za-z])(?i:facebook|fb|ig|instagram|tik ?tok|telegram|wechat|whatsapp|messenger|twitter|t\\.me)(?:[^A-Za-z]|$)", "เฟ[ซส]", "ไอจี|อินสตาแกรม|ต[๊็]?อ[กค]|ทวิตเตอร์|เทเลแกรม|วีแชท",  # noqa: E501
    r"(?i:goo\.gl|g\.co/|maps\.|/maps|plus\.codes|waze\.|what3words|w3w\.)|openstreetmap",
)  # fmt: skip
_TITLES = (
    "นา[ยง]", r"เด็ก\s*(?:ชาย|หญิง)", r"(?:^|[^ก-๎])(?:น\.?\s*ส|ด\.?\s*[ชญ])\.?\s", r"[พร]\.ต\.[อทต]\s", "แพทย์หญิง", r"น\.\s*ส\.", r"ด\.\s*[ชญ]", r"(?:นส|ดช|ดญ|ดร|นพ|พญ|ทพญ?|สพ|ผศ|รศ)\.",  # noqa: E501
    f"(?:{SPELT_RANKS})", r"[พรสจน]\.\s*[อทตสจ]\s*\.", r"พล\.\s*[ตรอทต]\.", r"ด\.\s*ต\.", f"พระ(?:{MONKS})", r"พระ[ก-๎]+\s+[ก-๎]+โ[ก-ฮ]", r"[ก-๎]\s+บิน", r"ม\.\s*(?:ล\.|ร\.\s*ว\.)", "หม่อม",  # noqa: E501
    rf"(?:^|[^A-Za-z])(?i:{LATIN})[.\s]", r"ชื่อ[\s-]*(?:นาม)?สกุล\s*:", r"ลงชื่อ\s*[:._]", "ชื่อเล่น", "(?:เรียก|เรียกกันว่า|รู้จักในนาม)(?:เปาะ|บัง|แบ|กะ|ม๊ะ)",  # noqa: E501
    r"\[ปกปิด\]", rf"(?:{HONOURS})\s*{_FIRST}",
)  # fmt: skip


def _raw(pattern: str) -> str:
    """Return a pattern for normalised text as one for raw text, where a space may be wider."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


_EXPECTED = (
    rf"(?:{_raw(EXPECTED)})(?:\s*[:=._(]{{1,60}}\s*|\s+){_FIRST}{_L}{{1,19}}\s+{_L}{{2}}",
    rf"(?:^|[^ก-๎]|ติดต่อ|โทรหา)(?:{_raw(KIN).replace('(?!หญิง)', '')})\s*{_FIRST}{_L}{{1,19}}[\s-]+{_L}{{2}}",  # noqa: E501
    rf"(?:^|[^ก-๎]|ติดต่อ|โทรหา)(?:คุณ|ครู|น้อง|อาจารย์)\s*{_FIRST}{_L}{{1,19}}(?:[^ก-ฮะ-ฺเ-ๅ็-์ๆ]|$)",
    rf"(?:{_raw(PIOUS)}|{_raw(OFFICES)}|{_raw(OFFICE_WORDS)})\s*{_FIRST}{_L}{{1,19}}(?:[^ก-ฮะ-ฺเ-ๅ็-์ๆ]|$)",
)


# What may be a name by its word of kinship alone; each such text is then searched for one.
_OF_KIN = (
    rf"(?:{_raw(OFFICE)}|(?:^|[^ก-๎.])(?:{_raw(SHORT_OFFICE)})|{FAITH}|{LABEL})\s*{_FIRST}{_L}",
    rf"(?:^|[^เแโใไหขถปค])(?:{RESPECT.replace('|ป้า|', '|')})\s*{_FIRST}{_L}",
    rf"(?:^|[^เแโใไหขถปค])ป้า(?:\s+{_FIRST}|[ก-มร-ฮเ-ไ]|ย[^ก-ฮเ-ไ\s]){_L}",
    rf"(?:^|[^ก-๎]|{LEFT})(?:{MALAY}|{RELATIVES})\s*{_FIRST}{_L}",
)


def may_identify(texts: Sequence[str | None]) -> NDArray[np.bool_]:
    """Tell which texts may hold an identifier; False is certain, True is not.

    Parameters
    ----------
    texts : sequence of str or None, length n
        Raw or normalised.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Examples
    --------
    >>> may_identify(["ซ่อมถนนหมู่ 3", "โทร 081-234-5678", None]).tolist()
    [False, True, False]
    """
    import pyarrow as pa  # one column in one call of RE2, whose time grows with length alone
    import pyarrow.compute as pc

    column = pa.array(texts, type=pa.large_string())
    found = pc.fill_null(pc.match_substring_regex(column, _patterns()[0]), False)  # noqa: FBT003
    for pattern in _patterns()[1:]:
        more = pc.fill_null(pc.match_substring_regex(column, pattern), False)  # noqa: FBT003
        found = pc.or_(found, more)
    flags: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False).copy()
    kin = pc.fill_null(pc.match_substring_regex(column, "|".join(_OF_KIN)), False)  # noqa: FBT003
    for at in np.flatnonzero(kin.to_numpy(zero_copy_only=False) & ~flags).tolist():
        flags[at] = next(find_kin(normalise_thai(texts[at] or "")), None) is not None
    return flags


@cache
def _patterns() -> tuple[str, ...]:
    groups = (
        (*_IRREGULAR, *_CONTACTS, *_TITLES),
        _NUMBERS,
        _NAMED_NUMBERS,
        (*_EXPECTED, *quick_patterns()),
    )
    return tuple("|".join(group) for group in groups)
