"""Grid: the cells of one sheet as they stand, before anyone asks which row is the header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Cell = object  # str, int, float, date, datetime or None; readers write booleans as text
Span = tuple[
    int, int, int, int
]  # first row, first column, last row, last column; from 0, inclusive


class Factored(NamedTuple):
    """One column as its distinct cells and which of them each row holds.

    ``codes``, int32 of shape (n,), are positions in ``cells``, object of shape (k,); -1: empty.
    """

    codes: NDArray[np.int32]
    cells: NDArray[np.object_]

    def take(self, rows: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return the cells of some rows, ``None`` where they are empty."""
        padded = np.append(self.cells, np.array([None], dtype=object))
        return padded[self.codes[rows]]

    def cell(self, row: int) -> Cell:
        """Return one cell."""
        code = self.codes[row]
        return None if code < 0 else self.cells[code]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet says about its cells.

    Parameters
    ----------
    hidden_columns : tuple of (int, int)
        First and last of each run of hidden columns, from 0, inclusive.
    hidden_rows : tuple of int
        Their numbers, from 1; 0 for a row that has no number of its own.
    uncalculated : int
        How many cells hold a formula without the value it had.
    first_cells : tuple of str
        The first of them.
    """

    hidden_columns: tuple[tuple[int, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    uncalculated: int = 0
    first_cells: tuple[str, ...] = ()


class Grid:
    """One sheet: ``rows[r][c]`` holds row ``r + 1`` of the sheet, empty cells are ``None``.

    A sheet repeats itself: the same few thousand cells stand in a hundred thousand rows. So it is
    also held by columns of distinct cells, of which whatever is asked is asked once.

    Parameters
    ----------
    name : str
        Name of the sheet; empty for files that have only one table.
    rows : list of list
        Cells; rows may differ in length. A merged area holds its value in its first cell.
    spans : tuple of Span
        Merged areas.
    marks : Marks
        What is hidden and what was never calculated, as far as the format tells.
    """

    __slots__ = ("_columns", "_rows", "marks", "name", "spans")

    def __init__(
        self,
        name: str,
        rows: Sequence[Sequence[Cell]],
        spans: tuple[Span, ...] = (),
        marks: Marks = Marks(),
    ) -> None:
        self.name = name
        self.spans = spans
        self.marks = marks
        self._rows: Sequence[Sequence[Cell]] | None = rows
        self._columns: tuple[Factored, ...] | None = None

    @classmethod
    def of_columns(
        cls,
        name: str,
        columns: tuple[Factored, ...],
        spans: tuple[Span, ...] = (),
        marks: Marks = Marks(),
    ) -> Grid:
        """Make a grid of columns of one length."""
        grid = cls(name, (), spans, marks)
        grid._rows, grid._columns = None, columns
        return grid

    @property
    def columns(self) -> tuple[Factored, ...]:
        """The columns, as many as the longest row has cells."""
        if self._columns is None:
            rows = self.rows
            width = max(map(len, rows), default=0)
            even = [
                row if len(row) == width else [*row, *[None] * (width - len(row))] for row in rows
            ]
            self._columns = tuple(map(factor, zip(*even, strict=True)))
        return self._columns

    @property
    def rows(self) -> Sequence[Sequence[Cell]]:
        """The rows from the top."""
        if self._rows is None:
            self._rows = self.head(len(self))
        return self._rows

    def head(self, n: int) -> Sequence[Sequence[Cell]]:
        """Return the first rows without making the others."""
        if self._rows is not None:
            return self._rows[:n]
        first = np.arange(min(n, len(self)))
        return list(zip(*(column.take(first) for column in self.columns), strict=True))

    def __len__(self) -> int:
        if self._rows is not None:
            return len(self._rows)
        return len(self.columns[0].codes) if self.columns else 0


def spans_within(spans: Iterable[Span], rows: int, columns: int) -> tuple[Span, ...]:
    """Return merged areas, sorted, as far as they lie in a sheet of that size.

    Merged areas do not overlap, so together they are no larger than the sheet; those of a file
    made by hand may be, and would be gone through cell by cell.

    Raises
    ------
    RefusedFile
        Together they are larger than the sheet.

    Examples
    --------
    >>> spans_within([(1, 0, 9, 1), (0, 5, 0, 6), (0, 0, 0, 1)], rows=3, columns=2)
    ((0, 0, 0, 1), (1, 0, 2, 1))
    """
    inside = sorted(
        (r0, c0, min(r1, rows - 1), min(c1, columns - 1))
        for r0, c0, r1, c1 in spans
        if 0 <= r0 <= r1 and 0 <= c0 <= c1 and r0 < rows and c0 < columns
    )
    if sum((r1 - r0 + 1) * (c1 - c0 + 1) for r0, c0, r1, c1 in inside) > rows * columns:
        raise RefusedFile("read.damaged", found="merged cells that overlap")
    return tuple(inside)


def factor(cells: Sequence[Cell]) -> Factored:
    """Return a column by its distinct cells, in order of appearance.

    Examples
    --------
    >>> factor(["ก", None, "ข", "ก"]).codes.tolist()
    [0, -1, 1, 0]
    """
    distinct = dict.fromkeys(cells)
    distinct.pop(None, None)
    index: dict[Cell, int] = dict(zip(distinct, range(len(distinct)), strict=True))
    index[None] = -1
    codes = np.fromiter(map(index.__getitem__, cells), dtype=np.int32, count=len(cells))
    held = np.empty(len(distinct), dtype=object)
    held[:] = list(distinct)
    return Factored(codes, held)


def cell_text(cell: Cell) -> str:
    r"""Return a cell as trimmed text with single spaces; ``""`` when it is empty.

    Examples
    --------
    >>> cell_text("  รวม\n ทั้งสิ้น "), cell_text(12.0), cell_text(None)
    ('รวม ทั้งสิ้น', '12', '')
    """
    if cell is None:
        return ""
    if type(cell) is str:
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(26), column_letters(16_383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
