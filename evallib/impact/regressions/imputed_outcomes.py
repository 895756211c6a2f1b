"""Outcomes without projects, imputed from rows without treatment, and what units add to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError
from evallib.findings import Finding
from evallib.impact.arrays.gram import repeated_columns
from evallib.impact.inference.unit_errors import UnitSums
from evallib.impact.regressions.fixed_effects import FixedEffects

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Which rows fit (``free``) and which are evaluated (``treated``), positions ascending."""

    free: Ints
    treated: Ints
    findings: tuple[Finding, ...]
    sample: tuple[tuple[str, str, int, int], ...]
    n_treated_clusters: int


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """Gaps of the treated (m,), residuals of the free rows (f,), and covariates of both.

    ``x_free`` and ``x_treated`` have the effects taken out, as fitted to the free rows; ``at``
    holds the levels of the treated rows in ``effects``.
    """

    gap: Floats
    residual: Floats
    x_free: Floats
    x_treated: Floats
    effects: FixedEffects
    at: tuple[Ints, Ints]


def split_rows(rows: Rows, anticipation: int) -> Split:
    """Tell apart rows that fit and rows that are evaluated, with an account of the others."""
    stamps = rows.periods[rows.time]
    free = stamps < rows.start - anticipation
    treated = stamps >= rows.start
    n_units, findings = int(rows.unit.max()) + 1, []
    sample = [("read", "", len(rows.y), n_units)]
    early = ~(np.bincount(rows.unit[free], minlength=n_units) > 0)[rows.unit]
    if (early & treated).any():
        count = rows.count_units(early & treated)
        findings.append(Finding("impact.units_without_baseline", "warning", "", str(count)))
        sample.append(("dropped", "units_without_baseline", int((early & treated).sum()), count))
    bare = ~(np.bincount(rows.time[free], minlength=len(rows.periods)) > 0)[rows.time]
    lost = treated & bare & ~early
    if lost.any():
        findings.append(Finding("impact.periods_all_treated", "warning", "", str(lost.sum())))
        sample.append(("dropped", "periods_all_treated", int(lost.sum()), rows.count_units(lost)))
    treated &= ~early & ~bare
    if not treated.any():
        raise DesignError("impact.no_untreated_rows", cohorts=", ".join(
            f"{start:g}" for start in np.unique(rows.start[np.isfinite(rows.start)])))  # fmt: skip
    used = free | treated
    sample.append(("used", "", int(used.sum()), rows.count_units(used)))
    return Split(np.flatnonzero(free), np.flatnonzero(treated), tuple(findings), tuple(sample),
                 rows.count_clusters(treated))  # fmt: skip


def impute(rows: Rows, split: Split) -> Imputed:
    """Fit effects to the free rows and take what they predict off the treated."""
    free, treated = split.free, split.treated
    units, unit = np.unique(rows.unit[free], return_inverse=True)
    times, time = np.unique(rows.time[free], return_inverse=True)
    at_unit = np.searchsorted(units, rows.unit[treated])
    at_time = np.searchsorted(times, rows.time[treated])
    effects = FixedEffects([unit, time], None if rows.weight is None else rows.weight[free])
    at = (at_unit, at_time) if effects.codes[0] is unit else (at_time, at_unit)
    part = effects.parts()
    apart = part[0][at[0]] != part[1][at[1]]
    if apart.any():
        cohorts = np.unique(rows.start[treated[apart]])
        raise DesignError("impact.no_untreated_rows", cohorts=", ".join(f"{c:g}" for c in cohorts))
    columns = np.column_stack([rows.y, rows.x])
    left_free, left_treated = np.empty_like(columns[free]), np.empty_like(columns[treated])
    for j in range(columns.shape[1]):
        column = columns[free, j]
        one, other = effects.levels_of_sums(*effects.sums(column))
        left_free[:, j] = column - one[effects.codes[0]] - other[effects.codes[1]]
        left_treated[:, j] = columns[treated, j] - one[at[0]] - other[at[1]]
    x_free, x_treated = left_free[:, 1:], left_treated[:, 1:]
    weight = np.ones(len(free)) if rows.weight is None else rows.weight[free]
    gram = (x_free * weight[:, None]).T @ x_free
    size = np.square(columns[free, 1:]).T @ weight
    hit = repeated_columns(gram, size)
    if hit:
        cohorts = np.unique(rows.start[treated])
        raise DesignError(
            "impact.collinear", cohort=", ".join(f"{cohort:g}" for cohort in cohorts),
            columns=", ".join(rows.covariates[j] for j in hit), treated=len(treated),
            control=len(free), covariates=len(gram),
        )  # fmt: skip
    beta = np.linalg.solve(gram, (x_free * weight[:, None]).T @ left_free[:, 0])
    return Imputed(left_treated[:, 0] - x_treated @ beta, left_free[:, 0] - x_free @ beta,
                   x_free, x_treated, effects, at)  # fmt: skip


def event_weights(rows: Rows, split: Split) -> tuple[Ints, Floats]:
    """Return event times, and weights of treated rows (m, 1 + events) that sum to one."""
    treated = split.treated
    event = (rows.periods[rows.time[treated]] - rows.start[treated]).astype(np.intp)
    times = np.unique(event)
    weight = np.ones(len(treated)) if rows.weight is None else rows.weight[treated]
    chosen = np.column_stack([np.ones(len(event), dtype=np.bool_), event[:, None] == times])
    weights = chosen * weight[:, None]
    return times, weights / weights.sum(axis=0)


def contributions(rows: Rows, split: Split, fitted: Imputed, weights: Floats) -> Floats:
    """Return what each unit adds to each estimate, shape (n units, 1 + events)."""
    free, treated, effects = split.free, split.treated, fitted.effects
    n_units = int(rows.unit.max()) + 1
    weight = np.ones(len(free)) if rows.weight is None else rows.weight[free]
    gram = (fitted.x_free * weight[:, None]).T @ fitted.x_free
    mean = _cell_means(rows, treated, fitted.gap, weights)
    out = np.empty((n_units, weights.shape[1]))
    for j in range(weights.shape[1]):
        w = weights[:, j]
        sums = [np.bincount(at, w, size).astype(np.float64)
                for at, size in zip(fitted.at, effects.levels, strict=True)]  # fmt: skip
        one, other = effects.levels_of_sums(sums[0], sums[1])
        theta = np.linalg.solve(gram, fitted.x_treated.T @ w)
        load = one[effects.codes[0]] + other[effects.codes[1]] + fitted.x_free @ theta
        added = np.bincount(rows.unit[free], -load * weight * fitted.residual, n_units)
        out[:, j] = added + np.bincount(rows.unit[treated], w * (fitted.gap - mean[:, j]), n_units)
    return out


def unit_sums(rows: Rows, split: Split, added: Floats) -> UnitSums:
    """Return what the units that are used add, of (n units, r), with their clusters and arms."""
    used = np.zeros(len(added), dtype=np.bool_)
    used[rows.unit[split.free]] = used[rows.unit[split.treated]] = True
    cluster, start = np.zeros(len(added), dtype=np.intp), np.zeros(len(added))
    cluster[rows.unit], start[rows.unit] = rows.cluster, rows.start
    codes = [np.unique(values[used], return_inverse=True)[1] for values in (cluster, start)]
    return UnitSums(added[used], codes[0], codes[1])


def _cell_means(rows: Rows, treated: Ints, gap: Floats, weights: Floats) -> Floats:
    """Return the mean gap of each treated row's cohort and event time, (m, estimates).

    Each unit counts by the square of its weight, which the paper shows to be least conservative.
    """
    n_periods = len(rows.periods)
    start = np.unique(rows.start[treated], return_inverse=True)[1]
    cell = np.unique(start * n_periods + rows.time[treated], return_inverse=True)[1]
    size = int(cell.max()) + 1
    squares = np.square(weights)
    out = np.empty_like(weights)
    for j in range(weights.shape[1]):
        total = np.bincount(cell, squares[:, j], size)
        mean = np.bincount(cell, squares[:, j] * gap, size) / np.where(total > 0, total, 1.0)
        out[:, j] = mean[cell]
    return out
