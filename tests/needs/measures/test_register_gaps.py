"""What the register lacks (A14, A15, A19) and how good its data are (A20)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from evallib.needs.measures.data_quality import quality_score
from evallib.needs.measures.register_gaps import agency_gap, progress_gap, public_notice
from evallib.periods import FiscalPeriod
from tests.needs.small_case import SCOPES, T1, T2, T3, at, cases, make_case


def gap(case, agencies=None) -> dict[str, float]:
    return at(case, agency_gap(case, case.net.probability[np.newaxis], agencies)[0])


def test_needs_without_any_agency_by_hand() -> None:
    needs = {"a": {}, "b": {}, "c": {"tambon_code": T3}, "d": {}}
    projects = {"p": {}, "q": {"agency_id": None, "agencies": "PAO;RID"},
                "none": {"agency_id": None, "agencies": None}}  # fmt: skip
    links = {("a", "p"): 0.5, ("a", "q"): 0.8, ("b", "none"): 1.0}
    case = make_case(needs, projects, links, rank={"a": 1.0, "b": 2.0, "c": 1.0, "d": 4.0})
    assert gap(case)["94"] == pytest.approx((0.5 * 0.2 + 1) / 2)
    assert gap(case)["area"] == pytest.approx((0.1 + 1 + 1) / 3)
    assert np.isnan(gap(case)[T2])
    roles = pd.DataFrame({"project_uid": ["none", "q"], "agency_id": ["ARMY", None]})
    assert gap(case, roles)["94"] == pytest.approx((1 + 0) / 2)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(cases())
def test_agencies_equal_the_slow_twin(case) -> None:
    found = gap(case)
    for scope in SCOPES:
        start = "" if scope == "area" else scope
        shares = []
        for i, need in enumerate(case.needs.to_dict("records")):
            if case.rank[i] <= 3 and need["tambon_code"].startswith(start):
                mine = [k for k in range(len(case.net.need)) if case.net.need[k] == i]
                named = [k for k in mine if isinstance(
                    case.projects["agency_id"][case.net.project[k]], str)]  # fmt: skip
                shares.append(np.prod([1 - case.net.probability[k] for k in named]))
        expected = np.mean(shares) if shares else np.nan
        assert found[scope] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_public_notice_by_hand() -> None:
    projects = {
        "p": {"start_date": "2022-01-31", "public_notice_date": "2022-01-01"},  # 30 days
        "q": {"start_date": "2022-01-31", "public_notice_date": "2022-01-02"},  # 29
        "r": {"start_date": "2022-01-31"},  # never told
        "none": {"start_date": None, "public_notice_date": "2022-01-01"},
        "off": {"start_date": "2022-01-31", "status": "cancelled"},
        "s": {"tambon_code": T3, "start_date": None},
    }
    case = make_case({}, projects, {})
    rows = public_notice(case)
    assert (at(case, rows.value)["area"], at(case, rows.n)["area"]) == (pytest.approx(1 / 3), 3)
    assert at(case, rows.note)["95"] == "no_dates"
    assert at(case, rows.note)[T2] == "no_projects"
    silent = make_case({}, {"p": {}, "q": {}}, {})
    assert at(silent, public_notice(silent).note)[T1] == "not_given"
    without = replace(silent, projects=silent.projects.drop(columns="public_notice_date"))
    assert at(without, public_notice(without).note)[T1] == "not_given"


def progress_of(rows: list[tuple[str, int, float | None, float | None]]) -> pd.DataFrame:
    columns = ["project_uid", "quarter", "physical_pct", "disbursed_cum"]
    return pd.DataFrame(rows, columns=columns).assign(fiscal_year=2565, status="ongoing")


def test_money_and_work_by_hand() -> None:
    projects = {"p": {}, "q": {"budget_approved": 300_000.0}, "r": {"tambon_code": T3},
                "free": {"budget_approved": 0.0}, "off": {"status": "cancelled"},
                "x": {"tambon_code": T2},
                "y": {"tambon_code": T2, "budget_approved": None}}  # fmt: skip
    rows = progress_of([
        ("p", 1, 0, 100_000), ("p", 3, 60, 50_000), ("p", 4, 100, 100_000),  # 50 - 60
        ("q", 3, 10, 120_000),  # 40 - 10
        ("r", 2, 50, 900_000),  # more than its budget: 100 - 50
        ("free", 3, 10, 10), ("off", 3, 0, 100_000), ("x", 3, None, 1), ("y", 3, 1, 1),
    ])  # fmt: skip
    case = make_case({}, projects, {})
    mean, flagged = progress_gap(case, rows)
    assert at(case, mean.value)["94"] == pytest.approx((-10 * 1 + 30 * 3) / 4)
    # the difference of the two percentages of the scope: 170,000 of 400,000 and (60 + 30) of 400
    assert at(case, mean.value)["94"] == pytest.approx(100 * 170 / 400 - (60 * 1 + 10 * 3) / 4)
    assert at(case, mean.value)["95"] == pytest.approx(50)
    assert (at(case, mean.n)["area"], at(case, flagged.value)["area"]) == (3, 2)
    assert at(case, flagged.value)["94"] == 1
    assert at(case, mean.note)[T2] == at(case, flagged.note)[T2] == "no_progress"
    assert np.isnan(at(case, flagged.value)[T2])
    free = make_case({}, {"free": {"budget_approved": 0.0}}, {})
    assert at(free, progress_gap(free, rows)[0].note)["area"] == "no_budget"
    assert set(progress_gap(make_case({}, {}, {}), rows)[0].note) == {"no_projects"}
    assert at(case, progress_gap(case, rows.head(0))[0].note)["area"] == "no_progress"
    for column in ("physical_pct", "disbursed_cum", "project_uid", "quarter"):
        cut = progress_gap(case, rows.drop(columns=column))[0]
        assert at(case, cut.note)["area"] == "no_progress", column


def test_twenty_points_apart_are_not_flagged_and_a_little_more_are() -> None:
    case = make_case({}, {"p": {}, "q": {}}, {})
    rows = progress_of([("p", 3, 30, 50_000), ("q", 3, 70.5, 50_000)])
    assert at(case, progress_gap(case, rows)[1].value)["area"] == 1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_figures_keep_their_range_and_a_reason_stands_where_there_is_none(case) -> None:
    rows = progress_of([
        (uid, 3, 100.0 * (i % 3) / 2, 2e5 * i) for i, uid in enumerate(case.projects["project_uid"])
    ])  # fmt: skip
    mean, flagged = progress_gap(case, rows)
    for found, low, high in [
        (public_notice(case), 0, 1), (mean, -100, 100), (flagged, 0, len(case.projects))
    ]:  # fmt: skip
        known = found.value[~np.isnan(found.value)]
        assert ((known >= low) & (known <= high)).all()
        assert ((found.note == "") == ~np.isnan(found.value)).all()


def test_quality_by_hand() -> None:
    scores = pd.DataFrame(
        [("RID", 2565, 3, 0.5), ("PAO", 2565, 3, 0.9), ("ARMY", 2565, 3, 0.1),
         ("RID", 2565, 2, 1.0), ("RID", 2564, 3, 0.0), ("PAO", 2565, 2, None)],
        columns=["agency_id", "fiscal_year", "quarter", "overall"],
    )  # fmt: skip
    projects = {"p": {}, "q": {"agency_id": "PAO", "tambon_code": T3}, "r": {}}
    case = make_case({}, projects, {})
    rows = quality_score(case, scores)
    assert at(case, rows.value)["area"] == pytest.approx(50)  # ARMY has no project and sent in
    assert (at(case, rows.value)["94"], at(case, rows.value)["95"]) == (50, pytest.approx(90))
    assert at(case, rows.n)["area"] == 3
    assert at(case, rows.note)[T2] == "no_scores"
    year = make_case({}, projects, {}, period=FiscalPeriod(2565))
    assert at(year, quality_score(year, scores).value)["94"] == pytest.approx(75)
    ever = make_case({}, projects, {}, period=None)
    assert at(ever, quality_score(ever, scores).value)["94"] == pytest.approx(50)
    assert set(quality_score(case, scores.head(0)).note) == {"no_scores"}
    for column in scores:
        found = quality_score(case, scores.drop(columns=column))
        assert set(found.note) == {"no_scores"}, column
