"""Repairs of Thai text that are probable, not certain: proposals for matching and for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.values.distinct_cells import Note, Reading, read_distinct
from evallib.thai.text import is_missing, normalise_thai
from evallib.thai.text_columns import as_column

__all__ = ["is_missing", "normalise_thai", "repair_thai"]

if TYPE_CHECKING:
    from evallib.findings import Finding
    from evallib.thai.text_columns import Cells

_THAI = re.compile("[ก-๛]")
_SCAN_TAIL = re.compile(  # "P." or several snippets; สาย A and รุ่น X2 stay
    r"(?<=[ก-๎)])\s+(?:[A-Z]\.|(?=[A-Z0-9 ]*[A-Z])[A-Z0-9]{1,3}(?:\s+[A-Z0-9]{1,3}){1,3}(?:\s+ๆ)?)$"
)
_WESTERN = re.compile("[\u00a1-\u00fb]{3,}")
_UTF8_AS_CP874 = re.compile(
    "(?:[เน][\u0e01-\u0e5b\u0080-\u009f\u2013-\u2026€\ufffd]){3,}|(?:เธ.|เน.){3,}"
)
# What betrays damage at a glance, for an engine without lookaround; `repair_thai` decides.
DAMAGED = (
    r"[\x{a1}-\x{fb}]{3,}|(?:เ[ธน].){3,}|\(cid:\d+\)"
    r"|(?:[ก-ฮ][\x{e31}\x{e34}-\x{e3a}\x{e47}-\x{e4e}]* ){6}"
)
_KEYS = re.compile(r"[!-~]{4,}(?: [!-~]+)*")
_C1 = {chr(byte): bytes([byte]) for byte in range(0x80, 0xA1)}


def repair_thai(values: Cells) -> tuple[pd.Series, list[Finding]]:
    """Propose the text behind damage that is recognised but cannot be mended with certainty.

    Recognised are vowels and tone marks that a PDF tool has moved or lost, the wrong keyboard
    layout, bytes read in the wrong encoding and the stray letters of a scan. Use the texts for
    matching against a register, or show them to a person; never write them in place of free text.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Texts; other cells and missing ones are passed on.

    Returns
    -------
    texts : pandas.Series of object, shape (n,)
        The proposal where there is one, else the text after `normalise_thai`; ``None`` where
        missing. Same index and name as ``values``.
    findings : list of Finding
        Warning, without any word of the text: ``text.pdf_order``, ``text.keyboard``,
        ``text.mojibake``, ``text.scan_tail`` (proposed), ``text.mojibake_lost``,
        ``text.letter_spaced`` (no proposal: letters are lost).

    See Also
    --------
    normalise_thai : Repairs that are certain.
    skeleton : A key for matching that such damage leaves alone.

    Examples
    --------
    >>> texts, findings = repair_thai(pd.Series(["จงัหวดัปตัตานี", "xy99kou", "»ÑµµÒ¹Õ"]))
    >>> texts.tolist()
    ['จังหวัดปัตตานี', 'ปัตตานี', 'ปัตตานี']
    >>> [f.code for f in findings]
    ['text.pdf_order', 'text.keyboard', 'text.mojibake']
    """
    values = as_column(values)
    column = read_distinct(values, _repair_cell)
    texts = column.spread(lambda text: text, "object", None)
    return pd.Series(texts, values.index, dtype="object", name=values.name), column.findings


def find_damaged(texts: list[str]) -> dict[str, str]:
    """Return texts that stand out as damaged, and the code of the finding that says in which way.

    A quick look at many texts: only what betrays itself is examined.

    Parameters
    ----------
    texts : list of str

    Returns
    -------
    dict of str to str
        Text -> code of `repair_thai`; in order of appearance.

    Examples
    --------
    >>> find_damaged(["ซ่อมถนน", "»ÑµµÒ¹Õ"])
    {'»ÑµµÒ¹Õ': 'text.mojibake'}
    """
    flags = pc.match_substring_regex(pa.array(texts, pa.large_string()), DAMAGED)
    suspects = [texts[i] for i in pc.indices_nonzero(flags).to_pylist()]
    if not suspects:
        return {}
    _, findings = repair_thai(pd.Series(suspects, dtype="object"))
    return {suspects[int(f.where)]: f.code for f in findings}


def _repair_cell(cell: Any) -> Reading:
    """Return the proposal for one distinct cell."""
    if is_missing(cell):
        return Reading(None)
    if not isinstance(cell, str):
        return Reading(cell)
    if encoded := _undo_encoding(cell):
        return encoded
    text = normalise_thai(cell)
    if not _THAI.search(text):
        typed = _undo_keyboard(text)
        return _proposal(typed, "text.keyboard") if typed else Reading(text)
    if _is_letter_spaced(text):
        return _proposal(text, "text.letter_spaced")
    code = ""
    if (tailless := _SCAN_TAIL.sub("", text)) != text:
        text, code = tailless, "text.scan_tail"
    from evallib.clean.values.spelling import respell  # a dictionary, only for this

    if respelt := respell(text):
        text, code = respelt, "text.pdf_order"
    return _proposal(text, code) if code else Reading(text)


def _proposal(text: str, code: str) -> Reading:
    return Reading(text, (Note(code, "warning", ""),))


def _undo_encoding(text: str) -> Reading | None:
    """Read bytes again that were read as Western text, or UTF-8 that was read as cp874."""
    if _WESTERN.search(text) and not _THAI.search(text):
        try:
            meant = text.encode("cp1252").decode("cp874")
        except UnicodeError:
            return None
        return _proposal(normalise_thai(meant), "text.mojibake")
    if _UTF8_AS_CP874.search(text) is None:
        return None
    try:
        meant = b"".join(_C1.get(c) or c.encode("cp874") for c in text).decode("utf-8")
    except UnicodeError:
        return _proposal(text, "text.mojibake_lost") if "\ufffd" in text else None
    return _proposal(normalise_thai(meant), "text.mojibake")


def _undo_keyboard(text: str) -> str | None:
    """Return what the same keys type in Thai, where that is made of known words only."""
    if not _KEYS.fullmatch(text) or text.isdigit():
        return None
    from pythainlp.util import eng_to_thai  # the layout of keys, only for this

    from evallib.clean.values.spelling import is_spelt  # as above

    meant = normalise_thai(eng_to_thai(text))
    return meant if is_spelt(meant) else None


def _is_letter_spaced(text: str) -> bool:
    """Tell whether most letters stand alone, as in a heading that a designer spread out."""
    pieces = text.split()
    lone = sum(len(re.sub("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", p)) == 1 for p in pieces)
    return len(pieces) >= 6 and lone >= 0.7 * len(pieces)
