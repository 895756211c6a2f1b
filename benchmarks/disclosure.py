"""Designs for figures about people, held against one attack on years of small surveys.

Run with ``python benchmarks/disclosure.py [years]``; prints one Markdown section. Each year has
four provinces and four quarters of 30 to 250 forms; what is published are numbers of people by age
and amphoe in every scope and period. The attacker knows the rules of each design, joins all numbers
and asks a linear programme what each small one can be.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evallib.privacy import Gate
from tests.privacy.surveys import AMPHOE, TABLES, year

if TYPE_CHECKING:
    import pandas as pd

YEARS, SMALL = 5, 10
HEAD = """## Figures about people

{years} years of small surveys, {figures:,} numbers published in every scope and period, of which
{small:,} are small (up to {threshold} people). A small number is recovered when only one value is
left, and too close when 0 to {threshold} is no longer all possible. Then further numbers are hidden
until none is; what is shown and how far it is from the truth is counted after that. CPU seconds a
year, of which the most are the attack.

| design | recovered | too close | hidden besides | shown | distance | of a year | adds up | s |
|---|---|---|---|---|---|---|---|---|"""


@dataclass
class Year:
    """Numbers of one year: sets of atoms, their truth, and which sums agree."""

    sets: csr_array
    true: np.ndarray
    equal: csr_array
    keys: list[tuple]


def read_year(seed: int) -> tuple[pd.DataFrame, Year]:
    """Return the forms of a year and all numbers that are published of them."""
    forms = year(seed)
    provinces, quarters = list(AMPHOE), [1, 2, 3, 4]
    atoms = {}
    for (p, q), part in forms.groupby(["province_code", "quarter"]):
        for by in ("age_band", "amphoe_code"):
            for name, n in part[by].value_counts().items():
                atoms[p, q, by, name] = int(n)
    at = {key: i for i, key in enumerate(atoms)}
    rows, keys = [], []
    for scope, period in product(
        [*([p] for p in provinces), provinces], [*([q] for q in quarters), quarters]
    ):
        inside = [k for k in atoms if k[0] in scope and k[1] in period]
        groups = {("", ""): [k for k in inside if k[2] == "age_band"]}
        for k in inside:
            groups.setdefault((k[2], k[3]), []).append(k)
        for name, members in groups.items():
            rows.append([at[k] for k in members])
            keys.append((tuple(scope), tuple(period), *name))
    sets = np.zeros((len(rows), len(atoms)))
    for row, members in zip(sets, rows, strict=True):
        row[members] = 1
    equal = np.zeros((16, len(atoms)))
    for row, (p, q) in zip(equal, product(provinces, quarters), strict=True):
        for k, i in at.items():
            if k[:2] == (p, q):
                row[i] = 1 if k[2] == "age_band" else -1
    return forms, Year(
        csr_array(sets), sets @ np.array(list(atoms.values())), csr_array(equal), keys
    )


def told(design: str, seed: int, forms: pd.DataFrame, numbers: Year) -> tuple[np.ndarray, ...]:
    """Return low, high and what is shown of each number under a design; NaN: nothing is shown."""
    true = numbers.true
    rng = np.random.default_rng(seed)
    draw = rng.random(len(true))
    if design == "once":
        return rounded_once(forms, numbers)
    small = true <= SMALL
    if design == "exact":
        small = true < SMALL
        low, high, shown = true.copy(), true.copy(), true.copy()
        low[small], high[small], shown[small] = 0, np.inf, np.nan
        return low, high, shown
    kind, base = design.split()
    b = int(base)
    if kind == "nearest":
        shown = np.floor(true / b + 0.5) * b
        low, high = shown - b // 2, shown + (b - 1) // 2
    elif kind == "chance":
        shown = np.floor((true + np.floor(draw * b)) / b) * b
        low, high = shown - b + 1, shown + b - 1
    else:
        shown = true + np.floor(draw * (2 * b + 1)) - b
        low, high = shown - b, shown + b
    low = np.maximum(low, SMALL + 1)
    low[small], high[small], shown[small] = 0, SMALL, np.nan
    return low, high, shown


def rounded_once(forms: pd.DataFrame, numbers: Year) -> tuple[np.ndarray, ...]:
    """Return what evallib prints: numbers of a province and quarter, and sums of these."""
    rounded = Gate().protect(forms, tables=TABLES).rounded
    at = rounded.set_index(["province_code", "quarter", "table", "category"]).sort_index()
    low, high, shown = (np.zeros(len(numbers.keys)) for _ in range(3))
    for i, (scope, period, by, name) in enumerate(numbers.keys):
        for p, q in product(scope, period):
            if (p, q, by, name) in at.index:
                row = at.loc[[(p, q, by, name)]].iloc[0]
                low[i] += row["low"]
                high[i] += row["high"]
                shown[i] += row["value"]
    shown[shown == 0] = np.nan  # only a limit is printed
    return low, high, shown


def attack(
    numbers: Year, low: np.ndarray, high: np.ndarray
) -> tuple[int, list[tuple[int, np.ndarray]]]:
    """Return how many small numbers were recovered, and those told too closely with what told."""
    known = np.isfinite(high)
    above = np.concatenate([numbers.sets.toarray()[known], -numbers.sets.toarray()])
    above, most = csr_array(above), np.concatenate([high[known], -low])
    recovered, close = 0, []
    for i in np.flatnonzero(numbers.true <= SMALL):
        ends, used = [], np.zeros(len(low))
        for sign in (1, -1):
            cost = sign * numbers.sets[[i]].toarray().ravel()
            found = linprog(cost, A_ub=above, b_ub=most, A_eq=numbers.equal,
                            b_eq=np.zeros(numbers.equal.shape[0]), method="highs")  # fmt: skip
            if found.status == 3:
                ends.append(np.inf)
                continue
            ends.append(sign * found.fun)
            k = int(known.sum())
            used[known] += np.abs(found.ineqlin.marginals[:k])
            used += np.abs(found.ineqlin.marginals[k:])
        least, greatest = np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)
        recovered += int(least == greatest)
        if least > 0 or greatest < SMALL:
            close.append((i, used))
    return recovered, close


def hide(numbers: Year, low: np.ndarray, high: np.ndarray, shown: np.ndarray) -> int:
    """Hide further numbers, in place, until nothing is told too closely; return how many."""
    hidden = 0
    while True:
        _, close = attack(numbers, low, high)
        more = False
        for _, used in close:
            candidates = np.flatnonzero((used > 1e-9) & ~np.isnan(shown))
            if len(candidates):
                pick = candidates[np.argmin(numbers.true[candidates])]
                low[pick], high[pick], shown[pick] = 0, np.inf, np.nan
                hidden, more = hidden + 1, True
        if not more:
            return hidden


NAMES = {
    "exact": "exact numbers, small ones hidden",
    "nearest 5": 'nearest five, small ones as "≤ 10"',
    "nearest 10": 'nearest ten, small ones as "≤ 10"',
    "chance 5": 'five up or down by chance, small ones as "≤ 10"',
    "chance 10": 'ten up or down by chance, small ones as "≤ 10"',
    "noise 5": 'noise of up to five, small ones as "≤ 10"',
    "once": "evallib: ten by chance, once a province and quarter, then sums",
}


def main() -> None:
    """Print the table."""
    years = int(sys.argv[1]) if len(sys.argv) > 1 else YEARS
    made = [read_year(seed) for seed in range(500, 500 + years)]
    figures, small = (sum(map(count, made)) for count in (
        lambda y: len(y[1].true), lambda y: int((y[1].true <= SMALL).sum())))  # fmt: skip
    print(HEAD.format(years=years, figures=figures, small=small, threshold=SMALL))
    for design, name in NAMES.items():
        start = time.process_time()
        recovered = close = besides = shown_n = 0
        distance, wide = 0.0, []
        for seed, (forms, numbers) in enumerate(made):
            low, high, shown = told(design, seed, forms, numbers)
            exact, near = attack(numbers, low, high)
            recovered, close = recovered + exact, close + len(near)
            besides += hide(numbers, low, high, shown) if near else 0
            seen = ~np.isnan(shown)
            shown_n += int(seen.sum())
            off = np.abs(shown - numbers.true)
            distance += float(off[seen].sum())
            whole = [
                i for i, (scope, period, by, _) in enumerate(numbers.keys)
                if len(scope) == len(period) == 4 and by != "amphoe_code" and seen[i]
            ]  # fmt: skip
            wide += (100 * off[whole] / numbers.true[whole]).tolist()
        adds = "yes" if design in ("once", "exact") else "no"
        seconds = (time.process_time() - start) / years
        print(
            f"| {name} | {recovered} | {close} | {besides} | {100 * shown_n / figures:.0f}% "
            f"| {distance / shown_n:.1f} | {np.mean(wide):.1f} | {adds} | {seconds:.1f} |"
        )


if __name__ == "__main__":
    main()
