"""Headers below titles, levels flattened, and rows that are not data."""

import pytest

from evallib.clean.files.grid import Grid
from evallib.clean.sheets.body import read_body
from evallib.clean.sheets.headers import find_header
from evallib.clean.sheets.headings import match_headings, recognise_kind
from evallib.clean.sheets.totals import read_amount

HEAD = ["ที่", "ชื่อโครงการ/กิจกรรม", "ตำบล", "งบประมาณ (บาท)"]


def body(*rows, spans=(), head=(HEAD,)):
    grid = Grid("s", [["แบบรายงาน"], *map(list, head), *map(list, rows)], tuple(spans))
    return read_body(grid, find_header(grid))


def test_three_levels_with_merged_cells() -> None:
    rows = [
        ["แบบ ผ.02", *[None] * 5],
        ["ที่", "โครงการ", "ไตรมาสที่ 1", None, None, None],
        [None, None, "เบิก-จ่าย", None, "ผลงาน (ร้อยละ)", None],
        [None, None, "แผน", "ผล", "แผน", "ผล"],
        [1, "ขุดบ่อ", 5, 6, 7, 8],
    ]
    spans = ((0, 0, 0, 5), (1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 1, 5), (2, 2, 2, 3), (2, 4, 2, 5))
    header = find_header(Grid("", rows, spans))

    assert header.titles == ("แบบ ผ.02",)
    assert (header.first, header.last) == (1, 3)
    assert header.columns[:3] == ("ที่", "โครงการ", "ไตรมาสที่ 1 | เบิก-จ่าย | แผน")
    assert header.columns[5] == "ไตรมาสที่ 1 | ผลงาน (ร้อยละ) | ผล"


@pytest.mark.parametrize("again", [None, "การเบิกจ่ายงบประมาณ"])
def test_two_levels_without_merged_cells(again) -> None:
    rows = [
        ["ที่", "โครงการ", "การเบิกจ่ายงบประมาณ", again, "สถานะ"],
        [None, None, "ได้รับอนุมัติ", "เบิก-จ่าย", None],
        [1, "ขุดบ่อ", 5, 6, "แล้วเสร็จ"],
    ]
    assert find_header(Grid("", rows)).columns[2:4] == (
        "การเบิกจ่ายงบประมาณ | ได้รับอนุมัติ", "การเบิกจ่ายงบประมาณ | เบิก-จ่าย")  # fmt: skip


def test_a_table_of_unknown_words_begins_at_its_first_row_of_words() -> None:
    rows = [["Rainfall of Yala"], ["station", "january", "february"], ["a", 3, 4], ["b", 5, 6]]
    header = find_header(Grid("", rows))
    assert (header.columns, header.titles) == (
        ("station", "january", "february"), ("Rainfall of Yala",))  # fmt: skip


def test_every_kind_of_row_that_is_not_data_is_counted_and_none_is_lost() -> None:
    found = body(
        ["อำเภอยะรัง"],
        [1, "ขุดบ่อ", "เขาตูม", 100],
        [2, "รวมพลังสร้างสุข", "สะดาวา", 50],
        [None, "รวม อ.ยะรัง", None, 150],
        HEAD,
        ["อำเภอหนองจิก"],
        [3, "ซ่อมถนน", "บ่อทอง", 25],
        [4],
        ["รวมทั้งสิ้น", None, None, 175],
        ["ลงชื่อ....................ผู้รายงาน"],
        ["(นายสมมติ นามแฝง)"],
        ["หมายเหตุ : ส่งทุกวันที่ 25"],
    )

    assert found.columns[1].take(found.rows).tolist() == ["ขุดบ่อ", "รวมพลังสร้างสุข", "ซ่อมถนน"]
    assert found.sections.tolist() == ["อำเภอยะรัง", "อำเภอยะรัง", "อำเภอหนองจิก"]
    assert found.dropped == {
        "header.section_rows": [3, 8],
        "header.total_rows": [6, 11],
        "header.repeated": [7],
        "header.empty_rows": [10],
        "header.signatures": [12, 13, 14],
    }
    assert found.findings == []  # both totals equal the sums of their rows
    numbers = [n + 1 for n in found.rows] + [n for rows in found.dropped.values() for n in rows]
    assert sorted(numbers) == list(range(3, 15))


@pytest.mark.parametrize(
    ("total", "value"),
    [(150, []), ("๑๕๐ บาท", []), (151, ["151.00 ≠ 150.00"]), (15, ["15.00 ≠ 150.00"])],
)
def test_a_total_is_compared_with_its_rows(total, value) -> None:
    found = body([1, "ก", "เขาตูม", "100"], [2, "ข", "เขาตูม", 50.0], ["รวม", None, None, total])
    assert [f.value for f in found.findings] == value


def test_a_total_over_an_unread_cell_is_not_called_wrong() -> None:
    found = body([1, "ก", "เขาตูม", "ประมาณร้อย"], [2, "ข", "เขาตูม", 5], ["รวม", None, None, 105])
    assert [f.code for f in found.findings] == ["header.total_unchecked"]


def test_a_total_is_held_against_rows_that_are_about_so_much() -> None:
    rows = [1, "ก", "เขาตูม", "ประมาณ 100 บาท"], [2, "ข", "เขาตูม", 5]
    assert body(*rows, ["รวม", None, None, 105]).findings == []
    wrong = body(*rows, ["รวม", None, None, 205]).findings
    assert [(f.code, f.value) for f in wrong] == [("header.total_differs", "205.00 ≠ 105.00")]


def test_texts_of_cells_merged_downwards_are_repeated_but_amounts_are_not() -> None:
    found = body(
        [1, "ขุดบ่อ", "เขาตูม", 100],
        [2, None, "สะดาวา", None],
        spans=((2, 1, 3, 1), (2, 3, 3, 3)),
    )
    assert found.columns[1].take(found.rows).tolist() == ["ขุดบ่อ", "ขุดบ่อ"]
    assert found.columns[3].take(found.rows).tolist() == [100, None]
    assert found.dropped == {"header.merged_down": [4]}


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("1,200.50", 1200.5), ("๑๒ คน", 12.0), (7, 7.0), ("30/6/2565", None), ("12 ราย", None),
     ("", None), (None, None), (True, None), ("1 ต.ค. 64", None)],
)  # fmt: skip
def test_amounts_are_numbers_and_nothing_else(cell, amount) -> None:
    assert read_amount(cell) == amount


HEADINGS = {
    "งบประมาณที่ได้รับอนุมัติ (บาท)": ("budget_approved", "บาท"),
    "งบประมาณ ( ล้านบาท )": ("budget_approved", "ล้านบาท"),
    "การเบิกจ่ายงบประมาณ | เบิก-จ่าย": ("disbursed_cum", ""),
    "ระยะเวลา | สิ้นสุด": ("end_date", ""),
    "ความก้าวหน้า (%)": ("physical_pct", "ร้อยละ"),
    "ไตรมาสที่ ๒ | เบิก-จ่าย (พันบาท) | ผล": ("disbursed_cum", "พันบาท"),
    "ไตรมาสที่ 2 | เบิก-จ่าย (บาท) | แผน": ("", "บาท"),
    "สถานที่ดำเนินการ": ("place_raw", ""),
    "วัตถุประสงค": ("objective_th", ""),  # a lost mark
    "เลขบัตรประจำตัวประชาชน": ("personal", ""),
    "สีที่ชอบ": ("", ""),
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_as_offices_write_them(heading) -> None:
    (found,) = match_headings((heading,), "projects")
    assert (found.canonical, found.unit) == HEADINGS[heading]


def test_the_same_words_mean_what_their_kind_of_form_means() -> None:
    heading = ("ผู้ได้รับประโยชน์ (คน)",)
    assert match_headings(heading, "projects")[0].canonical == "beneficiaries_actual"
    assert match_headings(heading, "needs")[0].canonical == "people_affected"


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("projects", ("โครงการ", "สถานะ")),
        ("council_report", ("ชื่อโครงการ/กิจกรรม", "รายได้ที่ได้รับจากกิจกรรม (บาท)")),
        ("needs", ("ตำบล", "ความต้องการของประชาชน")),
        ("survey", ("รหัสแบบสอบถาม", "ความพึงพอใจ (1-5)", "ตำบล")),
        ("indicators", ("รหัสตำบล", "ประชากร (คน)")),
        ("budget_items", ("ITEM_ID", "ITEM_DESCRIPTION", "FISCAL_YEAR", "AMOUNT")),
        ("unknown", ("station", "january")),
    ],
)
def test_kinds_are_told_by_their_columns(kind, columns) -> None:
    assert recognise_kind(columns) == kind
