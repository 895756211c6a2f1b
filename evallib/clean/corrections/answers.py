"""Correction sheets that came back: which cell of which file, what it was and what it should be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.files.grid import cell_text
from evallib.clean.forms.form import CORRECTIONS, is_correction_page, read_mark
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.values.dates import parse_thai_dates
from evallib.findings import Finding, Where
from evallib.tables.ids import hashed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evallib.clean.files.grid import Cell, Grid

# Columns of the page of items, by what its hidden canonical row calls them.
KEYS = ("sha256", "sheet", "row", "column", "name", "old", "file", "heading")
ANSWER, CONFIRMED = "answer", "confirmed"
UNIT, ISSUED, ANSWERED = "unit", "issued_on", "answered_on"
_HASH = re.compile(r"[0-9a-f]{64}")
_NO_DAY = date(1970, 1, 1)  # of a sheet whose cover was lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an agency says about one cell that it sent.

    Parameters
    ----------
    sha256 : str
        Hash of the file that holds the cell.
    file, sheet, heading : str
        Where it stands, as findings name it.
    row, column : int
        Its row from 1 and its column from 0, as the file is read.
    name : str
        Canonical name of the column.
    old, shown : str
        The cell as it was sent and the new one, without identifiers.
    new : Cell
        The new one as it was typed; None when the old one was confirmed.
    who : str
        Agency that answers.
    when : date
        Day of the answer: as the sheet states it, else the day on which the sheet was made.
    source, source_row : str, int
        Correction sheet and its row.
    state : {"", "applied", "confirmed", "stale", "superseded", "refused"}
        What became of it; empty before it was replayed.
    """

    sha256: str
    file: str
    sheet: str
    heading: str
    row: int
    column: int
    name: str
    old: str
    new: Cell
    shown: str
    who: str
    when: date
    source: str
    source_row: int
    state: str = ""

    @property
    def target(self) -> tuple[str, str, int, int]:
        """What is answered: file by hash, sheet, row and column."""
        return self.sha256, self.sheet, self.row, self.column

    @property
    def where(self) -> Where:
        """Place of the answered cell."""
        return Where(self.file, self.sheet, self.row, self.heading)

    @property
    def correction_id(self) -> str:
        """Key in the log."""
        return hashed("C-", 12, [f"{self.source}|{self.source_row}"])[0]


def is_correction_workbook(grids: Iterable[Grid]) -> bool:
    """Tell whether a workbook is one of our correction sheets, whatever its name."""
    return any(map(is_correction_page, grids))


def read_answers(grids: Sequence[Grid], source: str) -> tuple[list[Answer], list[Finding]]:
    """Return the answers of a correction workbook; lines that nobody filled in are none.

    Parameters
    ----------
    grids : sequence of Grid
        Its sheets.
    source : str
        The file, as findings name it.

    Returns
    -------
    answers : list of Answer
    findings : list of Finding
        ``correction.refused`` (warning) for an answer whose hidden keys were damaged,
        ``correction.undated`` (info), ``correction.sheet_ignored`` (warning) for a sheet that is
        not ours.
    """
    cover = _cover(grids)
    findings: list[Finding] = []
    when, undated = _day(cover)
    lines: list[tuple[Grid, int, dict[str, Cell]]] = []
    for grid in grids:
        lines += [(grid, r, line) for r, line in _lines(grid)]
        if not is_correction_page(grid) and not _is_ours(grid) and len(grid):
            findings.append(
                Finding("correction.sheet_ignored", "warning", Where(source, grid.name))
            )
    filled = [x for x in lines if x[2].get(ANSWER) is not None or _said_yes(x[2])]
    shown = _scrubbed([x[2].get(ANSWER) for x in filled])
    old = _scrubbed([x[2].get("old") for x in filled])
    answers = []
    for (grid, r, line), new, before in zip(filled, shown, old, strict=True):
        keys = {key: cell_text(line.get(key)) for key in KEYS}
        if (
            not _HASH.fullmatch(keys["sha256"])
            or not _whole(keys["row"])
            or not _whole(keys["column"])
        ):
            where = Where(source, grid.name, r + 1, keys["heading"])
            findings.append(Finding("correction.refused", "warning", where))
            continue
        answers.append(
            Answer(
                sha256=keys["sha256"], file=keys["file"], sheet=keys["sheet"],
                heading=keys["heading"], row=int(keys["row"]), column=int(keys["column"]),
                name=keys["name"], old=before, new=line.get(ANSWER), shown=new or before,
                who=cell_text(cover.get(UNIT)), when=when, source=source, source_row=r + 1,
            )
        )  # fmt: skip
    if undated and answers:
        findings.append(Finding("correction.undated", "info", source, when.isoformat()))
    return answers, findings


def written(cell: Cell) -> str:
    """Return a cell as a person would type it.

    Examples
    --------
    >>> written(date(2022, 6, 30)), written(250000.0), written(None)
    ('30/6/2565', '250000', '')
    """
    if isinstance(cell, date):
        return f"{cell.day}/{cell.month}/{cell.year + 543 if cell.year < 2400 else cell.year}"
    return cell_text(cell)


def _cover(grids: Sequence[Grid]) -> dict[str, Cell]:
    """Return what the cover says: each marked cell with the one to its right."""
    said: dict[str, Cell] = {}
    for grid in grids:
        for row in grid.head(80):
            mark = read_mark(row[0]) if row else None
            if (
                mark is not None
                and mark.page == CORRECTIONS
                and mark.column in {UNIT, ISSUED, ANSWERED}
            ):
                said[mark.column] = next((cell for cell in row[2:] if cell is not None), None)
    return said


def _day(cover: dict[str, Cell]) -> tuple[date, bool]:
    """Return the day of the answers, and whether it is that on which the sheet was made."""
    said = [cover.get(ANSWERED), cover.get(ISSUED)]
    stated, _ = parse_thai_dates(pd.Series(said, dtype="object"))
    days = [None if pd.isna(day) else day.date() for day in stated]
    return days[0] or days[1] or _NO_DAY, days[0] is None


def _lines(grid: Grid) -> Iterable[tuple[int, dict[str, Cell]]]:
    """Yield the lines below the canonical row of a page of items, by the names of its columns."""
    names: dict[int, str] = {}
    for r, row in enumerate(grid.rows):
        if not names:
            marks = {c: mark for c, cell in enumerate(row) if (mark := read_mark(cell)) is not None}
            if any(m.page == CORRECTIONS and m.column == ANSWER for m in marks.values()):
                names = {c: mark.column for c, mark in marks.items()}
            continue
        yield r, {name: row[c] for c, name in names.items() if c < len(row)}


def _is_ours(grid: Grid) -> bool:
    return any(read_mark(cell) is not None for row in grid.head(80) for cell in row)


def _said_yes(line: dict[str, Cell]) -> bool:
    return cell_text(line.get(CONFIRMED)) in {"ใช่", "yes"}


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8


def _scrubbed(cells: Sequence[Cell]) -> list[str]:
    """Return cells as text without identifiers; numbers that Excel knows as such stay."""
    texts = pd.Series([written(cell) for cell in cells], dtype="object")
    clean, _ = scrub_identifiers(texts)
    return [str(text) for text in clean]
