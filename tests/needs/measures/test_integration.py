"""Agencies side by side, first needs without an agency, and lists that hold a project."""

import numpy as np
import pandas as pd
import pytest

from evallib.needs import agency_gaps, agency_overlap, project_captures
from tests.needs.small_case import measure

T1, T2 = "941012", "941011"
PROJECTS = pd.DataFrame({
    "project_uid": ["p1", "p2", "p3", "p4", "p5", "p6"],
    "tambon_code": [T1, T1, T1, T2, T2, None],
    "sector_code": ["WAT", "WAT", "WAT", "WAT", "OTH", "WAT"],
    "agency_id": ["RID", "DGR", "SBPAC", "RID", "DGR", "DGR"],
    "budget_approved": [5.0, 7.0, np.nan, 100.0, 1.0, 1.0],
    "agencies": ["RID", "DGR;SBPAC", "SBPAC", "RID", "DGR", None], "fiscal_year": 2565,
})  # fmt: skip


def test_every_pair_of_agencies_in_one_tambon_and_sector() -> None:
    found = agency_overlap(PROJECTS)
    assert found.to_numpy().tolist() == [
        ["DGR", "RID", 1, 2, 12.0], ["DGR", "SBPAC", 1, 2, 7.0], ["RID", "SBPAC", 1, 2, 5.0],
    ]  # fmt: skip
    pd.testing.assert_frame_equal(found, agency_overlap(PROJECTS.iloc[::-1]))
    assert agency_overlap(PROJECTS.head(0)).empty


def test_gaps_by_sector_sum_to_a14() -> None:
    needs = pd.DataFrame({
        "need_id": list("abcde"), "tambon_code": [T1, T1, T1, T1, T2],
        "sector_code": ["WAT", "ROD", "WAT", "AGR", "ROD"],
    })  # fmt: skip
    votes = pd.DataFrame({"need_id": list("abcde"), "fiscal_year": 2565, "quarter": 3,
                          "rank": [1, 2, 3, 4, 1], "votes": None})  # fmt: skip
    links = pd.DataFrame({
        "need_id": ["a", "b", "e"], "project_uid": ["p1", "p6", "p4"], "score": [0.8, 0.5, 0.25],
        "reviewer_state": "auto",
    })  # fmt: skip
    nameless = PROJECTS.assign(
        agency_id=PROJECTS["agency_id"].where(PROJECTS["project_uid"] != "p6")
    )
    found = agency_gaps(needs, nameless, links, votes=votes).set_index("sector_code")
    assert found["first_needs"].to_dict() == {"ROD": 2, "WAT": 2}  # the fourth need is no first one
    assert found["without_agency"].to_dict() == pytest.approx({"ROD": 1.75, "WAT": 1.2})
    a14 = measure(needs, nameless, links, votes=votes, draws=0, by=("area",))
    share = a14.set_index("indicator").loc["A14", "value"]
    assert found["without_agency"].sum() / found["first_needs"].sum() == pytest.approx(share)


def test_captures_are_groups_of_the_agencies_that_reported() -> None:
    found = project_captures(PROJECTS)
    assert found.index.tolist() == PROJECTS["project_uid"].tolist()
    assert found.sum(axis=1).tolist() == [1, 2, 1, 1, 1, 0]
    assert found.dtypes.eq(bool).all()
