"""Read submitted files into sheets: a frame below a flattened header, and the titles above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from evallib.clean.files.child import read_in_child
from evallib.clean.files.grid import Grid
from evallib.clean.reading.below import tables_below, without_rows
from evallib.clean.reading.beside import BESIDE, tables_beside
from evallib.clean.reading.cells import holds_statuses
from evallib.clean.reading.turns import results_in_turn
from evallib.clean.sheets.body import Body, read_body
from evallib.clean.sheets.filled_forms import find_form_header, without_our_pages
from evallib.clean.sheets.headers import Header, distinct_headings, find_header
from evallib.clean.sheets.headings import (
    Heading,
    SubmissionKind,
    is_heading,
    match_headings,
    recognise_kind,
)
from evallib.clean.sheets.hidden import heed_marks
from evallib.errors import RefusedFile
from evallib.findings import Finding, Where
from evallib.thai.file_names import shown_name

SECTION = "section"
_NAMED_ROWS = 8  # row numbers that a finding lists


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a submitted file.

    Parameters
    ----------
    source : str
        The file, as findings name it.
    name : str
        Name of the sheet; empty for files that hold only one table.
    titles : tuple of str
        Text above the header, one for each row.
    frame : pandas.DataFrame, shape (n, k)
        Data rows of dtype object under flattened headings (``"parent | child"``); the index is the
        row number in the sheet, from 1. A column ``section`` stands last when the sheet has
        section rows.
    findings : tuple of Finding
        What was left out and what does not add up; ``where`` is
        ``<source> | <sheet> | <row> | <column>``.
    places : tuple of int
        Column of the sheet, from 0, that each column of ``frame`` but ``section`` stands in.
    kind : str, optional
        Kind of submission; told from the headings when left out.
    headings : tuple of Heading, optional
        What each column but ``section`` stands for in a submission of that kind, found once.
    """

    source: str
    name: str
    titles: tuple[str, ...]
    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    places: tuple[int, ...] = ()
    kind: SubmissionKind = ""  # type: ignore[assignment]  # __post_init__ fills it
    headings: tuple[Heading, ...] = ()

    def __post_init__(self) -> None:
        """Look at the headings, unless whoever makes the sheet has."""
        names = tuple(str(c) for c in self.frame.columns if c != SECTION)
        object.__setattr__(self, "kind", str(self.kind) or recognise_kind(names))
        headings = self.headings or self._by_cells(match_headings(names, self.kind))
        object.__setattr__(self, "headings", headings)

    def _by_cells(self, headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
        """Let a column of results that holds words be the status, where no other column is."""
        if any(h.canonical == "status" for h in headings):
            return headings
        results = [h for h in headings if h.canonical == "physical_pct"]
        told = next((h for h in results if holds_statuses(self.frame[h.column].tolist())), None)
        return tuple(replace(h, canonical="status") if h is told else h for h in headings)

    def column_of(self, name: str) -> str | None:
        """Return the first heading that stands for a canonical column, or None."""
        return next((h.column for h in self.headings if h.canonical == name), None)


def read_sheets(path: str | Path, *, source: str | None = None) -> list[Sheet]:
    r"""Read every table of a file, whatever its extension says.

    Parameters
    ----------
    path : path
        Workbook (xlsx, xls, xlsb, ods), HTML table or delimited text.
    source : str, optional
        Name of the file in findings; its own name by default.

    Returns
    -------
    list of Sheet
        In the order of the file; sheets without a table are left out with a finding on the first.

    Raises
    ------
    RefusedFile
        The file is empty, damaged, protected by a password, larger than the limits, or no table.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "needs.csv"
    >>> _ = file.write_text("ลำดับที่,ตำบล,ความต้องการ\n1,ตาชี,ถนน\n", encoding="cp874")
    >>> read_sheets(file)[0].frame.loc[2].tolist()
    ['1', 'ตาชี', 'ถนน']
    """
    file = Path(path)
    if not file.is_file():
        raise RefusedFile("read.no_file", found=file.name)
    grids, noticed = read_in_child(file)
    shown, hidden = heed_marks(grids)
    return sheets_of(
        shown, [*noticed, *hidden], shown_name(file.name) if source is None else source
    )


def sheets_of(grids: list[Grid], findings: list[Finding], name: str) -> list[Sheet]:
    """Return the tables of a file whose cells were read; ``name`` is the file in findings.

    Raises
    ------
    RefusedFile
        None of the sheets holds a table.
    """
    sheets: list[Sheet] = []
    floating: tuple[str, ...] = ()  # texts of tables that hold only titles
    for grid in without_our_pages(grids):
        header = find_form_header(grid)
        parts = [(grid, header)] if header else _below(grid)
        if not parts:
            floating += _all_text(grid)
            findings += _no_header(grid)
            continue
        for part, header in parts:
            sheets += _beside(part, header, name, floating)
    if not sheets:
        raise RefusedFile("read.no_header", found=name)
    placed = [replace(f, where=str(Where(name, f.where))) for f in findings]
    sheets[0] = replace(sheets[0], findings=(*placed, *sheets[0].findings))
    return sheets


def _below(grid: Grid) -> list[tuple[Grid, Header]]:
    """Return the tables that stand below one another, each with its header; none without one."""
    header = find_header(grid)
    if header is None:
        return []
    headings = {part for parts in header.parts for part in parts}
    begins, headers = [0], [header]
    for row in tables_below(grid, header.last, headings, is_heading):
        own = find_header(_from(grid, header, row, len(grid)), after=row)
        if own is not None and own.first >= row:  # else its rows stay with the table above
            begins.append(row)
            headers.append(own)
    if len(begins) == 1:
        return [(grid, header)]
    ends = [*begins[1:], len(grid)]
    return [
        (_from(grid, header, begin, end), own)
        for begin, end, own in zip(begins, ends, headers, strict=True)
    ]


def _from(grid: Grid, header: Header, begin: int, end: int) -> Grid:
    """Return one of several tables, under the titles that stand above the first."""
    return without_rows(grid, begin, end, titles=range(header.first))


def _beside(grid: Grid, header: Header, source: str, floating: tuple[str, ...]) -> list[Sheet]:
    """Return the sheets of tables beside one another, each in its own place."""
    found = []
    for number, (at, part, own) in enumerate(_tables(grid, header), start=1):
        sheet = _to_sheet(part, own, source)
        named = sheet.name if number == 1 else f"{sheet.name}{BESIDE}{number}"
        places = tuple(c + at for c in sheet.places)
        found.append(replace(sheet, name=named, titles=floating + own.titles, places=places))
    return found


def _tables(grid: Grid, header: Header) -> list[tuple[int, Grid, Header]]:
    """Return the tables that stand beside one another: first column, cells and header of each."""
    begins = tables_beside([parts[-1] if parts else "" for parts in header.parts])
    if len(begins) == 1:
        return [(0, grid, header)]
    found = []
    for begin, end in zip(begins, [*begins[1:], len(grid.columns)], strict=True):
        spans = tuple(
            (r0, c0 - begin, r1, c1 - begin)
            for r0, c0, r1, c1 in grid.spans
            if begin <= c0 and c1 < end
        )
        part = Grid.of_columns(grid.name, grid.columns[begin:end], spans)
        own = Header(
            header.first, header.last, distinct_headings(header.parts[begin:end]),
            header.parts[begin:end], header.titles, header.ignored, header.findings,
        )  # fmt: skip
        found.append((begin, part, own))
    return found


def _to_sheet(grid: Grid, header: Header, source: str) -> Sheet:
    body = read_body(grid, header)
    held = [
        c
        for c, (parts, column) in enumerate(zip(header.parts, body.columns, strict=True))
        if parts or (column.codes[body.rows] >= 0).any()
    ]
    cells = {header.columns[c]: body.columns[c].take(body.rows) for c in held}
    if any(body.sections):
        cells[SECTION] = body.sections
    frame, plans = results_in_turn(pd.DataFrame(cells, index=body.rows + 1, dtype="object"))
    if plans:
        body.dropped["header.plan_rows"] = plans
    findings = _findings(body, header, Where(source, grid.name))
    return Sheet(source, grid.name, header.titles, frame, findings, tuple(held))


def _findings(body: Body, header: Header, place: Where) -> tuple[Finding, ...]:
    """Return one counting finding for each kind of row left out, and what is odd in the sheet."""
    counts = [
        Finding(code, "info", place, _count(numbers))
        for code, numbers in sorted(body.dropped.items())
    ]
    odd = [_within(place, f) for f in (*header.findings, *body.findings)]
    return (*counts, *odd)


def _within(sheet: Where, finding: Finding) -> Finding:
    """Return a finding about a row and column with the file and sheet that they are of."""
    at = finding.place
    return replace(finding, where=str(Where(sheet.file, sheet.sheet, at.row, at.column)))


def _count(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:_NAMED_ROWS]))
    return f"{len(numbers)} ({listed}{', …' if len(numbers) > _NAMED_ROWS else ''})"


def _all_text(grid: Grid) -> tuple[str, ...]:
    rows = (" ".join(str(cell) for cell in row if cell is not None) for row in grid.head(60))
    return tuple(text for text in rows if text)


def _no_header(grid: Grid) -> list[Finding]:
    filled = sum(any(cell is not None for cell in row) for row in grid.rows)
    return [Finding("header.not_found", "warning", grid.name, str(filled))] if filled else []
