"""What titles, folders and the names of sheets say about the rows below."""

from datetime import date
from pathlib import Path

import pytest

from evallib.clean import read_sheets, read_submission
from evallib.clean.sheets.title_rows import read_context

HEAD = ["ที่", "ชื่อโครงการ/กิจกรรม", "งบประมาณ (บาท)", "เบิก-จ่าย (บาท)", "สถานะ"]
ROW = [1, "ขุดลอกคลอง", 1000, 500, "แล้วเสร็จ"]


@pytest.fixture
def sent(tmp_path: Path):
    """Return a function that writes sheets below titles and reads the submission."""

    def send(titles: list[str], *names: str, folder: str = "2565/Q1"):
        import xlsxwriter

        file = tmp_path / folder / "รายงาน.xlsx"
        file.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(str(file)) as book:
            for name in names:
                sheet = book.add_worksheet(name)
                for r, row in enumerate([*([title] for title in titles), HEAD, ROW]):
                    sheet.write_row(r, 0, row)
        return read_submission(file, raw=tmp_path), read_sheets(
            file, source=f"{folder}/รายงาน.xlsx"
        )

    return send


def test_a_sheet_a_month_is_true_of_that_month(sent) -> None:
    whole, sheets = sent(["หน่วยงาน ศอ.บต."], "ต.ค.64", "พ.ย.64", "มี.ค.65")
    contexts = [read_context(sheet) for sheet in sheets]

    assert [str(c.period) for c in contexts] == ["2565-Q1", "2565-Q1", "2565-Q2"]
    assert [c.as_of for c in contexts] == [
        date(2021, 10, 31),
        date(2021, 11, 30),
        date(2022, 3, 31),
    ]
    rows = whole.frames["project_submissions"]
    assert rows["sheet"].tolist() == ["พ.ย.64", "มี.ค.65"]  # the last month of each quarter
    assert rows["quarter"].tolist() == [1, 2]
    assert str(whole.period) == "2565-Q2"  # the file is known by its newest sheet
    assert "intake.period_conflict" not in {f.code for f in whole.findings}


def test_a_monthly_report_is_dated_by_its_month(sent) -> None:
    _, (sheet,) = sent(["รายงานประจำเดือนพฤศจิกายน พ.ศ.2564"], "Sheet1")
    assert read_context(sheet).as_of == date(2021, 11, 30)


def test_a_stated_date_goes_before_the_month(sent) -> None:
    titles = ["รายงานประจำเดือนพฤศจิกายน พ.ศ.2564 ข้อมูล ณ วันที่ 25 พฤศจิกายน 2564"]
    _, (sheet,) = sent(titles, "Sheet1")
    assert read_context(sheet).as_of == date(2021, 11, 25)


@pytest.mark.parametrize(
    ("titles", "name", "code"),
    [
        (["อำเภอเมืองปัตตานี จังหวัดปัตตานี"], "บานา", "940104"),
        (["อำเภอเมืองปัตตานี จังหวัดปัตตานี"], "ต.ตันหยงลุโละ", "940105"),
        (["อำเภอเมืองปัตตานี จังหวัดปัตตานี"], "บาเจาะ", "9401"),  # a tambon of other amphoe
        (["อำเภอเมืองปัตตานี จังหวัดปัตตานี"], "บานาน", "9401"),  # like one, but not one
        (["อำเภอเมืองปัตตานี จังหวัดปัตตานี"], "สรุป", "9401"),
        (["จังหวัดยะลา"], "บาเจาะ", "950302"),
        ([], "บาเจาะ", None),  # two tambons and an amphoe bear the name
        ([], "Sheet1", None),
    ],
)
def test_a_sheet_named_for_a_place_is_about_it(sent, titles, name, code) -> None:
    _, (sheet,) = sent(["ไตรมาสที่ 1 ปีงบประมาณ 2565", *titles], name)
    assert read_context(sheet).place_code == code
