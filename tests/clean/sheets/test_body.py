"""Rows sorted by whole columns are sorted as one row at a time would be."""

from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.clean.files.grid import Grid, factor
from evallib.clean.sheets import body
from evallib.clean.sheets.body import read_body
from evallib.clean.sheets.headers import find_header
from tests.clean.sheets.reference_body import read_body as read_plainly

HEAD = [
    "ที่", "ชื่อโครงการ/กิจกรรม", "ตำบล", "อำเภอ", "สถานะ", "แผนงาน", "งบประมาณ (บาท)", "เบิกจ่าย (บาท)",
]  # fmt: skip
CELLS = st.sampled_from([
    None, None, 1, 2.5, 100, "๑,๒๐๐ บาท", "-", "ไม่มี", "ขุดบ่อ", "รวม", "รวมทั้งสิ้น", "รวม อ.ยะรัง",
    "Grand total", "รวมพลังสร้างสุข", "ลงชื่อ........", "(นายสมมติ นามแฝง)", "อำเภอยะรัง", "ที่",
    "หมายเหตุ : ส่งทุกวันที่ 25", "ที่ ", "ชื่อโครงการ/กิจกรรม", "ตำบล", " อำเภอ", "สถานะ", "แผนงาน",
    "งบประมาณ  (บาท)", "เบิกจ่าย (บาท)", "ปี 2565",
])  # fmt: skip


@st.composite
def sheets(draw):
    width = draw(st.integers(2, len(HEAD)))
    rows = draw(st.lists(st.lists(CELLS, min_size=0, max_size=width), max_size=12))
    repeats = draw(st.lists(st.integers(0, len(rows)), max_size=2))
    for at in repeats:
        rows.insert(at, HEAD[:width])
    areas = st.tuples(st.integers(0, 8), st.integers(0, width - 1), st.integers(1, 3))
    spans = tuple(
        (2 + top, c, 2 + top + height, c)
        for top, c, height in draw(st.lists(areas, max_size=2))
        if top < len(rows)
    )
    return Grid("s", [["แบบรายงาน"], HEAD[:width], *rows], spans)


@settings(max_examples=600, deadline=None)
@given(sheets())
def test_columns_at_a_time_equals_rows_at_a_time(grid: Grid) -> None:
    header = find_header(grid)
    with mock.patch.object(body, "tell_by_numbers", lambda kinds, *_: kinds):  # words alone
        fast = read_body(grid, header)
    plain = read_plainly(grid, header)

    assert (fast.rows + 1).tolist() == [number for number, _ in plain.rows]
    for c in range(len(header.columns)):
        assert fast.columns[c].take(fast.rows).tolist() == [cells[c] for _, cells in plain.rows]
    assert fast.sections.tolist() == plain.sections
    assert {k: sorted(v) for k, v in fast.dropped.items()} == {
        k: sorted(v) for k, v in plain.dropped.items()
    }
    assert fast.findings == plain.findings


def test_a_grid_is_the_same_by_rows_and_by_columns() -> None:
    rows = [["ก", 1.0, None], ["ข"], ["ก", None, "ค"]]
    grid = Grid("s", rows)
    again = Grid.of_columns("s", grid.columns)

    assert [list(row) for row in again.rows] == [
        ["ก", 1.0, None],
        ["ข", None, None],
        ["ก", None, "ค"],
    ]
    assert len(again) == len(grid) == 3
    assert again.head(1) == [("ก", 1.0, None)]
    assert factor(["ก", None, "ก"]).take(np.array([2, 1])).tolist() == ["ก", None]


def test_a_merged_area_that_begins_below_the_last_row_is_passed_over() -> None:
    grid = Grid("s", [HEAD, [1, "ขุดบ่อ"]], ((5, 1, 9, 1),))
    assert (read_body(grid, find_header(grid)).rows + 1).tolist() == [2]
