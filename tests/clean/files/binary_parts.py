"""The least that passes for an xls (BIFF 8 in OLE2) and an xlsb, written by hand."""

import struct
from collections.abc import Iterable
from pathlib import Path

from tests.clean.parts import HEAD, write_zip, xlsx_parts

Rows = list[list[object]]
ROWS: Rows = [HEAD, [1, "ซ่อมถนน", "ตาชี", 100_000], [2, "ประปาหมู่บ้าน", "เขาตูม", 50_000]]
SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole2(streams: dict[str, bytes]) -> bytes:
    """Return a compound file of these streams, each of at least 4,096 bytes."""
    fat = [_FAT]
    body = b""
    entries = []
    for name, content in streams.items():
        whole = content.ljust(-(-max(len(content), 4_096) // SECTOR) * SECTOR, b"\0")
        first, n = len(fat), len(whole) // SECTOR
        fat += [*range(first + 1, first + n), _END]
        body += whole
        entries.append(_entry(name, 2, first, len(whole)))
    directory = _entry("Root Entry", 5, _END, 0, child=1 if entries else _FREE) + b"".join(entries)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    start, n = len(fat), len(directory) // SECTOR
    fat += [*range(start + 1, start + n), _END]
    fat += [_FREE] * (SECTOR // 4 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, start, 0, 4_096, _END, 0,
                        _END, 0, 0)  # fmt: skip
    head += struct.pack("<I", _FREE) * 108
    return head + struct.pack(f"<{SECTOR // 4}I", *fat[: SECTOR // 4]) + body + directory


def _entry(name: str, kind: int, first: int, size: int, child: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def biff(kind: int, data: bytes = b"", *, claimed: int | None = None) -> bytes:
    """Return a record; ``claimed`` is the length that it says it has."""
    return struct.pack("<HH", kind, len(data) if claimed is None else claimed) + data


def xls_stream(rows: Rows = ROWS, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return the stream of a workbook of one sheet; the records given stand around its cells."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)
    name = b"\x03\x01" + "แผ่น"[:3].encode("utf-16-le")
    bound = biff(0x85, struct.pack("<IBB", 0, 0, 0) + name)
    at = len(biff(0x809, bof) + bound + biff(0x0A))
    bound = biff(0x85, struct.pack("<IBB", at, 0, 0) + name)
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
    cells = b"".join(_biff_cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row))
    page = biff(0x809, bof[:2] + struct.pack("<H", 0x10) + bof[4:]) + before
    book = biff(0x809, bof) + bound + biff(0x0A)
    return book + page + biff(0x200, size) + cells + after + biff(0x0A)


def _biff_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return biff(0x204, place + struct.pack("<HB", len(value), 1) + text)
    return biff(0x203, place + struct.pack("<d", value))


def xls(rows: Rows = ROWS, **records: bytes) -> bytes:
    """Return a workbook of 1997."""
    return ole2({"Workbook": xls_stream(rows, **records)})


def record(kind: int, data: bytes = b"", *, claimed: int | None = None) -> bytes:
    """Return a record of an xlsb."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data) if claimed is None else claimed
    length = b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + data


def wide(text: str) -> bytes:
    """Return a text of an xlsb."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_parts(sheet: bytes) -> dict[str, str | bytes]:
    """Return the parts of an xlsb with one sheet."""
    book = (
        record(131) + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("แผ่น 1"))
        + record(144) + record(132)
    )  # fmt: skip
    parts = xlsx_parts("")
    rels = "xl/_rels/workbook.xml.rels"
    return {
        "[Content_Types].xml": parts["[Content_Types].xml"],
        "_rels/.rels": parts["_rels/.rels"].replace("workbook.xml", "workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": parts[rels].replace("sheet1.xml", "sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet,
    }


def xlsb_sheet(rows: Rows = ROWS, *, before: bytes = b"") -> bytes:
    """Return the records of a sheet; those given stand before its cells."""
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    data = record(129) + record(148, size) + before + record(145)
    for r, row in enumerate(rows):
        data += record(0, struct.pack("<IIHHBI", r, 0, 300, 0, 0, 0))
        data += b"".join(_xlsb_cells(row))
    return data + record(146) + record(130)


def _xlsb_cells(row: list[object]) -> Iterable[bytes]:
    for c, value in enumerate(row):
        place = struct.pack("<II", c, 0)
        if isinstance(value, str):
            yield record(6, place + wide(value))
        else:
            yield record(5, place + struct.pack("<d", value))


def write_xlsb(path: Path, sheet: bytes) -> Path:
    """Write an xlsb."""
    return write_zip(path, xlsb_parts(sheet))
