"""Tables that stand below one another in a sheet, each under headings of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.files.grid import Cell, Factored, Grid, cell_text
from evallib.clean.reading.concepts import LONGEST_HEADING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REPEATED = 0.8  # share of its cells by which a row repeats the first header
_NUMBER = re.compile(r"[0-9๐-๙]{2}")
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
    words = [
        np.array([_may_head(cell) for cell in column.cells] + [False]) for column in grid.columns
    ]
    likely = np.sum([w[c.codes] for w, c in zip(words, grid.columns, strict=True)], axis=0)
    filled = np.sum([column.codes >= 0 for column in grid.columns], axis=0)
    wide = (likely >= FEWEST_HEADINGS) & (likely >= (1 - MOST_OTHER) * filled)
    wide[: header_ends + 1] = False
    found = []
    for row in np.flatnonzero(wide).tolist():
        cells = [column.cell(row) for column in grid.columns]
        texts = [cell_text(cell) for cell in cells if cell is not None]
        if any(not isinstance(cell, str) for cell in cells if cell is not None):
            continue
        if len(headings.intersection(texts)) >= REPEATED * len(texts):
            continue
        if _enough(texts, is_heading):
            found.append(row)
    return found


def _enough(texts: list[str], is_heading: Callable[[str], bool]) -> bool:
    """Tell whether most texts head a column; the first that do not end the search."""
    others = 0
    for text in texts:
        others += not is_heading(text)
        if others > MOST_OTHER * len(texts):
            return False
    return len(texts) - others >= FEWEST_HEADINGS


def _may_head(cell: Cell) -> bool:
    """Tell at a glance whether a cell may head a column: it is short and holds no number."""
    return isinstance(cell, str) and len(cell) <= LONGEST_HEADING and not _NUMBER.search(cell)


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
