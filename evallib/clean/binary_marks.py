"""Hidden columns and rows of binary workbooks: xls (BIFF), and columns of xlsb."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from evallib.clean.compound_file import read_stream
from evallib.clean.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOF, _EOF, _BOUND_SHEET, _COLUMN, _ROW = 0x809, 0x0A, 0x85, 0x7D, 0x208  # of an xls
_BIFF_8 = 0x600
_HEAD = struct.Struct("<HH")
_FIRST_FIVE = struct.Struct("<HHHHH")
_ROW_FLAGS = struct.Struct("<H10xH")
_HIDDEN_COLUMN, _HIDDEN_ROW = 0x0001, 0x0020
_B_SHEET, _B_COLUMN, _B_CELLS = 156, 60, 145  # of an xlsb
_B_COLUMN_DATA = struct.Struct("<IIIIH")


def read_xls_marks(content: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet of an xls by name; a formula always has a value in it.

    Raises
    ------
    ValueError, struct.error
        The file is not what it says.
    """
    stream = read_stream(content, ("Workbook", "Book"))
    wide = struct.unpack_from("<H", stream, 4)[0] == _BIFF_8
    sheets = []
    for kind, at, length in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _BOUND_SHEET and length > 8:
            start, size = struct.unpack_from("<IxxB", stream, at)
            sheets.append((_sheet_name(stream, at + 7, size, wide=wide), start))
    return {name: _xls_sheet(stream, start) for name, start in sheets}


def read_xlsb_columns(part: bytes) -> Marks:
    """Return the hidden columns of a sheet of an xlsb, which stand before its cells."""
    hidden = []
    for kind, at, length in _xlsb_records(part):
        if kind == _B_CELLS:
            break
        if kind == _B_COLUMN and length >= _B_COLUMN_DATA.size:
            first, last, width, _, flags = _B_COLUMN_DATA.unpack_from(part, at)
            if flags & _HIDDEN_COLUMN or not width:
                hidden.append((first, last))
    return Marks(tuple(hidden))


def read_xlsb_sheets(book: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet of an xlsb and the relation that leads to it."""
    for kind, at, length in _xlsb_records(book):
        if kind == _B_SHEET:
            data = book[at : at + length]
            relation, end = _wide_text(data, 8)
            yield _wide_text(data, end)[0], relation


def _xls_sheet(stream: bytes, start: int) -> Marks:
    columns: list[tuple[int, int]] = []
    rows: list[int] = []
    depth = 0  # a chart within a sheet has its own beginning and end
    for kind, at, length in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind == _COLUMN and length >= _FIRST_FIVE.size and depth == 1:
            first, last, width, _, flags = _FIRST_FIVE.unpack_from(stream, at)
            if flags & _HIDDEN_COLUMN or not width:
                columns.append((first, last))
        elif kind == _ROW and length >= _ROW_FLAGS.size and depth == 1:
            number, flags = _ROW_FLAGS.unpack_from(stream, at)
            if flags & _HIDDEN_ROW:
                rows.append(number + 1)
    return Marks(tuple(columns), tuple(rows))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place of the data and length of each record of an xls."""
    end = len(stream) - 3
    unpack = _HEAD.unpack_from
    while at < end:
        kind, length = unpack(stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _sheet_name(stream: bytes, at: int, size: int, *, wide: bool) -> str:
    if not wide:
        return stream[at : at + size].decode("cp874", "replace")
    if stream[at] & 1:
        return stream[at + 1 : at + 1 + 2 * size].decode("utf-16-le", "replace")
    return stream[at + 1 : at + 1 + size].decode("latin-1")


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place of the data and length of each record of an xlsb."""
    at = 0
    while at + 1 < len(part):
        kind, at = part[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | part[at] << 7, at + 1
        length = 0
        for shift in (0, 7, 14, 21):
            if at >= len(part):
                return
            byte, at = part[at], at + 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, at, length
        at += length


def _wide_text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text and where it ends."""
    (size,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * size
    return data[at + 4 : end].decode("utf-16-le", "replace"), end
