"""Response lag (A11): events by hand, Gehan's remissions as needs, a slow twin, gaps."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from evallib.needs.measures.response import STAGES, response_lag, waiting_times, with_planned
from evallib.periods import FiscalPeriod
from tests.needs.measures.test_incidence import DRUG, PLACEBO, weeks
from tests.needs.small_case import SCOPES, T1, T3, at, cases, make_case


def progress_of(rows: list[tuple[str, int, int, float]], status: str = "ongoing") -> pd.DataFrame:
    columns = ["project_uid", "fiscal_year", "quarter", "physical_pct"]
    return pd.DataFrame(rows, columns=columns).assign(status=status)


def test_what_is_an_answer_by_hand() -> None:
    needs = {
        "a": {"first_stated": "2564-Q4"}, "b": {"first_stated": "2565-Q2"},
        "c": {"first_stated": None}, "d": {"first_stated": "2565-Q1"},
    }  # fmt: skip
    projects = {
        "p": {"start_date": "2022-01-15"}, "q": {"start_date": "2022-04-01"},
        "gone": {"start_date": "2021-10-01", "status": "cancelled"},
    }  # fmt: skip
    links = {("a", "p"): 0.9, ("a", "q"): 1.0, ("b", "q"): 0.5, ("d", "gone"): 1.0,
             ("b", "p"): 0.49, ("c", "p"): 1.0}  # fmt: skip
    case = make_case(needs, projects, links)
    done = progress_of([("p", 2565, 2, 79), ("p", 2565, 3, 80), ("q", 2565, 4, 99),
                        ("gone", 2565, 1, 100)])  # fmt: skip
    for stage, time, event in [
        ("plan", [1, 0, np.nan, 0], [1, 1, 1]),  # of 2565: its first quarter; b found it there
        ("start", [2, 1, np.nan, 2], [1, 1, 0]),  # d waits at the end of the third quarter
        ("delivered", [3, 1, np.nan, 2], [1, 0, 0]),  # q is done after the period
    ]:
        found = waiting_times(case, stage, done)
        assert found[0] == pytest.approx(time, nan_ok=True), stage
        assert found[1][[0, 1, 3]].tolist() == event, stage
    sure = waiting_times(case, "start", tau=0.4)
    assert sure[0].tolist()[:2] == [2, 0]  # b: p counts now


def test_what_is_planned_answers_before_it_begins() -> None:
    needs = {"a": {"first_stated": "2564-Q4"}, "b": {}, "c": {}}
    projects = {
        "soon": {"start_date": "2022-08-01"},  # of this year, after the period
        "next": {"start_date": "2022-10-01", "fiscal_year": 2566},
        "early": {"start_date": "2022-06-30", "fiscal_year": 2566},
    }
    links = {("a", "soon"): 1.0, ("b", "next"): 1.0, ("c", "early"): 1.0}
    whole = make_case(needs, projects, links)
    pairs = pd.DataFrame(
        [(*pair, 1.0, "auto") for pair in links],
        columns=["need_id", "project_uid", "score", "reviewer_state"],
    )
    begun = make_case(needs, {"early": projects["early"]}, {("c", "early"): 1.0})
    case = with_planned(begun, whole.projects.iloc[::-1], pairs)
    time, event = waiting_times(case, "plan")
    assert event.tolist() == [1, 0, 1]
    assert time.tolist() == [1, 2, 2]
    assert waiting_times(begun, "plan")[1].tolist() == [0, 0, 1]
    ever = with_planned(make_case(needs, {}, {}, period=None), whole.projects, pairs)
    assert len(ever.projects) == 3


def test_a_withdrawn_need_is_no_open_one() -> None:
    needs = {
        "a": {"status": "ถอน", "last_stated": "2565-Q2"},
        "b": {"status": "withdrawn", "last_stated": "2565-Q2"},
        "c": {"status": "เสนอ", "last_stated": "2565-Q2"},
    }
    case = make_case(needs, {"p": {"start_date": "2022-02-01"}}, {("b", "p"): 1.0})
    time, event = waiting_times(case, "start")
    assert event.tolist() == [2, 1, 0]  # b got its answer in the quarter in which it was withdrawn
    assert time.tolist() == [1, 1, 2]


def as_needs(written: str, tambon: str, name: str) -> tuple[dict, dict, dict]:
    """Return needs stated long ago whose projects began after so many quarters."""
    begin = FiscalPeriod(2540, 1)
    needs, projects, links = {}, {}, {}
    for i, (time, event) in enumerate(zip(*weeks(written), strict=True)):
        # what is still open at the end was stated so many quarters before it
        first = begin if event else begin.next(40 - int(time))
        key = f"{name}{i:02d}"
        needs[key] = {"tambon_code": tambon, "first_stated": str(first), "last_stated": None}
        if event:
            projects[key] = {"start_date": first.next(int(time)).end, "fiscal_year": 2540}
            links[key, key] = 1.0
    return needs, projects, links


def test_gehans_remissions_as_needs_give_the_published_medians() -> None:
    parts = [as_needs(DRUG, T1, "d"), as_needs(PLACEBO, T3, "p")]
    needs, projects, links = ({**a, **b} for a, b in zip(*parts, strict=True))
    case = make_case(needs, projects, links, period=FiscalPeriod(2540, 1).next(40))
    found = response_lag(case, "start")
    assert (at(case, found.value)[T1], at(case, found.value)[T3]) == (23, 8)
    assert (at(case, found.n)["area"], at(case, found.n)[T1]) == (42, 21)
    assert at(case, found.low)[T1] <= 23
    assert np.isnan(at(case, found.high)[T1])  # fewer than half of the upper limit are answered
    assert (at(case, found.low)[T3], at(case, found.high)[T3]) == (4, 11)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_stages_follow_each_other_and_times_are_possible(case) -> None:
    done = progress_of([(uid, 2565, 2, 90.0) for uid in case.projects["project_uid"]])
    begun = case.projects["start_date"] <= "2022-01-01"
    waits = {stage: waiting_times(case, stage, done) for stage in STAGES}
    for time, event in waits.values():
        known = time[~np.isnan(time)]
        assert (known >= 0).all()
        assert set(event.tolist()) <= {0, 1, 2}
    # whatever has begun is in a plan
    (plan, in_plan), (start, started) = waits["plan"], waits["start"]
    both = (started == 1) & ~np.isnan(plan)
    assert (in_plan[both] == 1).all()
    assert (plan[both] <= start[both]).all()
    assert begun.dtype == bool
    for stage in STAGES:
        rows = response_lag(case, stage, done)
        assert ((rows.note == "") == ~np.isnan(rows.value)).all()
        assert not (rows.low > rows.value).any()
        assert not (rows.value > rows.high).any()


def test_gaps_have_their_reasons() -> None:
    few = make_case({"a": {}}, {"p": {}}, {("a", "p"): 1.0})
    found = response_lag(few, "start")
    assert at(few, found.note)["area"] == "few_responses"
    assert at(few, found.note)[T3] == "no_needs"
    assert np.isnan(found.value).all()
    undated = make_case({"a": {"first_stated": None}}, {"p": {}}, {("a", "p"): 1.0})
    assert at(undated, response_lag(undated, "start").note)["area"] == "no_dates"
    names = [f"n{i}" for i in range(20)]
    slow = make_case(
        {name: {} for name in names}, {"p": {}}, {(name, "p"): 1.0 for name in names[:6]}
    )
    assert at(slow, response_lag(slow, "start").note)["area"] == "not_reached"
    assert at(slow, response_lag(slow, "delivered").note)["area"] == "few_responses"
    nothing = make_case({}, {}, {})
    assert response_lag(nothing, "plan").note.tolist() == ["no_needs"] * len(SCOPES)
    unread = make_case({"a": {}}, {"p": {"start_date": None}}, {("a", "p"): 1.0})
    assert waiting_times(unread, "start")[1].tolist() == [0]
    assert waiting_times(unread, "plan")[1].tolist() == [1]
