"""Binary workbooks: hidden columns and rows and the extent of an xls, hidden columns of an xlsb."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Marks
from evallib.clean.files.sniff import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LAST = 0xFFFFFFFA  # greater numbers are marks, not sectors
_HEAD = struct.Struct("<30xHH10xII4xIIIII")
_ENTRY = struct.Struct("<64sHB49xIQ")
_ROOT, _STREAM = 5, 2


def read_stream(content: bytes, names: Sequence[str]) -> bytes:
    """Return the first stream that has one of these names.

    Parameters
    ----------
    content : bytes
        The whole file.
    names : sequence of str
        Such as ``("Workbook", "Book")``.

    Raises
    ------
    ValueError
        It has none, or its sectors do not follow each other as they must.
    """
    try:
        head = _HEAD.unpack_from(content)
        file = _Sectors(content, 1 << min(head[0], 16), 1 << min(head[0], 16))
        file.follow(_table(content, file, head))
        entries = _entries(file.chain(head[3]))
        size, first = next((e[2], e[1]) for n in names for e in entries if e[0] == n)
        if size >= head[4]:
            return file.chain(first)[:size]
        root = next(e[1] for e in entries if e[3] == _ROOT)
        small = _Sectors(file.chain(root), 1 << min(head[1], 16), 0)
        small.follow(_numbers(file.chain(head[5])))
        return small.chain(first)[:size]
    except (struct.error, StopIteration, IndexError) as error:
        raise ValueError("no such stream") from error


class _Sectors:
    """Sectors of one size and the table that says which follows which."""

    def __init__(self, content: bytes, size: int, start: int) -> None:
        self.content, self.size, self.start = content, size, start
        self.next: Sequence[int] = ()

    def follow(self, table: Sequence[int]) -> None:
        self.next = table

    def sector(self, number: int) -> bytes:
        at = self.start + number * self.size
        return self.content[at : at + self.size]

    def chain(self, number: int) -> bytes:
        parts = []
        while number < _LAST:
            parts.append(self.sector(number))
            if len(parts) > len(self.next):
                raise ValueError("sectors in a circle")
            number = self.next[number]
        return b"".join(parts)


def _table(content: bytes, file: _Sectors, head: Sequence[int]) -> list[int]:
    """Return the table of sectors; the numbers of its own sectors stand in and behind the head."""
    numbers = list(struct.unpack_from("<109I", content, 76))
    more = head[7]
    for _ in range(len(content) // file.size):
        if more >= _LAST:
            break
        *further, more = _numbers(file.sector(more))
        numbers += further
    return [n for number in numbers if number < _LAST for n in _numbers(file.sector(number))]


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])


def _entries(directory: bytes) -> list[tuple[str, int, int, int]]:
    """Return name, first sector, size and kind of each entry."""
    found = []
    for at in range(0, len(directory) - _ENTRY.size + 1, _ENTRY.size):
        name, length, kind, first, size = _ENTRY.unpack_from(directory, at)
        if kind in (_ROOT, _STREAM):
            text = name[: max(length - 2, 0)].decode("utf-16-le", "replace")
            found.append((text, first, size & 0xFFFFFFFF, kind))
    return found


_BOF, _EOF, _BOUND_SHEET, _COLUMN, _ROW = 0x809, 0x0A, 0x85, 0x7D, 0x208  # of an xls
_BIFF_8 = 0x600
# Formula, several numbers of one row, shared text, number, label, truth or error, RK, rich label;
# blank cells have a format alone, and no reader lays them out.
_CELLS = frozenset((0x06, 0xBD, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xD6))
_RECORD = struct.Struct("<HH")
_CELL = struct.Struct("<HH")
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
    RefusedFile
        A cell lies so far out that the sheet is beyond the limits.
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
    return {name: _xls_sheet(stream, start, len(content)) for name, start in sheets}


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


def _xls_sheet(stream: bytes, start: int, packed: int) -> Marks:
    columns: list[tuple[int, int]] = []
    rows: list[int] = []
    last_row = last_column = 0
    depth = 0  # a chart within a sheet has its own beginning and end
    for kind, at, length in _records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind in _CELLS and length >= _CELL.size and depth == 1:
            row, column = _CELL.unpack_from(stream, at)
            last_row, last_column = max(row, last_row), max(column, last_column)
        elif kind == _COLUMN and length >= _FIRST_FIVE.size and depth == 1:
            first, last, width, _, flags = _FIRST_FIVE.unpack_from(stream, at)
            if flags & _HIDDEN_COLUMN or not width:
                columns.append((first, last))
        elif kind == _ROW and length >= _ROW_FLAGS.size and depth == 1:
            number, flags = _ROW_FLAGS.unpack_from(stream, at)
            if flags & _HIDDEN_ROW:
                rows.append(number + 1)
    check_size(last_row + 1, last_column + 1, packed)
    return Marks(tuple(columns), tuple(rows))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place of the data and length of each record of an xls."""
    end = len(stream) - 3
    unpack = _RECORD.unpack_from
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
