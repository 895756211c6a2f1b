"""The doubly robust comparison of two groups in two periods when units are not followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.impact.arrays.gram import CollinearError, invert_gram
from evallib.impact.comparisons.contrast import Contrast
from evallib.impact.comparisons.propensity import Arms, fit_propensity

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.comparisons.contrast import Method


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Rows of one group in one period, m of them.

    Parameters
    ----------
    y, weight : ndarray of float64, shape (m,)
    x : ndarray of float64, shape (p, m)
        Covariates, the first of them a one.
    """

    y: Floats
    weight: Floats
    x: Floats


def contrast_sections(
    treated_after: Section,
    control_after: Section,
    treated_before: Section,
    control_before: Section,
    *,
    method: Method,
) -> tuple[Contrast, list[Floats]]:
    r"""Return the effect and the contributions of the rows of each section, in their order.

    Sant'Anna and Zhao (2020), ``drdid_rc`` (dr, the locally efficient one), ``reg_did_rc`` (reg)
    and ``std_ipw_did_rc`` (ipw) of the R package DRDID. The effect is a sum of weighted means;
    each mean adds its own deviations, and each regression and the propensity add their scores
    times the slope of the effect in them.

    Raises
    ------
    CollinearError, SeparatedError
        The caller knows the cohort and makes of it a DesignError.
    """
    sections = [treated_after, control_after, treated_before, control_before]
    total = _Total(sections)
    fits: dict[int, _Fit] = {}
    if method != "ipw":
        fits = {k: _regress(sections[k], k) for k in range(4) if k % 2 or method == "dr"}
    odds, overlap = [np.ones(len(s.y)) for s in sections], 0.0
    scores: list[Floats] = []
    if method != "reg" and len(control_after.x) > 1:
        odds, scores, overlap = _propensity(sections)
    for sign, t, c in ((1.0, 0, 1), (-1.0, 2, 3)):
        everyone = [(0, treated_after.weight), (2, treated_before.weight)]
        mine, control = [(t, sections[t].weight)], fits.get(c)
        if method == "reg":
            total.add(sign, mine, [(1.0, None)])
            total.add(-sign, everyone, [(1.0, control)], outcome=False)
            continue
        total.add(sign, mine, [(-1.0, control)])
        weighed = [(c, sections[c].weight * odds[c])]
        slope = total.add(-sign, weighed, [(-1.0, control)])
        for k, score in enumerate(scores):
            total.added[k] -= sign * (slope @ score)
        if method == "dr":
            surplus = [(1.0, fits[t]), (-1.0, control)]
            total.add(sign, everyone, surplus, outcome=False)
            total.add(-sign, mine, surplus, outcome=False)
    return Contrast(np.array([total.effect]), overlap), total.added


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A regression: coefficients (p,), its section, and scores of its rows (p, m)."""

    beta: Floats
    section: int
    score: Floats


def _regress(section: Section, k: int) -> _Fit:
    """Fit the outcome to the covariates of a section."""
    if len(section.y) < len(section.x):
        raise CollinearError
    weighed = section.x * section.weight
    inverse = invert_gram(weighed @ section.x.T)
    beta = inverse @ (weighed @ section.y)
    weighed *= section.y - beta @ section.x
    return _Fit(beta, k, inverse @ weighed)


def _propensity(sections: list[Section]) -> tuple[list[Floats], list[Floats], float]:
    """Return odds and scores of the rows of each section; odds of the treated are not used."""
    order, cut_t = (0, 2, 1, 3), len(sections[0].y)
    n_treated = cut_t + len(sections[2].y)
    x, w = (np.concatenate([getattr(sections[k], name) for k in order], axis=-1)
            for name in ("x", "weight"))  # fmt: skip
    arms = Arms(x, w, n_treated)
    fitted = fit_propensity(arms)
    cut_c = len(sections[1].y)
    score_t, score_c = arms.split(fitted.inverse @ (x * fitted.surprise))
    odds = [w[:cut_t], fitted.odds[:cut_c], w[cut_t:n_treated], fitted.odds[cut_c:]]
    scores = [score_t[:, :cut_t], score_c[:, :cut_c], score_t[:, cut_t:], score_c[:, cut_c:]]
    return odds, scores, fitted.overlap


class _Total:
    """A sum of weighted means, and what each row adds to its error."""

    def __init__(self, sections: list[Section]) -> None:
        self.sections, self.effect = sections, 0.0
        self.added = [np.zeros(len(section.y)) for section in sections]

    def add(
        self,
        scale: float,
        weights: list[tuple[int, Floats]],
        fits: list[tuple[float, _Fit | None]],
        *,
        outcome: bool = True,
    ) -> Floats:
        """Add a mean of outcomes (or not) and of what regressions expect, over some sections.

        Returns the slope (p,) of the mean in the logit, where weights are odds of it.
        """
        size = sum(float(weight.sum()) for _, weight in weights)
        values = []
        for k, _ in weights:
            value = self.sections[k].y if outcome else np.zeros(len(self.sections[k].y))
            for sign, fit in fits:
                if fit is not None:
                    value = value + sign * (fit.beta @ self.sections[k].x)
            values.append(value)
        mean = sum(float(w @ v) for (_, w), v in zip(weights, values, strict=True)) / size
        self.effect += scale * mean
        slope = np.zeros(len(self.sections[0].x))
        of_x = np.zeros_like(slope)
        for (k, weight), value in zip(weights, values, strict=True):
            apart = weight * ((value - mean) / size)
            self.added[k] += scale * apart
            slope += self.sections[k].x @ apart
            of_x += self.sections[k].x @ weight / size
        for sign, fit in fits:
            if fit is not None:
                self.added[fit.section] += scale * sign * (of_x @ fit.score)
        return slope
