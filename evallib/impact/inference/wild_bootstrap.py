"""The wild cluster restricted bootstrap, from the scores of clusters alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.inference.cluster_errors import Scores

ENUMERATED = 12  # clusters up to which all 2^G sign vectors are taken
WEBB = (-(1.5**0.5), -1.0, -(0.5**0.5), 0.5**0.5, 1.0, 1.5**0.5)
STEPS = 8  # parts into which the interval of a limit is divided, again and again
NARROW = 1e-5  # width of the last one, as a share of the distance from the estimate
FARTHEST = 1e4  # standard errors from the estimate where the search for a limit ends
_TIE = 1e-10


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A p value and the interval of values that are not rejected; limits may be infinite."""

    p_value: float
    ci_low: float
    ci_high: float


class WildBootstrap:
    """Test values of one combination of coefficients.

    Parameters
    ----------
    scores : Scores
    combine : ndarray of float64, shape (p,)
    estimate : float
        The combination of the coefficients as estimated.
    draws, seed : int
        Used where the sign vectors are too many to take them all; then weights have Webb's six
        points.

    Notes
    -----
    The null is imposed on the residuals, and each draw is studentised by its CR1 error. Both are
    linear in the scores of clusters, so that a draw costs G squared, whatever the rows.

    References
    ----------
    .. [1] Cameron, Gelbach, Miller (2008), *Bootstrap-based improvements for inference with
       clustered errors*, REStat 90(3). https://doi.org/10.1162/rest.90.3.414
    .. [2] Roodman, MacKinnon, Nielsen, Webb (2019), *Fast and wild*, Stata Journal 19(1).
       https://doi.org/10.1177/1536867X19830877
    .. [3] Webb (2023), *Reworking wild bootstrap-based inference for clustered errors*, Canadian
       Journal of Economics 56(3). https://doi.org/10.1111/caje.12661
    """

    def __init__(
        self, scores: Scores, combine: Floats, estimate: float, *, draws: int, seed: int
    ) -> None:
        self.estimate = estimate
        toward = scores.bread @ combine
        self.size = float(combine @ toward)
        moved = scores.gram @ toward  # (G, p): scores when the coefficient moves by one `size`
        n_clusters = len(scores.score)
        self.enumerated = n_clusters <= ENUMERATED
        if self.enumerated:
            bits = np.arange(2**n_clusters)[:, None] >> np.arange(n_clusters) & 1
            weights = 1.0 - 2.0 * bits
        else:
            rng = np.random.default_rng(seed)
            weights = rng.choice(np.array(WEBB), size=(draws, n_clusters))
        of_moved = moved @ scores.bread  # (G, p)
        own, own_moved = scores.score @ toward, moved @ toward
        left = weights * own - (weights @ scores.score) @ of_moved.T
        left_moved = weights * own_moved - (weights @ moved) @ of_moved.T
        self.numerator = weights @ own, weights @ own_moved
        self.spread = (np.square(left).sum(axis=1), 2 * (left * left_moved).sum(axis=1),
                       np.square(left_moved).sum(axis=1))  # fmt: skip
        self.std_error = float(np.sqrt(np.square(own).sum()))

    def p_value(self, null: float = 0.0) -> float:
        """Return the share of draws whose absolute t is at least that observed."""
        return float(self._p_values(np.array([self.estimate - null]))[0])

    def _p_values(self, distance: Floats) -> Floats:
        """Return (k,) the p values of nulls that lie so far below the estimate.

        The t value of a draw is linear in the distance over the root of a square in it.
        """
        delta = (distance / self.size)[:, None]
        (own, own_moved), (fixed, cross, moved) = self.numerator, self.spread
        size = fixed + delta * (cross + delta * moved)
        # a draw whose errors vanish is as extreme as can be
        t = np.square(own + delta * own_moved) / np.maximum(size, np.finfo(float).tiny)
        observed = np.square(distance / self.std_error * (1 - _TIE))
        beyond = (t >= observed[:, None]).sum(axis=1)
        out: Floats = beyond / t.shape[1] if self.enumerated else (1 + beyond) / (1 + t.shape[1])
        return out

    def interval(self, level: float) -> tuple[float, float]:
        """Return the values of the null that are not rejected, from the estimate outwards."""
        return self._limit(-1.0, level), self._limit(1.0, level)

    def _limit(self, side: float, level: float) -> float:
        step = -side * self.std_error  # a limit above the estimate lies at negative distances
        inside, outside = 0.0, 4.0
        while self._p_values(np.array([outside * step]))[0] > 1 - level:
            inside, outside = outside, 2 * outside
            if outside > FARTHEST:
                return side * float("inf")
        while outside - inside > NARROW * outside:
            steps = np.linspace(inside, outside, STEPS + 1)
            first = int((self._p_values(steps[1:] * step) <= 1 - level).argmax())
            inside, outside = float(steps[first]), float(steps[first + 1])
        return self.estimate + side * inside * self.std_error


def wild_bootstrap(
    scores: Scores, combine: Floats, estimate: float, *, level: float, draws: int, seed: int
) -> Bootstrapped:
    """Return p value and interval of the wild cluster restricted bootstrap.

    See `WildBootstrap` for parameters and sources.
    """
    drawn = WildBootstrap(scores, combine, estimate, draws=draws, seed=seed)
    return Bootstrapped(drawn.p_value(), *drawn.interval(level))
