"""Cells of a workbook (xlsx, xls, xlsb, ods): cached values only, never a formula or a macro."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.clean.files.grid import Factored, Grid, Marks, factor, spans_within
from evallib.clean.files.marks_of_xml import read_marks
from evallib.clean.files.sniff import check_size
from evallib.errors import RefusedFile
from evallib.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

_AS_THEY_ARE = {str, float, int, type(None)}


def read_workbook(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid a visible sheet, and findings on what was left out or is not certain.

    Raises
    ------
    RefusedFile
        The workbook is damaged, protected by a password, or a sheet is beyond the limits.
    """
    # The compiled reader does not hold the interpreter: what is hidden is looked for meanwhile.
    with ThreadPoolExecutor(max_workers=1) as beside:
        marks = beside.submit(read_marks, path)
        if not zipfile.is_zipfile(path):  # an xls is laid out as far as its farthest cell
            far = marks.exception()
            if isinstance(far, RefusedFile):
                raise far
        grids, findings = _read_sheets(path)
        return _with_marks(marks, grids, findings)


def _read_sheets(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return the visible sheets as they stand."""
    import python_calamine as calamine  # a compiled reader that CSV and HTML do without

    grids: list[Grid] = []
    findings: list[Finding] = []
    packed = path.stat().st_size
    try:
        # From a stream: by its path, a reader would believe the extension.
        with path.open("rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if sheet.visible != calamine.SheetVisibleEnum.Visible:
                    findings.append(Finding("read.hidden_sheet", "info", sheet.name))
                    continue
                grids.append(_read_sheet(book.get_sheet_by_name(sheet.name), packed))
        findings += report_active_content(path)
    except calamine.PasswordError as error:
        raise RefusedFile("read.password", found=path.name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    return grids, findings


def _with_marks(
    read: Future[dict[str, Marks]], grids: list[Grid], findings: list[Finding]
) -> tuple[list[Grid], list[Finding]]:
    """Tell each sheet what is hidden in it and what was never calculated."""
    try:
        marks = read.result()
    except OSError as error:  # the cells could be read: what is not known is said
        return grids, [*findings, Finding("read.marks_unknown", "warning", "", str(error))]
    for grid in grids:
        grid.marks = marks.get(grid.name, Marks())
    return grids, findings


def _read_sheet(sheet: Any, packed: int) -> Grid:
    check_size(sheet.total_height, sheet.total_width, packed)
    rows = sheet.to_python(skip_empty_area=False)
    columns = tuple(zip(*rows, strict=True))
    merged = ((*first, *last) for first, last in sheet.merged_cell_ranges or [])
    spans = spans_within(merged, len(rows), len(columns))
    return Grid.of_columns(sheet.name, tuple(map(_plain_column, columns)), spans)


def _plain_column(cells: Sequence[Any]) -> Factored:
    """Return a column with each distinct cell made plain once."""
    kinds = set(map(type, cells))
    if bool in kinds:  # True equals 1: without this, whichever stood first would speak for both
        cells = [str(cell) if cell is True or cell is False else cell for cell in cells]
    codes, distinct = factor(cells)
    if not kinds <= _AS_THEY_ARE:
        distinct[:] = [str(c) if isinstance(c, time | timedelta) else c for c in distinct]
    if float in kinds and not all(isfinite(c) for c in distinct if type(c) is float):
        distinct[:] = [
            str(c) if type(c) is float and not isfinite(c) else c for c in distinct
        ]  # no number that anybody reports
    empty = np.array([type(cell) is str and not cell.strip() for cell in distinct] + [True])
    if not empty[:-1].any():
        return Factored(codes, distinct)
    kept = np.cumsum(~empty, dtype=np.int32) - 1
    kept[empty] = -1
    return Factored(kept[codes], distinct[~empty[:-1]])


_MACROS = ("vbaproject.bin", "xl/macrosheets/", "Basic/")
_LINKS = ("xl/externalLinks/", "xl/connections.xml", "xl/queryTables/")
_OLE2_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def report_active_content(path: Path) -> list[Finding]:
    """Return findings on macros and links to other files; the values that they left are read.

    Parameters
    ----------
    path : pathlib.Path
        A workbook in any format.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            found = _OLE2_MACROS in path.read_bytes()
            return [Finding("read.macros", "info")] if found else []
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    findings = []
    if any(name.startswith(_MACROS) or name.lower().endswith(_MACROS[0]) for name in names):
        findings.append(Finding("read.macros", "info"))
    links = sum(name.startswith(_LINKS) and name.endswith((".xml", ".bin")) for name in names)
    if links:
        findings.append(Finding("read.external_links", "info", "", str(links)))
    return findings
