"""Effects as the gap to what is imputed without projects (Borusyak, Jaravel and Spiess)."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.errors import DesignError, SchemaError
from evallib.findings import Finding
from evallib.impact.checks import few_clusters
from evallib.impact.effect import ALTERNATIVE_COLUMNS, EFFECT_COLUMNS, SAMPLE_COLUMNS, Effect
from evallib.impact.imputed_outcomes import (
    Split,
    contributions,
    event_weights,
    imputation_errors,
    impute,
    split_rows,
)
from evallib.impact.inference import holm, intervals
from evallib.impact.rows import Rows, read_rows

if TYPE_CHECKING:
    from evallib.impact.columns import Floats, Ints
    from evallib.impact.design import Design


def estimate_imputation(
    frame: pd.DataFrame,
    design: Design,
    *,
    anticipation: int = 0,
    level: float = 0.95,
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
    level : float, default 0.95
        Coverage of intervals.

    Returns
    -------
    Effect
        ``estimate`` averages all treated rows; ``effects`` has one row for each event time.
        Errors are those of the paper, conservative where effects differ within a cohort and
        event time; degrees of freedom are the effective number of clusters less one.

    Raises
    ------
    SchemaError, DesignError
        A column is absent or does not hold numbers; treatment ends; no rows without treatment
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
    if isinstance(anticipation, bool) or not isinstance(anticipation, int) or anticipation < 0:
        raise SchemaError("impact.not_a_count", name="anticipation", found=repr(anticipation))
    if not 0 < level < 1:
        raise SchemaError("impact.bad_level", found=repr(level))
    unused = [] if design.dose is None else [Finding("impact.dose_unused", "warning", design.dose)]
    rows = read_rows(frame, replace(design, dose=None))
    _refuse_ends(rows, design)
    split = split_rows(rows, anticipation)
    fitted = impute(rows, split)
    times, weights = event_weights(rows, split)
    estimate = weights.T @ fitted.gap
    sums = contributions(rows, split, fitted, weights)
    clustered = design.cluster not in (None, design.unit)
    covariance, df, n_clusters = imputation_errors(rows, split, sums, clustered=clustered)
    return Effect(
        estimand="ATT",
        method="estimate_imputation",
        outcome=design.outcome,
        level=level,
        **_numbers(rows, split, times, (estimate, covariance, df), level=level),
        **_describe(rows, split, n_clusters),
        se_type="cluster" if clustered else "unit",
        findings=(*unused, *split.findings, *few_clusters(n_clusters, split.n_treated_clusters)),
        spec={"design": asdict(design) | {"covariates": list(design.covariates)},
              "anticipation": anticipation, "level": level},
    )  # fmt: skip


def _refuse_ends(rows: Rows, design: Design) -> None:
    """Refuse treatment that ends, for which what is imputed has no meaning."""
    on = rows.periods[rows.time] >= rows.start
    ended = on & (rows.treated == 0)
    if ended.any():
        raise DesignError("impact.treatment_ends", column=design.treated or design.cohort,
                          found=rows.count_units(ended), units="")  # fmt: skip


def _numbers(
    rows: Rows,
    split: Split,
    times: Ints,
    found: tuple[Floats, Floats, Floats],
    *,
    level: float,
) -> dict[str, Any]:
    """Return the fields of an Effect that hold numbers."""
    estimate, covariance, df = found
    event = rows.periods[rows.time[split.treated]] - rows.start[split.treated]
    unit = rows.unit[split.treated]
    sizes = [len(np.unique(unit)), *(len(np.unique(unit[event == e])) for e in times)]
    error = np.sqrt(np.diag(covariance))
    low, high, p_value = intervals(estimate, error, df, level=level)
    nothing = np.full(len(estimate), np.nan)
    table = {
        "level": pd.array(["overall"] + ["event"] * len(times), dtype="str"),
        "group": nothing, "time": nothing, "event_time": np.append(np.nan, times),
        "estimate": estimate, "std_error": error, "ci_low": low, "ci_high": high,
        "band_low": nothing, "band_high": nothing, "p_value": p_value,
        "p_adjusted": np.append(p_value[:1], holm(p_value[1:])),
        "n": np.array(sizes, dtype=np.int64),
    }  # fmt: skip
    labels = pd.Index(["overall", *(f"event|{e}" for e in times)], dtype="str")
    effects = pd.DataFrame({name: table[name] for name in EFFECT_COLUMNS}, index=labels)
    head = {name: float(effects[name].iloc[0]) for name in
            ("estimate", "std_error", "ci_low", "ci_high", "p_value")}  # fmt: skip
    simple = pd.DataFrame([{"kind": "aggregation", "name": "simple", **head, "df": float(df[0])}])
    return {
        **head, "df": float(df[0]), "effects": effects,
        "vcov": pd.DataFrame(covariance, index=labels, columns=labels),
        "alternatives": simple[list(ALTERNATIVE_COLUMNS)].astype({"kind": "str", "name": "str"}),
    }  # fmt: skip


def _describe(rows: Rows, split: Split, n_clusters: int) -> dict[str, Any]:
    """Return the fields of an Effect that tell what was used."""
    used = np.zeros(len(rows.y), dtype=np.bool_)
    used[split.free] = used[split.treated] = True
    ever = np.zeros(int(rows.unit.max()) + 1, dtype=np.bool_)
    ever[rows.unit[split.treated]] = True
    before = np.zeros(len(rows.y), dtype=np.bool_)
    before[split.free] = ever[rows.unit[split.free]]
    n_units = rows.count_units(used)
    weight = np.ones(len(rows.y)) if rows.weight is None else rows.weight
    return {
        "n_units": n_units,
        "n_treated": int(ever.sum()),
        "n_control": n_units - int(ever.sum()),
        "n_clusters": n_clusters,
        "n_treated_clusters": split.n_treated_clusters,
        "baseline_mean": float(np.average(rows.y[before], weights=weight[before])),
        "sample": pd.DataFrame(list(split.sample), columns=list(SAMPLE_COLUMNS)),
        "fingerprint": rows.fingerprint(),
        "version": str(getattr(sys.modules["evallib"], "__version__", "")),
    }
