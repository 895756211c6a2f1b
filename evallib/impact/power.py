"""Power: the smallest effect that a comparison of periods and units can be relied on to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evallib.errors import SchemaError


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerDesign:
    """Size of a comparison.

    Parameters
    ----------
    n_treated, n_control : int
        Units, at least two each.
    periods_pre, periods_post : int
        Periods seen before and after the start, at least one each.
    autocorrelation : float
        Correlation of a unit's outcomes in two periods, from 0 to below 1.
    shape : {"constant", "ar1"}
        Whether that correlation holds for any two periods or fades as its power with distance.
    cluster_size : float
        Mean number of units that are treated together; 1 when each is treated by itself.
    intracluster : float
        Correlation of the changes of two units in one cluster, 0 to 1.

    Raises
    ------
    SchemaError
        ``impact.bad_power``: a number out of its range.
    """

    n_treated: int
    n_control: int
    periods_pre: int = 1
    periods_post: int = 1
    autocorrelation: float = 0.0
    shape: Literal["constant", "ar1"] = "constant"
    cluster_size: float = 1.0
    intracluster: float = 0.0

    def __post_init__(self) -> None:
        ranges = {
            "n_treated": self.n_treated >= 2,
            "n_control": self.n_control >= 2,
            "periods_pre": self.periods_pre >= 1,
            "periods_post": self.periods_post >= 1,
            "autocorrelation": 0 <= self.autocorrelation < 1,
            "shape": self.shape in ("constant", "ar1"),
            "cluster_size": self.cluster_size >= 1,
            "intracluster": 0 <= self.intracluster <= 1,
        }
        _refuse({name: getattr(self, name) for name, good in ranges.items() if not good})
        if self.df < 1:
            raise SchemaError("impact.bad_power", name="cluster_size", found=self.cluster_size)

    @property
    def df(self) -> float:
        """Return clusters less two: one mean each of treated and comparison clusters."""
        return (self.n_treated + self.n_control) / self.cluster_size - 2

    @property
    def change_variance(self) -> float:
        """Return the variance of (mean after - mean before) of a unit, for an sd of one."""
        before, after = self.periods_pre, self.periods_post
        weight = np.r_[np.full(before, -1 / before), np.full(after, 1 / after)]
        distance = np.abs(np.subtract.outer(np.arange(before + after), np.arange(before + after)))
        power = np.minimum(distance, 1) if self.shape == "constant" else distance
        return float(weight @ np.power(self.autocorrelation, power) @ weight)


def minimum_detectable_effect(
    design: PowerDesign, *, sd: float = 1.0, alpha: float = 0.05, power: float = 0.8
) -> float:
    r"""Return the smallest true effect that is found significant with the given power.

    .. math:: (t_{1-\alpha/2} + t_{power}) \, \sigma \sqrt{v \left(\frac{1}{n_1} +
        \frac{1}{n_0}\right) (1 + (m - 1) \rho_c)}

    with m units a cluster, t on clusters - 2 degrees of freedom and v the variance of a unit's
    change; for a constant autocorrelation :math:`v = (1/r + 1/s)(1 - \rho)` with s periods
    before and r after.

    Parameters
    ----------
    design : PowerDesign
        Units, periods, correlations.
    sd : float, default 1.0
        Standard deviation of the outcome between units in one period; with 1 the answer is in
        standard deviations, else in units of the outcome.
    alpha : float, default 0.05
        Size of the two-sided test.
    power : float, default 0.8
        Chance of finding an effect of that size.

    Returns
    -------
    float
        At least 0.

    Raises
    ------
    SchemaError
        ``impact.bad_power``: a number out of its range.

    Notes
    -----
    The sum of two quantiles of t (Bloom) is within a percent of the noncentral t from 8 degrees
    of freedom on, and cautious below.

    References
    ----------
    .. [1] McKenzie (2012), *Beyond baseline and follow-up: the case for more T in experiments*,
       Journal of Development Economics 99(2). https://doi.org/10.1016/j.jdeveco.2012.01.002
    .. [2] Burlig, Preonas, Woerman (2020), *Panel data and experimental design*, Journal of
       Development Economics 144 (any autocorrelation). https://doi.org/10.1016/j.jdeveco.2020.102458
    .. [3] Bloom (1995), *Minimum detectable effects*, Evaluation Review 19(5).
       https://doi.org/10.1177/0193841X9501900504

    Examples
    --------
    Yala: 17 of 58 tambons treated, one quarter after four before.

    >>> yala = PowerDesign(n_treated=17, n_control=41, periods_pre=4, autocorrelation=0.3)
    >>> round(minimum_detectable_effect(yala), 2)
    0.77
    """
    from scipy.special import stdtrit  # scipy.stats would cost a second of start-up

    _refuse(
        {
            name: value
            for name, value, good in (
                ("sd", sd, 0 < sd < np.inf),
                ("alpha", alpha, 0 < alpha < 1),
                ("power", power, 0.5 <= power < 1),
            )
            if not good
        }
    )
    multiple = stdtrit(design.df, 1 - alpha / 2) + stdtrit(design.df, power)
    design_effect = 1 + (design.cluster_size - 1) * design.intracluster
    units = 1 / design.n_treated + 1 / design.n_control
    return float(multiple * sd * np.sqrt(design.change_variance * units * design_effect))


def _refuse(wrong: dict[str, object]) -> None:
    """Refuse numbers out of their range, the first by name."""
    for name, value in wrong.items():
        raise SchemaError("impact.bad_power", name=name, found=repr(value))
