"""Tables that stand below one another in a sheet, each under headings of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.files.grid import Cell, Factored, Grid, cell_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FEWEST_HEADINGS = 3  # of a row that begins another table
MOST_OTHER = 0.34  # share of its cells that may be no heading that is known


def tables_below(
    grid: Grid, header_ends: int, headings: set[str], is_heading: Callable[[str], bool]
) -> list[int]:
    """Return the rows below a header that begin another table with other headings.

    Parameters
    ----------
    grid : Grid
    header_ends : int
        Last row of the first header.
    headings : set of str
        Texts of the first header: a row that repeats them begins nothing.
    is_heading : callable
        Tells whether a text is one that heads a column.

    Returns
    -------
    list of int
        Positions, ascending.
    """
    known: dict[Cell, bool] = {}
    words = [
        np.array([known.setdefault(c, _heads(c, is_heading)) for c in column.cells] + [False])
        for column in grid.columns
    ]
    heads = np.sum([w[column.codes] for w, column in zip(words, grid.columns, strict=True)], axis=0)
    filled = np.sum([column.codes >= 0 for column in grid.columns], axis=0)
    found = []
    for row in np.flatnonzero(heads >= FEWEST_HEADINGS).tolist():
        if row <= header_ends or heads[row] < (1 - MOST_OTHER) * filled[row]:
            continue
        cells = [column.cell(row) for column in grid.columns]
        texts = [cell_text(cell) for cell in cells if cell is not None]
        numbers = any(not isinstance(cell, str) for cell in cells if cell is not None)
        if not numbers and len(headings.intersection(texts)) < 0.8 * len(texts):
            found.append(row)
    return found


def _heads(cell: Cell, is_heading: Callable[[str], bool]) -> bool:
    return isinstance(cell, str) and is_heading(cell_text(cell))


def without_rows(grid: Grid, first: int, last: int, titles: Sequence[int] = ()) -> Grid:
    """Return a grid whose cells outside of some rows are empty, so that rows keep their numbers.

    Parameters
    ----------
    grid : Grid
    first, last : int
        The rows that are kept, the last one excluded.
    titles : sequence of int
        Further rows that are kept.
    """
    kept = np.zeros(len(grid), dtype=bool)
    kept[first:last] = True
    kept[list(titles)] = True
    columns = tuple(Factored(np.where(kept, c.codes, -1), c.cells) for c in grid.columns)
    spans = tuple(span for span in grid.spans if kept[span[0]] and kept[span[2]])
    return Grid.of_columns(grid.name, columns, spans, grid.marks)
