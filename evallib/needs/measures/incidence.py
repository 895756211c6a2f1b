"""How soon something happens when something else can prevent it: cumulative incidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats


CENSORED, ANSWERED, WITHDRAWN = 0, 1, 2
LEVEL = 0.90
_ROUNDING = 1e-12  # sums of products miss one half by this much


class Incidence(NamedTuple):
    """Share answered by each time at which anything happened, and who was still waiting."""

    time: Floats  # (k,) ascending
    share: Floats  # (k,) cumulative incidence of answers
    low: Floats  # (k,)
    high: Floats  # (k,)
    waiting: Floats  # (k,) share neither answered nor withdrawn; Kaplan-Meier
    at_risk: Floats  # (k,) waiting just before
    answered: Floats  # (k,) answers at this time

    def median(self) -> tuple[float, float, float]:
        """Return the first time by which half is answered, and its limits; NaN where not reached.

        The limits are the times at which the band reaches one half (Brookmeyer and Crowley 1982,
        https://doi.org/10.2307/2530286).
        """
        return self._reaches(self.share), self._reaches(self.high), self._reaches(self.low)

    def _reaches(self, share: Floats) -> float:
        there = np.flatnonzero(share >= 0.5 - _ROUNDING)
        return float(self.time[there[0]]) if len(there) else float("nan")


def cumulative_incidence(
    time: Floats, event: NDArray[np.intp], *, level: float = LEVEL
) -> Incidence:
    r"""Estimate the share that is answered by each time, with withdrawal as a competing event.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Time of the event or, for those still waiting, the last time at which they were seen.
    event : ndarray of int, shape (n,)
        0 still waiting (right-censored), 1 answered, 2 withdrawn.
    level : float, default 0.90
        Level of the pointwise band.

    Returns
    -------
    Incidence
        At the times of events, ascending; empty arrays when nothing happened.

    Notes
    -----
    Aalen-Johansen: :math:`F(t) = \sum_{t_j \le t} S(t_j-) d_j / n_j`, with S the Kaplan-Meier
    curve of waiting for either event, d answers and n the number at risk. Without withdrawals F is
    1 - S. Variance by the delta method (Marubini and Valsecchi 1995, as in statsmodels; Greenwood
    without withdrawals); band on the complementary log-log scale, so that it stays in 0-1
    (Choudhury 2002, https://doi.org/10.1002/sim.1070).

    Examples
    --------
    >>> found = cumulative_incidence(np.array([1.0, 1, 2, 3]), np.array([1, 2, 1, 0]))
    >>> found.time.tolist(), found.share.tolist(), found.waiting.round(2).tolist()
    ([1.0, 2.0], [0.25, 0.5], [0.5, 0.25])
    """
    # statsmodels takes half a second to import; only curves need it
    from statsmodels.duration.survfunc import SurvfuncRight

    time, event = np.asarray(time, dtype=np.float64), np.asarray(event)
    if not np.any(event != CENSORED):
        return Incidence(*(np.empty(0) for _ in Incidence._fields))
    either = SurvfuncRight(time, (event != CENSORED).astype(np.float64))
    at, risk, waiting = either.surv_times, either.n_risk.astype(np.float64), either.surv_prob
    place = np.searchsorted(at, time[event == ANSWERED])
    answers = np.bincount(place, minlength=len(at)).astype(np.float64)
    before = np.concatenate([[1.0], waiting[:-1]])
    share = np.cumsum(before * answers / risk)
    error = np.sqrt(_variance(share, before, answers, either.n_events, risk))
    low, high = _band(share, error, level)
    return Incidence(at, share, low, high, waiting, risk, answers)


def _variance(share: Floats, before: Floats, answers: Floats, events: Floats, n: Floats) -> Floats:
    """Return the variance of the cumulative incidence at each time, shape (k,)."""
    # After the last of all waited nothing is left to grow, so its term is none instead of 0/0.
    hazard = np.divide(events, n * (n - events), out=np.zeros_like(n), where=n > events)
    growth = before * answers / n**2
    own = before**2 * answers * (n - answers) / n**3
    variance: Floats = (
        share**2 * np.cumsum(hazard)
        - 2 * share * np.cumsum(share * hazard)
        + np.cumsum(share**2 * hazard)
        + np.cumsum(own)
        - 2 * share * np.cumsum(growth)
        + 2 * np.cumsum(share * growth)
    )
    return np.maximum(variance, 0.0)  # rounding


def _band(share: Floats, error: Floats, level: float) -> tuple[Floats, Floats]:
    """Return limits that stay in 0-1; where all or none are answered there is no band."""
    from scipy.special import ndtri  # heavy; only curves need it

    inside = (share > _ROUNDING) & (share < 1 - _ROUNDING)
    left = 1.0 - np.where(inside, share, 0.5)
    width = ndtri((1 + level) / 2) * error / -(left * np.log(left))
    low, high = (1.0 - left ** np.exp(sign * width) for sign in (-1, 1))
    return np.where(inside, low, share), np.where(inside, high, share)
