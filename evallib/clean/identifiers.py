"""Remove what points to a person from free text, and say only what kind of thing was removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.clean.distinct import HIDDEN, Note, Reading, read_distinct
from evallib.clean.person_names import find_names
from evallib.clean.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from evallib.findings import Finding

Spans = Iterator[tuple[int, int, str]]

_SEP = r"(?: ?[-. ] ?)?"
_GROUPED_ID = r"\d ?[- ] ?\d{4} ?[- ] ?\d{5} ?[- ] ?\d{2} ?[- ] ?\d"
_ID = re.compile(
    rf"(?<![\d.,])(?<!\d-)(?:{_GROUPED_ID}|\d(?:-?\d){{12}}|\d(?: \d){{12}})(?!-?\d|[.,]\d)"
)
_PHONE = re.compile(
    r"(?<!\d)(?<!\d[-./,])(?:"
    rf"(?:\+ ?66|\(66\)|0066){_SEP}\(?0?\)?{_SEP}\d(?:{_SEP}\d){{7,8}}"
    rf"|0[689]\d{_SEP}\d{{3}}{_SEP}\d{{4}}|0[689]\d{_SEP}\d{{4}}{_SEP}\d{{3}}"
    r"|0[689]\d ?[- ] ?\d{7}|0[689] ?[- ] ?\d{4} ?[- ] ?\d{4}|0[689] ?[- ] ?\d{8}"
    r"|0 ?[- ] ?[689]\d{3} ?[- ] ?\d{4,5}"
    r"|0[3-7]\d(?: ?[- ] ?)?\d{6}|0[3-7]\d ?[- ] ?\d{3} ?[- ] ?\d{3}"
    rf"|02{_SEP}\d{{3}}{_SEP}\d{{4}}|0[3-7] ?[- ] ?\d{{3}} ?[- ] ?\d{{4}}"
    r"|0 ?[- ] ?[2-7]\d{3} ?[- ] ?\d{4}|0(?: \d){8,9}|0(?:-\d){8,9}"
    r")(?!\d)(?:-\d{1,2}(?!\d))?(?:\s*ต่อ\s*\d{1,5})?"
)
_PHONE_BY_WORD = re.compile(
    r"(?:โทร(?:ศัพท์|สาร)?|เบอร์(?:โทร(?:ศัพท์)?)?|มือถือ|แฟกซ์|tel|phone|mobile|fax|ไลน์)"
    r"[^\dก-๙a-z]{0,6}"
    r"(?P<n>\+?\(?\d(?:[ ().-]*\d){6,13})(?!\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[a-z0-9._%+-]+ ?@ ?[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_LINE = re.compile(
    r"(?:(?:line|ไลน์)\s*(?:id|ไอดี)|(?:id|ไอดี)\s*(?:line|ไลน์))\s*[:=]?\s*"
    r"(?P<n>@?[a-z0-9][a-z0-9._-]{2,})",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:บัญชี|บ/ช|พร้อมเพย์|promptpay|สมุดเงินฝาก)[^\d\n]{0,40}?(?P<n>\d(?:[ -]{0,3}\d){8,14})(?![\d,])",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?:บ้านเลขที่|ที่อยู่(?:เลขที่)?|(?:พัก|อาศัย)?อยู่(?:บ้าน)?เลขที่)\s*:?\s*"
    r"(?P<n>\d+[ก-ฮ]?(?: ?[/-] ?\d+)*)"
)
_CODE_BEFORE = re.compile(
    r"(?:รหัส(?!บัตร|ประจำตัว|ประชาชน)\S*|เลขที่(?:โครงการ|สัญญา|หนังสือ|คำสั่ง|เอกสาร|คุมสัญญา)"
    r"|สัญญาเลขที่|e-?gp|gfmis|พัสดุ|ครุภัณฑ์)\s*:?\s*$",
    re.IGNORECASE,
)


def scrub_identifiers(values: pd.Series) -> tuple[pd.Series, list[Finding]]:
    """Replace what points to a person by ``[ปกปิด]``.

    Removed are 13-digit citizen numbers, telephone numbers, e-mail addresses and Line accounts,
    bank accounts (digits after a word such as บัญชี), house numbers after บ้านเลขที่, and names
    with a title (นาย นาง นางสาว น.ส. ด.ช. ด.ญ., ranks, ดร. and the like): the title and the one or
    two words behind it. Titles of office such as นายอำเภอ and words such as มิถุนายน or เห็ดนางฟ้า
    stay. Thai digits, spaces and dashes inside numbers make no difference.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Free text; cells that are no text are written as text. The index is kept.

    Returns
    -------
    texts : pandas.Series of str, shape (n,)
        A text without identifiers is returned as it came; in the others the rest is normalised
        (see ``normalise_thai``).
    findings : list of Finding
        Warning ``identifier.removed``, one for each cell and kind; ``value`` is kind and number,
        such as ``phone 2``, never the text. Warning ``identifier.suspected`` where 13 digits were
        removed although their check digit is wrong.

    Notes
    -----
    A name without a title is not found. 13 digits or a telephone-like number after a word such as
    รหัสโครงการ or เลขที่สัญญา are a code and stay, unless 13 digits pass the check digit of citizen
    numbers.

    Examples
    --------
    >>> notes = pd.Series(["ติดต่อ นายสมมุติ ใจดี โทร ๐๘๑-๒๓๔๕๖๗๘", "มอบนายอำเภอติดตาม ภายในมิถุนายน 2565"])
    >>> texts, findings = scrub_identifiers(notes)
    >>> texts.tolist()
    ['ติดต่อ [ปกปิด] โทร [ปกปิด]', 'มอบนายอำเภอติดตาม ภายในมิถุนายน 2565']
    >>> [(f.code, f.where, f.value) for f in findings]
    [('identifier.removed', '0', 'name 1'), ('identifier.removed', '0', 'phone 1')]
    """
    column = read_distinct(values, _scrub_cell)
    texts = column.spread(str, "object", None)
    return pd.Series(texts, index=values.index, name=values.name, dtype="str"), column.findings


def is_citizen_number(digits: str) -> bool:
    """Tell whether 13 digits carry the check digit of a Thai citizen number.

    Examples
    --------
    >>> is_citizen_number("1234567890121"), is_citizen_number("1234567890123")
    (True, False)
    """
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(d) * weight for d, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def _scrub_cell(cell: Any) -> Reading:
    """Scrub one distinct cell."""
    whole = isinstance(cell, float) and cell.is_integer()
    original = str(int(cell)) if whole else str(cell)
    text, counts = normalise_thai(original), dict[str, int]()
    for find in (_emails, _numbers, _houses, _names):
        text = _hide(text, find, counts)
    if not counts:
        return Reading(original)
    notes = [
        Note("identifier.suspected", "warning", f"thai_id {n}")
        if kind == "thai_id_unchecked"
        else Note("identifier.removed", "warning", f"{kind} {n}")
        for kind, n in sorted(counts.items())
    ]
    return Reading(text, tuple(notes))


def _hide(text: str, find: Callable[[str], Spans], counts: dict[str, int]) -> str:
    """Replace each span and count it by kind; digits and dashes are folded one to one."""
    folded = re.sub("[‐-―−]", "-", thai_digits_to_arabic(text))
    parts, at = [], 0
    for start, end, kind in find(folded):
        if start < at:
            continue
        parts += [text[at:start], HIDDEN]
        counts[kind] = counts.get(kind, 0) + 1
        at = end
    return "".join([*parts, text[at:]])


def _emails(text: str) -> Spans:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end(), "email"


def _numbers(text: str) -> Spans:
    """Yield citizen numbers, accounts, telephones and Line accounts from left to right."""
    found: list[tuple[int, int, str]] = []
    for match in _ID.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_citizen_number(digits):
            found.append((match.start(), match.end(), "thai_id"))
        elif not _is_code(text, match.start()) and (
            "-" not in match[0] or match[0].count("-") == 4
        ):
            found.append((match.start(), match.end(), "thai_id_unchecked"))
    found += [(m.start("n"), m.end("n"), "account") for m in _ACCOUNT.finditer(text)]
    for pattern in (_PHONE, _PHONE_BY_WORD):
        for match in pattern.finditer(text):
            at = match.start("n") if pattern is _PHONE_BY_WORD else match.start()
            if not _is_code(text, at):
                found.append((at, match.end(), "phone"))
    found += [(m.start("n"), m.end("n"), "line") for m in _LINE.finditer(text)]
    order = ("thai_id", "thai_id_unchecked", "account", "phone", "line")
    yield from sorted(found, key=lambda span: (span[0], -span[1], order.index(span[2])))


def _houses(text: str) -> Spans:
    for match in _HOUSE.finditer(text):
        yield match.start("n"), match.end("n"), "house_number"


def _names(text: str) -> Spans:
    for start, end in find_names(text):
        yield start, end, "name"


def _is_code(text: str, start: int) -> bool:
    """Tell whether a word before the number says that it is the code of a thing."""
    return _CODE_BEFORE.search(text[max(0, start - 30) : start]) is not None
