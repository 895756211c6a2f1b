"""Binary workbooks with false lengths and chains, and files that are no tables at all."""

import struct
import zlib

from evallib.clean.files.sniff import OLE2
from tests.clean.files.binary_parts import (
    ROWS,
    biff,
    ole2,
    record,
    xls,
    xls_stream,
    xlsb_parts,
    xlsb_sheet,
)  # fmt: skip
from tests.clean.files.hostile_workbooks import WHOLE, packed

WHOLE_XLS = xls()
_HEAD = 512  # bytes before the table of sectors


def xlsb(sheet: bytes) -> bytes:
    return packed(xlsb_parts(sheet))


def endless_chain() -> bytes:
    """Return a compound file whose sectors follow each other in a circle."""
    whole = bytearray(WHOLE_XLS)
    whole[_HEAD + 8 : _HEAD + 12] = struct.pack("<I", 1)  # after sector 2 comes sector 1
    return bytes(whole)


def far_chain() -> bytes:
    """Return a compound file whose next sector lies far behind its end."""
    whole = bytearray(WHOLE_XLS)
    whole[_HEAD + 4 : _HEAD + 8] = struct.pack("<I", 0x7FFFFFF0)
    return bytes(whole)


def many_tables() -> bytes:
    """Return a compound file that says that it has four billion tables of sectors."""
    whole = bytearray(WHOLE_XLS)
    whole[44:48] = struct.pack("<I", 0xFFFFFFFF)
    return bytes(whole)


def under_password() -> bytes:
    """Return the stream of a workbook whose first record after its beginning is FILEPASS."""
    stream = xls_stream()
    start = len(biff(0x809, bytes(16)))
    return stream[:start] + biff(0x2F, bytes(54)) + stream[start:]


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)  # ten gigabytes of pixels
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
FAR = struct.pack("<HHHd", 65_535, 255, 0, 5.0)
TEXT = struct.pack("<HHHHB", 3, 0, 0, 60_000, 1) + "ก".encode("utf-16-le")

BINARIES = {
    # xls
    "an xls under a password": (
        OLE2 + "EncryptedPackage".encode("utf-16-le") * 40,
        "refused.password",
    ),
    "an xls with a record of passwords": (ole2({"Workbook": under_password()}), "refused.password"),
    **{
        f"an xls cut at {share} %": (WHOLE_XLS[: len(WHOLE_XLS) * share // 100], "refused.")
        for share in (2, 10, 50)
    },
    "an xls whose record is longer than the file": (
        xls(after=biff(0x204, b"\0" * 9, claimed=65_535)),
        "refused.damaged",
    ),
    "an xls whose text is longer than its record": (xls(after=biff(0x204, TEXT)), "header.footers"),
    "an xls with a record of no length": (xls(after=biff(0x203)), "refused.damaged"),
    "an xls with a cell at its last place": (xls(after=biff(0x203, FAR)), "refused.too_wide"),
    "an xls with a blank cell at its last place": (xls(after=biff(0x201, FAR[:6])), ""),
    "an xls with blank cells at its last row": (
        xls(after=biff(0xBE, FAR[:2] + struct.pack("<HHHH", 254, 0, 0, 255))),
        "",
    ),
    "an xls that lies about its size": (
        xls(before=biff(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))),
        "refused.beyond_limits",
    ),
    "an xls whose chain never ends": (endless_chain(), ""),
    "an xls whose chain leads out of it": (far_chain(), "refused."),
    "an xls of four billion tables": (many_tables(), ""),
    "an xls of zeros": (OLE2 + b"\0" * 5_000, "refused.damaged"),
    "an xls with macros": (
        ole2({"Workbook": xls_stream(), "_VBA_PROJECT": b"\1" * 4_096}),
        "read.macros",
    ),
    "a document of Word 97": (ole2({"WordDocument": b"\1" * 4_096}), "refused.not_a_table"),
    "a presentation of 97": (ole2({"PowerPoint Document": b"\1" * 4_096}), "refused.not_a_table"),
    # xlsb
    "an xlsb cut in its records": (xlsb(xlsb_sheet()[:60]), "refused."),
    "an xlsb that hides four billion columns": (
        xlsb(xlsb_sheet(before=record(60, struct.pack("<IIIIH", 9, 0xFFFFFFFF, 0, 0, 1)))),
        "",
    ),
    "an xlsb cut in a cell": (xlsb(xlsb_sheet()[:-30]), "refused.damaged"),
    "an xlsb whose record is longer than the part": (
        xlsb(xlsb_sheet()[:-8] + record(6, b"\0" * 9, claimed=200_000_000)),
        "refused.damaged",
    ),
    "an xlsb whose text lies about its length": (
        xlsb(
            xlsb_sheet([*ROWS, ["x"]]).replace(
                struct.pack("<I", 1) + b"x\0", struct.pack("<I", 0x7FFFFFFF) + b"x\0"
            )
        ),
        "refused.",
    ),
    "an xlsb with a cell at XFD1048576": (
        xlsb(
            xlsb_sheet()[:-6]
            + record(0, struct.pack("<IIHHBI", 1_048_575, 0, 300, 0, 0, 0))
            + record(5, struct.pack("<IId", 16_383, 0, 5.0))
            + record(146)
            + record(130)
        ),
        "refused.",
    ),
    "an xlsb of noise": (xlsb(bytes(range(256)) * 9), "refused."),
    # No tables
    "a PDF": (PDF, "refused.not_a_table"),
    "a picture of ten gigabytes": (png(), "refused.not_a_table"),
    "a photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(99), "refused.not_a_table"),
    "an archive of another kind": (b"Rar!\x1a\7\1\0" + bytes(99), "refused.not_a_table"),
    "a bomb of gzip": (zlib.compress(b"\0" * 9_999_999, wbits=31), "refused.not_a_table"),
    "a program": (b"MZ\x90\0" + bytes(999), "refused.not_a_table"),
    "a program before a workbook": (b"MZ\x90\0" + bytes(999) + WHOLE, "refused.not_a_table"),
    "a page before a workbook": (b"<html><table><tr><td>1</table>" + WHOLE, "refused."),
    "zeros": (b"\0" * 100_000, "refused.not_a_table"),
}
