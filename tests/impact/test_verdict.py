"""verdict: a table of decisions, and how rarely it says that nothing works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.findings import Finding
from evallib.impact import Design, Effect, estimate_staggered, verdict
from tests.simulations import repeated

if TYPE_CHECKING:
    from collections.abc import Callable

NAN = float("nan")
# (interval, better, pre-trend p) -> verdict, deciding reason; the size that matters is 1
DECISIONS = [
    ((0.5, 2.0), "higher", 0.5, "works", "benefit"),
    ((2.0, 9.0), "higher", NAN, "works", "benefit"),
    ((0.1, 0.9), "higher", 0.5, "no_effect", "too_small"),
    ((-0.9, 0.9), "higher", 0.5, "no_effect", "too_small"),
    ((-0.5, 1.5), "higher", 0.5, "inconclusive", "wide"),
    ((-3.0, 0.5), "higher", 0.5, "inconclusive", "wide"),
    ((-3.0, -0.1), "higher", 0.5, "may_harm", "harm"),
    ((-0.4, -0.1), "higher", 0.5, "may_harm", "harm"),
    ((-3.0, -0.5), "lower", 0.5, "works", "benefit"),
    ((0.5, 3.0), "lower", 0.5, "may_harm", "harm"),
    ((0.5, 2.0), "higher", 0.04, "inconclusive", "pre_trends"),
    ((-3.0, -0.5), "higher", 0.04, "inconclusive", "pre_trends"),
    ((NAN, NAN), "higher", 0.5, "inconclusive", "no_interval"),
    ((0.0, 2.0), "higher", 0.5, "inconclusive", "wide"),
]
LABELS = {
    "works": "ได้ผล",
    "no_effect": "ไม่ได้ผลอย่างที่คาด",
    "may_harm": "อาจมีผลเสีย",
    "inconclusive": "ยังสรุปไม่ได้",
}


def effect_with(interval: tuple[float, float], *findings: Finding) -> Effect:
    low, high = interval
    return Effect(
        estimand="ATT", method="m", outcome="y", estimate=(low + high) / 2,
        ci_low=low, ci_high=high, findings=findings,
    )  # fmt: skip


@pytest.mark.parametrize(("interval", "better", "p", "code", "reason"), DECISIONS)
def test_decisions(
    interval: tuple[float, float], better: str, p: float, code: str, reason: str
) -> None:
    said = verdict(effect_with(interval), mde=1.0, pre_trend_p=p, better=better)
    assert said.code == code
    assert said.reasons[0].code == f"verdict.because_{reason}"
    assert said.label() == LABELS[code]
    assert all("{" not in r.message(lang) for r in said.reasons for lang in ("th", "en"))


def test_untested_trends_are_said() -> None:
    said = verdict(effect_with((0.5, 2.0)), mde=1.0)
    assert said.code == "works"
    assert said.reasons[1] == Finding("verdict.pre_trends_untested", "warning")


def test_few_treated_clusters_conclude_nothing() -> None:
    weak = Finding("impact.few_treated_clusters", "warning", "", "3")
    said = verdict(effect_with((0.5, 2.0), weak), mde=1.0, pre_trend_p=0.5)
    assert said.code == "inconclusive"
    assert weak in said.reasons


@pytest.mark.parametrize("mde", [0.0, -1.0, NAN, float("inf")])
def test_a_size_that_matters_is_needed(mde: float) -> None:
    with pytest.raises(SchemaError):
        verdict(effect_with((0.5, 2.0)), mde=mde)


@repeated(60, 500)
@pytest.mark.parametrize("by_cluster", [False, True])
def test_works_is_rare_when_nothing_works(
    simulate: Callable[..., pd.DataFrame], by_cluster: bool, runs: int
) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    said = []
    for seed in range(runs):
        frame = simulate(n_units=290, n_clusters=37, effect=0.0, by_cluster=by_cluster, seed=seed)
        said.append(verdict(estimate_staggered(frame, roles), mde=0.2).code)
    share = pd.Series(said).value_counts(normalize=True)

    assert share.get("works", 0.0) <= 0.05
    assert share.get("may_harm", 0.0) <= 0.05
    assert share.get("no_effect", 0.0) + share.get("inconclusive", 0.0) >= 0.9


@pytest.mark.slow
def test_works_is_said_when_a_project_works(simulate: Callable[..., pd.DataFrame]) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    said = [
        verdict(
            estimate_staggered(simulate(n_units=290, n_clusters=37, seed=s), roles), mde=0.5
        ).code
        for s in range(60)
    ]
    assert np.mean([code == "works" for code in said]) > 0.85  # pre-trends block 5 %
