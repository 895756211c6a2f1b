"""Workbooks made to harm the one who opens them, and those that break on their own."""

import io
import struct
import zipfile
import zlib

from tests.clean.parts import HEAD, TABLE, inline, rows, sheet, xlsx_parts

Parts = dict[str, str | bytes]
BIG = 30_000_000


def packed(parts: Parts, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return held.getvalue()


def xlsx(*sheets: str, **more: str | bytes) -> bytes:
    return packed({**xlsx_parts(*(sheets or (sheet(),))), **more})


def data(*cells: str) -> bytes:
    """Return a workbook whose table is followed by a row of these cells."""
    return xlsx(sheet(f'{TABLE}<row r="4">{"".join(cells)}</row>'))


def overlapping() -> bytes:
    """Return an archive whose entries are all the same bytes: 700 MB out of 1 MB."""
    whole = packed({"xl/workbook.xml": b"\0" * 1_000_000})
    directory = whole.index(b"PK\1\2")
    end = whole.index(b"PK\5\6")
    entry = whole[directory:end]
    entries = b"".join(
        entry.replace(b"xl/workbook.xml", b"xl/workbook%04d" % i) for i in range(700)
    )
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 700, 700, len(entries), directory, 0)
    return whole[:directory] + entries + tail


def lying_size() -> bytes:
    """Return a workbook whose directory says that a sheet of 30 MB has 100 bytes."""
    whole = xlsx(sheet(TABLE + " " * BIG))
    return whole.replace(
        struct.pack("<I", len(sheet(TABLE + " " * BIG).encode())), struct.pack("<I", 100)
    )


def encrypted_entries() -> bytes:
    whole = bytearray(xlsx())
    at = -1
    while (at := whole.find(b"PK\1\2", at + 1)) >= 0:
        whole[at + 8] |= 1
    return bytes(whole)


def doubled() -> bytes:
    """Return a workbook with two sheets of one name, of which each program shows another."""
    whole = xlsx(**{"xl/worksheets/sheet9.xml": sheet(rows(HEAD, [1, "อื่น", "ตาชี", 9]))})
    return whole.replace(b"sheet9.xml", b"sheet1.xml")


def flipped() -> bytes:
    whole = bytearray(xlsx())
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    whole[at] ^= 0x55
    return bytes(whole)


def laughing(target: str) -> bytes:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    prolog = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    parts = xlsx_parts(sheet(TABLE + f'<row r="4">{inline("A4", "&l11;")}</row>'))
    return packed({**parts, target: prolog + parts[target]})


def shared(count: int, cell: str, *texts: str) -> bytes:
    """Return a workbook with a table of shared texts that says it has ``count``."""
    held = "".join(f"<si><t>{text}</t></si>" for text in texts)
    table = f'<sst count="{count}" uniqueCount="{count}">{held}</sst>'
    link = xlsx_parts("")["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    text = sheet(f'{TABLE}<row r="4"><c r="A4" t="s"><v>{cell}</v></c></row>')
    return xlsx(text, **{"xl/sharedStrings.xml": table, "xl/_rels/workbook.xml.rels": link})


def named(name: str) -> bytes:
    parts = xlsx_parts(sheet())
    return packed({k: v.replace("แผ่น 1", name) for k, v in parts.items()})


def headed(*headings: str) -> bytes:
    return xlsx(sheet(rows(list(headings), [1, "ซ่อมถนน", "ตาชี", 100_000])))


def only(parts: Parts) -> bytes:
    return packed(parts)


WHOLE = xlsx()
MACRO = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
DEEP = "<a>" * 100_000
FAR_MERGE = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
MERGES = "".join(f'<mergeCell ref="A{i % 3 + 1}:D{i % 3 + 2}"/>' for i in range(50_000))

WORKBOOKS = {
    # Bombs
    "a sheet of 30 MB of nothing": (xlsx(sheet(TABLE + " " * BIG)), "refused.bomb"),
    "6,000 entries": (
        only({**xlsx_parts(sheet()), **{f"xl/media/{i}": "" for i in range(6_000)}}),
        "refused.bomb",
    ),
    "entries that overlap": (overlapping(), "refused.bomb"),
    "an archive in an archive in an archive": (
        only({"0.zip": only({"0.zip": only({"0": b"\0" * BIG})})}),
        "refused.not_a_table",
    ),
    "a bomb of shared texts": (shared(1, "0", "ก" * 10_000_000), "refused.bomb"),
    "a directory that lies about a size": (lying_size(), "refused."),
    "entities that multiply in a sheet": (laughing("xl/worksheets/sheet1.xml"), "refused."),
    "entities that multiply in the book": (laughing("xl/workbook.xml"), "refused."),
    "a style that lies about its count": (
        xlsx(
            **{
                "xl/styles.xml": '<styleSheet><cellXfs count="4294967295"><xf/></cellXfs>'
                "</styleSheet>"
            }
        ),
        "",
    ),
    # Far and false places
    "a cell at XFD1048576": (
        xlsx(sheet(TABLE + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "refused.beyond_limits",
    ),
    "a dimension to XFD1048576": (
        xlsx(sheet(before='<dimension ref="A1:XFD1048576"/>')),
        "refused.too_wide",
    ),
    "a dimension that is too small": (xlsx(sheet(before='<dimension ref="A1"/>')), ""),
    "a row beyond all numbers": (
        xlsx(sheet(TABLE + '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')),
        "refused.",
    ),
    "a column beyond all letters": (data('<c r="ZZZZZZZZ4"><v>1</v></c>'), "refused."),
    "a cell without a row": (data('<c r="A"><v>1</v></c>', '<c r="4"><v>1</v></c>'), "refused."),
    "a cell in row 0": (data('<c r="A0"><v>1</v></c>'), "refused."),
    "a million columns": (
        xlsx(sheet(f'{TABLE}<row r="4">{"<c><v>1</v></c>" * 1_000_000}</row>')),
        "refused.",
    ),
    "250,000 rows": (
        xlsx(
            sheet(
                TABLE
                + "".join(
                    f'<row r="{r}"><c r="A{r}"><v>{r * 7919}</v></c></row>'
                    for r in range(4, 250_000)
                )
            )
        ),
        "refused.too_wide",
    ),
    "1,000 sheets": (xlsx(*[sheet()] * 1_000), "refused.too_wide"),
    "1,900 headings of one name": (
        headed(*HEAD, *["งบประมาณ (บาท)"] * 1_900),
        "header.heading_doubled",
    ),
    "1,900 headings": (
        headed(*HEAD, *(f"หัวข้อ {n}" for n in range(1_900))),
        "header.heading_unknown",
    ),
    "a formula of 100,000 brackets": (
        data(f'<c r="A4"><f>{"(" * 100_000}</f></c>'),
        "read.uncalculated",
    ),
    "merged cells over the whole sheet": (xlsx(sheet(after=FAR_MERGE)), "refused.kind_unknown"),
    "50,000 merged cells that overlap": (
        xlsx(sheet(after=f"<mergeCells>{MERGES}</mergeCells>")),
        "refused.damaged",
    ),
    # False values
    "shared texts that lie about their count": (shared(4_294_967_295, "0", "ก"), "refused."),
    "a shared text that is not there": (shared(1, "99999999", "ก"), "refused."),
    "a shared text before the first": (shared(1, "-1", "ก"), "header.footers"),
    "numbers that are none": (
        data(
            *(
                f'<c r="{c}4"><v>{v}</v></c>'
                for c, v in zip("ABCD", ("1e999", "NaN", "x", "-1e999"), strict=True)
            )
        ),
        "amount.unreadable",
    ),
    "a date beyond all calendars": (
        data('<c r="A4" t="d"><v>99999-99-99T99:99:99</v></c>'),
        "header.footers",
    ),
    # Protected, active, linked
    "entries under a password": (encrypted_entries(), "refused.password"),
    "macros": (xlsx(**MACRO), "read.macros"),
    "macros of Excel 4": (xlsx(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "read.macros"),
    "links to another file": (
        xlsx(**{"xl/externalLinks/externalLink1.xml": '<externalLink r="\\\\host\\share"/>'}),
        "read.external_links",
    ),
    "a command behind a link (DDE)": (
        data("<c r=\"A4\"><f>cmd|'/c calc'!A0</f></c>", inline("B4", "ฝาย"), inline("C4", "ตาชี")),
        "read.uncalculated",
    ),
    # Cut, changed, put together by hand
    **{
        f"an xlsx cut at {share} %": (WHOLE[: len(WHOLE) * share // 100], "refused.damaged")
        for share in (1, 10, 50, 90, 99)
    },
    "a byte that flipped": (flipped(), "refused.damaged"),
    "a sheet that stands twice": (doubled(), "refused.damaged"),
    "an entry that leads out of the archive": (xlsx(**{"../../x.xml": "<x/>"}), "refused.damaged"),
    "an entry with the path of a drive": (xlsx(**{"xl\\..\\..\\x": "<x/>"}), "refused.damaged"),
    "a sheet that is not there": (
        only({k: v for k, v in xlsx_parts(sheet()).items() if "sheet1" not in k}),
        "refused.damaged",
    ),
    "a sheet that lies outside": (
        xlsx(
            **{
                "xl/_rels/workbook.xml.rels": xlsx_parts("")["xl/_rels/workbook.xml.rels"].replace(
                    "worksheets/sheet1.xml", "../../../../etc/hostname"
                )
            }
        ),
        "refused.damaged",
    ),
    "a book without sheets": (xlsx(**{"xl/workbook.xml": "<workbook/>"}), "refused."),
    "elements within elements": (data(DEEP), ""),
    "XML that never ends": (xlsx(sheet()[:300]), "refused."),
    "random bytes for a sheet": (
        xlsx(**{"xl/worksheets/sheet1.xml": zlib.compress(b"x" * 999)}),
        "refused.",
    ),
    "an empty archive": (only({}), "refused.not_a_table"),
    # Not a workbook
    "a Word document": (only({"word/document.xml": "<w/>"}), "refused.not_a_table"),
    "a presentation": (only({"ppt/presentation.xml": "<p/>"}), "refused.not_a_table"),
    "a program in Java": (only({"META-INF/MANIFEST.MF": "x"}), "refused.not_a_table"),
    # Texts that deceive
    "a sheet named from right to left": (named("แผ่น\u202e1"), "read.directions"),
    "a sheet with a bar in its name": (named("ก | ข | 5"), ""),
    "headings from right to left": (
        headed(*HEAD[:3], "\u202eงบประมาณ (บาท)\u202c"),
        "read.directions",
    ),
    "a number from right to left": (data(inline("D4", "\u202e000,1")), "read.directions"),
    "Cyrillic letters in a heading": (headed(*HEAD, "รหัส eMENS\u0421R"), "read.look_alikes"),
    "Greek letters in a heading": (headed(*HEAD, "GPS l\u03b1t"), "read.look_alikes"),
    "Thai letters that look alike": (
        headed("ที่", "ชื่อโครงการ/กิจกรรม", "ตําบล", "งบปฺระมาณ (บาท)"),
        "header.",
    ),
}
