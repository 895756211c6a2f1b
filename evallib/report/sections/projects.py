"""All projects of all agencies: who, how many, how much, where, and each baht once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.report.figures import (
    agency_budget_figure,
    baht_ledger_figure,
    coverage_map_figure,
    waterfall_figure,
)
from evallib.report.sections.headline_numbers import projects_with_progress
from evallib.report.sections.names import agency_names

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence


def projects_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on the register: table by agency, budgets, ledger and map."""
    e, write = evidence, evidence.write("projects", number)
    by_agency = projects_by_agency(e)
    return [
        write.heading(e.word("projects.heading")),
        write.table(
            by_agency, e.word("projects.caption"), total=True,
            columns=(e.word("agency"), e.word("n_projects"), e.word("budget"),
                     e.word("disbursed"), e.word("physical")),
            formats={"n_projects": "int", "budget": "baht", "disbursed_share": "percent",
                     "physical_share": "percent"},
            note=e.word("projects.note"),
        ),
        write.figure(
            agency_budget_figure, with_baht_disbursed(by_agency),
            caption=e.word("projects.budget_caption"),
        ),
        *ledger_blocks(e),
        write.figure(
            coverage_map_figure, projects_by_tambon(e), label=e.word("projects.map_label"),
            caption=e.word("projects.map_caption"),
        ),
    ]  # fmt: skip


def projects_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return projects, baht and progress by agency, largest budget first, with a total row.

    Columns agency, n_projects, budget (baht), disbursed_share and physical_share (0 to 1, the
    latter weighted by budget). Each project stands once, at the agency that reported it first.
    """
    work = projects_with_progress(evidence)
    work["agency"] = agency_names(work["agency_id"], evidence.language)
    work["done"] = work["physical_pct"] / 100 * work["budget_approved"]
    known = work["budget_approved"].where(work["physical_pct"].notna())
    work = work.assign(known=known)
    sums = work.groupby("agency").agg(
        n_projects=("project_uid", "size"), budget=("budget_approved", "sum"),
        disbursed=("disbursed_known", "sum"), done=("done", "sum"), known=("known", "sum"),
    )  # fmt: skip
    sums = sums.sort_values(["budget"], ascending=False, kind="stable")
    total = sums.sum().to_frame(evidence.word("total")).T
    table = pd.concat([sums, total]).rename_axis("agency").reset_index()
    return pd.DataFrame({
        "agency": table["agency"],
        "n_projects": table["n_projects"].astype("int64"),
        "budget": table["budget"],
        "disbursed_share": table["disbursed"] / table["budget"].where(table["budget"] > 0),
        "physical_share": table["done"] / table["known"].where(table["known"] > 0),
    })  # fmt: skip


def with_baht_disbursed(by_agency: pd.DataFrame) -> pd.DataFrame:
    """Return the agencies without the total row, with baht disbursed instead of shares."""
    rows = by_agency.iloc[:-1]
    rows = rows.assign(disbursed=rows["budget"] * rows["disbursed_share"].fillna(0))
    return rows[["agency", "n_projects", "budget", "disbursed"]]


def projects_by_tambon(evidence: Evidence) -> pd.DataFrame:
    """Return every tambon in scope with its point and number of projects."""
    counts = evidence.projects["tambon_code"].value_counts()
    table = evidence.tambons[["tambon_code", "lat", "lon"]].copy()
    table["value"] = table["tambon_code"].map(counts).fillna(0).astype("int64")
    return table


def ledger_blocks(evidence: Evidence) -> list[Block]:
    """Return the waterfall of all agencies and the bars of each."""
    e, write = evidence, evidence.write()
    return [
        write.figure(
            waterfall_figure, **budget_ledger(e), caption=e.word("projects.waterfall_caption"),
            note=e.word("projects.waterfall_note"),
        ),
        write.figure(
            baht_ledger_figure, ledger_by_agency(e), caption=e.word("ledger.caption"),
            note=e.word("ledger.note"),
        ),
    ]  # fmt: skip


def ledger_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return the ledger of the projects in scope as it was known, with the names of agencies.

    Columns of the contract ``baht_ledger`` and ``agency``.
    """
    from evallib.register import baht_ledger  # brings the cleaning

    day = evidence.as_of.isoformat()
    rows, parts = (evidence.store.read(name, as_of=day)
                   for name in ("project_submissions", "project_parts"))  # fmt: skip
    here = evidence.projects["project_uid"]
    inside = parts["parent_project_uid"].isin(here) & parts["project_uid"].isin(here)
    ledger = baht_ledger(rows[rows["project_uid"].isin(here)], evidence.projects, parts[inside])
    return ledger.assign(agency=agency_names(ledger["agency_id"], evidence.language))


def budget_ledger(evidence: Evidence) -> dict[str, float]:
    """Return baht as reported, counted twice, and unique: the first less the second.

    A project that its agency sends again each quarter is reported once here; counted twice is what
    another agency reports too, or what is part of a lump budget.
    """
    from evallib.register import total_ledger  # brings the cleaning

    total = total_ledger(ledger_by_agency(evidence)).sum()
    doubled = float(total["duplicated"] + total["contained"])
    unique = float(total["unique_baht"])
    return {"reported": unique + doubled, "duplicates": doubled, "unique": unique}
