"""Streams of a compound file (OLE2), the container of workbooks of 1997."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
