"""Where agencies work side by side, which needs none has, and which lists hold a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import TOP
from evallib.needs.inputs.inputs import read_case
from evallib.needs.measures.register_gaps import without_agency
from evallib.needs.sectors.topics import OTHER
from evallib.periods import as_period

if TYPE_CHECKING:
    from evallib.periods import FiscalPeriod

SEPARATOR = ";"  # between agencies of one project in the register


def agency_overlap(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of agencies that work in the same tambon and sector.

    Parameters
    ----------
    projects : pandas.DataFrame
        ``tambon_code``, ``sector_code``, ``agency_id`` and ``budget_approved``; projects without
        one of the codes, or of sector ``OTH``, are left out.

    Returns
    -------
    pandas.DataFrame, shape (pairs, 5)
        ``agency_id``, ``other_agency_id`` (in order), ``places`` (pairs of a tambon and a sector in
        which both work), ``projects`` and ``baht`` of both in these places. The most places first.
        Overlap is no fault: it may be a complement, and is no duplicate.

    Examples
    --------
    >>> projects = pd.DataFrame({"tambon_code": "941012", "sector_code": "WAT",
    ...     "agency_id": ["RID", "DGR", "RID"], "budget_approved": [5.0, 7.0, 2.0]})
    >>> agency_overlap(projects).values.tolist()
    [['DGR', 'RID', 1, 3, 14.0]]
    """
    keys = ["tambon_code", "sector_code", "agency_id"]
    rows = projects.dropna(subset=keys)
    rows = rows[rows["sector_code"] != OTHER]
    budget = pd.to_numeric(rows["budget_approved"]).astype("float64").fillna(0.0)
    by = rows.assign(baht=budget).groupby(keys, sort=True)
    each = by.agg(projects=("baht", "size"), baht=("baht", "sum")).reset_index()
    both = each.merge(each, on=keys[:2], suffixes=("", "_other"))
    both = both[both["agency_id"] < both["agency_id_other"]]
    both = both.assign(
        projects=both["projects"] + both["projects_other"], baht=both["baht"] + both["baht_other"]
    )
    pairs = both.groupby(["agency_id", "agency_id_other"], sort=True)
    table = pairs.agg(places=("baht", "size"), projects=("projects", "sum"), baht=("baht", "sum"))
    table = table.rename_axis(["agency_id", "other_agency_id"]).reset_index()
    order = ["places", "baht", "agency_id", "other_agency_id"]
    return table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def agency_gaps(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    votes: pd.DataFrame | None = None,
    period: FiscalPeriod | str | None = None,
) -> pd.DataFrame:
    """Return by sector how many of the first three needs of each tambon no agency has.

    Parameters
    ----------
    needs, projects, links, votes, period
        As for `alignment`, with the needs open since the start of the fiscal year.

    Returns
    -------
    pandas.DataFrame, shape (sectors, 4)
        ``sector_code``, ``first_needs``, ``without_agency`` (expected number, by the probabilities
        of the links) and ``share``. The most without an agency first. Sums to A14 of all.
    """
    case = read_case(
        needs, projects, links, votes=votes, progress=None,
        period=None if period is None else as_period(period), year_to_date=True, by=("area",),
    )  # fmt: skip
    missing = without_agency(case, case.net.probability[np.newaxis])[0]
    top = case.open_need & (case.rank <= TOP)
    rows = pd.DataFrame({
        "sector_code": case.needs["sector_code"].fillna(OTHER), "missing": missing,
    })[top]  # fmt: skip
    by = rows.groupby("sector_code", sort=True)["missing"]
    table = by.agg(first_needs="size", without_agency="sum", share="mean").reset_index()
    order = ["without_agency", "sector_code"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def project_captures(projects: pd.DataFrame) -> pd.DataFrame:
    """Return which groups of agencies reported each project, for `estimate_completeness`.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Contract ``projects``: ``agencies`` are all that reported it, joined by ``;``.

    Returns
    -------
    pandas.DataFrame of bool, shape (n, groups)
        One column a group of the register of agencies that reported any project, in the order of
        their names; index ``project_uid``. Groups share the work among them rather than count the
        same projects, so an estimate from them is a warning more than a number: budget lists and
        lists of councils, joined by ``project_uid``, make better columns.

    Examples
    --------
    >>> projects = pd.DataFrame({"project_uid": ["P1", "P2"], "agencies": ["SBPAC;RID", "RID"]})
    >>> project_captures(projects).sum(axis=1).tolist()
    [2, 1]
    """
    from evallib.agencies import read_agencies

    group = read_agencies().set_index("agency_id")["group"]
    rows = projects.set_index("project_uid")["agencies"].fillna("").str.split(SEPARATOR).explode()
    named = rows.map(group).dropna()
    table = pd.crosstab(named.index, named) > 0
    table = table.reindex(projects["project_uid"], fill_value=False)
    return table.rename_axis(index="project_uid", columns=None)
