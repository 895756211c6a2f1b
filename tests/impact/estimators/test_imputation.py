"""estimate_imputation and estimate_did: other software, brute force, simulation, refusals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DesignError, SchemaError
from evallib.impact import Design, Effect, estimate_did, estimate_imputation, estimate_staggered
from tests.simulations import limits, repeated

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort")


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("covariates", [(), ("q",)])
def test_equals_diff_diff(simulate: Simulate, gaps: bool, covariates: tuple[str, ...]) -> None:
    peer = pytest.importorskip("diff_diff")
    frame = simulate(seed=1).sample(frac=0.9 if gaps else 1.0, random_state=0)
    frame["q"] = np.sin(np.arange(len(frame)))
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=covariates)
    found = estimate_imputation(frame, roles)
    other = peer.ImputationDiD().fit(
        frame.assign(g=frame["cohort"].fillna(0)), "y", "unit", "t", "g",
        covariates=list(covariates) or None,
    )  # fmt: skip
    assert found.estimate == pytest.approx(other.overall_att, abs=1e-8)
    assert found.std_error == pytest.approx(other.overall_se, rel=1e-8)


@pytest.mark.parametrize("weights", [None, "w"])
def test_equals_its_definition_in_loops(simulate: Simulate, weights: str | None) -> None:
    frame = simulate(n_units=30, seed=4).sample(frac=0.85, random_state=3).reset_index(drop=True)
    frame["q"] = np.cos(np.arange(len(frame)))
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=["q"],
                   weights=weights, cluster="cluster")  # fmt: skip
    found = estimate_imputation(frame, roles)
    w = np.ones(len(frame)) if weights is None else frame["w"].to_numpy()
    on = (frame["t"] >= frame["cohort"]).to_numpy()
    z = np.column_stack([pd.get_dummies(frame["unit"]), pd.get_dummies(frame["t"]).iloc[:, 1:],
                         frame["q"]]).astype(float)  # fmt: skip
    keep = z[~on].any(axis=0)
    root = np.sqrt(w[~on])[:, None]
    free = np.linalg.pinv(z[~on][:, keep] * root) * root.T
    load = free.T @ z[on][:, keep].T  # (free rows, treated rows)
    gap = frame["y"].to_numpy()[on] - load.T @ frame["y"].to_numpy()[~on]
    weight = w[on] / w[on].sum()
    assert found.estimate == pytest.approx(weight @ gap, abs=1e-9)
    residual = frame["y"].to_numpy()[~on] - z[~on][:, keep] @ (free @ frame["y"].to_numpy()[~on])
    cells = frame.loc[on, ["cohort", "t"]].apply(tuple, axis=1)
    means = {c: np.average(gap[(cells == c)], weights=weight[cells == c] ** 2)
             for c in cells.unique()}  # fmt: skip
    parts = pd.Series(0.0, sorted(frame["cluster"].unique()))
    for value, cluster in zip(-(load @ weight) * residual, frame.loc[~on, "cluster"], strict=True):
        parts[cluster] += value
    rest = weight * (gap - np.array([means[c] for c in cells]))
    for value, cluster in zip(rest, frame.loc[on, "cluster"], strict=True):
        parts[cluster] += value
    g = len(parts)
    expected = np.sqrt(g / (g - 1) * np.square(parts).sum())
    assert found.std_error == pytest.approx(expected, rel=1e-9)


def test_anticipation_and_account(simulate: Simulate) -> None:
    frame = simulate(n_units=40, seed=2)
    frame = frame[~((frame["unit"] == 5) & (frame["t"] < 5))]
    frame.loc[frame["unit"] == 5, "cohort"] = 4.0
    found = estimate_imputation(frame, ROLES)
    assert {f.code for f in found.findings} >= {"impact.units_without_baseline"}
    account = found.sample.set_index("step")["rows"]
    assert account["read"] == account["dropped"] + account["used"]
    later = estimate_imputation(frame, ROLES, anticipation=1)
    assert later.estimate != found.estimate
    assert later.sample.set_index("step").loc["used", "rows"] < account["used"]


def test_a_dose_that_is_not_used_is_told(simulate: Simulate) -> None:
    frame = simulate(n_units=30, seed=2)
    frame["baht"] = np.where(frame["t"] >= frame["cohort"], 300_000.0, 0.0)
    dosed = Design(outcome="y", unit="unit", time="t", cohort="cohort", dose="baht")
    for estimate in (estimate_imputation, estimate_staggered):
        plain, told = estimate(frame, ROLES), estimate(frame, dosed)
        assert (told.estimate, told.std_error) == (plain.estimate, plain.std_error)
        assert [f.where for f in told.findings if f.code == "impact.dose_unused"] == ["baht"]


def test_nothing_changes_with_order_labels_or_input(simulate: Simulate) -> None:
    frame = simulate(n_units=30, seed=7)
    before, first = frame.copy(), estimate_imputation(frame, ROLES)
    for changed in (frame.sample(frac=1, random_state=1),
                    frame.assign(unit="ต" + frame["unit"].astype(str))):  # fmt: skip
        again = estimate_imputation(changed, ROLES)
        assert again.estimate == pytest.approx(first.estimate, abs=1e-12)
        assert again.std_error == pytest.approx(first.std_error, abs=1e-12)
    pd.testing.assert_frame_equal(frame, before)
    assert Effect.from_dict(first.to_dict()) == first


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: f.assign(cohort=np.nan), "nobody_treated"),
        (lambda f: f.assign(cohort=1), "no_untreated_rows"),
        (lambda f: f.assign(y=f["y"].mask(f.index == 3)), "not_finite"),
        (lambda f: f.assign(z=1.0), "collinear"),
        (lambda f: pd.concat([f, f.iloc[3:5]]), "double_cells"),
        (lambda f: f.assign(cohort=f["cohort"].mask(f.index == 3, 5.0)), "cohort_changes"),
    ],
)
def test_what_is_refused(simulate: Simulate, change, code: str) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=["z"])
    frame = simulate(n_units=12, n_clusters=4)
    frame["z"] = np.sin(frame.index)
    with pytest.raises(DesignError) as refused:
        estimate_imputation(change(frame), roles)
    if code == "collinear":
        assert "z repeats other columns" in refused.value.message("en")
    assert refused.value.code == f"impact.{code}"


def test_treatment_that_ends_and_bad_arguments_are_refused(simulate: Simulate) -> None:
    frame = simulate(n_units=12, n_clusters=4)
    ends = frame.assign(on=(frame["t"] == 4).astype(int) * (frame["unit"] < 6))
    with pytest.raises(DesignError) as refused:
        estimate_imputation(ends, Design(outcome="y", unit="unit", time="t", treated="on"))
    assert refused.value.code == "impact.treatment_ends"
    assert "0, 1, 2" in refused.value.message("en")
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    with pytest.raises(DesignError) as refused:
        estimate_imputation(frame.assign(cluster=(frame["cluster"] + frame["t"]) % 3), roles)
    assert refused.value.code == "impact.split_cluster"
    assert "0, 1, 2" in refused.value.message("en")
    with pytest.raises(SchemaError):
        estimate_imputation(frame, ROLES, leads=-1)
    with pytest.raises(SchemaError):
        estimate_imputation(frame, ROLES, anticipation=-1)
    with pytest.raises(SchemaError):
        estimate_imputation(frame, ROLES, level=0)


@repeated(60, 500)
def test_intervals_cover(simulate: Simulate, runs: int) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    hit = 0
    for seed in range(runs):
        frame = simulate(n_units=111, n_clusters=37, n_periods=5, by_cluster=True, seed=seed)
        found = estimate_imputation(frame, roles)
        hit += found.ci_low <= 1.0 <= found.ci_high
    low, high = limits(0.93, 0.975, share=0.95, measured=500, runs=runs)
    assert low <= hit / runs <= high


def test_did_is_the_kernel_with_one_start(simulate: Simulate) -> None:
    frame = simulate(seed=3)
    one = frame[frame["cohort"] != 3].assign(on=lambda f: (f["t"] >= f["cohort"]).astype(int))
    found = estimate_did(one, Design(outcome="y", unit="unit", time="t", treated="on",
                                     covariates=["x"]))  # fmt: skip
    kernel = estimate_staggered(one, Design(outcome="y", unit="unit", time="t", cohort="cohort",
                                            covariates=["x"]))  # fmt: skip
    assert (found.estimate, found.std_error) == (kernel.estimate, kernel.std_error)
    assert found.method == "estimate_did"
    wide = one.groupby(["unit", "cohort"], dropna=False)
    change = wide.apply(lambda f: f.loc[f["t"] >= 4, "y"].mean() - f.loc[f["t"] == 3, "y"].mean())
    treated = change.index.get_level_values("cohort").notna()
    plain = estimate_did(one, Design(outcome="y", unit="unit", time="t", treated="on"))
    assert plain.estimate == pytest.approx(change[treated].mean() - change[~treated].mean())
    with pytest.raises(DesignError) as refused:
        estimate_did(frame, ROLES)
    assert refused.value.code == "impact.several_starts"
