"""What somebody hid in a sheet: hidden columns are left out, hidden rows kept, both reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.files.grid import Factored, Grid, cell_text, column_letters
from evallib.clean.forms.form import is_correction_page
from evallib.clean.sheets.headers import find_header
from evallib.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from evallib.clean.files.grid import Span

_NAMED = 8  # rows, columns or cells that a finding lists
_LONGEST = 60  # characters of a heading that a finding shows
_MACHINE = re.compile(r"[a-z][a-z0-9_:]*")  # "title_th", "evallib:projects:1:title_th"


def heed_marks(grids: Sequence[Grid]) -> tuple[list[Grid], list[Finding]]:
    """Return sheets as their sender saw them, and findings on what is hidden or has no value.

    Parameters
    ----------
    grids : sequence of Grid
        As the reader child hands them out. Not modified.
    """
    visible: list[Grid] = []
    findings: list[Finding] = []
    for grid in grids:
        findings += report_rows(grid, grid.marks.hidden_rows)
        hidden = columns_within(grid.marks.hidden_columns, len(grid.columns))
        shown, left_out = leave_out_columns(grid, hidden)
        visible.append(shown)
        findings += left_out
        findings += report_uncalculated(grid.name, grid.marks.uncalculated, grid.marks.first_cells)
    return visible, findings


def columns_within(runs: Sequence[tuple[int, int]], width: int) -> list[int]:
    """Return the columns that runs (first, last) cover, of those that a sheet of that width has.

    A file may name four billion columns, or a million runs over one another.

    Examples
    --------
    >>> columns_within([(1, 2), (2, 4_294_967_295)], 4)
    [1, 2, 3]
    """
    ends = np.array(runs, dtype=np.int64).reshape(-1, 2)
    ends = ends[ends[:, 0] <= ends[:, 1]]
    begins, after = ends[:, 0].clip(0, width), (ends[:, 1] + 1).clip(0, width)
    steps = np.bincount(begins, minlength=width + 1) - np.bincount(after, minlength=width + 1)
    depth = np.cumsum(steps)[:width]
    return [int(column) for column in np.flatnonzero(depth > 0)]


def leave_out_columns(grid: Grid, hidden: Collection[int]) -> tuple[Grid, list[Finding]]:
    """Return a grid without its hidden columns, and a finding where they held anything.

    A column that its sender hid, say last year's budget, is no part of what was reported. The
    finding names it, so that whoever meant it to count can show it and send the file again.

    Parameters
    ----------
    grid : Grid
        A sheet.
    hidden : collection of int
        Positions of its hidden columns, from 0; those beyond its width are nobody's.
    """
    columns = grid.columns
    gone = sorted(c for c in set(hidden) if 0 <= c < len(columns))
    if not gone or is_correction_page(grid):  # we hid them, and read them
        return grid, []
    kept = [c for c in range(len(columns)) if c not in set(gone)]
    header = find_header(grid)
    told = []
    for c in gone:
        filled = int((columns[c].codes[header.last + 1 if header else 0 :] >= 0).sum())
        if filled:
            heading = header.columns[c] if header and header.parts[c] else ""
            told.append(f"{column_letters(c)} {heading[:_LONGEST]}".strip() + f" ({filled:,})")
    shown = _show_merged(grid, columns, frozenset(gone))
    visible = Grid.of_columns(grid.name, tuple(shown[c] for c in kept), _narrow(grid.spans, kept))
    if not told:
        return visible, []
    return visible, [Finding("read.hidden_columns", "warning", grid.name, _listed(told))]


def report_rows(grid: Grid, hidden: Sequence[int]) -> list[Finding]:
    """Return a finding on hidden rows that hold data; they are kept, for nothing may be lost.

    A hidden row of canonical names alone, as our own forms have one, is not worth a word.

    Parameters
    ----------
    grid : Grid
        A sheet.
    hidden : sequence of int
        Numbers of its hidden rows, from 1; 0 for one whose number is not known.
    """
    numbers = np.array(sorted(set(hidden) - {0}), dtype=np.intp) - 1
    numbers = numbers[numbers < len(grid)]
    filled = np.zeros(len(numbers), dtype=bool)
    for column in grid.columns:
        filled |= column.codes[numbers] >= 0
    told = [str(r + 1) for r in numbers[filled] if not _is_machine_row(grid, int(r))]
    unknown = sum(number == 0 for number in hidden)
    if not told and not unknown:
        return []
    value = f"{len(told) + unknown:,} ({_listed([*told, *['?'] * unknown])})"
    return [Finding("read.hidden_rows", "warning", grid.name, value)]


def report_uncalculated(name: str, count: int, first: Sequence[str]) -> list[Finding]:
    """Return a finding on cells whose formula was never calculated, so that they have no value."""
    if not count:
        return []
    more = ", …" if count > len(first) else ""
    return [Finding("read.uncalculated", "warning", name, f"{count:,} ({', '.join(first)}{more})")]


def _show_merged(grid: Grid, columns: tuple[Factored, ...], gone: frozenset[int]) -> list[Factored]:
    """Move the text of a merged area whose first column is hidden to where it is seen."""
    shown = list(columns)
    for r0, c0, _, c1 in grid.spans:
        if c0 not in gone or c0 >= len(columns) or r0 >= len(grid):
            continue
        first = next((c for c in range(c0, min(c1, len(columns) - 1) + 1) if c not in gone), None)
        cell = columns[c0].cell(r0)
        if first is not None and cell is not None and shown[first].codes[r0] < 0:
            codes = shown[first].codes.copy()
            codes[r0] = len(shown[first].cells)
            one = np.empty(1, dtype=object)
            one[0] = cell
            shown[first] = Factored(codes, np.concatenate([shown[first].cells, one]))
    return shown


def _narrow(spans: Sequence[Span], kept: list[int]) -> tuple[Span, ...]:
    """Return merged areas in the positions that are left."""
    narrowed = []
    for r0, c0, r1, c1 in spans:
        inside = np.searchsorted(kept, [c0, c1 + 1]).tolist()
        if inside[0] < inside[1] and (r1 > r0 or inside[1] - inside[0] > 1):
            narrowed.append((r0, inside[0], r1, inside[1] - 1))
    return tuple(narrowed)


def _is_machine_row(grid: Grid, row: int) -> bool:
    cells = [cell for column in grid.columns if (cell := column.cell(row)) is not None]
    return all(_MACHINE.fullmatch(cell_text(cell)) for cell in cells)


def _listed(told: Sequence[str]) -> str:
    return ", ".join(told[:_NAMED]) + (", …" if len(told) > _NAMED else "")
