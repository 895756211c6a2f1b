"""estimate_staggered: by hand, invariance, account of rows, findings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.impact import Design, Effect, estimate_staggered

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort")
CLUSTERED = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")


def rows(effect: Effect, level: str) -> pd.DataFrame:
    return effect.effects[effect.effects["level"] == level]


def test_two_by_two_by_hand() -> None:
    # changes: treated 5 and 4, comparison 1 and 2; deviations of .5 over 2 units each
    frame = pd.DataFrame(
        {
            "unit": list("aabbccdd"),
            "t": [1, 2] * 4,
            "cohort": [2.0] * 4 + [np.nan] * 4,
            "y": [10.0, 15.0, 12.0, 16.0, 10.0, 11.0, 9.0, 11.0],
        }
    )
    effect = estimate_staggered(frame, ROLES)

    assert effect.estimate == pytest.approx(4.5 - 1.5, abs=1e-12)
    assert effect.std_error == pytest.approx((4 * (0.5 / 2) ** 2) ** 0.5, abs=1e-12)
    assert effect.df == pytest.approx(3.0)  # four equal units less one
    assert effect.ci_high - effect.estimate == pytest.approx(3.182446305284263 * 0.5, abs=1e-9)
    assert effect.baseline_mean == 11.0
    assert (effect.n_treated, effect.n_control, effect.n_clusters) == (2, 2, 4)
    assert str(effect) == (
        "ATT 3.00 [1.41, 4.59] (estimate_staggered, 2 treated, 2 control, 4 clusters)"
    )


def test_aggregates_are_the_stated_averages(simulate: Simulate) -> None:
    effect = estimate_staggered(simulate(), ROLES)
    cells = rows(effect, "group_time").set_index(["group", "time"])["estimate"]
    size = rows(effect, "group").set_index("group")["n"]
    after = cells[cells.index.get_level_values("time") >= cells.index.get_level_values("group")]
    weight = size.reindex(after.index.get_level_values("group")).to_numpy()
    by_group = after.groupby("group").mean()

    assert effect.estimate == pytest.approx(np.average(after, weights=weight))
    assert rows(effect, "group")["estimate"].tolist() == pytest.approx(by_group.tolist())
    assert effect.aggregate("group").estimate == pytest.approx(np.average(by_group, weights=size))
    event0 = np.average([cells[3, 3], cells[4, 4]], weights=size)
    assert effect.effects.loc["event|0", "estimate"] == pytest.approx(event0)
    events = rows(effect, "event").query("event_time >= 0")["estimate"]
    assert effect.aggregate("event").estimate == pytest.approx(events.mean())
    calendar = rows(effect, "calendar")["estimate"]
    assert effect.aggregate("calendar").estimate == pytest.approx(calendar.mean())


def test_order_of_rows_and_input_are_left_alone(simulate: Simulate) -> None:
    frame = simulate()
    shuffled = frame.sample(frac=1, random_state=1).set_index(np.arange(len(frame)) % 7)
    before = shuffled.copy()
    call = {"draws": 50, "seed": 5}

    assert estimate_staggered(shuffled, CLUSTERED, **call) == estimate_staggered(
        frame, CLUSTERED, **call
    )
    pd.testing.assert_frame_equal(shuffled, before)


@pytest.mark.parametrize(
    "relabel",
    [
        lambda f: f.assign(unit=f["unit"].map("ต{:03d}".format)),
        lambda f: f.assign(unit=f["unit"].map("u{:03d}".format).astype("category")),
        lambda f: f.assign(unit=f["unit"].astype("Int64")),
        lambda f: f.assign(unit=f["unit"].map(lambda u: u if u % 2 else f"s{u}").astype(object)),
        lambda f: f.assign(cohort=f["cohort"].fillna(0).astype(int)),
        lambda f: f.assign(cohort=f["cohort"].fillna(np.inf)),
        lambda f: f.assign(cohort=f["cohort"].astype("Int64")),
        lambda f: f.assign(cohort=f["cohort"].astype(object).where(f["cohort"].notna(), None)),
        lambda f: f.assign(cohort=f["cohort"].fillna(99)),  # starts long after the data end
        lambda f: f.assign(t=f["t"].astype("int8"), y=f["y"].astype("Float64")),
        lambda f: f.assign(cluster=f["cluster"].map("c{}".format)),
    ],
)
def test_labels_and_dtypes_do_not_matter(
    simulate: Simulate, relabel: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    frame = simulate()
    ours = estimate_staggered(relabel(frame), CLUSTERED).effects
    pd.testing.assert_frame_equal(ours, estimate_staggered(frame, CLUSTERED).effects, rtol=1e-9)


def test_treated_column_says_the_same_as_cohort(simulate: Simulate) -> None:
    frame = simulate()
    frame = frame.assign(on=frame["t"] >= frame["cohort"])
    roles = Design(outcome="y", unit="unit", time="t", treated="on")
    pd.testing.assert_frame_equal(
        estimate_staggered(frame, roles).effects, estimate_staggered(frame, ROLES).effects
    )


def test_shift_and_scale_of_the_outcome(simulate: Simulate) -> None:
    frame, roles = (
        simulate(),
        Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=["x"]),
    )
    plain = estimate_staggered(frame, roles)
    baht = estimate_staggered(frame.assign(y=1e6 * frame["y"] - 5e7, x=1e9 + frame["x"]), roles)

    assert baht.estimate == pytest.approx(1e6 * plain.estimate, rel=1e-6)
    assert baht.std_error == pytest.approx(1e6 * plain.std_error, rel=1e-6)


def test_methods_agree_without_covariates_and_differ_with(simulate: Simulate) -> None:
    frame = simulate()
    with_x = Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=["x"])
    for roles, same in ((ROLES, True), (with_x, False)):
        found = {estimate_staggered(frame, roles, method=m).estimate for m in ("dr", "reg", "ipw")}
        assert (len(found) == 1) is same


@pytest.mark.slow
def test_answers_do_not_depend_on_hash_seed() -> None:
    script = (
        "import numpy as np, pandas as pd, json\n"
        "from evallib.impact import Design, estimate_staggered\n"
        "r = np.random.default_rng(0); u = np.repeat(np.arange(40), 4)\n"
        "f = pd.DataFrame({'u': ['k%d' % i for i in u], 't': np.tile([1, 2, 3, 4], 40),\n"
        "  'g': np.where(u % 2, 3, 0), 'c': ['c%d' % (i % 9) for i in u],\n"
        "  'x': r.normal(size=40)[u], 'y': r.normal(size=160)})\n"
        "d = Design(outcome='y', unit='u', time='t', cohort='g', cluster='c', covariates=['x'])\n"
        "print(json.dumps(estimate_staggered(f, d, draws=99).to_dict()))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "2")
    }
    assert len(answers) == 1


def test_units_treated_from_the_start_are_dropped_with_an_account(simulate: Simulate) -> None:
    frame = simulate()
    early = frame.assign(cohort=frame["cohort"].mask(frame["unit"] < 10, 1.0))
    effect = estimate_staggered(early, ROLES)

    assert effect.sample.to_dict("list") == {
        "step": ["read", "dropped", "used"],
        "reason": ["", "already_treated", ""],
        "rows": [720, 60, 660],
        "units": [120, 10, 110],
    }
    assert ("impact.already_treated", "10") in [(f.code, f.value) for f in effect.findings]
    without = estimate_staggered(frame[frame["unit"] >= 10], ROLES)
    pd.testing.assert_frame_equal(effect.effects, without.effects)


def test_weak_designs_are_reported(simulate: Simulate) -> None:
    few = estimate_staggered(simulate(n_clusters=8, n_treated_clusters=3), CLUSTERED)
    assert [(f.code, f.value) for f in few.findings] == [
        ("impact.few_clusters", "8"),
        ("impact.few_treated_clusters", "3"),
    ]
    small = simulate()
    small = small.assign(cohort=small["cohort"].mask(small["unit"] < 3, 5.0))
    found = estimate_staggered(small, ROLES).findings
    assert [(f.code, f.where, f.value) for f in found] == [("impact.small_cohort", "5", "3")]
    assert estimate_staggered(simulate(), CLUSTERED).findings == ()


def test_few_treated_clusters_cost_degrees_of_freedom(simulate: Simulate) -> None:
    many = estimate_staggered(simulate(n_clusters=30, n_treated_clusters=15), CLUSTERED)
    few = estimate_staggered(simulate(n_clusters=30, n_treated_clusters=3), CLUSTERED)
    assert 24 < many.df <= 29
    assert 2 < few.df < 5


def test_a_cohort_in_one_cluster_has_no_error_of_its_own(simulate: Simulate) -> None:
    frame = simulate(by_cluster=True)
    frame = frame.assign(cohort=frame["cohort"].mask(frame["cluster"] == 0, 5.0))
    effects = estimate_staggered(frame, CLUSTERED).effects
    assert np.isnan(effects.loc["group|5", "std_error"])
    assert np.isfinite(effects.loc["group|5", "estimate"])
    assert np.isfinite(effects.loc[["overall", "group|3"], "std_error"]).all()


def test_importing_the_room_is_cheap() -> None:
    script = (
        "import sys, evallib.impact as i; i.estimate_staggered\n"
        "print([m for m in ('scipy', 'statsmodels', 'sklearn', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"
