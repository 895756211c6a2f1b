"""Checks of a design and of an effect: support for the errors, and trends before the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evallib.errors import DesignError, SchemaError
from evallib.findings import Finding
from evallib.impact.inference.spread import wald

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.panel import Panel
    from evallib.impact.effect import Effect

FEW_CLUSTERS = 30
FEW_TREATED_CLUSTERS = 5
SMALL_COHORT = 5  # plus one for each covariate, as in the R package did
PRE_TREND_ALPHA = 0.05


def check_support(
    panel: Panel, treated: npt.NDArray[np.bool_], *, later_compare: bool
) -> tuple[Finding, ...]:
    """Check whether clusters and cohorts are many enough for the errors that are given.

    Parameters
    ----------
    panel : Panel
        The data.
    treated : ndarray of bool, shape (n,)
        Units whose treatment is evaluated.
    later_compare : bool
        Whether units that are treated later serve as comparison too.

    Returns
    -------
    tuple of Finding
        ``impact.few_clusters`` (fewer than 30), ``impact.few_treated_clusters`` (fewer than 5),
        ``impact.small_cohort``, ``impact.cohort_in_one_cluster``, ``impact.one_cluster_alone``
        (so all of them), ``impact.comparison_only``.

    Raises
    ------
    DesignError
        ``impact.one_treated_cluster``, ``impact.one_control_cluster``: nothing shows the spread.

    References
    ----------
    .. [1] Cameron, Miller (2015), *A practitioner's guide to cluster-robust inference*, Journal
       of Human Resources 50(2): few is "20 to 50". https://doi.org/10.3368/jhr.50.2.317
    .. [2] MacKinnon, Webb (2018), *The wild bootstrap for few (treated) clusters*, Econometrics
       Journal 21(2). https://doi.org/10.1111/ectj.12107
    """
    compared = panel.start > panel.cohorts[0] if later_compare else ~treated
    n_treated = panel.count_clusters(treated)
    if n_treated < 2:
        raise DesignError("impact.one_treated_cluster", units=int(treated.sum()))
    if panel.count_clusters(compared) < 2:
        raise DesignError("impact.one_control_cluster", units=int(compared.sum()))
    found = few_clusters(panel.n_clusters, n_treated)
    least = SMALL_COHORT + len(panel.x)
    for cohort, size in zip(panel.cohorts, np.diff(panel.bounds).tolist(), strict=False):
        if size < least:
            found.append(Finding("impact.small_cohort", "warning", f"{cohort:g}", str(size)))
    if panel.clustered:
        clusters = panel.clusters_of_arms.sum(axis=1)[: len(panel.cohorts)]
        found += cohorts_in_one_cluster(panel.cohorts, clusters)
    idle = np.isfinite(panel.start) & ~treated
    found += [
        Finding("impact.comparison_only", "info", f"{c:g}", str(int((panel.start == c).sum())))
        for c in sorted(set(panel.start[idle].tolist()))
    ]
    return tuple(found)


def cohorts_in_one_cluster(cohorts: Floats, clusters: Ints) -> list[Finding]:
    """Name the cohorts (g,) of which nothing shows how much they vary between clusters.

    ``clusters`` (g,) says in how many each of them lies.
    """
    found = [Finding("impact.cohort_in_one_cluster", "warning", f"{cohort:g}")
             for cohort in cohorts[clusters < 2]]  # fmt: skip
    alone = [Finding("impact.one_cluster_alone", "warning")]
    return found + alone if len(found) == len(cohorts) else found


def are_few(n_clusters: int, n_treated_clusters: int) -> bool:
    """Return whether clusters are so few that errors need to be those of few clusters."""
    return bool(few_clusters(n_clusters, n_treated_clusters))


def few_clusters(n_clusters: int, n_treated_clusters: int) -> list[Finding]:
    """Return findings where clusters, or those with treatment, are few."""
    found = []
    if n_clusters < FEW_CLUSTERS:
        found.append(Finding("impact.few_clusters", "warning", "", str(n_clusters)))
    if n_treated_clusters < FEW_TREATED_CLUSTERS:
        found.append(Finding("impact.few_treated_clusters", "warning", "", str(n_treated_clusters)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PreTrend:
    """Joint test that nothing happened before the start.

    Parameters
    ----------
    statistic : float
        Wald statistic; NaN when there is no period to test.
    df : int
        Number of restrictions.
    n_clusters : float
        Effective number of clusters: degrees of freedom of the headline plus one.
    p_value : float
        From F(df, n_clusters - df) after Hotelling; NaN when it cannot be tested.
    """

    statistic: float
    df: int
    n_clusters: float
    p_value: float


def pre_trend_test(effect: Effect, *, level: str = "event") -> PreTrend:
    """Test jointly that the effects before the start are zero.

    Parameters
    ----------
    effect : Effect
        With rows before the start, such as from ``estimate_staggered``.
    level : {"event", "group_time"}
        Which rows are tested. Event time has fewer restrictions, hence more power per
        restriction and, with few clusters, a test at all; group-time is what the R package did
        reports.

    Raises
    ------
    SchemaError
        ``impact.unknown_choice``: another level.
    """
    if level not in ("event", "group_time"):
        raise SchemaError(
            "impact.unknown_choice", name="level", found=repr(level), known="event, group_time"
        )
    rows = effect.effects[(effect.effects["level"] == level) & effect.effects["std_error"].notna()]
    lead = rows["event_time"] if level == "event" else rows["time"] - rows["group"]
    before = rows[lead < -int(effect.spec.get("anticipation", 0))]
    names = list(before.index)
    # few treated clusters make the covariance as uncertain as few clusters do
    n_clusters = float(np.fmin(effect.n_clusters, effect.df + 1))
    statistic, df, p_value = wald(
        before["estimate"].to_numpy(),
        effect.vcov.loc[names, names].to_numpy() if names else np.zeros((0, 0)),
        n_clusters=n_clusters,
    )
    return PreTrend(statistic=statistic, df=df, n_clusters=n_clusters, p_value=p_value)


def check_pre_trends(effect: Effect) -> list[Finding]:
    """Report whether treated and comparison units moved together before the start.

    Parameters
    ----------
    effect : Effect
        With event-time rows.

    Returns
    -------
    list of Finding
        One of ``impact.pre_trends_differ`` (warning, p below .05), ``impact.pre_trends_agree``
        (info) and ``impact.pre_trends_untested`` (warning: no period to test, or more periods
        than clusters can carry). ``value`` is the p value.

    Notes
    -----
    A test that does not reject is no proof: with few clusters it has little power.

    References
    ----------
    .. [1] Roth (2022), *Pretest with caution*, AER: Insights 4(3).
       https://doi.org/10.1257/aeri.20210236

    Examples
    --------
    >>> from evallib.impact import Effect
    >>> effect = Effect(estimand="ATT", method="estimate_did", outcome="y", estimate=1.0)
    >>> [finding.code for finding in check_pre_trends(effect)]
    ['impact.pre_trends_untested']
    """
    test = pre_trend_test(effect)
    if np.isnan(test.p_value):
        return [Finding("impact.pre_trends_untested", "warning", "", str(test.df))]
    differ = test.p_value < PRE_TREND_ALPHA
    code = "impact.pre_trends_differ" if differ else "impact.pre_trends_agree"
    return [Finding(code, "warning" if differ else "info", "", f"{test.p_value:.4f}")]
