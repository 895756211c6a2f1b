"""Forms of ours: filled in and read back exactly, whatever became of their visible headings."""

import pandas as pd
import pytest

from evallib.clean import read_sheets, read_submission
from evallib.clean.forms.choices import STATUS_WORDS, read_choices
from evallib.clean.forms.form import EXAMPLE, FORMS, form_columns
from evallib.clean.forms.pages import text_lines
from evallib.clean.forms.templates import DATA_SHEET, make_template
from evallib.clean.sheets.headings import match_headings
from evallib.clean.values.quantities import parse_status
from evallib.config import Settings
from evallib.periods import FiscalPeriod
from evallib.places import resolve_places
from tests.clean.filled import drop_rows, fill, move_columns

HEADINGS, MARKS, PRINTED, FIRST = 6, 7, 8, 9  # rows of a form, from 0
READ_AS = {"progress": "projects"}
TABLE = {"projects": "project_submissions", "progress": "project_submissions", "needs": "needs",
         "survey": "beneficiary_survey", "indicators": "indicators"}  # fmt: skip
PERIOD = FiscalPeriod.parse("2565-Q3")


def rows_of(form, n: int = 3) -> list[list]:
    """Return n rows as an office fills them in, numbers as numbers."""
    made = []
    for i in range(n):
        row = []
        for column in form_columns(form):
            cell = column.example or None
            if column.name == "order_no":
                cell = float(i + 1)
            elif column.name == "resp_key":
                cell = f"K{i + 1:03}"
            elif column.name in {"title_th", "need_text_th"}:
                cell = f"{column.example} ระยะที่ {i + 1}"
            elif column.name == "agency_project_code":
                cell = f"ปศ.65-{i + 1:03}"
            elif column.name == "tambon" and form == "indicators":
                cell = ["เขาตูม", "เมาะมาวี", "คลองใหม่"][i]
            elif column.name == "tambon_code":
                cell = None
            elif column.kind in {"number", "baht", "percent"} and cell:
                cell = float(cell)
            row.append(cell)
        made.append(row)
    return made


def filled(form, **kwargs) -> bytes:
    cells = {(4, 2): "24 มิถุนายน 2565"}
    if form == "indicators":
        cells[5, 2] = "จปฐ"
    for r, row in enumerate(rows_of(form)):
        cells |= {(FIRST + r, c): cell for c, cell in enumerate(row)}
    content = make_template(form, agency="กรมการปกครอง", period=PERIOD, **kwargs)
    return fill(content, DATA_SHEET, cells)


def read(content: bytes, tmp_path, name="ส่งงาน.xlsx"):
    folder = tmp_path / "2565" / "Q3"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return read_submission(folder / name, raw=tmp_path)


def compared(submission, form) -> pd.DataFrame:
    return submission.frames[TABLE[form]].drop(columns="row").reset_index(drop=True)


@pytest.mark.parametrize("form", FORMS)
def test_a_filled_form_is_read_exactly_and_without_a_guess(form, tmp_path) -> None:
    got = read(filled(form), tmp_path)
    assert got.state == "read"
    assert got.kind == READ_AS.get(form, form)
    assert (got.period, str(got.as_of)) == (PERIOD, "2022-06-24")
    assert got.findings == ()
    frame = got.frames[TABLE[form]]
    if form == "indicators":
        told = frame.pivot_table(index="tambon_code", columns="indicator_id", values="value")
        assert told.loc["941012"].to_dict() == {
            "income": 14500, "population": 9800, "households": 2400, "out_of_school": 12,
        }  # fmt: skip
        assert set(frame["source"]) == {"จปฐ"}
        return
    assert frame["row"].tolist() == [FIRST + 1, FIRST + 2, FIRST + 3]
    assert set(frame["tambon_code"]) == {"941012"}
    wanted = {
        "projects": {"title_th": "โครงการส่งเสริมการเลี้ยงไก่ไข่ในครัวเรือน ระยะที่ 1",
                     "budget_approved": 250_000,
                     "disbursed_cum": 100_000, "physical_pct": 45, "status": "ongoing",
                     "plan_source": "แผนพัฒนาจังหวัด", "agency_id": "DOPA", "target_n": 60,
                     "village_no": 3, "beneficiaries_actual": 40,
                     "start_date": pd.Timestamp("2021-12-01"),
                     "end_date": pd.Timestamp("2022-06-30"),
                     "public_notice_date": pd.Timestamp("2021-11-20")},
        "progress": {"budget_approved": 250_000, "disbursed_cum": 100_000, "physical_pct": 45,
                     "status": "ongoing", "agency_project_code": "ปศ.65-001"},
        "needs": {"need_text_th": "ขอถนนคอนกรีตเข้าสวนยาง ระยะทาง 2 กิโลเมตร ระยะที่ 1", "rank": 1,
                  "votes": 85, "people_affected": 120, "village_no": 3,
                  "source_section": "3.3 แผนพื้นที่/งบ อปท."},
        "survey": {"resp_key": "K001", "age_band": "25–39", "sex": "หญิง", "aware": 1, "used": 1,
                   "benefit": 4, "satisfaction": 4, "trust_process": 3, "need_rank_1": "ROD",
                   "harm_any": 0, "official_present": 0},
    }[form]  # fmt: skip
    first = frame.iloc[0]
    assert {name: first[name] for name in wanted} == wanted


@pytest.mark.parametrize("form", FORMS)
def test_renamed_translated_and_moved_columns_read_the_same(form, tmp_path) -> None:
    content = filled(form)
    before = compared(read(content, tmp_path), form)
    width = len(form_columns(form))
    renamed = fill(content, DATA_SHEET, {(HEADINGS, c): f"Column {c}" for c in range(width)})
    got = read(renamed, tmp_path)
    assert got.findings == ()
    pd.testing.assert_frame_equal(compared(got, form), before)
    order = [*range(width - 1, -1, -1)]
    moved = fill(renamed, DATA_SHEET, {(r, c): None for r in range(1, 6) for c in range(4)})
    moved = move_columns(moved, DATA_SHEET, order)
    titles = {(1, 0): "หน่วยงาน กรมการปกครอง", (2, 0): "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3",
              (3, 0): "ข้อมูล ณ วันที่ 24 มิถุนายน 2565", (4, 0): "แหล่งข้อมูล จปฐ"}  # fmt: skip
    got = read(fill(moved, DATA_SHEET, titles), tmp_path)
    assert got.findings == ()
    again = compared(got, form)
    pd.testing.assert_frame_equal(again[before.columns], before)


@pytest.mark.parametrize("form", FORMS)
def test_without_visible_headings_no_row_is_lost(form, tmp_path) -> None:
    before = compared(read(filled(form), tmp_path), form)
    got = read(drop_rows(filled(form), DATA_SHEET, [HEADINGS]), tmp_path)
    pd.testing.assert_frame_equal(compared(got, form), before)


def test_rows_that_a_sort_moved_above_the_canonical_row_are_data(tmp_path) -> None:
    content = filled("needs")
    row = rows_of("needs")[0]
    row[5] = "ขอไฟส่องสว่างทางเข้าหมู่บ้าน"
    marks = [f"evallib:needs:1:{column.name}" for column in form_columns("needs")]
    cells = {(MARKS, c): cell for c, cell in enumerate(row)}
    cells |= {(FIRST + 3, c): cell for c, cell in enumerate(marks)}
    got = read(fill(content, DATA_SHEET, cells), tmp_path)
    assert got.frames["needs"]["row"].tolist() == [MARKS + 1, FIRST + 1, FIRST + 2, FIRST + 3]


def test_the_example_row_is_ignored_wherever_it_stands_and_kept_when_overwritten(tmp_path) -> None:
    content = filled("needs")
    example = [column.example or None for column in form_columns("needs")]
    moved = {(FIRST + 5, c): cell for c, cell in enumerate(example)}
    assert len(read(fill(content, DATA_SHEET, moved), tmp_path).frames["needs"]) == 3
    over = {(PRINTED, 5): "ขอประปาหมู่บ้าน"}
    got = read(fill(content, DATA_SHEET, over), tmp_path)
    assert got.frames["needs"]["need_text_th"].iloc[0] == "ขอประปาหมู่บ้าน"
    assert [(f.code, f.severity) for f in got.findings] == [("form.example_overwritten", "warning")]
    assert got.findings[0].where.endswith(f" | {DATA_SHEET} | {PRINTED + 1} | ที่")


def test_another_version_and_a_contradicting_heading_are_said(tmp_path) -> None:
    content = filled("projects")
    names = [column.name for column in form_columns("projects")]
    marks = {(MARKS, c): f"evallib:projects:7:{name}" for c, name in enumerate(names)}
    marks[MARKS, names.index("note")] = "evallib:projects:7:a_column_of_tomorrow"
    got = read(fill(content, DATA_SHEET, marks), tmp_path)
    assert [(f.code, f.value) for f in got.findings] == [("form.version_unknown", "projects 7")]
    assert len(got.frames["project_submissions"]) == 3
    swapped = {(HEADINGS, names.index("budget_approved")): "เบิกจ่ายสะสม (บาท)"}
    got = read(fill(content, DATA_SHEET, swapped), tmp_path)
    assert [f.code for f in got.findings] == ["form.heading_contradicts"]
    assert got.frames["project_submissions"]["budget_approved"].iloc[0] == 250_000


def test_a_column_that_somebody_adds_keeps_its_own_heading(tmp_path) -> None:
    width = len(form_columns("projects"))
    added = {(HEADINGS, width): "ชื่อ-สกุล", (FIRST, width): "นายสมมุติ ใจดี",
             (HEADINGS, width + 1): "ข้อสังเกตพิเศษ", (FIRST, width + 1): "ดี"}  # fmt: skip
    got = read(fill(filled("projects"), DATA_SHEET, added), tmp_path)
    assert {f.code for f in got.findings} == {"header.personal_column", "header.heading_unknown"}
    assert len(got.frames["project_submissions"]) == 3


def test_instructions_and_lists_are_no_data_and_give_no_finding(tmp_path) -> None:
    file = tmp_path / "ว่าง.xlsx"
    file.write_bytes(make_template("projects"))
    sheets = read_sheets(file)
    assert [(s.name, len(s.frame), s.findings) for s in sheets] == [(DATA_SHEET, 0, ())]


@pytest.mark.parametrize("form", FORMS)
def test_every_heading_is_known_and_every_choice_is_what_parsers_read(form) -> None:
    kind = READ_AS.get(form, form)
    columns = form_columns(form)
    meant = match_headings(tuple(column.heading for column in columns), kind)
    assert [h.canonical for h in meant] == [column.name for column in columns]
    assert not any(h.guessed for h in meant)
    choices = read_choices()
    for column in columns:
        if column.choices:
            assert column.example in choices[column.choices] or column.example == EXAMPLE


def test_statuses_and_places_of_the_lists_resolve() -> None:
    status, findings = parse_status(pd.Series(list(STATUS_WORDS.values())))
    assert status.tolist() == list(STATUS_WORDS)
    assert findings == []
    choices = read_choices()
    found = resolve_places(pd.Series(choices["place"], dtype="object"))
    assert found["place_code"].str.len().eq(6).all()
    assert found["place_code"].nunique() == 290
    amphoe = pd.Series(choices.amphoe_of_tambon, dtype="object")
    inside = resolve_places(pd.Series(choices["tambon"], dtype="object"), amphoe=amphoe)
    assert inside["place_code"].tolist() == found["place_code"].tolist()


def test_a_form_is_the_same_bytes_and_narrows_to_provinces() -> None:
    assert make_template("survey") == make_template("survey")
    narrow = Settings(provinces=("95",), amphoe=())
    assert read_choices(narrow)["province"] == ["ยะลา"]
    assert len(make_template("indicators", narrow, prefilled=True)) > len(
        make_template("indicators", narrow)
    )


def test_rows_for_every_tambon_have_their_codes(tmp_path) -> None:
    content = make_template("indicators", Settings(provinces=("95",), amphoe=()), prefilled=True)
    got = read(fill(content, DATA_SHEET, {(FIRST, 5): 12_000.0}), tmp_path)
    assert got.rows_read == 58
    assert got.frames["indicators"]["tambon_code"].tolist() == ["950101"]


def test_marks_above_and_below_letters_take_no_width() -> None:
    assert text_lines("ที่นี่มีน้ำ", 9) == 1
    assert text_lines("ก\nข", 5) == 2
