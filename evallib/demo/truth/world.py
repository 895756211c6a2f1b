"""The made-up world: which tambons take part, who is treated when, which quarters there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.demo.wording import phrases, stream
from evallib.periods import FiscalPeriod
from evallib.places import area

if TYPE_CHECKING:
    import pandas as pd

FIRST, LAST = FiscalPeriod(2563, 1), FiscalPeriod(2565, 4)
COHORTS = tuple(FiscalPeriod(2564, 1).next(i) for i in range(6))  # 2564-Q1 .. 2565-Q2
TREATED_SHARE = 0.62
NEVER = -1
LEVEL_SD = 2_000.0  # baht: lasting differences of income between tambons


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What everything else is drawn from.

    Parameters
    ----------
    seed : int
        Seed of every stream.
    tambons : pandas.DataFrame, shape (n, k)
        Rows of the register that take part, sorted by ``tambon_code``, index 0..n-1.
    quarters : tuple of FiscalPeriod, length T
        All quarters of the demo.
    cohort : ndarray of int, shape (n,)
        Position in ``quarters`` at which the programme starts; -1 where it never does.
    level : ndarray of float, shape (n,)
        Lasting difference of income from the mean, baht.
    villages : ndarray of str, shape (n, 8)
        Name of each village; the village number is the column plus one.
    """

    seed: int
    tambons: pd.DataFrame
    quarters: tuple[FiscalPeriod, ...]
    cohort: np.ndarray
    level: np.ndarray
    villages: np.ndarray


def build_world(seed: int, fraction: float) -> World:
    """Return the world of a seed, with about that share of the tambons of each province."""
    tambons = _some_amphoe(area(), fraction, stream(seed, "amphoe"))
    rng = stream(seed, "world")
    n = len(tambons)
    level = rng.normal(0, LEVEL_SD, n)
    names = np.array(phrases()["words"]["villages"])
    return World(
        seed=seed,
        tambons=tambons,
        quarters=tuple(FIRST.next(i) for i in range(LAST.ordinal - FIRST.ordinal + 1)),
        cohort=_assign_cohorts(tambons["province_code"].to_numpy(), level, rng),
        level=level,
        villages=names[rng.permuted(np.tile(np.arange(len(names)), (n, 1)), axis=1)[:, :8]],
    )


def _some_amphoe(places: pd.DataFrame, fraction: float, rng: np.random.Generator) -> pd.DataFrame:
    """Keep whole amphoe of each province until they hold the share that is asked for."""
    kept: list[str] = []
    for _, province in places.groupby("province_code", sort=True):
        sizes = province.groupby("amphoe_code", sort=True).size()
        sizes = sizes.iloc[rng.permutation(len(sizes))]
        before = sizes.cumsum() - sizes
        wanted = (before < fraction * len(province) - sizes / 2) | (before == 0)
        kept.extend(sizes.index[wanted])
    return places[places["amphoe_code"].isin(kept)].reset_index(drop=True)


def _assign_cohorts(
    provinces: np.ndarray, level: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Treat the poorer more often, which biases levels but leaves trends parallel."""
    eagerness = -level / LEVEL_SD + 1.5 * rng.normal(size=len(level))
    cohort = np.full(len(level), NEVER)
    turn = 0
    first = FIRST.ordinal
    for province in np.unique(provinces):
        members = np.flatnonzero(provinces == province)
        ranked = members[np.argsort(-eagerness[members], kind="stable")]
        treated = rng.permutation(ranked[: round(TREATED_SHARE * len(members))])
        for unit in treated:
            cohort[unit] = COHORTS[turn % len(COHORTS)].ordinal - first
            turn += 1
    return cohort
