"""Files as offices send them: the same content in any form gives the same rows."""

import copy
import pickle
import random
import shutil
import warnings
from datetime import date

import pandas as pd
import pytest

from evallib.clean import read_submission
from evallib.periods import FiscalPeriod
from tests.paths import SHARED

REAL = SHARED / "real" / "fy2565_budget_items.csv"


@pytest.mark.parametrize("form", ["A", "B", "C", "D", "E"])
def test_five_forms_of_the_same_projects_give_the_same_rows(
    form, forms, write, projects, tmp_path
) -> None:
    file = write(tmp_path / "2565" / "Q3" / f"{form}.xlsx", forms[form]())
    sent = read_submission(file, raw=tmp_path)
    rows = sent.frames["project_submissions"]

    assert (sent.kind, sent.state, sent.rows_read, sent.rows_accepted) == ("projects", "read", 4, 4)
    assert sent.file == f"2565/Q3/{form}.xlsx"
    assert sent.period == FiscalPeriod(2565, 3)
    assert sent.as_of.isoformat() == "2022-06-24"
    assert sent.agency_id == "RID-94"
    assert rows["title_th"].tolist() == [p[0] for p in projects]
    assert rows["tambon_code"].tolist() == [p[4] for p in projects]
    assert rows["budget_approved"].tolist() == [p[5] for p in projects]
    for name, i in (("start_date", 6), ("end_date", 7)):
        assert rows[name].dt.strftime("%Y-%m-%d").tolist() == [
            date(*p[i]).isoformat() for p in projects
        ]
    assert rows["status"].tolist() == [p[8] for p in projects]
    assert rows["physical_pct"].tolist() == [p[9] for p in projects]
    assert rows["disbursed_cum"].tolist() == [p[10] for p in projects]


def test_section_rows_and_the_name_of_the_sheet_give_the_place(forms, write, tmp_path) -> None:
    sheets = forms["C"]()
    rows, spans = sheets["ปัตตานี"]
    rows[5][2] = "ต.ปะเสยะวอ"  # of อำเภอสายบุรี, not of the section ยะรัง above it
    sent = read_submission(
        write(tmp_path / "2565/Q3/c.xlsx", {"ปัตตานี": (rows, spans)}), raw=tmp_path
    )
    found = sent.frames["project_submissions"]

    assert found["tambon_code"].isna().tolist() == [True, False, False, False]
    assert [(f.code, f.where) for f in sent.findings if f.code.startswith("intake.place")] == [
        ("intake.place_conflict", "2565/Q3/c.xlsx | ปัตตานี | 6 | พื้นที่ดำเนินการ")]  # fmt: skip


def test_every_data_row_is_accepted_or_has_a_finding(forms, write, tmp_path) -> None:
    sheets = forms["A"]()
    rows, _ = sheets["Sheet1"]
    rows[4][2] = None  # no title
    rows[5][7] = "ประมาณห้าแสน"
    rows[5][8] = "31 เมษายน 2565"
    rows[6][11] = 140
    rows[6][7] = 0.3
    rows[7][12] = 99_999_999
    sent = read_submission(write(tmp_path / "2565/Q3/a.xlsx", sheets), raw=tmp_path)
    found = {
        (f.code.replace("amount.review", "amount.unreadable"), *f.where.split(" | ")[2:])
        for f in sent.findings
        if f.severity != "info"
    }

    assert (sent.rows_read, sent.rows_accepted) == (4, 3)
    assert {
        ("intake.no_title", "5", "ชื่อโครงการ/กิจกรรม"),
        ("amount.unreadable", "6", "งบประมาณที่ได้รับอนุมัติ (บาท)"),
        ("date.unreadable", "6", "วันเริ่มต้น"),
        ("percent.out_of_range", "7", "ผลการดำเนินงาน (ร้อยละ)"),
        ("intake.budget_unlikely", "7", "งบประมาณที่ได้รับอนุมัติ (บาท)"),
        ("intake.disbursed_over_budget", "8", "เบิก-จ่าย (บาท)"),
    } <= found
    kept = sent.frames["project_submissions"].set_index("row")
    assert kept["budget_approved"].isna().tolist() == [True, True, False]


SECRETS = {
    "1234567890121": "thai_id", "081-2345678": "phone", "somchai@example.com": "email",
    "นายสมมติ นามแฝง": "name",
}  # fmt: skip


def test_no_planted_identifier_reaches_a_frame_or_a_finding(forms, write, tmp_path) -> None:
    sheets = forms["A"]()
    rows, _ = sheets["Sheet1"]
    for row, secret in zip(rows[4:8], SECRETS, strict=True):
        row[14] = f"รอแบบแปลน ติดต่อ {secret} ด่วน"  # obstacles
        row[9] = f"โทร {secret}"  # a date that cannot be read would be quoted
    rows[4][2] += " ผู้ประสาน นายสมมติ นามแฝง"
    sheets["นายสมมติ นามแฝง"] = sheets.pop("Sheet1")
    sent = read_submission(write(tmp_path / "2565/Q3/a.xlsx", sheets), raw=tmp_path)
    everything = repr(sent.findings) + "".join(
        frame.to_csv() for frame in sent.frames.values()
    )  # fmt: skip

    assert [secret for secret in SECRETS if secret in everything] == []
    assert "สมมติ" not in everything
    assert sent.frames["project_submissions"]["problem_text"].str.contains("รอแบบแปลน").all()
    noted = [f.where.split(" | ")[2] for f in sent.findings if f.code == "identifier.removed"]
    assert {"5", "6", "7", "8"} <= set(noted)


def test_a_column_of_personal_data_is_not_kept(tmp_path) -> None:
    file = tmp_path / "2565" / "Q3" / "p.csv"
    file.parent.mkdir(parents=True)
    file.write_text(
        "ที่,ชื่อโครงการ,งบประมาณ (บาท),เลขบัตรประชาชน\n1,ขุดบ่อ ต.เขาตูม อ.ยะรัง จ.ปัตตานี,500,x9\n",
        encoding="utf-8",
    )
    sent = read_submission(file, raw=tmp_path)
    assert "header.personal_column" in {f.code for f in sent.findings}
    assert "x9" not in sent.frames["project_submissions"].to_csv()


def test_a_council_report_gives_one_meeting_and_its_activities(council_page, tmp_path) -> None:
    file = tmp_path / "2565" / "Q3" / "report.xls"
    file.parent.mkdir(parents=True)
    row = ("<tr><td>{}</td><td>เลี้ยงแพะ</td><td>๑๐,๐๐๐</td><td>5,000</td><td>กลุ่มสตรี 30 คน</td>"
           "<td>1,200</td><td>นางสมมติ มีสุขขึ้น</td><td>-</td><td></td></tr>")  # fmt: skip
    file.write_text(council_page(row.format(1), row.format(2)), encoding="utf-8")
    sent = read_submission(file, raw=tmp_path)
    meeting = sent.frames["council_meetings"].iloc[0]
    activities = sent.frames["council_activities"]

    assert (sent.kind, sent.rows_read, sent.rows_accepted) == ("council_report", 2, 2)
    assert sent.as_of.isoformat() == "2022-06-30"  # assumed: the last day of the quarter
    assert "intake.as_of_assumed" in {f.code for f in sent.findings}
    assert meeting["tambon_code"] == "941012"
    assert [meeting[n] for n in ("n_members_present", "n_public", "n_women", "n_youth")] == [
        12, 45, 20, 5]  # fmt: skip
    assert str(meeting["meeting_date"]) == "2022-06-12"
    assert activities["budget_approved"].tolist() == [10_000, 10_000]
    assert activities["income_earned"].tolist() == [1_200, 1_200]
    assert activities["target_n"].tolist() == [30, 30]
    assert "สมมติ" not in activities.to_csv()  # words about people are not kept


def test_a_council_report_without_activities_still_counts_the_meeting(
    council_page, tmp_path
) -> None:
    file = tmp_path / "2565" / "Q3" / "report.xls"
    file.parent.mkdir(parents=True)
    file.write_text(council_page(), encoding="utf-8")
    sent = read_submission(file, raw=tmp_path)
    assert sent.state == "read"
    assert len(sent.frames["council_meetings"]) == 1


def test_needs_survey_and_indicators(write, tmp_path) -> None:
    folder = tmp_path / "2565" / "Q2"
    folder.mkdir(parents=True)
    (folder / "n.csv").write_bytes(
        "บัญชีความต้องการของประชาชน\nอำเภอยะรัง จังหวัดปัตตานี\n"
        "ลำดับที่,ตำบล,หมู่ที่,ความต้องการของประชาชน,คะแนน/จำนวนผู้เห็นชอบ,ผู้ได้รับประโยชน์ (คน)\n"
        "1,เขาตูม,๓,ขอประปาหมู่บ้าน,25,120 คน\n2,ต.สะดาวา,1,,9,10\n3,ไม่มีตำบลนี้,1,ถนน,9,10\n".encode(
            "cp874"
        )
    )
    (folder / "s.csv").write_text(
        "รหัสแบบสอบถาม,ตำบล,อำเภอ,ช่วงอายุ,เพศ,ทราบว่ามีโครงการ,ความพึงพอใจ (1-5),ความต้องการลำดับ 1,"
        "ได้รับผลเสีย\nk1,เขาตูม,ยะรัง,15-24 ปี,หญิง,ใช่,4,สาธารณสุข,ไม่มี\n"
        "k2,เขาตูม,ยะรัง,60+,ไม่ระบุ,ไม่ใช่,9,อื่นๆ,มี\n",
        encoding="utf-8-sig",
    )
    write(
        folder / "i.xlsx",
        {"ตัวชี้วัด": ([
            ["ตัวชี้วัดรายตำบล จังหวัดปัตตานี ที่มา จปฐ"],
            ["รหัสตำบล", "ตำบล", "อำเภอ", "รายได้เฉลี่ยครัวเรือน (บาท/เดือน)", "ประชากร (คน)"],
            [941012.0, "เขาตูม", "ยะรัง", "12,345.50", 8000],
            [None, "สะดาวา", "ยะรัง", 9000, "-"],
        ], [])},
    )  # fmt: skip
    needs, survey, indicators = (
        read_submission(folder / name, raw=tmp_path) for name in ("n.csv", "s.csv", "i.xlsx")
    )

    stated = needs.frames["needs"]
    assert (needs.rows_read, needs.rows_accepted) == (3, 1)
    assert stated[["tambon_code", "village_no", "votes", "people_affected"]].iloc[0].tolist() == [
        "941012", 3, 25, 120]  # fmt: skip
    assert {f.code for f in needs.findings if f.severity == "error"} == {
        "intake.no_text", "intake.no_tambon"}  # fmt: skip

    answers = survey.frames["beneficiary_survey"]
    assert answers["age_band"].tolist() == ["15–24", "60+"]
    assert answers["sex"].tolist() == ["หญิง", "ไม่ระบุ"]
    assert answers["aware"].tolist() == [1, 0]
    assert answers["harm_any"].tolist() == [0, 1]
    assert answers["satisfaction"].tolist() == [4, pd.NA]
    assert answers["need_rank_1"].tolist() == ["HEA", "OTH"]
    unknown = [f.where for f in survey.findings if f.code == "survey.unknown_answer"]
    assert [where.split(" | ")[2] for where in unknown] == ["3"]

    values = indicators.frames["indicators"]
    assert values[["tambon_code", "indicator_id", "value"]].to_numpy().tolist() == [
        ["941012", "income", 12345.5],
        ["941002", "income", 9000.0],
        ["941012", "population", 8000.0],
    ]
    assert set(values["source"]) == {"จปฐ"}


def test_title_rows_and_folder_that_differ_are_settled_by_the_date_of_the_data(
    forms, write, tmp_path
) -> None:
    sent = read_submission(write(tmp_path / "2565/Q2/a.xlsx", forms["A"]()), raw=tmp_path)
    assert sent.period == FiscalPeriod(2565, 3)
    assert ("intake.period_conflict", "2565-Q3 ≠ 2565-Q2 → 2565-Q3") in {
        (f.code, f.value) for f in sent.findings
    }


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("2565/Q3/x.xlsx", b"", "refused.empty"),
        (
            "2565/Q3/x.csv",
            "ชื่อ-สกุล,โทรศัพท์\nนายสมมติ นามแฝง,0812345678\n".encode(),
            "refused.kind_unknown",
        ),
        ("x.csv", "ที่,โครงการ,งบประมาณ\n1,ขุดบ่อ,5\n".encode(), "refused.no_period"),
    ],
)
def test_what_cannot_be_read_is_refused_not_raised(name, content, code, tmp_path) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    sent = read_submission(file, raw=tmp_path)

    assert (sent.state, sent.frames, sent.rows_read) == ("refused", {}, 0)
    assert [f.code for f in sent.findings] == [code]
    assert all(f.message(language) for f in sent.findings for language in ("th", "en"))
    assert "สมมติ" not in repr(sent)


def test_a_submission_survives_the_way_between_processes(forms, write, tmp_path) -> None:
    sent = read_submission(write(tmp_path / "2565/Q3/a.xlsx", forms["A"]()), raw=tmp_path)
    again = pickle.loads(pickle.dumps(sent))
    assert again.findings == sent.findings
    pd.testing.assert_frame_equal(
        again.frames["project_submissions"], sent.frames["project_submissions"]
    )


def test_real_budget_items_find_their_tambons_from_the_description_alone(tmp_path) -> None:
    if not REAL.exists():
        pytest.skip("the real budget items are not part of the project (../shared/data/real)")
    answers = pd.read_csv(REAL, dtype=str)
    answers.index += 2
    blind = tmp_path / "items.csv"
    answers.drop(columns="tambon_code").to_csv(blind, index=False)
    shutil.copy(REAL, tmp_path / "with_answers.csv")

    for file in (blind, tmp_path / "with_answers.csv"):
        sent = read_submission(file, raw=tmp_path)
        rows = sent.frames["project_submissions"]
        assert (sent.kind, len(rows)) == ("budget_items", len(answers))
        right = rows["tambon_code"] == answers["tambon_code"].loc[rows.index]
        assert right.mean() >= 0.95
        known = rows["tambon_code"].notna()
        assert right[known].all()  # in doubt it says nothing rather than something wrong
        assert rows["budget_approved"].notna().all()
        assert rows["agency_id"].notna().all()
        baht = answers["AMOUNT"].str.replace(",", "").astype(float)
        assert rows["budget_approved"].sum() == pytest.approx(baht.sum())
        years = answers["FISCAL_YEAR"].astype(int) + 543
        assert rows["fiscal_year"].tolist() == years.tolist()


HOSTILE = [
    None, "", "-", "รวม", "=SUM(A1)", "\u200b", "ที่", "31/2/2565", "9" * 20, "1e400", "NaN", -5, 0.1,
    1e300, True, "ลงชื่อ", "ก" * 3000, "๙" * 30, "ต.", "จังหวัด", "ทุกตำบล", "#REF!", "50,00,0", "(",
    "[", "\\",
]  # fmt: skip


@pytest.mark.parametrize("form", ["A", "B", "C", "D", "E"])
def test_hostile_cells_and_broken_bytes_never_raise(form, forms, write, tmp_path) -> None:
    rng = random.Random(form)
    for i in range(6):
        sheets = forms[form]()
        for rows, _ in sheets.values():
            for _ in range(12):
                cells = rows[rng.randrange(len(rows))]
                cells[rng.randrange(len(cells))] = rng.choice(HOSTILE)
        with warnings.catch_warnings():  # the writer warns of what we plant
            warnings.simplefilter("ignore")
            file = write(tmp_path / "2565" / "Q3" / f"{i}.xlsx", copy.deepcopy(sheets))
        whole = bytearray(file.read_bytes())
        for content in (bytes(whole), bytes(whole[: rng.randrange(len(whole))])):
            file.write_bytes(content)
            sent = read_submission(file, raw=tmp_path)
            assert sent.state == "read" or sent.findings[0].code.startswith("refused.")
            assert sent.rows_accepted <= sent.rows_read


def test_a_workbook_of_two_kinds_gives_the_rows_of_both(write, tmp_path) -> None:
    works = [["หน่วยงาน ศอ.บต. ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3"],
             ["ที่", "ชื่อโครงการ/กิจกรรม", "ตำบล", "อำเภอ", "จังหวัด", "งบประมาณ (บาท)", "สถานะ"],
             [1, "ขุดลอกคลอง", "เขาตูม", "ยะรัง", "ปัตตานี", 100_000, "แล้วเสร็จ"]]  # fmt: skip
    needs = [["ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3 อำเภอยะรัง จังหวัดปัตตานี"],
             ["ลำดับที่", "ตำบล", "ความต้องการของประชาชน", "ลำดับความสำคัญ"],
             [1, "เขาตูม", "ซ่อมถนนเข้าหมู่บ้าน", 1]]  # fmt: skip
    file = tmp_path / "2565" / "Q3" / "รวม.xlsx"
    write(file, {"โครงการ": (works, []), "ความต้องการ": (needs, [])})
    sent = read_submission(file, raw=tmp_path)

    assert {name: len(frame) for name, frame in sent.frames.items()} == {
        "project_submissions": 1, "needs": 1}  # fmt: skip
    assert (sent.kind, sent.rows_read, sent.rows_accepted) == ("projects", 2, 2)
    assert "intake.sheet_unknown" not in {f.code for f in sent.findings}
