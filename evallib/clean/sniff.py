"""What a file is, by its content, and the refusals that must come before any reader opens it."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Literal

from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from pathlib import Path

Format = Literal["workbook", "html", "delimited"]

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_FILE = 200_000_000  # bytes on disk
MAX_UNPACKED = 500_000_000  # bytes of all entries of an archive together
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 40
MAX_ENTRIES = 5_000
MAX_ROWS, MAX_COLUMNS = 200_000, 2_000
_HEAD = 4_096
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_HTML = re.compile(rb"<\s*(!doctype\s+html|html|table|meta|head|body|style|div)\b", re.IGNORECASE)
_ENCRYPTED_PARTS = ("EncryptedPackage", "EncryptionInfo")
_CELL_REF = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,4})(\d{1,10})"')
_ROW_REF = re.compile(rb'<row\b[^>]*?\br="(\d{1,10})"')
_DIMENSION = re.compile(rb'<dimension\b[^>]*?\bref="(?:[A-Z]+\d+:)?([A-Z]{1,4})(\d{1,10})"')
_OVERLAP = 512
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
    ValueError,
)  # fmt: skip


def sniff(path: Path) -> Format:
    """Tell how a file must be read, whatever its extension says.

    Parameters
    ----------
    path : pathlib.Path
        A submitted file.

    Returns
    -------
    {"workbook", "html", "delimited"}

    Raises
    ------
    RefusedFile
        The file is empty, too large, password protected, damaged, or no table.
    """
    size = path.stat().st_size
    if size == 0:
        raise RefusedFile("read.empty", found=path.name)
    if size > MAX_FILE:
        raise RefusedFile("read.too_large", found=f"{size:,}", limit=f"{MAX_FILE:,}")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"PK"):
        check_archive(path)
        return "workbook"
    if head.startswith(OLE2):
        _check_ole2(path)
        return "workbook"
    if _SPREADSHEETML in head:
        raise RefusedFile("read.spreadsheetml", found=path.name)
    if _HTML.search(_ascii(head)):
        return "html"
    if _is_binary(head):
        raise RefusedFile("read.not_a_table", found=_shown(head))
    return "delimited"


def check_archive(path: Path) -> None:
    """Refuse a zip whose entries would not fit in memory, without unpacking it whole.

    Raises
    ------
    RefusedFile
        Damaged or encrypted archive, too many entries, too large or too dense a content, or a
        sheet that claims cells beyond the limits of rows and columns.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, path.stat().st_size)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _check_extent(archive, entry)
    except _DAMAGED as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    except RuntimeError as error:  # zipfile says so when an entry needs a password
        raise RefusedFile("read.password", found=path.name) from error


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise RefusedFile("read.bomb", found=f"{len(entries):,} entries", limit=f"{MAX_ENTRIES:,}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked > MAX_RATIO * packed):
        raise RefusedFile("read.bomb", found=f"{unpacked:,} bytes", limit=f"{MAX_UNPACKED:,}")
    names = {entry.filename for entry in entries}
    if not any(n.startswith(("xl/", "content.xml")) for n in names):
        raise RefusedFile("read.not_a_table", found="zip")


def _check_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a sheet with a cell so far out that the grid between would fill the memory.

    The sheet is scanned as a stream of bytes, never as a tree: a reader allocates the whole
    rectangle before it can notice.
    """
    rest, left = b"", entry.file_size
    with archive.open(entry) as stream:
        while block := stream.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise RefusedFile("read.bomb", found=entry.filename, limit=f"{entry.file_size:,}")
            text = rest + block
            refs = _CELL_REF.findall(text) + _DIMENSION.findall(text)
            rows = [int(row) for _, row in refs] + [int(row) for row in _ROW_REF.findall(text)]
            columns = {letters for letters, _ in refs}
            _check_limits(max(rows, default=0), max(map(_column_number, columns), default=0))
            rest = text[-_OVERLAP:]


def _check_limits(rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise RefusedFile(
            "read.too_wide",
            found=f"{rows:,} x {columns:,}",
            limit=f"{MAX_ROWS:,} x {MAX_COLUMNS:,}",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_ole2(path: Path) -> None:
    """Refuse an encrypted workbook; names in the directory of an OLE2 file are UTF-16."""
    content = path.read_bytes()
    if any(part.encode("utf-16-le") in content for part in _ENCRYPTED_PARTS):
        raise RefusedFile("read.password", found=path.name)


def _ascii(head: bytes) -> bytes:
    """Drop the zero bytes of UTF-16 so that tags can be recognised."""
    return head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head


def _is_binary(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head)
    return b"\0" in head or controls > len(head) // 20


def _shown(head: bytes) -> str:
    return "PDF" if head.startswith(b"%PDF") else f"0x{head[:4].hex()}"
