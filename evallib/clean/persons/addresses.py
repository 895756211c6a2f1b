"""Where a person is found: mail and social accounts, the number of a house, a point on the map."""

from __future__ import annotations

import re
from collections.abc import Iterator

Spans = Iterator[tuple[int, int, str]]

_NUMBER = r"\d{1,4}[ก-ฮ]?(?: ?[/-] ?\d{1,4}|/[ก-ฮ](?![ก-๎]))*"
_HOUSE = re.compile(
    r"(?:บ้าน(?:หลัง)?เลขที่|ที่อยู่(?:ปัจจุบัน|ตาม\S*)?(?:เลขที่)?|(?:พัก|อาศัย)?อยู่(?:บ้าน)?เลขที่|เลขที่บ้าน"
    r"|ภูมิลำเนา|อาศัย(?:อยู่)?ที่|พัก(?:อยู่|อาศัย)(?:ที่)?|house no\.?|(?<![a-z])address)"
    rf"\s*:?\s*(?P<n>{_NUMBER})(?!\d|[.,]\d)(?!\s*(?:หลัง(?!คา)|ครัวเรือน|ราย|แห่ง|ป้าย|แผ่น|คน|ปี|เดือน|บาท|ครอบครัว))",
    re.IGNORECASE,
)
_REGISTERED = re.compile(r"รหัสประจำบ้าน\s*:?\s*(?P<n>\d{4}-?\d{6}-?\d)")
_SLASHED = re.compile(
    r"(?<![\d/.,+-])(?P<n>\d{1,4}/\d{1,3})(?![\d/])(?=,?\s*(?:(?:ม\.|หมู่(?:ที่)?|moo)\s*\d|(?:ถ\.|ถนน|ซ\.|ซอย)\s*[ก-ฮเ-ไ]))",
    re.IGNORECASE,
)
_NOT_A_HOUSE = re.compile(
    r"(?:ซอย|ซ\.|ถนน|สาย|ครั้งที่|กม\.?|ฉบับ|หนังสือ\S*|คำสั่ง\S*|ที่ [ก-ฮ]{2}|ชั้น|ม\.|ห้อง|แปลง|ระวาง)\s*$"
)
# A house number without a stroke stands right behind the person who lives there.
_AFTER_PERSON = re.compile(
    r"\[ปกปิด\],?\s*(?:อยู่\s*)?(?:เลขที่\s*)?(?P<n>\d{1,4}(?:/\d{1,3})?)(?=\s*(?:ม\.|หมู่(?:ที่)?)\s*\d+\s*(?:ต\.|ตำบล|บ\.|บ้าน))"
)
_DEGREE = r"\d{1,3}\.\d{4,}"
_BETWEEN = r"(?:\s*°?\s*[NE]?\s*[,;/ ]\s*(?:lon(?:gitude|g)?|lat(?:itude)?|ลอง(?:จิจูด|ติจูด)|ละติจูด)?\s*[:=]?\s*)"  # noqa: E501
_POINT = re.compile(
    rf"(?<![\d.])(?P<a>{_DEGREE}){_BETWEEN}(?P<b>{_DEGREE})(?:\s*°\s*[NE]?)?(?![\d.])"
    r"|(?<!\d)47 ?[NP] ?(?P<utm>\d{6}[ ,]+\d{6,7})(?!\d)",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"บ้าน(?=ผู้|ยาย|ตา|ลุง|ป้า|ครู|นาย|นาง|ยากจน|ยากไร้|ของ|พัก|เลขที่|\s*$|\s*[\d(:])|ที่พัก|ที่อยู่|อาศัย|ผู้ป่วย|คนพิการ|ผู้พิการ|ครัวเรือน|\[ปกปิด\]"
)
_WORKS = re.compile(
    r"โครงการ|ก่อสร้าง|ที่ตั้ง|ฝาย|บ่อ|สระ|ถนน|สะพาน|อาคาร|ศาลา|โรงเรียน|มัสยิด|วัด|ท่อ|คลอง|เริ่มต้น|สิ้นสุด|สถานี|เสา|ลาน|สวน"
)
_LATITUDES, _LONGITUDES = (5.0, 21.0), (97.0, 106.0)  # of Thailand


def find_houses(text: str) -> Spans:
    """Yield start, end and kind of each number of a house.

    Examples
    --------
    >>> text = "น้ำท่วมบ้านเลขที่ 45/2 ม.3"
    >>> [text[start:end] for start, end, _ in find_houses(text)]
    ['45/2']
    """
    found = [
        (*m.span("n"), "house_number") for p in (_HOUSE, _REGISTERED) for m in p.finditer(text)
    ]
    found += [
        (*m.span("n"), "house_number")
        for m in _SLASHED.finditer(text)
        if not _NOT_A_HOUSE.search(text[max(0, m.start() - 20) : m.start()])
    ]
    found += [(*m.span("n"), "house_number") for m in _AFTER_PERSON.finditer(text)]
    yield from sorted(dict.fromkeys(found), key=lambda span: (span[0], -span[1]))


def find_points(text: str, *, public: bool = False) -> Spans:
    """Yield start, end and kind of each pair of coordinates that may be a home.

    Parameters
    ----------
    text : str
        Normalised text.
    public : bool, default False
        The text is about works of an agency: points stay unless a word says that it is a home.
        Otherwise they go unless a word says that they are of works.

    Examples
    --------
    >>> list(find_points("บ้านผู้ป่วย 6.5412,101.2812"))
    [(12, 27, 'home_point')]
    >>> list(find_points("พิกัดฝาย 6.5412,101.2812"))
    []
    """
    for match in _POINT.finditer(text):
        if match["a"] and not _in_thailand(float(match["a"]), float(match["b"])):
            continue
        near = text[max(0, match.start() - 60) : match.start()]
        after = text[match.end() : match.end() + 25]
        home = _HOME.search(near) or _HOME.search(after)
        if home or not (public or _WORKS.search(near)):
            yield *match.span(), "home_point"


def _in_thailand(one: float, other: float) -> bool:
    low, high = sorted((one, other))
    return _LATITUDES[0] <= low <= _LATITUDES[1] and _LONGITUDES[0] <= high <= _LONGITUDES[1]


_DOMAIN = "(?:com|org|net|info|edu|gov|th|my|me|io|คอม)"
_AT = r"(?: ?@ ?| ?[\[({] ?(?:at|@) ?[\])}] ?| at | ?แอ[ทด] ?)"
_DOT = r"(?: ?\. ?| ?[\[({] ?(?:dot|\.) ?[\])}] ?| dot | ?ดอ[ทต] ?)"
_EMAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|[a-z0-9][a-z0-9._%+-]+{_AT}[a-z0-9-]+(?:{_DOT}[a-z0-9-]+){{0,3}}{_DOT}{_DOMAIN}(?![a-z0-9])",
    re.IGNORECASE,
)
_ACCOUNT_NAME = r"@?[a-z0-9][a-z0-9._-]{2,}"
_LINE = re.compile(
    r"(?:(?:(?<![a-z])line|ไลน์)\s*(?:id|ไอดี)|(?<![a-z])(?:id|ไอดี)\s*(?:line|ไลน์))\s*[:=]?\s*"
    rf"(?P<n>{_ACCOUNT_NAME})"
    rf"|(?:(?<![a-z])line\s*[:=]\s*|(?<!ออน)ไลน์\s*:?\s*)(?P<word>(?!(?:and|or|official|oa|group)\b)(?:@\d{{9,10}}|@?[a-z][a-z0-9._-]{{2,}}))"
    rf"|line\.me/\S{{0,8}}/(?P<link>\S+)"
    rf"|(?:เพิ่มเพื่อน|แอด)\s*(?P<friend>@{_ACCOUNT_NAME})",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?!อบต|อบจ|เทศบาล|ศูนย์|สำนัก|โรงเรียน|เพจ|กลุ่ม|ของ|และ|ชุมชน|ตำบล|หมู่บ้าน|อำเภอ|จังหวัด|ขาย|หรือ|ไม่)"
)
_SOCIAL = re.compile(
    r"(?:facebook|fb|instagram|tiktok)\.com/(?P<link>[^\s,;)]+)"
    r"|(?:(?<![a-z0-9])(?:facebook|fb|ig|instagram|tiktok|telegram)(?![a-z0-9])|เฟ[ซส](?:บุ๊ก|บุ๊ค|บุค)?(?![ก-๎]))\s*(?:ชื่อ\s*)?"
    r"(?::\s*(?P<named>[a-z@][\w.-]*(?: [A-Z][\w.-]+){0,2})"
    r"|(?P<word>@?(?!(?:and|or|page|live|shopee|lazada|line|facebook|tiktok|instagram|ads|shop)\b)[a-z][\w.-]+(?: (?-i:[A-Z])[\w.-]+){0,2}))"  # noqa: E501
    rf"|(?:facebook|(?<![a-z])fb|เฟ[ซส](?:บุ๊ก|บุ๊ค|บุค)?)\s*(?:ชื่อ\s*|:\s*| )(?P<thai>{_OFFICE}[ก-ฮเ-ไ][ก-๎]+ {_OFFICE}[ก-ฮเ-ไ][ก-๎]+)",  # noqa: E501
    re.IGNORECASE,
)


def find_contacts(text: str) -> Spans:
    """Yield start, end and kind of each address, from left to right.

    Parameters
    ----------
    text : str
        Normalised text.

    Examples
    --------
    >>> list(find_contacts("อีเมล fatin [at] example.com"))
    [(6, 28, 'email')]
    """
    found = [(*match.span(), "email") for match in _EMAIL.finditer(text)]
    for pattern, kind in ((_LINE, "line"), (_SOCIAL, "social_media")):
        found += [(*m.span(m.lastgroup or 0), kind) for m in pattern.finditer(text)]
    yield from sorted(dict.fromkeys(found), key=lambda span: (span[0], -span[1]))
