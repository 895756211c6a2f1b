"""Which column of a submission a heading stands for, by what its words say together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evallib.clean.reading.concepts import LONGEST_HEADING, concepts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SURE, HEADING = 0.8, 0.75  # share of letters that known words must make up
_NUMBER = re.compile(r"[0-9๐-๙]{2}")  # years in headings are known otherwise
_ONLY_ABOUT = {"filler", "unit", "name", "count", "result"}  # says nothing by itself


@dataclass(frozen=True, slots=True)
class Rule:
    """A field, what a heading must say (all of it, one of it) and what it must not."""

    field: str
    all_of: frozenset[str]
    none_of: frozenset[str] = frozenset()
    rank: int = 0  # of several columns for one field the one of the lowest rank counts


def _rule(field: str, all_of: str, none_of: str = "", rank: int = 0) -> Rule:
    return Rule(field, frozenset(all_of.split()), frozenset(none_of.split()), rank)


_NOT_SPENT = "spent remaining committed requested percent plan fund rank date start end status"
_PLACES = (
    _rule("tambon", "tambon", "money code need project"),
    _rule("amphoe", "amphoe", "money code need project"),
    _rule("province", "province", "money code need project"),
    _rule("village_no", "village", "money need project household people count"),
)
_PROJECTS = (
    _rule("personal", "personal", "agency money"),
    _rule("public_notice_date", "notice"),
    _rule("", "indicator"),
    _rule("", "percent spent"),
    _rule("", "percent money"),
    _rule("physical_pct", "percent progress", "plan"),
    _rule("physical_pct", "progress", "plan money spent problem status count", 1),
    _rule("physical_pct", "percent result", "plan", 2),
    _rule("physical_pct", "percent", "spent money approved plan plansource", 5),
    _rule("disbursed_cum", "spent", "percent plan remaining duration date", 0),
    _rule("", "remaining"),
    _rule("", "committed"),
    _rule("", "money requested", rank=3),
    _rule("fund_source", "fund"),
    _rule("budget_approved", "money approved", _NOT_SPENT),
    _rule("budget_approved", "money received", _NOT_SPENT, 1),
    _rule("budget_approved", "approved unit", _NOT_SPENT, 1),
    _rule("budget_approved", "received unit", _NOT_SPENT, 2),
    _rule("budget_approved", "approved", _NOT_SPENT + " progress notice date", 2),
    _rule("budget_approved", "money contractitem", _NOT_SPENT, 2),
    _rule("budget_approved", "money", _NOT_SPENT + " year sector code", 3),
    _rule("start_date", "start", "end money percent", 0),
    _rule("end_date", "end", "start money percent progress", 0),
    _rule("duration", "start end", "money"),
    _rule("duration", "duration"),
    _rule("agency_project_code", "code", "money tambon amphoe province household contractno"),
    _rule("status", "status", "money"),
    _rule("beneficiaries_actual", "beneficiary", "money"),
    _rule("target_households", "household", "money need"),
    _rule("target_n", "people plan"),
    _rule("target_n", "people group"),
    _rule("target_group", "group"),
    _rule("problem_text", "problem", "need money"),
    _rule("objective_th", "objective"),
    _rule("plan_source", "plansource", "project money"),
    *_PLACES,
    _rule("place_raw", "place", "money project need", 0),
    _rule("place_raw", "place project", "money need", 1),
    _rule("agency_raw", "agency", "money code percent"),
    _rule("title_th", "project", "money code count status sector percent date plan year agency"),
    _rule("title_th", "project item", "money code count status percent date year", 1),
    _rule("title_th", "project plan", "money code count status percent date year people", 2),
    _rule("title_th", "item", "money code count status percent date plan year indicator", 3),
    _rule("title_th", "contractitem name", "money code date", 3),
    _rule("sector_reported", "sector", "money"),
    _rule("note", "note"),
    _rule("fiscal_year", "year", "money plan start end"),
    _rule("order_no", "order", "rank need project"),
)
_NEEDS = (
    _rule("personal", "personal"),
    _rule("rank", "rank"),
    _rule("rank", "order need"),
    _rule("votes", "votes"),
    _rule("meeting_date", "meeting", "votes people"),
    _rule("meeting_date", "date", "start end votes"),
    _rule("people_affected", "affected"),
    _rule("people_affected", "beneficiary"),
    *_PLACES,
    _rule("need_text_th", "need", "rank votes order money source"),
    _rule("need_text_th", "problem", "rank votes order", 1),
    _rule("need_text_th", "project", "money code count", 2),
    _rule("need_text_th", "item", "money code count", 3),
    _rule("note", "note"),
    _rule("order_no", "order"),
)
_KINDS = {"projects": _PROJECTS, "council_report": _PROJECTS, "needs": _NEEDS}


_TITLES = ("project", "item", "need", "plansource", "name", "contractitem")  # best first


def title_of(headings: Sequence[Sequence[str]]) -> int | None:
    """Return the column that may be read as the title where no column says that it is.

    Parameters
    ----------
    headings : sequence of sequence of str
        Levels of headings that were taken for nothing that is kept; empty for all others.

    Examples
    --------
    >>> title_of([["ลำดับ"], ["แผนงาน"], ["อำเภอ"]])
    1
    """
    for concept in _TITLES:
        for c, levels in enumerate(headings):
            said = concepts_of(levels[-1]).said if levels else frozenset()
            if concept in said and not said & {"money", "code", "count", "personal", "agency"}:
                return c
    return None


def reads_like_heading(cell: str) -> bool:
    """Tell whether a cell is made of words that headings are made of.

    Examples
    --------
    >>> reads_like_heading("มูลค่าสัญญา (บาท)"), reads_like_heading("โครงการขุดลอกคลองบ้านบน")
    (True, False)
    """
    if len(cell) > LONGEST_HEADING or _NUMBER.search(cell):
        return False
    found = concepts_of(cell)
    return found.coverage >= HEADING and bool(found.said - _ONLY_ABOUT)


def field_of(levels: Sequence[str], kind: str) -> tuple[str, int] | None:
    """Return the field that the levels of a heading stand for in a kind of submission.

    Parameters
    ----------
    levels : sequence of str
        From the widest to the lowest.
    kind : str
        Kind of submission.

    Returns
    -------
    (str, int) or None
        The field, ``""`` for what is understood and not wanted, and its rank among columns for
        the same field; None when the words are not known or say nothing of the kind.

    Examples
    --------
    >>> field_of(["งบประมาณ (บาท)", "เบิกจ่ายแล้ว"], "projects")
    ('disbursed_cum', 0)
    >>> field_of(["มูลค่าตามสัญญา"], "projects")
    ('budget_approved', 2)
    """
    rules = _KINDS.get(kind)
    if not rules:
        return None
    found = [concepts_of(level) for level in levels]
    if not found or found[-1].coverage < SURE:
        return None
    for depth in range(len(found)):  # the lowest level alone, then with what stands over it
        said = frozenset().union(*(each.said for each in found[len(found) - 1 - depth :]))
        if not said - _ONLY_ABOUT and depth + 1 < len(found):
            continue
        for rule in rules:
            if said >= rule.all_of and said.isdisjoint(rule.none_of):
                return rule.field, rule.rank + depth
    return None
