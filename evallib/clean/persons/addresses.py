"""Where a person lives: numbers of houses, and the codes that the register of houses gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator

Spans = Iterator[tuple[int, int, str]]

_NUMBER = r"(?!\d+/25[4-9]\d)\d{1,4}[ก-ฮ]?(?: ?(?:[/-]|ทับ) ?\d{1,4}|/[ก-ฮ](?![ก-๎]))*"
_COUNTED = r"(?!\s*(?:หลัง(?!คา)|ครัวเรือน|ราย|แห่ง|ป้าย|แผ่น|คน|ปี|เดือน|บาท|ครอบครัว|ห้อง|ต้น|ชุด|ไร่|วัน|เมตร|ม\.(?!\s?\d)|กม|ตัว|เส้น|จุด|ฉบับ|ล้าน|%))"  # noqa: E501
_AFTER_WORD = re.compile(
    r"(?:บ้าน(?:หลัง)?เลขที่|ที่อยู่(?:ปัจจุบัน|ตาม\S*)?(?:เลขที่)?|(?:พัก|อาศัย)?อยู่(?:บ้าน)?เลขที่|เลขที่บ้าน|บ้านหลังที่"
    r"|(?:ห้อง|ห้องเช่า|ห้องแถว|ตึกแถว|แฟลต|หอพัก|หลัง)เลขที่|ทะเบียนบ้าน(?:เลขที่|อยู่|ชื่ออยู่|ที่)?(?:เลขที่)?|สำมะโนครัว(?:เลขที่)?"
    r"|ภูมิลำเนา|อาศัย(?:อยู่)?ที่|พัก(?:อยู่|อาศัย)(?:ที่)?|house no\.?|(?<![a-z])address)"
    rf"\s*:?\s*(?P<n>{_NUMBER})(?!\d|[.,]\d){_COUNTED}",
    re.IGNORECASE,
)
_MOO = r"(?:ม\.|หมู่(?:ที่)?|moo|m\.)\s*\d"
_STREET = r"(?:ถ\.|ถนน|ซ\.|ซอย|ตรอก)\s*[ก-ฮเ-ไ\d]"
_SLASHED = re.compile(
    rf"(?<![\d/.,+-])(?P<n>\d{{1,4}}/\d{{1,3}})(?![\d/])(?=,?\s*(?:{_MOO}|{_STREET}|(?:บ\.|บ้าน|ชุมชน)\s?[ก-๎]{{2,20}},?\s*{_MOO}))",
    re.IGNORECASE,
)
# Houses of a list: one stroke among them says that all are houses, 5 ม.1, 5/1 ม.1, 17 ม.1.
_LIST = re.compile(
    r"(?<![\d/.,+-])\d{1,4}(?:/\d{1,3})? ?(?:ม\.|หมู่(?:ที่)?) ?\d{1,2}"
    r"(?:\s*(?:,|;|และ|กับ|กะ|\+)\s*\d{1,4}(?:/\d{1,3})? ?(?:ม\.|หมู่(?:ที่)?) ?\d{1,2}(?![\d.]))+"
)
_OF_LIST = re.compile(r"(?<![\d/.])(?P<n>\d{1,4}(?:/\d{1,3})?) ?(?:ม\.|หมู่)")
# In English the number stands before the lane or the road.
_ENGLISH = re.compile(
    r"(?<![\d/.,+-])(?P<n>\d{1,4}(?:/\d{1,3})?),? (?:Soi|SOI|Thanon|Trok|Lorong|Jalan) (?:[A-Z]|\d)"
    r"|(?<![\d/.,+-])(?P<road>\d{1,4}(?:/\d{1,3})?),? (?:[A-Z][a-z]+ ){1,2}(?:Rd|Road|St|Street|Lane)(?![a-z])"  # noqa: E501
)
# A number without a stroke and without a word before it: where somebody goes, moves or lives.
_PLAIN = re.compile(
    r"(?:จาก|ไป|(?:ไป|ดู|ส่ง|อยู่|อาศัย|ตั้ง|เกิดเหตุ)ที่|อยู่|(?<!หมู่)(?<!ซ่อม)(?<!สร้าง)บ้าน|ตรงข้าม)\s*"
    r"(?P<n>\d{2,4}|\d(?=[^,]{4,14}(?:ต\.|ตำบล|บ\.)))(?![\d/.,])\s*(?:ม\.\d{1,2}|หมู่(?:ที่)?\s*\d{1,2})(?![\d-])(?!\s*(?:ม\.|เมตร|กม|บ้าน|คน|คัน|หลัง|ราย|ครอบครัว|ครัวเรือน|แห่ง|ต้น|ไร่|ห้อง|ตัว|-))"
)
_HOME_SLASHED = re.compile(
    r"(?:(?<!หมู่)บ้าน(?!\S*(?:ครั้ง|เลขหนังสือ))|ตรงข้าม|ข้างบ้าน)\s*[\"'“(]?(?P<n>\d{1,4}/\d{1,3})(?![\d/])"
)
_WHOLE = re.compile(
    rf"(?<![ก-๎])(?:เลขที่|no\.?)\s*(?P<n>{_NUMBER})(?![\d/]|[.,]\d)(?=,?\s*(?:{_MOO}|{_STREET}|ต\.|ตำบล))"
    rf"|(?:หมู่(?:ที่)?|ม\.)\s*\d{{1,2}}\s*,?\s*(?<![ก-๎])(?:บ้าน)?เลขที่\s*(?P<behind>{_NUMBER})(?![\d/])"
    rf"|(?:อยู่(?:ที่)?|อาศัย|(?:^|[:,;(]))\s*(?P<plain>{_NUMBER})(?=\s*(?:ม\.|หมู่(?:ที่)?)\s*\d+,?\s*(?:ต\.|ตำบล|บ\.|บ้าน|อ\.))",
    re.IGNORECASE,
)
_NOT_A_HOUSE = re.compile(
    r"(?:ซอย|ซ\.|ถนน|สาย|ครั้งที่|กลุ่ม(?:ที่)?|ข้อ|งวด(?:ที่)?|มติ(?:ที่)?|ตาราง(?:ที่)?|รุ่น(?:ที่)?|โซน|กม\.?|ฉบับ|หนังสือ\S*|คำสั่ง\S*|ที่ [ก-ฮ]{2}|ชั้น|ม\.|ห้อง|แปลง|ระวาง|สัญญา\S*|ใบ\S*)\s*$"  # noqa: E501
)
# A house number without a stroke stands right behind the person who lives there.
_AFTER_PERSON = re.compile(
    r"\[ปกปิด\],?\s*(?:อยู่\s*)?(?:เลขที่\s*)?(?P<n>\d{1,4}(?:/\d{1,3})?)(?=\s*(?:ม\.|หมู่(?:ที่)?)\s*\d+\s*(?:ต\.|ตำบล|บ\.|บ้าน))"
)
_MORE = re.compile(
    rf"\s*(?:,|และ|กับ|หรือ|ถึง|/ )\s*(?:(?:บ้าน)?เลขที่\s*)?(?P<n>\d{{1,4}}(?:/\d{{1,3}})?)(?![\d./]|,\d){_COUNTED}"  # noqa: E501
)
_REGISTER = re.compile(
    r"(?:รหัส(?:ประจำ)?บ้าน|เลขประจำบ้าน|เลขรหัส(?:ประจำ)?|ทะเบียนบ้าน|ท\.?ร\.? ?14|house code|(?<![a-z])hc)(?:[^\d\n]|1[14](?!\d)){0,40}?"  # noqa: E501
    r"(?P<n>\d{4}[ -]{0,3}\d{6}[ -]{0,3}\d)(?![\d-])"
    r"|(?<![\d-])(?P<bare>[1-9]\d{3}-\d{6}-\d)(?![\d-])",
    re.IGNORECASE,
)
_MORE_CODES = re.compile(
    r"\s*(?:,|;|/|และ|กับ|หรือ|ถึง|\s)\s*(?P<n>\d{4}[ -]{0,3}\d{6}[ -]{0,3}\d)(?![\d-])"
)


def find_houses(text: str) -> Spans:
    """Yield start, end and kind of each number of a house, and of each code of one.

    Examples
    --------
    >>> text = "น้ำท่วมบ้านเลขที่ 45/2 และ 47 ม.3 รหัสบ้าน 9401-012345-6"
    >>> [text[start:end] for start, end, _ in find_houses(text)]
    ['45/2', '47', '9401-012345-6']
    """
    found: list[tuple[int, int]] = []
    for match in _REGISTER.finditer(text):
        found += _listed(text, match.span("n" if match["n"] else "bare"), _MORE_CODES)
    for match in _AFTER_WORD.finditer(text):
        found += _listed(text, match.span("n"), _MORE)
    found += [match.span(match.lastgroup or 0) for match in _ENGLISH.finditer(text)]
    for match in _LIST.finditer(text):
        if "/" in match[0]:
            found += [house.span("n") for house in _OF_LIST.finditer(text, *match.span())]
    for pattern in (_SLASHED, _HOME_SLASHED, _PLAIN, _WHOLE):
        for match in pattern.finditer(text):
            if not _NOT_A_HOUSE.search(text[max(0, match.start() - 20) : match.start()]):
                found += _listed(text, match.span(match.lastgroup or "n"), _MORE)
    found += [match.span("n") for match in _AFTER_PERSON.finditer(text)]
    for start, end in sorted(set(found), key=lambda span: (span[0], -span[1])):
        yield start, end, "house_number"


def _listed(text: str, first: tuple[int, int], more: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return a number and those that are joined to it by commas and by words such as และ."""
    spans = [first]
    while match := more.match(text, spans[-1][1]):
        spans.append(match.span("n"))
    return spans
