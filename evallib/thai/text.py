"""Repairs of Thai text that are certain, and the ways in which a cell says that it is empty."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from evallib.thai.signs import THAI_DIGITS

MissingKind = Literal["", "blank", "mark", "none", "unstated", "status", "formula"]

# Fonts of the 1990s kept shifted copies of the marks in the private use area; each has one meaning.
_SHIFTED = dict(
    zip(
        range(0xF700, 0xF71B),
        "ฐ\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4cญ"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
# Superscripts, fractions and circled numbers stay: 10² written as 102 would be another number.
_HARMLESS_VARIANTS = ("<wide>", "<narrow>", "<noBreak>", "<font>")
_DIGITS = str.maketrans(THAI_DIGITS + "０１２３４５６７８９", "0123456789" * 2)

_VOWELS = "\u0e31\u0e34-\u0e3a\u0e47"  # above and below the line
_TONES = "\u0e48-\u0e4c"  # tone marks and thanthakhat stand above the vowel
_MARKS = re.compile(f"[{_VOWELS}\u0e48-\u0e4e]{{2,}}")
_MISORDERED_MARKS = f"[\u0e48-\u0e4e][{_VOWELS}\u0e48-\u0e4e]|[{_VOWELS}][{_VOWELS}\u0e4d\u0e4e]"
_MISORDERED = re.compile(_MISORDERED_MARKS)
_LONE_AA = re.compile(f"(?<=[ก-ฮ{_VOWELS}\u0e48-\u0e4d])(?<![ฤฦ])ๅ")
_APART = re.compile(f"\u0e4d([{_VOWELS}\u0e48-\u0e4e]{{0,8}})า")  # bounded, so linear
_TONE_BEHIND = re.compile(f"ำ([{_TONES}]+)")
_SPACE_BEFORE_YAMOK = re.compile(r"(?<=[ก-๎]) ?ๆ")
_YAMOK_BEFORE_WORD = re.compile(r"ๆ(?=[ก-ๅเ-์0-9๐-๙A-Za-z])")
# What needs no look: plain ASCII, Thai letters and marks, and the dashes and quotes of typesetters.
_PLAIN = "!-~ก-\u0e3a฿-\u0e5b–—“”‘’•"
# One search for anything that `_repair` could change. It holds no lookaround, so that the linear
# engine of pyarrow can run it over a whole column as well.
NEEDS_REPAIR = f"[^ {_PLAIN}]|  |^ | $|เเ|[ๅๆ\u0e4d]|ำ[{_TONES}]|{_MISORDERED_MARKS}"
_NEEDS_REPAIR = re.compile(NEEDS_REPAIR.replace("$", r"\Z"))
_UNUSUAL = re.compile(f"[^ {_PLAIN}]")
_SKELETON = re.compile(f"\\(cid:\\d+\\)|[{_VOWELS}\u0e48-\u0e4e\\s]|" + _INVISIBLE.pattern)

_DASHES = re.compile(r"[-‐-―−_.…·*/\\]+")
_FORMULA_ERROR = re.compile(r"#(?:n/a|ref!|value!|div/0!|name\?|num!|null!|spill!|calc!|#+)")
# No word, dash or formula below begins with one of these, and no repair takes a first letter away.
NEVER_MISSING = frozenset(
    "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธบปผฝพฟภมลวศษสหฬฮเแโใ0123456789abcdefghijklmopqrstuvwxyzABCDEFGHIJKLMOPQRSTUVWXYZ"
)
_MISSING_WORDS: dict[str, MissingKind] = {
    **dict.fromkeys(("n/a", "na", "n.a.", "nan", "nat", "none", "null", "<na>", "(ว่าง)"), "mark"),
    **dict.fromkeys(("ไม่มี", "ไม่มีข้อมูล", "ไม่พบข้อมูล", "ยังไม่มี", "ยังไม่มีข้อมูล"), "none"),
    **dict.fromkeys(
        ("ไม่ระบุ", "ไม่ได้ระบุ", "ไม่ทราบ", "ไม่ปรากฏ", "ไม่แน่ชัด", "รอข้อมูล"), "unstated"
    ),
    **dict.fromkeys(
        (
            "ยังไม่ได้รับจัดสรร", "ยังไม่ได้รับการจัดสรร", "ยังไม่ได้รับงบประมาณ", "รอจัดสรร", "รอการจัดสรร",
            "อยู่ระหว่างจัดสรร", "อยู่ระหว่างการจัดสรร", "อยู่ระหว่างดำเนินการ", "อยู่ระหว่างการดำเนินการ",
            "อยู่ระหว่างขออนุมัติ", "ยังไม่ได้รับอนุมัติ", "ยังไม่เบิกจ่าย", "ยังไม่ได้เบิกจ่าย",
        ),
        "status",
    ),
}  # fmt: skip


def normalise_thai(text: str) -> str:
    """Return the text after every repair that is certain.

    Marks that an eye cannot tell apart are written in one way: sara am in one character, the tone
    mark after the vowel, two sara e as sara ae, lakkhangyao after a consonant as sara aa, marks
    typed twice once. Zero-width characters, byte order marks and soft hyphens go; no-break and
    repeated spaces and line breaks become one space; full-width letters and digits become plain;
    mai yamok has one space before it. Vowels that a PDF tool has moved are not guessed at: compare
    such texts by their ``skeleton``.

    Parameters
    ----------
    text : str
        Any text, also without Thai.

    Returns
    -------
    str
        Normalising it again changes nothing.

    Notes
    -----
    Thai digits stay Thai (see ``thai_digits_to_arabic``). Compatibility normalisation (NFKC) as a
    whole is not applied: it takes sara am apart and turns 10² into 102.

    Examples
    --------
    >>> normalise_thai("เเผนงานท่ีดิน   นํ้าประปา จํานวน ๑๒ ต่างๆ")
    'แผนงานที่ดิน น้ำประปา จำนวน ๑๒ ต่าง ๆ'
    """
    while _NEEDS_REPAIR.search(text):
        repaired = _repair(text)
        if repaired == text:
            break
        text = repaired
    return text


def thai_digits_to_arabic(text: str) -> str:
    """Write Thai and full-width digits as 0-9; every character keeps its position.

    Examples
    --------
    >>> thai_digits_to_arabic("๑๒ คน ３４")
    '12 คน 34'
    """
    return text.translate(_DIGITS)


def skeleton(text: str) -> str:
    """Return the consonant skeleton: a key for matching, never a text to show.

    Upper and lower vowels, tone marks, spaces, invisible characters and the ``(cid:N)`` of PDF
    tools are dropped, and sara am becomes sara aa.

    Examples
    --------
    >>> skeleton("จงัหวดัปัตตานี") == skeleton("จังหวัด ปัตตานี"), skeleton("จํานวน") == skeleton("จ านวน")
    (True, True)
    """
    return _SKELETON.sub("", text).replace("ำ", "า")


def is_missing(text: object) -> bool:
    """Tell whether a cell says that nothing is there: blank, dash, ไม่ระบุ, n/a, #REF! and the like.

    Zero is a value. A word of status such as อยู่ระหว่างดำเนินการ counts as missing, for it stands
    where a value should stand; a column of statuses is read by ``parse_status`` instead.

    Parameters
    ----------
    text : object
        A cell; also ``None``, ``nan`` and ``NaT``.

    Examples
    --------
    >>> [is_missing(cell) for cell in ("-", "ไม่ระบุ", "ยังไม่ได้รับจัดสรร", "#REF!", None, "0", 0)]
    [True, True, True, True, True, False, False]
    """
    return missing_kind(text) != ""


def missing_kind(cell: object) -> MissingKind:
    """Return in which way a cell is missing, or ``""`` where it holds something.

    Returns
    -------
    {"", "blank", "mark", "none", "unstated", "status", "formula"}
        ``none``: the writer says that there is none; ``unstated``: there is one, but it is not
        written; ``status``: a status stands in its place; ``formula``: a broken formula.
    """
    if not isinstance(cell, str):
        return "blank" if cell is None or str(cell) == "<NA>" or _is_nan(cell) else ""
    if cell[:1] in NEVER_MISSING:
        return ""
    words = normalise_thai(cell).strip(" '\"").lower()
    if not words:
        return "blank"
    if _DASHES.fullmatch(words.replace(" ", "")):
        return "mark"
    if _FORMULA_ERROR.fullmatch(words):
        return "formula"
    return _MISSING_WORDS.get(words.strip("-–—() "), _MISSING_WORDS.get(words, ""))


def _is_nan(cell: object) -> bool:
    """Tell ``nan`` and ``NaT``, the only values that differ from themselves."""
    return bool(cell != cell)  # noqa: PLR0124  works for both without importing pandas here


def _repair(text: str) -> str:
    """Apply each repair once; a repair may make room for another, hence the caller's loop."""
    if _UNUSUAL.search(text):
        text = "".join(map(_plain, _INVISIBLE.sub("", text).translate(_SHIFTED)))
    text = unicodedata.normalize("NFC", text).replace("เเ", "แ")
    if "ๅ" in text:
        text = _LONE_AA.sub("า", text)
    if "\u0e4d" in text:
        text = _APART.sub("\\1ำ", text)
    if "ำ" in text:
        text = _TONE_BEHIND.sub("\\1ำ", text)
    text = " ".join(text.split())
    if "ๆ" in text:
        text = _YAMOK_BEFORE_WORD.sub("ๆ ", _SPACE_BEFORE_YAMOK.sub(" ๆ", text))
    if _MISORDERED.search(text):
        text = _MARKS.sub(_order_marks, text)
    return text.strip()


def _plain(character: str) -> str:
    """Return the plain form of a full-width, no-break or font variant."""
    if character == "…":
        return "..."
    if unicodedata.decomposition(character).startswith(_HARMLESS_VARIANTS):
        return unicodedata.normalize("NFKC", character)
    return character


def _order_marks(run: re.Match[str]) -> str:
    """Put vowels before tone marks and write each mark once."""
    marks = sorted(run[0], key=lambda mark: "\u0e48" <= mark <= "\u0e4c")
    return "".join(m for i, m in enumerate(marks) if i == 0 or m != marks[i - 1])
