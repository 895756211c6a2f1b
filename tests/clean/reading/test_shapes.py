"""Shapes of tables: beside one another, plan and result in turn, a sheet a month, in Word."""

import zipfile

import pandas as pd
import pytest

from evallib.clean.reading.beside import tables_beside
from evallib.clean.sheets import sheet
from evallib.clean.sheets.sheet import read_sheets
from evallib.clean.submission import read_submission
from evallib.errors import RefusedFile

HEAD = ["ลำดับ", "ชื่อโครงการ", "อำเภอ", "งบประมาณ (บาท)", "เบิกจ่ายแล้ว (บาท)"]


def sent(tmp_path, name: str, **sheets: list[list[object]]):
    """Write a workbook of sheets below a folder of a quarter and return it as it is read."""
    file = tmp_path / "2566" / "Q2" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(file) as book:
        for sheet, rows in sheets.items():
            width = max(map(len, rows))
            even = [[*row, *[None] * (width - len(row))] for row in rows]
            pd.DataFrame(even).to_excel(book, sheet_name=sheet, header=False, index=False)
    return read_submission(file, raw=tmp_path)


def told(submission, *names: str) -> list[list[object]]:
    frame = submission.frames["project_submissions"]
    return (
        frame[list(names)]
        .astype("object")
        .where(frame[list(names)].notna(), None)
        .to_numpy()
        .tolist()
    )


def codes(submission) -> list[str]:
    return [finding.code for finding in submission.findings]


@pytest.mark.parametrize(
    ("headings", "begins"),
    [
        (["ที่", "งาน", "เงิน", "", "ที่", "งาน", "เงิน"], [0, 4]),
        (["ที่", "งาน", "เงิน", "ที่", "งาน", "เงิน", "ที่", "งาน", "เงิน"], [0, 3, 6]),
        (["", "ที่", "งาน", "", "ที่", "งาน"], [0, 4]),
        (["ที่", "งาน", "แผน", "ผล", "แผน", "ผล"], [0]),
        (["ที่", "งาน", "ที่", "เงิน"], [0]),
        (["", ""], [0]),
    ],
)
def test_where_tables_beside_one_another_begin(headings, begins) -> None:
    assert tables_beside(headings) == begins


def test_tables_beside_one_another_are_all_read_and_keep_their_places(tmp_path) -> None:
    rows = [["รายงานของสองอำเภอ"], [*HEAD, None, *HEAD],
            [1, "ขุดสระ", "ยะรัง", 100000, 40000, None, 1, "ซ่อมสะพาน", "มายอ", 250000, 0],
            [2, "ฝึกอาชีพ", "ยะรัง", 8000, 8000, None, 2, "ทำฝาย", "มายอ", 90000, 30000]]  # fmt: skip
    read = sent(tmp_path, "b.xlsx", แผ่น=rows)
    assert told(read, "title_th", "budget_approved", "disbursed_cum") == [
        ["ขุดสระ", 100000.0, 40000.0], ["ฝึกอาชีพ", 8000.0, 8000.0],
        ["ซ่อมสะพาน", 250000.0, 0.0], ["ทำฝาย", 90000.0, 30000.0],
    ]  # fmt: skip
    frame = read.frames["project_submissions"]
    assert frame["sheet"].nunique() == 2
    assert not frame.duplicated(["file", "sheet", "row"]).any()
    (_, second) = read_sheets(tmp_path / "2566" / "Q2" / "b.xlsx")
    assert second.places == (6, 7, 8, 9, 10)


@pytest.mark.parametrize(("plan", "result"), [("แผน", "ผล"), ("เป้าหมาย", "ผลงาน"),
                                              ("Planned", "Actual")])  # fmt: skip
def test_of_plan_and_result_in_turn_the_result_counts(tmp_path, plan, result) -> None:
    head = ["ที่", "โครงการ", "งบประมาณ", "รายการ", "เบิกจ่ายแล้ว"]
    rows = [head, [1, "ขุดสระ", 100000, plan, 80000], [None, "ขุดสระ", None, result, 60000],
            [2, "ทำฝาย", 200000, plan, 150000], [None, "ทำฝาย", None, result, None]]  # fmt: skip
    read = sent(tmp_path, "t.xlsx", แผ่น=rows)
    assert told(read, "title_th", "budget_approved", "disbursed_cum") == [
        ["ขุดสระ", 100000.0, 60000.0], ["ทำฝาย", 200000.0, None],
    ]  # fmt: skip
    assert "header.plan_rows" in codes(read)


def test_words_that_are_no_turns_stay_projects(tmp_path) -> None:
    head = ["ที่", "โครงการ", "งบประมาณ", "ประเภท"]
    rows = [head, [1, "ขุดสระ", 100, "แผน"], [2, "ทำฝาย", 200, "แผน"], [3, "ซ่อม", 300, "ผล"]]
    assert len(told(sent(tmp_path, "t.xlsx", แผ่น=rows), "title_th")) == 3


def test_of_a_sheet_a_month_the_last_month_of_the_quarter_counts(tmp_path) -> None:
    def month(first: int, second: int) -> list[list[object]]:
        return [HEAD, [1, "ขุดสระ", "ยะรัง", 100000, first], [2, "ทำฝาย", "มายอ", 200000, second]]

    read = sent(tmp_path, "m.xlsx", **{"ม.ค.66": month(0, 20000), "ก.พ.66": month(30000, 90000),
                                       "มี.ค.66": month(60000, 80000)})  # fmt: skip
    assert told(read, "title_th", "disbursed_cum") == [["ขุดสระ", 60000.0], ["ทำฝาย", 80000.0]]
    falls = [f for f in read.findings if f.code == "intake.cumulative_falls"]
    assert [f.place.sheet for f in falls] == ["มี.ค.66"]
    assert [f.place.sheet for f in read.findings if f.code == "intake.months_told"] == [
        "ก.พ.66", "ม.ค.66",
    ]  # fmt: skip


def test_a_project_that_a_later_month_no_longer_tells_is_kept(tmp_path) -> None:
    read = sent(tmp_path, "m.xlsx", **{
        "ม.ค.66": [HEAD, [1, "ขุดสระ", "ยะรัง", 100000, 5], [2, "ทำฝาย", "มายอ", 200000, 6]],
        "ก.พ.66": [HEAD, [1, "ขุดสระ", "ยะรัง", 100000, 7]],
    })  # fmt: skip
    assert sorted(map(tuple, told(read, "title_th", "disbursed_cum"))) == [
        ("ขุดสระ", 7.0), ("ทำฝาย", 6.0),
    ]  # fmt: skip


@pytest.mark.parametrize("months", [("2023-01", "2023-02"), ("ม.ค. 66", "ก.พ. 66")])
def test_a_row_a_month_is_one_project_as_its_last_month_tells(tmp_path, months) -> None:
    head = ["งวด", "รหัสโครงการ", "ชื่อโครงการ", "งบประมาณ", "เบิกจ่ายสะสม"]
    rows = [head, *([m, code, title, 500, paid] for m, paid in zip(months, (10, 90), strict=True)
                    for code, title in (("A1", "ขุดสระ"), ("A2", "ทำฝาย")))]  # fmt: skip
    read = sent(tmp_path, "long.xlsx", แผ่น=rows)
    assert told(read, "title_th", "disbursed_cum") == [["ขุดสระ", 90.0], ["ทำฝาย", 90.0]]


def test_a_month_beside_projects_that_are_told_once_changes_nothing(tmp_path) -> None:
    rows = [["เดือน", "ชื่อโครงการ", "งบประมาณ"], ["ม.ค. 66", "ขุดสระ", 500], ["ก.พ. 66", "ทำฝาย", 600]]
    assert len(told(sent(tmp_path, "once.xlsx", แผ่น=rows), "title_th")) == 2


def test_projects_of_one_title_within_a_month_are_all_kept(tmp_path) -> None:
    rows = [HEAD, [1, "ขุดสระ", "ยะรัง", 100000, 5], [2, "ขุดสระ", "มายอ", 200000, 6]]
    later = [HEAD, [1, "ขุดสระ", "ยะรัง", 100000, 7], [2, "ขุดสระ", "มายอ", 200000, 8]]
    alone = sent(tmp_path, "one.xlsx", **{"ม.ค.66": rows})
    assert len(told(alone, "title_th")) == 2
    both = sent(tmp_path, "two.xlsx", **{"ม.ค.66": rows, "ก.พ.66": later})
    assert told(both, "disbursed_cum") == [[7.0], [8.0]]


def test_a_second_table_below_with_headings_of_its_own_is_a_table(tmp_path) -> None:
    rows = [["ตารางที่ 1"], ["ที่", "ชื่อโครงการ", "งบประมาณ (บาท)", "เบิกจ่าย (บาท)", "สถานะ"],
            [1, "ขุดสระ", 300, 100, "กำลังดำเนินการ"], [2, "ทำฝาย", 200, 200, "แล้วเสร็จ"],
            [None, "รวม", 500, 300, None], ["ตารางที่ 2 งานจ้าง"],
            ["รายการ", "ผู้รับจ้าง", "วงเงินตามสัญญา", "ร้อยละความก้าวหน้า"],
            ["สร้างสะพาน", "หจก.ก", 900, 40], ["ซ่อมถนน", "หจก.ข", 800, 90]]  # fmt: skip
    read = sent(tmp_path, "two.xlsx", แผ่น=rows)
    assert told(read, "title_th", "budget_approved", "physical_pct", "row") == [
        ["ขุดสระ", 300.0, None, 3], ["ทำฝาย", 200.0, None, 4],
        ["สร้างสะพาน", 900.0, 40.0, 8], ["ซ่อมถนน", 800.0, 90.0, 9],
    ]  # fmt: skip


def test_rows_below_what_only_looks_like_headings_are_not_lost(monkeypatch, tmp_path) -> None:
    rows = [["ชื่อโครงการ", "งบประมาณ", "สถานะ"], ["ขุดสระ", 300, "แล้วเสร็จ"],
            ["รายการ", "วงเงิน", "หน่วยงาน"], ["ทำฝาย", 200, "แล้วเสร็จ"]]  # fmt: skip
    whole = sheet.find_header
    monkeypatch.setattr(sheet, "find_header", lambda grid, after=0: None if after else whole(grid))
    titles = [title for (title,) in told(sent(tmp_path, "x.xlsx", แผ่น=rows), "title_th")]
    assert {"ขุดสระ", "ทำฝาย"} <= set(titles)


def test_the_quarter_of_a_row_goes_before_that_of_the_folder(tmp_path) -> None:
    head = ["ชื่อโครงการ", "งบประมาณ", "ไตรมาส"]
    rows = [head, ["ขุดสระ", 100, 1], ["ทำฝาย", 200, "ไตรมาสที่ ๒"], ["ซ่อม", 300, "Q4/2565"]]
    read = sent(tmp_path, "q.xlsx", แผ่น=rows)
    assert told(read, "fiscal_year", "quarter") == [[2566, 1], [2566, 2], [2565, 4]]
    found = [f.place.row for f in read.findings if f.code == "intake.quarter_of_row"]
    assert found == [2, 4]


@pytest.mark.parametrize(
    ("title", "baht"),
    [("หน่วยงาน อบต.ตาชี   หน่วย : ล้านบาท", 2_500_000.0), ("Unit: thousand baht", 2_500.0),
     ("สรุปงบประมาณทั้งปี (ล้านบาท)", 2_500_000.0), ("งบรวม 5 ล้านบาท", None)],
)  # fmt: skip
def test_the_unit_is_found_wherever_a_title_says_it(tmp_path, title, baht) -> None:
    rows = [[title], ["ชื่อโครงการ", "งบประมาณ", "สถานะ"], ["ขุดสระ", 2.5, "แล้วเสร็จ"]]
    assert told(sent(tmp_path, "u.xlsx", แผ่น=rows), "budget_approved") == [[baht]]


def test_a_column_of_results_in_words_is_the_status(tmp_path) -> None:
    rows = [["โครงการ", "งบประมาณ", "ผลการดำเนินงาน"], ["ขุดสระ", 100, "แล้วเสร็จ"],
            ["ทำฝาย", 200, "กำลังดำเนินการ"]]  # fmt: skip
    read = sent(tmp_path, "s.xlsx", แผ่น=rows)
    assert told(read, "status") == [["completed"], ["ongoing"]]


def test_a_row_of_units_is_no_project(tmp_path) -> None:
    rows = [["เรื่อง", "ขอรับ", "อนุมัติ", "เบิกจ่าย"], [None, "บาท", "บาท", "บาท"],
            ["ขุดสระ", 300, 200, 100]]  # fmt: skip
    read = sent(tmp_path, "s.xlsx", แผ่น=rows)
    assert told(read, "title_th", "budget_approved", "disbursed_cum") == [["ขุดสระ", 200.0, 100.0]]


WORD = (
    '<?xml version="1.0"?>{doctype}<w:document xmlns:w='
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
)


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def document(tmp_path, body: str, doctype: str = ""):
    file = tmp_path / "2566" / "Q2" / "w.docx"
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", WORD.format(body=body, doctype=doctype))
    return file


def test_tables_of_a_word_document_are_read_with_their_merged_cells(tmp_path) -> None:
    rows = [
        [cell("ที่", '<w:vMerge w:val="restart"/>'), cell("โครงการ", '<w:vMerge w:val="restart"/>'),
         cell("งบประมาณ", '<w:gridSpan w:val="2"/>')],
        [cell("", "<w:vMerge/>"), cell("", "<w:vMerge/>"), cell("ได้รับจัดสรร"), cell("เบิกจ่าย")],
        [cell("1"), cell("ขุดสระ"), cell("๑๐๐,๐๐๐"), cell("40,000")],
        [cell("2"), cell("ทำฝาย"), cell("50,000"), cell("-")],
    ]  # fmt: skip
    table = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    title = "<w:p><w:r><w:t>หน่วยงาน : สำนักงานประมงจังหวัดสงขลา</w:t></w:r></w:p>"
    file = document(tmp_path, f"{title}<w:tbl>{table}</w:tbl>")
    read = read_submission(file, raw=tmp_path)
    assert told(read, "title_th", "budget_approved", "disbursed_cum") == [
        ["ขุดสระ", 100000.0, 40000.0], ["ทำฝาย", 50000.0, None],
    ]  # fmt: skip
    assert read.frames["project_submissions"]["agency_raw"].unique().tolist() == [
        "สำนักงานประมงจังหวัดสงขลา"
    ]


@pytest.mark.parametrize(
    ("body", "doctype", "code"),
    [("<w:p/>", "", "read.not_a_table"), ("<w:tbl>", "", "read.damaged"),
     ("<w:p/>", '<!DOCTYPE a [<!ENTITY b "c">]>', "read.damaged")],
)  # fmt: skip
def test_documents_without_a_table_and_odd_ones_are_refused(tmp_path, body, doctype, code) -> None:
    with pytest.raises(RefusedFile) as refused:
        read_sheets(document(tmp_path, body, doctype))
    assert refused.value.code == code
