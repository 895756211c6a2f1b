"""Hidden columns are left out, hidden rows kept, formulas without a value named; all are said."""

import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from evallib.clean import read_sheets
from evallib.clean.files.grid import Grid, Marks
from evallib.clean.files.marks_of_binary import read_stream
from evallib.clean.files.marks_of_xml import read_marks
from evallib.clean.sheets.hidden import (
    column_letters,
    columns_within,
    leave_out_columns,
    report_rows,
)
from evallib.findings import Finding
from tests.clean.files.binary_parts import biff, ole2, record, write_xlsb, xls, xlsb_sheet
from tests.clean.files.hostile_binaries import endless_chain, far_chain
from tests.clean.files.hostile_ods import ods, ods_rows
from tests.clean.parts import HEAD, TABLE, inline, sheet, write_xlsx

ROWS = [HEAD, [1, "ซ่อมถนน", "ตาชี", 100_000], [2, "ประปาหมู่บ้าน", "เขาตูม", 50_000]]

SAYS_HIDDEN = 'hidden="1"'


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


def plain_marks(path: Path) -> Marks:
    """Read the marks of the first sheet from its tree: plain, and thirty times as slow."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        never = b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")
    columns = [
        (int(c.get("min")) - 1, min(int(c.get("max")), 16_384) - 1)
        for c in root.iter("{*}col")
        if c.get("hidden") in ("1", "true") or float(c.get("width", 1)) == 0
    ]
    rows = [
        int(r.get("r", 0))
        for r in root.iter("{*}row")
        if r.get("hidden") in ("1", "true") or float(r.get("ht", 1)) == 0
    ]
    empty = ("", "0") if never else ("",)
    cells = [
        c.get("r", "?")
        for c in root.iter("{*}c")
        if c.find("{*}f") is not None and (c.findtext("{*}v") or "") in empty
    ]
    return Marks(tuple(columns), tuple(rows), len(cells), tuple(cells[:8]))


def written_by_a_library(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("ก & ข")
        for r in range(2_000):
            page.write_row(r, 0, [r, "ข้อความ", 2.5])
            page.write_formula(r, 3, f"=SUM(A{r + 1}:C{r + 1})", None, "" if r % 5 == 0 else r)
            if r % 3 == 0:
                page.set_row(r, None, None, {"hidden": True})
            if r % 50 == 1:
                page.set_row(r, 0)
        page.set_column(4, 6, None, None, {"hidden": True})
        page.set_column(8, 8, 0)
    return path


def by_hand(data: str, **options: str):
    return lambda path: write_xlsx(path, sheet(data, **options))


def with_prefix(path: Path) -> Path:
    text = sheet('<row r="1" hidden="1"><c r="A1"><f>B1</f></c></row>')
    names = ("worksheet", "sheetData", "row", "c", "f")
    for name in names:
        text = text.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    return write_xlsx(path, text.replace("xmlns=", "xmlns:x="))


WRITTEN = {
    "a library": written_by_a_library,
    "a prefix before each tag": with_prefix,
    "shared formulas": by_hand(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A3" si="0">B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c>'
        '<c r="B2"><f t="shared" si="0"/><v>7</v></c>'
        '<c r="C2"><f>D1</f><v/></c><c r="D2"><f>D1</f><v></v></c><c r="E2"/></row>'
    ),
    "rows without numbers": by_hand(
        "<row hidden='1'><c><v>1</v></c></row><row><c><f>A1</f></c></row>"
    ),
    "columns to the end of the sheet": by_hand(
        TABLE, before='<cols><col min="3" max="16384" width="0" customWidth="1"/></cols>'
    ),
    "hidden, but not hidden": by_hand(
        f'<row r="1" hidden="0" ht="0.5">{inline("A1", SAYS_HIDDEN)}</row>'
    ),
    "a row of several blocks": by_hand(
        f'<row r="1" hidden="true">{inline("A1", "ก" * 3_000_000)}'
        f'<c r="B1"><f>A1</f></c></row>{TABLE}'
    ),
}  # fmt: skip


@pytest.mark.parametrize("writer", WRITTEN)
def test_marks_are_those_of_the_tree(writer, tmp_path) -> None:
    file = WRITTEN[writer](tmp_path / "book.xlsx")
    (found,) = read_marks(file).values()
    assert found == plain_marks(file)
    assert found != Marks() or writer == "hidden, but not hidden"


def test_a_zero_counts_as_no_value_where_the_writer_calculates_nothing(tmp_path) -> None:
    data = '<row r="1"><c r="A1"><f>B1</f><v>0</v></c><c r="B1"><f>C1</f><v>5</v></c></row>'
    sure = write_xlsx(tmp_path / "sure.xlsx", sheet(data))
    assert read_marks(sure)["แผ่น 1"].uncalculated == 0

    with zipfile.ZipFile(sure) as archive:
        book = archive.read("xl/workbook.xml").decode()
    book = book.replace("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')
    never = write_xlsx(tmp_path / "never.xlsx", sheet(data), **{"xl/workbook.xml": book})
    assert read_marks(never)["แผ่น 1"].first_cells == ("A1",)


def test_hidden_things_are_told_through_the_public_door(tmp_path) -> None:
    file = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("ไตรมาส 3")
        for r, row in enumerate([[*HEAD, "งบประมาณเดิม"], *([*row, 7] for row in ROWS[1:])]):
            page.write_row(r, 0, row)
        page.write_formula(3, 3, "=D2+D3", None, "")
        page.write_row(3, 0, [3, "ฝายชะลอน้ำ", "ตาชี"])
        page.set_column(4, 4, None, None, {"hidden": True})
        page.set_row(2, None, None, {"hidden": True})
    (read,) = read_sheets(file)

    assert list(read.frame.columns) == HEAD
    assert read.frame["ตำบล"].tolist() == ["ตาชี", "เขาตูม", "ตาชี"]  # the hidden row is there
    assert [(f.code, f.severity, f.where, f.value) for f in read.findings] == [
        ("read.hidden_rows", "warning", "report.xlsx | ไตรมาส 3 |  | ", "1 (3)"),
        ("read.hidden_columns", "warning", "report.xlsx | ไตรมาส 3 |  | ", "E งบประมาณเดิม (2)"),
        ("read.uncalculated", "warning", "report.xlsx | ไตรมาส 3 |  | ", "1 (D4)"),
    ]  # fmt: skip


def test_a_merged_text_whose_first_column_is_hidden_stays_where_it_is_seen() -> None:
    rows = [["ไตรมาสที่ 3", None, None], ["ที่", "ตำบล", "หมู่ที่"], [1, "ตาชี", 2]]
    grid, findings = leave_out_columns(Grid("ก", rows, ((0, 0, 0, 2),)), [0, 9])

    assert [list(row) for row in grid.rows] == [["ไตรมาสที่ 3", None], ["ตำบล", "หมู่ที่"], ["ตาชี", 2]]
    assert grid.spans == ((0, 0, 0, 1),)
    assert findings == [Finding("read.hidden_columns", "warning", "ก", "A ที่ (1)")]


def test_what_is_hidden_and_empty_is_not_worth_a_word() -> None:
    rows = [["ที่", None, "ตำบล"], [1, None, "ตาชี"], [], ["title_th", None, "tambon_code"]]
    grid = Grid("ก", rows)
    assert leave_out_columns(grid, [])[0] is grid
    narrow, findings = leave_out_columns(grid, [1])
    assert ([list(r) for r in narrow.rows[:2]], findings) == ([["ที่", "ตำบล"], [1, "ตาชี"]], [])
    assert report_rows(grid, [3, 4, 900]) == []  # empty, canonical names, beyond the sheet
    assert report_rows(grid, [2, 2, 0]) == [Finding("read.hidden_rows", "warning", "ก", "2 (2, ?)")]


def test_a_sheet_of_hidden_columns_alone_is_empty() -> None:
    grid, findings = leave_out_columns(Grid("ก", ROWS), range(16_384))
    assert (len(grid), codes(findings)) == (0, ["read.hidden_columns"])


def test_letters_of_columns_are_those_of_excel() -> None:
    from xlsxwriter.utility import xl_col_to_name

    assert [column_letters(c) for c in range(16_384)] == [xl_col_to_name(c) for c in range(16_384)]


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "read.macros"),
        ("xl/externalLinks/externalLink1.xml", "read.external_links"),
    ],
)
def test_macros_and_links_are_never_followed_and_told(part, code, tmp_path) -> None:
    dde = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    (read,) = read_sheets(write_xlsx(tmp_path / "book.xlsm", **{part: dde}))
    assert codes(read.findings) == [code]
    assert read.frame["ตำบล"].tolist() == ["ตาชี", "เขาตูม"]


LONG = [[*HEAD, "งบประมาณเดิม"], *([n, "ซ่อมถนน", "ตาชี", 100, 7] for n in range(1, 40))]


def write_xls(path: Path) -> Path:
    hidden_column = biff(0x7D, struct.pack("<HHHHHH", 4, 4, 2_340, 15, 1, 0))
    shown_column = biff(0x7D, struct.pack("<HHHHHH", 0, 3, 2_340, 15, 0, 0))
    hidden_row = biff(0x208, struct.pack("<HHHHHHHH", 2, 0, 5, 255, 0, 0, 0x20, 15))
    path.write_bytes(xls(LONG, before=shown_column + hidden_column + hidden_row))
    return path


def write_ods(path: Path) -> Path:
    column = '<table:table-column table:number-columns-repeated="4"/>'
    column += '<table:table-column table:visibility="collapse" table:number-columns-repeated="9"/>'
    lines = ods_rows(*([str(cell) for cell in row] for row in LONG)).split("<table:table-row>")
    lines[3] = ' table:visibility="filter">' + lines[3]
    rows = "<table:table-row>".join(lines[:3]) + "<table:table-row" + "<table:table-row>".join(
        lines[3:])  # fmt: skip
    path.write_bytes(ods(column + rows))
    return path


def write_xlsb_page(path: Path) -> Path:
    columns = record(390) + record(60, struct.pack("<IIIIH", 0, 3, 2_340, 0, 0))
    columns += record(60, struct.pack("<IIIIH", 4, 4, 2_340, 0, 1)) + record(391)
    return write_xlsb(path, xlsb_sheet(LONG, before=columns))


@pytest.mark.parametrize(
    ("write", "rows"), [(write_xls, True), (write_ods, True), (write_xlsb_page, False)]
)
def test_other_formats_say_what_is_hidden_too(write, rows, tmp_path) -> None:
    (read,) = read_sheets(write(tmp_path / "report.dat"))
    assert list(read.frame.columns) == HEAD
    assert len(read.frame) == 39
    told = [(f.code, f.value) for f in read.findings]
    expected = [("read.hidden_columns", "E งบประมาณเดิม (39)")]
    assert told == [("read.hidden_rows", "1 (3)")] * rows + expected


def test_a_short_stream_lies_in_the_small_sectors_of_a_compound_file() -> None:
    content = b"".join(bytes([n]) * 64 for n in range(1, 9))
    whole = bytearray(ole2({"Root": content, "Small": b"", "Table": b""}))
    # The root's stream holds the small sectors; theirs is the table in the stream "Table".
    directory = whole.index("Root Entry".encode("utf-16-le"))
    whole[directory + 116 : directory + 120] = struct.pack("<I", 1)
    small = directory + 2 * 128
    whole[small + 116 : small + 128] = struct.pack("<IQ", 7, 100)
    (table,) = struct.unpack_from("<I", whole, directory + 3 * 128 + 116)
    whole[512 + table * 512 : 512 + table * 512 + 32] = struct.pack("<8I", *[0xFFFFFFFE] * 7, 2)
    whole[60:64] = struct.pack("<I", table)
    assert read_stream(bytes(whole), ("Small",)) == bytes([8]) * 64 + bytes([3]) * 36


@pytest.mark.parametrize("damage", ["endless", "far", "cut", "no stream", "zeros"])
def test_a_broken_compound_file_raises_one_error(damage) -> None:
    content = {
        "endless": endless_chain(), "far": far_chain(), "cut": xls()[:700],
        "no stream": ole2({"Other": b""}), "zeros": bytes(5_000),
    }[damage]  # fmt: skip
    with pytest.raises(ValueError):
        read_stream(content, ("Workbook",))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9) | st.just(2**32 - 1))))
def test_columns_are_those_of_every_run_within_the_sheet(runs) -> None:
    one_by_one = {c for first, last in runs for c in range(first, min(last, 5) + 1)}
    assert columns_within(runs, 6) == sorted(one_by_one & set(range(6)))


def test_a_million_runs_over_one_another_are_as_good_as_one() -> None:
    assert columns_within([(0, 2**32 - 1)] * 1_000_000, 3) == [0, 1, 2]
