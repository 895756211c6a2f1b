"""Identifiers that a word announces: the words of each kind with their abbreviations, and forms.

Whoever writes in a hurry shortens the word (บปช., PP., พก., ทบ., บ.ลท.), and separates the digits
as he likes. The word says what it is, so that the number may be written in any way. The quick pass
reads the same table (`quick_patterns`); therefore no word looks around itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evallib.thai.citizen_numbers import is_citizen_number

Spans = Iterator[tuple[int, int, str]]

BETWEEN_DIGITS = "[ ./_-]{0,3}"


class Announced(NamedTuple):
    """Words that announce a kind of identifier, and how it may be written behind them.

    Attributes
    ----------
    kind : str
        What is announced.
    words : str
        Words that are known wherever they stand, without looking around.
    short : str
        Abbreviations, that must stand apart.
    gap : str
        What may stand between word and identifier.
    form : str
        The identifier.
    """

    kind: str
    words: str
    short: str
    gap: str
    form: str


_NEAR = r"[^\da-zA-Z\n]{0,25}?"
_MARKS = r"[\s.:=(\"'“‘→>-]{0,6}"
_ACCOUNT = r"(?:@[a-z0-9][a-z0-9._-]{3,}|[a-z](?=[a-z0-9-]*[0-9._@])[a-z0-9._@-]*[a-z0-9])"
_HOUSE, _HOUSE_SLASHED = r"\d{1,4}(?:[/-]\d{1,4})?", r"\d{1,4}/\d{1,3}"
_SPLIT_CODE = r"\d{4}[ ./-]{1,3}\d{6}[ ./-]{1,3}\d"
TABLE = (
    Announced(
        "thai_id",
        "บปช|ปชช|ประชาชน|เลขบัตร|บัดปะชาชน|บัดประชาชน",
        "บัตร|บัด|ID|IC|citizen",
        _NEAR,
        rf"\d(?:{BETWEEN_DIGITS}\d){{12}}",
    ),
    Announced(
        "passport",
        "พา[สด](?:ปอ|พอ|สปอ)(?:ร์)?[ตดท]์?|หนังสือเดินทาง|[Pp]assport",
        "PP|P/P|PPT|Pp|พสป",
        r"(?:\s*(?:No|no|NO|เลขที่|เล่ม|เลข))?[\s.:=(\"'-]{0,6}",
        r"[A-Z]{1,2}[ .-]?\d(?:[ .-]?\d){5,8}",
    ),
    Announced(
        "phone",
        "โทร(?:ศัพท์)?|ทอสับ|ทอระสับ|โทสับ|เบอร์?|มือถือ|มถ\\.|[Cc]all|[Tt]el",
        "โท|ท|มถ|คอล",
        _NEAR,
        rf"[0oO]{BETWEEN_DIGITS}[2-9](?:{BETWEEN_DIGITS}[\doO]){{7,8}}",
    ),
    Announced(
        "account",
        "บัญชี|บ/ช|บชี|ธกส|ธ\\.ก\\.ส|ออมสิน|กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงศรี|อิสลาม|ทหารไทย",
        "บช|A/C|a/c|acc",
        r"[^\d\n]{0,25}?",
        r"\d{3}(?:[ ./-]{1,3}\d{1,2}[ ./-]{1,3}\d{5}[ ./-]{1,3}\d{1,3})",
    ),
    Announced(
        "house_number",
        r"บ\.? ?ลท|บ้านลท|บ้าน ?ลข|บ\. ?เลขที่|บลข",
        "บลท|ลท|HN|House|hse",
        _MARKS,
        _HOUSE,
    ),
    Announced("house_number", "", "บ", r"\.? ?\(?", _HOUSE_SLASHED),
    Announced(
        "house_number",
        "รหัส(?:ประจำ)?บ้าน|เลขรหัส|รหัส ?ทบ\\. ?บ้าน|ทะเบียนบ้าน|[Hh]ousehold (?:code|ID|no)|[Hh]ouse (?:code|ID)|ท\\.?ร\\.? ?14",  # noqa: E501
        "HH(?: code| ID)?|HC|รบ|รหัส",
        r"[^\d\n]{0,25}?",
        _SPLIT_CODE,
    ),
)
_BEFORE = r"(?<![ก-๎A-Za-z.])"
_AFTER = r"(?![\d,/]|\.\d)"
_PATTERNS = tuple(
    (
        row.kind,
        re.compile(
            f"(?:{row.words + '|' if row.words else ''}{_BEFORE}(?:{row.short}))"
            f"(?![ก-๎a-z]*์){row.gap}(?<![\\d,/-])(?P<n>{row.form}){_AFTER}"
        ),
    )
    for row in TABLE
)
_NOT_HOUSES = re.compile(
    r"\s*(?:หลัง(?!คา)|ครัวเรือน|ราย|แห่ง|ป้าย|แผ่น|คน|ลว|ลงวันที่|25\d\d)|(?<=/25\d\d)"
)
_PUBLIC = re.compile(r"(?:โฉนด|สัญญา|รหัสโครงการ|หนังสือ|ครุภัณฑ์)\S*\s*$")

# Line as it is heard and typed; an account has a digit, a dot or a stroke, which words have not.
_HEARD = r"(?<!ออน)(?<!ออฟ)(?:ไลน?[์้]?|ลายน?์?|(?<![ก-๎.])ล\.|(?<![a-zA-Z])[Ll]ine|LINE)"
_NO_WEB = r"(?!covid|line(?![a-z])|https?|www|\S*\.(?:com|th|org|net|pdf|docx?|xlsx?|jpe?g|png|mp4|go|ac)(?![a-z0-9]))"  # noqa: E501  # noqa: E501
_ON_LINE = re.compile(
    rf"{_HEARD}(?!่|ค์|มือ|ผ้า|ไทย|น้ำ|แทง|ปัก|เซ็น|ฉลุ|หิน|สัก|ผลิต)(?:[^\na-zA-Z0-9@]|(?<![a-z])(?:admin|id|ID|Id|add|name|acc|is|at)(?![a-z])){{0,30}}"
    rf"(?P<n>(?i:{_NO_WEB}(?=\S{{5}}){_ACCOUNT}))(?![A-Za-z0-9_@])"
    rf"|ไลน?[์้]?(?!่)[^\na-zA-Z0-9@]{{0,15}}(?P<dashed>(?i:{_NO_WEB}[a-z]{{3,}}-[a-z]{{2,}}))(?![A-Za-z0-9_@-])"
)


def find_announced(text: str) -> Spans:
    """Yield start, end and kind of each identifier that a word announces.

    Parameters
    ----------
    text : str
        Normalised text whose digits are 0-9 and whose dashes are ``-``.

    Examples
    --------
    >>> [kind for _, _, kind in find_announced("บ.ลท. 5/2 PP.K1234567 ไล้ abc.99")]
    ['house_number', 'passport', 'line']
    """
    found = [(*m.span(m.lastgroup or 0), "line") for m in _ON_LINE.finditer(text)]
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _PUBLIC.search(text[: match.start("n")][-24:]):
                continue
            if kind == "house_number" and _NOT_HOUSES.match(text, match.end()):
                continue
            found.append((*match.span("n"), _checked(kind, match["n"])))
    yield from sorted(set(found), key=lambda span: (span[0], -span[1]))


def _checked(kind: str, number: str) -> str:
    """Return the kind of a number, of which the check digit of a citizen number has a word."""
    right = kind != "thai_id" or is_citizen_number(re.sub(r"\D", "", number))
    return kind if right else "thai_id_unchecked"


def quick_patterns() -> tuple[str, ...]:
    r"""Return patterns of RE2 for raw text, one of which is in every text with such an identifier.

    Examples
    --------
    >>> any(re.search(pattern, "PP. K1234567") for pattern in quick_patterns())
    True
    """
    houses = [row for row in TABLE if row.form in (_HOUSE, _HOUSE_SLASHED)]
    numbers = [row for row in TABLE if row not in houses]
    digits = r"(?s:.*?)[0-9๐-๙oO](?:[\s./_–—-]*[0-9๐-๙oO]){5}"
    return (
        r"(?:ไล|ลาย|ล\.|(?i:line))(?s:.*?)[@A-Za-z][A-Za-z0-9]*[0-9._@-]",
        _begins(houses) + r"[\s.:=(\"'“‘→>–—-]*[0-9๐-๙]",
        _begins(numbers) + digits,
    )


def _begins(rows: list[Announced]) -> str:
    """Return the words and abbreviations of rows as a pattern for raw text."""
    words = "|".join(row.words for row in rows if row.words)
    short = "|".join(row.short for row in rows)
    pattern = f"(?:{words}|(?:^|[^ก-๎A-Za-z.])(?:{short}))"
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
