"""Errors of comparisons when clusters are few: by definition, by regression, by simulation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from evallib.impact import (
    Design,
    Effect,
    check_pre_trends,
    estimate_did,
    estimate_imputation,
    estimate_staggered,
    estimate_twoway,
    verdict,
)
from evallib.impact.inference.leverage import Leverage
from tests.simulations import limits, repeated

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")


def way(effect: Effect, name: str) -> pd.Series:
    """Return one row of other inference."""
    named = effect.alternatives[effect.alternatives["kind"] == "inference"].set_index("name")
    return named.loc[name]


def two_periods(simulate: Simulate, **call: object) -> pd.DataFrame:
    frame = simulate(n_units=45, n_clusters=9, n_periods=6, n_treated_clusters=4, **call)
    return frame[frame["t"].isin([3, 4])]


def test_cr2_and_cr3_are_those_of_the_regression_of_changes(simulate: Simulate) -> None:
    frame = two_periods(simulate)
    found = estimate_did(frame, ROLES)
    same = estimate_twoway(frame, ROLES)  # whose errors R clubSandwich has told
    assert found.estimate == pytest.approx(same.estimate, abs=1e-12)
    assert (found.se_type, same.se_type) == ("cr2", "cr2")
    assert found.std_error == pytest.approx(same.std_error, rel=1e-9)
    for name in ("cr2", "cr3"):
        assert way(found, name)["std_error"] == pytest.approx(
            way(same, name)["std_error"], rel=1e-9
        )
    assert way(found, "cr2")["ci_high"] == pytest.approx(found.ci_high, abs=1e-12)
    n = 2 * 45
    assert way(found, "cr1")["std_error"] == pytest.approx(
        way(same, "cr1")["std_error"] * ((n - 3) / (n - 1)) ** 0.5, rel=1e-9
    )


def test_cr3_is_the_jackknife_of_clusters(simulate: Simulate) -> None:
    frame = two_periods(simulate, seed=2)
    found = estimate_did(frame, ROLES)
    without = [estimate_did(frame[frame["cluster"] != g], ROLES).estimate for g in range(9)]
    assert way(found, "cr3")["std_error"] == pytest.approx(
        np.sqrt(np.square(np.array(without) - found.estimate).sum()), rel=1e-9
    )


def test_degrees_of_freedom_are_their_definition() -> None:
    rng = np.random.default_rng(1)
    share = rng.dirichlet(np.ones(7), size=3).T
    share[:, 2] = [0, 0, 0, 0, 0, 0.4, 0.6]
    variance, leverage = rng.uniform(size=(4, 3)), Leverage(share)
    factor = (1 - share) ** -0.5
    for row, df in zip(variance, leverage.df(variance), strict=True):
        m = sum(
            v * np.outer(f, f) * (np.diag(h) - np.outer(h, h))
            for v, f, h in zip(row, factor.T, share.T, strict=True)
        )
        assert df == pytest.approx(np.trace(m) ** 2 / np.square(m).sum(), rel=1e-10)
        assert np.trace(m) == pytest.approx(row.sum(), rel=1e-12)  # unbiased


def test_bootstrap_of_all_sign_vectors_is_its_definition(simulate: Simulate) -> None:
    frame = two_periods(simulate, seed=5)
    found = estimate_did(frame, ROLES, draws=99)
    wide = frame.pivot(index="unit", columns="t", values="y")
    change = (wide[4] - wide[3]).to_numpy()
    of_unit = frame.drop_duplicates("unit").set_index("unit")
    on, cluster = of_unit["cohort"].notna().to_numpy(), of_unit["cluster"].to_numpy()
    means = np.array([change[~on].mean(), change[on].mean()])
    deviation = (change - means[on.astype(int)]) / np.where(on, on.sum(), (~on).sum())
    of_arm = np.array([np.square(deviation[on == arm]).sum() for arm in (False, True)])

    def p_value(null: float) -> float:
        moved = means + [1, -1] * of_arm / of_arm.sum() * (means[1] - means[0] - null)
        residual, beyond = change - moved[on.astype(int)], []
        observed = abs(means[1] - means[0] - null) / np.sqrt(
            np.square(np.bincount(cluster, np.where(on, deviation, -deviation))).sum()
        )
        for code in range(2**9):
            sign = 1.0 - 2.0 * (code >> np.arange(9) & 1)
            y = residual * sign[cluster]
            mean = np.array([y[~on].mean(), y[on].mean()])
            left = (y - mean[on.astype(int)]) * np.where(on, 1 / on.sum(), -1 / (~on).sum())
            size = np.sqrt(np.square(np.bincount(cluster, left)).sum())
            beyond.append(abs(mean[1] - mean[0]) / max(size, 1e-300) >= observed * (1 - 1e-9))
        return float(np.mean(beyond))

    row = way(found, "bootstrap")
    assert row["p_value"] == pytest.approx(p_value(0.0), abs=1e-12)
    assert p_value(row["ci_high"] - 1e-4) > 0.05 >= p_value(row["ci_high"] + 1e-4)
    assert p_value(row["ci_low"] + 1e-4) > 0.05 >= p_value(row["ci_low"] - 1e-4)


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
def test_randomisation_is_every_way_to_choose_clusters(simulate: Simulate, control: str) -> None:
    frame = simulate(n_units=24, n_clusters=6, n_treated_clusters=2, seed=3)
    found = estimate_staggered(frame, ROLES, draws=99, control=control)
    sizes = []
    for chosen in combinations(range(6), 2):
        given = np.where(frame["cluster"].isin(chosen), 4.0, np.nan)
        sizes.append(abs(estimate_staggered(frame.assign(cohort=given), ROLES).estimate))
    at_least = np.mean(np.array(sizes) >= abs(found.estimate) - 1e-9)
    assert way(found, "randomisation")["p_value"] == pytest.approx(at_least, abs=1e-12)


def test_ways_that_do_not_apply_are_left_out(simulate: Simulate) -> None:
    within = simulate(n_units=40, n_clusters=8)  # starts differ within clusters: nothing by lot
    names = estimate_staggered(within, ROLES, draws=99).alternatives["name"].tolist()
    assert names[4:] == ["cr1", "cr2", "cr3", "bootstrap"]
    plain = Design(outcome="y", unit="unit", time="t", cohort="cohort")
    assert estimate_staggered(within, plain).alternatives["name"].tolist() == names[:4]
    many = simulate(n_units=80, n_clusters=40)
    assert estimate_staggered(many, ROLES).se_type == "cluster"
    assert way(estimate_staggered(many, ROLES), "cr1")["std_error"] == pytest.approx(
        estimate_staggered(many, ROLES).std_error, rel=1e-12
    )


def test_another_summary_does_not_keep_inference_of_the_first(simulate: Simulate) -> None:
    found = estimate_staggered(simulate(n_units=40, n_clusters=8), ROLES, draws=99)
    assert "cr3" in found.aggregate("simple").alternatives["name"].tolist()
    assert found.aggregate("event").alternatives["kind"].unique().tolist() == ["aggregation"]
    assert found.aggregate("event").aggregate("group").estimate == found.aggregate("group").estimate


def test_a_cohort_in_one_cluster_is_named_and_nothing_is_concluded(simulate: Simulate) -> None:
    frame = simulate(n_units=60, n_clusters=12, n_treated_clusters=3, effect=9.0)
    first = frame.loc[frame["cohort"].notna(), "cluster"].min()
    frame.loc[frame["cluster"] == first, "cohort"] = 3.0
    some = estimate_staggered(frame, ROLES)
    assert [f.where for f in some.findings if f.code == "impact.cohort_in_one_cluster"] == ["3"]
    alone = frame[frame["cohort"].isna() | frame["cluster"].isin(
        sorted(frame.loc[frame["cohort"].notna(), "cluster"].unique())[:2])]  # fmt: skip
    for estimate in (estimate_staggered, estimate_imputation):
        found = estimate(alone, ROLES)
        assert "impact.one_cluster_alone" in [f.code for f in found.findings]
        assert verdict(found, mde=1.0, pre_trend_p=0.5).code == "inconclusive"
        assert not set(found.alternatives["name"]) & {"cr2", "cr3", "bootstrap"}


@repeated(60, 400)
@pytest.mark.parametrize(
    ("estimate", "covariates"),
    [(estimate_staggered, ()), (estimate_staggered, ("x",)), (estimate_imputation, ())],
)
def test_intervals_cover_with_six_clusters(
    simulate: Simulate, estimate: Callable[..., Effect], covariates: tuple[str, ...], runs: int
) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster",
                   covariates=covariates)  # fmt: skip
    inside = []
    for seed in range(runs):
        frame = simulate(n_units=60, n_clusters=6, n_periods=5, n_treated_clusters=3,
                         cluster_sd=1.0, seed=seed)  # fmt: skip
        found = estimate(frame, roles)
        naive, rows = way(found, "cr1"), way(found, "cr2")
        assert rows["ci_low"] == pytest.approx(found.ci_low, abs=1e-9)
        usual = abs(naive["estimate"] - 1.0) <= 1.96 * naive["std_error"]
        inside.append((found.ci_low <= 1.0 <= found.ci_high, usual))
    honest, naive_share = np.mean(inside, axis=0)
    low, high = limits(0.92, 0.98, share=0.95, measured=400, runs=runs)
    assert low <= honest <= high
    tellable = limits(0.0, 0.88, share=0.88, measured=400, runs=runs)[1]
    assert naive_share < min(tellable, honest)  # so that the test can tell them apart


@repeated(60, 400)
def test_bootstrap_keeps_its_level_with_six_clusters(simulate: Simulate, runs: int) -> None:
    rejected = 0
    for seed in range(runs):
        frame = simulate(n_units=36, n_clusters=6, n_periods=5, n_treated_clusters=3,
                         cluster_sd=1.0, effect=0.0, seed=seed)  # fmt: skip
        found = estimate_staggered(frame, ROLES, draws=1)
        rejected += way(found, "bootstrap")["p_value"] <= 0.1
    low, high = limits(0.06, 0.14, share=0.1, measured=400, runs=runs)
    assert low <= rejected / runs <= high


def test_leads_are_the_regression_of_untreated_rows(simulate: Simulate) -> None:
    frame = simulate(n_units=50, n_periods=6, n_clusters=40, seed=1)
    frame["cohort"] = frame["cohort"] + 2  # starts 5 and 6
    frame = frame.sample(frac=0.9, random_state=1)
    found = estimate_imputation(frame, ROLES, leads=2)
    free = frame[~(frame["t"] >= frame["cohort"])]
    lead = np.column_stack([free["t"] - free["cohort"] == e for e in (-2, -1)])
    dummies = [pd.get_dummies(free["unit"]), pd.get_dummies(free["t"]).iloc[:, 1:]]
    x = np.column_stack([lead, *dummies]).astype(float)
    beta = np.linalg.lstsq(x, free["y"], rcond=None)[0]
    error = free["y"] - x @ beta
    score = np.linalg.pinv(x)[:2] * error.to_numpy()
    sums = np.column_stack([np.bincount(free["cluster"], row, 40) for row in score])
    used = len(np.unique(free["cluster"]))
    rows = found.effects.loc[["event|-2", "event|-1"]]
    assert rows["estimate"].tolist() == pytest.approx(beta[:2].tolist(), abs=1e-9)
    expected = np.sqrt(used / (used - 1) * np.square(sums).sum(axis=0))
    assert rows["std_error"].tolist() == pytest.approx(expected.tolist(), rel=1e-8)
    assert found.estimate == estimate_imputation(frame, ROLES, leads=0).estimate


def test_leads_tell_trends_that_differ(simulate: Simulate) -> None:
    frame = simulate(n_units=80, n_periods=8, n_clusters=40, cluster_sd=0.0, effect=0.0)
    frame["cohort"] = frame["cohort"] + 3
    agree = estimate_imputation(frame, ROLES)
    assert agree.effects.loc[agree.effects["event_time"] < 0, "event_time"].tolist() == [-3, -2, -1]
    assert [f.code for f in check_pre_trends(agree)] == ["impact.pre_trends_agree"]
    drifting = frame.assign(y=frame["y"] + 0.8 * frame["t"] * frame["cohort"].notna())
    assert [f.code for f in check_pre_trends(estimate_imputation(drifting, ROLES))] == [
        "impact.pre_trends_differ"
    ]


def test_leads_that_nothing_comes_before_are_fewer_or_refused(simulate: Simulate) -> None:
    from evallib.errors import DesignError

    frame = simulate(n_units=40)
    frame = frame[frame["cohort"].ne(4)]  # start 3: two periods before
    found = estimate_imputation(frame, ROLES)
    assert found.effects["event_time"].min() == -1
    with pytest.raises(DesignError) as refused:
        estimate_imputation(frame, ROLES, leads=2)
    assert refused.value.code == "impact.too_many_leads"


def test_bands_of_regressions_and_imputation_hold_event_times_jointly(simulate: Simulate) -> None:
    frame = simulate(n_units=80, n_clusters=40, seed=4)
    for found in (estimate_imputation(frame, ROLES, draws=499),
                  estimate_twoway(frame, ROLES, form="event", draws=499),
                  estimate_twoway(frame, ROLES, form="sun_abraham", draws=499)):  # fmt: skip
        events = found.effects[found.effects["level"] == "event"].dropna(subset="std_error")
        assert (events["band_low"] < events["ci_low"]).all()
        assert (events["band_high"] > events["ci_high"]).all()
        assert (events["p_adjusted"] >= events["p_value"]).all()
        assert found == Effect.from_dict(found.to_dict())
    alone = estimate_twoway(frame, ROLES, draws=99)
    assert alone.effects["band_low"].isna().all()
