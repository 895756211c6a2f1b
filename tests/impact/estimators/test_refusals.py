"""estimate_staggered refuses what it cannot answer, with needed, found and do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DesignError, SchemaError
from evallib.impact import Design, estimate_staggered

Simulate = Callable[..., pd.DataFrame]
ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort")

REFUSALS: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], type[Exception], str]] = {
    "column absent": (lambda f: f.drop(columns="y"), SchemaError, "missing_columns"),
    "column twice": (lambda f: pd.concat([f, f[["y"]]], axis=1), SchemaError, "double_columns"),
    "no rows": (lambda f: f.iloc[:0], DesignError, "no_rows"),
    "outcome missing": (lambda f: f.assign(y=f["y"].mask(f.index == 4)), DesignError, "not_finite"),
    "outcome infinite": (
        lambda f: f.assign(y=f["y"].mask(f.index == 4, np.inf)),
        DesignError,
        "not_finite",
    ),
    "outcome text": (lambda f: f.assign(y=f["y"].astype(str)), SchemaError, "not_numeric"),
    "dates as time": (lambda f: f.assign(t=pd.Timestamp("2022-01-01")), SchemaError, "not_numeric"),
    "half periods": (lambda f: f.assign(t=f["t"] / 2), SchemaError, "time_not_whole"),
    "time missing": (lambda f: f.assign(t=f["t"].mask(f.index == 1)), DesignError, "missing_id"),
    "unit missing": (
        lambda f: f.assign(unit=f["unit"].mask(f.index == 1)),
        DesignError,
        "missing_id",
    ),
    "cluster missing": (
        lambda f: f.assign(cluster=f["cluster"].mask(f["unit"] == 1)),
        DesignError,
        "missing_id",
    ),
    "double cells": (lambda f: pd.concat([f, f.head(2)]), DesignError, "double_cells"),
    "one period": (lambda f: f[f["t"] == 3], DesignError, "one_period"),
    "moving cohort": (
        lambda f: f.assign(cohort=f["cohort"] + (f["t"] > 3)),
        DesignError,
        "cohort_changes",
    ),
    "cohort comes and goes": (
        lambda f: f.assign(cohort=f["cohort"].where(f["t"] > 3)),
        DesignError,
        "cohort_changes",
    ),
    "half cohort": (lambda f: f.assign(cohort=f["cohort"] + 0.5), SchemaError, "cohort_not_whole"),
    "zero in a window around zero": (
        lambda f: f.assign(t=f["t"] - 4, cohort=f["cohort"].fillna(0)),
        DesignError,
        "zero_is_ambiguous",
    ),
    "split cluster": (
        lambda f: f.assign(cluster=f["cluster"] + (f["t"] > 3)),
        DesignError,
        "split_cluster",
    ),
    "one cluster": (lambda f: f.assign(cluster=1), DesignError, "one_cluster"),
    "nobody treated": (lambda f: f.assign(cohort=np.nan), DesignError, "nobody_treated"),
    "all treated": (lambda f: f[f["cohort"].notna()], DesignError, "no_never_treated"),
    "all from the start": (
        lambda f: f.assign(cohort=f["cohort"].where(f["cohort"].isna(), 1)),
        DesignError,
        "no_pre_period",
    ),
    "one treated cluster": (
        lambda f: f.assign(cohort=np.where(f["cluster"] == 0, 3.0, np.nan)),
        DesignError,
        "one_treated_cluster",
    ),
    "one comparison cluster": (
        lambda f: f.assign(cohort=np.where(f["cluster"] == 0, np.nan, 3.0)),
        DesignError,
        "one_control_cluster",
    ),
    "same covariate twice": (lambda f: f.assign(z=2 * f["x"] + 1), DesignError, "collinear"),
    "no overlap": (
        lambda f: f.assign(x=f["cohort"].isna() + f["x"] * 1e-3),
        DesignError,
        "no_overlap",
    ),
    "covariate missing": (
        lambda f: f.assign(x=f["x"].mask(f.index == 0)),
        DesignError,
        "not_finite",
    ),
    "weights negative": (lambda f: f.assign(w=-f["w"]), DesignError, "bad_weights"),
    "weights moving": (lambda f: f.assign(w=f["w"] + f["t"]), DesignError, "bad_weights"),
}


@pytest.mark.parametrize(("spoil", "error", "code"), REFUSALS.values(), ids=REFUSALS)
def test_unanswerable_designs_are_refused(
    simulate: Simulate,
    spoil: Callable[[pd.DataFrame], pd.DataFrame],
    error: type[Exception],
    code: str,
) -> None:
    roles = Design(
        outcome="y", unit="unit", time="t", cohort="cohort",
        cluster="cluster", covariates=("x", "z"), weights="w",
    )  # fmt: skip
    with pytest.raises(error) as refused:
        estimate_staggered(spoil(simulate()), roles)
    if code == "collinear":
        assert "z repeats other columns" in refused.value.message("en")

    assert refused.value.code == f"impact.{code}"
    assert "{" not in refused.value.message("th") + refused.value.message("en")


def test_one_cohort_for_all_has_no_comparison(simulate: Simulate) -> None:
    frame = simulate().assign(cohort=3.0)
    with pytest.raises(DesignError) as refused:
        estimate_staggered(frame, ROLES, control="not_yet_treated")
    assert refused.value.code == "impact.no_comparison"


def test_treatment_that_ends_and_hidden_starts_are_refused(simulate: Simulate) -> None:
    roles = Design(outcome="y", unit="unit", time="t", treated="on")
    frame = simulate().assign(on=lambda f: (f["t"] == f["cohort"]).astype(int))
    with pytest.raises(DesignError) as ends:
        estimate_staggered(frame, roles)
    gaps = frame.assign(on=frame["t"] >= frame["cohort"]).iloc[1:]
    with pytest.raises(DesignError) as hidden:
        estimate_staggered(gaps, roles)
    assert (ends.value.code, hidden.value.code) == ("impact.treatment_ends", "impact.unbalanced")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"method": "ols"}, "unknown_choice"),
        ({"control": "nevertreated"}, "unknown_choice"),
        ({"base": "long"}, "unknown_choice"),
        ({"anticipation": -1}, "not_a_count"),
        ({"draws": 1.5}, "not_a_count"),
        ({"level": 95}, "bad_level"),
    ],
)
def test_unknown_arguments_are_refused(
    simulate: Simulate, call: dict[str, object], code: str
) -> None:
    with pytest.raises((SchemaError, DesignError)) as refused:
        estimate_staggered(simulate(), ROLES, **call)
    assert refused.value.code == f"impact.{code}"


def test_a_misspelt_column_is_refused_with_the_nearest_that_there_is() -> None:
    frame = pd.DataFrame({"tambon": [1, 2], "t": [1, 1], "cohort": [1, 0], "income": [1.0, 2.0]})
    design = Design(outcome="incom", unit="tambon", time="t", cohort="cohort")
    with pytest.raises(SchemaError, match=r"no column incom \(~ income\)"):
        estimate_staggered(frame, design)
