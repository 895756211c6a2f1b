"""What the register lacks: agencies for needs (A14), notice (A15), results for money (A19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import figure_rows, share_rows, sums, top_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case, Rows
    from evallib.periods import FiscalPeriod


NOTICE = pd.Timedelta(days=30)  # the people are told this long before a project starts
FAR_APART = 20.0  # percentage points between money and work from which a project is looked at


def agency_gap(case: Case, kept: Floats, agencies: pd.DataFrame | None = None) -> Floats:
    """Return A14: the share of the first three needs with no agency in any role.

    Parameters
    ----------
    case : Case
        Needs, projects and the links between them.
    kept : ndarray of float, shape (draws, links)
        Probabilities of the links, or zeros and ones of a simulation.
    agencies : pandas.DataFrame, optional
        ``project_uid`` and ``agency_id``, one row a role. Default: the columns ``agencies`` and
        ``agency_id`` of the register.

    Returns
    -------
    ndarray of float, shape (draws, scopes)
        Shares, 0-1; NaN in a scope without an open need. A need has an agency when a project
        linked to it names one.
    """
    return top_share(case, without_agency(case, kept, agencies), case.open_need)


def without_agency(case: Case, kept: Floats, agencies: pd.DataFrame | None = None) -> Floats:
    """Return the probability that no agency has a need, shape (draws, needs); see `agency_gap`."""
    named = _names_agency(case.projects, agencies)
    return 1.0 - case.net.of_needs(kept * named[case.net.project])


def _names_agency(projects: pd.DataFrame, agencies: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Tell which projects name an agency, shape (m,)."""
    if agencies is not None:
        roles = agencies.reindex(columns=["project_uid", "agency_id"]).dropna()
        return projects["project_uid"].isin(roles["project_uid"]).to_numpy(dtype=bool)
    written = projects.reindex(columns=["agencies", "agency_id"]).astype("object").fillna("")
    return np.asarray((written.to_numpy() != "").any(axis=1), dtype=np.bool_)


def public_notice(case: Case) -> Rows:
    """Return A15: the share of started projects that were announced 30 days before.

    Returns
    -------
    Rows
        Shares, 0-1, of the projects of the year whose ``start_date`` is known and that were not
        cancelled (``n``). A project without a date of notice was not announced; where no project of
        the whole register has one, it is taken that nobody recorded them: note ``not_given``. Note
        ``no_projects``, or ``no_dates`` where no project has a start.
    """
    projects, member = case.projects, case.scopes.member(case.projects)
    dates = projects.reindex(columns=["start_date", "public_notice_date"])
    dates = dates.apply(pd.to_datetime).astype("datetime64[s]")
    ours = case.of_year & projects["status"].ne("cancelled").fillna(value=True).to_numpy(dtype=bool)
    started = ours & dates["start_date"].notna().to_numpy()
    told = dates["public_notice_date"] <= dates["start_date"] - NOTICE
    rows = share_rows(
        member, part=told.to_numpy() & started, whole=started, counted=started, note="no_dates"
    )
    if len(projects) and dates["public_notice_date"].isna().all():
        rows = rows._replace(
            value=np.full_like(rows.value, np.nan), note=np.full_like(rows.note, "not_given")
        )
    return rows._replace(note=np.where(sums(member, ours) > 0, rows.note, "no_projects"))


def progress_gap(case: Case, progress: pd.DataFrame) -> tuple[Rows, Rows]:
    """Return A19, disbursed less physical per cent, and how many projects are far apart.

    Parameters
    ----------
    case : Case
        Projects with ``budget_approved``.
    progress : pandas.DataFrame
        Contract ``project_progress``; the latest row up to the end of the period counts.

    Returns
    -------
    gap : Rows
        Percentage points, -100 to 100: the mean over the projects of the year whose budget,
        disbursement and physical progress are known and that were not cancelled (``n``), weighted
        by budget, so that it is the difference of the two percentages of the scope. What is
        disbursed beyond the budget counts as the budget. Notes ``no_projects``, ``no_budget`` and
        ``no_progress``.
    flagged : Rows
        Number of these projects in which both differ by more than 20 points.
    """
    budget = case.projects["budget_approved"].to_numpy(dtype="float64")
    physical, disbursed, cancelled = _latest(case.projects, progress, case.period)
    with_budget = case.of_year & ~cancelled & (budget > 0)
    spent = np.clip(disbursed / np.where(budget > 0, budget, np.nan), 0.0, 1.0)
    gap = 100.0 * spent - np.clip(physical, 0.0, 100.0)
    known = with_budget & ~np.isnan(gap)
    gap = np.where(known, gap, 0.0)
    member = case.scopes.member(case.projects)
    weight = np.where(known, budget, 0.0)
    mean = share_rows(member, part=gap * weight, whole=weight, counted=known, note="no_progress")
    note = np.where(sums(member, with_budget) > 0, mean.note, "no_budget")
    note = np.where(sums(member, case.of_year) > 0, note, "no_projects")
    far = sums(member, np.abs(gap) > FAR_APART)
    far = np.where(mean.n > 0, far, np.nan)
    return mean._replace(note=note.astype(object)), figure_rows(far, mean.n, note)


def _latest(
    projects: pd.DataFrame, progress: pd.DataFrame, period: FiscalPeriod | None
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return physical per cent, baht disbursed and whether cancelled, shape (m,) each."""
    numbers = ["fiscal_year", "quarter", "physical_pct", "disbursed_cum"]
    rows = progress.reindex(columns=["project_uid", *numbers, "status"])
    rows = rows.assign(**{name: pd.to_numeric(rows[name]).astype("float64") for name in numbers})
    rows = rows.assign(at=rows["fiscal_year"] * 4 + rows["quarter"] - 1)
    if period is not None:
        rows = rows[rows["at"] <= period.quarters[-1].ordinal]
    latest = rows.sort_values(["project_uid", "at"]).drop_duplicates("project_uid", keep="last")
    latest = latest.set_index("project_uid").reindex(projects["project_uid"])
    cancelled = latest["status"].eq("cancelled").to_numpy(dtype=bool) | (
        projects["status"].eq("cancelled").to_numpy(dtype=bool)
    )
    return latest["physical_pct"].to_numpy(), latest["disbursed_cum"].to_numpy(), cancelled
