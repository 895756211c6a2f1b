"""Whose voice is heard (A16): meetings, women, villages, by hand and at their edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.needs.measures.voices import councils_met, villages_heard, women_present
from evallib.periods import FiscalPeriod
from evallib.places import area, register
from tests.needs.small_case import SCOPES, T1, T2, T3, at, make_case

CASE = make_case({"a": {}}, {"p": {}}, {})
YEAR = make_case({"a": {}}, {"p": {}}, {}, period=FiscalPeriod(2565))


def meetings_of(rows: list[tuple[str, int, int | None, int | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["tambon_code", "quarter", "n_public", "n_women"])
    code = frame["tambon_code"] = frame["tambon_code"].astype("str")
    return frame.assign(
        amphoe_code=code.str[:4], province_code=code.str[:2], fiscal_year=2565,
    ).astype({"n_public": "Int64", "n_women": "Int64"})  # fmt: skip


def test_councils_that_met_by_hand() -> None:
    held = meetings_of([(T1, 3, 20, 5), (T1, 3, 9, 9), (T2, 2, 20, 5), (T3, 3, 20, 5)])
    rows = councils_met(CASE, held)
    places = area()
    n = {"area": len(places), **places.groupby("province_code").size().to_dict()}
    assert [at(CASE, rows.n)[s] for s in ("area", "94", "95")] == [n["area"], n["94"], n["95"]]
    assert [at(CASE, rows.value)[s] for s in ("area", "94", "95", T1, T2)] == [
        pytest.approx(2 / 290), pytest.approx(1 / 115), pytest.approx(1 / 58), 1, 0,
    ]  # fmt: skip


def test_a_year_is_the_mean_of_its_quarters_so_far() -> None:
    held = meetings_of([(T1, 1, 20, 5), (T2, 1, 20, 5), (T1, 3, 20, 5)])
    found = at(YEAR, councils_met(YEAR, held).value)
    assert (found[T1], found[T2], found[T3]) == (pytest.approx(2 / 3), pytest.approx(1 / 3), 0)
    whole = pd.concat([held, meetings_of([(T3, 4, 20, 5)])])
    assert at(YEAR, councils_met(YEAR, whole).value)[T1] == pytest.approx(2 / 4)


def test_no_meeting_at_all_is_no_voice() -> None:
    none = meetings_of([])
    assert at(CASE, councils_met(CASE, none).value)["area"] == 0
    ever = make_case({"a": {}}, {"p": {}}, {}, period=None)
    assert at(ever, councils_met(ever, none).note)["area"] == "no_dates"
    assert set(women_present(CASE, none).note) == {"no_meetings"}


def test_another_part_of_the_country_has_its_own_tambons() -> None:
    elsewhere = make_case({"a": {"tambon_code": "500101"}}, {}, {}, codes=("area", "5001", T1))
    rows = councils_met(elsewhere, meetings_of([("500101", 3, 20, 5)]))
    n = int((register()["amphoe_code"] == "5001").sum())
    assert at(elsewhere, rows.n)["area"] == n
    assert at(elsewhere, rows.value)["5001"] == pytest.approx(1 / n)
    assert at(elsewhere, rows.note)[T1] == "no_tambons"


def test_women_by_hand_and_never_of_fewer_than_ten() -> None:
    held = meetings_of([
        (T1, 3, 20, 5), (T1, 3, 10, 10), (T1, 3, 12, None), (T1, 3, 5, 6), (T1, 2, 99, 99),
        (T2, 3, 9, 4), (T3, 3, 4, 1),
    ])  # fmt: skip
    rows = women_present(CASE, held)
    value, n, note = (at(CASE, x) for x in (rows.value, rows.n, rows.note))
    assert (value[T1], n[T1]) == (pytest.approx(15 / 30), 30)
    assert value["area"] == pytest.approx(20 / 43)
    for scope in (T2, T3, "95"):
        assert note[scope] == "few_people"
        assert np.isnan([value[scope], n[scope]]).all()


@pytest.mark.parametrize("women", [1, 9, 31, 39, 40])
def test_a_share_that_points_at_few_men_or_few_women_is_not_given(women: int) -> None:
    rows = women_present(CASE, meetings_of([(T1, 3, 40, women)]))
    assert at(CASE, rows.note)[T1] == "few_people"
    assert np.isnan(at(CASE, rows.n)[T1])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(
    st.sampled_from([T1, T2, T3]), st.integers(1, 4), st.sampled_from([None, 0, 3, 9, 40]),
    st.sampled_from([None, 0, 2, 9, 50]),
), max_size=12))  # fmt: skip
def test_shares_keep_their_range_and_hide_few(rows) -> None:
    held = meetings_of(rows)
    for case in (CASE, YEAR):
        for found in (councils_met(case, held), women_present(case, held)):
            known = found.value[~np.isnan(found.value)]
            assert ((known >= 0) & (known <= 1)).all()
            assert ((found.note == "") == ~np.isnan(found.value)).all()
        n = women_present(case, held).n
        assert not ((n > 0) & (n < 10)).any()


def test_villages_by_hand() -> None:
    needs = {"a": {"village_no": 1}, "b": {"village_no": 1}, "c": {"village_no": 4},
             "d": {"village_no": 0}, "e": {"village_no": None},
             "f": {"village_no": 9},  # there are only five
             "g": {"village_no": 2, "tambon_code": T3}, "h": {"tambon_code": T2}}  # fmt: skip
    case = make_case(needs, {}, {})
    known = pd.DataFrame({"tambon_code": [T1, T3, "950102"], "villages": [5, 3, None]})
    rows = villages_heard(case, known)
    assert [at(case, rows.value)[s] for s in ("area", "94", "95", T1)] == [
        pytest.approx(3 / 8), pytest.approx(2 / 5), pytest.approx(1 / 3), pytest.approx(2 / 5),
    ]  # fmt: skip
    assert at(case, rows.n)["area"] == 8
    assert at(case, rows.note)[T2] == "no_villages"
    case.open_need[:] = False
    assert at(case, villages_heard(case, known).value)["area"] == 0
    without = villages_heard(case, known[["tambon_code"]])
    assert without.note.tolist() == ["no_villages"] * len(SCOPES)


def test_absent_columns_are_missing_figures() -> None:
    held = meetings_of([(T1, 3, 40, 10)])
    for column in ("n_public", "n_women", "quarter", "fiscal_year"):
        assert set(women_present(CASE, held.drop(columns=column)).note) == {"no_meetings"}
    for column in ("tambon_code", "quarter", "fiscal_year"):
        assert at(CASE, councils_met(CASE, held.drop(columns=column)).note)["area"] == "no_dates"
    narrow = held.drop(columns=["amphoe_code", "province_code"])  # they follow from the tambon
    assert at(CASE, women_present(CASE, narrow).value)["94"] == 0.25
    nameless = held.drop(columns=["tambon_code", "amphoe_code", "province_code"])
    assert at(CASE, women_present(CASE, nameless).note)["94"] == "no_meetings"
