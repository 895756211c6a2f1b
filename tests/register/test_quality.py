"""Scores of quality: those of a slow plain count, within limits, and no error ever raises one."""

import math
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.clean.rules.rule_file import read_rules
from evallib.findings import Finding
from evallib.periods import FiscalPeriod
from evallib.register.quality import SCORES, score_quality
from evallib.tables import conform, empty

RULES = {rule.code: rule for rule in read_rules()}
NOT_BEGUN = ("planned", "approved", "cancelled")
CODES = (
    "date.unreadable", "intake.place_unknown", "intake.disbursed_over_budget",
    "intake.budget_missing", "header.total_differs", "identifier.removed", "intake.dates_reversed",
    "intake.notice_late",
)  # fmt: skip
CELLS = ("budget_approved", "start_date", "end_date", "status", "physical_pct", "disbursed_cum")


def make(reports) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return inputs and submissions; a report is (agency, quarter, days after the due day, rows),
    a row the values of ``CELLS`` after the number of its project."""
    files, rows = [], []
    for n, (agency, quarter, late, lines) in enumerate(reports):
        day = pd.Timestamp(FiscalPeriod(2565, quarter).due + timedelta(days=late))
        files.append({"file": f"{n}.xlsx", "sha256": str(n), "bytes": 1, "kind": "projects",
                      "agency_id": agency, "fiscal_year": 2565, "quarter": quarter, "as_of": day,
                      "state": "read"})  # fmt: skip
        rows += [
            {"file": f"{n}.xlsx", "sheet": "s", "row": 5 + i, "submission_id": f"{n}-{i}",
             "project_uid": f"P{number}", "agency_id": agency, "title_th": "ถนน",
             "fiscal_year": 2565, "quarter": quarter, "location_precision": 9, "as_of": day,
             **dict(zip(CELLS, cells, strict=True))}
            for i, (number, *cells) in enumerate(lines)
        ]  # fmt: skip
    tables = [
        conform(pd.DataFrame(held), name) if held else (empty(name), [])
        for held, name in ((files, "inputs"), (rows, "project_submissions"))
    ]
    assert [found for _, found in tables] == [[], []]
    return tables[0][0], tables[1][0]


def plainly(inputs, submissions, findings) -> dict[tuple[str, int], list[float]]:
    """Count one row and one finding at a time."""
    undated = {f.where.split(" | ")[0] for f in findings if f.code == "intake.as_of_assumed"}
    quarters = {f.file: f.quarter for f in inputs.itertuples()}
    agencies = {f.file: f.agency_id for f in inputs.itertuples()}
    groups: dict[tuple[str, int], list] = {}
    for row in submissions.itertuples():
        groups.setdefault((row.agency_id, quarters[row.file]), []).append(row)
    scores = {}
    for (agency, quarter), rows in groups.items():
        places = {(r.file, r.sheet, str(r.row)) for r in rows}
        missing, first = 0, {}
        for r in rows:
            asked = CELLS[:4] if r.status in NOT_BEGUN else CELLS
            missing += sum(pd.isna(getattr(r, name)) for name in asked)
            if r.file not in undated:
                first[r.project_uid] = min(first.get(r.project_uid, r.as_of), r.as_of)
        due = pd.Timestamp(FiscalPeriod(2565, quarter).due)
        in_time = [day <= due for day in first.values()]
        shares = [1 - missing / (len(rows) * len(CELLS)),
                  sum(in_time) / len(in_time) if in_time else math.nan]  # fmt: skip
        for wanted in ("consistency", "correctness"):
            bad, beside = set(), set()
            for f in findings:
                file, sheet, row = [*f.where.split(" | "), "", ""][:3]
                place = file, sheet, row if row.isdigit() else ""
                if f.code in RULES:
                    speaks = RULES[f.code].dimension
                else:
                    speaks = "consistency" if f.code == "header.total_differs" else "correctness"
                if f.severity == "info" or speaks != wanted:
                    continue
                of_file = (agencies.get(file), quarters.get(file)) == (agency, quarter)
                if place in places or of_file:
                    bad.add(place)
                    beside |= {place} - places
            shares.append(1 - len(bad) / (len(places) + len(beside)))
        known = [share for share in shares if not math.isnan(share)]
        scores[agency, quarter] = [*shares, sum(known) / len(known)]
    return scores


day = st.sampled_from([None, pd.Timestamp("2022-01-05")])
lines = st.lists(
    st.tuples(
        st.integers(1, 5), st.sampled_from([None, 5e5]), day, day,
        st.sampled_from([None, "planned", "ongoing", "completed"]),
        st.sampled_from([None, 50.0]), st.sampled_from([None, 1e5]),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
reports = st.lists(
    st.tuples(st.sampled_from(["RID", "PAO-95"]), st.integers(1, 4), st.integers(-9, 9), lines),
    max_size=5,
)
notes = st.lists(
    st.builds(
        lambda code, severity, file, row: Finding(code, severity, f"{file}.xlsx | s | {row} | x"),
        st.sampled_from(CODES), st.sampled_from(["error", "warning", "info"]),
        st.integers(0, 5), st.sampled_from(["5", "6", "7", "99", ""]),
    ),
    max_size=8,
)  # fmt: skip
undated = st.lists(
    st.integers(0, 4).map(lambda n: Finding("intake.as_of_assumed", "info", f"{n}.xlsx | s |  | "))
)


def table(scores: pd.DataFrame) -> dict[tuple[str, int], list[float]]:
    sent = scores[scores["n_files"] > 0]
    keys = zip(sent["agency_id"], sent["quarter"], strict=True)
    return dict(zip(keys, sent[[*SCORES, "overall"]].to_numpy().tolist(), strict=True))


@settings(deadline=None, max_examples=25)
@given(reports, notes, undated)
def test_scores_are_those_of_a_plain_count_and_meet_the_contract(held, noted, dateless) -> None:
    inputs, submissions = make(held)
    scores = score_quality(inputs, submissions, noted + dateless)
    accepted, refused = conform(scores, "quality_scores")
    assert refused == []
    assert len(accepted) == len(scores)
    expected = plainly(inputs, submissions, noted + dateless)
    assert list(table(scores)) == sorted(expected)
    for key, values in table(scores).items():
        assert values == pytest.approx(expected[key], rel=0, abs=1e-12, nan_ok=True)
    absent = scores[scores["n_files"] == 0]
    assert (absent[["completeness", "timeliness", "overall"]] == 0).all(axis=None)
    assert absent[["consistency", "correctness"]].isna().all(axis=None)


@settings(deadline=None, max_examples=25)
@given(reports, notes, st.randoms(use_true_random=False))
def test_the_order_of_rows_files_and_findings_is_irrelevant(held, noted, rng) -> None:
    inputs, submissions = make(held)
    scores = score_quality(inputs, submissions, noted)
    mixed = [
        frame.sample(frac=1, random_state=rng.randrange(99)) for frame in (inputs, submissions)
    ]
    again = score_quality(*mixed, rng.sample(noted, len(noted)) + noted)
    pd.testing.assert_frame_equal(scores, again)


@settings(deadline=None, max_examples=25)
@given(reports.filter(bool), notes, notes.filter(bool))
def test_a_finding_more_never_raises_a_score(held, noted, more) -> None:
    inputs, submissions = make(held)
    before = score_quality(inputs, submissions, noted)[[*SCORES, "overall"]].fillna(2)
    after = score_quality(inputs, submissions, noted + more)[[*SCORES, "overall"]].fillna(2)
    assert (after <= before + 1e-12).all(axis=None)


@settings(deadline=None, max_examples=25)
@given(reports.filter(bool), st.data())
def test_a_value_less_never_raises_a_score(held, data) -> None:
    inputs, submissions = make(held)
    at = data.draw(st.integers(0, len(submissions) - 1))
    name = data.draw(st.sampled_from(CELLS))
    emptied = submissions.copy()
    emptied.loc[at, name] = None
    before, after = (score_quality(inputs, s, [])["overall"] for s in (submissions, emptied))
    assert (after <= before + 1e-12).all()


GOOD = (5e5, pd.Timestamp("2021-11-01"), pd.Timestamp("2022-02-01"), "ongoing", 50.0, 1e5)


def test_a_report_that_was_due_and_is_not_there_is_neither_complete_nor_in_time() -> None:
    inputs, submissions = make(
        [("RID", 1, -3, [(1, *GOOD)]), ("PAO-95", 1, 0, [(2, *GOOD)]), ("RID", 3, 1, [(1, *GOOD)])]
    )
    scores = score_quality(inputs, submissions, [])
    shown = scores[["agency_id", "quarter", "n_files", *SCORES, "overall"]].astype("object")
    assert shown.fillna("-").to_numpy().tolist() == [
        ["PAO-95", 1, 1, 1, 1, 1, 1, 1],
        ["PAO-95", 2, 0, 0, 0, "-", "-", 0],  # quarter 3 was reported by others, so 2 is due
        ["PAO-95", 3, 0, 0, 0, "-", "-", 0],
        ["RID", 1, 1, 1, 1, 1, 1, 1],
        ["RID", 2, 0, 0, 0, "-", "-", 0],
        ["RID", 3, 1, 1, 0, 1, 1, 0.75],  # a day after the 25th
    ]


def test_a_correction_sent_late_costs_nothing_and_a_report_without_a_day_is_not_judged() -> None:
    inputs, submissions = make([("RID", 1, -3, [(1, *GOOD)]), ("RID", 1, 40, [(1, *GOOD)])])
    assert score_quality(inputs, submissions, [])["timeliness"].tolist() == [1]
    nothing = [Finding("intake.as_of_assumed", "info", f"{n}.xlsx | s |  | ") for n in (0, 1)]
    assert score_quality(inputs, submissions, nothing)["timeliness"].isna().all()
    assert score_quality(inputs, submissions, nothing)["overall"].tolist() == [1]


def test_a_rule_about_another_table_counts_in_its_own_dimension() -> None:
    inputs, submissions = make([("RID", 1, -3, [(1, *GOOD), (2, *GOOD)])])
    found = [Finding("intake.budget_outlier", "warning", "0.xlsx | s | 5 | budget_approved")]
    scores = score_quality(inputs, submissions, found).iloc[0]
    assert (scores["consistency"], scores["correctness"]) == (0.5, 1)


def test_rules_of_the_office_count_in_the_dimension_that_they_state(tmp_path) -> None:
    file = tmp_path / "rules.csv"
    head = "rule,table,stage,left,operator,right,by,when,tolerance,severity,dimension,th,en"
    file.write_text(
        f"{head}\no.goal,project_submissions,register,objective_th,not empty,,,,,warning,"
        "completeness,ก,a\no.big,project_submissions,register,budget_approved,<=,1,,,,warning,consistency,ก,a",
        encoding="utf-8",
    )
    inputs, submissions = make([("RID", 1, -3, [(1, *GOOD), (2, *GOOD)])])
    found = [Finding("rule.office", "warning", "0.xlsx | s | 5 | budget", "o.big: ก / a 5 > 1")]
    scores = score_quality(inputs, submissions, found, read_rules(file)).iloc[0]
    assert scores["completeness"] == 1 - 2 / 14  # two rows, seven cells asked for in each
    assert (scores["consistency"], scores["correctness"]) == (0.5, 1)
