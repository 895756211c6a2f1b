"""Meeting brief: headline numbers with their change, unmet needs, problem projects, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_baht, format_number, format_percent
from evallib.report.document import KeyNumber
from evallib.report.sections.headline_numbers import Headline, headline, projects_with_progress
from evallib.report.sections.names import agency_names, amphoe_names, sector_names, tambon_names

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence
    from evallib.report.writer import Writer

TOP = 5
GAP_POINTS = 20
MONEY = ("budget",)
COUNTS = ("n_projects", "n_needs")


def brief_section(
    evidence: Evidence,
    alignment: pd.DataFrame,
    before: Headline | None = None,
    *,
    number: int | None = None,
) -> list[Block]:
    """Return the brief for the chair of the meeting.

    Parameters
    ----------
    evidence : Evidence
        Of the period.
    alignment : pandas.DataFrame
        Alignment indicators of the evidence.
    before : Headline, optional
        Numbers of the period before; the change is shown when given.
    """
    e, write = evidence, evidence.write("brief", number)
    now = headline(e, alignment)
    unmet, problems = unmet_needs(e), problem_projects(e)
    return [
        write.heading(e.word("brief.heading")),
        write.key_numbers(_cards(e, now, before)),
        write.table(
            unmet, e.word("brief.unmet_caption"), formats={"needs": "int", "share": "percent"},
            columns=(e.word("sector"), e.word("amphoe"), e.word("n_needs"), e.word("unmet_share")),
            note=e.word("brief.unmet_note"),
        ),
        write.table(
            problems, e.word("brief.problems_caption"),
            formats={"budget": "baht", "physical": "percent", "disbursed": "percent"},
            columns=(e.word("project"), e.word("agency"), e.word("tambon"), e.word("budget"),
                     e.word("physical"), e.word("disbursed")),
            note=e.word("brief.problems_note", points=GAP_POINTS),
        ),
        write.subheading(e.word("brief.decisions")),
        _decisions(e, write, unmet, problems),
    ]  # fmt: skip


def _cards(e: Evidence, now: Headline, before: Headline | None) -> tuple[KeyNumber, ...]:
    cards = []
    for name in Headline.__dataclass_fields__:
        value = getattr(now, name)
        earlier = getattr(before, name) if before is not None else None
        cards.append(
            KeyNumber(
                e.word(f"brief.{name}"), _shown(e, name, value), _change(e, name, value, earlier)
            )
        )
    return tuple(cards)


def _shown(e: Evidence, name: str, value: float) -> str:
    if name in MONEY:
        return format_baht(value, e.language)
    if name in COUNTS:
        return format_number(value)
    return format_percent(value, e.language)


def _change(e: Evidence, name: str, value: float, earlier: float | None) -> str:
    """Return the change on the period before, in words that need no colour."""
    if earlier is None or pd.isna(earlier) or pd.isna(value):
        return ""
    difference = value - earlier
    if name in MONEY:
        amount = format_baht(abs(difference), e.language)
    elif name in COUNTS:
        amount = format_number(abs(difference))
    else:
        amount = e.word("points", value=format_number(abs(100 * difference), decimals=1))
    if abs(difference) < 1e-9:
        return e.word("change.same")
    return e.word("change.up" if difference > 0 else "change.down", amount=amount)


def unmet_needs(evidence: Evidence) -> pd.DataFrame:
    """Return the sectors and amphoe in which most stated needs have no project.

    Columns sector, amphoe, needs (stated), share (of them without a project). The words of the
    people who stated them are not shown.
    """
    e = evidence
    decided = e.links["reviewer_state"].map({"confirmed": 1.0, "rejected": 0.0})
    miss = 1 - decided.fillna(e.links["score"]).astype(float)
    no_project = miss.groupby(e.links["need_id"]).prod()  # as in A1: probability of no project
    needs = e.needs.assign(open=e.needs["need_id"].map(no_project).fillna(1.0) > 0.5)
    needs = needs[needs["sector_code"] != "OTH"]
    grouped = needs.groupby(["sector_code", "amphoe_code"])["open"]
    table = grouped.agg(needs="size", unmet="sum", share="mean").reset_index()
    table = table.sort_values(
        ["unmet", "share", "amphoe_code", "sector_code"], ascending=[False, False, True, True]
    ).head(TOP)
    return pd.DataFrame({
        "sector": sector_names(table["sector_code"], e.language),
        "amphoe": amphoe_names(table["amphoe_code"], e.language),
        "needs": table["needs"],
        "share": table["share"],
    }).reset_index(drop=True)  # fmt: skip


def problem_projects(evidence: Evidence) -> pd.DataFrame:
    """Return the projects whose spending or time runs furthest ahead of their work.

    A project is a problem when it is delayed or suspended, or its disbursed share is more than 20
    points ahead of its physical progress; the largest budgets first.
    """
    e = evidence
    work = projects_with_progress(e)
    late = work["status"].isin(["delayed", "suspended"]) | (work["gap"] > GAP_POINTS)
    worst = work[late].sort_values(["budget_approved", "project_uid"], ascending=[False, True])
    worst = worst.head(TOP)
    return pd.DataFrame({
        "project": worst["title_th"],
        "agency": agency_names(worst["agency_id"], e.language),
        "tambon": tambon_names(worst["tambon_code"], e.language),
        "budget": worst["budget_approved"],
        "physical": worst["physical_pct"] / 100,
        "disbursed": worst["disbursed_share"],
    }).reset_index(drop=True)  # fmt: skip


def _decisions(e: Evidence, write: Writer, unmet: pd.DataFrame, problems: pd.DataFrame) -> Block:
    """Return the decisions that the numbers ask for; each names what it rests on."""
    asked = [
        e.word("brief.decide_need", sector=row.sector, amphoe=row.amphoe)
        for row in unmet.head(2).itertuples()
    ]
    asked += [
        e.word("brief.decide_project", project=row.project, agency=row.agency)
        for row in problems.head(2).itertuples()
    ]
    silent = len(e.tambons) - e.meetings["tambon_code"].nunique()
    if silent:
        asked.append(e.word("brief.decide_councils", n=format_number(silent)))
    if not asked:
        return write.prose(e.word("brief.no_decisions"))
    return write.items(tuple(asked), ordered=True)
