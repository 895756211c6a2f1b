"""Rows that are told by their numbers, not their words: sums of others, numbers of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.files.grid import Cell, Factored, cell_text
from evallib.clean.reading.concepts import concepts_of
from evallib.clean.reading.sums import RowSigns, find_sums
from evallib.clean.sheets.headings import heading_unit
from evallib.clean.sheets.totals import TOTAL, read_addend, read_amount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.sheets.headers import Header

    Flags = NDArray[np.bool_]

FEWEST_ROWS = 2  # of which one can be the sum of the others
MOST_ROWS = 2_000  # beyond it words alone tell: exports of systems hold no sums between rows
FEWEST_COLUMNS, MOST_SKIPPED = 4, 1  # of a row that counts columns
NUMBERED_WITHIN = 3  # rows below the header
ADD_UP_TO_NOTHING = frozenset({"order", "year", "date", "code", "percent", "rank", "contractno"})
FEWEST_UNITS = 2
_UNIT = re.compile(r"[(\[]?(?:(?:ล้าน|แสน|พัน)?บาท|คน|ราย|ร้อยละ|%|ครัวเรือน|แห่ง|baht|thb)[)\]]?", re.I)
_CALLED_TOTAL = re.compile(r"(?:รวม|ยอดรวม|ทั้งสิ้น|(?:sub.?|grand )?total\b|sum\b)", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"^[\[(]?\s*([1-9]\d?)\s*[\])]?(?:\s*=.*)?$")


def tell_by_numbers(
    kinds: list[tuple[int, str, str]], columns: tuple[Factored, ...], header: Header, held: Flags
) -> list[tuple[int, str, str]]:
    """Return the kinds of rows with those that their numbers tell: sums, and numbers of columns.

    Parameters
    ----------
    kinds : list of (int, str, str)
        Position, kind and label of rows that words tell, ascending.
    columns : tuple of Factored
    header : Header
    held : numpy.ndarray of bool, shape (rows,)
        Rows below the header that hold anything.
    """
    known = {row: (kind, label) for row, kind, label in kinds}
    left = {"data", "header.total_rows"}
    rows = [r for r in np.flatnonzero(held).tolist() if known.get(r, ("data", ""))[0] in left]
    if not FEWEST_ROWS <= len(rows) <= MOST_ROWS:
        return kinds
    texts = _texts(columns, header)
    signs = [texts.signs(row) for row in rows]
    amounts = _amounts(columns, header, np.array(rows))
    for at in find_sums(amounts, signs) if amounts.shape[1] else ():
        if known.get(rows[at], ("data", ""))[0] == "data":
            known[rows[at]] = ("header.total_rows", texts.label(rows[at]))
    for row in rows[:NUMBERED_WITHIN]:
        cells = [column.cell(row) for column in columns]
        if _numbers_columns(cells) or _names_units(cells):
            known[row] = ("header.column_numbers", "")
    return [(row, kind, label) for row, (kind, label) in sorted(known.items())]


def _numbers_columns(cells: list[Cell]) -> bool:
    """Tell whether a row counts columns: (1), (2), (3) = (1) - (2), each where it stands."""
    written = [(c, cell_text(cell)) for c, cell in enumerate(cells) if cell is not None]
    found = [(c, int(m[1])) for c, text in written if (m := _COLUMN_NUMBER.match(text))]
    if len(found) < max(FEWEST_COLUMNS, 0.7 * len(written)):
        return False
    rising = all(later > earlier for (_, earlier), (_, later) in pairwise(found))
    steps = [number - c for c, number in found]
    return rising and max(steps) - min(steps) <= MOST_SKIPPED


def _names_units(cells: list[Cell]) -> bool:
    """Tell whether a row says in which unit each column is, and nothing else."""
    words = [cell_text(cell) for cell in cells if cell is not None]
    return len(words) >= FEWEST_UNITS and all(_UNIT.fullmatch(word) for word in words)


def _amounts(
    columns: tuple[Factored, ...], header: Header, rows: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the numbers of some rows in the columns that add up, NaN for all else."""
    found = []
    for column, parts in zip(columns, header.parts, strict=True):
        said = frozenset().union(*(concepts_of(part).said for part in parts))
        if said & ADD_UP_TO_NOTHING or any(heading_unit(part) == "ร้อยละ" for part in parts):
            continue
        read = [read_addend(cell) for cell in column.cells]
        numbers = np.array([np.nan if n is None else n for n in read] + [np.nan])[column.codes]
        if np.isfinite(numbers[rows]).mean() >= 0.5:
            found.append(numbers[rows])
    return np.array(found).T if found else np.empty((len(rows), 0))


@dataclass(frozen=True, slots=True)
class _Texts:
    """The words of rows: their labels, and what these say of a sum."""

    columns: tuple[Factored, ...]
    order: int | None
    title: int | None

    def label(self, row: int) -> str:
        return next(iter(self._words(row)), "")

    def signs(self, row: int) -> RowSigns:
        order = self.columns[self.order].cell(row) if self.order is not None else None
        title = self.columns[self.title].cell(row) if self.title is not None else None
        words = self._words(row)
        total = any(TOTAL.match(word) or _CALLED_TOTAL.match(word) for word in words)
        return RowSigns(
            says_total=total, numbered=read_amount(order) is not None,
            titled=isinstance(title, str) and not TOTAL.match(cell_text(title)),
        )  # fmt: skip

    def _words(self, row: int) -> list[str]:
        cells = [column.cell(row) for column in self.columns]
        return [cell_text(c) for c in cells if isinstance(c, str) and read_amount(c) is None]


def _texts(columns: tuple[Factored, ...], header: Header) -> _Texts:
    """Tell the column that counts rows, and the one of the longest words."""
    said = [frozenset().union(*(concepts_of(p).said for p in parts)) for parts in header.parts]
    order = next((c for c, s in enumerate(said) if s == {"order"}), None)
    lengths = [
        float(np.mean([len(cell) for cell in column.cells if isinstance(cell, str)] or [0]))
        for column in columns
    ]
    titled = [c for c, s in enumerate(said) if s & {"project", "item", "need"}] or range(len(said))
    return _Texts(columns, order, max(titled, key=lambda c: lengths[c], default=None))
