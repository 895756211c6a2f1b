"""Effects as the gap to what is imputed without projects (Borusyak, Jaravel and Spiess)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.errors import DesignError
from evallib.findings import Finding
from evallib.impact.arrays.rows import Rows, read_rows
from evallib.impact.checks import are_few, cohorts_in_one_cluster, few_clusters
from evallib.impact.effect import ALTERNATIVE_COLUMNS, SAMPLE_COLUMNS, Effect
from evallib.impact.estimators.answer import Bands, write_events
from evallib.impact.estimators.call import Call, baseline, count_units, error_name
from evallib.impact.estimators.headline_error import Alternative, as_frame, compare_contributions
from evallib.impact.inference.cluster_errors import MOST_CLUSTERS
from evallib.impact.regressions.imputed_outcomes import (
    Split,
    contributions,
    event_weights,
    impute,
    split_rows,
    unit_sums,
)
from evallib.impact.regressions.leads import estimate_leads
from evallib.impact.threads import one_blas_thread

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Ints
    from evallib.impact.design import Design
    from evallib.impact.inference.unit_errors import UnitSums


@one_blas_thread()
def estimate_imputation(
    frame: pd.DataFrame,
    design: Design,
    *,
    anticipation: int = 0,
    leads: int | None = None,
    draws: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    r"""Estimate the average effect on the treated by imputing what would have been without it.

    Effects of units and periods (and of covariates) are fitted to the rows without treatment;
    what they predict for the others is taken off.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows in any order; units may lack periods. Not modified.
    design : Design
        Needs ``outcome, unit, time`` and ``cohort`` (or ``treated``, which must not end).
        ``covariates`` may change over time, ``weights`` may differ between rows; ``cluster`` is
        the unit when None.
    anticipation : int, default 0
        Periods before the start in which an effect may already show: they are not used to fit.
    leads : int, optional
        Last periods before the start that are compared with those before them, as a test of
        trends; when None three, or as many as have earlier ones to be compared with.
    draws : int, default 0
        Draws of random signs for simultaneous bands and for p values adjusted by Romano and Wolf,
        and, where clusters are few, of the wild bootstrap; 0 gives neither and adjusts by Holm.
    level : float, default 0.95
        Coverage of intervals, and of bands jointly over event times.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Effect
        ``estimate`` averages all treated rows; ``effects`` has one row for each event time, those
        before the start from the untreated rows alone.
        Errors are those of the paper, conservative where effects differ within a cohort and
        event time; degrees of freedom are the effective number of clusters less one. Few
        clusters take CR2, and ``alternatives`` has the other ways, as in `estimate_staggered`.

    Raises
    ------
    SchemaError, DesignError
        A column is absent or does not hold numbers; rows double; a unit changes its cluster or
        cohort; treatment ends; no rows without treatment
        tell what a treated unit or period would have been.

    Notes
    -----
    Efficient when errors are independent and of equal variance; unlike `estimate_staggered` it
    takes every period before the start as comparison, and so leans on parallel trends throughout.

    References
    ----------
    .. [1] Borusyak, Jaravel, Spiess (2024), *Revisiting event-study designs*, Review of Economic
       Studies 91(6). https://doi.org/10.1093/restud/rdae007

    Examples
    --------
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({
    ...     "tambon": [1, 1, 2, 2, 3, 3, 4, 4], "t": [1, 2] * 4,
    ...     "cohort": [2, 2, 2, 2, 0, 0, 0, 0],
    ...     "income": [10.0, 15.0, 12.0, 16.0, 10.0, 11.0, 9.0, 11.0]})
    >>> roles = Design(outcome="income", unit="tambon", time="t", cohort="cohort")
    >>> print(estimate_imputation(frame, roles))
    ATT 3.00 [1.41, 4.59] (estimate_imputation, 2 treated, 2 control, 4 clusters)
    """
    call = Call("estimate_imputation", design, level=level, draws=draws, seed=seed)
    call.check(anticipation=anticipation, leads=leads or 0)
    unused = [] if design.dose is None else [Finding("impact.dose_unused", "warning", design.dose)]
    rows = read_rows(frame, replace(design, dose=None))
    _refuse(rows, design)
    split = split_rows(rows, anticipation)
    fitted = impute(rows, split)
    before = estimate_leads(rows, split, fitted, first=-anticipation - 1, leads=leads)
    times, weights = event_weights(rows, split)
    gaps, added = weights.T @ fitted.gap, contributions(rows, split, fitted, weights)
    units = unit_sums(rows, split, np.column_stack([added[:, :1], before.added, added[:, 1:]]))
    clustered = design.one_cluster not in (None, design.unit)
    few = clustered and are_few(units.n_clusters, split.n_treated_clusters)
    bands = Bands(draws=draws, seed=seed)
    numbers = write_events(
        np.concatenate([[np.nan], before.times, times]),
        np.concatenate([gaps[:1], before.estimate, gaps[1:]]),
        units.spread(clustered=clustered, few=few),
        _sizes(rows, split, times, before.sizes), level=level, bands=bands,
    )  # fmt: skip
    return Effect(
        estimand="ATT",
        **call.fields(anticipation=anticipation, leads=leads),
        **numbers,
        **_describe(rows, split, units.n_clusters),
        se_type=error_name(clustered=clustered, few=few),
        alternatives=_alternatives(numbers, units, clustered=clustered, level=level,
                                   bands=bands if few else Bands(draws=0, seed=seed)),
        findings=(*unused, *split.findings,
                  *few_clusters(units.n_clusters, split.n_treated_clusters),
                  *(_cohorts_alone(rows, split) if clustered else ())),
    )  # fmt: skip


def _refuse(rows: Rows, design: Design) -> None:
    """Refuse rows that double, clusters that change within units and treatment that ends."""
    at = rows.unit * len(rows.periods) + rows.time
    cells = np.bincount(at, minlength=rows.grid.seen.size).reshape(rows.grid.shape[::-1])
    if (cells > 1).any():
        raise DesignError("impact.double_cells", found=int((cells > 1).sum()), cells=cells.size,
                          units=rows.grid.name_units((cells > 1).any(axis=1)))  # fmt: skip
    _, split = rows.grid.of_units(rows.cluster)
    if split.any():
        raise DesignError("impact.split_cluster", column=design.one_cluster,
                          found=int(split.sum()), units=rows.grid.name_units(split))  # fmt: skip
    ended = (rows.periods[rows.time] >= rows.start) & (rows.treated == 0)
    if ended.any():
        units = np.bincount(rows.unit[ended], minlength=len(rows.grid.units)) > 0
        raise DesignError("impact.treatment_ends", column=design.treated or design.cohort,
                          found=int(units.sum()), units=rows.grid.name_units(units))  # fmt: skip


def _cohorts_alone(rows: Rows, split: Split) -> list[Finding]:
    """Name the cohorts that lie in one cluster."""
    cohorts, cohort = np.unique(rows.start[split.treated], return_inverse=True)
    pairs = np.unique(np.column_stack([cohort, rows.cluster[split.treated]]), axis=0)
    return cohorts_in_one_cluster(cohorts, np.bincount(pairs[:, 0]))


def _sizes(rows: Rows, split: Split, times: Ints, before: list[int]) -> list[int]:
    """Return the treated units behind each row of the answer."""
    event = rows.periods[rows.time[split.treated]] - rows.start[split.treated]
    unit = rows.unit[split.treated]
    after = [len(np.unique(unit[event == e])) for e in times]
    return [len(np.unique(unit)), *before, *after]


def _alternatives(
    numbers: dict[str, Any], units: UnitSums, *, clustered: bool, level: float, bands: Bands
) -> pd.DataFrame:
    """Return the summary, and what other errors say of it where units lie in clusters."""
    simple = [numbers[name] for name in ALTERNATIVE_COLUMNS[2:]]
    table: list[Alternative] = [("aggregation", "simple", *simple)]
    if clustered and units.n_clusters <= MOST_CLUSTERS:
        table += compare_contributions(
            units.arm_sums(0), numbers["estimate"], level=level, draws=bands.draws, seed=bands.seed
        )
    return as_frame(table)


def _describe(rows: Rows, split: Split, n_clusters: int) -> dict[str, Any]:
    """Return the fields of an Effect that tell what was used."""
    used = np.zeros(len(rows.y), dtype=np.bool_)
    used[split.free] = used[split.treated] = True
    ever = np.zeros(int(rows.unit.max()) + 1, dtype=np.bool_)
    ever[rows.unit[split.treated]] = True
    before = np.zeros(len(rows.y), dtype=np.bool_)
    before[split.free] = ever[rows.unit[split.free]]
    n_units = rows.count_units(used)
    return {
        **count_units(ever),
        "n_units": n_units,
        "n_control": n_units - int(ever.sum()),  # some units have no row that is used
        "n_clusters": n_clusters,
        "n_treated_clusters": split.n_treated_clusters,
        "baseline_mean": baseline(rows.y, rows.weight, before),
        "sample": pd.DataFrame(list(split.sample), columns=list(SAMPLE_COLUMNS)),
        "fingerprint": rows.fingerprint(),
    }
