"""Tables with totals in two directions against linear programmes written anew."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from evallib.privacy import SuppressedTable, audit_table, suppress_table
from evallib.privacy.suppression.two_way import is_safe


def two_way(grid: list[list[int]], threshold: int = 10) -> SuppressedTable:
    cells = pd.DataFrame(
        [(f"r{i}", f"c{j}", n) for i, row in enumerate(grid) for j, n in enumerate(row)],
        columns=["place", "sex", "people"],
    )
    return suppress_table(cells, counts="people", rows="place", columns="sex", threshold=threshold)


def bounds_by_lp(
    grid: np.ndarray, hidden: np.ndarray, cell: tuple[int, int], floor: int
) -> tuple[float, float]:
    """Bound one cell of a grid with totals; written anew, sharing nothing with the package."""
    n_rows, n_columns = grid.shape
    equations, number = [], np.arange(grid.size).reshape(grid.shape)
    for i in range(n_rows):
        row = np.zeros(grid.size)
        row[number[i, :-1]], row[number[i, -1]] = 1, -1
        equations.append(row)
    for j in range(n_columns):
        column = np.zeros(grid.size)
        column[number[:-1, j]], column[number[-1, j]] = 1, -1
        equations.append(column)
    limits = [
        (min(floor, x), None) if h else (x, x)
        for x, h in zip(grid.ravel(), hidden.ravel(), strict=True)
    ]
    goal = np.zeros(grid.size)
    goal[number[cell]] = 1
    ends = [
        linprog(sign * goal, A_eq=np.array(equations), b_eq=np.zeros(len(equations)), bounds=limits)
        for sign in (1, -1)
    ]
    assert all(end.status == 0 for end in ends)
    return round(ends[0].fun, 6), round(-ends[1].fun, 6)


def with_totals(cells: np.ndarray) -> np.ndarray:
    return np.block([
        [cells, cells.sum(1, keepdims=True)], [cells.sum(0, keepdims=True), cells.sum()],
    ])  # fmt: skip


def hidden_grid(table: SuppressedTable, shape: tuple[int, int]) -> np.ndarray:
    n_rows, n_columns = shape
    hidden = np.zeros((n_rows + 1, n_columns + 1), dtype=bool)
    hidden[:-1, :-1] = table.frame["people"].isna().to_numpy().reshape(shape)
    totals = table.totals["people"].isna().to_numpy()
    hidden[:-1, -1], hidden[-1, :] = totals[:n_rows], totals[n_rows:]
    return hidden


def random_grid(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 6)), int(rng.integers(2, 5)))
    size = np.exp(rng.normal(2.4, 0.9, (shape[0], 1)) + rng.normal(0, 0.7, (1, shape[1])))
    return rng.poisson(size) * (rng.random(shape) > 0.1)


def attack(seed: int, threshold: int) -> tuple[int, bool]:
    """Publish a random table, attack every hidden cell; return how many, and if it was withheld."""
    cells = random_grid(seed)
    table = two_way(cells.tolist(), threshold)
    grid, hidden = with_totals(cells), hidden_grid(table, cells.shape)
    if table.withheld:
        assert hidden.all()
        return 0, True
    small = (grid > 0) & (grid < threshold)
    assert not (small & ~hidden).any()
    assert not hidden[grid == 0].any()
    for cell in map(tuple, np.argwhere(hidden)):
        inner = cell[0] < cells.shape[0] and cell[1] < cells.shape[1]
        low, high = bounds_by_lp(grid, hidden, cell, floor=0)
        assert small[cell] or inner or grid[cell] >= threshold
        if small[cell] or inner:
            assert (low == 0 and high >= threshold) or low >= threshold
        if small[cell]:
            assert low == 0
            low, high = bounds_by_lp(grid, hidden, cell, floor=1)
            assert high >= threshold
            assert low == 1 or not inner
    return int(hidden.sum()), False


@pytest.mark.parametrize("threshold", [5, 10])
def test_random_two_way_tables_withstand_linear_programmes(threshold: int) -> None:
    attacked = [attack(seed, threshold) for seed in range(8)]
    assert sum(cells for cells, _ in attacked) > 30


@pytest.mark.simulation
def test_two_hundred_random_two_way_tables_withstand_linear_programmes() -> None:
    attacked = [attack(seed, 10) for seed in range(1000, 1200)]
    assert sum(cells for cells, _ in attacked) > 1000
    assert sum(withheld for _, withheld in attacked) < 40  # protection that withholds all is easy


def test_without_complements_the_same_tables_would_be_recovered() -> None:
    exact = 0
    for seed in range(20):
        grid = with_totals(random_grid(seed))
        hidden = (grid > 0) & (grid < 10)
        hidden[-1, :] = hidden[:, -1] = False
        for cell in map(tuple, np.argwhere(hidden)):
            low, high = bounds_by_lp(grid, hidden, cell, floor=0)
            exact += low == high
    assert exact >= 10


def test_a_two_way_table_worked_by_hand() -> None:
    table = two_way([[4, 30, 50], [20, 60, 70], [90, 80, 85]])
    hidden = hidden_grid(table, (3, 3))
    assert hidden[0, 0]
    assert hidden[:-1, :-1].sum() >= 4  # a ring needs two rows and two columns
    assert not hidden[-1].any()
    assert not hidden[:, -1].any()


def test_a_small_row_total_is_hidden_together_with_another_total() -> None:
    table = two_way([[2, 1], [40, 50], [60, 70]])
    rows = table.totals["people"].isna().to_numpy()[:3]
    assert rows[0]
    assert rows.sum() >= 2
    assert not table.withheld
    assert bool(audit_table(table)["safe"].all())


def test_a_two_way_table_of_few_people_is_withheld_whole() -> None:
    table = two_way([[2, 1], [1, 3]])
    assert table.withheld
    assert table.published()["people"].isna().all()


def test_a_group_that_stands_in_one_column_is_reported() -> None:
    table = two_way([[0, 30], [40, 50]])
    assert [(f.code, f.where) for f in table.findings] == [("privacy.one_category", "r0")]


def test_a_pair_without_a_row_is_a_zero() -> None:
    cells = pd.DataFrame({
        "place": ["a", "a", "b", "c", "c"], "sex": ["f", "m", "f", "f", "m"],
        "people": [30, 4, 50, 60, 70],
    })  # fmt: skip
    table = suppress_table(cells, counts="people", rows="place", columns="sex")
    assert len(table.frame) == 5
    assert table.frame["people"].isna().tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("low", "high", "safe"),
    [(0, 10, True), (1, 10, False), (0, 9, False), (9, 40, False), (10, 10, True), (0, 0, False)],
)
def test_what_safe_means(low: int, high: int, *, safe: bool) -> None:
    assert is_safe(low, high, threshold=10) == safe
