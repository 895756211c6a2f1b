"""Tables of people as tau-argus sees them: a second attacker, by other hands."""

import pandas as pd
import pytest

from evallib.privacy import round_table, suppress_table
from tests.privacy.argus import Cell, grid, too_close

pytest.importorskip("pytauargus", reason="tau-argus is not there for this system")

KEYS = ["row", "column"]
SEEDS = [pytest.param(seed, marks=[pytest.mark.simulation] if seed >= 10 else [])
         for seed in range(50)]  # fmt: skip


def people_of(table: pd.DataFrame, row: dict) -> int:
    for key in KEYS:
        table = table if pd.isna(row[key]) else table[table[key] == row[key]]
    return int(table["people"].sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_it_finds_nothing_in_rounded_tables(seed) -> None:
    table = grid(seed)
    told = round_table(table, counts="people", rows="row", columns="column", secret="x" * 20)
    true = [people_of(table, row) for row in told.to_dict("records")]
    cells = [Cell(n, True, low, high)
             for n, low, high in zip(true, told["low"], told["high"], strict=True)]  # fmt: skip
    assert too_close(cells, told[KEYS], small=10, exact=False) == []


def as_published(table: pd.DataFrame, shown: pd.DataFrame) -> list[Cell]:
    """Return cells as a reader of exact tables knows them: one that is hidden counts somebody."""
    true = [people_of(table, row) for row in shown.to_dict("records")]
    return [Cell(n, bool(pd.isna(seen)), float(n > 0), 1e6)
            for n, seen in zip(true, shown["people"], strict=True)]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_it_finds_nothing_in_suppressed_tables(seed) -> None:
    table = grid(seed)
    published = suppress_table(table, counts="people", rows="row", columns="column").published()
    shown = published.reset_index(drop=True)
    assert too_close(as_published(table, shown), shown[KEYS], small=9, exact=True) == []


def test_it_finds_what_is_there_to_be_found() -> None:
    """Only the small cells are hidden: some are the difference of what is shown."""
    found = 0
    for seed in range(5):
        table = grid(seed)
        rows = [{}, *table[["row"]].drop_duplicates().to_dict("records"),
                *table[["column"]].drop_duplicates().to_dict("records"),
                *table[KEYS].to_dict("records")]  # fmt: skip
        shown = pd.DataFrame(rows).reindex(columns=KEYS)
        true = pd.Series([people_of(table, row) for row in shown.to_dict("records")])
        shown["people"] = true.mask((true > 0) & (true < 10))
        found += len(too_close(as_published(table, shown), shown[KEYS], small=9, exact=True))
    assert found > 5
