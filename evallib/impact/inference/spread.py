"""Errors, intervals, bands and joint tests from the contributions of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.impact.inference.leverage import Leverage

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.inference.influence import Influence

DRAWS_AT_ONCE = 256  # rows of random signs in memory
SINGULAR = 1e-10  # smallest over largest eigenvalue of a correlation matrix


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Sampling error of r estimates.

    Parameters
    ----------
    sums : ndarray of float64, shape (q, G)
        Contributions to the parts of which estimates are made, summed within clusters.
    loading : ndarray of float64, shape (r, q)
        What estimates are made of.
    covariance : ndarray of float64, shape (r, r)
        Covariance of the estimates.
    df : ndarray of float64, shape (r,)
        Degrees of freedom for t.
    """

    sums: Floats
    loading: Floats
    covariance: Floats
    df: Floats

    @property
    def std_error(self) -> Floats:
        """Return the standard errors (r,)."""
        out: Floats = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        return out


def spread(
    loading: Floats, influence: Influence, cluster: Ints, *, clustered: bool, few: bool = False
) -> Spread:
    r"""Return the exact errors that contributions imply, summed within clusters.

    With clusters the variance is :math:`\frac{G}{G-1} \sum_g s_g s_g'` (CR1); without, the factor
    is left out, as reference software does. Degrees of freedom are those of Satterthwaite under
    errors independent within clusters: with :math:`\gamma_g` the variance that cluster g adds,
    each unit adding the mean of its arm, :math:`(\sum \gamma)^2 / \sum \gamma^2 - 1`. That is the
    effective number of clusters less one: few treated clusters give few degrees of freedom.
    Few clusters take CR2 instead, see `Leverage`.

    Parameters
    ----------
    loading : ndarray of float64, shape (r, k + A)
        What estimates are made of, see `Influence`.
    influence : Influence
    cluster : ndarray of intp, shape (n,)
        Codes from 0 to G - 1, all used.
    clustered : bool
        False when every unit is its own cluster; ``sums`` are then left empty.
    few : bool, default False
        Whether clusters are few.

    References
    ----------
    .. [1] Carter, Schnepel, Steigerwald (2017), *Asymptotic behavior of a t-test robust to
       cluster heterogeneity*, REStat 99(4). https://doi.org/10.1162/REST_a_00639
    .. [2] Satterthwaite (1946), *An approximate distribution of estimates of variance
       components*, Biometrics Bulletin 2(6). https://doi.org/10.2307/3002019
    """
    n_clusters = int(cluster.max()) + 1
    of_arms = influence.variance_by_arm(loading)
    variance = of_arms / influence.size
    if clustered and few:
        leverage = Leverage(influence.cluster_shares(cluster, n_clusters))
        sums = influence.by_cluster(cluster, n_clusters, leverage.factor(-0.5))
        of_rows = loading @ sums
        covariance, df = of_rows @ of_rows.T, leverage.df(of_arms)
    elif clustered:
        sums = influence.by_cluster(cluster, n_clusters)
        of_rows = loading @ sums
        covariance = n_clusters / (n_clusters - 1) * (of_rows @ of_rows.T)
        kinds = influence.kinds_of_clusters(cluster, n_clusters)
        df = effective_clusters(variance, kinds, np.ones(n_clusters)) - 1
    else:
        sums = np.empty((loading.shape[1], 0))
        covariance = influence.covariance(loading)
        each = np.eye(influence.n_arms)  # one kind of cluster for each arm
        df = effective_clusters(variance, each, influence.size.astype(np.float64)) - 1
    return Spread(sums, loading, covariance, np.clip(df, 1.0, max(1.0, n_clusters - 1)))


def effective_clusters(variance: Floats, kinds: Floats, times: Floats) -> Floats:
    """Return (r,) how many equal clusters would carry the same information.

    Parameters
    ----------
    variance : ndarray of float64, shape (r, A)
        Mean variance that a unit of each arm adds.
    kinds : ndarray of float64, shape (K, A)
        Units of each arm in each kind of cluster.
    times : ndarray of float64, shape (K,)
        How often each kind occurs.
    """
    gamma = variance @ kinds.T
    total, squares = gamma @ times, np.square(gamma) @ times
    empty = squares <= 0
    out: Floats = np.where(empty, 1.0, np.square(total) / np.where(empty, 1.0, squares))
    return out


def intervals(
    estimate: Floats, std_error: Floats, df: Floats, *, level: float
) -> tuple[Floats, Floats, Floats]:
    """Return lower limits, upper limits and two-sided p values of t tests, each (r,)."""
    from scipy.special import stdtr, stdtrit  # scipy.stats would cost a second of start-up

    half = stdtrit(df, 0.5 + level / 2) * std_error
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = 2 * stdtr(df, -np.abs(estimate / std_error))
    return estimate - half, estimate + half, p_value


def draw_deviations(error: Spread, *, draws: int, seed: int) -> Floats:
    """Return absolute deviations (draws, r) under random signs of whole clusters.

    Signs are Rademacher; deviations are in standard errors of the estimates, not of the draws:
    `studentise` gives t.

    Parameters
    ----------
    error : Spread
        With the sums of its clusters.
    draws, seed : int
        Number of draws, seed of the generator.
    """
    n_clusters = error.sums.shape[1]
    gram = error.sums @ error.sums.T
    size = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", error.loading, gram, error.loading), 0.0))
    unit = error.loading / np.where(size > 0, size, 1.0)[:, None]
    rng = np.random.default_rng(seed)
    out = np.empty((len(error.loading), draws))
    for at in range(0, draws, DRAWS_AT_ONCE):
        n = min(DRAWS_AT_ONCE, draws - at)
        bits = np.frombuffer(rng.bytes(n * (n_clusters // 8 + 1)), dtype=np.uint8)
        signs = np.unpackbits(bits.reshape(n, -1), axis=1)[:, :n_clusters] * 2.0 - 1.0
        np.abs(np.linalg.multi_dot([unit, error.sums, signs.T]), out=out[:, at : at + n])
    return out.T  # deviations of one estimate lie together in memory


def studentise(deviation: Floats, n_clusters: int) -> Floats:
    """Return t values of deviations of `draw_deviations`.

    Each draw is divided by its own standard error, so that one row alone gives the quantiles of t
    with G - 1 degrees of freedom and not those of the normal, which matters when clusters are
    few. That keeps the order of deviations, which is why draws are compared without it.

    Examples
    --------
    >>> studentise(np.array([2.0]), 10).round(3).tolist()
    [2.449]
    """
    room = np.maximum(n_clusters - np.square(deviation), 1e-12)
    out: Floats = deviation * np.sqrt((n_clusters - 1) / room)
    return out


def as_deviation(t: Floats, n_clusters: int) -> Floats:
    """Return the deviations that `studentise` makes t values of.

    Examples
    --------
    >>> as_deviation(studentise(np.array([2.0]), 10), 10).round(12).tolist()
    [2.0]
    """
    out: Floats = t * np.sqrt(n_clusters / (n_clusters - 1 + np.square(t)))
    return out


def same_tail(t: Floats, df: Floats, other: Floats) -> Floats:
    """Return what is as far out under ``other`` degrees of freedom as t is under ``df``.

    Examples
    --------
    >>> same_tail(np.array([1.96]), np.array([1e9]), np.array([4.0])).round(2).tolist()
    [2.78]
    """
    from scipy.special import stdtr, stdtrit  # scipy.stats would cost a second of start-up

    out: Floats = -stdtrit(other, stdtr(df, -t))
    return out


def sup_t(drawn: Floats, *, level: float) -> float:
    """Return the critical value of the largest of some absolute deviations (draws, r).

    References
    ----------
    .. [1] Montiel Olea, Plagborg-Moller (2019), *Simultaneous confidence bands*, Journal of
       Applied Econometrics 34(1). https://doi.org/10.1002/jae.2656

    Examples
    --------
    >>> sup_t(np.arange(19.0)[:, None] * [1, 0.5], level=0.9)
    17.0
    """
    rank = min(len(drawn), int(np.ceil((len(drawn) + 1) * level))) - 1
    return float(np.sort(drawn.max(axis=1, initial=0.0))[rank])


def romano_wolf(t: Floats, drawn: Floats) -> Floats:
    """Return p values adjusted for testing r hypotheses, by stepping down over draws.

    Parameters
    ----------
    t : ndarray of float64, shape (r,)
        Absolute deviations, or t values.
    drawn : ndarray of float64, shape (draws, r)
        The same under the null, see `draw_deviations`.

    Returns
    -------
    ndarray of float64, shape (r,)
        Each hypothesis is held against the largest t of those not yet rejected, so that what
        tests have in common is not paid for twice.

    References
    ----------
    .. [1] Romano, Wolf (2005), *Stepwise multiple testing as formalized data snooping*,
       Econometrica 73(4). https://doi.org/10.1111/j.1468-0262.2005.00615.x

    Examples
    --------
    >>> romano_wolf(np.array([3.0, 1.0]), np.array([[0.5, 2.0], [0.2, 0.1], [4.0, 0.3]])).tolist()
    [0.5, 0.5]
    """
    order = np.argsort(-t, kind="stable")
    largest = np.maximum.accumulate(drawn.T[order[::-1]])[::-1]  # of those that follow
    beyond = (largest >= t[order][:, None]).sum(axis=1)
    out = np.empty(len(t))
    out[order] = np.maximum.accumulate((1 + beyond) / (1 + len(drawn)))
    return out


def holm(p_value: Floats) -> Floats:
    """Return p values adjusted by Holm's step-down method; NaN stays NaN.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    out = np.full(len(p_value), np.nan)
    known = np.flatnonzero(~np.isnan(p_value))
    order = known[np.argsort(p_value[known], kind="stable")]
    steps = p_value[order] * np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return out


def wald(estimate: Floats, covariance: Floats, *, n_clusters: float) -> tuple[float, int, float]:
    """Test jointly that q estimates are zero.

    Returns
    -------
    tuple of float, int, float
        The Wald statistic (chi-square for many clusters), q, and the p value from Hotelling's
        F(q, G - q), which is honest for few clusters; G may be an effective number. NaN when
        there is nothing to test or the clusters are too few for a covariance of full rank.
    """
    from scipy.special import fdtrc  # scipy.stats would cost a second of start-up

    q, nan = len(estimate), float("nan")
    size = np.sqrt(np.diag(covariance))
    if q == 0 or q >= n_clusters or not (np.isfinite(size) & (size > 0)).all():
        return nan, q, nan
    values, vectors = np.linalg.eigh(covariance / np.outer(size, size))
    if values[0] <= SINGULAR * values[-1]:
        return nan, q, nan
    statistic = float((((estimate / size) @ vectors) ** 2 / values).sum())
    scale = (n_clusters - q) / (q * (n_clusters - 1))
    return statistic, q, float(fdtrc(q, n_clusters - q, statistic * scale))
