"""The world: whole amphoe, several cohorts, and an effect that anyone can work out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evallib.demo.truth.outcomes import effect_at, income_panel
from evallib.demo.truth.world import NEVER, build_world
from evallib.places import area


def difference(y: np.ndarray, cohort: np.ndarray, start: int, t: int) -> float:
    """Change of a cohort since the quarter before it started, less that of the never treated."""
    change = y[:, t] - y[:, start - 1]
    return float(change[cohort == start].mean() - change[cohort == NEVER].mean())


@pytest.mark.parametrize("fraction", [0.02, 0.1, 0.4])
def test_small_worlds_keep_whole_amphoe_of_all_provinces(fraction: float) -> None:
    world = build_world(2565, fraction)
    assert sorted(world.tambons["province_code"].unique()) == ["90", "94", "95", "96"]
    assert set(np.unique(world.cohort)) == {NEVER, *range(4, 10)}
    full = area().groupby("amphoe_code").size()
    kept = world.tambons.groupby("amphoe_code").size()
    pd.testing.assert_series_equal(kept, full[kept.index])
    assert abs(len(world.tambons) / 290 - fraction) < 0.12


def test_worlds_of_other_seeds_differ() -> None:
    one, two = build_world(1, 1.0), build_world(2, 1.0)
    assert len(one.tambons) == len(two.tambons) == 290
    assert (one.cohort != two.cohort).mean() > 0.3


def test_effect_is_what_a_simple_difference_finds_without_noise() -> None:
    world = build_world(2565, 1.0)
    y = income_panel(world, noise=0.0)
    for start in range(4, 10):
        found = [difference(y, world.cohort, start, t) for t in range(12)]
        expected = [100.0 + 60.0 * (t - start) if t >= start else 0.0 for t in range(12)]
        assert found == pytest.approx(expected, abs=1e-8)  # exact but for rounding of sums


def test_nobody_anticipates_and_noise_is_centred() -> None:
    world = build_world(2565, 1.0)
    noise = income_panel(world) - income_panel(world, noise=0.0)
    treated = world.cohort != NEVER
    assert abs(noise[treated].mean() - noise[~treated].mean()) < 4 * 560 / 290**0.5
    lagged = np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1]
    assert lagged == pytest.approx(0.5, abs=0.08)  # a little less: amphoe shocks do not last


def test_the_poorer_are_treated_more_often() -> None:
    world = build_world(2565, 1.0)
    treated = world.cohort != NEVER
    assert world.level[treated].mean() < world.level[~treated].mean() - 500


def test_truth_tells_the_effects_and_the_cohorts(demo) -> None:
    effects = demo.truth("effects").astype({"event_time": int, "effect": float})
    assert effects["effect"].tolist() == effect_at(effects["event_time"].to_numpy()).tolist()
    assert effects.groupby("cohort").size().to_dict() == {
        "2564-Q1": 8, "2564-Q2": 7, "2564-Q3": 6, "2564-Q4": 5, "2565-Q1": 4, "2565-Q2": 3,
    }  # fmt: skip
    assert set(demo.truth("cohorts")["cohort"]) == {"", *effects["cohort"]}


@pytest.mark.slow
def test_the_year_is_detectable_and_one_province_in_a_quarter_is_usually_not() -> None:
    world = build_world(2565, 1.0)
    province = world.tambons["province_code"].to_numpy()
    pooled, single = [], []
    for seed in range(200):
        y = income_panel(replace(world, seed=seed))
        weights, found = zip(
            *(((world.cohort == g).sum(), difference(y, world.cohort, g, t))
              for g in range(4, 10) for t in range(max(g, 8), 12)), strict=True,
        )  # fmt: skip
        pooled.append(np.average(found, weights=weights))
        row = []
        for code in ("90", "94", "95", "96"):
            here = province == code
            row.append(
                np.mean([difference(y[here], world.cohort[here], g, 10) for g in range(4, 10)])
            )
        single.append(row)
    estimates = np.array(single)

    assert np.mean(pooled) / np.std(pooled) > 3
    assert np.mean(pooled) == pytest.approx(290, abs=4 * np.std(pooled) / 200**0.5)
    assert (estimates / estimates.std(axis=0) > 1.96).mean() < 0.5
