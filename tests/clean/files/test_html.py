"""Pages: spans, what a parser skips, and what must not be lost without a word."""

import pytest

from evallib.clean.files.html import read_html
from evallib.errors import RefusedFile

HEAD = "<tr><th>ที่</th><th>ตำบล</th></tr>"
ROW = "<tr><td>1</td><td>ตาชี</td></tr>"


def read(tmp_path, text: str):
    file = tmp_path / "page.xls"
    file.write_text(text, encoding="utf-8")
    return read_html(file)


def cells(tmp_path, text: str) -> list[list[object]]:
    (grid,), _ = read(tmp_path, text)
    return [list(row) for row in grid.rows]


def test_cells_stand_beside_those_that_reach_down(tmp_path) -> None:
    rows = (
        '<tr><td rowspan="3">a<td colspan="2">b<td>c</tr>'
        '<tr><td rowspan="2" colspan="2">d<td>e</tr><tr><td>f</tr><tr><td>g</tr>'
    )
    assert cells(tmp_path, f"<table>{rows}</table>") == [
        ["a", "b", None, "c"], [None, "d", None, "e"], [None, None, None, "f"], ["g"],
    ]  # fmt: skip


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "²", "٣", " 1 ", "1.5", "9" * 5_000])
def test_a_span_that_is_none_or_endless_breaks_nothing(span, tmp_path) -> None:
    rows = cells(tmp_path, f'<table>{HEAD}<tr><td colspan="{span}">a<td>b</table>')
    assert rows[1][0] == "a"
    assert rows[1][-1] == "b"
    assert len(rows[1]) in (2, 501)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"<table>{HEAD}{ROW}</table>", []),
        (f"<table>{HEAD}<!-- {ROW} -->{ROW}</table><script>'<table>'</script>", []),
        (f"<table>{HEAD}{ROW}", ["read.page_cut"]),
        (f"<table>{HEAD}{ROW}<!-- {ROW}{ROW}</table>", ["read.rows_unread"]),
        (f"<table>{HEAD}{ROW}<textarea>{ROW}</table>", ["read.rows_unread"]),
        (f"<TABLE>{HEAD}{ROW}<SCRIPT>{ROW}</TABLE>", ["read.rows_unread"]),
    ],
)
def test_what_is_not_read_is_said(text, codes, tmp_path) -> None:
    _, findings = read(tmp_path, text)
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"<table>{HEAD}<tr><td>{'<b>' * 999}x</table>", "read.damaged"),
        (f"<table>{HEAD}{'<tr><td>1' * 200_001}</table>", "read.too_wide"),
        (f"<table>{HEAD}<tr>{'<td>1' * 2_001}</table>", "read.too_wide"),
        ("<html><p>hello</p></html>", "read.not_a_table"),
    ],
)
def test_a_page_beyond_the_limits_is_refused(text, code, tmp_path) -> None:
    with pytest.raises(RefusedFile) as refused:
        read(tmp_path, text)
    assert refused.value.code == code


def test_a_table_that_holds_others_keeps_its_own_texts(tmp_path) -> None:
    inner = f"<table>{HEAD}{ROW}</table>"
    outer = f"<tr><td>ไตรมาส <b>3</b></td></tr><tr><td>{inner}</td><td>x{inner}y</td></tr>"
    grids, findings = read(tmp_path, f"<table>{outer}</table>")
    assert [[list(row) for row in grid.rows] for grid in grids] == [
        [["ไตรมาส 3"], [None, "xy"]], *[[["ที่", "ตำบล"], ["1", "ตาชี"]]] * 2]  # fmt: skip
    assert findings == []


def test_pages_one_after_another_are_all_read(tmp_path) -> None:
    page = f"<!DOCTYPE html><html><body><table>{HEAD}{ROW}</table></body></html>\n"
    grids, findings = read(tmp_path, page * 3)
    assert [len(grid) for grid in grids] == [2, 2, 2]
    assert findings == []


def test_the_titles_around_a_table_are_its_titles(tmp_path) -> None:
    from evallib.clean import read_sheets

    file = tmp_path / "page.xls"
    inner = f"<table>{HEAD}{ROW}</table>"
    file.write_text(f"<table><tr><td>ไตรมาส 3/2565<tr><td>{inner}</table>", encoding="utf-8")
    (sheet,) = read_sheets(file)
    assert sheet.titles == ("ไตรมาส 3/2565",)
    assert sheet.frame.loc[2].tolist() == ["1", "ตาชี"]


def test_rows_outside_any_table_and_programs_are_no_cells(tmp_path) -> None:
    grids, findings = read(
        tmp_path, f"<table>{HEAD}<tr><td>a<script>x()</script><!-- y -->b</table><p><tr><td>z"
    )
    assert [list(row) for row in grids[0].rows] == [["ที่", "ตำบล"], ["ab"]]
    assert [f.code for f in findings] in ([], ["read.rows_unread"])
