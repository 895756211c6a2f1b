"""Synthetic submissions with a known truth: what intake makes of them, against that truth."""

import re

import pandas as pd
import pytest

from evallib.clean import read_submission
from evallib.register import assemble
from tests.clean.demo_truth import Measured, measure

pytestmark = pytest.mark.slow
SHARE = 0.1  # of the tambons
LEFT_OUT = ("intake.no_title", "intake.no_text", "intake.no_tambon", "intake.no_key")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the truth, what was made of the files, and the files themselves."""
    from evallib.demo import write_demo

    report = write_demo(tmp_path_factory.mktemp("demo") / "raw", fraction=SHARE)
    truth = {
        file.stem: pd.read_csv(file, dtype={"tambon_code": str, "amphoe_code": str})
        for file in report.truth.glob("*.csv")
    }
    files = sorted(report.folder.glob("*/*/*"))
    sent = [read_submission(file, raw=report.folder) for file in files]
    intake = assemble(sent)
    return truth, intake, sent, measure(files, sent, intake, report.truth)


@pytest.fixture(scope="module")
def measured(demo) -> Measured:
    return demo[3]


@pytest.fixture(scope="module")
def rows(demo):
    """Return each row as sent beside the project that it truly is."""
    truth, intake, *_ = demo
    known = truth["submissions"].merge(
        truth["projects"].drop(columns="agency"), on="true_project_id"
    )
    return intake.frames["project_submissions"].merge(
        known, on=["file", "sheet", "row"], how="outer", suffixes=("", "_true"), indicator=True
    )


def test_every_row_that_was_sent_is_in_the_table_and_no_other(demo, rows) -> None:
    _, intake, *_ = demo
    read = rows["file"].isin(intake.frames["inputs"].query("state == 'read'")["file"])
    assert set(rows.loc[read, "_merge"]) == {"both"}


def count_left_out(submission) -> int:
    """Return how many rows of a file its findings say were left out."""
    refused, nothing_asked = set(), 0
    for f in submission.findings:
        if f.code in LEFT_OUT:
            refused.add(tuple(f.where.split(" | ")[1:3]))
        elif f.code == "intake.no_need_stated":  # one finding for the cells of a column
            many = re.search(r"\(× (\d+)\)$", f.value)
            nothing_asked += int(many[1]) if many else 1
    return len(refused) + nothing_asked


def test_rows_read_are_accepted_or_explained(demo) -> None:
    _, _, sent, _ = demo
    left = {s.file: s.rows_read - s.rows_accepted for s in sent}
    assert left == {s.file: count_left_out(s) for s in sent}
    assert sum(left.values()) > 0


def test_no_need_is_taken_for_forbidden_content_or_a_blank_form(demo) -> None:
    _, _, sent, _ = demo
    assert [f for s in sent for f in s.findings if f.code.startswith("forbidden.")] == []


def test_places_agencies_and_plans_are_those_of_the_truth(rows) -> None:
    both = rows[rows["_merge"] == "both"]
    for column, share in (("tambon_code", 0.99), ("amphoe_code", 0.99), ("plan_source", 0.95)):
        known = both[both[column].notna()]
        assert (known[column] == known[f"{column}_true"]).mean() >= share
    assert (both["agency_id"] == both["agency"]).all()
    assert (both["tambon_code"].notna() == both["tambon_code_true"].notna()).mean() >= 0.99


def test_money_and_dates_are_those_of_the_truth_where_they_are_given(rows) -> None:
    both = rows[(rows["_merge"] == "both") & (rows["derived"] != True)]  # noqa: E712  bool or text
    budget = both["budget_approved"].notna()
    near = (both["budget_approved"] / both["budget"] - 1).abs() < 0.05
    assert near[budget].mean() >= 0.99
    for column in ("start_date", "end_date"):
        stated = both[both[column].notna()]
        days = (stated[column] - pd.to_datetime(stated[f"{column}_true"])).dt.days.abs()
        assert (days <= 14).mean() >= 0.99


def test_each_project_is_one_and_each_baht_counts_once(rows) -> None:
    both = rows[rows["_merge"] == "both"]
    truths = both.groupby("project_uid")["true_project_id"].nunique()
    uids = both.groupby("true_project_id")["project_uid"].nunique()
    assert (truths == 1).all()  # no two projects were taken for one
    assert (uids == 1).mean() >= 0.98  # what stays double is listed for review


def test_at_least_99_of_100_planted_defects_of_each_kind_are_found(demo, measured) -> None:
    assert set(measured.kinds.index) == set(demo[0]["defects"]["kind"])
    share = measured.kinds["found"] / measured.kinds["planted"]
    assert share[share < 0.99].to_dict() == {}


def test_at_most_1_in_100_warnings_is_false(measured) -> None:
    f = measured.figures
    assert f["warnings and errors"] > 150
    assert f["false findings"] <= 0.01 * f["warnings and errors"], measured.false
    assert f["clean rows with a false finding"] <= 0.001 * f["clean rows"]


def test_what_is_accepted_without_review_is_right(measured) -> None:
    f = measured.figures
    for what in ("tambons of projects", "tambons of needs", "budgets"):
        assert f[f"{what}, precision"] == 1.0, what
        assert f[f"{what}, recall"] >= 0.97, what
    assert f["duplicates merged or listed, precision"] >= 0.98
    assert f["duplicates merged or listed, recall"] >= 0.95
    assert f["duplicates merged, precision"] == 1.0


def test_no_project_row_is_lost(measured) -> None:
    assert measured.figures["project rows lost"] == 0


def test_no_slipped_unit_reaches_the_register(demo, rows) -> None:
    truth, *_ = demo
    slipped = truth["defects"].query("kind == 'unit_slip'")[["file", "sheet", "row"]]
    both = rows.merge(slipped, on=["file", "sheet", "row"])
    assert len(both) > 5
    assert both["budget_approved"].isna().all()


def test_planted_identifiers_are_gone(measured) -> None:
    assert measured.figures["planted identifiers"] > 10
    assert measured.figures["identifiers left"] == 0
