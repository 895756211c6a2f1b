"""The headline numbers of a period, computed once for brief, cover and comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Headline:
    """Eight numbers of one period; shares between 0 and 1, money in baht, NaN where undefined."""

    n_projects: float
    budget: float
    disbursed_share: float
    physical_share: float
    n_needs: float
    weighted_coverage: float
    delivered_coverage: float
    councils_met_share: float


def headline(evidence: Evidence, alignment: pd.DataFrame) -> Headline:
    """Compute the headline numbers.

    Parameters
    ----------
    evidence : Evidence
        Of the period.
    alignment : pandas.DataFrame
        Table ``alignment`` of the same evidence; the rows of its scope are used.

    Returns
    -------
    Headline
        ``physical_share`` is weighted by budget, so that a large project counts for more.
    """
    work = projects_with_progress(evidence)
    budget = work["budget_approved"].sum()
    known = work[work["physical_pct"].notna() & (work["budget_approved"] > 0)]
    index = alignment[alignment["scope"] == evidence.scope].set_index("indicator")["value"]
    met = evidence.meetings["tambon_code"].nunique()
    return Headline(
        n_projects=float(len(work)),
        budget=float(budget),
        disbursed_share=_share(work["disbursed_known"].sum(), budget),
        physical_share=_share(
            (known["physical_pct"] / 100 * known["budget_approved"]).sum(),
            known["budget_approved"].sum(),
        ),
        n_needs=float(len(evidence.needs)),
        weighted_coverage=float(index.get("A2", float("nan"))),
        delivered_coverage=float(index.get("A3", float("nan"))),
        councils_met_share=_share(met, len(evidence.tambons)),
    )


def projects_with_progress(evidence: Evidence) -> pd.DataFrame:
    """Return the register of the year with the newest progress of each project.

    Adds ``physical_pct``, ``disbursed_cum``, ``disbursed_share`` (of the approved budget),
    ``disbursed_known`` (baht, only where the budget is known, so that sums compare) and ``gap``
    (disbursed minus physical, percentage points; indicator A19).
    """
    newest = evidence.progress[["project_uid", "physical_pct", "disbursed_cum", "status"]]
    work = evidence.projects.drop(columns="status").merge(newest, on="project_uid", how="left")
    work["status"] = work["status"].fillna(
        work["project_uid"].map(evidence.projects.set_index("project_uid")["status"])
    )
    work["disbursed_share"] = work["disbursed_cum"] / work["budget_approved"].where(
        work["budget_approved"] > 0
    )
    work["disbursed_known"] = work["disbursed_cum"].where(work["budget_approved"].notna())
    work["gap"] = 100 * work["disbursed_share"] - work["physical_pct"]
    return work


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")
