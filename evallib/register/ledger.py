"""The ledger: every baht that was reported, and what is taken off so that it counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.register.lump_budgets import counted_parts
from evallib.tables import empty
from evallib.thai.keys import text_key
from evallib.thai.text_columns import as_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

AMOUNTS = ("reported", "repeated", "duplicated", "contained", "unique_baht")
_LATEST = ["as_of", "file", "sheet", "row"]
_SATANG = 100


def baht_ledger(
    submissions: pd.DataFrame, projects: pd.DataFrame, parts: pd.DataFrame
) -> pd.DataFrame:
    """Return per fiscal year and agency what was reported and how it comes to be counted once.

    Parameters
    ----------
    submissions : pandas.DataFrame, shape (n, k)
        Contract ``project_submissions``: every row as sent, with the project that it is.
    projects : pandas.DataFrame, shape (p, k)
        Contract ``projects``; ``agency_id`` is the one that keeps the baht of a project.
    parts : pandas.DataFrame, shape (q, k)
        Contract ``project_parts``.

    Returns
    -------
    pandas.DataFrame, shape (years x agencies, 10)
        Contract ``baht_ledger``, sorted by key. In satang, for every row,
        ``reported - repeated - duplicated - contained = unique_baht``, and none is negative.

    Notes
    -----
    ``reported`` adds the budgets of all rows. An agency's project counts with the last budget that
    it sent; the rest of its rows is ``repeated``. A project of several agencies counts at the one
    that keeps it (at the first that knows a budget, where that one knows none); the others'
    amounts are ``duplicated``. Of a lump budget the sum of its parts, at most the lump itself, is
    ``contained`` in lines that count for themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> from evallib.tables import empty
    >>> rows = pd.DataFrame({"file": ["a", "b", "c"], "sheet": "", "row": 1, "fiscal_year": 2565,
    ...     "as_of": pd.to_datetime(["2022-03-31", "2022-06-30", "2022-06-30"]),
    ...     "agency_id": ["RID", "RID", "PAO"], "project_uid": "P-1", "agency_raw": None,
    ...     "budget_approved": [500.25, 500.25, 510.0]})
    >>> one = pd.DataFrame({"project_uid": ["P-1"], "agency_id": ["RID"]})
    >>> baht_ledger(rows, one, empty("project_parts"))[["agency_id", *AMOUNTS]].to_numpy().tolist()
    [['PAO', 510.0, 0.0, 510.0, 0.0, 0.0], ['RID', 1000.5, 500.25, 0.0, 0.0, 500.25]]
    """
    if submissions.empty:
        return empty("baht_ledger")
    own = _counted_once(submissions, projects, parts)
    grouped = own.groupby(["fiscal_year", "who"], sort=True)
    ledger = grouped[[*AMOUNTS]].sum() / _SATANG
    ledger.insert(0, "n_projects", grouped.size())
    ledger.insert(0, "n_rows", grouped["n_rows"].sum())
    ledger["as_of"] = grouped["as_of"].max()
    return ledger.rename_axis(["fiscal_year", "agency_id"]).reset_index()


def sector_ledger(
    submissions: pd.DataFrame, projects: pd.DataFrame, parts: pd.DataFrame
) -> pd.DataFrame:
    """Return `baht_ledger` by sector instead of agency.

    Parameters
    ----------
    submissions, projects, parts : pandas.DataFrame
        As for `baht_ledger`; ``projects`` with ``sector_code``.

    Returns
    -------
    pandas.DataFrame, shape (years x sectors, 8)
        ``fiscal_year``, ``sector_code``, ``n_projects`` (of an agency each) and the amounts of
        `baht_ledger` in baht, whose sums over sectors are those over agencies, to the satang. A
        project that is not in the register is of sector ``OTH``.
    """
    columns = ["fiscal_year", "sector_code", "n_projects", *AMOUNTS]
    if submissions.empty:
        return empty("baht_ledger").assign(sector_code=None)[columns]
    own = _counted_once(submissions, projects, parts).reset_index()
    sector = own["project_uid"].map(projects.set_index("project_uid")["sector_code"])
    grouped = own.assign(sector_code=sector.fillna("OTH")).groupby(
        ["fiscal_year", "sector_code"], sort=True
    )
    ledger = grouped[[*AMOUNTS]].sum() / _SATANG
    ledger.insert(0, "n_projects", grouped.size())
    return ledger.reset_index()[columns]


def _counted_once(
    submissions: pd.DataFrame, projects: pd.DataFrame, parts: pd.DataFrame
) -> pd.DataFrame:
    """Return the amounts of each project of an agency, in satang."""
    own = _projects_of_agencies(submissions)
    own["duplicated"] = own["counted"].where(~_keeps(own, projects), 0)
    left = own["counted"] - own["duplicated"]
    own["contained"] = np.minimum(_sum_of_parts(own, left, parts), left)
    own["repeated"] = own["reported"] - own["counted"]
    own["unique_baht"] = left - own["contained"]
    return own


def total_ledger(ledger: pd.DataFrame, by: str | Sequence[str] = ("fiscal_year",)) -> pd.DataFrame:
    """Return the ledger summed over agencies, exactly: satang are added as whole numbers.

    Parameters
    ----------
    ledger : pandas.DataFrame
        As `baht_ledger` returns it.
    by : str or sequence of str, default fiscal year
        Columns to keep apart.
    """
    satang = (ledger[[*AMOUNTS]] * _SATANG).round().astype("int64")
    counts = ledger[["n_rows", "n_projects"]].join(satang)
    sums = counts.groupby([ledger[name] for name in as_names(by)], sort=True).sum()
    sums[[*AMOUNTS]] = sums[[*AMOUNTS]] / _SATANG
    return sums.reset_index()


def _projects_of_agencies(submissions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a project and agency: satang reported in all rows, and the last of them."""
    rows = submissions.sort_values(_LATEST, kind="stable", na_position="first")
    raw = rows["agency_raw"].map(lambda name: text_key(name) if isinstance(name, str) else "")
    rows = rows.assign(
        agency=rows["agency_id"].astype("object").where(rows["agency_id"].notna(), raw),
        who=rows["agency_id"].astype("object").where(rows["agency_id"].notna(), rows["agency_raw"]),
        satang=(rows["budget_approved"].astype("float64") * _SATANG).round(),
    )
    rows["who"] = rows["who"].where(rows["who"].notna(), "-")
    grouped = rows.groupby(["project_uid", "agency"], sort=True)
    own = grouped.agg(
        fiscal_year=("fiscal_year", "first"), who=("who", "first"), as_of=("as_of", "max"),
        first=("as_of", "min"), n_rows=("row", "size"), reported=("satang", "sum"),
        counted=("satang", "last"),
    ).reset_index()  # fmt: skip
    own["known"] = own["counted"].notna()
    whole = {name: own[name].fillna(0).astype("int64") for name in ("reported", "counted")}
    return own.assign(**whole)


def _keeps(own: pd.DataFrame, projects: pd.DataFrame) -> pd.Series:
    """Tell which agency keeps the baht of each project: exactly one of those that report it."""
    keeper = own["project_uid"].map(projects.set_index("project_uid")["agency_id"])
    other = (own["agency"] != keeper) & keeper.notna()
    ranked = own.assign(unknown=~own["known"], other=other).sort_values(
        ["project_uid", "unknown", "other", "first", "agency"], kind="stable"
    )
    return (~ranked.duplicated("project_uid")).reindex(own.index)


def _sum_of_parts(own: pd.DataFrame, left: pd.Series, parts: pd.DataFrame) -> pd.Series:
    """Return for the keeper of each lump the satang of its parts that count for themselves."""
    counted = counted_parts(parts)
    amount = left.groupby(own["project_uid"]).sum()
    satang = counted["project_uid"].map(amount).fillna(0).astype("int64")
    sums = satang.groupby(counted["parent_project_uid"]).sum()
    return own["project_uid"].map(sums).fillna(0).astype("int64")
