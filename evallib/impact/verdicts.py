"""Verdict: what an estimate allows one to say, from its interval, its power and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from evallib.errors import SchemaError
from evallib.findings import Finding
from evallib.i18n import text
from evallib.impact.checks import PRE_TREND_ALPHA, pre_trend_test

if TYPE_CHECKING:
    from evallib.impact.effect import Effect

Code: TypeAlias = Literal["works", "no_effect", "may_harm", "inconclusive"]
# errors too uncertain to claim anything from them
BLOCKING = ("impact.few_treated_clusters", "impact.one_cluster_alone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What may be said.

    Parameters
    ----------
    code : {"works", "no_effect", "may_harm", "inconclusive"}
        The verdict.
    reasons : tuple of Finding
        Why, the deciding reason first.
    mde : float
        Size of effect that matters or that could be seen, in units of the outcome.
    pre_trend_p : float
        p value of the test before the start; NaN when there was none.
    """

    code: Code
    reasons: tuple[Finding, ...]
    mde: float
    pre_trend_p: float

    def label(self, language: str = "th") -> str:
        """Return the words of the verdict.

        Examples
        --------
        >>> Verdict(code="works", reasons=(), mde=1.0, pre_trend_p=0.5).label()
        'ได้ผล'
        """
        return text(f"verdict.{self.code}", language)


def verdict(
    effect: Effect,
    *,
    mde: float,
    pre_trend_p: float | None = None,
    better: Literal["higher", "lower"] = "higher",
) -> Verdict:
    """Judge an effect.

    In this order: no usable interval, differing trends before the start, or fewer than five
    treated clusters give *inconclusive*. An interval wholly on the bad side gives *may_harm*.
    An interval below the size that matters, and above its negative, gives *no_effect*, also when
    it is wholly but barely on the good side. Otherwise an interval wholly on the good side gives
    *works*, and all else *inconclusive*.

    Parameters
    ----------
    effect : Effect
        The estimate; its interval decides.
    mde : float
        The smallest effect that matters, or that the design can see
        (``minimum_detectable_effect``); positive, in units of the outcome.
    pre_trend_p : float, optional
        p value of the test before the start; None takes it from ``effect``.
    better : {"higher", "lower"}
        Which direction of the outcome is good.

    Returns
    -------
    Verdict
        Under a true null *works* needs the interval to miss zero on the good side: at a level of
        95 % at most 2.5 % of quarters when the interval holds its level.

    Raises
    ------
    SchemaError
        ``impact.bad_mde``, ``impact.unknown_choice``.

    Examples
    --------
    >>> from evallib.impact import Effect
    >>> effect = Effect(estimand="ATT", method="estimate_did", outcome="y", estimate=3.0,
    ...                 std_error=0.5, ci_low=2.0, ci_high=4.0)
    >>> verdict(effect, mde=1.0, pre_trend_p=0.6).code
    'works'
    >>> verdict(effect, mde=1.0, pre_trend_p=0.01).code
    'inconclusive'
    """
    if not (np.isfinite(mde) and mde > 0):
        raise SchemaError("impact.bad_mde", found=repr(mde))
    if better not in ("higher", "lower"):
        raise SchemaError(
            "impact.unknown_choice", name="better", found=repr(better), known="higher, lower"
        )
    p = pre_trend_test(effect).p_value if pre_trend_p is None else float(pre_trend_p)
    low, high = effect.ci_low, effect.ci_high
    if better == "lower":
        low, high = -high, -low
    code, reason = _decide(effect, (low, high), mde, p)
    interval = f"[{effect.ci_low:.4g}, {effect.ci_high:.4g}]"
    reasons = [Finding(f"verdict.because_{reason}", "info", "", interval)]
    if reason == "pre_trends":
        reasons = [Finding("verdict.because_pre_trends", "warning", "", f"{p:.4f}")]
    if np.isnan(p):
        reasons.append(Finding("verdict.pre_trends_untested", "warning"))
    reasons += [f for f in effect.findings if f.severity != "info"]
    return Verdict(code=code, reasons=tuple(reasons), mde=float(mde), pre_trend_p=p)


def _decide(
    effect: Effect, interval: tuple[float, float], mde: float, p: float
) -> tuple[Code, str]:
    """Return the verdict and its reason for an interval whose good side is the positive one."""
    low, high = interval
    blocked = any(f.code in BLOCKING or f.severity == "error" for f in effect.findings)
    rules: tuple[tuple[bool, Code, str], ...] = (
        (not (np.isfinite(low) and np.isfinite(high)), "inconclusive", "no_interval"),
        (p < PRE_TREND_ALPHA, "inconclusive", "pre_trends"),
        (blocked, "inconclusive", "support"),
        (high < 0, "may_harm", "harm"),
        (-mde < low and high < mde, "no_effect", "too_small"),
        (low > 0, "works", "benefit"),
    )
    return next(((code, why) for holds, code, why in rules if holds), ("inconclusive", "wide"))
