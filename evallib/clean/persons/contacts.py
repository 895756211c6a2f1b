"""Where a person is reached: addresses of mail, accounts of Line and of other networks."""

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
_NO_ACCOUNT = (
    r"(?!(?:and|or|official|oa|group|notify|man|today|app|application|bot|pay|open|chat|call|shop|shopping|of|is|in|to"
    r"|the|page|live|shopee|lazada|line|facebook|fb|ig|tiktok|instagram|telegram|whatsapp|messenger|youtube|google|zoom|email|ads"
    r"|id|sms|web|website|www|http|https|qr|code|hdpe|pvc|otop|sme|post|video|graph|pipe|size)(?![a-z0-9_]))"
)
_NO_FILE = r"(?!covid|\S*\.(?:pdf|docx?|xlsx?|pptx?|csv|jpe?g|png|mp4|zip|com|th)(?![a-z0-9]))"
_NAME = rf"(?P<n>{_NO_ACCOUNT}{_ACCOUNT_NAME})"
_THAI_LINE = r"(?:(?<!ออน)(?<!ออฟ)(?:ไลน์?|ลายน์?)|ไล(?=\s*(?:ไอดี|id)))"
_SAID = r"(?:\s*[:=@\"'“‘(]|\s|มา|ที่|ได้|ว่า|คือ|ชื่อ|หา|ไป|ของ(?:ร้าน|เขา|ผม|ฉัน|หนู)?|ส่วนตัว|ร้าน|เบอร์|นี้|นะ){0,6}"  # noqa: E501
_LINE_WORD = rf"(?:(?<![a-z])line|{_THAI_LINE})"
_ID_WORD = r"(?:id|ไอดี|ไอ\.?ดี)"
_THAI_GAP = r"[^\na-z0-9@]"  # no letter that an account could begin with
_LINE = re.compile(
    rf"(?:{_LINE_WORD}(?:กลุ่ม|ส่วนตัว|ร้าน|ผม)?\s*[.:=_-]?\s*{_ID_WORD}(?![a-z])|(?<![a-z]){_ID_WORD}\s*[.:]?\s*{_LINE_WORD}|ไอดี(?=\s*[:=]))"
    rf"{_THAI_GAP}{{0,40}}{_NAME}"
    rf"|(?:{_THAI_LINE}|line\s*[:=]){_SAID}(?P<word>{_NO_ACCOUNT}(?:@\d{{9,10}}|@?[a-z][a-z0-9._-]{{2,}}))"
    rf"|(?<![a-z])line{_SAID}(?P<latin>{_NO_ACCOUNT}@?[a-z][a-z-]*[0-9._][a-z0-9._-]+)"
    rf"|(?<![a-z0-9@._-])(?P<before>{_NO_ACCOUNT}{_NO_FILE}(?=[a-z0-9-]*[0-9._])[a-z][a-z0-9]*[0-9._-][a-z0-9._-]*[a-z0-9])"
    rf"\s*\(?\s*(?:คือ|เป็น|ทาง|นี่|นี้|นะ(?:ครับ|คะ)?)?\s*\(?(?:{_ID_WORD}\s*)?(?:{_THAI_LINE}|line(?![a-z/.]))(?!\s*(?:{_ID_WORD})?\s*[:@]?\s*[a-z0-9])"
    rf"|line\.me/\S{{0,8}}/(?P<link>\S+)"
    rf"|(?:เพิ่มเพื่อน|แอด|ทัก)(?:มา|ได้|ที่|ไป|หา|\s)*(?P<friend>@{_ACCOUNT_NAME}|{_NO_ACCOUNT}[a-z][a-z.-]*[0-9_][a-z0-9._-]*)"
    r"|(?<![a-z0-9@._])(?P<handle>@[a-z][a-z0-9._-]{3,})",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?!อบต|อบจ|เทศบาล|ศูนย์|สำนัก|โรงเรียน|เพจ|กลุ่ม|ของ|และ|ชุมชน|ตำบล|หมู่บ้าน|อำเภอ|จังหวัด|ขาย|หรือ|ไม่)"
)
_NETWORK = (
    r"(?:(?<![a-z0-9])(?:facebook|fb|ig|instagram|tik ?tok|telegram|wechat|whatsapp|messenger|twitter)(?![a-z0-9])"  # noqa: E501
    r"|เฟ[ซส](?:บุ๊ก|บุ๊ค|บุค)?(?![ก-๎])|ไอจี|อินสตาแกรม|ทิ๊กต๊อก|ติ[๊๋]?ก ?ต[๊็]?อ[กค]|ทวิตเตอร์|เทเลแกรม|วีแชท)"
)
_SOCIAL = re.compile(
    r"(?:facebook|fb|instagram|tiktok|twitter|t)\.(?:com|me)/(?P<link>[^\s,;)]+)"
    rf"|{_NETWORK}\s*(?:ชื่อ\s*|id\s*|ไอดี\s*|คือ\s*)?"
    r"(?::\s*(?P<named>[a-z@][\w.-]*(?: [A-Z][\w.-]+){0,2})"
    rf"|[\"'“(]?(?P<word>{_NO_ACCOUNT}@?{_NO_ACCOUNT}[a-z][\w.-]+(?: (?-i:[A-Z])[\w.-]+){{0,2}}))"
    rf"|(?:facebook|(?<![a-z])fb|เฟ[ซส](?:บุ๊ก|บุ๊ค|บุค)?)\s*(?:ชื่อ\s*|:\s*| )(?P<thai>{_OFFICE}[ก-ฮเ-ไ][ก-๎]+ {_OFFICE}[ก-ฮเ-ไ][ก-๎]+)",  # noqa: E501
    re.IGNORECASE | re.ASCII,
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
    >>> [kind for _, _, kind in find_contacts("แอดไลน์มาได้ที่fatin_99นะคะ")]
    ['line']
    """
    found = [(*match.span(), "email") for match in _EMAIL.finditer(text)]
    for pattern, kind in ((_LINE, "line"), (_SOCIAL, "social_media")):
        found += [(*m.span(m.lastgroup or 0), kind) for m in pattern.finditer(text)]
    yield from sorted(dict.fromkeys(found), key=lambda span: (span[0], -span[1]))
