"""Sheets as lists of cells, and the workbook file that holds them, byte for byte the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.demo.files.cells import Cell

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
CREATED = datetime(2022, 10, 1)  # a fixed stamp: the clock must not enter the file


@dataclass(slots=True)
class Sheet:
    """One sheet to be written: rows of cells from the top, and merged areas."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def add(self, row: list[Cell]) -> int:
        """Append a row and return its number as a reader of the sheet counts it, from 1."""
        self.rows.append(row)
        return len(self.rows)

    def add_header(self, headings: list[tuple[str, ...]]) -> None:
        """Append a header of as many rows as the deepest heading has levels, merged as needed."""
        depth = max(len(levels) for levels in headings)
        top = len(self.rows)
        full = [levels + (None,) * (depth - len(levels)) for levels in headings]
        self.rows += [[levels[d] for levels in full] for d in range(depth)]
        for c, levels in enumerate(headings):
            if len(levels) < depth:
                self.merges.append((top + len(levels) - 1, c, top + depth - 1, c))
        for d in range(depth - 1):
            self._merge_level(headings, top + d, d)

    def _merge_level(self, headings: list[tuple[str, ...]], row: int, level: int) -> None:
        """Merge neighbours that share a heading of one level and all above it."""
        c = 0
        while c < len(headings):
            end = c
            path = headings[c][: level + 1]
            shared = len(headings[c]) > level + 1
            while shared and end + 1 < len(headings) and headings[end + 1][: level + 1] == path:
                end += 1
                self.rows[row][end] = None
            if end > c:
                self.merges.append((row, c, row, end))
            c = end + 1


def write_workbook(path: Path, sheets: list[Sheet]) -> None:
    """Write sheets to an xlsx file that depends on nothing but its cells."""
    import xlsxwriter  # only the demo and the Excel report write workbooks

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED, "title": "ข้อมูลสังเคราะห์ (synthetic data)"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, day)


def _write_sheet(worksheet: Any, sheet: Sheet, day: Any) -> None:
    for r, row in enumerate(sheet.rows):
        for c, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                worksheet.write_string(r, c, cell)
            elif isinstance(cell, date):
                worksheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), day)
            else:
                worksheet.write_number(r, c, cell)
    for first_row, first_column, last_row, last_column in sheet.merges:
        cell = sheet.rows[first_row][first_column]
        worksheet.merge_range(first_row, first_column, last_row, last_column, cell)
    worksheet.set_column(0, 0, 6)
    worksheet.set_column(1, 2, 40)
    worksheet.set_column(3, 30, 16)
