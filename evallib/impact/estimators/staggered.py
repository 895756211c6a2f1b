"""Effects when projects begin at different times (Callaway and Sant'Anna)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import numpy.typing as npt

from evallib.impact.arrays.panel import Panel, read_panel
from evallib.impact.checks import are_few, check_support
from evallib.impact.comparisons.aggregate import Aggregates, aggregate
from evallib.impact.comparisons.contrast import Method
from evallib.impact.comparisons.group_time import estimate_cells
from evallib.impact.comparisons.plan import Base, Control, Plan
from evallib.impact.design import check_choice
from evallib.impact.effect import Effect
from evallib.impact.estimators.answer import Bands, write_answer
from evallib.impact.estimators.call import Call, baseline, count_units, error_name
from evallib.impact.estimators.headline_error import (
    Alternative,
    compare_contributions,
    of_randomisation,
)
from evallib.impact.estimators.randomisation import randomise_starts
from evallib.impact.inference.cluster_errors import MOST_CLUSTERS
from evallib.impact.inference.influence import Influence
from evallib.impact.inference.leverage import ArmSums, Leverage
from evallib.impact.inference.spread import spread
from evallib.impact.threads import one_blas_thread

if TYPE_CHECKING:
    import pandas as pd

    from evallib.impact.arrays.columns import Floats
    from evallib.impact.design import Design


@one_blas_thread()
def estimate_staggered(
    frame: pd.DataFrame,
    design: Design,
    *,
    method: Method = "dr",
    control: Control = "never_treated",
    panel: bool = True,
    base: Base = "varying",
    anticipation: int = 0,
    balance: int | None = None,
    draws: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    r"""Estimate the average effect on the treated when treatment starts at different times.

    For each cohort and period the change since the last clean period is compared with that of
    units that are not treated; these group-time effects are then averaged.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n * T, k)
        One row for each of n units in each of T periods, in any order. Not modified.
    design : Design
        Needs ``outcome, unit, time`` and ``cohort`` (or ``treated``). ``covariates`` are taken
        from the earlier of the two periods compared; ``cluster`` is the unit when None.
    method : {"dr", "reg", "ipw"}
        Doubly robust, outcome regression or inverse probability weighting; the same numbers
        without covariates.
    control : {"never_treated", "not_yet_treated"}
        Comparison units.
    panel : bool, default True
        False for repeated cross-sections: all units seen in either of two periods count, whether
        followed or not. A unit that is seen again still counts as one in the errors, so that this
        is also what R ``did`` makes of an unbalanced panel.
    base : {"varying", "universal"}
        Pre-treatment effects against the period before, or against the last clean period.
    anticipation : int, default 0
        Periods before the start in which an effect may already show.
    balance : int, optional
        Event times only of cohorts that are seen at least so many periods after their start, so
        that every event time from 0 to it rests on the same cohorts.
    draws : int, default 0
        Draws of random signs for simultaneous bands and for p values adjusted by Romano and Wolf;
        0 gives no bands and adjusts by Holm.
    level : float, default 0.95
        Coverage of intervals, and of bands jointly over each level.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Effect
        ``estimate`` averages all treated unit-periods ("simple"), in units of the outcome;
        ``aggregate("event" | "group" | "calendar")`` gives the other summaries and ``effects``
        every level. Errors come from contributions summed within clusters (CR1); with fewer than
        30 clusters, or 5 with treated units, the headline takes CR2 with Satterthwaite degrees of
        freedom, and ``se_type`` says so. ``alternatives`` holds CR1, CR2 and CR3; where
        clusters are few also, with draws, the wild bootstrap, and a randomisation test where
        whole clusters start together.

    Raises
    ------
    SchemaError
        A column is absent or does not hold numbers; an argument is unknown.
    DesignError
        Nobody treated, no comparison units, no period before, one treated cluster, rows double,
        values missing.

    Notes
    -----
    Rows may be missing: each effect then rests on the units that have a row in both periods
    compared, and ``impact.gaps`` says how many rows are missing. That is unbiased when rows are
    missing at random within cohorts; a missing value in a row that exists is refused.

    References
    ----------
    .. [1] Callaway, Sant'Anna (2021), *Difference-in-differences with multiple time periods*,
       Journal of Econometrics 225(2). https://doi.org/10.1016/j.jeconom.2020.12.001
    .. [2] Sant'Anna, Zhao (2020), *Doubly robust difference-in-differences estimators*,
       Journal of Econometrics 219(1). https://doi.org/10.1016/j.jeconom.2020.06.003

    Examples
    --------
    >>> import pandas as pd
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({
    ...     "tambon": [1, 1, 2, 2, 3, 3, 4, 4], "t": [1, 2] * 4,
    ...     "cohort": [2, 2, 2, 2, 0, 0, 0, 0],
    ...     "income": [10.0, 15.0, 12.0, 16.0, 10.0, 11.0, 9.0, 11.0]})
    >>> roles = Design(outcome="income", unit="tambon", time="t", cohort="cohort")
    >>> print(estimate_staggered(frame, roles))
    ATT 3.00 [1.41, 4.59] (estimate_staggered, 2 treated, 2 control, 4 clusters)
    """
    plan = Plan(method, control, base, anticipation, panel)
    call = Call("estimate_staggered", design, level=level, draws=draws, seed=seed)
    call.check(anticipation=anticipation, balance=balance or 0)
    _check_choices(plan)
    data = read_panel(frame, design, anticipation=anticipation, followed=panel)
    cells = estimate_cells(data, plan)
    treated = np.isin(data.start, cells.group[cells.time >= cells.group])
    support = check_support(data, treated, later_compare=control == "not_yet_treated")
    rows = aggregate(data, cells, balance=balance)
    influence = Influence(
        cells.contribution, cells.touched, data.bounds, data.weight / data.weight.sum()
    )
    few = data.clustered and are_few(data.n_clusters, data.count_clusters(treated))
    error = spread(rows.loading, influence, data.cluster, clustered=data.clustered, few=few)
    if draws and not data.clustered:
        error = replace(error, sums=influence.stacked())
    bands = Bands(draws=draws, seed=seed)
    tests = bands if few else Bands(draws=0, seed=seed)
    other = _other_inference(data, plan, rows, influence, level=level, bands=tests)
    answer = write_answer(data, rows, error, other, level=level, bands=bands)
    return Effect(
        estimand="ATT",
        **call.fields(**asdict(plan), balance=balance),
        **answer.fields(),
        **_describe(data, treated),
        se_type=error_name(clustered=data.clustered, few=few),
        baseline_mean=_baseline(data, treated, anticipation),
        findings=(*data.findings, *cells.findings, *support),
    )


def _check_choices(plan: Plan) -> None:
    """Refuse choices that do not exist."""
    check_choice("method", plan.method, get_args(Method))
    check_choice("base", plan.base, get_args(Base))
    check_choice("control", plan.control, get_args(Control))


def _other_inference(
    data: Panel, plan: Plan, rows: Aggregates, influence: Influence, *, level: float, bands: Bands
) -> list[Alternative]:
    """Return what other errors and tests say of the headline, where units lie in clusters."""
    if not data.clustered or data.n_clusters > MOST_CLUSTERS:
        return []
    first, n_clusters, estimate = rows.loading[0], data.n_clusters, float(rows.estimate[0])
    sums = ArmSums(
        influence.by_cluster_and_arm(first, data.cluster, n_clusters),
        influence.variance_by_arm(first[None, :])[0],
        Leverage(influence.cluster_shares(data.cluster, n_clusters)),
    )
    table = compare_contributions(sums, estimate, level=level, draws=bands.draws, seed=bands.seed)
    p_value = randomise_starts(data, plan, draws=bands.draws, seed=bands.seed)
    return table if p_value is None else [*table, of_randomisation(estimate, p_value)]


def _describe(data: Panel, treated: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Return the fields of an Effect that tell what was used."""
    return {
        **count_units(treated),
        "n_clusters": data.n_clusters,
        "n_treated_clusters": data.count_clusters(treated),
        "fingerprint": data.fingerprint(),
    }


def _baseline(data: Panel, treated: npt.NDArray[np.bool_], anticipation: int) -> float:
    """Return the weighted mean outcome of the treated in their last clean period."""
    start = data.start[treated]
    last: npt.NDArray[np.intp] = np.searchsorted(data.periods, start - anticipation) - 1
    before: Floats = data.y[last, np.flatnonzero(treated)]
    return baseline(before, data.weight[treated], np.isfinite(before))
