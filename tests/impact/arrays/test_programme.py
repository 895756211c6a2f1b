"""Cohorts and panels from the register, and power from periods before the first start only."""

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DesignError
from evallib.impact.arrays.programme import build_panel, find_cohorts, power_of_panel
from evallib.periods import FiscalPeriod

QUARTERS = [FiscalPeriod.parse("2563-Q1").next(k) for k in range(12)]
LAST = QUARTERS[-1]


def register(**changes: list[object]) -> pd.DataFrame:
    rows = {
        "plan_source": ["P", "P", "P", "other", "P", "P"],
        "status": ["completed", "ongoing", "cancelled", "ongoing", "ongoing", "ongoing"],
        "start_date": pd.to_datetime(
            ["2021-11-05", "2021-02-01", "2019-10-01", "2019-10-01", None, "2021-02-01"]
        ),
        "tambon_code": ["940101", "940101", "940101", "940102", "940102", None],
    }
    return pd.DataFrame(rows | changes)


def indicators(n: int = 24, *, seed: int = 0, unit_sd: float = 3.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    level = rng.normal(0, unit_sd, n)
    rows = [
        {"indicator_id": "income", "tambon_code": f"94{i // 4:02d}{i % 4:02d}",
         "amphoe_code": f"94{i // 4:02d}", "province_code": "94", "fiscal_year": q.fiscal_year,
         "quarter": q.quarter, "value": 100 + level[i] + rng.normal()}
        for i in range(n) for q in QUARTERS
    ]  # fmt: skip
    return pd.DataFrame(rows)


def starts(n: int = 24) -> pd.DataFrame:
    """Return a programme that starts in every other tambon in 2564-Q3."""
    codes = [f"94{i // 4:02d}{i % 4:02d}" for i in range(0, n, 2)]
    return pd.DataFrame({
        "plan_source": "P", "status": "ongoing", "tambon_code": codes,
        "start_date": pd.Timestamp("2021-05-01"),
    })  # fmt: skip


def test_a_cohort_is_the_first_start_that_was_not_cancelled() -> None:
    found = find_cohorts(register(), plan_source="P")
    assert [(c, str(q)) for c, q in found.itertuples(index=False)] == [("940101", "2564-Q2")]


def test_nobody_treated_gives_no_cohorts_and_keeps_the_columns() -> None:
    found = find_cohorts(register().assign(status="cancelled"), plan_source="P")
    assert found.columns.tolist() == ["tambon_code", "cohort"]
    assert len(found) == 0


def find(projects: pd.DataFrame, name: str) -> pd.DataFrame:
    return find_cohorts(projects, plan_source=name)


def build(projects: pd.DataFrame, name: str) -> pd.DataFrame:
    return build_panel(indicators(), projects, outcome="income", plan_source=name, until=LAST)


@pytest.mark.parametrize("function", [find, build])
def test_an_unknown_programme_is_an_error_that_names_those_that_there_are(function) -> None:
    projects = starts().assign(plan_source=["ศอ.บต.ตำบล", "อปท."] * 6)
    with pytest.raises(DesignError) as refused:
        function(projects, "ศอบต.ตำบล")
    for language in ("th", "en"):
        message = refused.value.message(language)
        assert "(~ ศอ.บต.ตำบล)" in message
        assert "ศอ.บต.ตำบล, อปท." in message
    with pytest.raises(DesignError, match="plan_source"):
        function(projects.head(0), "ศอ.บต.ตำบล")


@pytest.mark.parametrize("written", ["2565-Q4", "Q4/65", "ไตรมาส 4 ปีงบประมาณ 2565"])
def test_the_last_period_may_be_text(written: str) -> None:
    call = {"outcome": "income", "plan_source": "P"}
    pd.testing.assert_frame_equal(
        build_panel(indicators(), starts(), **call, until=written),
        build_panel(indicators(), starts(), **call, until=FiscalPeriod(2565, 4)),
    )


def test_a_misspelt_outcome_has_its_nearest_name() -> None:
    with pytest.raises(DesignError, match=r"incom \(~ income\)"):
        build_panel(indicators(), starts(), outcome="incom", plan_source="P", until=LAST)


def test_a_start_after_the_period_is_not_known_yet() -> None:
    early = build_panel(indicators(), starts(), outcome="income", plan_source="P",
                        until=FiscalPeriod.parse("2564-Q2"))  # fmt: skip
    assert early["cohort"].isna().all()
    assert early["period"].max() == "2564-Q2"
    later = build_panel(indicators(), starts(), outcome="income", plan_source="P", until=LAST)
    assert set(later["cohort"].dropna()) == {FiscalPeriod.parse("2564-Q3").ordinal}
    assert later.groupby("tambon_code")["t"].apply(lambda t: t.diff().dropna().eq(1).all()).all()


def test_a_year_is_estimated_on_means_of_its_quarters() -> None:
    rows = indicators()
    panel = build_panel(rows, starts(), outcome="income", plan_source="P",
                        until=FiscalPeriod.parse("2565"))  # fmt: skip
    assert panel["t"].unique().tolist() == [2563, 2564, 2565]
    assert set(panel["cohort"].dropna()) == {2564.0}
    by_hand = rows.query("tambon_code == '940000' and fiscal_year == 2564")["value"].mean()
    assert panel.query("tambon_code == '940000' and t == 2564")["income"].item() == by_hand


def test_row_order_does_not_matter_and_input_is_left_alone() -> None:
    rows = indicators().sample(frac=1, random_state=3)
    before = rows.copy()
    call = {"outcome": "income", "plan_source": "P", "until": LAST}
    pd.testing.assert_frame_equal(
        build_panel(rows, starts(), **call), build_panel(indicators(), starts(), **call)
    )
    pd.testing.assert_frame_equal(rows, before)


def test_an_indicator_without_values_is_named() -> None:
    with pytest.raises(DesignError, match="nothing"):
        build_panel(indicators(), starts(), outcome="nothing", plan_source="P", until=LAST)


def test_power_is_described_without_looking_at_treated_outcomes() -> None:
    rows = indicators(n=240, unit_sd=3.0)
    call = {"outcome": "income", "plan_source": "P", "until": LAST}
    design, sd = power_of_panel(build_panel(rows, starts(240), **call), outcome="income")
    assert (design.n_treated, design.n_control) == (120, 120)
    assert (design.periods_pre, design.periods_post) == (6, 6)
    assert design.cluster_size == 4
    assert sd == pytest.approx(10**0.5, rel=0.15)  # unit sd 3, noise sd 1
    assert design.autocorrelation == pytest.approx(0.9, abs=0.05)
    assert design.intracluster < 0.2  # changes are independent within amphoe

    treated = rows["tambon_code"].isin(starts(240)["tambon_code"])
    started = rows["fiscal_year"] * 4 + rows["quarter"] >= 2564 * 4 + 3
    changed = rows.assign(value=rows["value"] + 1000 * (treated & started))
    again = power_of_panel(build_panel(changed, starts(240), **call), outcome="income")
    assert again == (design, sd)


def test_shocks_of_whole_amphoe_show_as_intracluster_correlation() -> None:
    rows = indicators(n=240)
    rng = np.random.default_rng(5)
    last_before = rows.eval("fiscal_year == 2564 and quarter == 2")
    shock = rows["amphoe_code"].map(
        dict(zip(rows["amphoe_code"].unique(), rng.normal(0, 5, 60), strict=True))
    )
    shocked = rows.assign(value=rows["value"] + shock.where(last_before, 0))
    call = {"outcome": "income", "plan_source": "P", "until": LAST}
    design, _ = power_of_panel(build_panel(shocked, starts(240), **call), outcome="income")
    assert design.intracluster > 0.8


def test_power_needs_periods_before_the_first_start() -> None:
    early = starts().assign(start_date=pd.Timestamp("2019-11-01"))
    panel = build_panel(indicators(), early, outcome="income", plan_source="P", until=LAST)
    with pytest.raises(DesignError, match="two periods before"):
        power_of_panel(panel, outcome="income")
