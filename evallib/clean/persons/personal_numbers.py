"""Numbers that belong to one person: citizen number, telephone, account, passport, birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from evallib.clean.persons.plates import find_plates
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
    r"|0 ?[- ] ?[689]\d{3} ?[- ] ?\d{4,5}|0 ?[- ] ?[689]\d ?[- ] ?\d{3} ?[- ] ?\d{4}"
    r"|0[689](?P<pairs>[-. ])\d\d(?:(?P=pairs)\d\d){3}"
    r"|0[689]\d? ?[- ] ?\d{2,3} ?[- ] ?\d{3} ?[- ] ?\d{2,3}(?<=\d)"
    r"|0[3-7]\d(?: ?[- ] ?)?\d{6}|0[3-7]\d ?[- ] ?\d{3} ?[- ] ?\d{3}"
    rf"|02{_SEP}\d{{3}}{_SEP}\d{{4}}|0[3-7] ?[- ] ?\d{{3}} ?[- ] ?\d{{4}}"
    r"|0 ?[- ] ?[2-7]\d{3} ?[- ] ?\d{4}|0(?: \d){8,9}|0(?:-\d){8,9}|0(?:\.\d){8,9}"
    r")(?!\d)(?P<more>(?:(?:-\d{1,2}(?!\d)|,? ?\d{6}(?!\d))*))(?:\s*(?:ต่อ|กด|ext\.?)\s*\d{1,5})?"
    r"|(?<![\d.])66[689]\d{8}(?!\d)|(?<![\d])(?:\+|00)(?!66)[1-9]\d{0,2}(?:[ ()-]{0,2}\d){8,11}(?!\d)"  # noqa: E501
    r"|(?<![\d.,/-])(?:60 ?|0)1[0-9] ?- ?\d{3,4} ?-? ?\d{4}(?!\d)",
    re.IGNORECASE,
)
_PHONE_BY_WORD = re.compile(
    r"(?:โทร(?:ศัพท์|สาร)?|เบอร์(?:โทร(?:ศัพท์)?)?|มือถือ|แฟกซ์|tel|phone|mobile|fax|whatsapp|ไลน์)"
    r"(?:บ้าน|ติดต่อ|สำรอง|ที่|ลูก(?:ชาย|สาว)?|แม่|พ่อ|ญาติ|มาเลย์|เก่า|ใหม่|คือ|เป็น){0,3}[^\dก-๙a-z]{0,6}"
    r"(?P<n>\+?\(?[\do](?:[ ().-]*\d){6,13})(?!\d)(?!\s*(?:บาท|ล้าน))",
    re.IGNORECASE,
)
# 1.08x 2.09x: telephones behind the numbers of a list; alone it might be a fraction.
_COUNTED = re.compile(r"(?<![\d.,/-])(?P<count>\d{1,2})[.)] ?(?P<n>0[2-9]\d{7,8})(?!\d)")
_CALL = re.compile("โทร|เบอร์|ติดต่อ|มือถือ")
_WHOLE_PHONE = re.compile(r"0[689]\d{8}|0[2-7]\d{7}")
# The next of a list of numbers: as long as the one before it, behind a word that joins or changes.
_JOINED = re.compile(
    r"\s*(?:[,/;&+]|->|→|และ|กับ|หรือ|(?:เปลี่ยน|แก้)?(?:ไป)?เป็น|ไป(?=\s)|เล่ม(?:ใหม่|ที่สอง|เก่า)|(?:เลข|เบอร์|บัญชี)ใหม่|อีก(?:เล่ม|เบอร์|บัญชี))?"
    r"\s*(?:เลข(?:ที่)?|เบอร์|บัญชี|คือ)?\s*(?P<n>(?:[A-Za-z]{1,2} ?|[ก-ฮ]\.)?\d(?:[ .-]?\d){5,14})(?![\d,]|\.\d)"  # noqa: E501
)
_DIGIT_WORD = "(?:ศูนย์|หนึ่ง|สอง|โท|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_SPELT = re.compile(rf"(?:ศูนย์|{_DIGIT_WORD}(?=[ -]?ศูนย์))(?:[ -]?{_DIGIT_WORD}){{7,12}}")
# The letter O where a nought stands: at the head of a telephone number or between its digits.
_LETTER_O = re.compile(
    r"(?<![A-Za-z])[oO](?=-?[2-9][\doO])|(?<=\d)[oO](?=[-\doO ])|(?<=\d[oO])[oO](?=\d)"
)
_ACCOUNT = re.compile(
    r"(?:บัญชี|บ/ช|บช\.|พร้อมเพย?์?|promptpay|สมุด(?:เงินฝาก|ธนาคาร)|วอลเล็[ตท]|true ?money|wallet|\ba/c|\bacc(?:t|ount)?(?![a-z])|book ?bank)"  # noqa: E501
    r"[^\d\n]{0,40}?(?P<n>\d(?:[ .-]{0,3}\d){8,14})(?![\d,])"
    r"|(?:บัญชี|บ/ช)[^\d\n]{0,20}เลข(?:ที่)?\s*:?\s*(?P<short>\d{7,9})(?![\d,])",
    re.IGNORECASE,
)
_ACCOUNT_AFTER = re.compile(
    r"(?<![\d.,/-])(?P<n>\d{10,12})(?![\d,/.-])(?=\s*(?:\(|ของ|เป็น\s*\d{10,12}|/\s*\d{10,12})?\s*(?:เลข(?:ที่)?)?บัญชี)"
)
_BANK = re.compile(
    r"(?:กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงเทพ(?!ม)|กรุงศรี|ออมสิน|ธ\.?ก\.?ส\.?|ธ\.?อ\.?ส\.?|อิสลาม|ทหารไทย|ธนชาต|ทีทีบี|ยูโอบี|เกียรตินาคิน|ซีไอเอ็มบี|เมย์แบงก์|ไอแบงก์|ธนาคาร|สหกรณ์ออมทรัพย์"
    r"|(?<![a-z])(?:scb|ktb|bbl|kbank|ttb|tmb|baac|gsb|ghb|uob|cimb|bay|ibank|kkp|lhb|maybank|krungthai|bsn|cimb)(?![a-z]))"
    r"[^\d\n]{0,25}(?P<n>\d(?:[ .-]?\d){9,14})(?![\d,])(?!\s*(?:บาท|ล้าน))",
    re.IGNORECASE,
)
_ACCOUNT_FORM = re.compile(r"(?<![\d.,/-])\d{3}([- .])\d\1\d{5}\1\d(?![\d-]|[.,/]\d)")
_PASSPORT = re.compile(
    r"(?:พาส(?:ปอ|พอ)(?:ร์)?[ตดท]์?|หนังสือ(?:เดินทาง|ผ่านแดน)|เล่มเดินทาง|บอร์เดอร์พาส|ใบผ่านแดน|passport|border pass|วีซ่า|visa|(?<![a-z])pp\s*(?:no\.?)?\s*:"  # noqa: E501
    r"|เมียนมา|พม่า|กัมพูชา|ลาว|อินโด(?:นีเซีย)?|โรฮิงญา|ต่างด้าว)[^\d\n]{0,30}?"
    r"(?P<n>(?<![a-z])(?:[a-z]{1,2}|[ก-ฮ]\.)[ -]?\d{6,9})(?!\d)"
    r"|(?:พาส(?:ปอ|พอ)(?:ร์)?[ตดท]์?|หนังสือ(?:เดินทาง|ผ่านแดน)|เล่มเดินทาง|บอร์เดอร์พาส|ใบผ่านแดน|passport|border pass)"  # noqa: E501
    r"[^\d\n,]{0,25}?(?P<digits>(?<![\d.,])\d{7,9})(?![\d,])"
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
    r"|สัญญาเลขที่|เลขคุมสัญญา|ใบสั่งซื้อเลขที่|e-?gp|gfmis|\bpo|พัสดุ|ครุภัณฑ์|รุ่น|isbn|โฉนด(?:เลขที่)?|บาร์โค้ด|barcode|imei|serial|s/n|เลขฎีกา|ฎีกา(?:เลขที่)?|ใบ(?:เสร็จ|แจ้งหนี้|กำกับ)\S*|invoice|tracking|เลขคำขอ)\s*:?\s*$",
    re.IGNORECASE,
)
_COMPANY = re.compile("ผู้เสียภาษี|นิติบุคคล|บริษัท|บจก|หจก|ห้างหุ้นส่วน|ภาษี|tax", re.IGNORECASE)
_GLUED = re.compile(r"^[A-Za-z](?=\d)|(?<=\d)[A-Za-z]$")  # digits of a code such as b0812345678a


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
    text = text if code else _LETTER_O.sub("0", text)
    offices = [*_numbers_of_offices(text)]
    found = [
        *_counted_telephones(text),
        *_citizen_numbers(text),
        *_accounts(text),
        *_births(text),
        *find_plates(text),
    ]
    found += [(*match.span(), "phone") for match in _SPELT.finditer(text)]
    for pattern in (_PHONE, _PHONE_BY_WORD):
        for match in pattern.finditer(text):
            at = match.start("n") if pattern is _PHONE_BY_WORD else match.start()
            around = text[max(0, at - 1) : match.end() + 1]
            if any(start <= at < end for start, end in offices):
                continue
            glued = code and text[at : match.end()].isdigit() and _GLUED.search(around)
            if not glued and not _is_code(text, at):
                found.append((at, match.end(), "phone"))
    for match in _PASSPORT.finditer(text):
        group = match.lastgroup or ""
        if group != "bare" or not (code or _is_code(text, match.start())):
            found.append((*match.span(group), "passport"))
    found += _next_of_lists(text, found)
    order = (
        "thai_id", "thai_id_unchecked", "account", "phone", "passport", "vehicle_plate",
        "birth_date",
    )  # fmt: skip
    yield from sorted(
        dict.fromkeys(found), key=lambda span: (span[0], -span[1], order.index(span[2]))
    )


def _counted_telephones(text: str) -> Spans:
    """Yield the telephones of a list that counts from one; one alone needs a word before it."""
    items = [*_COUNTED.finditer(text)]
    counts = [int(item["count"]) for item in items]
    joined = all(not text[one.end() : two.start()].strip(" ,;") for one, two in pairwise(items))
    told = joined or (items and _CALL.search(text[: items[0].start()]))
    if told and len(items) > 1 and counts == [*range(counts[0], counts[0] + len(items))]:
        for item in items:
            yield *item.span("n"), "phone"


def _next_of_lists(text: str, found: list[tuple[int, int, str]]) -> Spans:
    """Yield numbers that are joined to one that was found and look like it."""
    for start, first_end, kind in found:
        if kind not in ("account", "phone", "passport"):
            continue
        end, digits = first_end, sum(map(str.isdigit, text[start:first_end]))
        while match := _JOINED.match(text, end):
            number = re.sub(r"\D", "", match["n"])
            phone = _WHOLE_PHONE.fullmatch(number)
            if (kind == "phone" and not phone) or (kind != "phone" and len(number) != digits):
                break
            yield *match.span("n"), kind
            end = match.end("n")


def _citizen_numbers(text: str) -> Spans:
    for match in _ID_WORD.finditer(text):
        digits = re.sub(r"\D", "", match["n"])
        if _is_of_an_office(text, match.start(), digits):
            continue
        yield *match.span("n"), "thai_id" if is_citizen_number(digits) else "thai_id_unchecked"
    for match in _ID.finditer(text):
        digits = re.sub(r"\D", "", match["n"])
        if _is_of_an_office(text, match.start(), digits):
            continue
        if is_citizen_number(digits):
            yield *match.span("n"), "thai_id"
        elif _AS_PRINTED.fullmatch(match["n"].replace(" - ", "-")) and not _is_code(
            text, match.start()
        ):
            yield *match.span("n"), "thai_id_unchecked"


def _numbers_of_offices(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the tax numbers of agencies and companies stand."""
    for match in _ID.finditer(text):
        digits = re.sub(r"\D", "", match["n"])
        if len(digits) == 13 and _is_of_an_office(text, match.start(), digits):
            yield match.span("n")


def _is_of_an_office(text: str, start: int, digits: str) -> bool:
    """Tell whether 13 digits are the tax number of an agency or of a company, which begins with 0."""  # noqa: E501
    if not digits.startswith("0") or digits.startswith("00") or digits[5:7] == "89":
        return False
    return (
        digits.startswith("099")
        or _COMPANY.search(text[max(0, start - 40) : start + 20]) is not None
    )


def _accounts(text: str) -> Spans:
    for match in _ACCOUNT.finditer(text):
        yield *match.span("n" if match["n"] else "short"), "account"
    for match in _BANK.finditer(text):
        yield *match.span("n"), "account"
    for match in _ACCOUNT_AFTER.finditer(text):
        if not _is_code(text, match.start()):
            yield *match.span("n"), "account"
    for match in _ACCOUNT_FORM.finditer(text):
        yield *match.span(), "account"


def _births(text: str) -> Spans:
    for match in _BIRTH.finditer(text):
        if any(int(match["year"]) in years for years in _YEARS_OF_BIRTH):
            yield *match.span("n"), "birth_date"


def _is_code(text: str, start: int) -> bool:
    """Tell whether a word before the number says that it is the code of a thing."""
    return _CODE_BEFORE.search(text[max(0, start - 30) : start]) is not None
