"""Several effects at once: Romano and Wolf, bands from the same draws, balanced event times."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import DesignError, SchemaError
from evallib.impact import Design, adjust_p_values, estimate_staggered
from evallib.impact.inference.spread import holm, romano_wolf
from tests.simulations import repeated, slack

Simulate = Callable[..., pd.DataFrame]


def step_down(t: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Walk through the hypotheses from the largest t, in loops."""
    left, out, last = list(np.argsort(-t, kind="stable")), np.empty(len(t)), 0.0
    while left:
        first = left[0]
        beyond = sum(max(row[j] for j in left) >= t[first] for row in drawn)
        last = max(last, (1 + beyond) / (1 + len(drawn)))
        out[first] = last
        left.pop(0)
    return out


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 40))
def test_romano_wolf_equals_its_definition(seed: int, r: int, draws: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = np.abs(rng.normal(size=(draws, r))).round(1)
    t = np.abs(rng.normal(size=r) * 2).round(1)
    assert romano_wolf(t, drawn) == pytest.approx(step_down(t, drawn))


def test_adjusted_p_values_know_what_tests_have_in_common(simulate: Simulate) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    frame = simulate(effect=0.6, seed=3)
    drawn = estimate_staggered(frame, roles, draws=1999)
    plain = estimate_staggered(frame, roles)
    rows = drawn.effects["level"] == "event"
    p, adjusted = (drawn.effects.loc[rows, c] for c in ("p_value", "p_adjusted"))
    assert (adjusted >= p).all()
    assert plain.effects.loc[rows, "p_adjusted"].to_numpy() == pytest.approx(holm(p.to_numpy()))
    # what Romano and Wolf gain over Holm, but for the error of the draws
    assert (adjusted <= holm(p.to_numpy()) + 0.02).all()


@repeated(60, 300)
def test_at_most_five_per_cent_of_families_hold_a_false_rejection(
    simulate: Simulate, runs: int
) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    wrong = 0
    for seed in range(runs):
        frame = simulate(n_units=111, n_clusters=37, by_cluster=True, effect=0.0, seed=seed)
        effects = estimate_staggered(frame, roles, draws=399, seed=seed).effects
        wrong += (effects.loc[effects["level"] == "event", "p_adjusted"] < 0.05).any()
    assert wrong / runs <= 0.05 + slack(0.05, runs)


@pytest.mark.parametrize("balance", [0, 1, 2])
def test_balanced_event_times_equal_csdid(mpdta: pd.DataFrame, balance: int) -> None:
    att_gt = pytest.importorskip("csdid.att_gt", reason="csdid is not installed")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        theirs = att_gt.ATTgt(
            yname="lemp", tname="year", idname="countyreal", gname="first.treat",
            data=mpdta.copy(), control_group="nevertreated", xformla="lemp ~ lpop",
        ).fit(est_method="dr", bstrap=False).aggte(
            typec="dynamic", balance_e=balance, bstrap=False, cband=False).atte  # fmt: skip
    roles = Design(outcome="lemp", unit="countyreal", time="year", cohort="first.treat",
                   covariates=["lpop"])  # fmt: skip
    found = estimate_staggered(mpdta, roles, balance=balance).aggregate("event")
    assert found.estimate == pytest.approx(float(theirs["overall_att"]), abs=1e-8)
    assert found.std_error == pytest.approx(float(theirs["overall_se"]), abs=1e-6)
    rows = found.effects[found.effects["level"] == "event"]
    assert rows["event_time"].tolist() == list(theirs["egt"])
    assert rows["estimate"].tolist() == pytest.approx(list(theirs["att_egt"]), abs=1e-8)


def test_a_balance_that_nobody_reaches_is_refused(simulate: Simulate) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort")
    with pytest.raises(DesignError) as refused:
        estimate_staggered(simulate(), roles, balance=9)
    assert refused.value.code == "impact.balance_too_long"
    with pytest.raises(SchemaError):
        estimate_staggered(simulate(), roles, balance=-1)


def test_p_values_of_several_effects_are_those_of_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(2)
    p = pd.Series(rng.uniform(size=30) ** 3, index=[f"o{i}" for i in range(30)], name="p")
    p.iloc[[3, 17]] = np.nan
    known = p.dropna()
    for method, theirs in (("holm", "holm"), ("bh", "fdr_bh")):
        adjusted = adjust_p_values(p, method=method)
        assert adjusted.index.equals(p.index)
        assert adjusted[known.index].to_numpy() == pytest.approx(
            multipletests(known.to_numpy(), method=theirs)[1], abs=1e-12
        )
        assert adjusted[["o3", "o17"]].isna().all()
    assert adjust_p_values([]).empty
    assert adjust_p_values([np.nan], method="bh").isna().all()


@pytest.mark.parametrize("wrong", [{"p_values": [0.5, 1.2]}, {"p_values": [0.5], "method": "rw"}])
def test_what_is_no_p_value_is_refused(wrong: dict) -> None:
    with pytest.raises(SchemaError):
        adjust_p_values(**wrong)
