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
    overlap : float
        Largest propensity among comparison units; 0 when none was fitted.
    """

    att: Floats
    overlap: float


class CollinearError(ArithmeticError):
    """The covariates of the comparison units do not identify the regression."""


class SeparatedError(ArithmeticError):
    """The covariates tell treated from comparison units apart (almost) perfectly."""


def contrast(d_treated: Floats, d_control: Floats, arms: Arms, *, method: Method) -> Contrast:
    r"""Compare k changes of the treated (k, n_t) with those of the comparison units (k, n_c).

    Sant'Anna and Zhao (2020), ``drdid_panel`` (dr), ``reg_did_panel`` (reg) and
    ``std_ipw_did_panel`` (ipw) of the R package DRDID, for all k in one solve. The changes are
    **overwritten** with the contributions of their units: each is a multiple of the change plus
    a combination of a few columns, so that two passes over the changes suffice.

    Raises
    ------
    CollinearError, SeparatedError
        The caller knows the cohort and makes of it a DesignError.
    """
    if arms.x_control.shape[1] == 1:
        return _difference_of_means(d_treated, d_control, arms)
    share_t = arms.w_treated / arms.w_treated.sum()
    x_t, x_c = arms.x_treated, arms.x_control
    beta = np.zeros((len(d_control), x_c.shape[1]))
    inverse = None
    if method != "ipw":
        weighted = x_c * arms.w_control[:, None]
        inverse = invert_gram(weighted.T @ x_c)
        beta = (d_control @ weighted) @ inverse
    mean_x = share_t @ x_t
    mean_t = d_treated @ share_t - beta @ mean_x
    if method == "reg":
        loading = arms.w_control * (x_c @ (inverse @ mean_x))
        _become(d_treated, share_t, [(-beta, x_t * share_t[:, None]), (-mean_t, share_t)])
        _become(d_control, -loading, [(beta, x_c * loading[:, None])])
        return Contrast(mean_t, 0.0)
    fitted = fit_propensity(arms)
    w_c = arms.w_control * fitted.odds
    w_c /= w_c.sum()
    x_w = x_c * w_c[:, None]
    changes = d_control @ np.column_stack([w_c, x_w])  # (k, 1 + p)
    mean_c = changes[:, 0] - beta @ x_w.sum(axis=0)
    slope = changes[:, 1:] - beta @ (x_w.T @ x_c) - np.outer(mean_c, x_w.sum(axis=0))
    loading = -w_c
    if inverse is not None:
        loading = loading + arms.w_control * (x_c @ (inverse @ (x_w.sum(axis=0) - mean_x)))
    _become(d_treated, share_t, [(-beta, x_t * share_t[:, None]), (-mean_t, share_t),
                                 (-slope, fitted.score_treated)])  # fmt: skip
    _become(d_control, loading, [(-beta, x_c * loading[:, None]), (mean_c, w_c),
                                 (-slope, fitted.score_control)])  # fmt: skip
    return Contrast(mean_t - mean_c, fitted.overlap)


def _become(changes: Floats, scale: Floats, parts: list[tuple[Floats, Floats]]) -> None:
    """Make of changes (k, n) ``changes * scale`` plus products of (k, q) and (n, q), in place."""
    left = np.column_stack([coefficient for coefficient, _ in parts])
    right = np.column_stack([column for _, column in parts])
    changes *= scale
    changes += left @ right.T


def _difference_of_means(d_treated: Floats, d_control: Floats, arms: Arms) -> Contrast:
    """Without covariates all three methods are the difference of mean changes."""
    w_t, w_c = arms.w_treated / arms.w_treated.sum(), arms.w_control / arms.w_control.sum()
    mean_t, mean_c = d_treated @ w_t, d_control @ w_c
    d_treated -= mean_t[:, None]
    d_treated *= w_t
    d_control -= mean_c[:, None]
    d_control *= -w_c
    return Contrast(mean_t - mean_c, 0.0)


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
    beta[0] = np.log(arms.w_treated.sum() / arms.w_control.sum())  # x is centred near zero
    for _ in range(MAX_STEPS):
        p = _logistic(x @ beta)
        information = (x * (w * p * (1 - p))[:, None]).T @ x
        step = _solve(information, x.T @ (w * (d - p)))
        beta += step
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    else:
        raise SeparatedError
    p = _logistic(x @ beta)
    if p.max() >= NO_OVERLAP:
        raise SeparatedError
    inverse = invert_gram((x * (w * p * (1 - p))[:, None]).T @ x)
    score = (x * (w * (d - p))[:, None]) @ inverse
    p_control = p[n_treated:]
    odds = p_control / (1 - p_control)
    return Propensity(odds, score[:n_treated], score[n_treated:], float(p_control.max()))


def _logistic(z: Floats) -> Floats:
    """Return 1 / (1 + exp(-z)) without overflow."""
    out: Floats = 0.5 * (1.0 + np.tanh(0.5 * z))
    return out


def _solve(gram: Floats, right: Floats) -> Floats:
    """Solve for a step on the way; at its end `invert_gram` looks at the matrix more closely."""
    try:
        out = np.linalg.solve(gram, right).astype(np.float64, copy=False)
    except np.linalg.LinAlgError as trouble:
        raise CollinearError from trouble
    if not np.isfinite(out).all():
        raise CollinearError
    return out


def invert_gram(gram: Floats) -> Floats:
    """Invert a Gram matrix of standardised columns, or say that it is singular."""
    size = np.sqrt(np.diag(gram))
    if not np.isfinite(gram).all() or (size <= 0).any():
        raise CollinearError
    scaled = gram / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] < 1e-9:
        raise CollinearError
    inverse: Floats = np.linalg.inv(scaled) / np.outer(size, size)
    return inverse
