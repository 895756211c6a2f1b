"""Answered cells put into the sheets of a file, where they still read as they were sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.clean.corrections.answers import Answer, written
from evallib.clean.files.grid import Factored, Grid
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.reading.beside import own_name
from evallib.clean.values.distinct_cells import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.files.grid import Cell, Span


def correct_cells(
    grids: Sequence[Grid], answers: Sequence[Answer]
) -> tuple[list[Grid], tuple[Answer, ...]]:
    """Put answered cells into the sheets of a file.

    A cell is replaced when its sheet, row and column are there and it still reads as the
    correction sheet says it was sent.

    Returns
    -------
    grids : list of Grid
        Those given are not changed.
    answers : tuple of Answer
        With ``state`` ``applied``, ``confirmed`` or ``stale``.
    """
    made = list(grids)
    places = [_sheet_of(made, answer) for answer in answers]
    before = [
        "" if at is None else written(_cell(made[at], a))
        for at, a in zip(places, answers, strict=True)
    ]
    clean, _ = scrub_identifiers(pd.Series(before, dtype="object"))
    settled = []
    for answer, at, was, raw in zip(answers, places, clean.tolist(), before, strict=True):
        if at is None or not _still_reads(answer.old, str(was), raw):
            settled.append(replace(answer, state="stale"))
        elif answer.new is None:
            settled.append(replace(answer, state="confirmed"))
        else:
            made[at] = _with_cell(made[at], answer)
            settled.append(replace(answer, state="applied"))
    return made, tuple(settled)


def _still_reads(old: str, scrubbed: str, raw: str) -> bool:
    return HIDDEN in old if HIDDEN in old and raw else old in {scrubbed, raw}


def _sheet_of(grids: Sequence[Grid], answer: Answer) -> int | None:
    """Return the position of the sheet that holds the answered cell, by its name as shown."""
    names, wanted = [grid.name for grid in grids], own_name(answer.sheet)
    if wanted not in names:
        names = [str(n) for n in scrub_identifiers(pd.Series(names, dtype="object"))[0]]
    if wanted not in names:
        return None
    at = names.index(wanted)
    inside = 0 < answer.row <= len(grids[at]) and answer.column < len(grids[at].columns)
    return at if inside else None


def _cell(grid: Grid, answer: Answer) -> Cell:
    """Return the answered cell; inside cells merged downwards, the text that stands for all."""
    span = _span_of(grid, answer)
    return grid.columns[answer.column].cell(span[0] if span else answer.row - 1)


def _span_of(grid: Grid, answer: Answer) -> Span | None:
    row = answer.row - 1
    return next(
        (s for s in grid.spans if s[0] <= row <= s[2] and s[1] == answer.column and s[2] > s[0]),
        None,
    )


def _with_cell(grid: Grid, answer: Answer) -> Grid:
    columns = list(grid.columns)
    codes, cells = columns[answer.column]
    codes = codes.copy()
    span = _span_of(grid, answer)
    if span is not None:  # what was merged is written out, so that one row of it can differ
        codes[span[0] : span[2] + 1] = codes[span[0]]
    codes[answer.row - 1] = len(cells)
    held = np.empty(len(cells) + 1, dtype=object)
    held[:-1] = cells
    held[-1] = answer.new
    columns[answer.column] = Factored(codes, held)
    spans = tuple(s for s in grid.spans if s != span)
    return Grid.of_columns(grid.name, tuple(columns), spans)
