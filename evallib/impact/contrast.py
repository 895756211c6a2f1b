r"""The doubly robust comparison of two groups of units, for many outcome changes at once.

Estimates come with *contributions*: numbers c_i, one a unit, with estimate - truth = sum of c_i
to first order. They are influence functions divided by the sample size, so that standard errors,
clusters, aggregates and bootstraps need only sums of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from evallib.impact.columns import Floats

Method: TypeAlias = Literal["dr", "reg", "ipw"]
MAX_STEPS = 50
STEP_TOLERANCE = 1e-10  # of standardised coefficients; Newton doubles the digits each step
NO_OVERLAP = 0.999  # as in the R package did: beyond it a cell is not estimated
WEAK_OVERLAP = 0.995


@dataclass(frozen=True, slots=True)
class Arms:
    """The two groups that are compared.

    Parameters
    ----------
    x_treated, x_control : ndarray of float64, shape (n_t, p), (n_c, p)
        Covariates with a leading one.
    w_treated, w_control : ndarray of float64, shape (n_t,), (n_c,)
        Sampling weights.
    """

    x_treated: Floats
    x_control: Floats
    w_treated: Floats
    w_control: Floats


@dataclass(frozen=True, slots=True)
class Contrast:
    """Effects of k outcome changes.

    Parameters
    ----------
    att : ndarray of float64, shape (k,)
        Average effect on the treated.
    treated, control : ndarray of float64, shape (k, n_t), (k, n_c)
        Contributions of the units.
    overlap : float
        Largest propensity among comparison units; 0 when none was fitted.
    """

    att: Floats
    treated: Floats
    control: Floats
    overlap: float


class CollinearError(ArithmeticError):
    """The covariates of the comparison units do not identify the regression."""


class SeparatedError(ArithmeticError):
    """The covariates tell treated from comparison units apart (almost) perfectly."""


def contrast(d_treated: Floats, d_control: Floats, arms: Arms, *, method: Method) -> Contrast:
    """Compare k changes of the treated (k, n_t) with those of the comparison units (k, n_c).

    Sant'Anna and Zhao (2020), ``drdid_panel`` (dr), ``reg_did_panel`` (reg) and
    ``std_ipw_did_panel`` (ipw) of the R package DRDID, for all k in one solve.

    Raises
    ------
    CollinearError, SeparatedError
        The caller knows the cohort and makes of it a DesignError.
    """
    if arms.x_control.shape[1] == 1:
        return _difference_of_means(d_treated, d_control, arms)
    gram_inverse = _invert((arms.x_control * arms.w_control[:, None]).T @ arms.x_control)
    if method == "reg":
        return _regression(d_treated, d_control, arms, gram_inverse)
    propensity = fit_propensity(arms)
    if method == "dr":
        beta = ((d_control * arms.w_control) @ arms.x_control) @ gram_inverse
        d_treated = d_treated - beta @ arms.x_treated.T
        d_control = d_control - beta @ arms.x_control.T
    found = _weighted(d_treated, d_control, arms, propensity)
    if method == "ipw":
        return found
    m_treated = arms.w_treated @ arms.x_treated / arms.w_treated.sum()
    odds = arms.w_control * propensity.odds
    m_control = odds @ arms.x_control / odds.sum()
    loading = arms.w_control * (arms.x_control @ (gram_inverse @ (m_control - m_treated)))
    control = found.control + d_control * loading
    return Contrast(found.att, found.treated, control, found.overlap)


def _difference_of_means(d_treated: Floats, d_control: Floats, arms: Arms) -> Contrast:
    """Without covariates all three methods are the difference of mean changes."""
    w_t, w_c = arms.w_treated / arms.w_treated.sum(), arms.w_control / arms.w_control.sum()
    mean_t, mean_c = d_treated @ w_t, d_control @ w_c
    treated = (d_treated - mean_t[:, None]) * w_t
    control = (mean_c[:, None] - d_control) * w_c
    return Contrast(mean_t - mean_c, treated, control, 0.0)


def _regression(d_treated: Floats, d_control: Floats, arms: Arms, gram_inverse: Floats) -> Contrast:
    """Subtract from the treated what the regression of the comparison units expects for them."""
    beta = ((d_control * arms.w_control) @ arms.x_control) @ gram_inverse
    w_t = arms.w_treated / arms.w_treated.sum()
    surprise = d_treated - beta @ arms.x_treated.T
    att = surprise @ w_t
    loading = arms.w_control * (arms.x_control @ (gram_inverse @ (w_t @ arms.x_treated)))
    residual = d_control - beta @ arms.x_control.T
    return Contrast(att, (surprise - att[:, None]) * w_t, -residual * loading, 0.0)


@dataclass(frozen=True, slots=True)
class Propensity:
    """A fitted logit: odds (n_c,), scores times inverse information (n_t, p) and (n_c, p)."""

    odds: Floats
    score_treated: Floats
    score_control: Floats
    overlap: float


def fit_propensity(arms: Arms) -> Propensity:
    """Fit the weighted logit of being treated by Newton's method.

    Raises
    ------
    CollinearError, SeparatedError
        The information matrix is singular; a propensity reaches 0.999.
    """
    x = np.vstack([arms.x_treated, arms.x_control])
    n_treated = len(arms.x_treated)
    d = np.zeros(len(x))
    d[:n_treated] = 1.0
    w = np.concatenate([arms.w_treated, arms.w_control])
    beta = np.zeros(x.shape[1])
    for _ in range(MAX_STEPS):
        p = _logistic(x @ beta)
        information = (x * (w * p * (1 - p))[:, None]).T @ x
        step = _invert(information) @ (x.T @ (w * (d - p)))
        beta += step
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    else:
        raise SeparatedError
    p = _logistic(x @ beta)
    if p.max() >= NO_OVERLAP:
        raise SeparatedError
    inverse = _invert((x * (w * p * (1 - p))[:, None]).T @ x)
    score = (x * (w * (d - p))[:, None]) @ inverse
    p_control = p[n_treated:]
    odds = p_control / (1 - p_control)
    return Propensity(odds, score[:n_treated], score[n_treated:], float(p_control.max()))


def _weighted(d_treated: Floats, d_control: Floats, arms: Arms, propensity: Propensity) -> Contrast:
    """Compare with the comparison units weighted by their odds, counting that odds are fitted."""
    w_t = arms.w_treated / arms.w_treated.sum()
    w_c = arms.w_control * propensity.odds
    w_c = w_c / w_c.sum()
    mean_t, mean_c = d_treated @ w_t, d_control @ w_c
    centred = (d_control - mean_c[:, None]) * w_c
    slope = centred @ arms.x_control
    treated = (d_treated - mean_t[:, None]) * w_t - slope @ propensity.score_treated.T
    control = -centred - slope @ propensity.score_control.T
    return Contrast(mean_t - mean_c, treated, control, propensity.overlap)


def _logistic(z: Floats) -> Floats:
    """Return 1 / (1 + exp(-z)) without overflow."""
    out: Floats = 0.5 * (1.0 + np.tanh(0.5 * z))
    return out


def _invert(gram: Floats) -> Floats:
    """Invert a Gram matrix of standardised columns, or say that it is singular."""
    size = np.sqrt(np.diag(gram))
    if not np.isfinite(gram).all() or (size <= 0).any():
        raise CollinearError
    scaled = gram / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] < 1e-9:
        raise CollinearError
    inverse: Floats = np.linalg.inv(scaled) / np.outer(size, size)
    return inverse
