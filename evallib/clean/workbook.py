"""Cells of a workbook (xlsx, xls, xlsb, ods): cached values only, never a formula or a macro."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from evallib.clean.grid import Cell, Grid
from evallib.clean.sniff import MAX_COLUMNS, MAX_ROWS
from evallib.errors import RefusedFile
from evallib.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path


def read_workbook(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid a visible sheet, and findings on the sheets left out.

    Raises
    ------
    RefusedFile
        The workbook is damaged, protected by a password, or a sheet is beyond the limits.
    """
    import python_calamine as calamine  # a compiled reader that CSV and HTML do without

    grids: list[Grid] = []
    findings: list[Finding] = []
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if sheet.visible != calamine.SheetVisibleEnum.Visible:
                    findings.append(Finding("read.hidden_sheet", "info", sheet.name))
                    continue
                grids.append(_read_sheet(book.get_sheet_by_name(sheet.name)))
    except calamine.PasswordError as error:
        raise RefusedFile("read.password", found=path.name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    return grids, findings


def _read_sheet(sheet: Any) -> Grid:
    rows, columns = sheet.total_height, sheet.total_width
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise RefusedFile(
            "read.too_wide",
            found=f"{rows:,} x {columns:,}",
            limit=f"{MAX_ROWS:,} x {MAX_COLUMNS:,}",
        )
    cells = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = sheet.merged_cell_ranges or []
    return Grid(sheet.name, cells, tuple(sorted((*first, *last) for first, last in merged)))


def _plain(cell: Any) -> Cell:
    """Return text, numbers and dates; a text of spaces is an empty cell."""
    kind = type(cell)
    if kind is str:
        return cell if cell and not cell.isspace() else None
    if kind is float or kind is int or kind is date or kind is datetime:
        return cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell
