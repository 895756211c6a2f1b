"""Grid: the cells of one sheet as they stand, before anyone asks which row is the header."""

from __future__ import annotations

from dataclasses import dataclass, field

Cell = object  # str, int, float, bool, date, datetime or None
Span = tuple[
    int, int, int, int
]  # first row, first column, last row, last column; from 0, inclusive


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: ``rows[r][c]`` holds row ``r + 1`` of the sheet, empty cells are ``None``.

    Parameters
    ----------
    name : str
        Name of the sheet; empty for files that have only one table.
    rows : list of list
        Cells; rows may differ in length. A merged area holds its value in its first cell.
    spans : tuple of Span
        Merged areas.
    """

    name: str
    rows: list[list[Cell]]
    spans: tuple[Span, ...] = field(default=())


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
