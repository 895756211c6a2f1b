"""What a file is, by its content, and the refusals that must come before any reader opens it."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Literal

from evallib.errors import RefusedFile
from evallib.thai.encodings import unmarked_utf16

if TYPE_CHECKING:
    from pathlib import Path

Format = Literal["word", "workbook", "spreadsheetml", "html", "delimited"]

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_FILE = 200_000_000  # bytes on disk
MAX_UNPACKED = 500_000_000  # bytes of all entries of an archive together
MAX_RATIO = 200  # unpacked to packed; real workbooks stay below 40
MAX_ENTRIES = 5_000
MAX_SHEETS = 300  # that hold anything: one for each tambon of the area
MAX_ROWS, MAX_COLUMNS = 200_000, 2_000
MAX_CELLS = 20_000_000  # of one sheet, empty ones within it too
SPARSE, CELLS_A_BYTE = 4_000_000, 10  # cells of a workbook of no size, and for each of its bytes
_HEAD = 4_096
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"
_HTML = re.compile(rb"<\s*(!doctype\s+html|html|table|meta|head|body|style|div)\b", re.IGNORECASE)
WORD_PART = "word/document.xml"
_OTHER_PARTS = {"WordDocument": "doc", "PowerPoint Document": "ppt", "__properties": "msg"}
_KINDS = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"Rar!", "RAR"),
    (b"7z\xbc", "7z"), (b"\x1f\x8b", "gzip"), (b"MZ", "exe"), (b"\x7fELF", "exe"),
)  # fmt: skip
_XLS_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS, _FIRST_RECORDS = 0x2F, 8
_ENCRYPTED_PARTS = ("EncryptedPackage", "EncryptionInfo")
_DIMENSION = re.compile(rb'<dimension\b[^>]*?\bref="(?:[A-Z]+\d+:)?([A-Z]{1,4})(\d{1,10})"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
_MANIFEST = "META-INF/manifest.xml"
_STEPS = re.compile(r"[/\\]")
_ENCRYPTED = 1  # bit of a zip entry that needs a password
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
    {"workbook", "word", "spreadsheetml", "html", "delimited"}

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
        return "word" if is_word(path) else "workbook"
    if head.startswith(OLE2):
        _check_ole2(path)
        return "workbook"
    if _SPREADSHEETML in _ascii(head):
        return "spreadsheetml"
    if _HTML.search(_ascii(head)):
        return "html"
    if _is_binary(head) or head.startswith(b"%PDF"):
        raise RefusedFile("read.not_a_table", found=_shown(head))
    return "delimited"


def is_word(path: Path) -> bool:
    """Tell whether an archive that was checked is a document of Word and no workbook."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return WORD_PART in names and not any(name.startswith("xl/") for name in names)


def check_archive(path: Path) -> None:
    """Refuse a zip whose entries would not fit in memory, or that is no workbook.

    Only the directory and the first block of each sheet are looked at: unpacking a large sheet to
    search it would cost as much as reading it. A sheet whose cells lie beyond what it claims ends
    at the limits of the process that reads it.

    Raises
    ------
    RefusedFile
        Damaged or encrypted archive, too many entries, too large or too dense a content, no
        workbook, or a sheet that claims cells beyond the limits of rows and columns.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, path.stat().st_size)
            _check_names([entry.filename for entry in entries])
            if _is_encrypted(archive, entries):
                raise RefusedFile("read.password", found=path.name)
            for entry in entries:
                if _SHEET.match(entry.filename):
                    _check_extent(archive, entry)
    except _DAMAGED as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise RefusedFile("read.bomb", found=f"{len(entries):,} entries", limit=f"{MAX_ENTRIES:,}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked > MAX_RATIO * packed):
        raise RefusedFile("read.bomb", found=f"{unpacked:,} bytes", limit=f"{MAX_UNPACKED:,}")


def _check_names(names: list[str]) -> None:
    """Refuse documents, presentations and plain archives by the names of their parts.

    A part that stands twice is read differently by different programs, and one that leads out of
    the archive serves no office: both are made by hand.
    """
    if len(set(names)) < len(names):
        raise RefusedFile("read.damaged", found="a part that stands twice")
    if any(name.startswith("/") or ".." in _STEPS.split(name) for name in names):
        raise RefusedFile("read.damaged", found="../")
    if any(name.startswith("xl/") or name in {"content.xml", WORD_PART} for name in names):
        return
    kinds = {"word/": "docx", "ppt/": "pptx", "META-INF/": "jar"}
    found = (kind for start, kind in kinds.items() if any(n.startswith(start) for n in names))
    raise RefusedFile("read.not_a_table", found=next(found, "zip"))


def _is_encrypted(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    """Tell whether the entries, or the content of an ods, are protected by a password."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        return True
    if _MANIFEST not in archive.namelist():
        return False
    with archive.open(_MANIFEST) as stream:
        return b"encryption-data" in stream.read(1 << 20)


def _check_extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a sheet that says itself that its cells reach beyond the limits."""
    with archive.open(entry) as stream:
        claimed = _DIMENSION.search(stream.read(_HEAD))
    if claimed:
        check_size(int(claimed[2]), _column_number(claimed[1]))


def check_size(rows: int, columns: int, packed: int = MAX_FILE) -> None:
    """Refuse a sheet that is too long, too wide, or too large in all.

    Parameters
    ----------
    rows, columns : int
        Its extent, empty cells within it too.
    packed : int, optional
        Bytes of its file: a cell far outside a small table makes millions of empty ones.

    Raises
    ------
    RefusedFile
        ``read.too_wide``.
    """
    most = min(MAX_CELLS, SPARSE + CELLS_A_BYTE * packed)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > most:
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
    """Refuse what is no open workbook; names in the directory of an OLE2 file are UTF-16."""
    content = path.read_bytes()
    encrypted = any(part.encode("utf-16-le") in content for part in _ENCRYPTED_PARTS)
    if encrypted or _has_password_record(content):
        raise RefusedFile("read.password", found=path.name)
    for part, kind in _OTHER_PARTS.items():
        if part.encode("utf-16-le") in content and "Workbook".encode("utf-16-le") not in content:
            raise RefusedFile("read.not_a_table", found=kind)


def _has_password_record(content: bytes) -> bool:
    """Tell whether the first records of an xls say that the others are encrypted."""
    at = content.find(_XLS_BEGINS)
    for _ in range(_FIRST_RECORDS if at >= 0 else 0):
        kind, length = int.from_bytes(content[at : at + 2], "little"), content[at + 2 : at + 4]
        if kind == _FILEPASS:
            return True
        at += 4 + int.from_bytes(length, "little")
    return False


def _ascii(head: bytes) -> bytes:
    """Drop the zero bytes of UTF-16 so that tags can be recognised."""
    return head.replace(b"\0", b"") if _is_wide(head) else head


def _is_wide(head: bytes) -> bool:
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or unmarked_utf16(head) is not None


def _is_binary(head: bytes) -> bool:
    if _is_wide(head):
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head)
    return b"\0" in head or controls > len(head) // 20


def _shown(head: bytes) -> str:
    return next((kind for mark, kind in _KINDS if head.startswith(mark)), f"0x{head[:4].hex()}")
