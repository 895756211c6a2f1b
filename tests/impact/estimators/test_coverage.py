"""estimate_staggered: errors by brute force, coverage of intervals and bands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.impact import Design, Effect, estimate_staggered
from tests.simulations import limits, repeated, slack

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort")
CLUSTERED = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")


def rows(effect: Effect, level: str) -> pd.DataFrame:
    return effect.effects[effect.effects["level"] == level]


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("gaps", [False, True])
def test_errors_are_those_of_the_infinitesimal_jackknife(
    simulate: Simulate, method: str, control: str, gaps: bool
) -> None:
    # the derivative of every estimate in the weight of every unit, summed within clusters
    frame = simulate(n_units=64, n_periods=5, n_clusters=32)
    if gaps:
        frame = frame[np.random.default_rng(3).random(len(frame)) > 0.1]
    design = Design(
        outcome="y", unit="unit", time="t", cohort="cohort",
        cluster="cluster", covariates=("x", "z"), weights="w",
    )  # fmt: skip
    call = {"method": method, "control": control}
    effect = estimate_staggered(frame, design, **call)
    step, slopes = 1e-5, []
    for unit in range(64):
        moved = [
            estimate_staggered(
                frame.assign(w=frame["w"] * np.where(frame["unit"] == unit, 1 + sign * step, 1)),
                design, **call,
            ).effects["estimate"]
            for sign in (1, -1)
        ]  # fmt: skip
        slopes.append((moved[0] - moved[1]) / (2 * step))
    clusters = frame.drop_duplicates("unit").sort_values("unit")["cluster"].to_numpy()
    sums = pd.DataFrame(slopes).groupby(clusters).sum()
    brute = np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))

    known = effect.effects["std_error"].notna()
    assert effect.effects.loc[known, "std_error"].tolist() == pytest.approx(
        brute[known].tolist(), rel=1e-5
    )
    full = sums.T @ sums * len(sums) / (len(sums) - 1)
    np.testing.assert_allclose(effect.vcov, full, rtol=1e-4, atol=1e-8)


def test_clusters_of_one_unit_change_nothing(simulate: Simulate) -> None:
    frame = simulate()
    same = frame.assign(cluster="c" + frame["unit"].astype(str))
    pd.testing.assert_frame_equal(
        estimate_staggered(same, CLUSTERED).effects, estimate_staggered(frame, ROLES).effects
    )


def test_a_cell_with_gaps_rests_on_the_units_seen_in_both_periods(simulate: Simulate) -> None:
    frame = simulate()
    frame = frame[np.random.default_rng(1).random(len(frame)) > 0.15]
    effect = estimate_staggered(frame, CLUSTERED)
    pair = frame[frame["t"].isin([2, 5]) & (frame["cohort"].isna() | (frame["cohort"] == 3))]
    both = pair.groupby("unit")["t"].transform("size") == 2
    alone = estimate_staggered(pair[both], CLUSTERED)

    cell = effect.effects.loc["group_time|3|5"]
    assert cell["estimate"] == pytest.approx(alone.estimate, abs=1e-12)
    missing = 120 * 6 - len(frame)
    assert ("impact.gaps", f"{missing}/720") in [(f.code, f.value) for f in effect.findings]
    assert effect.sample["rows"].tolist() == [len(frame), len(frame)]


@repeated(60, 600)
@pytest.mark.parametrize("by_cluster", [False, True])
def test_intervals_cover_the_truth_with_37_clusters(
    simulate: Simulate, by_cluster: bool, runs: int
) -> None:
    covered = []
    for seed in range(runs):
        frame = simulate(n_units=290, n_clusters=37, by_cluster=by_cluster, seed=seed)
        effect = estimate_staggered(frame, CLUSTERED)
        covered.append(effect.ci_low <= 1.0 <= effect.ci_high)

    assert np.mean(covered) == pytest.approx(0.95, abs=slack(0.95, runs))


@repeated(60, 400)
def test_bands_cover_all_event_times_jointly(simulate: Simulate, runs: int) -> None:
    inside, pointwise = [], []
    for seed in range(runs):
        frame = simulate(n_units=148, n_clusters=37, seed=seed)
        events = rows(estimate_staggered(frame, CLUSTERED, draws=299, seed=seed), "event")
        truth = (events["event_time"] >= 0).astype(float)
        inside.append(((events["band_low"] <= truth) & (truth <= events["band_high"])).all())
        pointwise.append(((events["ci_low"] <= truth) & (truth <= events["ci_high"])).all())

    assert np.mean(inside) == pytest.approx(0.95, abs=slack(0.95, runs))
    assert np.mean(pointwise) < 0.9  # so that the test can tell bands from intervals


@repeated(60, 400)
def test_bands_cover_jointly_where_few_clusters_are_treated(simulate: Simulate, runs: int) -> None:
    inside = []
    for seed in range(runs):
        frame = simulate(n_units=111, n_clusters=37, n_periods=5, by_cluster=True, cluster_sd=1.0,
                         seed=7000 + seed)  # fmt: skip
        events = rows(estimate_staggered(frame, CLUSTERED, draws=299, seed=seed), "event")
        truth = (events["event_time"] >= 0).astype(float)
        inside.append(((events["band_low"] <= truth) & (truth <= events["band_high"])).all())
    low, high = limits(0.92, 0.98, share=0.95, measured=400, runs=runs)
    assert low <= np.mean(inside) <= high
