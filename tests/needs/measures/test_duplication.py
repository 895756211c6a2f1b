"""Duplicates and overlaps (A13): cases by hand, a slow twin of overlaps, ranges, gaps."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from evallib.needs.measures.duplication import duplicated_budget, overlapping_budget
from tests.needs.small_case import SCOPES, T1, T2, T3, at, cases, make_case


def pairs_of(rows: list[tuple[str, str, float, float, str]]) -> pd.DataFrame:
    columns = ["project_uid", "duplicate_uid", "probability", "budget_approved", "state"]
    return pd.DataFrame(rows, columns=columns).assign(fiscal_year=2565)


def test_a_case_by_hand() -> None:
    projects = {"p": {}, "q": {"budget_approved": 300_000.0, "tambon_code": T3}, "r": {}}
    found_pairs = pairs_of([
        ("p", "p2", 0.6, 100_000.0, "CONFIRMED"),
        ("p", "p3", 0.95, 50_000.0, "OPEN"),  # merged by its probability: reported, not confirmed
        ("p2", "p3", 0.95, 50_000.0, "OPEN"),  # the same double once more
        ("p2", "p4", 0.97, 20_000.0, "CONFIRMED"),  # a double of a double is at home with p
        ("q", "q2", 0.99, 70_000.0, "REJECTED"),
        ("q", "q3", 0.7, 70_000.0, "OPEN"),  # neither merged nor confirmed
        ("gone", "gone2", 0.99, 70_000.0, "CONFIRMED"),  # of a project that is not counted
    ])  # fmt: skip
    case = make_case({}, projects, {})
    rows = duplicated_budget(case, found_pairs)
    value, n = at(case, rows.value), at(case, rows.n)
    assert value["area"] == pytest.approx(120_000 / (500_000 + 170_000))
    assert value["94"] == value[T1] == pytest.approx(120_000 / (200_000 + 170_000))
    assert value["95"] == 0
    assert (n["area"], n["94"], n["95"]) == (6, 5, 1)
    assert at(case, rows.note)[T2] == "no_projects"
    turned = duplicated_budget(case, found_pairs.iloc[::-1])
    assert turned.value == pytest.approx(rows.value, nan_ok=True)


def test_a_confirmed_double_that_still_stands_in_the_register_is_reported_once() -> None:
    case = make_case({}, {"p": {}, "p2": {}}, {})
    rows = duplicated_budget(case, pairs_of([("p", "p2", 0.9, 100_000.0, "CONFIRMED")]))
    assert at(case, rows.value)["area"] == pytest.approx(0.5)
    assert at(case, rows.n)["area"] == 2


def test_what_overlaps_by_hand() -> None:
    projects = {
        "p": {},  # RID, WAT, T1, 15 January to 15 June
        "day": {"agency_id": "PAO", "start_date": "2022-06-15"},
        "next": {"agency_id": "PAO2", "start_date": "2022-06-16", "end_date": "2022-09-30"},
        "own": {"tambon_code": T3},
        "own2": {"tambon_code": T3},  # of the same agency
        "road": {"agency_id": "PAO", "sector_code": "ROD"},
        "any": {"agency_id": "PAO", "sector_code": "OTH"},
        "open": {"agency_id": "PAO", "end_date": None},
        "off": {"agency_id": "PAO", "tambon_code": T3, "status": "cancelled"},
    }
    case = make_case({}, projects, {})
    rows = overlapping_budget(case)
    assert at(case, rows.n)["area"] == 6
    assert at(case, rows.value)["area"] == pytest.approx(2 / 6)  # p and day
    assert at(case, rows.value)["95"] == 0
    one = overlapping_budget(case, pairs_of([("p", "day", 0.9, 1.0, "CONFIRMED")]))
    assert at(case, one.value)["area"] == 0
    other = overlapping_budget(case, pairs_of([("p", "day", 0.9, 1.0, "OPEN")]))
    assert at(case, other.value)["area"] == pytest.approx(2 / 6)


def slow_overlap(case, scope: str) -> float:
    start = "" if scope == "area" else scope
    rows = [
        p for p, counted in zip(case.projects.to_dict("records"), case.of_year, strict=True)
        if counted and p["sector_code"] != "OTH" and p["status"] != "cancelled"
        and isinstance(p["agency_id"], str)
        and not pd.isna(p["start_date"]) and not pd.isna(p["end_date"])
    ]  # fmt: skip

    def overlaps(p) -> bool:
        return any(
            p["tambon_code"] == q["tambon_code"] and p["sector_code"] == q["sector_code"]
            and p["agency_id"] != q["agency_id"]
            and p["start_date"] <= q["end_date"] and q["start_date"] <= p["end_date"]
            for q in rows
        )  # fmt: skip

    here = [p for p in rows if p["tambon_code"].startswith(start)]
    whole = np.nansum([p["budget_approved"] for p in here])
    part = np.nansum([p["budget_approved"] for p in here if overlaps(p)])
    return part / whole if whole else np.nan


@settings(max_examples=80, deadline=None, derandomize=True)
@given(cases())
def test_overlaps_equal_the_slow_twin_and_shares_keep_their_range(case) -> None:
    rows = overlapping_budget(case)
    expected = [slow_overlap(case, scope) for scope in SCOPES]
    assert rows.value == pytest.approx(expected, abs=1e-12, nan_ok=True)
    uids = case.projects["project_uid"]
    found_pairs = pairs_of([(u, f"{u}x", 0.95, 1e5, "CONFIRMED") for u in uids])
    for found in (rows, duplicated_budget(case, found_pairs)):
        known = found.value[~np.isnan(found.value)]
        assert ((known >= 0) & (known <= 1)).all()
        assert ((found.note == "") == ~np.isnan(found.value)).all()


def test_gaps_have_their_reasons() -> None:
    nothing = make_case({}, {}, {})
    assert set(duplicated_budget(nothing, pairs_of([])).note) == {"no_projects"}
    assert set(overlapping_budget(nothing).note) == {"no_projects"}
    free = make_case({}, {"p": {"budget_approved": None}}, {})
    assert at(free, duplicated_budget(free, pairs_of([])).note)["area"] == "no_budget"
    assert at(free, overlapping_budget(free).note)["area"] == "no_budget"
    undated = make_case({}, {"p": {"start_date": None}}, {})
    assert at(undated, overlapping_budget(undated).note)["area"] == "no_comparable"
    plain = make_case({}, {"p": {}}, {})
    assert at(plain, duplicated_budget(plain, pairs_of([])).value)["area"] == 0
    pairs = pairs_of([("p", "x", 0.95, 1e5, "CONFIRMED")])
    for column in ("project_uid", "duplicate_uid", "state"):
        cut = pairs.drop(columns=column)
        assert at(plain, overlapping_budget(plain, cut).value)["area"] == 0
        assert at(plain, duplicated_budget(plain, cut).note)["area"] == "not_given"
    unrated = duplicated_budget(plain, pairs.drop(columns="probability"))
    assert at(plain, unrated.value)["area"] == 0.5  # a person's word is enough
