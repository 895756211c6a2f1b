"""All frames at once: `alignment` gives what each indicator gives alone, and hides the few."""

import numpy as np
import pandas as pd
import pytest

from evallib.needs.inputs.inputs import read_case
from evallib.needs.measures.equity import equity
from evallib.needs.measures.first_needs import persistence
from evallib.needs.measures.representation import survey_gap
from evallib.needs.measures.response import response_lag, with_planned
from evallib.places import area
from tests.needs.small_case import NEED, PROJECT, QUARTER, measure, rows_of

SECTORS = ["WAT", "ROD", "AGR", "LIV", "EDU", "HEA"]
MINE = {
    "A10": (0, 1), "A11.plan": (0, 99), "A11": (0, 99), "A11.delivered": (0, 99),
    "A13": (0, 1), "A13.overlap": (0, 1), "A14": (0, 1), "A15": (0, 1), "A16": (0, 1),
    "A16.women": (0, 1), "A16.villages": (0, 1), "A17": (0, 2), "A17.deprivation": (0, 2),
    "A18": (-1, 1), "A19": (-100, 100), "A19.flagged": (0, 99), "A20": (0, 100),
}  # fmt: skip


def world() -> dict[str, pd.DataFrame]:
    rng, tambons = np.random.default_rng(5), area()["tambon_code"].tolist()[:20]
    needs = {
        f"n{i:03d}": {
            "tambon_code": tambons[i % 20], "sector_code": SECTORS[int(rng.integers(6))],
            "first_stated": f"2565-Q{rng.integers(1, 4)}", "last_stated": "2565-Q3",
            "village_no": int(rng.integers(1, 7)),
        }
        for i in range(80)
    }  # fmt: skip
    starts = ["2021-10-20", "2022-01-20", "2022-04-20"]
    projects = {
        f"p{i:03d}": {
            "tambon_code": tambons[i % 20], "sector_code": SECTORS[int(rng.integers(6))],
            "start_date": starts[int(rng.integers(3))], "end_date": "2022-09-30",
            "agency_id": ["RID", "PAO"][int(rng.integers(2))],
            "public_notice_date": ["2021-09-01", None][int(rng.integers(2))],
        }
        for i in range(60)
    }  # fmt: skip
    links = pd.DataFrame([(f"n{i:03d}", f"p{i % 60:03d}", 0.9, "auto") for i in range(70)],
                         columns=["need_id", "project_uid", "score", "reviewer_state"])  # fmt: skip
    uids = sorted(projects)
    held = pd.DataFrame({"tambon_code": tambons[:15], "fiscal_year": 2565, "quarter": 3,
                         "n_public": [4, *[30] * 14], "n_women": [1, *range(14)]})  # fmt: skip
    answers = pd.DataFrame({"tambon_code": rng.choice(tambons, 300), "fiscal_year": 2565,
                            "quarter": 3, "need_rank_1": rng.choice(SECTORS, 300)})  # fmt: skip
    worse = pd.DataFrame({"tambon_code": np.repeat(tambons, 6), "sector_code": SECTORS * 20,
                          "value": rng.random(120)})  # fmt: skip
    return {
        "needs": rows_of("need_id", needs, NEED),
        "projects": rows_of("project_uid", projects, PROJECT),
        "links": links,
        "progress": pd.DataFrame({
            "project_uid": uids, "fiscal_year": 2565, "quarter": 3, "status": "ongoing",
            "physical_pct": rng.choice([50.0, 85, 100], 60), "disbursed_cum": 60_000.0}),
        "meetings": held, "survey": answers, "deprivation": worse,
        "population": pd.DataFrame({"tambon_code": tambons, "population": range(500, 2500, 100)}),
        "villages": pd.DataFrame({"tambon_code": tambons, "villages": 7}),
        "duplicates": pd.DataFrame({
            "project_uid": uids[:2], "duplicate_uid": ["x", "y"], "probability": 0.9,
            "budget_approved": 1e5, "state": ["CONFIRMED", "OPEN"]}),
        "quality": pd.DataFrame({"agency_id": ["PAO", "RID"], "fiscal_year": 2565, "quarter": 3,
                                 "overall": [0.9, 0.7]}),
    }  # fmt: skip


def test_each_has_a_value_in_its_range_and_equals_what_it_gives_alone() -> None:
    frames = world()
    found = measure(**frames, period=QUARTER, draws=100).set_index(["scope", "indicator"])
    value = found["value"]["area"]
    for name, (low, high) in MINE.items():
        assert low <= value[name] <= high, name
    case = read_case(
        frames["needs"], frames["projects"], frames["links"], votes=None,
        progress=frames["progress"], period=QUARTER, year_to_date=False, by=("area",),
    )  # fmt: skip
    planned = with_planned(case, frames["projects"], frames["links"])
    alone = {
        "A10": persistence(case, case.net.probability[np.newaxis])[0, 0],
        "A11.plan": response_lag(planned, "plan").value[0],
        "A11": response_lag(case, "start").value[0],
        "A17": survey_gap(case, frames["survey"]).value[0],
        "A18": equity(case, frames["deprivation"], frames["population"]).value[0],
    }
    assert value[list(alone)].to_dict() == pytest.approx(alone)
    assert value["A13"] == pytest.approx(1 / 62)
    assert value["A16"] == pytest.approx(15 / 290)
    limits = found.loc["area"].loc[["A10", "A11", "A14", "A18"], ["low", "value", "high"]]
    assert (limits.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=None)


def test_few_people_are_hidden_even_as_a_number() -> None:
    frames = world()
    found = measure(**frames, period=QUARTER, draws=0, by=("tambon",))
    hidden = found[found["note"] == "few_people"]
    assert {"A16.women", "A17"} == set(hidden["indicator"])
    assert hidden["n"].isna().all()
    people = found[found["indicator"].isin(["A16.women", "A17"])]
    assert not people["n"].between(1, 9).any()


def test_the_order_of_rows_does_not_matter() -> None:
    frames = world()
    one = measure(**frames, period=QUARTER, draws=50)
    turned = measure(**{k: f.iloc[::-1] for k, f in frames.items()}, period=QUARTER, draws=50)
    pd.testing.assert_frame_equal(one, turned)
    assert (
        (one["note"].fillna("") != "")
        .eq(one["value"].isna() | one["note"].eq("few_meetings"))
        .all()
    )


def test_what_is_not_given_says_so() -> None:
    frames = {k: f for k, f in world().items() if k in {"needs", "projects", "links"}}
    found = measure(**frames, period=QUARTER, draws=0, by=("area",)).set_index("indicator")
    asked = {name for name in MINE if found.loc[name, "note"] == "not_given"}
    assert set(MINE) - asked == {"A10", "A11.plan", "A11", "A13.overlap", "A14", "A15"}
