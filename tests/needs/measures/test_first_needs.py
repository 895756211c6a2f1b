"""Persistence (A10): a case by hand, a twin that walks through the quarters, ranges, gaps."""

import numpy as np
import pytest
from hypothesis import given, settings

from evallib.needs.measures.first_needs import persistence
from evallib.needs.measures.register_gaps import agency_gap
from evallib.periods import FiscalPeriod
from tests.needs.small_case import QUARTER, SCOPES, T1, T3, at, cases, make_case


def value(case, scope="area", **options) -> float:
    return at(case, persistence(case, case.net.probability[np.newaxis], **options)[0])[scope]


def test_a_case_by_hand() -> None:
    needs = {
        "a": {"first_stated": "2565-Q1", "last_stated": "2565-Q3"},  # three quarters
        "b": {"first_stated": "2565-Q3", "last_stated": "2565-Q3"},  # one
        "c": {"first_stated": "2565-Q2", "last_stated": "2565-Q4", "tambon_code": T3},
        "d": {},  # fourth of its tambon
    }
    projects = {
        "late": {"start_date": "2022-07-01"},  # the quarter after the period
        "now": {"start_date": "2022-06-30"},
        "soon": {"start_date": "2022-01-01"},
    }
    rank = {"a": 1.0, "b": 2.0, "c": 1.0, "d": 4.0}
    case = make_case(needs, projects, {("a", "late"): 0.9, ("b", "now"): 1.0}, rank=rank)
    assert value(case) == pytest.approx(2 / 3)  # a has nothing yet, b is new, c has nothing
    assert value(case, "94") == pytest.approx(1 / 2)
    case = make_case(needs, projects, {("a", "now"): 0.9, ("c", "soon"): 0.25}, rank=rank)
    assert value(case) == pytest.approx((0.1 + 0.75) / 3)
    assert value(case, T3) == pytest.approx(0.75)
    assert value(case, quarters=3) == pytest.approx(0.1 / 3)


def slow_twin(case, scope: str) -> float:
    """Walk through the quarters of each need, count those in which it stood, look who came."""
    start = "" if scope == "area" else scope
    end = case.period.quarters[-1]
    shares = []
    for i, need in enumerate(case.needs.to_dict("records")):
        if not (case.open_need[i] and case.rank[i] <= 3 and need["tambon_code"].startswith(start)):
            continue
        if not isinstance(need["first_stated"], str):
            continue
        quarter, row = FiscalPeriod.parse(need["first_stated"]), 0
        last = need["last_stated"] if isinstance(need["last_stated"], str) else str(end)
        while quarter <= end:
            chance = 1.0
            for k in np.flatnonzero(case.net.need == i):
                project = case.projects.iloc[case.net.project[k]]
                begun = project["start_date"]
                day = FiscalPeriod(int(project["fiscal_year"])).start
                if (day if begun != begun else begun.date()) <= quarter.end:  # NaT is not itself
                    chance *= 1 - case.net.probability[k]
            row += quarter <= FiscalPeriod.parse(last)
            quarter = quarter.next()
        shares.append(chance if row >= 2 else 0.0)
    return float(np.mean(shares)) if shares else np.nan


@settings(max_examples=80, deadline=None, derandomize=True)
@given(cases())
def test_it_equals_the_slow_twin_and_is_no_more_than_what_is_uncovered(case) -> None:
    found = persistence(case, case.net.probability[np.newaxis])
    assert found.shape == (1, len(SCOPES))
    expected = [slow_twin(case, scope) for scope in SCOPES]
    assert found[0] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    if case.needs["first_stated"].notna().all():
        named = case.projects.assign(agency_id="RID")[["project_uid", "agency_id"]]
        uncovered = agency_gap(case, case.net.probability[np.newaxis], named)
        assert (np.nan_to_num(found) <= np.nan_to_num(uncovered) + 1e-12).all()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(cases())
def test_the_mean_of_simulations_is_the_value(case) -> None:
    drawn = np.concatenate([persistence(case, kept) for kept in case.net.simulate(600, 1)])
    value = persistence(case, case.net.probability[np.newaxis])[0]
    assert np.array_equal(np.isnan(drawn).any(axis=0), np.isnan(value))
    assert drawn.mean(axis=0) == pytest.approx(value, abs=0.09, nan_ok=True)  # 4 errors of .5/600


def test_gaps_are_missing_and_not_zero() -> None:
    undated = make_case({"a": {"first_stated": None}}, {"p": {}}, {("a", "p"): 0.5})
    assert np.isnan(value(undated))
    assert np.isnan(value(make_case({}, {}, {})))
    never_last = make_case({"a": {"last_stated": None}}, {}, {})
    assert value(never_last) == 1
    no_start = {"p": {"start_date": None}, "q": {"start_date": None, "fiscal_year": 2566}}
    assert value(make_case({"a": {}}, no_start, {("a", "p"): 1.0})) == 0
    assert value(make_case({"a": {}}, no_start, {("a", "q"): 1.0})) == 1


def test_without_a_period_the_newest_quarter_named_is_the_last() -> None:
    needs = {"a": {"last_stated": None}, "b": {"first_stated": "2565-Q2", "last_stated": "2565-Q2"}}
    assert value(make_case(needs, {}, {}, period=None)) == 0.5
    year = make_case(needs, {}, {}, period=QUARTER.year)
    assert value(year, T1) == 0.5
