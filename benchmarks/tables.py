"""Tables of people one by one: exact numbers with some hidden, the fewest that can be, and tens.

Run with ``python benchmarks/tables.py [tables]``; prints one Markdown section. tau-argus, the tool
of statistical offices, finds the fewest further cells to hide and attacks all three.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evallib.privacy import round_table, suppress_table
from tests.privacy.argus import Cell, bounds, fewest_hidden, grid, sums_of, too_close
from tests.privacy.test_second_attacker import KEYS, as_published, people_of

TABLES, SMALL = 50, 10
HEAD = """## Tables of people one by one

{tables} tables of two ways, 3 to 8 rows by 3 to 6 columns, with all their totals: {figures:,}
numbers, {small:,} of them small. Recovered and too close: by tau-argus, which knows all totals.

| design | shown | inner cells shown | distance | recovered | too close | CPU s a table |
|---|---|---|---|---|---|---|"""


def line(name: str, found: list[dict[str, float]]) -> str:
    """Return one row of the table."""
    sums = pd.DataFrame(found).sum()
    return (
        f"| {name} | {sums.shown / sums.numbers:.0%} | {sums.inner_shown / sums.inner:.0%} | "
        f"{sums.distance / sums.shown:.1f} | {sums.recovered:.0f} | {sums.close:.0f} | "
        f"{sums.seconds / len(found):.2f} |"
    )


def judge(
    cells: list[Cell], keys: pd.DataFrame, shown: pd.Series, seconds: float, *, exact: bool
) -> dict[str, float]:
    """Return what a reader sees of a table, and what the attacker finds."""
    ends = bounds(cells, sums_of(keys))
    most = SMALL - 1 if exact else SMALL  # exact tables show 10, and tell that somebody is there
    small = {at: low_high for at, low_high in ends.items() if cells[at].value <= most}
    inner = keys.notna().all(axis=1)
    true = np.array([cell.value for cell in cells], dtype=float)
    return {
        "numbers": len(cells), "small": (true <= SMALL).sum(), "shown": shown.notna().sum(),
        "inner": inner.sum(),
        "inner_shown": (shown.notna() & inner).sum(),
        "distance": np.nansum(np.abs(shown.to_numpy(dtype=float) - true)), "seconds": seconds,
        "recovered": sum(low == high for low, high in small.values()),
        "close": len(too_close(cells, keys, small=most, exact=exact)),
    }  # fmt: skip


def attack(seed: int) -> dict[str, dict[str, float]]:
    """Return each design's result for one table."""
    table, found = grid(seed), {}
    began = time.process_time()
    published = suppress_table(table, counts="people", rows="row", columns="column").published()
    seconds = time.process_time() - began
    shown = published.reset_index(drop=True)
    cells = as_published(table, shown)
    found["exact, some hidden"] = judge(cells, shown[KEYS], shown["people"], seconds, exact=True)

    only_small = [Cell(c.value, 0 < c.value < SMALL, c.low, c.high) for c in cells]
    began = time.process_time()
    besides = fewest_hidden(only_small, sums_of(shown[KEYS]), SMALL)
    seconds = time.process_time() - began
    fewest = [Cell(c.value, c.hidden or at in besides, c.low, c.high)
              for at, c in enumerate(only_small)]  # fmt: skip
    seen = pd.Series([np.nan if c.hidden else c.value for c in fewest])
    found["exact, the fewest hidden (tau-argus)"] = judge(
        fewest, shown[KEYS], seen, seconds, exact=True
    )

    began = time.process_time()
    told = round_table(table, counts="people", rows="row", columns="column", secret="x" * 20)
    seconds = time.process_time() - began
    tens = [Cell(people_of(table, row), hidden=True, low=row["low"], high=row["high"])
            for row in told.to_dict("records")]  # fmt: skip
    value = told["value"].where(told["value"] > 0)
    found["tens, by a chance"] = judge(tens, told[KEYS], value, seconds, exact=False)
    return found


def main() -> None:
    """Print one Markdown section."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    attack(0)  # pays for imports
    found = [attack(seed) for seed in range(tables)]
    tens = pd.DataFrame([each["tens, by a chance"] for each in found]).sum()
    print(HEAD.format(tables=tables, figures=int(tens.numbers), small=int(tens.small)))
    for name in found[0]:
        print(line(name, [each[name] for each in found]))


if __name__ == "__main__":
    main()
