"""Effect: exact round trip, one honest line, tidy frame; Design: roles."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from evallib.errors import NotFound, SchemaError
from evallib.findings import Finding
from evallib.impact import Design, Effect, estimate_staggered
from evallib.impact.effect import EFFECT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort", cluster="cluster")


@pytest.fixture(scope="module")
def effect(simulate: Callable[..., pd.DataFrame]) -> Effect:
    return estimate_staggered(simulate(n_clusters=12), ROLES, base="universal", draws=99, seed=3)


def test_json_round_trip_is_exact(effect: Effect) -> None:
    back = Effect.from_dict(json.loads(json.dumps(effect.to_dict(), allow_nan=False)))

    assert back == effect
    for name in ("effects", "sample", "vcov", "alternatives", "counterfactual", "weights"):
        pd.testing.assert_frame_equal(
            getattr(back, name), getattr(effect, name), check_exact=True, check_index_type=False
        )
    assert back.findings == effect.findings
    assert any(f.code == "impact.few_clusters" for f in back.findings)
    assert back.spec["base"] == "universal"
    assert back.seed == 3


def test_round_trip_of_a_bare_effect() -> None:
    bare = Effect(estimand="ATT", method="m", outcome="y", estimate=1 / 3)
    back = Effect.from_dict(json.loads(json.dumps(bare.to_dict())))
    assert back == bare
    assert math.isnan(back.std_error)
    assert back.estimate == 1 / 3


def test_effects_that_differ_anywhere_are_not_equal(effect: Effect) -> None:
    changed = effect.effects.copy()
    changed.iloc[-1, changed.columns.get_loc("estimate")] += 1e-15
    assert dataclasses.replace(effect, effects=changed) != effect
    assert dataclasses.replace(effect, findings=()) != effect
    assert dataclasses.replace(effect) == effect
    assert effect != 1


def test_a_dict_of_another_schema_is_refused() -> None:
    with pytest.raises(SchemaError, match="schema 99"):
        Effect.from_dict({"schema": 99})


def test_effect_cannot_be_changed(effect: Effect) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        effect.estimate = 9.0  # type: ignore[misc]


def test_frame_has_one_row_for_each_key(effect: Effect) -> None:
    frame = effect.to_frame()

    keys = ["outcome", "method", "level", "group", "time", "event_time"]
    assert not frame.duplicated(keys).any()
    assert list(frame.columns[:4]) == ["outcome", "unit", "estimand", "method"]
    assert set(EFFECT_COLUMNS) < set(frame.columns)
    assert frame["level"].drop_duplicates().tolist() == [
        "overall", "event", "group", "calendar", "group_time",
    ]  # fmt: skip
    head = frame.iloc[0]
    assert head["estimate"] == effect.estimate
    assert (head["n_treated"], head["n_control"], head["n_clusters"]) == (60, 60, 12)
    assert frame[["group", "time", "event_time"]].dtypes.eq("float64").all()


def test_base_period_is_zero_without_an_error(effect: Effect) -> None:
    base = effect.effects.loc["event|-1"]
    assert base["estimate"] == 0
    assert base[["std_error", "ci_low", "band_low", "p_value"]].isna().all()


def test_bands_hold_intervals_and_p_values_are_adjusted_upwards(effect: Effect) -> None:
    rows = effect.effects.dropna(subset="std_error")
    assert (rows["band_low"] <= rows["ci_low"]).all()
    assert (rows["band_high"] >= rows["ci_high"]).all()
    assert (rows["p_adjusted"] >= rows["p_value"]).all()
    assert rows.loc["overall", "p_adjusted"] == rows.loc["overall", "p_value"]


def test_aggregate_gives_that_summary_and_its_rows(effect: Effect) -> None:
    events = effect.aggregate("event")
    assert events.estimand == "ATT (event)"
    assert events.effects["level"].unique().tolist() == ["overall", "event"]
    assert events.effects.iloc[0]["estimate"] == events.estimate != effect.estimate
    assert effect.aggregate("simple").estimate == effect.estimate
    assert events.aggregate("simple").estimate == effect.estimate
    with pytest.raises(NotFound, match="calendar, event, group, simple"):
        effect.aggregate("dynamic")


@pytest.mark.parametrize(
    ("estimate", "std_error", "shown"),
    [
        (3.0, 0.68, "ATT 3.00 [1.67, 4.33]"),
        (1234567.0, 52345.0, "ATT 1234567 [1131971, 1337163]"),
        (-0.00123, 0.00012, "ATT -0.00123 [-0.00147, -0.00099]"),
        (2.5, math.nan, "ATT 2.5 [–, –]"),
    ],
)
def test_one_line_shows_the_digits_that_the_error_allows(
    estimate: float, std_error: float, shown: str
) -> None:
    effect = Effect(
        estimand="ATT", method="m", outcome="y", estimate=estimate, std_error=std_error,
        ci_low=estimate - 1.96 * std_error, ci_high=estimate + 1.96 * std_error,
    )  # fmt: skip
    assert str(effect) == f"{shown} (m, 0 treated, 0 control, 0 clusters)"


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({"outcome": ""}, "bad_role"),
        ({"outcome": "y", "time": 3}, "bad_role"),
        ({"outcome": "y", "covariates": "age"}, "bad_role"),
        ({"outcome": "y", "covariates": ["age", " "]}, "bad_role"),
        ({"outcome": "u"}, "role_twice"),
        ({"outcome": "y", "time": "y"}, "role_twice"),
        ({"outcome": "y", "covariates": ["y"]}, "role_twice"),
        ({"outcome": "y", "covariates": ["a", "a"]}, "role_twice"),
        ({"outcome": "y", "weights": "w", "dose": "w"}, "role_twice"),
    ],
)
def test_senseless_roles_are_refused(roles: dict[str, object], code: str) -> None:
    with pytest.raises(SchemaError) as refused:
        Design(**{"unit": "u", **roles})  # type: ignore[arg-type]
    assert refused.value.code == f"impact.{code}"


def test_unit_may_be_its_own_cluster() -> None:
    assert Design(outcome="y", unit="u", cluster="u").roles() == [
        ("outcome", "y"), ("unit", "u"), ("cluster", "u"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["time", "cohort"])
def test_an_estimator_says_which_role_it_misses(
    simulate: Callable[..., pd.DataFrame], role: str
) -> None:
    roles = {"outcome": "y", "unit": "unit", "time": "t", "cohort": "cohort"}
    del roles[role]
    with pytest.raises(SchemaError, match=role):
        estimate_staggered(simulate(), Design(**roles))


def test_every_finding_of_the_room_has_words() -> None:
    for code in ("few_clusters", "few_treated_clusters", "small_cohort", "already_treated", "gaps",
                 "starts_later", "weak_overlap", "comparison_only", "empty_cell",
                 "zero_read_as_never", "pre_trends_differ"):  # fmt: skip
        for language in ("th", "en"):
            assert "{" not in Finding(f"impact.{code}", "info", "3", "7").message(language)
