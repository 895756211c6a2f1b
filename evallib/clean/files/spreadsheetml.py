"""Cells of SpreadsheetML 2003, the XML that older systems export as "Excel"."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid, Marks, Span, spans_within
from evallib.clean.files.sniff import MAX_COLUMNS, MAX_ROWS, check_size
from evallib.errors import RefusedFile
from evallib.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_VISIBLE = ".//{urn:schemas-microsoft-com:office:excel}Visible"
_MOST_SPANS = 100_000
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)


def read_spreadsheetml(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid a visible sheet, and findings on the sheets left out.

    Raises
    ------
    RefusedFile
        The file is no well-formed XML, declares entities of its own, or a sheet is beyond the
        limits of rows and columns.
    """
    root = _parse(path.read_bytes())
    grids: list[Grid] = []
    findings: list[Finding] = []
    for sheet in root.iter(f"{_NAMESPACE}Worksheet"):
        name = sheet.get(f"{_NAMESPACE}Name") or ""
        hidden = sheet.find(_VISIBLE)
        if hidden is not None and (hidden.text or "").strip() in ("SheetHidden", "SheetVeryHidden"):
            findings.append(Finding("read.hidden_sheet", "info", name))
            continue
        table = sheet.find(f"{_NAMESPACE}Table")
        grid = Grid(name, []) if table is None else _read_table(name, table)
        if table is not None:
            columns = tuple((column, column) for column in _hidden_columns(table))
            grid.marks = Marks(hidden_columns=columns, hidden_rows=tuple(_hidden_rows(table)))
        grids.append(grid)
    if not grids:
        raise RefusedFile("read.not_a_table", found="SpreadsheetML")
    return grids, findings


def _parse(content: bytes) -> _Element:
    from lxml import etree  # only these exports and HTML need it

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    if root.getroottree().docinfo.internalDTD is not None:  # no export has one, every bomb has
        raise RefusedFile("read.damaged", found="DOCTYPE")
    return root


def _read_table(name: str, table: _Element) -> Grid:
    rows: list[list[Cell]] = []
    spans: list[Span] = []
    width = 0
    for row in table.iterchildren(f"{_NAMESPACE}Row"):
        at = _position(row, len(rows))
        check_size(at + 1 + _number(row, "Span"), width)
        rows += [[] for _ in range(at - len(rows))]
        cells = _read_row(row, at, spans)
        width = max(width, len(cells))
        rows += [cells, *([] for _ in range(_number(row, "Span")))]
    check_size(len(rows), width)
    return Grid(name, rows, spans_within(spans, len(rows), width))


def _hidden_rows(table: _Element) -> list[int]:
    hidden, at = [], -1
    for row in table.iterchildren(f"{_NAMESPACE}Row"):
        at = _position(row, at + 1)
        if _is_hidden(row):
            hidden.append(at + 1)
        at += _number(row, "Span")
    return hidden


def _hidden_columns(table: _Element) -> list[int]:
    hidden: list[int] = []
    at = -1
    for column in table.iterchildren(f"{_NAMESPACE}Column"):
        first = _position(column, at + 1)
        at = min(first + _number(column, "Span"), MAX_COLUMNS)
        if _is_hidden(column):
            hidden += range(first, at + 1)
    return hidden


def _is_hidden(element: _Element) -> bool:
    return element.get(f"{_NAMESPACE}Hidden") in ("1", "true")


def _read_row(row: _Element, at: int, spans: list[Span]) -> list[Cell]:
    """Return the cells of a row and add the merged areas that begin in it."""
    cells: list[Cell] = []
    for cell in row.iterchildren(f"{_NAMESPACE}Cell"):
        column = _position(cell, len(cells))
        across, down = _number(cell, "MergeAcross"), _number(cell, "MergeDown")
        check_size(at + 1, column + across + 1)
        cells += [None] * (column - len(cells))
        cells += [_value(cell), *[None] * across]
        if (across or down) and len(spans) < _MOST_SPANS:
            spans.append((at, column, min(at + down, MAX_ROWS), column + across))
    return cells


def _position(element: _Element, following: int) -> int:
    """Return the position from 0 of a row or a cell: its index, else the next one."""
    stated = _number(element, "Index")
    return max(stated - 1, following) if stated else following


def _number(element: _Element, attribute: str) -> int:
    """Return an attribute that counts, 0 when it is absent or no number."""
    written = element.get(f"{_NAMESPACE}{attribute}") or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _value(cell: _Element) -> Cell:
    """Return number, date or text of a cell; what is not of its stated type stays text."""
    data = cell.find(f"{_NAMESPACE}Data")
    if data is None:
        return None
    text = "".join(map(str, data.itertext()))
    kind = data.get(f"{_NAMESPACE}Type")
    if kind == "Number" and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if kind == "DateTime":
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            pass
    if kind == "Boolean":
        return {"1": "True", "0": "False"}.get(text.strip(), text)
    return text if text.strip() else None
