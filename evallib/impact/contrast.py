r"""The doubly robust comparison of two groups of units, for many outcome changes at once.

Estimates come with *contributions*: numbers c_i, one a unit, with estimate - truth = sum of c_i
to first order. They are influence functions divided by the sample size, so that standard errors,
clusters, aggregates and bootstraps need only sums of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from evallib.impact.gram import invert_gram
from evallib.impact.propensity import fit_propensity

if TYPE_CHECKING:
    from evallib.impact.columns import Floats
    from evallib.impact.propensity import Arms

Method: TypeAlias = Literal["dr", "reg", "ipw"]


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
    slope = slope @ fitted.inverse
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
