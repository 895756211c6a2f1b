"""Progress and disbursement: work done against money spent, and what runs late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number
from evallib.report.figures import progress_figure
from evallib.report.sections.headline_numbers import projects_with_progress
from evallib.report.sections.names import agency_names, tambon_names

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence

GAP_POINTS = 20
SHOWN = 10
STATUSES = ("planned", "approved", "ongoing", "completed", "delayed", "suspended", "cancelled")


def progress_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on progress: scatter, statuses, and the projects that run late."""
    e, write = evidence, evidence.write("progress", number)
    work = projects_with_progress(e)
    known = work[work["gap"].notna()]
    outside = int((known["gap"].abs() > GAP_POINTS).sum())
    points = pd.DataFrame({
        "physical_pct": known["physical_pct"], "disbursed_pct": 100 * known["disbursed_share"],
        "budget": known["budget_approved"],
    })  # fmt: skip
    return [
        write.heading(e.word("progress.heading")),
        write.prose(
            e.word("progress.summary", known=format_number(len(known)),
                   all=format_number(len(work)), outside=format_number(outside),
                   points=GAP_POINTS),
        ),
        write.figure(progress_figure, points, caption=e.word("progress.figure_caption")),
        write.table(
            projects_by_status(e, work), e.word("progress.status_caption"),
            columns=(e.word("status"), e.word("n_projects"), e.word("budget")),
            formats={"n_projects": "int", "budget": "baht"},
        ),
        write.table(
            late_projects(e, work), e.word("progress.late_caption", n=SHOWN),
            columns=(e.word("project"), e.word("agency"), e.word("tambon"), e.word("end_date"),
                     e.word("physical")),
            formats={"end": "date", "physical": "percent"},
        ),
    ]  # fmt: skip


def projects_by_status(evidence: Evidence, work: pd.DataFrame) -> pd.DataFrame:
    """Return the number of projects and baht by status, in the order of a project's life."""
    grouped = work.groupby("status").agg(
        n_projects=("project_uid", "size"), budget=("budget_approved", "sum")
    )
    rows = [s for s in STATUSES if s in grouped.index]
    table = grouped.loc[rows].reset_index()
    table["status"] = [evidence.word(f"status.{s}") for s in table["status"]]
    missing = work["status"].isna()
    if missing.any():
        table.loc[len(table)] = {
            "status": evidence.word("status.unknown"), "n_projects": int(missing.sum()),
            "budget": work.loc[missing, "budget_approved"].sum(),
        }  # fmt: skip
    return table[["status", "n_projects", "budget"]]


def late_projects(evidence: Evidence, work: pd.DataFrame) -> pd.DataFrame:
    """Return unfinished projects whose end has passed, the longest overdue first."""
    overdue = work[
        (work["end_date"] < pd.Timestamp(evidence.as_of))
        & (work["physical_pct"] < 100)
        & ~work["status"].isin(["completed", "cancelled"])
    ].sort_values(["end_date", "project_uid"])
    overdue = overdue.head(SHOWN)
    return pd.DataFrame({
        "project": overdue["title_th"],
        "agency": agency_names(overdue["agency_id"], evidence.language),
        "tambon": tambon_names(overdue["tambon_code"], evidence.language),
        "end": overdue["end_date"],
        "physical": overdue["physical_pct"] / 100,
    }).reset_index(drop=True)  # fmt: skip
