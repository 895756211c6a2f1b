"""Needs, projects, progress and answers: they hang together as the truth says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evallib.agencies import resolve_agencies
from evallib.demo.files.sheets import Sheet
from evallib.demo.truth.needs import state_needs
from evallib.demo.truth.progress import run_projects
from evallib.demo.truth.projects import plan_projects
from evallib.demo.truth.series import demo_agencies, name_series
from evallib.demo.truth.world import build_world
from evallib.demo.wording import phrases, topics
from evallib.periods import FiscalPeriod

OWN_WORDS = ("ตาดีกา", "ปอเนาะ", "บาลาเซาะ", "ฮาลาล", "กูโบร์", "ลองกอง", "ประปาหมู่บ้าน")


@pytest.fixture(scope="module")
def plan():
    world = build_world(11, 0.15)
    stated = state_needs(world)
    projects = plan_projects(world, stated)
    agencies = demo_agencies(len(projects.projects))
    series = name_series(world, projects, agencies)
    return world, projects, series, run_projects(world, projects, series)


def test_phrase_book_is_rich_and_fits_the_old_code_page() -> None:
    by_sector = pd.Series([t.sector for t in topics() for _ in t.needs]).value_counts()
    assert len(by_sector) == 16
    assert by_sector.min() >= 12
    everything = " ".join(need for t in topics() for need in t.needs)
    everything.encode("cp874")
    assert all(word in everything for word in OWN_WORDS)


def test_sector_names_and_agencies_are_those_of_the_registers() -> None:
    from importlib import resources

    with (resources.files("evallib") / "reference" / "sectors.csv").open(encoding="utf-8") as file:
        names = pd.read_csv(file, dtype="str").set_index("sector_code")["sector_th"]
    book = phrases()
    assert {k: v["name"] for k, v in book["sectors"].items()} == names.drop("OTH").to_dict()
    written = pd.Series([a["name"] for a in book["agencies"]])
    assert resolve_agencies(written)["agency_id"].tolist() == [
        a["agency_id"] for a in book["agencies"]
    ]
    assert {a["layout"] for a in book["agencies"][:8]} == set("ABCDE")
    assert {s for a in book["agencies"][:8] for s in a["sectors"]} == set(book["sectors"])


def test_links_join_a_need_to_a_later_project_of_its_tambon_and_sector(demo) -> None:
    needs = demo.truth("needs").drop_duplicates("true_need_id").set_index("true_need_id")
    projects = demo.truth("projects").set_index("true_project_id")
    links = demo.truth("links")
    assert 0.50 <= len(links) / len(projects) <= 0.60
    assert not links["true_need_id"].duplicated().any()
    need = needs.loc[links["true_need_id"]].reset_index(drop=True)
    project = projects.loc[links["true_project_id"]].reset_index(drop=True)
    for column in ("tambon_code", "sector_code", "topic"):
        assert (need[column] == project[column]).all()
    assert (need["period"] <= project["first_quarter"]).all()


def test_projects_without_link_answer_nothing_that_their_tambon_says(demo) -> None:
    needs, projects = demo.truth("needs"), demo.truth("projects")
    alone = projects[(projects["derived"] == "False") & (projects["tambon_code"] != "")]
    said = set(zip(needs["tambon_code"], needs["topic"], strict=True))
    built = set(zip(alone["tambon_code"], alone["topic"], strict=True))
    assert len(built & said) <= 0.01 * len(built)  # the programme may have no other choice


def test_needs_lines_say_what_the_truth_says(demo) -> None:
    table = demo.truth("needs")
    keys = {(n.file, "", n.row) for n in table.itertuples()}
    lines = {
        key for key, cells in demo.rows.items()
        if "ความต้องการ_" in key[0] and key[2] > 3 and str(cells[0]).isdigit()
    }  # fmt: skip
    assert lines == keys
    twice = table[table["true_need_id"] != ""].groupby(["file", "row"]).size()
    assert (twice == 2).sum() > 5
    assert (table["sector_code"] == "OTH").mean() < 0.10
    restated = table[table["true_need_id"] != ""].groupby("true_need_id")["period"].nunique()
    assert 0.2 < (restated > 1).mean() < 0.6


def test_titles_stand_in_the_rows_of_the_truth(demo) -> None:
    projects = demo.truth("projects").set_index("true_project_id")["title"]
    twins = demo.truth("duplicates")
    other = dict(
        zip(zip(twins["true_project_id"], twins["other_agency"], strict=True),
            twins["other_title"], strict=True)
    )  # fmt: skip
    for note in demo.truth("submissions").itertuples():
        title = other.get((note.true_project_id, note.agency), projects[note.true_project_id])
        cells = [str(c).replace("ํา", "ำ") for c in demo.rows[note.file, note.sheet, note.row]]
        assert title in cells
    assert (twins["title"] != twins["other_title"]).all()
    assert (twins["agency"] != twins["other_agency"]).all()


def test_cohort_is_the_quarter_of_the_first_project_that_was_not_cancelled(demo) -> None:
    projects = demo.truth("projects")
    grants = projects[projects["plan_source"] == "ศอ.บต.ตำบล"]
    cancelled = {
        note.true_project_id for note in demo.truth("submissions").itertuples()
        if any("ยกเลิก" in str(c) for c in demo.rows[note.file, note.sheet, note.row])
    }  # fmt: skip
    grants = grants[~grants["true_project_id"].isin(cancelled)]
    first = pd.to_datetime(grants["start_date"]).groupby(grants["tambon_code"]).min()
    found = first.map(lambda day: str(FiscalPeriod.of(day.date())))
    cohorts = demo.truth("cohorts").set_index("tambon_code")["cohort"]
    assert found.to_dict() == cohorts[cohorts != ""].to_dict()


def test_progress_never_falls_and_agrees_with_the_status(plan) -> None:
    _, projects, series, state = plan
    budget = series["budget"].to_numpy()[:, None]
    for values in (state.physical, state.disbursed, state.beneficiaries):
        assert (np.diff(values, axis=1) >= 0).all()
    assert (state.disbursed <= budget).all()
    assert state.physical.min() >= 0
    assert state.physical.max() == 100
    finished = state.physical == 100
    assert set(state.status[finished]) <= {"completed", "cancelled"}
    assert (state.physical[np.isin(state.status, ["planned", "approved"])] == 0).all()
    assert (state.disbursed[state.physical == 0] < budget.max() * 0.05).all()
    assert set(state.status.ravel()) == {
        "planned", "approved", "ongoing", "completed", "delayed", "suspended", "cancelled",
    }  # fmt: skip
    assert (series["start"] < series["end"]).all()
    year_start = pd.to_datetime([f"{2019 + k // 4}-10-01" for k in series["known"]])
    assert (series["start"] >= year_start - pd.Timedelta(days=5)).all()
    assert len(projects.projects) == projects.projects["true_project_id"].nunique()


def test_answers_differ_by_sex_and_age_and_small_groups_occur(demo) -> None:
    rows = [cells for key, cells in demo.rows.items() if "แบบสำรวจ" in key[0] and key[2] > 3]
    answers = pd.DataFrame(rows).iloc[:, [1, 3, 4, 5]]
    answers.columns = ["tambon", "age", "sex", "aware"]
    answers = answers[answers["aware"] != ""]
    aware = (answers["aware"] == "ใช่").groupby([answers["sex"], answers["age"]]).mean()
    for age in ("15–24", "25–39", "40–59", "60+"):
        assert 0.2 < aware["หญิง", age] < 0.8
    sex = (answers["aware"] == "ใช่").groupby(answers["sex"]).mean()
    age = (answers["aware"] == "ใช่").groupby(answers["age"]).mean()
    assert sex["ชาย"] - sex["หญิง"] > 0.03
    assert age["40–59"] - age["15–24"] > 0.08
    cells = answers.groupby(["tambon", "age", "sex"]).size()
    assert cells.lt(10).any()


def test_header_levels_are_merged_as_drawn() -> None:
    sheet = Sheet("x")
    sheet.add(["title"])
    sheet.add_header([("no",), ("money", "approved"), ("money", "spent"), ("q1", "%", "plan")])
    assert sheet.rows[1:] == [
        ["no", "money", None, "q1"],
        [None, "approved", "spent", "%"],
        [None, None, None, "plan"],
    ]
    assert sorted(sheet.merges) == [(1, 0, 3, 0), (1, 1, 1, 2), (2, 1, 3, 1), (2, 2, 3, 2)]
