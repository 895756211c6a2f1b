"""The second attacker: what tau-argus, the tool of statistical offices, finds out of a table.

It reads a table in its own form: a line a cell with its value, whether it is hidden, between what
it lies by itself and by how much it must stay open; then a line a sum.
"""

from __future__ import annotations

import tempfile
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd


@dataclass
class Cell:
    """A number as it is published: hidden or not, and between what it lies by itself."""

    value: int
    hidden: bool
    low: float
    high: float
    weight: float = 1.0

    def line(self, number: int, small: int) -> str:
        open_ = self.hidden and self.value <= small
        below, above = (self.value - self.low, small - self.value) if open_ else (0, 0)
        status = "u" if self.hidden else "s"
        ends = f"{self.low:.3f} {self.high:.3f} {below:.3f} {above:.3f} 0"
        return f"{number} {self.value} {self.weight:.0f} {status} {ends}"


def written(cells: list[Cell], sums: list[dict[int, int]], small: int) -> str:
    lines = ["0", f"{len(cells)}", *(cell.line(i, small) for i, cell in enumerate(cells))]
    lines.append(f"{len(sums)}")
    for one in sums:
        parts = " ".join(f"{at} ({weight})" for at, weight in one.items())
        lines.append(f"0 {len(one)} : {parts} ")
    return "\n".join(lines) + "\n"


def bounds(cells: list[Cell], sums: list[dict[int, int]]) -> dict[int, tuple[float, float]]:
    """Return between what each hidden cell lies for a reader of all."""
    from pytauargus._tauargus import audit_jj

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.jj"
        file.write_text(written(cells, sums, 0), encoding="ascii")
        return {row["cell"]: (row["min"], row["max"]) for row in audit_jj(str(file))}


def too_close(cells: list[Cell], keys: pd.DataFrame, *, small: int, exact: bool) -> list[int]:
    """Return hidden cells up to ``small`` for which not all small numbers are possible.

    Where numbers are exact, a hidden cell counts somebody, and a hidden sum as many as it has
    hidden cells: noughts are shown.
    """
    ends, least = bounds(cells, sums_of(keys)), dict.fromkeys(range(len(cells)), 0)
    if exact:
        inner = keys.notna().all(axis=1)
        for at, row in keys.iterrows():
            inside = inner & ((keys == row) | row.isna()).all(axis=1)
            least[int(at)] = sum(cells[i].hidden for i in keys.index[inside])
    assert ends
    return [at for at, (low, high) in ends.items()
            if cells[at].value <= small and (low > least[at] or high < 10)]  # fmt: skip


def fewest_hidden(cells: list[Cell], sums: list[dict[int, int]], small: int) -> set[int]:
    """Return the cells that the optimum hides besides small ones, so that these stay open."""
    from pytauargus._tauargus import HiTaSCtrl

    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # it leaves a log where it runs
        file, found = Path(folder) / "table.jj", Path(folder) / "found.jj"
        file.write_text(written(cells, sums, small), encoding="ascii")
        code = HiTaSCtrl().full_jj(in_file_jj=str(file), out_file=str(found), max_time=60)
        assert code <= 1, code
        return {int(line.split()[0]) for line in found.read_text().splitlines() if line.strip()}


def sums_of(keys: pd.DataFrame) -> list[dict[int, int]]:
    """Return which rows add up to which, where a missing key means all."""
    found = []
    for name in keys.columns:
        others = [other for other in keys.columns if other != name]
        groups = keys.groupby(others, dropna=False, sort=False) if others else [((), keys)]
        for _, part in groups:
            whole = part.index[part[name].isna()]
            if len(whole) == 1 and len(part) > 1:
                parts = part.index[part[name].notna()]
                found.append({int(whole[0]): -1} | {int(at): 1 for at in parts})
    return found


def grid(seed: int) -> pd.DataFrame:
    """Return a table of two ways; most cells are small, some large or nought."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(3, 9)), int(rng.integers(3, 7)))
    people = rng.poisson(rng.choice([0, 4, 12, 40], shape, p=[0.1, 0.35, 0.3, 0.25]))
    rows = [(f"r{i}", f"c{j}", int(n)) for (i, j), n in np.ndenumerate(people)]
    return pd.DataFrame(rows, columns=["row", "column", "people"])
