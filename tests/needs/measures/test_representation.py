"""Councils and people (A17): hand values, ranks in loops, few people, few sectors, ties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.needs.measures.representation import deprivation_gap, rank_correlation, survey_gap
from tests.needs.small_case import SCOPES, T1, T2, T3, at, make_case

SECTORS = ["WAT", "ROD", "AGR", "LIV", "EDU"]


def stated(counts: dict[str, int], tambon: str = T1) -> dict[str, dict[str, object]]:
    return {
        f"{tambon}{sector}{i}": {"tambon_code": tambon, "sector_code": sector}
        for sector, number in counts.items()
        for i in range(number)
    }


def answers_of(counts: dict[str, int], tambon: str = T1, **columns: object) -> pd.DataFrame:
    named = [sector for sector, number in counts.items() for _ in range(number)]
    frame = pd.DataFrame({"need_rank_1": pd.Series(named, dtype="str")})
    return frame.assign(
        tambon_code=tambon, amphoe_code=tambon[:4], province_code=tambon[:2], fiscal_year=2565,
        quarter=3, official_present=0,
    ).assign(**columns)  # fmt: skip


def gap(needs, answers, scope: str = "area") -> tuple[float, str]:
    case = make_case(needs, {}, {})
    rows = survey_gap(case, answers)
    return at(case, rows.value)[scope], at(case, rows.note)[scope]


def test_gaps_by_hand() -> None:
    order = dict(zip(SECTORS, [5, 4, 3, 2, 1], strict=True))
    turned = dict(zip(SECTORS, [1, 2, 3, 4, 5], strict=True))
    assert gap(stated(order), answers_of(order)) == (pytest.approx(0), "")
    assert gap(stated(order), answers_of(turned)) == (pytest.approx(2), "")
    swapped = dict(zip(SECTORS, [4, 5, 3, 2, 1], strict=True))
    # rho = 1 - 6 sum d^2 / n (n^2 - 1) = 1 - 12 / 120
    assert gap(stated(order), answers_of(swapped)) == (pytest.approx(0.1), "")
    other = {**order, "OTH": 9}  # "other" has no rank
    assert gap(stated(other), answers_of({**swapped, "OTH": 30})) == (pytest.approx(0.1), "")


def test_tambons_count_the_same_whatever_they_state() -> None:
    loud = stated(dict(zip(SECTORS, [50, 4, 3, 2, 1], strict=True)))
    quiet = stated({"ROD": 1}, T3)
    case = make_case({**loud, **quiet}, {}, {})
    people = answers_of(dict(zip(SECTORS, [4, 5, 3, 2, 1], strict=True)))
    # WAT weighs 50/60 / 2, ROD (4/60 + 1) / 2: now the first
    assert at(case, survey_gap(case, people).value)["area"] == pytest.approx(0)


def test_who_answers_and_when() -> None:
    order = dict(zip(SECTORS, [5, 4, 3, 2, 1], strict=True))
    turned = dict(zip(SECTORS, [1, 2, 3, 4, 5], strict=True))
    heard = pd.concat([
        answers_of(order),
        answers_of(turned, official_present=1), answers_of(turned, quarter=2),
        answers_of(turned, fiscal_year=2564), answers_of({"WAT": 0}),
    ])  # fmt: skip
    assert gap(stated(order), heard) == (pytest.approx(0), "")
    unasked = answers_of(order).drop(columns="official_present")
    assert gap(stated(order), unasked) == (pytest.approx(0), "")


def test_few_people_and_few_sectors_give_no_figure() -> None:
    order = dict(zip(SECTORS, [5, 4, 3, 2, 1], strict=True))
    nine = dict(zip(SECTORS, [4, 2, 1, 1, 1], strict=True))
    case = make_case(stated(order), {}, {})
    rows = survey_gap(case, answers_of(nine))
    assert at(case, rows.note)["area"] == "few_people"
    assert np.isnan([at(case, rows.value)["area"], at(case, rows.n)["area"]]).all()
    assert np.isnan(gap(stated(order), answers_of(nine))[0])
    assert gap(stated({"WAT": 3, "ROD": 1}), answers_of({"WAT": 9, "ROD": 5}))[1] == "few_sectors"
    alike = dict.fromkeys(SECTORS, 2)
    assert gap(stated(alike), answers_of(order))[1] == "few_sectors"
    assert gap(stated(order), answers_of({}))[1] == "no_answers"
    assert gap({}, answers_of(order))[1] == "no_needs"
    assert gap(stated(order), answers_of(order), T2)[1] == "no_needs"


def slow_rho(one: list[float], other: list[float]) -> float:
    """Return the correlation of mean ranks, in loops."""

    def ranks(x: list[float]) -> list[float]:
        return [sum(b < a for b in x) + (1 + sum(b == a for b in x)) / 2 for a in x]

    r, s = ranks(one), ranks(other)
    mean = (len(r) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(r, s, strict=True))
    size = sum((a - mean) ** 2 for a in r) * sum((b - mean) ** 2 for b in s)
    return top / size**0.5 if size else np.nan


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=16))
def test_the_correlation_is_that_of_ranks_in_loops(pairs) -> None:
    one, other = ([float(x) for x in side] for side in zip(*pairs, strict=True))
    found = rank_correlation(np.array(one), np.array(other))
    assert found == pytest.approx(slow_rho(one, other), abs=1e-12, nan_ok=True)


COUNTS = st.lists(st.integers(0, 6), min_size=7, max_size=7)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(COUNTS, COUNTS)
def test_gaps_keep_their_range_and_hide_few(needs, people) -> None:
    named = [*SECTORS, "HEA", "OTH"]
    case = make_case(stated(dict(zip(named, needs, strict=True))), {}, {})
    rows = survey_gap(case, answers_of(dict(zip(named, people, strict=True))))
    known = rows.value[~np.isnan(rows.value)]
    assert ((known >= -1e-12) & (known <= 2 + 1e-12)).all()
    assert ((rows.note == "") == ~np.isnan(rows.value)).all()
    assert not ((rows.n > 0) & (rows.n < 10)).any()


def test_deprivation_by_hand() -> None:
    order = dict(zip(SECTORS, [5, 4, 3, 2, 1], strict=True))
    case = make_case({**stated(order), "x": {"sector_code": "TOU"}}, {}, {})
    worse = pd.DataFrame({
        "tambon_code": [T1] * 5 + [T3] * 5, "sector_code": SECTORS * 2,
        "value": [40, 50, 30, 20, 10, 60, 40, 20, 10, 5.0],
    })  # fmt: skip
    rows = deprivation_gap(case, worse)
    assert at(case, rows.value)["94"] == pytest.approx(0.1)
    assert at(case, rows.value)["area"] == pytest.approx(0)  # means 50 45 25 15 7.5
    assert at(case, rows.n)["area"] == 5
    assert at(case, rows.note)["95"] == "no_needs"
    plain = deprivation_gap(case, worse[["tambon_code", "value"]])
    assert at(case, plain.note)["area"] == "not_given"
    four = deprivation_gap(case, worse[worse["sector_code"] != "EDU"])
    assert at(case, four.note)["area"] == "few_sectors"
    assert len(rows.value) == len(SCOPES)


def test_absent_columns_are_missing_figures() -> None:
    order = dict(zip(SECTORS, [5, 4, 3, 2, 1], strict=True))
    for column in ("need_rank_1", "quarter", "fiscal_year"):
        assert gap(stated(order), answers_of(order).drop(columns=column))[1] == "no_answers"
    nameless = answers_of(order).drop(columns=["tambon_code", "amphoe_code", "province_code"])
    assert gap(stated(order), nameless)[1] == ""
    assert gap(stated(order), nameless, T1)[1] == "no_answers"
    case = make_case(stated(order), {}, {})
    empty = pd.DataFrame({"tambon_code": [T1], "sector_code": ["WAT"]})
    assert at(case, deprivation_gap(case, empty).note)["area"] == "not_given"
