"""SpreadsheetML 2003: gaps, merged cells, types, and what a hostile file may do with them."""

from datetime import datetime
from pathlib import Path

import pytest

from evallib.clean import read_sheets
from evallib.clean.files.grid import Marks
from evallib.clean.files.spreadsheetml import read_spreadsheetml
from evallib.clean.sheets.hidden import heed_marks
from evallib.errors import RefusedFile


def page(*sheets: str, prolog: str = '<?xml version="1.0"?>', encoding: str = "utf-8") -> bytes:
    """Write an export; each sheet is what stands inside ``<Worksheet>``."""
    parts = "".join(f'<Worksheet ss:Name="แผ่น {i}">{s}</Worksheet>' for i, s in enumerate(sheets))
    names = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    return f"{prolog}<Workbook {names}>{parts}</Workbook>".encode(encoding)


def cell(text: str, kind: str = "String", **attributes: object) -> str:
    more = "".join(f' ss:{name}="{value}"' for name, value in attributes.items())
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


HEAD = f"<Row>{cell('ที่')}{cell('ตำบล')}</Row>"


def cells(tmp_path: Path, *sheets: str, **options: str) -> list[list[object]]:
    file = tmp_path / "export.xls"
    file.write_bytes(page(*sheets, **options))
    grids, _ = read_spreadsheetml(file)
    return [list(row) for row in grids[0].rows]


def test_a_table_is_read_through_the_public_door_whatever_its_name(tmp_path) -> None:
    file = tmp_path / "report.xls"
    row = f"<Row>{cell('1', 'Number')}{cell('ตาชี')}</Row>"
    file.write_bytes(page(f"<Table>{HEAD}{row}</Table>"))
    (sheet,) = read_sheets(file)

    assert (sheet.name, sheet.frame.index.tolist()) == ("แผ่น 0", [2])
    assert sheet.frame.loc[2].tolist() == [1.0, "ตาชี"]


def test_index_and_span_leave_gaps_where_the_sheet_has_them(tmp_path) -> None:
    rows = (
        f"<Row>{cell('a')}{cell('c', Index=3)}{cell('d')}</Row>"
        f'<Row ss:Index="4" ss:Span="1">{cell("e")}</Row><Row>{cell("f")}</Row>'
    )
    assert cells(tmp_path, f"<Table>{rows}</Table>") == [
        ["a", None, "c", "d"], [], [], ["e"], [], ["f"]]  # fmt: skip


@pytest.mark.parametrize("index", ["0", "-3", "1", "x", "", "٣", "99999999999999999999"])
def test_an_index_that_is_none_or_runs_backwards_overwrites_nothing(index, tmp_path) -> None:
    rows = f"<Row>{cell('a')}{cell('b')}{cell('c', Index=index)}</Row>"
    assert cells(tmp_path, f"<Table>{rows}</Table>") == [["a", "b", "c"]]


def test_merged_cells_become_spans_within_the_sheet(tmp_path) -> None:
    file = tmp_path / "export.xls"
    rows = (
        f"<Row>{cell('a', MergeAcross=1, MergeDown=900)}{cell('b')}</Row>"
        f"<Row>{cell('c', Index=3)}</Row>"
    )
    file.write_bytes(page(f"<Table>{rows}</Table>"))
    (grid,), _ = read_spreadsheetml(file)
    assert grid.spans == ((0, 0, 1, 1),)
    assert [list(row) for row in grid.rows] == [["a", None, "b"], [None, None, "c"]]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("1.5E3", "Number", 1500.0), ("-.5", "Number", -0.5), ("INF", "Number", "INF"),
        ("NaN", "Number", "NaN"), ("1e999", "Number", "1e999"), ("1_000", "Number", "1_000"),
        ("๑๒", "Number", "๑๒"), ("1,000", "Number", "1,000"),
        ("2022-06-24T00:00:00.000", "DateTime", datetime(2022, 6, 24)),
        ("2022-06-24T09:00:00Z", "DateTime", datetime(2022, 6, 24, 9)),
        ("2565-02-30", "DateTime", "2565-02-30"),
        ("1", "Boolean", "True"), ("0", "Boolean", "False"),
        ("#REF!", "Error", "#REF!"), ("  ", "String", None), ("=1+1", "String", "=1+1"),
        ("ก &amp; ข", "String", "ก & ข"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_stated_type_stays_text(text, kind, expected, tmp_path) -> None:
    ((found,),) = cells(tmp_path, f"<Table><Row>{cell(text, kind)}</Row></Table>")
    assert (found, type(found)) == (expected, type(expected))


def test_a_hidden_sheet_is_left_out_and_reported(tmp_path) -> None:
    file = tmp_path / "export.xls"
    table = f"<Table>{HEAD}<Row>{cell('1')}{cell('ตาชี')}</Row></Table>"
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    file.write_bytes(page(table, table + options))
    (sheet,) = read_sheets(file)
    assert [(f.code, f.where) for f in sheet.findings] == [
        ("read.hidden_sheet", "export.xls | แผ่น 1 |  | ")]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_encodings_of_exports(encoding, tmp_path) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    table = f"<Table><Row>{cell('ปัตตานี')}</Row></Table>"
    assert cells(tmp_path, table, prolog=prolog, encoding=encoding) == [["ปัตตานี"]]


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
REFUSED = {
    "entities that multiply": (
        page(
            f"<Table><Row>{cell('&l9;')}</Row></Table>",
            prolog=f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]>',
        ),
        "read.damaged",
    ),
    "an entity that is a file": (
        page(
            f"<Table><Row>{cell('&x;')}</Row></Table>",
            prolog='<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        ),
        "read.damaged",
    ),
    "cut short": (page(f"<Table>{HEAD}</Table>")[:-20], "read.damaged"),
    "no sheet": (page(), "read.not_a_table"),
    "a row too far": (page('<Table><Row ss:Index="1048576"/></Table>'), "read.too_wide"),
    "rows that span too far": (page('<Table><Row ss:Span="999999999"/></Table>'), "read.too_wide"),
    "a cell too far": (
        page(f"<Table><Row>{cell('x', Index=16384)}</Row></Table>"),
        "read.too_wide",
    ),
    "a cell too wide": (
        page(f"<Table><Row>{cell('x', MergeAcross=16000)}</Row></Table>"),
        "read.too_wide",
    ),
    "elements within elements": (
        page("<Table><Row><Cell>" + "<Data>" * 5_000 + "x" + "</Data>" * 5_000), "read.damaged"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_exports_are_refused(kind, tmp_path) -> None:
    content, code = REFUSED[kind]
    file = tmp_path / "export.xls"
    file.write_bytes(content)
    with pytest.raises(RefusedFile) as refused:
        read_spreadsheetml(file)
    assert refused.value.code == code


def test_hidden_columns_are_left_out_and_hidden_rows_kept(tmp_path) -> None:
    file = tmp_path / "export.xls"
    columns = '<Column ss:Index="2" ss:Span="1" ss:Hidden="1"/><Column/>'
    lines = "".join(
        f"<Row{more}>{''.join(map(cell, line))}</Row>"
        for line, more in (
            (("ที่", "งบประมาณเดิม", "หมายเหตุ", "ตำบล"), ""),
            (("1", "500", "", "ตาชี"), ' ss:Index="3" ss:Hidden="1"'),
        )
    )
    file.write_bytes(page(f"<Table>{columns}{lines}</Table>"))
    grids, noticed = read_spreadsheetml(file)
    assert grids[0].marks == Marks(hidden_columns=((1, 1), (2, 2)), hidden_rows=(3,))
    assert noticed == []
    shown, findings = heed_marks(grids)
    assert [list(row) for row in shown[0].rows] == [["ที่", "ตำบล"], [None, None], ["1", "ตาชี"]]
    assert [(f.code, f.value) for f in findings] == [
        ("read.hidden_rows", "1 (3)"), ("read.hidden_columns", "B งบประมาณเดิม (1)")]  # fmt: skip
