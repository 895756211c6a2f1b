"""What a workbook says about its cells and readers of values drop: hidden, or never calculated."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from html import unescape
from posixpath import join, normpath
from typing import IO, TYPE_CHECKING

from evallib.clean.files.grid import Marks
from evallib.clean.files.marks_of_binary import read_xls_marks, read_xlsb_columns, read_xlsb_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

_NAMED = 8  # cells that are named
_BLOCK = 1 << 20
_MOST_REST = 1 << 22  # bytes of one row; what is longer is looked at in pieces
_LAST_COLUMN = 16_384
_BOOK, _BINARY_BOOK = "xl/workbook.xml", "xl/workbook.bin"
# Programs that calculate nothing write 0 for every formula and ask Excel to begin anew.
_NEVER_CALCULATED = re.compile(rb"\bfullCalcOnLoad=[\"'](?:1|true)[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROOT = re.compile(rb"<(?:(\w{1,30}):)?worksheet\b")
_HIDDEN = rb"\bhidden=[\"'](?:1|true)[\"']|\b%s=[\"']0(?:\.0*)?[\"']"
_HIDDEN_COLUMN = re.compile(_HIDDEN % b"width")
_HIDDEN_ROW = re.compile(_HIDDEN % b"ht")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    struct.error,
)


def read_marks(path: Path) -> dict[str, Marks]:
    """Return the marks of each sheet of a workbook by name.

    Of an xlsx all are read, of xls and ods hidden columns and rows, of an xlsb hidden columns. The
    sheets of an xlsx are searched as streams of bytes, a block at a time: as trees they would take
    thirty times as long.

    Raises
    ------
    OSError
        The file cannot be searched, though a reader may have read it.
    """
    try:
        if not zipfile.is_zipfile(path):
            return read_xls_marks(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if _BOOK in names:
                never = _NEVER_CALCULATED.search(archive.read(_BOOK)) is not None
                sheets = _sheets(archive)
                return {n: _read_sheet(archive, part, never=never) for n, part in sheets}
            if _BINARY_BOOK in names:
                return dict(_read_xlsb(archive))
            return read_ods_marks(archive.read("content.xml"))
    except _DAMAGED as error:
        raise OSError(type(error).__name__) from error


def _read_xlsb(archive: zipfile.ZipFile) -> Iterator[tuple[str, Marks]]:
    targets = _targets(archive, "xl/_rels/workbook.bin.rels")
    for name, relation in read_xlsb_sheets(archive.read(_BINARY_BOOK)):
        if relation in targets:
            with archive.open(targets[relation]) as stream:
                yield name, read_xlsb_columns(stream.read(_BLOCK))


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each sheet that has one."""
    targets = _targets(archive, "xl/_rels/workbook.xml.rels")
    for sheet in _parse(archive.read(_BOOK)).iter("{*}sheet"):
        part = targets.get(sheet.get(_RELATION) or "")
        if part:
            yield sheet.get("name") or "", part


def _targets(archive: zipfile.ZipFile, links: str) -> dict[str, str]:
    """Return relation -> part, for the parts that the archive holds."""
    held = set(archive.namelist())
    found = {}
    for link in _parse(archive.read(links)):
        part = normpath(join("/xl", link.get("Target") or "")).lstrip("/")
        if part in held:
            found[link.get("Id") or ""] = part
    return found


def _parse(content: bytes) -> _Element:
    from lxml import etree  # loaded by the first file that needs it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError from error


class _Tags:
    """Patterns of the tags of a sheet, whose writer may have put a prefix before each.

    Each search begins with a literal, which is what makes it fast.
    """

    def __init__(self, head: bytes, *, never: bool) -> None:
        root = _ROOT.search(head)
        p = root[1] + b":" if root and root[1] else b""
        nothing = b"0?" if never else b""
        empty = rb"\s*(?:<%bv\s*/>|<%bv>\s*%b</%bv>)?\s*</%bc>" % (p, p, nothing, p, p)
        self.column = re.compile(rb"<%bcol\s[^<>]*>" % p)
        self.row = re.compile(rb"<%brow\s[^<>]*>" % p)
        self.may_hide = (re.compile(rb"hidden="), re.compile(rb"ht=[\"']0"))
        self.may_lack = (
            re.compile(rb"</%bf>" % p + empty), re.compile(rb"<%bf\s[^<>]*/>" % p + empty),
        )  # fmt: skip
        self.uncalculated = re.compile(
            rb"<%bc((?:\s[^<>]*)?)>\s*<%bf(?:\s[^<>]*)?(?:/>|>[^<]*</%bf>)" % (p, p, p) + empty
        )
        self.row_end = b"</%brow>" % p
        self.end = re.compile(rb"</%bsheetData" % p)


def _read_sheet(archive: zipfile.ZipFile, part: str, *, never: bool) -> Marks:
    columns: list[tuple[int, int]] = []
    rows: list[int] = []
    cells: list[str] = []
    n_cells = 0
    with archive.open(part) as stream:
        head = stream.read(_BLOCK)
        tags = _Tags(head, never=never)
        before = True  # columns are described before the first row
        for block in _whole_rows(head, stream, tags):
            if before:
                columns += _hidden_columns(tags.column.findall(block))
                before = tags.row.search(block) is None
            if any(pattern.search(block) for pattern in tags.may_hide):
                hidden = (tag for tag in tags.row.findall(block) if _HIDDEN_ROW.search(tag))
                rows += [_count(_attribute(tag, b"r")) for tag in hidden]
            if any(pattern.search(block) for pattern in tags.may_lack):
                found = tags.uncalculated.findall(block)
                n_cells += len(found)
                cells += [_attribute(tag, b"r") for tag in found[: _NAMED - len(cells)]]
    return Marks(tuple(columns), tuple(rows), n_cells, tuple(cells))


def _whole_rows(rest: bytes, stream: IO[bytes], tags: _Tags) -> Iterator[bytes]:
    """Yield blocks that end with a row, until the cells end."""
    while True:
        end = rest.rfind(tags.row_end) + len(tags.row_end)
        if end < len(tags.row_end):
            end = len(rest) if len(rest) > _MOST_REST else 0
        if end:
            yield rest[:end]
            rest = rest[end:]
            if tags.end.match(rest):
                return
        block = stream.read(_BLOCK)
        if not block:
            break
        rest += block
    yield rest


def _hidden_columns(tags: list[bytes]) -> list[tuple[int, int]]:
    hidden = (tag for tag in tags if _HIDDEN_COLUMN.search(tag))
    runs = [(_count(_attribute(t, b"min")), _count(_attribute(t, b"max"))) for t in hidden]
    return [(first - 1, min(last, _LAST_COLUMN) - 1) for first, last in runs if 0 < first <= last]


def _attribute(tag: bytes, name: bytes) -> str:
    """Return an attribute of a tag, ``"?"`` where it has none."""
    found = re.search(rb"\s%b=[\"']([^\"']{1,16})[\"']" % name, tag)
    return found[1].decode("ascii", "replace") if found else "?"


def _count(written: str) -> int:
    return int(written) if written.isdecimal() and written.isascii() and len(written) < 8 else 0


_TAG = re.compile(rb"<table:(table|table-column|table-row)(\s[^<>]*)?>")
_NAME = re.compile(rb"\btable:name=[\"']([^\"']*)[\"']")
_TIMES = re.compile(rb"\btable:number-(?:rows|columns)-repeated=[\"'](\d{1,9})[\"']")
_HIDDEN_IN_ODS = re.compile(rb"\btable:visibility=[\"'](?:collapse|filter)[\"']")
_LAST_ROW = 1_048_576


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
        hidden = _HIDDEN_IN_ODS.search(attributes) is not None
        if kind == b"table-column":
            if hidden and column < _LAST_COLUMN:
                columns.append((column, min(column + count, _LAST_COLUMN) - 1))
            column += count
        else:
            if hidden:
                rows += range(row + 1, min(row + count, _LAST_ROW) + 1)
            row += count
    return {name: Marks(tuple(c), tuple(r)) for name, (c, r) in found.items()}
