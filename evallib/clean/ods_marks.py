"""Hidden columns and rows of an ods."""

from __future__ import annotations

import re
from html import unescape

from evallib.clean.marks import Marks

_TAG = re.compile(rb"<table:(table|table-column|table-row)(\s[^<>]*)?>")
_NAME = re.compile(rb"\btable:name=[\"']([^\"']*)[\"']")
_TIMES = re.compile(rb"\btable:number-(?:rows|columns)-repeated=[\"'](\d{1,9})[\"']")
_HIDDEN = re.compile(rb"\btable:visibility=[\"'](?:collapse|filter)[\"']")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576


def read_ods_marks(content: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet by name; formulas always have a value in an ods.

    Parameters
    ----------
    content : bytes
        ``content.xml``. A table within a cell is taken for a sheet of its own.
    """
    found: dict[str, tuple[list[tuple[int, int]], list[int]]] = {}
    columns: list[tuple[int, int]] = []
    rows: list[int] = []
    column = row = 0
    for match in _TAG.finditer(content):
        kind, attributes = match[1], match[2] or b""
        if kind == b"table":
            name = _NAME.search(attributes)
            columns, rows, column, row = [], [], 0, 0
            found[unescape(name[1].decode("utf-8", "replace")) if name else ""] = columns, rows
            continue
        times = _TIMES.search(attributes)
        count = max(int(times[1]), 1) if times else 1
        hidden = _HIDDEN.search(attributes) is not None
        if kind == b"table-column":
            if hidden and column < _LAST_COLUMN:
                columns.append((column, min(column + count, _LAST_COLUMN) - 1))
            column += count
        else:
            if hidden:
                rows += range(row + 1, min(row + count, _LAST_ROW) + 1)
            row += count
    return {name: Marks(tuple(c), tuple(r)) for name, (c, r) in found.items()}
