"""audit_table against enumeration and linear programmes, on leaky tables too."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from evallib.errors import SchemaError
from evallib.privacy import audit_table, suppress_table
from evallib.privacy.suppression.flow import Residual, arcs, incidence, with_totals


def publish(grid: np.ndarray, hidden: np.ndarray) -> pd.DataFrame:
    """Return a grid with totals as a plain frame, hidden cells missing."""
    last = grid.shape[0] - 1, grid.shape[1] - 1
    return pd.DataFrame({
        "place": [None if i == last[0] else f"r{i}" for i, _ in np.ndindex(grid.shape)],
        "sex": [None if j == last[1] else f"c{j}" for _, j in np.ndindex(grid.shape)],
        "people": pd.array(np.where(hidden, None, grid).ravel().tolist(), dtype="Int64"),
    })  # fmt: skip


def fits(grid: np.ndarray, hidden: np.ndarray) -> list[np.ndarray]:
    """Return every table of whole numbers that agrees with what is seen."""
    cells = [tuple(c) for c in np.argwhere(hidden)]
    agree = []
    for guess in product(range(int(grid[-1, -1]) + 1), repeat=len(cells)):
        table = grid.copy()
        for cell, value in zip(cells, guess, strict=True):
            table[cell] = value
        if (with_totals(table[:-1, :-1]) == table).all():
            agree.append(table)
    return agree


@given(
    cells=st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=3),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=40, deadline=None)
def test_bounds_in_two_directions_equal_those_of_every_fitting_table(
    cells: list[list[int]], seed: int
) -> None:
    grid = with_totals(np.array(cells))
    assume(grid[-1, -1] <= 6)
    hidden = np.zeros(grid.shape, dtype=bool)
    picks = np.random.default_rng(seed).choice(grid.size - 1, size=4, replace=False)
    hidden.flat[picks] = True
    audited = audit_table(
        publish(grid, hidden), counts="people", rows="place", columns="sex", threshold=5
    )
    agree = np.stack(fits(grid, hidden))
    assert audited["low"].tolist() == agree.min(axis=0)[hidden].tolist()
    assert audited["high"].tolist() == agree.max(axis=0)[hidden].tolist()


@given(
    counts=st.lists(st.integers(0, 6), min_size=1, max_size=5),
    hide=st.lists(st.booleans(), min_size=5, max_size=5),
)
@settings(max_examples=50, deadline=None)
def test_bounds_in_one_direction_equal_the_linear_programme(
    counts: list[int], hide: list[bool]
) -> None:
    hidden = np.array(hide[: len(counts)])
    frame = pd.DataFrame({
        "group": [*range(len(counts)), None],
        "people": pd.array([*np.where(hidden, None, counts), sum(counts)], dtype="Int64"),
    })  # fmt: skip
    audited = audit_table(frame, counts="people", rows="group", threshold=5)
    rest = int(np.array(counts)[hidden].sum())
    for k, (low, high) in enumerate(zip(audited["low"], audited["high"], strict=True)):
        goal = np.eye(int(hidden.sum()))[k]
        ends = [
            linprog(sign * goal, A_eq=[np.ones(len(goal))], b_eq=[rest]).fun for sign in (1, -1)
        ]
        assert (low, high) == pytest.approx((ends[0], -ends[1]), abs=1e-6)
    assert len(audited) == hidden.sum()


@pytest.mark.parametrize("floor", [0, 1])
@pytest.mark.parametrize("seed", range(4))
def test_flows_equal_linear_programmes_on_a_larger_table(seed: int, floor: int) -> None:
    rng = np.random.default_rng(seed)
    table = arcs(with_totals(rng.poisson(6, size=(7, 5)) + 1))
    hidden = rng.random(len(table.value)) < 0.4
    hidden[-1] = False
    limits = [(floor, None) if h else (x, x) for x, h in zip(table.value, hidden, strict=True)]
    residual, nodes = Residual(table, hidden, floor=floor), incidence(table)
    assert not (nodes @ table.value).any()
    for cell in np.flatnonzero(hidden):
        goal = np.zeros(len(table.value))
        goal[cell] = 1
        ends = [
            linprog(s * goal, A_eq=nodes, b_eq=np.zeros(table.n_nodes), bounds=limits).fun
            for s in (1, -1)
        ]
        assert residual.reach(int(cell)) == pytest.approx((ends[0], -ends[1]), abs=1e-6)


def test_a_leak_is_called_a_leak() -> None:
    grid = with_totals(np.array([[3, 30], [40, 50]]))
    hidden = np.zeros(grid.shape, dtype=bool)
    hidden[0, 0] = hidden[0, 1] = True
    audited = audit_table(publish(grid, hidden), counts="people", rows="place", columns="sex")
    assert audited.to_dict("list") == {
        "place": ["r0", "r0"], "sex": ["c0", "c1"],
        "low": [3.0, 30.0], "high": [3.0, 30.0], "safe": [False, True],
    }  # fmt: skip


@pytest.mark.parametrize(("other", "safe"), [(6, False), (7, True), (8, True)])
def test_safe_begins_where_the_threshold_is_within_reach(other: int, *, safe: bool) -> None:
    frame = pd.DataFrame({
        "group": ["a", "b", "c", None],
        "people": pd.array([None, None, 20, 3 + other + 20], dtype="Int64"),
    })  # fmt: skip
    audited = audit_table(frame, counts="people", rows="group", threshold=10)
    assert audited["safe"].tolist() == [safe, safe]


def test_table_and_its_published_frame_are_bounded_alike() -> None:
    cells = pd.DataFrame({
        "place": np.repeat(["a", "b", "c"], 3), "sex": ["f", "m", "x"] * 3,
        "people": [4, 30, 50, 20, 60, 70, 2, 3, 1],
    })  # fmt: skip
    table = suppress_table(cells, counts="people", rows="place", columns="sex")
    roles = {"counts": "people", "rows": "place", "columns": "sex", "threshold": 10}
    ours = audit_table(table)
    plain = audit_table(table.published(), **roles)
    pd.testing.assert_frame_equal(ours[["low", "high"]], plain[["low", "high"]])
    assert ours["safe"].all()
    assert len(ours) == table.published()["people"].isna().sum()


def test_total_rows_that_are_not_given_are_not_used() -> None:
    grid = with_totals(np.array([[3, 30], [40, 50]]))
    hidden = np.zeros(grid.shape, dtype=bool)
    hidden[0, 0] = True
    frame = publish(grid, hidden)
    roles = {"counts": "people", "rows": "place", "columns": "sex"}
    without_rows = frame[frame["sex"].notna() | frame["place"].isna()]
    assert audit_table(without_rows, **roles)["high"].tolist() == [3.0]  # its column gives it away
    only_grand = frame[(frame["sex"].notna() & frame["place"].notna()) | (frame.index == 8)]
    assert audit_table(only_grand, **roles)["low"].tolist() == [3.0]


def test_a_withheld_table_bounds_nothing() -> None:
    cells = pd.DataFrame({"group": ["a", "b"], "people": [3, 4]})
    audited = audit_table(suppress_table(cells, counts="people", rows="group"))
    assert audited["low"].eq(0).all()
    assert np.isinf(audited["high"]).all()
    assert audited["safe"].all()


@pytest.mark.parametrize(
    ("rows", "people", "code"),
    [
        (["a", "b"], [3, None], "privacy.no_total"),
        (["a", "b", None], [3, 4, None], "privacy.no_total"),
        (["a", "b", None], [3, None, 2], "privacy.totals_disagree"),
        (["a", "b", None], [3, 4, 9], "privacy.totals_disagree"),
    ],
)
def test_frames_that_cannot_be_audited_are_refused(
    rows: list[str | None], people: list[int | None], code: str
) -> None:
    frame = pd.DataFrame({"group": rows, "people": pd.array(people, dtype="Int64")})
    with pytest.raises(SchemaError) as refused:
        audit_table(frame, counts="people", rows="group")
    assert refused.value.code == code


def test_two_way_totals_that_disagree_are_refused_and_so_are_missing_roles() -> None:
    grid = with_totals(np.array([[3, 30], [40, 50]]))
    grid[0, -1] += 1
    hidden = np.zeros(grid.shape, dtype=bool)
    hidden[0, 0] = True
    with pytest.raises(SchemaError) as refused:
        audit_table(publish(grid, hidden), counts="people", rows="place", columns="sex")
    assert refused.value.code == "privacy.totals_disagree"
    with pytest.raises(SchemaError) as refused:
        audit_table(publish(grid, hidden))
    assert refused.value.code == "privacy.audit_roles"
