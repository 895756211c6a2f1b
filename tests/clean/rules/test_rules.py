"""Rules as data: each is broken once and kept once, and an office may add its own."""

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.clean.kinds.projects import read_projects
from evallib.clean.rules.judge import OFFICE, check_rules, judge_projects, judge_register
from evallib.clean.rules.operators import OPERATORS
from evallib.clean.rules.rule_file import COLUMNS, read_rules
from evallib.clean.sheets.sheet import Sheet
from evallib.clean.sheets.title_rows import read_context
from evallib.errors import NotFound, SchemaError
from evallib.findings import Finding
from evallib.i18n import catalog
from tests.paths import ROOT

RULES = {rule.code: rule for rule in read_rules()}
SOUND = {
    "project_submissions": {
        "agency_id": "PAO-94", "agency_project_code": "A1", "fiscal_year": 2565, "quarter": 2,
        "budget_approved": 500_000.0, "disbursed_cum": 200_000.0, "physical_pct": 40.0,
        "status": "ongoing", "start_date": date(2021, 11, 1), "end_date": date(2022, 8, 31),
        "public_notice_date": date(2021, 10, 20), "target_n": 100, "beneficiaries_actual": 40,
        "province_code": "94", "location_precision": 3, "population": 5_000,
        "own_uid": "P-1", "reported_year": 2565, "as_of": date(2022, 3, 20),
    },
    "needs": {"rank": 1, "votes": None, "people_affected": 40, "population": 5_000},
    "beneficiary_survey": {
        "aware": 1, "satisfaction": 4, "trust_process": 3, "sex": "หญิง", "age_band": "25–39",
    },
    "indicators": {
        "income": 9_000.0, "population": 5_000.0, "households": 1_200.0, "out_of_school": 12.0,
    },
    "council_activities": {"budget_approved": 20_000.0, "disbursed_cum": 9_000.0},
    "council_meetings": {"meeting_date": date(2022, 3, 1), "n_public": 40, "n_women": 20,
                         "n_youth": 5},
}  # fmt: skip
BREAKS = {  # rule -> what to change in a sound row, and the value that the finding then shows
    "intake.budget_unlikely": ({"budget_approved": 0.5}, "0.50 < 100"),
    "intake.budget_zero": ({"budget_approved": 0.0}, "0 ≤ 0"),
    "intake.disbursed_over_budget": ({"disbursed_cum": 510_000.0}, "510,000 > 500,000"),
    "intake.dates_reversed": ({"end_date": date(2021, 10, 31)}, "2021-10-31 < 2021-11-01"),
    "intake.start_outside_year": ({"start_date": date(2011, 11, 1)}, "2011-11-01"),
    "intake.end_outside_year": ({"end_date": date(2032, 8, 31)}, "2032-08-31"),
    "intake.done_while_planned": (
        {"physical_pct": 100.0, "status": "planned", "disbursed_cum": 0.0}, "100 ≥ 100"),
    "intake.completed_below_100": ({"status": "completed"}, "40 < 100"),
    "intake.paid_while_planned": ({"status": "planned"}, "200,000 ≠ 0"),
    "intake.paid_while_cancelled": ({"status": "cancelled"}, "200,000 ≠ 0"),
    "intake.notice_late": ({"public_notice_date": date(2021, 11, 2)}, "2021-11-02 > 2021-11-01"),
    "intake.reached_over_target": ({"beneficiaries_actual": 301}, "301 > 300"),
    "intake.outside_province": ({"province_code": "95"}, "95 ≠ 94"),
    "intake.budget_missing": ({"budget_approved": np.nan}, ""),
    "intake.start_missing": ({"start_date": None}, ""),
    "intake.end_missing": ({"end_date": None}, ""),
    "intake.status_missing": ({"status": None}, ""),
    "intake.physical_missing": ({"physical_pct": np.nan}, ""),
    "intake.physical_unstated": (
        {"physical_pct": np.nan, "status": "planned", "disbursed_cum": 0.0}, ""),
    "intake.disbursed_missing": ({"disbursed_cum": np.nan}, ""),
    "intake.disbursed_unstated": ({"disbursed_cum": np.nan, "status": "approved"}, ""),
    "intake.reached_over_population": (
        {"beneficiaries_actual": 6_000, "target_n": 9_000}, "6,000 > 5,000"),
    "need.weight_missing": ({"rank": None}, ""),
    "need.people_over_population": ({"people_affected": 5_001}, "5,001 > 5,000"),
    "survey.aware_unanswered": ({"aware": None}, ""),
    "survey.satisfaction_unanswered": ({"satisfaction": None}, ""),
    "survey.trust_unanswered": ({"trust_process": None}, ""),
    "survey.sex_unanswered": ({"sex": None}, ""),
    "survey.age_unanswered": ({"age_band": None}, ""),
    "indicator.income_missing": ({"income": np.nan}, ""),
    "indicator.population_missing": ({"population": np.nan}, ""),
    "indicator.households_missing": ({"households": np.nan}, ""),
    "indicator.out_of_school_missing": ({"out_of_school": np.nan}, ""),
    "indicator.households_over_population": ({"households": 5_001.0}, "5,001 > 5,000"),
    "indicator.out_of_school_over_population": ({"out_of_school": 5_001.0}, "5,001 > 5,000"),
    "council.disbursed_over_budget": ({"disbursed_cum": 30_000.0}, "30,000 > 20,000"),
    "council.date_missing": ({"meeting_date": None}, ""),
    "council.women_over_public": ({"n_women": 41}, "41 > 40"),
    "council.youth_over_public": ({"n_youth": 41}, "41 > 40"),
}  # fmt: skip
QUARTERS = {  # rule about other rows -> (column, its values in Q1, Q2, ... , value of the finding)
    "intake.physical_falls": ("physical_pct", [10.0, 40.0, 30.0], "40 → 30"),
    "intake.disbursed_falls": ("disbursed_cum", [10_000.0, 9_000.0], "10,000 → 9,000"),
    "intake.disbursed_copied": ("disbursed_cum", [5_000.0, 17_322.0, 29_644.0], "17,322 → 29,644"),
    "intake.budget_jumps": ("budget_approved", [50_000.0, 501_000.0], "50,000 → 501,000"),
}
ELSEWHERE = {"intake.code_repeated", "intake.budget_outlier", "intake.target_outlier",
             "indicator.outlier"}  # fmt: skip


def table(name: str, *changes: dict[str, object]) -> pd.DataFrame:
    """Return sound rows of a table with what was changed in each."""
    rows = [{"file": "f.xlsx", "sheet": "s", "row": i, **SOUND[name], **change}
            for i, change in enumerate(changes, start=5)]  # fmt: skip
    frame = pd.DataFrame(rows)
    for column in frame:
        if "date" in str(column) or column == "as_of":
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def quarters(column: str, values: list[float]) -> pd.DataFrame:
    changes = [{column: value, "quarter": q, "status": None, "target_n": None}
               for q, value in enumerate(values, start=1)]  # fmt: skip
    return table("project_submissions", *changes)


def test_every_rule_is_broken_by_one_of_these_tests() -> None:
    assert set(RULES) == set(BREAKS) | set(QUARTERS) | ELSEWHERE


@pytest.mark.parametrize("name", SOUND)
def test_sound_rows_break_no_rule(name) -> None:
    assert check_rules(table(name, {}), name) == []


@pytest.mark.parametrize("code", BREAKS)
def test_a_row_that_breaks_a_rule_is_found_where_it_stands(code) -> None:
    rule, (change, value) = RULES[code], BREAKS[code]
    found = check_rules(table(rule.table, {}, change), rule.table)
    place = f"f.xlsx | s | 6 | {rule.lefts[0]}"
    assert Finding(code, rule.severity, place, value) in found
    assert {f.where.split(" | ")[2] for f in found} == {"6"}


@pytest.mark.parametrize("code", QUARTERS)
def test_a_quarter_is_held_against_the_one_before(code) -> None:
    column, values, value = QUARTERS[code]
    found = check_rules(quarters(column, values), "project_submissions", [RULES[code]])
    assert found == [Finding(code, "warning", f"f.xlsx | s | {4 + len(values)} | {column}", value)]
    alone = quarters(column, values).assign(own_uid=[f"P-{i}" for i in range(len(values))])
    assert check_rules(alone, "project_submissions", [RULES[code]]) == []


def test_round_amounts_and_standstill_are_no_copies() -> None:
    rule = [RULES["intake.disbursed_copied"]]
    for values in ([5_000.0, 17_300.0, 29_600.0], [12_322.0, 12_322.0], [12_322.0, 12_322.0] * 2):
        assert check_rules(quarters("disbursed_cum", values), "project_submissions", rule) == []
    twice = quarters("disbursed_cum", [12_322.0, 24_644.0])  # Q2 repeats what Q1 alone disbursed
    assert len(check_rules(twice, "project_submissions", rule)) == 1


def test_a_value_found_wrong_is_no_yardstick_for_the_next_quarter() -> None:
    rows = quarters("disbursed_cum", [100_000.0, 900_000.0, 200_000.0, 150_000.0])
    found = judge_register({"project_submissions": rows})
    assert [(f.code, f.value) for f in found] == [("intake.disbursed_falls", "200,000 → 150,000")]


def test_a_cell_that_has_an_error_already_is_not_called_missing_too() -> None:
    cells = pd.DataFrame(
        [["ถนน", "ไม่ระบุ", None], ["ฝาย", None, "ไม่ระบุ"]], [7, 8],
        ["ชื่อโครงการ", "วันเริ่มต้น", "วันสิ้นสุด"], dtype="object",
    )  # fmt: skip
    sheet = Sheet("a.xlsx", "s", ("ปีงบประมาณ 2565 ไตรมาสที่ 3",), cells, (), kind="projects")
    _, findings = read_projects(sheet, read_context(sheet))
    told = [(f.code, f.where.split(" | ")[2]) for f in findings if "วัน" in f.where]
    assert sorted(told) == [
        ("date.unreadable", "7"), ("date.unreadable", "8"),
        ("intake.end_missing", "7"), ("intake.start_missing", "8"),
    ]  # fmt: skip


def test_a_value_that_is_refused_is_not_doubted_too() -> None:
    cells = pd.DataFrame(
        [["ถนน", 0.35, 0.2], ["ฝาย", 500_000, 0.2]], [7, 8],
        ["ชื่อโครงการ", "งบประมาณ (บาท)", "เบิก-จ่าย (บาท)"], dtype="object",
    )  # fmt: skip
    sheet = Sheet("a.xlsx", "s", ("ปีงบประมาณ 2565 ไตรมาสที่ 3",), cells, (), kind="projects")
    frame, findings = read_projects(sheet, read_context(sheet))
    told = {f.where.removeprefix("a.xlsx | s | "): f.code for f in findings if "บาท" in f.where}
    assert len(told) == sum("บาท" in f.where for f in findings)
    assert told["7 | งบประมาณ (บาท)"] == "intake.budget_unlikely"
    assert told["7 | เบิก-จ่าย (บาท)"] == "amount.small"  # not refused: the doubt stays
    assert frame["budget_approved"].isna().tolist() == [True, False]


def test_a_code_that_comes_twice_is_reported_the_second_time() -> None:
    rows = table("project_submissions", {}, {"agency_project_code": "A2"}, {})
    found = check_rules(rows, "project_submissions", [RULES["intake.code_repeated"]])
    assert [f.where.split(" | ")[2] for f in found] == ["7"]


def test_a_budget_far_from_its_sector_is_found_in_its_last_row() -> None:
    rng = np.random.default_rng(1)
    n = 40
    budgets = np.r_[np.exp(rng.normal(np.log(400_000), 0.7, n - 1)), 400.0]
    projects = pd.DataFrame({
        "project_uid": [f"P-{i:02d}" for i in range(n)], "sector_code": "ROD",
        "budget_approved": budgets, "target_n": 30,
    })  # fmt: skip
    sent = pd.DataFrame({
        "project_uid": [*projects["project_uid"], "P-39"], "file": "a.xlsx", "sheet": "s",
        "row": range(1, n + 2), "as_of": pd.Timestamp("2022-03-20"),
    })  # fmt: skip
    found = judge_projects(projects, sent)
    assert [(f.code, f.where) for f in found] == [
        ("intake.budget_outlier", "a.xlsx | s | 41 | budget_approved")
    ]
    assert found[0].value.startswith("400 ≠ ")


def test_far_counts_and_indicators_are_found_within_their_group() -> None:
    rng = np.random.default_rng(2)
    values = np.r_[rng.normal(9_000, 800, 29), 9.0]
    rows = pd.DataFrame({
        "file": "i.xlsx", "sheet": "s", "row": range(30), "indicator_id": "income",
        "province_code": "94", "fiscal_year": 2565, "quarter": 1, "value": values,
        "tambon_code": [f"9401{i:02d}" for i in range(30)], "as_of": pd.Timestamp("2022-03-20"),
    })  # fmt: skip
    found = judge_register({"indicators": rows})
    assert [f.where.split(" | ")[2] for f in found] == ["29"]
    people = pd.DataFrame({"sector_code": "LIV", "target_n": [*range(20, 60), 90_000]})
    codes = [f.code for f in check_rules(people, "projects")]
    assert codes == ["intake.target_outlier"]


def test_words_are_never_shown_in_a_finding(tmp_path) -> None:
    line = office_line(left="status", operator="in", right="planned|approved")
    rows = table("project_submissions", {"status": "นายสมมติ นามแฝง"})
    assert "สมมติ" not in repr(check_rules(rows, "project_submissions", office(tmp_path, line)))


def office_line(**cells: str) -> dict[str, str]:
    base = {"rule": "R1", "table": "project_submissions", "stage": "register",
            "left": "budget_approved", "operator": "<=", "right": "400000",
            "severity": "warning", "dimension": "consistency",
            "th": "เกินเพดานของสำนักงาน", "en": "over our ceiling"}  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | base | cells


def office(folder, *lines: dict[str, str]):
    file = folder / "rules.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    return read_rules(file)


def test_a_rule_of_the_office_speaks_in_its_own_words(tmp_path) -> None:
    rows = {"project_submissions": table("project_submissions", {})}
    found = judge_register(rows, office(tmp_path, office_line()))
    assert [f.code for f in found] == [OFFICE]
    assert found[0].value == "R1: เกินเพดานของสำนักงาน / over our ceiling 500,000 > 400,000"
    assert found[0].where == "f.xlsx | s | 5 | budget_approved"
    assert "over our ceiling" in found[0].message("en")


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"operator": "sum of", "right": "disbursed_cum + target_n"}, "500,000 ≠ 200,100"),
        ({"left": "budget_code", "operator": "starts with", "right": "30"}, "11000"),
        ({"left": "province_code", "operator": "in", "right": "90|95"}, "94"),
        ({"left": "start_date", "operator": ">", "right": "2022-01-01"}, "2021-11-01 ≤ 2022-01-01"),
        ({"left": "quarter", "operator": "!=", "right": "2"}, "2 = 2"),
        ({"left": "status", "operator": "==", "right": "planned"}, "… ≠ …"),
        ({"left": "physical_pct", "operator": "between", "right": "50..90"}, "40"),
    ],
)
def test_every_operator_can_serve_an_office(cells, shown, tmp_path) -> None:
    rows = table("project_submissions", {"budget_code": "11000"})
    found = check_rules(rows, "project_submissions", office(tmp_path, office_line(**cells)))
    assert [f.value.removeprefix("R1: เกินเพดานของสำนักงาน / over our ceiling ") for f in found] == [
        shown
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"table": "nothing"}, "table"), ({"table": "project_progress"}, "table"),
        ({"severity": "error"}, "severity"), ({"left": "nothing"}, "left"),
        ({"operator": "~"}, "operator"), ({"right": "nothing"}, "right"), ({"right": ""}, "right"),
        ({"operator": "between", "right": "3"}, "right"), ({"severity": "bad"}, "severity"),
        ({"operator": "in", "right": ""}, "right"), ({"tolerance": "-1"}, "tolerance"),
        ({"when": "status is planned"}, "when"), ({"by": "nothing"}, "by"),
        ({"th": ""}, "th"), ({"en": ""}, "en"), ({"rule": ""}, "rule"),
        ({"operator": "sum of", "right": "target_n"}, "right"),
        ({"stage": "sheet", "operator": "not below previous", "right": ""}, "stage"),
        ({"stage": "later"}, "stage"), ({"dimension": "beauty"}, "dimension"),
        ({"operator": "share of MAD", "right": "target_n"}, "right"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_refused_by_line_and_column(cells, column, tmp_path) -> None:
    with pytest.raises(SchemaError) as raised:
        office(tmp_path, office_line(rule="R0"), office_line(**cells))
    message = raised.value.message("en")
    assert f"rules.csv, line 3, column {column}:" in message
    assert [part.split(":")[0] for part in message.splitlines()] == ["needed", "found", "do"]


def test_the_example_of_the_documentation_is_a_file_of_rules(tmp_path) -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    file = tmp_path / "rules.csv"
    file.write_text(page.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    assert [rule.code for rule in read_rules(file)] == [
        "office.large", "office.goal", "office.reach", "office.years"
    ]  # fmt: skip
    assert all(f"`{operator}`" in page for operator in OPERATORS)


def test_files_that_hold_no_rules_are_refused(tmp_path) -> None:
    with pytest.raises(NotFound):
        read_rules(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("rule,left\nR1,status\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"a\.csv"):
        read_rules(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes("กฎ".encode("cp874"))
    with pytest.raises(SchemaError, match=r"b\.csv"):
        read_rules(tmp_path / "b.csv")
    with pytest.raises(SchemaError, match="R1"):
        office(tmp_path, office_line(), office_line())


@pytest.mark.parametrize("encoding", ["cp874", "utf-16", "utf-8"])
def test_rules_that_a_spreadsheet_saved_in_its_own_way_are_the_same_rules(
    encoding, tmp_path
) -> None:
    rules = office(tmp_path, office_line())
    file = tmp_path / "saved.csv"
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerow(office_line())
    assert read_rules(file) == read_rules(str(file)) == rules


def test_the_words_of_every_rule_reach_the_catalog() -> None:
    for code, rule in RULES.items():
        assert catalog()[code] == {"th": rule.th, "en": rule.en}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e7), st.floats(0, 1e7), st.floats(0, 100),
            st.sampled_from(["planned", "ongoing", "completed", None]),
        ),
        min_size=1, max_size=12,
    ),
    st.randoms(),
)  # fmt: skip
def test_rows_are_judged_alike_in_any_order_and_as_one_by_one(rows, random) -> None:
    names = ("budget_approved", "disbursed_cum", "physical_pct", "status")
    frame = table("project_submissions", *(dict(zip(names, row, strict=True)) for row in rows))
    sheet = [rule for rule in RULES.values() if rule.stage == "sheet" and rule.operator != "unique"]
    found = set(check_rules(frame, "project_submissions", sheet))
    order = list(range(len(frame)))
    random.shuffle(order)
    assert set(check_rules(frame.iloc[order], "project_submissions", sheet)) == found
    single = [check_rules(frame.iloc[[i]], "project_submissions", sheet) for i in order]
    assert {f for one in single for f in one} == found
    for row, (budget, paid, _, _) in zip(frame["row"], rows, strict=True):  # plainly, by hand
        over = any(f.code == "intake.disbursed_over_budget" and f"| {row} |" in f.where
                   for f in found)  # fmt: skip
        assert over == (budget >= 100 and paid > budget + 1)


@pytest.mark.parametrize("damage", ["beyond", "unnamed", "lost"])
def test_damage_in_a_file_of_rules_is_refused(damage, tmp_path) -> None:
    file = tmp_path / "rules.csv"
    line = "rule.x,projects,register,title_th,not empty,,,,,warning,completeness,ขาดชื่อ,no title"
    head = ",".join(COLUMNS)
    if damage == "beyond":
        line += ", or so"  # a comma without quotes
    elif damage == "unnamed":
        head, line = head.replace("rule,", "rule,,", 1), line.replace("rule.x,", "rule.x,?,")
    file.write_bytes(f"{head}\n{line}\n".encode("cp874"))
    if damage == "lost":
        file.write_bytes(file.read_bytes().replace("ขาด".encode("cp874"), b"\xff\xfc"))
    with pytest.raises(SchemaError) as refused:
        read_rules(file)
    assert refused.value.code == "rules.broken"
