"""The doubly robust comparison of two groups in two periods when units are not followed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from evallib.impact.contrast import Arms, CollinearError, fit_propensity, invert_gram

if TYPE_CHECKING:
    from evallib.impact.columns import Flags, Floats
    from evallib.impact.contrast import Method


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """Rows of one comparison, m of them.

    Parameters
    ----------
    y, weight : ndarray of float64, shape (m,)
    x : ndarray of float64, shape (m, p)
        Covariates with a leading one.
    treated, after : ndarray of bool, shape (m,)
        Group and period of a row.
    """

    y: Floats
    weight: Floats
    x: Floats
    treated: Flags
    after: Flags


def stack(parts: list[Sections]) -> Sections:
    """Return the rows of several periods as one."""
    return Sections(*(
        np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Sections)
    ))  # fmt: skip


def contrast_sections(rows: Sections, *, method: Method) -> tuple[float, Floats, float]:
    r"""Return the effect, the contribution of each row (m,) and the largest propensity.

    Sant'Anna and Zhao (2020), ``drdid_rc`` (dr, the locally efficient one), ``reg_did_rc`` (reg)
    and ``std_ipw_did_rc`` (ipw) of the R package DRDID. The effect is a sum of weighted means;
    each mean adds its own deviations, and each regression and the propensity add their scores
    times the slope of the effect in them.

    Raises
    ------
    CollinearError, SeparatedError
        The caller knows the cohort and makes of it a DesignError.
    """
    groups = {
        (treated, after): (rows.treated == treated) & (rows.after == after)
        for treated in (True, False) for after in (True, False)
    }  # fmt: skip
    total = _Total(rows)
    fits = {}
    if method != "ipw":
        wanted = groups if method == "dr" else {k: v for k, v in groups.items() if not k[0]}
        fits = {key: _regress(rows, at) for key, at in wanted.items()}
    overlap = 0.0
    odds = np.zeros(len(rows.y))
    if method != "reg" and rows.x.shape[1] > 1:
        at_t, at_c = np.flatnonzero(rows.treated), np.flatnonzero(~rows.treated)
        fitted = fit_propensity(
            Arms(rows.x[at_t], rows.x[at_c], rows.weight[at_t], rows.weight[at_c])
        )
        odds[at_c], overlap = fitted.odds, fitted.overlap
        score = np.zeros_like(rows.x)
        score[at_t], score[at_c] = fitted.score_treated, fitted.score_control
    elif method != "reg":
        odds[~rows.treated] = 1.0
        score = np.zeros_like(rows.x)
    for after, sign in ((True, 1.0), (False, -1.0)):
        mean_t, mean_d = rows.weight * groups[True, after], rows.weight * rows.treated
        control = fits[False, after] if fits else None
        expected = control.expected if control else np.zeros(len(rows.y))
        if method == "reg":
            total.add_mean(sign, mean_t, rows.y)
            total.add_mean(-sign, mean_d, expected, control)
            continue
        total.add_mean(sign, mean_t, rows.y - expected, control, -1.0)
        weigh = rows.weight * odds * groups[False, after]
        slope = total.add_mean(-sign, weigh, rows.y - expected, control, -1.0)
        total.contribution += -sign * (score @ slope)
        if method == "dr":
            surplus = fits[True, after].expected - expected
            for scale, mean in ((sign, mean_d), (-sign, mean_t)):
                total.add_mean(scale, mean, surplus, fits[True, after])
                total.add_slope(scale, mean, control, -1.0)
    return total.effect, total.contribution, overlap


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A regression: what it expects of every row (m,), and scores of its own rows (m, p)."""

    expected: Floats
    score: Floats


def _regress(rows: Sections, at: Flags) -> _Fit:
    """Fit the outcome to the covariates of some rows."""
    if at.sum() < rows.x.shape[1]:
        raise CollinearError
    x = rows.x[at]
    weighed = x * rows.weight[at][:, None]
    inverse = invert_gram(weighed.T @ x)
    beta = inverse @ (weighed.T @ rows.y[at])
    score = np.zeros_like(rows.x)
    score[at] = (weighed * (rows.y[at] - x @ beta)[:, None]) @ inverse
    return _Fit(rows.x @ beta, score)


class _Total:
    """A sum of weighted means and what each row adds to its error."""

    def __init__(self, rows: Sections) -> None:
        self.x, self.effect = rows.x, 0.0
        self.contribution = np.zeros(len(rows.y))

    def add_mean(
        self, scale: float, weight: Floats, values: Floats, fit: _Fit | None = None,
        sign: float = 1.0,
    ) -> Floats:  # fmt: skip
        """Add a mean; ``values`` hold ``sign`` times what ``fit`` expects. Return d mean / d logit.

        The slope is that of weights that are odds of the propensity.
        """
        mean = float(weight @ values / weight.sum())
        apart = weight * (values - mean) / weight.sum()
        self.effect += scale * mean
        self.contribution += scale * apart
        if fit is not None:
            self.add_slope(scale, weight, fit, sign)
        slope: Floats = apart @ self.x
        return slope

    def add_slope(self, scale: float, weight: Floats, fit: _Fit | None, sign: float) -> None:
        """Add what the fit of a regression adds to the error of a mean of its expectations."""
        if fit is not None:
            self.contribution += scale * sign * (fit.score @ (weight @ self.x / weight.sum()))
