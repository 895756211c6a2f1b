"""Capture and recapture: closed forms, a published example, coverage, and what must be told."""

import numpy as np
import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.needs import estimate_completeness
from evallib.needs.completeness import chapman, log_linear
from tests.simulations import repeated, slack


def frame(counts: dict[str, int]) -> pd.DataFrame:
    """Return captures from counts by pattern, such as {"110": 4}."""
    rows = [[c == "1" for c in pattern] for pattern, n in counts.items() for _ in range(n)]
    return pd.DataFrame(rows, columns=list("abcde")[: len(next(iter(counts)))])


def codes(found) -> set[str]:
    return {finding.code for finding in found.findings}


def test_two_lists_equal_the_example_of_the_literature() -> None:
    # 10 marked, 15 caught, 5 recaptured: 28 in all, 95 per cent between 22 and 65
    found = estimate_completeness(frame({"10": 5, "11": 5, "01": 10}))
    assert found.estimate == pytest.approx(11 * 16 / 6 - 1)
    assert (round(found.ci_low), round(found.ci_high)) == (22, 65)
    assert found.n_observed == 20
    assert found.completeness == pytest.approx(20 / found.estimate)
    assert codes(found) == {"completeness.untestable", "completeness.few_shared"}


def test_three_independent_lists_give_their_number_back() -> None:
    p = np.array([0.5, 0.4, 0.3])
    cells = {}
    for k in range(1, 8):
        on = [(k >> i) & 1 for i in range(3)]
        share = np.prod([q if x else 1 - q for q, x in zip(p, on, strict=True)])
        cells["".join(map(str, on))] = round(1000 * share)
    found = estimate_completeness(frame(cells))
    assert found.estimate == pytest.approx(1000, rel=1e-6)
    assert found.dependent == ()
    assert found.ci_low < 1000 < found.ci_high


def test_a_dependent_pair_is_found_and_has_its_closed_form() -> None:
    # a and b copy each other, c is independent of both: unseen = (a or b, not c)(only c)/(both)
    cells = {"100": 40, "010": 40, "110": 160, "101": 10, "011": 10, "111": 40, "001": 60}
    found = estimate_completeness(frame(cells))
    assert found.dependent == (("a", "b"),)
    assert found.estimate == pytest.approx(360 + 240 * 60 / 60, rel=1e-6)
    assert "completeness.dependent" in codes(found)


def test_all_three_pairs_give_the_formula_of_fienberg() -> None:
    cells = {"100": 400, "010": 300, "001": 500, "110": 300, "101": 20, "011": 150, "111": 90}
    pairs, numbers = log_linear(
        np.array([cells[p] for p in ("100", "010", "110", "001", "101", "011", "111")], float),
        level=0.95,
    )
    assert pairs == ((0, 1), (0, 2), (1, 2))
    unseen = 90 * 400 * 300 * 500 / (300 * 20 * 150)
    assert numbers[0] == pytest.approx(1760 + unseen, rel=1e-6)


def test_names_and_order_of_lists_and_rows_do_not_matter() -> None:
    cells = {"100": 40, "010": 40, "110": 160, "101": 10, "011": 10, "111": 40, "001": 60}
    captures = frame(cells)
    before = captures.copy()
    found = estimate_completeness(captures)
    turned = estimate_completeness(captures[["c", "b", "a"]].iloc[::-1])
    assert turned.estimate == pytest.approx(found.estimate, rel=1e-9)
    pd.testing.assert_frame_equal(captures, before)
    empty_too = pd.concat([captures, pd.DataFrame([[False] * 3], columns=list("abc"))])
    assert estimate_completeness(empty_too).estimate == pytest.approx(found.estimate)


def test_what_cannot_be_estimated_is_said() -> None:
    apart = estimate_completeness(frame({"10": 5, "01": 10}))
    assert np.isnan(apart.estimate)
    assert "completeness.no_overlap" in codes(apart)
    nothing = estimate_completeness(pd.DataFrame({"a": [False], "b": [False]}))
    assert (nothing.n_observed, np.isnan(nothing.completeness)) == (0, True)
    inside = estimate_completeness(frame({"11": 9, "01": 10}))
    assert "completeness.contained" in codes(inside)


@pytest.mark.parametrize("lists", [1, 6])
def test_too_few_or_too_many_lists_are_refused(lists: int) -> None:
    with pytest.raises(SchemaError):
        estimate_completeness(pd.DataFrame(np.ones((3, lists), dtype=bool)))
    with pytest.raises(SchemaError):
        estimate_completeness(frame({"11": 3}), level=1.0)


@pytest.mark.slow
def test_intervals_cover_the_number_of_projects_at_their_level() -> None:
    rng = np.random.default_rng(4)
    runs, total = 1000, 300
    hits = 0
    for _ in range(runs):
        one, other = rng.random(total) < 0.5, rng.random(total) < 0.4
        _, low, high = chapman(one.sum(), other.sum(), (one & other).sum(), level=0.95)
        hits += low <= total <= high
    assert abs(hits / runs - 0.95) <= slack(0.95, runs)


@repeated(30, 150)
def test_log_linear_intervals_cover_with_and_without_dependence(runs: int) -> None:
    rng = np.random.default_rng(5)
    total = 800
    hits = {False: 0, True: 0}
    for copied in hits:
        for _ in range(runs):
            seen = rng.random((total, 3)) < (0.5, 0.4, 0.4)
            if copied:
                seen[:, 1] |= seen[:, 0] & (rng.random(total) < 0.6)
            found = estimate_completeness(pd.DataFrame(seen, columns=list("abc")))
            hits[copied] += found.ci_low <= total <= found.ci_high
    for copied, number in hits.items():
        assert number / runs >= 0.95 - slack(0.95, runs), copied
