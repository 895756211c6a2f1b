"""Minimum detectable effects: the mission's figures, closed forms, and simulated power."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evallib.errors import SchemaError
from evallib.impact import PowerDesign, minimum_detectable_effect

YALA = {"n_treated": 17, "n_control": 41}  # 30 % of 58 tambons
AREA = {"n_treated": 87, "n_control": 203}  # 30 % of 290


@pytest.mark.parametrize(
    ("units", "quarters", "autocorrelation", "published"),
    [
        (YALA, 1, 0.3, 0.77), (YALA, 1, 0.7, 0.50),
        (YALA, 4, 0.3, 0.49), (YALA, 4, 0.7, 0.32),
        (AREA, 4, 0.3, 0.21), (AREA, 4, 0.7, 0.14),
    ],
)  # fmt: skip
def test_figures_of_the_mission(
    units: dict[str, int], quarters: int, autocorrelation: float, published: float
) -> None:
    # all six follow from four quarters before and t with clusters - 2 degrees of freedom
    design = PowerDesign(
        **units, periods_pre=4, periods_post=quarters, autocorrelation=autocorrelation
    )
    assert round(minimum_detectable_effect(design), 2) == published


def test_one_period_before_and_after_is_the_textbook_formula() -> None:
    design = PowerDesign(n_treated=30, n_control=30, autocorrelation=0.4)
    t = stats.t(58)
    by_hand = (t.ppf(0.975) + t.ppf(0.8)) * np.sqrt(2 * (1 - 0.4)) * np.sqrt(2 / 30)
    assert minimum_detectable_effect(design) == pytest.approx(by_hand, rel=1e-12)
    assert minimum_detectable_effect(design, sd=250.0) == pytest.approx(250 * by_hand, rel=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.9])
def test_change_variance_is_mckenzies(rho: float) -> None:
    design = PowerDesign(**YALA, periods_pre=3, periods_post=5, autocorrelation=rho)
    assert design.change_variance == pytest.approx((1 / 3 + 1 / 5) * (1 - rho), rel=1e-12)


def test_clusters_cost_the_design_effect_and_degrees_of_freedom() -> None:
    alone = PowerDesign(n_treated=60, n_control=60)
    grouped = PowerDesign(n_treated=60, n_control=60, cluster_size=6, intracluster=0.2)
    ratio = minimum_detectable_effect(grouped) / minimum_detectable_effect(alone)
    t = {df: stats.t(df).ppf(0.975) + stats.t(df).ppf(0.8) for df in (18, 118)}
    assert ratio == pytest.approx(np.sqrt(1 + 5 * 0.2) * t[18] / t[118], rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["constant", "ar1"])
def test_power_at_that_effect_is_as_asked(shape: str) -> None:
    design = PowerDesign(
        n_treated=24, n_control=36, periods_pre=3, periods_post=2, autocorrelation=0.6,
        shape=shape, cluster_size=3, intracluster=0.3,
    )  # fmt: skip
    effect = minimum_detectable_effect(design)
    rng, runs = np.random.default_rng(0), 4000
    distance = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    over_time = np.linalg.cholesky(
        0.6 ** (np.minimum(distance, 1) if shape == "constant" else distance)
    )
    within = np.linalg.cholesky(np.full((3, 3), 0.3) + 0.7 * np.eye(3))
    raw = rng.normal(size=(runs, 20, 3, 5))
    y = np.einsum("ij,rcjt,st->rcis", within, raw, over_time)
    change = y[..., 3:].mean(-1) - y[..., :3].mean(-1)
    means = change.mean(-1)
    means[:, :8] += effect
    found = stats.ttest_ind(means[:, :8], means[:, 8:], axis=1).pvalue < 0.05

    assert found.mean() == pytest.approx(0.8, abs=3 * (0.8 * 0.2 / runs) ** 0.5 + 0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_treated": 1}, {"n_control": 0}, {"periods_pre": 0}, {"periods_post": 0},
        {"autocorrelation": 1.0}, {"autocorrelation": float("nan")}, {"intracluster": -0.1},
        {"cluster_size": 0.5}, {"cluster_size": 25}, {"shape": "wavy"},
    ],
)  # fmt: skip
def test_senseless_designs_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SchemaError) as refused:
        PowerDesign(**{**YALA, **wrong})  # type: ignore[arg-type]
    assert refused.value.values["name"] == next(iter(wrong))


@pytest.mark.parametrize("wrong", [{"sd": 0.0}, {"alpha": 1.0}, {"power": 0.3}])
def test_senseless_tests_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SchemaError):
        minimum_detectable_effect(PowerDesign(**YALA), **wrong)
