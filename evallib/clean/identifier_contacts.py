"""Addresses of e-mail and accounts of Line, Facebook and the like, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

Spans = Iterator[tuple[int, int, str]]

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
