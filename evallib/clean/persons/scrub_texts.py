"""Remove what points to a person from free text, and say only what kind of thing was removed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from evallib.clean.persons.addresses import find_houses
from evallib.clean.persons.announced import find_announced
from evallib.clean.persons.contacts import find_contacts
from evallib.clean.persons.names.of_kin import find_kin
from evallib.clean.persons.names.with_titles import find_names
from evallib.clean.persons.names.without_titles import find_expected
from evallib.clean.persons.personal_numbers import find_numbers
from evallib.clean.persons.points import find_points
from evallib.clean.persons.suspects import may_identify
from evallib.clean.values.distinct_cells import HIDDEN, Note
from evallib.findings import Finding
from evallib.thai.citizen_numbers import is_citizen_number
from evallib.thai.text import normalise_thai
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.thai.text_columns import Cells

Spans = Iterator[tuple[int, int, str]]
Subject = Literal["text", "works", "code"]
__all__ = ["is_citizen_number", "scrub_identifiers"]
# Every decimal digit of every script, and what looks like a dash: folded one to one.
_PLAIN = {
    number: str(unicodedata.decimal(chr(number)))
    for number in range(128, 0x1FBFA)
    if unicodedata.decimal(chr(number), None) is not None
} | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")


def scrub_identifiers(values: Cells, *, of: Subject = "text") -> tuple[pd.Series, list[Finding]]:
    """Replace what points to a person by ``[ปกปิด]``.

    Removed are citizen numbers, passports, telephone numbers, addresses of e-mail, accounts of Line
    and of other networks, bank accounts, plates of vehicles, numbers and codes of houses, points on
    the map and links to them, dates of birth, and names of persons: behind a title, a rank, a
    faith's or a village's office, a word of kinship, or where a name is expected (ติดต่อ, ลงชื่อ,
    ผู้ประสานงาน, ...). Titles of office such as นายอำเภอ and words such as มิถุนายน or เห็ดนางฟ้า stay.
    Digits of any script, spaces, dashes and invisible characters inside numbers make no difference.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Free text; cells that are no text are written as text. The index is kept.
    of : {"text", "works", "code"}, default "text"
        What the column is about. In words about ``works`` of an agency, coordinates stay unless a
        word says that they are a home; in a column of an agency's codes, letters before digits
        are no passport.

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
    A name without a title is found only where one is expected, and indirect identification ("the
    only baker of the village") cannot be found by rule. 13 digits or a telephone-like number after
    a word such as รหัสโครงการ or เลขที่สัญญา are a code and stay, unless 13 digits pass the check
    digit of citizen numbers; tax numbers of agencies and companies, which begin with 0, stay. What
    stands behind a word of kinship or office goes if the lexicons know it as a name, or if it is no
    word. A public thing that is called after somebody, such as a road, keeps its
    name. Only texts that `may_identify` flags are searched.

    Examples
    --------
    >>> notes = pd.Series(["ติดต่อ นายสมมุติ ใจดี โทร ๐๘๑-๒๓๔๕๖๗๘", "มอบนายอำเภอติดตาม ภายในมิถุนายน 2565"])
    >>> texts, findings = scrub_identifiers(notes)
    >>> texts.tolist()
    ['ติดต่อ [ปกปิด] โทร [ปกปิด]', 'มอบนายอำเภอติดตาม ภายในมิถุนายน 2565']
    >>> [(f.code, f.where, f.value) for f in findings]
    [('identifier.removed', '0', 'name 1'), ('identifier.removed', '0', 'phone 1')]
    """
    values = as_column(values)
    which, cells = pd.factorize(_as_text(values), use_na_sentinel=True)
    suspects = np.flatnonzero(may_identify(list(cells)))
    notes: dict[int, tuple[Note, ...]] = {}
    texts = np.array([*cells, None], dtype="object")
    for at in suspects.tolist():
        texts[at], notes[at] = _scrub_text(cells[at], of)
    findings = []
    if notes:
        noted = np.zeros(len(texts), dtype="bool")
        noted[[at for at, found in notes.items() if found]] = True
        findings = [
            Finding(note.code, note.severity, str(values.index[row]), str(note.value))
            for row in np.flatnonzero(noted[which]).tolist()
            for note in notes[int(which[row])]
        ]
    return pd.Series(texts[which], index=values.index, name=values.name, dtype="str"), findings


def _as_text(values: pd.Series) -> NDArray[Any]:
    """Return cells as text; a whole number that came as a fraction is written without its point."""
    cells = values.astype("object").to_numpy()
    if all(type(cell) is str for cell in cells):
        return cells
    return np.array([_cell_text(cell) for cell in cells], dtype="object")


def _cell_text(cell: Any) -> str | None:
    if isinstance(cell, str) or cell is None or pd.isna(cell):
        return cell if isinstance(cell, str) else None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _scrub_text(original: str, of: Subject) -> tuple[str, tuple[Note, ...]]:
    """Scrub one distinct text."""
    text, counts = normalise_thai(original), dict[str, int]()
    finders = (
        find_contacts, find_announced, partial(find_numbers, code=of == "code"),
        partial(find_points, public=of == "works"), _names, _expected, _kin, _expected, find_houses,
    )  # fmt: skip
    for find in finders:
        text = _hide(text, find, counts)
    if not counts:
        return original, ()
    notes = [
        Note("identifier.suspected", "warning", f"thai_id {n}")
        if kind == "thai_id_unchecked"
        else Note("identifier.removed", "warning", f"{kind} {n}")
        for kind, n in sorted(counts.items())
    ]
    return text, tuple(notes)


def _hide(text: str, find: Callable[[str], Spans], counts: dict[str, int]) -> str:
    """Replace each span and count it by kind; digits and dashes are folded one to one."""
    folded = text if text.isascii() else text.translate(_PLAIN)
    parts, at = [], 0
    for start, end, kind in find(folded):
        if start < at:
            continue
        parts += [text[at:start], HIDDEN]
        counts[kind] = counts.get(kind, 0) + 1
        at = end
    return "".join([*parts, text[at:]])


def _names(text: str) -> Spans:
    for start, end in find_names(text):
        yield start, end, "name"


def _kin(text: str) -> Spans:
    for start, end in find_kin(text):
        yield start, end, "name"


def _expected(text: str) -> Spans:
    for start, end in find_expected(text):
        yield start, end, "name"
