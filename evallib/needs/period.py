"""Which needs and projects count in a period, and what the projects have delivered by its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.periods import FiscalPeriod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLACES = {"province_code": 2, "amphoe_code": 4, "tambon_code": 6}


def counted_needs(needs: pd.DataFrame, period: FiscalPeriod | None) -> pd.DataFrame:
    """Return the needs open in a period, by ``need_id``: stated by its end, not before its start.

    A need without a period in which it was stated counts always.
    """
    rows = _located(needs, "need_id", ["first_stated", "last_stated"])
    if period is None or rows.empty:
        return rows
    first, last = (_quarters(rows[name]) for name in ("first_stated", "last_stated"))
    begins, ends = period.quarters[0].ordinal, period.quarters[-1].ordinal
    open_now = ~(first > ends) & ~(last < begins)  # a missing quarter compares as False
    return rows[open_now].reset_index(drop=True)


def counted_projects(projects: pd.DataFrame, period: FiscalPeriod | None) -> pd.DataFrame:
    """Return the projects of the fiscal year of a period that began by its end, by their uid.

    A project without a starting date counts.
    """
    columns = ["fiscal_year", "start_date", "status", "budget_approved"]
    rows = _located(projects, "project_uid", columns)
    rows["budget_approved"] = pd.to_numeric(rows["budget_approved"]).astype("float64")
    if period is None or rows.empty:
        return rows
    of_year = pd.to_numeric(rows["fiscal_year"]).astype("float64") == period.fiscal_year
    later = pd.to_datetime(rows["start_date"]) > pd.Timestamp(period.end)
    return rows[of_year & ~later].reset_index(drop=True)


def delivered_shares(
    projects: pd.DataFrame, progress: pd.DataFrame | None, period: FiscalPeriod | None
) -> Floats:
    """Return the delivered share of each project, 0-1: none when cancelled or never reported."""
    columns = ["project_uid", "fiscal_year", "quarter", "physical_pct", "status"]
    rows = pd.DataFrame(columns=columns) if progress is None else progress.reindex(columns=columns)
    year, quarter = (
        pd.to_numeric(rows[name]).astype("float64") for name in ("fiscal_year", "quarter")
    )
    rows = rows.assign(at=year * 4 + quarter - 1)
    if period is not None:
        rows = rows[rows["at"] <= period.quarters[-1].ordinal]
    latest = rows.sort_values(["project_uid", "at"]).drop_duplicates("project_uid", keep="last")
    latest = latest.set_index("project_uid")
    percent = pd.to_numeric(latest["physical_pct"]).astype("float64")
    share = projects["project_uid"].map(percent).astype("float64").fillna(0.0) / 100
    reported = projects["project_uid"].map(latest["status"].astype("object"))
    cancelled = reported.eq("cancelled") | projects["status"].eq("cancelled")
    return np.asarray(share.where(~cancelled, 0.0), dtype=np.float64)


def _located(frame: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    """Return rows by their key, with the wider codes that follow from the narrower."""
    rows = frame.reindex(columns=[key, *PLACES, *columns]).sort_values(key, ignore_index=True)
    rows = rows.astype(dict.fromkeys([key, *PLACES], "str"))
    rows["amphoe_code"] = rows["amphoe_code"].fillna(rows["tambon_code"].str[:4])
    rows["province_code"] = rows["province_code"].fillna(rows["amphoe_code"].str[:2])
    return rows


def _quarters(stated: pd.Series) -> pd.Series:
    """Return the ordinal of each quarter, missing where none is written."""
    known = {w: FiscalPeriod.parse(w).quarters[0].ordinal for w in stated.dropna().unique()}
    return stated.map(known).astype("float64")
