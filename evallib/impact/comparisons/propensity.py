"""The logit of being treated, fitted by Newton's method without a new array at each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.impact.arrays.gram import CollinearError, invert_gram, solve_gram

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats

MAX_STEPS = 50
STEP_TOLERANCE = 1e-5  # of standardised coefficients: after such a step Newton is at 1e-10
NO_OVERLAP = 0.999  # as in the R package did: beyond it a cell is not estimated
WEAK_OVERLAP = 0.995


class SeparatedError(ArithmeticError):
    """The covariates tell treated from comparison units apart (almost) perfectly."""


@dataclass(frozen=True, slots=True)
class Arms:
    """The two groups that are compared, n_t treated units before n_c others.

    Parameters
    ----------
    x : ndarray of float64, shape (p, n)
        Covariates, the first of them a one.
    w : ndarray of float64, shape (n,)
        Sampling weights; a unit of weight zero is as good as left out.
    n_treated : int
    guess : ndarray of float64, shape (p,), optional
        Where the search for the logit begins.
    """

    x: Floats
    w: Floats
    n_treated: int
    guess: Floats | None = None

    def split(self, values: Floats) -> tuple[Floats, Floats]:
        """Return what belongs to the treated and to the others, views."""
        return values[..., : self.n_treated], values[..., self.n_treated :]


@dataclass(frozen=True, slots=True)
class Propensity:
    """A fitted logit.

    Parameters
    ----------
    odds : ndarray of float64, shape (n_c,)
        Of the comparison units.
    surprise : ndarray of float64, shape (n,)
        Treatment less propensity, times weight; with covariates that is the score.
    inverse : ndarray of float64, shape (p, p)
        Inverse of the information.
    overlap : float
        Largest propensity among comparison units.
    logit : ndarray of float64, shape (p,)
        Coefficients.
    """

    odds: Floats
    surprise: Floats
    inverse: Floats
    overlap: float
    logit: Floats


def fit_propensity(arms: Arms) -> Propensity:
    """Fit the weighted logit of being treated.

    Raises
    ------
    CollinearError, SeparatedError
        The information matrix is singular; a propensity reaches 0.999.
    """
    x, w, n_treated = arms.x, arms.w, arms.n_treated
    logit = _Logit(x, w)
    x_treated, _ = arms.split(x)
    w_treated, w_control = arms.split(w)
    wanted = x_treated @ w_treated
    beta = arms.guess
    if beta is None:
        beta = np.zeros(len(x))
        beta[0] = np.log(w_treated.sum() / w_control.sum())  # x is centred near zero
    with np.errstate(over="ignore"):  # an infinite exponential is a propensity of zero
        beta = _climb(logit, beta, wanted)
    inverse = invert_gram(logit.information())
    used = w > 0
    if (logit.p * used).max() >= NO_OVERLAP:
        raise SeparatedError
    surprise = np.negative(logit.treated, out=logit.treated)
    surprise[:n_treated] += w_treated
    p = logit.p[n_treated:]
    overlap = float((p * used[n_treated:]).max())
    return Propensity(p / (1 - p), surprise, inverse, overlap, beta)


def _climb(logit: _Logit, beta: Floats, wanted: Floats) -> Floats:
    """Return the coefficients at which as many are expected to be treated as are."""
    for _ in range(MAX_STEPS):
        logit.move_to(beta)
        try:
            step = solve_gram(logit.information(), wanted - logit.x @ logit.treated)
        except CollinearError as trouble:
            if logit.p.max() >= NO_OVERLAP:  # propensities of zero and one inform of nothing
                raise SeparatedError from trouble
            raise
        beta = beta + step
        if np.abs(step).max() < STEP_TOLERANCE:
            logit.move_by(step)
            return beta
    raise SeparatedError


class _Logit:
    """Propensities p (n,) at some coefficients, and what follows from them.

    ``treated`` (n,) is the weight of each unit that would be treated.
    """

    def __init__(self, x: Floats, w: Floats) -> None:
        self.x, self.w = x, w
        self.p, self.treated = np.empty(len(w)), np.empty(len(w))
        self.wide = np.empty(x.shape)

    def move_to(self, beta: Floats) -> None:
        """Compute the propensities."""
        np.dot(-beta, self.x, out=self.p)
        np.exp(self.p, out=self.p)
        self.p += 1.0
        np.reciprocal(self.p, out=self.p)
        np.multiply(self.p, self.w, out=self.treated)

    def move_by(self, step: Floats) -> None:
        """Move on by a small step, to the second order: as good as another exponential."""
        shift, slope = step @ self.x, self.treated
        np.subtract(1.0, self.p, out=slope)
        slope *= self.p
        slope *= shift
        shift *= 0.5 - self.p
        shift += 1.0
        slope *= shift
        self.p += slope
        np.multiply(self.p, self.w, out=self.treated)

    def information(self) -> Floats:
        """Return (p, p) the information matrix."""
        spread = self.wide[0]  # the first covariate is a one
        np.multiply(self.treated, self.p, out=spread)
        np.subtract(self.treated, spread, out=spread)
        np.multiply(self.x[1:], spread, out=self.wide[1:])
        out: Floats = self.wide @ self.x.T
        return out
