"""Clusters of two kinds: other software, definition, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.impact import (
    Design,
    Effect,
    estimate_imputation,
    estimate_staggered,
    estimate_twoway,
)

Simulate = Callable[..., pd.DataFrame]


def roles(cluster: object) -> Design:
    return Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=["q"],
                  cluster=cluster)  # fmt: skip


@pytest.fixture
def frame(simulate: Simulate) -> pd.DataFrame:
    out = simulate(n_units=60, n_periods=8, n_clusters=12)
    return out.assign(q=np.sin(np.arange(len(out))), agency=out["unit"] % 7,
                      on=(out["t"] >= out["cohort"]).astype(float))  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of pandas, for what the peer calls
@pytest.mark.parametrize("pair", [("cluster", "t"), ("cluster", "agency")])
def test_equals_pyfixest_unless_one_way_is_larger(
    frame: pd.DataFrame, pair: tuple[str, str]
) -> None:
    peer = pytest.importorskip("pyfixest")
    found = estimate_twoway(frame, roles(pair))
    fewest = min(frame[column].nunique() for column in pair)
    both = peer.feols("y ~ on + q | unit + t", frame, vcov={"CRV1": "+".join(pair)}).se()["on"]
    if pair == ("cluster", "t"):
        assert found.std_error == pytest.approx(both, rel=1e-9)
        assert "impact.one_way_larger" not in [f.code for f in found.findings]
    else:
        alone = found.alternatives.set_index("name")["std_error"]
        assert found.std_error == alone[["cr1_first", "cr1_second"]].max() > both
        assert "impact.one_way_larger" in [f.code for f in found.findings]
    assert (found.se_type, found.df, found.n_clusters) == ("two_way", fewest - 1, 12)
    assert Effect.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_one_of_each_kind_is_the_cr1_error_of_that_kind(frame: pd.DataFrame) -> None:
    two = estimate_twoway(frame, roles(["agency", "cluster"])).alternatives.set_index("name")
    for name, column in (("cr1_first", "agency"), ("cr1_second", "cluster")):
        one = estimate_twoway(frame, roles(column)).alternatives.set_index("name")
        size = frame[column].nunique()
        as_here = 7 / 6 * (size - 1) / size  # both take the factor of the fewer clusters
        assert two.loc[name, "std_error"] == pytest.approx(
            one.loc["cr1", "std_error"] * as_here**0.5, rel=1e-9
        )


def test_one_column_in_a_list_is_one_column(frame: pd.DataFrame) -> None:
    assert roles(["cluster"]) == roles("cluster")
    assert roles(["cluster", "t"]).cluster == ("cluster", "t")


@pytest.mark.parametrize(
    ("cluster", "code"),
    [
        (["a", "b", "c"], "bad_role"),
        (["a", "a"], "bad_role"),
        ([], "bad_role"),
        (["a", 3], "bad_role"),
        (["a", "y"], "role_twice"),
        ("t", "role_twice"),
    ],
)
def test_clusters_that_mean_nothing_are_refused(cluster: object, code: str) -> None:
    with pytest.raises(SchemaError) as refused:
        roles(cluster)
    assert refused.value.code == f"impact.{code}"


@pytest.mark.parametrize("estimate", [estimate_staggered, estimate_imputation])
def test_estimators_of_one_cluster_refuse_two(frame: pd.DataFrame, estimate: Callable) -> None:
    with pytest.raises(SchemaError) as refused:
        estimate(frame, roles(["cluster", "agency"]))
    assert refused.value.code == "impact.two_clusters"
