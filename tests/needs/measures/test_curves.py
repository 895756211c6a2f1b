"""The curves behind A11: they are those of the medians, fit the figure, and leave inputs alone."""

import numpy as np
import pandas as pd
import pytest

from evallib.needs import response_curves
from evallib.needs.measures.response import response_lag
from evallib.periods import FiscalPeriod
from evallib.report.figures.response import response_lag_figure
from tests.needs.small_case import NEED, PROJECT, QUARTER, make_case, rows_of


def frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    starts = ["2021-10-05", "2021-12-05", "2022-02-05", "2022-02-25", "2022-05-05", "2022-08-05"]
    needs = {f"n{i}": {} for i in range(9)}
    projects = {f"n{i}": {"start_date": day} for i, day in enumerate(starts)}
    links = pd.DataFrame(
        [(name, name, 0.9, "auto") for name in projects],
        columns=["need_id", "project_uid", "score", "reviewer_state"],
    )
    progress = pd.DataFrame({
        "project_uid": list(projects), "fiscal_year": 2565, "quarter": 3, "physical_pct": 85.0,
        "status": "ongoing",
    })  # fmt: skip
    return (
        rows_of("need_id", needs, NEED),
        rows_of("project_uid", projects, PROJECT),
        links,
        progress,
    )


def test_shares_by_hand() -> None:
    needs, projects, links, progress = frames()
    found = response_curves(needs, projects, links, progress=progress, period=QUARTER)
    start = found[found["stage"] == "start"]
    assert start["quarters"].tolist() == [0, 1, 2]  # the sixth begins after the period
    assert start["share"].tolist() == pytest.approx([2 / 9, 4 / 9, 5 / 9])
    assert start["at_risk"].tolist() == [9, 7, 5]
    plan = found[found["stage"] == "plan"]
    assert plan[["quarters", "share"]].to_numpy().tolist() == [[0, pytest.approx(6 / 9)]]
    done = found[found["stage"] == "delivered"]
    assert done[["quarters", "share"]].to_numpy().tolist() == [[2, pytest.approx(5 / 9)]]
    assert found.columns.tolist() == ["stage", "quarters", "share", "low", "high", "at_risk"]


def test_their_medians_are_a11_and_the_figure_takes_them() -> None:
    needs, projects, links, progress = frames()
    found = response_curves(needs, projects, links, progress=progress, period=QUARTER)
    likely = {(i, i): 0.9 for i in projects["project_uid"][:5]}
    rows = {uid: {"start_date": day} for uid, day in
            zip(projects["project_uid"][:5], projects["start_date"][:5], strict=True)}  # fmt: skip
    case = make_case({i: {} for i in needs["need_id"]}, rows, likely)
    start = found[found["stage"] == "start"]
    assert (
        response_lag(case, "start").value[0] == start.loc[start["share"] >= 0.5, "quarters"].min()
    )
    assert "2" in response_lag_figure(found, language="en").alt_text


def test_nothing_gives_no_rows_and_inputs_are_left_alone() -> None:
    needs, projects, links, progress = frames()
    copies = [f.copy() for f in (needs, projects, links, progress)]
    response_curves(needs.iloc[::-1], projects, links, progress=progress, period=FiscalPeriod(2565))
    for frame, copy in zip((needs, projects, links, progress), copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)
    assert response_curves(needs.head(0), projects, links).empty
    never = response_curves(needs, projects.head(0), links.head(0), progress=progress)
    assert never.empty
    assert never["share"].dtype == np.float64
    without = response_curves(needs, projects, links)
    assert set(without["stage"]) == {"plan", "start"}
