"""assemble: each thing once, the latest value of it, and nothing lost on the way."""

import random
from datetime import date

import pandas as pd

from evallib.clean import read_submission
from evallib.register import assemble
from evallib.register.same_project import identify_projects
from evallib.tables import contract
from evallib.tables.ids import hashed
from evallib.thai.keys import text_key

FRAMES = (
    "inputs", "project_submissions", "projects", "project_duplicates", "project_progress",
    "council_meetings", "council_activities", "needs", "need_votes", "beneficiary_survey",
    "indicators", "project_parts", "duplicate_reviews", "baht_ledger",
)  # fmt: skip
MONTH = {1: 12, 2: 3, 3: 6, 4: 9}


def projects_csv(folder, quarter, rows, *, agency="โครงการชลประทานปัตตานี", name="p.csv", year=2565):
    """Write a report of projects: title, place, baht, percent, disbursed (and a code)."""
    file = folder / str(year) / f"Q{quarter}" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    calendar = year - 1 if quarter == 1 else year
    head = [
        f"หน่วยงาน {agency}", f"ปีงบประมาณ พ.ศ. {year} ไตรมาสที่ {quarter}",
        f"ข้อมูล ณ วันที่ 24/{MONTH[quarter]}/{calendar}",
        "ที่,รหัสโครงการ,ชื่อโครงการ,สถานที่,งบประมาณ (บาท),ความก้าวหน้า (%),เบิกจ่าย (บาท),วันเริ่มต้น",
    ]  # fmt: skip
    lines = [
        f"{i},{code},{title},{place},{baht},{pct},{paid},1/12/2564"
        for i, (title, place, baht, pct, paid, code) in enumerate(rows, 1)
    ]
    file.write_text("\n".join([*head, *lines]), encoding="utf-8")
    return file


def row(title, place="ต.เขาตูม อ.ยะรัง จ.ปัตตานี", baht=500_000, pct=10, paid=0, code=""):
    return title, place, baht, pct, paid, code


def intake(folder, *, seed=None):
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    if seed is not None:
        random.Random(seed).shuffle(files)
    sent = (read_submission(file, raw=folder) for file in files)
    return assemble(sent, respondent_key=b"a secret of tests")


def test_no_submissions_give_empty_frames_that_meet_their_contracts() -> None:
    found = assemble([])
    assert set(found.frames) == set(FRAMES)
    for name, frame in found.frames.items():
        assert (len(frame), list(frame.columns)) == (0, contract(name).names)


def test_a_project_reported_in_four_quarters_is_one_with_its_latest_values(tmp_path) -> None:
    for quarter, pct in ((1, 5), (2, 30), (3, 60), (4, 100)):
        projects_csv(
            tmp_path, quarter, [row("ขุดบ่อบาดาล", baht=400_000 + quarter, pct=pct, paid=pct * 1000)]
        )
    found = intake(tmp_path)
    (project,) = found.frames["projects"].to_dict("records")
    progress = found.frames["project_progress"]

    assert project["budget_approved"] == 400_004
    assert project["as_of"] == pd.Timestamp("2021-12-24")  # when it became known
    assert project["n_submissions"] == 4
    assert project["project_uid"].startswith("P-2565-")
    assert progress[["quarter", "physical_pct", "disbursed_cum"]].to_numpy().tolist() == [
        [1, 5, 5_000], [2, 30, 30_000], [3, 60, 60_000], [4, 100, 100_000]]  # fmt: skip
    assert set(found.frames["project_submissions"]["project_uid"]) == {project["project_uid"]}


def test_the_order_of_submissions_does_not_matter(tmp_path, council_page) -> None:
    for quarter in (1, 2, 3):
        projects_csv(tmp_path, quarter, [row(f"โครงการ {c}", pct=quarter) for c in "กขคงจ"])
        projects_csv(tmp_path, quarter, [row("โครงการ ก")], agency="อบต.เขาตูม", name="tao.csv")
    (tmp_path / "2565" / "Q3" / "c.xls").write_text(council_page(), encoding="utf-8")
    straight = intake(tmp_path)
    for seed in range(3):
        shuffled = intake(tmp_path, seed=seed)
        assert shuffled.findings == straight.findings
        for name in FRAMES:
            pd.testing.assert_frame_equal(shuffled.frames[name], straight.frames[name])


def test_a_file_sent_twice_counts_once(tmp_path) -> None:
    first = projects_csv(tmp_path, 3, [row("ขุดบ่อบาดาล")])
    (first.parent / "copy.xlsx").write_bytes(first.read_bytes())
    found = intake(tmp_path)

    assert found.frames["inputs"].set_index("file")["state"].to_dict() == {
        "2565/Q3/copy.xlsx": "read", "2565/Q3/p.csv": "repeated"}  # fmt: skip
    assert len(found.frames["project_submissions"]) == 1
    assert ("intake.repeated_file", "2565/Q3/p.csv") in {(f.code, f.where) for f in found.findings}


def test_the_same_project_of_two_agencies_counts_each_baht_once(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ปรับปรุงระบบส่งน้ำ ต.เขาตูม"), row("ซ่อมถนนสายใน")])
    projects_csv(
        tmp_path,
        2,
        [row("โครงการปรับปรุงระบบส่งน้ำ ตำบลเขาตูม", pct=40)],
        agency="อบต.เขาตูม",
        name="t.csv",
    )
    found = intake(tmp_path)
    projects, sent = found.frames["projects"], found.frames["project_submissions"]
    (pair,) = found.frames["project_duplicates"].to_dict("records")
    (merged,) = [f for f in found.findings if f.code == "duplicate.merged"]

    assert len(sent) == 3
    assert projects["budget_approved"].sum() == 1_000_000
    kept = projects[projects["project_uid"] == pair["project_uid"]].iloc[0]
    assert kept["agency_id"] == "RID-94"  # reported first
    assert kept["agencies"].split(";") == sorted({"RID-94", *sent["agency_id"]})
    assert (pair["state"], pair["budget_approved"]) == ("OPEN", 500_000)
    assert pair["duplicate_uid"] not in set(projects["project_uid"])
    assert (merged.where, merged.value.split()[0]) == (pair["project_uid"], pair["duplicate_uid"])
    assert set(sent["project_uid"]) == set(projects["project_uid"])
    progress = found.frames["project_progress"].set_index(["project_uid", "quarter"])
    assert progress.loc[(pair["project_uid"], 2), "physical_pct"] == 40


def test_one_item_in_several_fiscal_years_is_never_a_duplicate(tmp_path) -> None:
    for year in (2563, 2564, 2565):
        projects_csv(tmp_path, 2, [row("ก่อสร้างอาคารเรียน")], year=year)
        projects_csv(
            tmp_path, 2, [row("ก่อสร้างอาคารเรียน")], year=year, agency="อบต.เขาตูม", name="t.csv"
        )
    found = intake(tmp_path)
    assert sorted(found.frames["projects"]["fiscal_year"]) == [2563, 2564, 2565]
    pairs = found.frames["project_duplicates"]
    assert len(pairs) == 3
    assert (pairs["project_uid"].str[2:6] == pairs["duplicate_uid"].str[2:6]).all()


def test_rows_with_codes_of_their_own_stay_apart_and_a_retyped_title_stays_one(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ทุนการศึกษา", code="A1"), row("ทุนการศึกษา", code="A2")])
    projects_csv(tmp_path, 2, [row("ทุนการศึกษา", code="A1"), row("ทุนการศึกษา", code="A2")])
    projects_csv(tmp_path, 1, [row("ขุดลอกคลองบ้านตันหยง")], name="b.csv", agency="อบต.เขาตูม")
    projects_csv(tmp_path, 2, [row("ขุดลอกคลองบ้านตันหยงง")], name="b.csv", agency="อบต.เขาตูม")
    found = intake(tmp_path)

    assert len(found.frames["projects"]) == 3
    assert sorted(found.frames["projects"]["n_submissions"]) == [2, 2, 2]
    assert "intake.title_changed" in {f.code for f in found.findings}


def test_twins_without_codes_are_two_projects_but_a_repeated_row_is_one(tmp_path) -> None:
    for quarter in (1, 2):
        projects_csv(
            tmp_path, quarter,
            [row("แจกเมล็ดพันธุ์", baht=baht) for baht in (100, 200, 100)],
        )  # fmt: skip
    found = intake(tmp_path)
    assert sorted(found.frames["projects"]["budget_approved"]) == [100, 200]
    assert sorted(found.frames["projects"]["n_submissions"]) == [2, 4]
    repeated = {f.where for f in found.findings if f.code == "intake.row_repeated"}
    assert repeated == {"2565/Q1/p.csv |  | 5 | ", "2565/Q2/p.csv |  | 5 | "}


def test_forms_of_two_provinces_with_one_number_are_two_respondents(tmp_path) -> None:
    head = "รหัสแบบสอบถาม,ตำบล,อำเภอ,จังหวัด,ความพึงพอใจ (1-5)\n"
    folder = tmp_path / "2565" / "Q3"
    folder.mkdir(parents=True)
    for name, place in (("a.csv", "เขาตูม,ยะรัง,ปัตตานี"), ("b.csv", "บุดี,เมืองยะลา,ยะลา")):
        (folder / name).write_text(f"{head}001,{place},4\n001,{place},5\n", encoding="utf-8-sig")
    found = intake(tmp_path)
    assert found.frames["beneficiary_survey"]["satisfaction"].tolist() == [5, 5]
    assert [f.where.split(" | ")[2] for f in found.findings if "repeated_key" in f.code] == [
        "2"
    ] * 2
    assert not found.frames["beneficiary_survey"]["resp_key"].isin(["001"]).any()


def test_titles_that_differ_in_a_number_are_two_projects(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ก่อสร้างถนนคอนกรีตสายบ้านบน ระยะที่ 1")])
    projects_csv(tmp_path, 2, [row("ก่อสร้างถนนคอนกรีตสายบ้านบน ระยะที่ 2")])
    assert len(intake(tmp_path).frames["projects"]) == 2


def test_a_quarter_that_lost_the_tambon_takes_it_from_another(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ขุดบ่อบาดาล", place="อ.ยะรัง จ.ปัตตานี")])
    projects_csv(tmp_path, 2, [row("ขุดบ่อบาดาล")])
    found = intake(tmp_path)
    assert found.frames["projects"]["tambon_code"].tolist() == ["941012"]
    assert ("intake.place_shared", "2565/Q1/p.csv |  | 5 | ", "941012") in {
        (f.code, f.where, f.value) for f in found.findings
    }


def needs_csv(folder, quarter, lines, name="n.csv"):
    file = folder / "2565" / f"Q{quarter}" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    head = "อำเภอยะรัง จังหวัดปัตตานี\nลำดับที่,ตำบล,หมู่ที่,ความต้องการของประชาชน,ลำดับความสำคัญ,คะแนน\n"
    file.write_bytes((head + "\n".join(lines)).encode("cp874"))


def test_a_need_restated_is_one_need_with_a_vote_for_each_quarter(tmp_path) -> None:
    needs_csv(tmp_path, 1, ["1,เขาตูม,3,ขอประปาหมู่บ้าน,2,15", "2,เขาตูม,3,ซ่อมถนน,1,30"])
    needs_csv(tmp_path, 3, ["1,เขาตูม,3,ขอประปา หมู่บ้าน,1,40", "2,สะดาวา,3,ขอประปาหมู่บ้าน,1,5"])
    found = intake(tmp_path)
    needs = found.frames["needs"].set_index(["tambon_code", "need_text_th"])
    votes = found.frames["need_votes"]

    assert len(needs) == 3
    water = needs.loc[("941012", "ขอประปา หมู่บ้าน")]
    assert (water["first_stated"], water["last_stated"]) == ("2565-Q1", "2565-Q3")
    given = votes.loc[votes["need_id"] == water["need_id"], ["quarter", "rank", "votes"]]
    assert given.to_numpy().tolist() == [[1, 2, 15], [3, 1, 40]]
    assert needs["sector_code"].isna().all()


def test_of_two_reports_of_one_quarter_the_later_counts(tmp_path, council_page) -> None:
    line = "<tr><td>1</td><td>{}</td><td>5</td><td>5</td>" + "<td></td>" * 5 + "</tr>"
    folder = tmp_path / "2565" / "Q3"
    folder.mkdir(parents=True)
    for name, title in (("a.xls", "เลี้ยงแพะ"), ("b.xls", "เลี้ยงปลา")):
        (folder / name).write_text(council_page(line.format(title)), encoding="utf-8")
    found = intake(tmp_path)

    assert found.frames["council_meetings"]["meeting_id"].tolist() == ["M-941012-2565Q3"]
    assert found.frames["council_activities"][["activity_id", "title_th"]].to_numpy().tolist() == [
        ["A-941012-2565Q3-01", "เลี้ยงปลา"]]  # fmt: skip
    assert "intake.report_replaced" in {f.code for f in found.findings}


def test_values_beyond_their_limits_are_blanked_and_the_row_is_kept(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ขุดบ่อบาดาล", paid=-5)])
    found = intake(tmp_path)
    assert len(found.frames["project_submissions"]) == 1
    assert found.frames["project_submissions"]["disbursed_cum"].isna().all()
    errors = {(f.code, f.where.split(" | ")[2]) for f in found.findings if f.severity == "error"}
    assert errors & {("intake.out_of_range", "5"), ("amount.unreadable", "5")}


def test_a_refused_file_stays_in_the_account(tmp_path) -> None:
    projects_csv(tmp_path, 1, [row("ขุดบ่อบาดาล")])
    (tmp_path / "2565" / "Q1" / "bad.xlsx").write_bytes(b"PK\3\4 not a zip")
    inputs = intake(tmp_path).frames["inputs"].set_index("file")
    assert inputs.loc["2565/Q1/bad.xlsx", ["state", "rows_accepted"]].tolist() == ["refused", 0]
    assert inputs.loc["2565/Q1/bad.xlsx", "as_of"].date() == date(2021, 12, 24)


def test_ids_do_not_depend_on_spaces_digits_or_neighbours() -> None:
    assert text_key("ขุดบ่อ หมู่ที่ ๓") == text_key("ขุดบ่อหมู่ที่3")
    assert hashed("N-", 10, ["b", "a"])[1] == hashed("N-", 10, ["a"])[0]


def test_hashes_that_collide_give_different_ids() -> None:
    many = [str(i) for i in range(2_000)]
    short = hashed("P-", 3, many)  # 4,096 possible: collisions are certain
    assert len(set(short)) == len(many)
    assert short == hashed("P-", 3, many[::-1])[::-1]


def test_uid_is_the_hash_that_the_agreement_names() -> None:
    import hashlib

    rows = pd.DataFrame([{
        "file": "a", "row": 5, "as_of": pd.Timestamp("2022-06-24"), "fiscal_year": 2565,
        "agency_id": "RID-94", "agency_raw": "x", "agency_project_code": None, "budget_code": None,
        "title_th": "ขุดบ่อ", "tambon_code": "941012", "amphoe_code": "9410", "province_code": "94",
        "budget_approved": 5.0, "start_date": pd.NaT,
    }])  # fmt: skip
    (uid,), _ = identify_projects(rows)
    digest = hashlib.sha256("RID-94|ขุดบ่อ|941012|".encode()).hexdigest()
    assert uid == f"P-2565-{digest[:8]}"


def test_two_budgets_of_one_project_on_one_day_are_reported_and_the_last_is_used(tmp_path) -> None:
    projects_csv(tmp_path, 3, [row("ขุดบ่อบาดาล", baht=100_000)], name="a.csv")
    projects_csv(tmp_path, 3, [row("ขุดบ่อบาดาล", baht=900_000)], name="b.csv")
    found = intake(tmp_path)
    (project,) = found.frames["projects"].to_dict("records")
    told = [f for f in found.findings if f.code == "intake.budget_contradicted"]
    assert project["budget_approved"] == 900_000
    assert [f.value for f in told] == ["100,000.00 ≠ 900,000.00"]
    assert "a.csv" in told[0].where
