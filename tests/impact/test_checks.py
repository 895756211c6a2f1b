"""Pre-trend tests: other software's statistic, and a size that holds with few clusters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.impact import Design, check_pre_trends, estimate_staggered, pre_trend_test
from tests.simulations import repeated, slack

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
COUNTY = Design(outcome="lemp", unit="countyreal", time="year", cohort="first.treat")


def test_statistic_equals_other_software(mpdta: pd.DataFrame) -> None:
    test = pre_trend_test(estimate_staggered(mpdta, COUNTY), level="group_time")

    # moderndid 0.2.0: W 7.791236627200242, chi-square p .16812 with 5 restrictions; ours is F
    assert test.statistic == pytest.approx(7.791236627200242, abs=1e-8)
    assert test.df == 5
    assert 100 < test.n_clusters <= 500
    assert 0.16812 < test.p_value < 0.20  # F with some hundred effective clusters


def test_statistic_by_hand(simulate: Simulate) -> None:
    effect = estimate_staggered(simulate(), ROLES)
    before = effect.effects.query("level == 'event' and event_time < 0")
    v = effect.vcov.loc[before.index, before.index].to_numpy()
    wald = before["estimate"].to_numpy() @ np.linalg.inv(v) @ before["estimate"].to_numpy()

    assert len(before) == 2  # event times -2 and -1: starts 3 and 4 after period 1
    assert pre_trend_test(effect).statistic == pytest.approx(wald, rel=1e-9)


def test_universal_base_leaves_the_reference_out(simulate: Simulate) -> None:
    effect = estimate_staggered(simulate(), ROLES, base="universal")
    assert pre_trend_test(effect).df == 2


def test_anticipation_periods_are_not_tested(simulate: Simulate) -> None:
    effect = estimate_staggered(simulate(), ROLES, anticipation=1)
    assert (effect.effects["event_time"] == -1).any()
    assert pre_trend_test(effect).df == 1


def test_a_trend_is_found_and_no_trend_is_reported_as_agreeing(simulate: Simulate) -> None:
    flat = simulate(cluster_sd=0.0)
    drift = flat.assign(y=flat["y"] + 2 * flat["t"] * flat["cohort"].notna())
    found = [check_pre_trends(estimate_staggered(f, ROLES))[0] for f in (flat, drift)]

    assert [(f.code, f.severity) for f in found] == [
        ("impact.pre_trends_agree", "info"),
        ("impact.pre_trends_differ", "warning"),
    ]
    assert float(found[1].value) < 0.001


def test_no_period_to_test_is_said(simulate: Simulate) -> None:
    late = simulate()
    late = late[(late["t"] >= 3) & (late["cohort"] != 3)]
    effect = estimate_staggered(late, ROLES)
    assert np.isnan(pre_trend_test(effect).p_value)
    assert check_pre_trends(effect)[0].code == "impact.pre_trends_untested"


def test_more_periods_than_clusters_cannot_be_tested(simulate: Simulate) -> None:
    frame = simulate(n_units=24, n_periods=8, n_clusters=4, n_treated_clusters=2)
    frame = frame.assign(cohort=frame["cohort"] + 3)  # six periods before 7, four clusters
    effect = estimate_staggered(frame, ROLES)
    assert check_pre_trends(effect)[0].code == "impact.pre_trends_untested"


def test_unknown_level_is_refused(simulate: Simulate) -> None:
    with pytest.raises(SchemaError):
        pre_trend_test(estimate_staggered(simulate(), ROLES), level="calendar")


@repeated(100, 400)
@pytest.mark.parametrize("n_treated", [None, 5])
def test_size_holds_with_37_clusters(simulate: Simulate, n_treated: int | None, runs: int) -> None:
    effects = [
        estimate_staggered(
            simulate(n_units=148, n_clusters=37, n_treated_clusters=n_treated, seed=seed), ROLES
        )
        for seed in range(runs)
    ]
    rejected = np.mean([pre_trend_test(e).p_value < 0.05 for e in effects])
    assert rejected <= 0.05 + slack(0.05, runs)
    assert rejected > 0.01  # a test that never rejects has no use
