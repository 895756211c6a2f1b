"""Figures about people have one door: no other room of the report looks at their answers."""

import re

import pandas as pd
import pytest

from evallib import report
from evallib.errors import DisclosureError
from evallib.privacy import Gate
from evallib.runner.batch.releases import require_release
from evallib.tables import contract
from tests.paths import ROOT
from tests.privacy.surveys import named

PLACES = {"tambon_code", "amphoe_code", "province_code", "fiscal_year", "quarter", "as_of"}
ANSWERS = set(contract("beneficiary_survey").names) - PLACES
PRESENT = {"n_members_present", "n_public", "n_women", "n_youth"}
DOOR = {"sections/results.py", "sections/people.py"}
HANDED_ON = {"evidence.py", "sections/alignment.py"}  # take the forms whole, and give them on


@pytest.mark.parametrize("name", sorted(ANSWERS | PRESENT))
def test_only_the_door_names_what_people_said(name) -> None:
    folder = ROOT / "evallib" / "report"
    named = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if re.search(rf"[\"']{name}[\"']", file.read_text(encoding="utf-8"))
    }
    assert named <= DOOR | ({"sections/alignment.py"} if name == "need_rank_1" else set())


def test_only_the_door_and_who_hands_on_see_the_forms() -> None:
    folder = ROOT / "evallib" / "report"
    seeing = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if re.search(r"\.(survey|meetings)\b", file.read_text(encoding="utf-8"))
    }
    # these count councils, not people
    councils = {"sections/needs.py", "sections/brief.py", "sections/cover.py",
                "sections/headline_numbers.py", "sections/quality.py"}  # fmt: skip
    assert seeing <= DOOR | HANDED_ON | councils


def test_a_table_about_people_that_did_not_pass_the_gate_is_no_block() -> None:
    raw = pd.DataFrame({"sex": ["f", "m"], "n": [23, 4]})
    with pytest.raises(DisclosureError):
        report.Table(raw, "x", people=True)


class Job:
    name = "2565-Q3/95"


def table(frame: pd.DataFrame, *, released: bool = True):
    made = report.Table(Passed(frame), "x", people=True)
    return [made], {"releases": pd.DataFrame({"set_id": ["a"] * released})}


class Passed:
    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame, self.status = frame, "released"


def test_a_report_with_people_says_which_forms_it_rests_on() -> None:
    people = pd.DataFrame({"form": named(90), "province_code": "95",
                           "fiscal_year": 2565, "quarter": 3,
                           "sex": ["f"] * 60 + ["m"] * 30})  # fmt: skip
    printed = Gate().protect(people, tables={"sex": "fm"}).table("sex")
    block = report.Table(printed, "x", people=True)
    require_release(Job, [block], {"releases": pd.DataFrame({"set_id": ["a"]})})
    with pytest.raises(DisclosureError) as refused:
        require_release(Job, [block], {})
    assert refused.value.code == "runner.no_release"


@pytest.mark.parametrize("n", ["7", "23", "1,004", 20.5])
def test_a_number_that_is_not_rounded_keeps_a_report_from_its_place(n) -> None:
    with pytest.raises(DisclosureError) as refused:
        require_release(Job, *table(pd.DataFrame({"sex": ["f"], "n": [n]})))
    assert refused.value.code == "runner.small_number"
    require_release(Job, *table(pd.DataFrame({"sex": ["f", "m"], "n": ["1,010", "≤ 10"]})))
