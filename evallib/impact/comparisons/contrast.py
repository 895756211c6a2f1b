r"""The doubly robust comparison of two groups of units, for many outcome changes at once.

Estimates come with *contributions*: numbers c_i, one a unit, with estimate - truth = sum of c_i
to first order. They are influence functions divided by the sample size, so that standard errors,
clusters, aggregates and bootstraps need only sums of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from evallib.impact.arrays.gram import invert_gram
from evallib.impact.comparisons.propensity import fit_propensity

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.comparisons.propensity import Arms

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
    if len(arms.x) == 1:
        return _difference_of_means(d_treated, d_control, arms)
    (x_t, x_c), (w_t, w_c) = arms.split(arms.x), arms.split(arms.w)
    share_t = w_t / w_t.sum()
    beta = np.zeros((len(d_control), len(x_c)))
    inverse = None
    if method != "ipw":
        weighted = x_c * w_c
        inverse = invert_gram(weighted @ x_c.T)
        beta = (d_control @ weighted.T) @ inverse
    mean_x = x_t @ share_t
    mean_t = d_treated @ share_t - beta @ mean_x
    if method == "reg":
        loading = w_c * ((inverse @ mean_x) @ x_c)
        _become(d_treated, share_t, x_t, [(-beta, share_t)], -mean_t, share_t)
        _become(d_control, -loading, x_c, [(beta, loading)])
        return Contrast(mean_t, 0.0)
    fitted = fit_propensity(arms)
    odds = w_c * fitted.odds
    odds /= odds.sum()
    x_w = x_c * odds
    mean_w = x_c @ odds
    mean_c = d_control @ odds - beta @ mean_w
    slope = d_control @ x_w.T - beta @ (x_w @ x_c.T) - np.outer(mean_c, mean_w)
    slope = slope @ fitted.inverse
    loading = -odds
    if inverse is not None:
        loading += w_c * ((inverse @ (mean_w - mean_x)) @ x_c)
    surprise_t, surprise_c = arms.split(fitted.surprise)
    _become(d_treated, share_t, x_t, [(-beta, share_t), (-slope, surprise_t)], -mean_t, share_t)
    _become(d_control, loading, x_c, [(-beta, loading), (-slope, surprise_c)], mean_c, odds)
    return Contrast(mean_t - mean_c, fitted.overlap, fitted.logit)


def _become(
    changes: Floats,
    scale: Floats,
    x: Floats,
    parts: list[tuple[Floats, Floats]],
    mean: Floats | None = None,
    weight: Floats | None = None,
) -> None:
    """Make contributions of changes (k, n), in place.

    They are ``changes * scale``, plus for each of ``parts`` its coefficients (k, p) @ x (p, n)
    times its weights (n,), plus ``mean`` (k,) times ``weight`` (n,): one product of two arrays.
    """
    p = len(x)
    rows = np.empty((len(parts) * p + (mean is not None), x.shape[1]))
    left = [coefficient for coefficient, _ in parts]
    for i, (_, weights) in enumerate(parts):
        np.multiply(x, weights, out=rows[i * p : (i + 1) * p])
    if mean is not None:
        rows[-1] = weight
        left.append(mean[:, None])
    changes *= scale
    changes += np.concatenate(left, axis=1) @ rows


def _difference_of_means(d_treated: Floats, d_control: Floats, arms: Arms) -> Contrast:
    """Without covariates all three methods are the difference of mean changes."""
    w_t, w_c = (w / w.sum() for w in arms.split(arms.w))
    mean_t, mean_c = d_treated @ w_t, d_control @ w_c
    d_treated -= mean_t[:, None]
    d_treated *= w_t
    d_control -= mean_c[:, None]
    d_control *= -w_c
    return Contrast(mean_t - mean_c, 0.0)
