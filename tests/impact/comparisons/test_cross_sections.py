"""estimate_staggered(panel=False): repeated cross-sections and R's reading of gaps."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.impact import Design, Effect, estimate_staggered
from tests.simulations import limits, repeated

Simulate = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def gappy(mpdta: pd.DataFrame) -> pd.DataFrame:
    """Return mpdta without a tenth of its rows; ``row`` tells every row apart."""
    left = mpdta.rename(columns={"first.treat": "g"}).sample(frac=0.9, random_state=1)
    left = left.sort_values(["countyreal", "year"], ignore_index=True)
    return left.assign(row=np.arange(1, len(left) + 1))


def theirs(frame: pd.DataFrame, unit: str, covariate: str, **call: object) -> tuple[float, float]:
    """Return the simple average and its error from csdid, which ports R's did."""
    att_gt = pytest.importorskip("csdid.att_gt", reason="csdid is not installed")
    options = {"method": call.pop("method"), "control": call.pop("control")}
    control = {"never_treated": "nevertreated", "not_yet_treated": "notyettreated"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        fit = att_gt.ATTgt(
            yname="lemp", tname="year", idname=unit, gname="g", data=frame.copy(),
            control_group=control[options["control"]], xformla=f"lemp ~ {covariate or 1}", **call,
        ).fit(est_method=options["method"], bstrap=False)  # fmt: skip
        found = fit.aggte(typec="simple", bstrap=False, cband=False).atte
    return float(found["overall_att"]), float(found["overall_se"])


def ours(frame: pd.DataFrame, unit: str, covariate: str, **call: object) -> Effect:
    roles = Design(outcome="lemp", unit=unit, time="year", cohort="g",
                   covariates=[covariate] if covariate else [])  # fmt: skip
    return estimate_staggered(frame, roles, panel=False, **call)


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("covariate", ["", "lpop"])
@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
@pytest.mark.parametrize("followed", [True, False])
def test_equals_csdid(
    gappy: pd.DataFrame, followed: bool, method: str, covariate: str, control: str
) -> None:
    unit = "countyreal" if followed else "row"
    call = {"panel": True, "allow_unbalanced_panel": True} if followed else {"panel": False}
    found = ours(gappy, unit, covariate, method=method, control=control)
    expected = theirs(gappy, unit, covariate, method=method, control=control, **call)
    assert found.estimate == pytest.approx(expected[0], abs=1e-8)
    assert found.std_error == pytest.approx(expected[1], abs=1e-8)
    assert "impact.gaps" not in {f.code for f in found.findings}


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_a_balanced_panel_gives_the_numbers_of_a_panel(mpdta: pd.DataFrame, method: str) -> None:
    frame = mpdta.rename(columns={"first.treat": "g"})
    sections = ours(frame, "countyreal", "", method=method)
    roles = Design(outcome="lemp", unit="countyreal", time="year", cohort="g")
    panel = estimate_staggered(frame, roles, method=method)
    assert sections.estimate == pytest.approx(panel.estimate, abs=1e-12)
    assert sections.std_error == pytest.approx(panel.std_error, abs=1e-12)


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_errors_equal_the_infinitesimal_jackknife(simulate: Simulate, method: str) -> None:
    frame = simulate(n_units=28, n_periods=4, seed=3).assign(row=lambda f: np.arange(len(f)))
    frame["q"] = 0.4 * frame["x"] + np.sin(frame.index)
    roles = Design(outcome="y", unit="row", time="t", cohort="cohort", covariates=["q"],
                   weights="w")  # fmt: skip
    frame["w"] = 1.0 + 0.5 * np.cos(frame.index)
    found = estimate_staggered(frame, roles, method=method, panel=False)
    step, slopes = 1e-4, []
    for row in frame.index:
        moved = [
            estimate_staggered(frame.assign(w=frame["w"].mask(frame.index == row, w)), roles,
                               method=method, panel=False).estimate
            for w in (frame["w"][row] + step, frame["w"][row] - step)
        ]  # fmt: skip
        slopes.append(frame["w"][row] * (moved[0] - moved[1]) / (2 * step))
    assert found.std_error == pytest.approx(np.sqrt(np.square(slopes).sum()), rel=1e-5)


def test_a_group_that_is_missing_in_a_period_leaves_cells_out(gappy: pd.DataFrame) -> None:
    hole = gappy[~((gappy["g"] == 2004) & (gappy["year"] == 2006))]
    found = ours(hole, "row", "")
    assert "2004, 2006" in {f.where for f in found.findings if f.code == "impact.empty_cell"}


@repeated(60, 400)
def test_intervals_cover(simulate: Simulate, runs: int) -> None:
    hit = 0
    roles = Design(outcome="y", unit="row", time="t", cohort="cohort", cluster="cluster")
    for seed in range(runs):
        frame = simulate(n_units=148, n_clusters=37, by_cluster=True, seed=seed)
        frame = frame.sample(frac=0.5, random_state=seed)
        found = estimate_staggered(
            frame.assign(row=np.arange(len(frame))), roles, panel=False, method="reg"
        )
        hit += found.ci_low <= 1.0 <= found.ci_high
    low, high = limits(0.93, 0.975, share=0.95, measured=400, runs=runs)
    assert low <= hit / runs <= high
