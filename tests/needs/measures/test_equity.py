"""Equity (A18): hand values, the index of tambons by their people, gaps."""

import numpy as np
import pandas as pd
import pytest

from evallib.needs.measures import equity as module
from evallib.needs.measures.equity import concentration_index, equity
from evallib.places import area
from tests.needs.small_case import T1, T2, T3, at, make_case

TAMBONS = area()["tambon_code"].tolist()[:12]  # of Songkhla's Chana
CODES = ("area", "90", TAMBONS[0][:4], TAMBONS[0])


def frames(n: int = 12) -> tuple[pd.DataFrame, pd.DataFrame]:
    worse = pd.DataFrame({"tambon_code": TAMBONS[:n], "value": np.arange(n, 0, -1.0)})
    people = pd.DataFrame({"tambon_code": TAMBONS[:n], "population": np.arange(1, n + 1) * 100})
    return worse, people


def test_it_is_the_index_of_aligned_baht_per_head() -> None:
    needs = {f"n{i:02d}": {"tambon_code": t} for i, t in enumerate(TAMBONS)}
    projects = {
        f"p{i:02d}": {"tambon_code": t, "budget_approved": 1e5 * (i % 4)}
        for i, t in enumerate(TAMBONS)
    }
    links = {(f"n{i:02d}", f"p{i:02d}"): (i % 3) / 2 for i in range(12)}
    case = make_case(needs, projects, links, codes=CODES)
    rows = equity(case, *frames())
    head = np.arange(1, 13) * 100.0
    baht = np.array([1e5 * (i % 4) * (i % 3) / 2 for i in range(12)])
    expected = concentration_index(baht / head, np.arange(12, 0, -1.0), head)
    got = [x[0] for x in (rows.value, rows.low, rows.high)]
    assert got == pytest.approx([expected.value, expected.low, expected.high])
    assert rows.n[0] == 12
    assert at(case, rows.note)[TAMBONS[0]] == "few_tambons"
    without = case.projects["project_uid"] != "p05"
    case.of_year[:] = without  # a project of another year is no budget of this one
    assert equity(case, *frames()).value[0] != pytest.approx(expected.value)


def test_all_to_the_worst_off_tambon_and_to_the_best_off() -> None:
    worse, people = frames()
    people = people.assign(population=100)
    for tambon, sign in ((TAMBONS[0], -1), (TAMBONS[-1], 1)):
        case = make_case(
            {"n": {"tambon_code": tambon}}, {"p": {"tambon_code": tambon}}, {("n", "p"): 1.0},
            codes=CODES,
        )  # fmt: skip
        assert equity(case, worse, people).value[0] == pytest.approx(sign * 11 / 12)


def test_gaps_have_their_reasons() -> None:
    case = make_case({}, {"p": {"tambon_code": TAMBONS[0]}}, {}, codes=CODES)
    worse, people = frames()
    assert at(case, equity(case, worse, people).note)["area"] == "no_aligned"
    few = at(case, equity(case, worse.head(4), people).note)
    assert few["area"] == "few_tambons"
    assert equity(case, worse.assign(value=None), people).n[0] == 0
    assert equity(case, worse, people.assign(population=0)).n[0] == 0
    nothing = make_case({}, {}, {}, codes=("area", T1, T2, T3))
    assert set(equity(nothing, worse.head(0), people.head(0)).note) == {"few_tambons"}
    assert module.FEWEST == 5


def test_sectors_of_a_tambon_are_one_value() -> None:
    worse = pd.DataFrame({
        "tambon_code": [T1, T1, T2, T2], "sector_code": ["WAT", "ROD", "WAT", None],
        "value": [1.0, 3.0, 9.0, 4.0],
    })  # fmt: skip
    people = pd.DataFrame({"tambon_code": [T1, T2], "population": [5, 7]})
    found = module._tambons(worse, people).set_index("tambon_code")["value"].to_dict()
    assert found == {T2: 4.0, T1: 2.0}


def test_absent_columns_are_missing_figures() -> None:
    case = make_case({}, {}, {}, codes=CODES)
    worse, people = frames()
    for w, p in ((worse[["tambon_code"]], people), (worse, people[["tambon_code"]]),
                 (worse[["value"]], people), (worse, people[["population"]])):  # fmt: skip
        assert set(equity(case, w, p).note) == {"few_tambons"}
