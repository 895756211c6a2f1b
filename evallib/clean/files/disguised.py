"""Texts that show something else than they hold: hidden directions, letters of two alphabets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from evallib.clean.files.grid import Grid, column_letters
from evallib.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAMED = 8  # cells that a finding lists
_TOP = 60  # rows in which titles and headings stand
_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DIRECTIONS = re.compile(f"[{_MARKS}]")
_CONTROLS = re.compile(f"[{_MARKS}\0-\x1f\x7f]")
_LOOK_ALIKES = re.compile("[\u0370-\u03ff\u0400-\u052f]")  # Greek and Cyrillic
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_LETTERS = re.compile("[A-Za-z\u0e01-\u0e2e]")
_BAR = re.compile(r"\s*\|\s*")


def uncover(grids: Sequence[Grid], findings: Sequence[Finding]) -> tuple[list[Grid], list[Finding]]:
    r"""Return grids under names that show what they are, and findings on texts that do not.

    Cells are left as they are. Marks of direction can make 100 look like 001; a heading with one
    Greek or Cyrillic letter looks like a known one and is not. Names of sheets stand in every
    finding, so that marks and bars are taken out of them.

    Parameters
    ----------
    grids : sequence of Grid
        As a reader returns them.
    findings : sequence of Finding
        Of the reader; they name the sheets in the same way afterwards.

    Examples
    --------
    >>> grids, findings = uncover([Grid("ก\u202eข", [["ที่", "งบ\u202e001"], [1, "\u0441ode"]])], [])
    >>> grids[0].name, [(f.code, f.value) for f in findings]
    ('กข', [('read.directions', '2 (name, B1)'), ('read.look_alikes', '1 (B2)')])
    """
    shown = []
    told = [replace(f, where=_plain_name(f.where)) for f in findings]
    for grid in grids:
        name = _plain_name(grid.name)
        turned = ["name"] if _DIRECTIONS.search(grid.name) else []
        turned += _turned_cells(grid)
        alike = ["name"] if _is_mixed(grid.name) else []
        alike += [place for place, text in _top_texts(grid) if _is_mixed(text)]
        told += _told("read.directions", name, turned) + _told("read.look_alikes", name, alike)
        if name != grid.name:
            grid = Grid.of_columns(name, grid.columns, grid.spans, grid.marks)  # noqa: PLW2901
        shown.append(grid)
    return shown, told


def _plain_name(name: str) -> str:
    return _BAR.sub(" / ", _CONTROLS.sub("", name)) if name else name


def _turned_cells(grid: Grid) -> list[str]:
    """Return references of the cells that hold marks of direction, down each column."""
    found = []
    for c, column in enumerate(grid.columns):
        joined = "\n".join(_texts(column.cells.tolist()))
        if not any(mark in joined for mark in _MARKS):  # ten times as fast as one pattern
            continue
        hit = [
            isinstance(cell, str) and _DIRECTIONS.search(cell) is not None for cell in column.cells
        ]
        rows = np.flatnonzero(np.array([*hit, False])[column.codes])
        found += [f"{column_letters(c)}{row + 1}" for row in rows]
    return found


def _texts(cells: list[object]) -> list[str]:
    if set(map(type, cells)) == {str}:  # nearly always, and then nothing needs to be chosen
        return cast("list[str]", cells)
    return [cell for cell in cells if isinstance(cell, str)]


def _top_texts(grid: Grid) -> Iterator[tuple[str, str]]:
    for r, row in enumerate(grid.head(_TOP)):
        for c, cell in enumerate(row):
            if isinstance(cell, str) and not cell.isascii():
                yield f"{column_letters(c)}{r + 1}", cell


def _is_mixed(text: str) -> bool:
    """Tell whether a word mixes Greek or Cyrillic letters with Latin or Thai ones."""
    if not _LOOK_ALIKES.search(text):
        return False
    words = _WORD.findall(text)
    return any(_LOOK_ALIKES.search(word) and _OTHER_LETTERS.search(word) for word in words)


def _told(code: str, name: str, places: list[str]) -> list[Finding]:
    if not places:
        return []
    listed = ", ".join(places[:_NAMED]) + (", …" if len(places) > _NAMED else "")
    return [Finding(code, "warning", name, f"{len(places):,} ({listed})")]
