"""Regressions with fixed effects of units and periods: static, event study, Sun and Abraham."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.impact.arrays.rows import Rows, read_rows
from evallib.impact.design import check_choice
from evallib.impact.effect import SAMPLE_COLUMNS, Effect
from evallib.impact.estimators.answer import Bands, write_events
from evallib.impact.estimators.call import Call, baseline, count_units
from evallib.impact.estimators.headline_error import infer
from evallib.impact.regressions.event_terms import Terms, event_terms, interacted_terms
from evallib.impact.regressions.goodman_bacon import check_comparisons, decompose
from evallib.impact.regressions.least_squares import Regression, fit
from evallib.impact.threads import one_blas_thread
from evallib.thai.text_columns import as_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.design import Design

Form: TypeAlias = Literal["static", "event", "sun_abraham"]


@one_blas_thread()
def estimate_twoway(
    frame: pd.DataFrame,
    design: Design,
    *,
    form: Form = "static",
    absorb: str | Sequence[str] = (),
    window: tuple[int, int] | None = None,
    reference: int = -1,
    draws: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    r"""Estimate an effect by least squares with fixed effects of units and periods.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows in any order, any number of them for a unit and a period: several are counted in
        finding ``impact.several_rows``. Not modified.
    design : Design
        Needs ``outcome, unit, time`` and one of ``dose`` (amount of treatment), ``treated`` (0 or
        1, may end) and ``cohort``; the first of these that is filled is the regressor.
        ``covariates`` are regressors too, ``weights`` may differ between rows, ``cluster`` is the
        unit when None.
    form : {"static", "event", "sun_abraham"}
        One coefficient; one for each event time; or one for each cohort and event time, averaged
        by the sizes of cohorts (Sun and Abraham), which keeps effects that differ between
        cohorts apart.
    absorb : str or sequence of str
        Columns of further fixed effects.
    window : (int, int), optional
        First and last event time; what lies beyond joins them. All that there are when None.
    reference : int, default -1
        Event time that is zero by construction.
    draws : int, default 0
        Draws of the wild bootstrap where clusters are too many to take every sign vector, of the
        randomisation test, and of bands and p values adjusted by Romano and Wolf for event times;
        0 leaves all of them out and adjusts by Holm.
    level : float, default 0.95
        Coverage of intervals, and of bands jointly over event times.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Effect
        ``estimate`` is the coefficient, or the mean over treated rows of the effects at event
        times from 0. The headline's error
        is CR2 with Satterthwaite degrees of freedom where it exists; ``alternatives`` holds
        classical, CR1, CR2, CR3, bootstrap and randomisation. With two clusters the headline's
        error allows for both (Cameron, Gelbach and Miller) and ``alternatives`` has each alone.
        ``weights`` holds the comparisons
        of cohorts that a static coefficient is made of, where the panel is balanced.

    Raises
    ------
    SchemaError, DesignError
        A column is absent or does not hold numbers; effects and covariates leave nothing of the
        treatment; an argument is unknown.

    Notes
    -----
    Where projects begin at different times and effects grow or differ, the static coefficient
    is no average of effects: finding ``impact.already_treated_compare`` says how much weight
    comparisons with units that were treated earlier have (Goodman-Bacon). `estimate_staggered`
    and ``form="sun_abraham"`` do not have that trouble.

    References
    ----------
    .. [1] Goodman-Bacon (2021), Journal of Econometrics 225(2).
       https://doi.org/10.1016/j.jeconom.2021.03.014
    .. [2] Sun, Abraham (2021), Journal of Econometrics 225(2).
       https://doi.org/10.1016/j.jeconom.2020.09.006

    Examples
    --------
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({
    ...     "tambon": [1, 1, 2, 2, 3, 3, 4, 4], "t": [1, 2] * 4, "on": [0, 1, 0, 1, 0, 0, 0, 0],
    ...     "income": [10.0, 15.0, 12.0, 16.0, 10.0, 11.0, 9.0, 11.0]})
    >>> roles = Design(outcome="income", unit="tambon", time="t", treated="on")
    >>> print(estimate_twoway(frame, roles))
    ATT 3.00 [-0.04, 6.04] (estimate_twoway, 2 treated, 2 control, 4 clusters)
    """
    check_choice("form", form, get_args(Form))
    absorb = as_names(absorb)
    call = Call("estimate_twoway", design, level=level, draws=draws, seed=seed)
    call.check()
    rows = read_rows(frame, design, absorb)
    terms = _terms(rows, form, window=window, reference=reference)
    fitted = fit(rows, terms.columns, [*terms.names, *design.covariates])
    combine = np.zeros((len(terms.combine), len(fitted.coefficients)))
    combine[:, : fitted.n_terms] = terms.combine
    parts = decompose(rows) if form == "static" else pd.DataFrame()
    compared = check_comparisons(parts) if form == "static" else []
    doubles = rows.count_doubles()
    if doubles:
        compared.append(Finding("impact.several_rows", "warning", "", str(doubles)))
    found = infer(fitted, rows, combine, level=level, draws=draws, seed=seed)
    return Effect(
        estimand="ATT" if design.dose is None else "effect of one unit of dose",
        **call.fields(form=form, absorb=list(absorb), reference=reference,
                      window=None if window is None else list(window)),
        **write_events(np.array(terms.event_time, dtype=np.float64),
                       combine @ fitted.coefficients, found.spread, terms.sizes, level=level,
                       bands=Bands(draws=draws, seed=seed), reference=terms.reference),
        **_describe(rows, fitted),
        se_type=found.name,
        alternatives=found.alternatives,
        weights=parts,
        findings=(*fitted.findings, *terms.findings, *compared, *found.findings),
    )  # fmt: skip


def _terms(rows: Rows, form: str, *, window: tuple[int, int] | None, reference: int) -> Terms:
    """Return the columns of the treatment, and what is made of their coefficients."""
    if form == "event":
        return event_terms(rows, window=window, reference=reference)
    if form == "sun_abraham":
        return interacted_terms(rows, window=window, reference=reference)
    treated = rows.count_units(rows.treated != 0)
    return Terms(rows.treated[:, None], ("treatment",), np.ones((1, 1)), (np.nan,), (treated,), ())


def _describe(rows: Rows, fitted: Regression) -> dict[str, Any]:
    """Return the fields of an Effect that tell what was used."""
    n_units = int(rows.unit.max()) + 1
    ever = np.zeros(n_units, dtype=np.bool_)
    ever[rows.unit[rows.treated != 0]] = True
    before = ever[rows.unit] & (rows.treated == 0)
    sample = [("read", "", len(rows.y), n_units), ("used", "", len(rows.y), n_units)]
    return {
        **count_units(ever),
        "n_clusters": fitted.n_clusters,
        "n_treated_clusters": rows.count_clusters(rows.treated != 0),
        "baseline_mean": baseline(rows.y, rows.weight, before),
        "sample": pd.DataFrame(sample, columns=list(SAMPLE_COLUMNS)),
        "fingerprint": rows.fingerprint(),
    }  # fmt: skip
