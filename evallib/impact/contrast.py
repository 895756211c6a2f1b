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
STEP_TOLERANCE = 1e-7  # of standardised coefficients: after such a step Newton is at 1e-14
NO_OVERLAP = 0.999  # as in the R package did: beyond it a cell is not estimated
WEAK_OVERLAP = 0.995


@dataclass(frozen=True, slots=True)
class Arms:
    """The two groups that are compared.

    Parameters
    ----------
    x_treated, x_control : ndarray of float64, shape (p, n_t), (p, n_c)
        Covariates, the first of them a one.
    w_treated, w_control : ndarray of float64, shape (n_t,), (n_c,)
        Sampling weights; a unit of weight zero is as good as left out.
    guess : ndarray of float64, shape (p,), optional
        Where the search for the logit begins.
    """

    x_treated: Floats
    x_control: Floats
    w_treated: Floats
    w_control: Floats
    guess: Floats | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Effects of k outcome changes.

    Parameters
    ----------
    att : ndarray of float64, shape (k,)
        Average effect on the treated.
    overlap : float
        Largest propensity among comparison units; 0 when none was fitted.
    logit : ndarray of float64, shape (p,), optional
        Coefficients of the propensity.
    """

    att: Floats
    overlap: float
    logit: Floats | None = None


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
    if len(arms.x_control) == 1:
        return _difference_of_means(d_treated, d_control, arms)
    share_t = arms.w_treated / arms.w_treated.sum()
    x_t, x_c = arms.x_treated, arms.x_control
    beta = np.zeros((len(d_control), len(x_c)))
    inverse = None
    if method != "ipw":
        weighted = x_c * arms.w_control
        inverse = invert_gram(weighted @ x_c.T)
        beta = (d_control @ weighted.T) @ inverse
    mean_x = x_t @ share_t
    mean_t = d_treated @ share_t - beta @ mean_x
    of_treated = [(-beta, x_t * share_t), (-mean_t[:, None], share_t[None, :])]
    if method == "reg":
        loading = arms.w_control * ((inverse @ mean_x) @ x_c)
        _become(d_treated, share_t, of_treated)
        _become(d_control, -loading, [(beta, x_c * loading)])
        return Contrast(mean_t, 0.0)
    fitted = fit_propensity(arms)
    w_c = arms.w_control * fitted.odds
    w_c /= w_c.sum()
    x_w = x_c * w_c
    mean_w = x_c @ w_c
    mean_c = d_control @ w_c - beta @ mean_w
    slope = d_control @ x_w.T - beta @ (x_w @ x_c.T) - np.outer(mean_c, mean_w)
    loading = -w_c
    if inverse is not None:
        loading = loading + arms.w_control * ((inverse @ (mean_w - mean_x)) @ x_c)
    _become(d_treated, share_t, [*of_treated, (-slope, fitted.score_treated)])
    _become(d_control, loading, [(-beta, x_c * loading), (mean_c[:, None], w_c[None, :]),
                                 (-slope, fitted.score_control)])  # fmt: skip
    return Contrast(mean_t - mean_c, fitted.overlap, fitted.logit)


def _become(changes: Floats, scale: Floats, parts: list[tuple[Floats, Floats]]) -> None:
    """Make of changes (k, n) ``changes * scale`` plus products of (k, q) and (q, n), in place."""
    left = np.concatenate([coefficient for coefficient, _ in parts], axis=1)
    changes *= scale
    changes += left @ np.concatenate([rows for _, rows in parts])


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
    """A fitted logit: odds (n_c,), scores times inverse information (p, n_t) and (p, n_c)."""

    odds: Floats
    score_treated: Floats
    score_control: Floats
    overlap: float
    logit: Floats


def fit_propensity(arms: Arms) -> Propensity:
    """Fit the weighted logit of being treated by Newton's method.

    Raises
    ------
    CollinearError, SeparatedError
        The information matrix is singular; a propensity reaches 0.999.
    """
    from scipy.special import expit  # scipy.special alone; a third faster than numpy's tanh

    x = np.concatenate([arms.x_treated, arms.x_control], axis=1)
    n_treated = arms.x_treated.shape[1]
    w = np.concatenate([arms.w_treated, arms.w_control])
    wanted = x[:, :n_treated] @ arms.w_treated
    beta = arms.guess
    if beta is None:
        beta = np.zeros(len(x))
        beta[0] = np.log(arms.w_treated.sum() / arms.w_control.sum())  # x is centred near zero
    for _ in range(MAX_STEPS):
        p = expit(beta @ x)
        p_w = p * w
        information = (x * (p_w * (1.0 - p))) @ x.T
        try:
            step = _solve(information, wanted - x @ p_w)
        except CollinearError as trouble:
            if p.max() >= NO_OVERLAP:  # propensities of zero and one inform of nothing
                raise SeparatedError from trouble
            raise
        beta = beta + step
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    else:
        raise SeparatedError
    p = expit(beta @ x)
    if (p * (w > 0)).max() >= NO_OVERLAP:
        raise SeparatedError
    p_w = p * w
    inverse = invert_gram((x * (p_w * (1.0 - p))) @ x.T)
    p_w[:n_treated] -= arms.w_treated
    score = inverse @ (x * -p_w)
    p_control = p[n_treated:]
    odds = p_control / (1 - p_control)
    overlap = float((p_control * (arms.w_control > 0)).max())
    return Propensity(odds, score[:, :n_treated], score[:, n_treated:], overlap, beta)


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
