"""Randomisation inference: how often another draw of treated clusters would give as much."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError
from evallib.impact.checks import FEW_CLUSTERS
from evallib.impact.comparisons.aggregate import aggregate
from evallib.impact.comparisons.group_time import estimate_cells
from evallib.impact.regressions.fixed_effects import FixedEffects

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.panel import Panel
    from evallib.impact.arrays.rows import Rows
    from evallib.impact.comparisons.plan import Plan

MOST_ROWS = 50_000  # beyond, clusters are rarely few and the test takes long
_TIE = 1e-9


def randomise(rows: Rows, *, draws: int, seed: int) -> float | None:
    """Return the p value of no effect for any unit, or None where the test does not apply.

    Whole histories of treatment change hands between clusters. The test applies where all rows
    of a cluster and a period have one treatment and every cluster is seen in every period; it is
    exact where treatment was given to clusters by lot, whatever their number. All ways to choose
    clusters are taken where they are no more than ``draws`` and one history is given.

    References
    ----------
    .. [1] MacKinnon, Webb (2020), *Randomization inference for difference-in-differences with
       few treated clusters*, Journal of Econometrics 218(2).
       https://doi.org/10.1016/j.jeconom.2020.04.024
    """
    history = _histories(rows)
    if history is None or len(rows.y) > MOST_ROWS:
        return None
    orders = _orders(history, draws=draws, seed=seed)
    if len(orders) < 2:
        return None
    effects = FixedEffects(rows.effects, rows.weight)
    root = np.ones(len(rows.y)) if rows.weight is None else np.sqrt(rows.weight)
    known = effects.residualise(np.column_stack([rows.y, rows.x])) * root[:, None]
    basis, _ = np.linalg.qr(known[:, 1:]) if rows.x.shape[1] else (np.empty((len(root), 0)), None)
    y = known[:, 0] - basis @ (basis.T @ known[:, 0])
    size = np.empty(len(orders))
    for k, order in enumerate(orders):
        placed = history[order][rows.cluster, rows.time]
        d = effects.residualise(placed[:, None])[:, 0] * root
        d = d - basis @ (basis.T @ d)
        spread = d @ d
        size[k] = abs(d @ y) / spread if spread > _TIE else 0.0
    beyond = int((size >= size[0] * (1 - _TIE)).sum())  # the first is what happened
    return beyond / len(orders)


def randomise_starts(data: Panel, plan: Plan, *, draws: int, seed: int) -> float | None:
    """Return the p value of no effect for any unit from `estimate_staggered`, or None.

    Starts change hands between clusters, and the effect is estimated anew. The test applies where
    all units of a cluster start together and clusters are few; None as well without draws.
    """
    few = data.n_clusters < FEW_CLUSTERS and data.y.size <= MOST_ROWS
    if not draws or not data.clustered or not few:
        return None
    of_cluster = np.full(data.n_clusters, np.nan)
    of_cluster[data.cluster] = data.start
    if (of_cluster[data.cluster] != data.start).any():
        return None
    history = np.where(np.isfinite(of_cluster), of_cluster, 0.0)[:, None]
    orders = _orders(history, draws=draws, seed=seed)
    if len(orders) < 2:
        return None
    size = np.array([abs(_effect(data, plan, of_cluster[order])) for order in orders])
    return int((size >= size[0] * (1 - _TIE)).sum()) / len(orders)


def _effect(data: Panel, plan: Plan, of_cluster: Floats) -> float:
    """Return the effect under other starts of clusters; infinite where there is none."""
    start = of_cluster[data.cluster]
    order = np.argsort(start, kind="stable")
    moved = replace(
        data, y=data.y[:, order], x=data.x[:, :, order], start=start[order],
        cluster=data.cluster[order], weight=data.weight[order],
    )  # fmt: skip
    try:
        return float(aggregate(moved, estimate_cells(moved, plan)).estimate[0])
    except DesignError:  # overlap may fail where it does not in what happened: counts against it
        return float("inf")


def _histories(rows: Rows) -> Floats | None:
    """Return the treatment of each cluster in each period (G, T), or None where it has several."""
    n_clusters, n_periods = int(rows.cluster.max()) + 1, len(rows.periods)
    at = rows.cluster * n_periods + rows.time
    count = np.bincount(at, minlength=n_clusters * n_periods)
    if (count == 0).any():
        return None
    history = np.bincount(at, rows.treated, n_clusters * n_periods) / count
    if not np.allclose(history[at], rows.treated, rtol=0, atol=1e-12):
        return None
    return np.asarray(history).reshape(n_clusters, n_periods)


def _orders(history: Floats, *, draws: int, seed: int) -> list[Ints]:
    """Return ways to hand out histories, the one that happened first."""
    n = len(history)
    kinds, kind = np.unique(history, axis=0, return_inverse=True)
    kind = kind.ravel()
    given = np.flatnonzero(kinds.any(axis=1))
    if len(kinds) == 2 and len(given) == 1:
        treated = np.flatnonzero(kind == given[0])
        if comb(n, len(treated)) <= draws:
            idle = np.flatnonzero(kind != given[0])[0]
            orders = []
            for chosen in combinations(range(n), len(treated)):
                order = np.full(n, idle)
                order[list(chosen)] = treated[0]
                orders.append(order)
            orders.sort(key=lambda order: not np.array_equal(kind[order], kind))
            return orders
    rng = np.random.default_rng(seed)
    return [np.arange(n), *(rng.permutation(n) for _ in range(draws))]
