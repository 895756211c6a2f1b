"""Numbers that belong to one person: citizen number, telephone, account, passport, plate, birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from evallib.thai.citizen_numbers import is_citizen_number

Spans = Iterator[tuple[int, int, str]]

_SEP = r"(?: ?[-. /_] ?)?"
_IN_ID = r" ?[-. /_]? ?"
_ID = re.compile(
    rf"(?<![\d.,])(?<!\d[-/])(?=(?P<n>"
    rf"\d{_IN_ID}\d{{4}}{_IN_ID}\d{{5}}{_IN_ID}\d{{2}}{_IN_ID}\d"  # as printed: 1 4 5 2 1
    r"|\d(?:[-. _]\d){12}"
    r"|\d{1,12} ?[- ] ?\d{1,12}(?: ?[- ] ?\d{1,11})?)(?![-/]?\d|[.,]\d))"  # torn once or twice
)
_AS_PRINTED = re.compile(r"\d{13}|\d([- ])\d{4}\1\d{5}\1\d{2}\1\d|\d(?: \d){12}|\d(?:-\d){12}")
_ID_WORD = re.compile(
    r"(?:ประชาชน|ประจำตัว|เลขบัตร|ปชช\.?|13 ?หลัก|ผู้เสียภาษี|\bcid|national id|citizen id|id card)"
    r"[^\d\n]{0,15}(?P<n>\d(?:[-. /_]{0,3}\d){12})(?!\d)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<!\d)(?<!\d[-./,])(?:"
    rf"(?:\+ ?66|\(66\)|0066){_SEP}\(?0?\)?{_SEP}\d(?:{_SEP}\d){{7,8}}"
    rf"|\(0[689]\d\){_SEP}\d{{3}}{_SEP}\d{{4}}|\(0[2-7]\d?\){_SEP}\d{{3}}{_SEP}\d{{3,4}}"
    rf"|0[689]\d{_SEP}\d{{3}}{_SEP}\d{{4}}|0[689]\d{_SEP}\d{{4}}{_SEP}\d{{3}}"
    r"|0[689]\d ?[-/ ] ?\d{7}|0[689] ?[- ] ?\d{4} ?[- ] ?\d{4}|0[689] ?[- ] ?\d{8}"
    r"|0 ?[- ] ?[689]\d{3} ?[- ] ?\d{4,5}"
    r"|0[3-7]\d(?: ?[- ] ?)?\d{6}|0[3-7]\d ?[- ] ?\d{3} ?[- ] ?\d{3}"
    rf"|02{_SEP}\d{{3}}{_SEP}\d{{4}}|0[3-7] ?[- ] ?\d{{3}} ?[- ] ?\d{{4}}"
    r"|0 ?[- ] ?[2-7]\d{3} ?[- ] ?\d{4}|0(?: \d){8,9}|0(?:-\d){8,9}"
    r")(?!\d)(?:-\d{1,2}(?!\d))?(?:\s*ต่อ\s*\d{1,5})?"
    r"|(?<![\d.])66[689]\d{8}(?!\d)|(?<![\d])\+(?!66)\d{1,3}(?:[ -]{0,2}\d){8,11}(?!\d)"
)
_PHONE_BY_WORD = re.compile(
    r"(?:โทร(?:ศัพท์|สาร)?|เบอร์(?:โทร(?:ศัพท์)?)?|มือถือ|แฟกซ์|tel|phone|mobile|fax|whatsapp|ไลน์)"
    r"(?:บ้าน|ติดต่อ|สำรอง|ที่)?[^\dก-๙a-z]{0,6}"
    r"(?P<n>\+?\(?[\do](?:[ ().-]*\d){6,13})(?!\d)(?!\s*(?:บาท|ล้าน))",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:บัญชี|บ/ช|บช\.|พร้อมเพย์|promptpay|สมุดเงินฝาก|\ba/c|\baccount)"
    r"[^\d\n]{0,40}?(?P<n>\d(?:[ -]{0,3}\d){8,14})(?![\d,])"
    r"|(?:บัญชี|บ/ช)[^\d\n]{0,20}เลข(?:ที่)?\s*:?\s*(?P<short>\d{7,9})(?![\d,])",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"(?:กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงเทพ(?!ม)|กรุงศรี|ออมสิน|ธ\.?ก\.?ส\.?|อิสลาม|\b(?:scb|ktb|bbl|kbank|ttb|baac|gsb)\b)"
    r"[^\d\n]{0,20}(?P<n>\d(?:-?\d){9,14})(?![\d,])(?!\s*(?:บาท|ล้าน))",
    re.IGNORECASE,
)
_ACCOUNT_FORM = re.compile(r"(?<![\d-])\d{3}([- ])\d\1\d{5}\1\d(?![\d-])")
_PASSPORT = re.compile(
    r"(?:พาสปอร์ต|หนังสือ(?:เดินทาง|ผ่านแดน)|passport)[^\d\n]{0,25}?"
    r"(?P<n>(?<![a-z])(?:[a-z]{1,2}|[ก-ฮ]\.)[ -]?\d{6,9})(?!\d)"
    r"|(?<![A-Za-z0-9/-])(?P<bare>(?-i:[A-Z]{2})(?!25[4-8]\d)\d{7})(?![\w/-])",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:เกิด(?:วันที่|เมื่อ(?:วันที่)?)?|born|d\.?o\.?b\.?|birth)\s*[:：]?\s*(?:on )?"
    r"(?P<n>\d{1,2}(?:[-/. ]{1,3}\d{1,2}[-/. ]{1,3}|\s*[ก-๙.]{3,12}\s*(?:พ\.ศ\.\s*)?| [a-z]{3,9} )"
    r"(?P<year>\d{4}))(?!\d)",
    re.IGNORECASE,
)
_YEARS_OF_BIRTH = (range(2440, 2561), range(1897, 2018))
_CODE_BEFORE = re.compile(
    r"(?:รหัส(?!บัตร|ประจำ|ประชาชน|สมาชิก)\S*|เลขที่(?:โครงการ|สัญญา|หนังสือ|คำสั่ง|เอกสาร|คุมสัญญา)"
    r"|สัญญาเลขที่|เลขคุมสัญญา|ใบสั่งซื้อเลขที่|e-?gp|gfmis|\bpo|พัสดุ|ครุภัณฑ์|รุ่น|isbn|โฉนด(?:เลขที่)?)\s*:?\s*$",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^[A-Za-z](?=\d)|(?<=\d)[A-Za-z]$")  # digits of a code such as b0812345678a
_LETTERS_OF_PLATE = r"\d?[ก-ฮ]{2}"
# Units and abbreviations of two letters before a number, and months, which a year or a day follows.
_UNITS = "กม|กก|กล|ตร|ตม|มม|ซม|ชม|ลบ|รร|พศ|คศ|อบ|นร|นศ|ศพ|สพ|มอ|บช|งบ|จบ|คน|นส|ดช|ดญ|ปท"
_MONTHS = "มค|กพ|พค|กค|สค|กย|ตค|พย|ธค"


def find_numbers(text: str, *, code: bool = False) -> Spans:
    """Yield start, end and kind of each number, from left to right; they may overlap.

    Parameters
    ----------
    text : str
        Normalised text whose digits are 0-9 and whose dashes are ``-``.
    code : bool, default False
        The text is a code of an agency: letters before digits are then no passport, and digits
        between letters no telephone.

    Examples
    --------
    >>> list(find_numbers("โทร 081-234-5678"))
    [(4, 16, 'phone')]
    """
    found = [*_citizen_numbers(text), *_accounts(text), *_births(text), *_plates(text)]
    for pattern in (_PHONE, _PHONE_BY_WORD):
        for match in pattern.finditer(text):
            at = match.start("n") if pattern is _PHONE_BY_WORD else match.start()
            around = text[max(0, at - 1) : match.end() + 1]
            glued = code and text[at : match.end()].isdigit() and _GLUED.search(around)
            if not glued and not _is_code(text, at):
                found.append((at, match.end(), "phone"))
    for match in _PASSPORT.finditer(text):
        group = "n" if match["n"] else "bare"
        if group == "n" or not (code or _is_code(text, match.start())):
            found.append((*match.span(group), "passport"))
    order = (
        "thai_id", "thai_id_unchecked", "account", "phone", "passport", "vehicle_plate",
        "birth_date",
    )  # fmt: skip
    yield from sorted(
        dict.fromkeys(found), key=lambda span: (span[0], -span[1], order.index(span[2]))
    )


def _citizen_numbers(text: str) -> Spans:
    for match in _ID_WORD.finditer(text):
        digits = re.sub(r"\D", "", match["n"])
        yield *match.span("n"), "thai_id" if is_citizen_number(digits) else "thai_id_unchecked"
    for match in _ID.finditer(text):
        digits = re.sub(r"\D", "", match["n"])
        if is_citizen_number(digits):
            yield *match.span("n"), "thai_id"
        elif _AS_PRINTED.fullmatch(match["n"].replace(" - ", "-")) and not _is_code(
            text, match.start()
        ):
            yield *match.span("n"), "thai_id_unchecked"


def _accounts(text: str) -> Spans:
    for match in _ACCOUNT.finditer(text):
        yield *match.span("n" if match["n"] else "short"), "account"
    for match in _BANK.finditer(text):
        yield *match.span("n"), "account"
    for match in _ACCOUNT_FORM.finditer(text):
        yield *match.span(), "account"


def _births(text: str) -> Spans:
    for match in _BIRTH.finditer(text):
        if any(int(match["year"]) in years for years in _YEARS_OF_BIRTH):
            yield *match.span("n"), "birth_date"


def _plates(text: str) -> Spans:
    for match in _plate_pattern().finditer(text):
        group = "n" if match["n"] else "bare"
        if group == "bare" and not match["bare"][0].isdigit():
            number = int(match["number"])
            months = _MONTHS if number < 32 or 2440 <= number <= 2600 else "-"
            if re.match(f"(?:{_UNITS}|{months})", match["bare"]):
                continue
        yield *match.span(group), "vehicle_plate"


@cache
def _plate_pattern() -> re.Pattern[str]:
    """Return letters and digits after a word for a plate, or before the name of a province."""
    from evallib.places import register  # read only when a plate may stand there

    names = sorted(set(register()["province_th"]), key=lambda name: (-len(name), name))
    provinces = "|".join([*names, "กรุงเทพ", "กทม", "เบตง"])
    return re.compile(
        r"(?:ทะเบียน(?:รถ)?(?:เลขที่)?|ป้าย(?:ทะเบียน|แดง)?|จยย\.|มอเตอร์ไซค์|จักรยานยนต์)\s*:?\s*"
        rf"(?P<n>(?:\d?[ก-ฮ]{{1,3}}[ -]?\d{{1,4}}|\d{{2}}-\d{{4}})(?:\s*(?:{provinces}))?)(?![\d/])"
        rf"|(?<![ก-๎\d.])(?P<bare>{_LETTERS_OF_PLATE}[ -]?(?P<number>\d{{1,4}}) ?(?:{provinces}))(?![ก-๎])"  # noqa: E501
    )


def _is_code(text: str, start: int) -> bool:
    """Tell whether a word before the number says that it is the code of a thing."""
    return _CODE_BEFORE.search(text[max(0, start - 30) : start]) is not None
