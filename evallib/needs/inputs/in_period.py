"""Which needs and projects count in a period, and what the projects have delivered by its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.periods import FiscalPeriod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats


NEED_COLUMNS = ["sector_code", "first_stated", "last_stated", "village_no", "people_affected"]
PROJECT_COLUMNS = [
    "sector_code", "fiscal_year", "start_date", "end_date", "status", "budget_approved",
]  # fmt: skip
PLACES = {"province_code": 2, "amphoe_code": 4, "tambon_code": 6}


def stated_needs(needs: pd.DataFrame, period: FiscalPeriod | None) -> pd.DataFrame:
    """Return the needs stated by the end of a period, by ``need_id``, codes of places filled.

    A need without a period in which it was first stated counts.
    """
    rows = _located(needs, "need_id", NEED_COLUMNS)
    if period is None or rows.empty:
        return rows
    later = _quarters(rows["first_stated"]) > period.quarters[-1].ordinal  # missing is not later
    return rows[~later].reset_index(drop=True)


def open_needs(needs: pd.DataFrame, period: FiscalPeriod | None) -> NDArray[np.bool_]:
    """Tell which of the stated needs were not last stated before the start of a period."""
    if period is None or needs.empty:
        return np.ones(len(needs), dtype=bool)
    gone = _quarters(needs["last_stated"]) < period.quarters[0].ordinal
    return ~gone.to_numpy(dtype=bool)


def begun_projects(projects: pd.DataFrame, period: FiscalPeriod | None) -> pd.DataFrame:
    """Return the projects begun by the end of a period, by their uid, codes of places filled.

    A project of a later fiscal year has not begun; one without a starting date counts.
    """
    rows = _located(projects, "project_uid", PROJECT_COLUMNS)
    rows["budget_approved"] = pd.to_numeric(rows["budget_approved"]).astype("float64")
    if period is None or rows.empty:
        return rows
    next_year = pd.to_numeric(rows["fiscal_year"]).astype("float64") > period.fiscal_year
    later = pd.to_datetime(rows["start_date"]) > pd.Timestamp(period.end)
    return rows[~next_year & ~later].reset_index(drop=True)


def projects_of_year(projects: pd.DataFrame, period: FiscalPeriod | None) -> NDArray[np.bool_]:
    """Tell which projects are of the fiscal year of a period."""
    if period is None or projects.empty:
        return np.ones(len(projects), dtype=bool)
    year = pd.to_numeric(projects["fiscal_year"]).astype("float64")
    return (year == period.fiscal_year).to_numpy(dtype=bool)


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
    share = projects["project_uid"].map(percent).astype("float64").fillna(0.0).clip(0, 100) / 100
    reported = projects["project_uid"].map(latest["status"].astype("object"))
    cancelled = reported.eq("cancelled") | projects["status"].eq("cancelled")
    return np.asarray(share.where(~cancelled, 0.0), dtype=np.float64)


def _located(frame: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    """Return rows by their key, with the wider codes that follow from the narrower."""
    absent = [name for name in (key, *PLACES, *columns) if name not in frame]
    rows = frame.reindex(columns=[*frame.columns, *absent]).sort_values(key, ignore_index=True)
    rows = rows.astype(dict.fromkeys([key, *PLACES], "str"))
    rows["amphoe_code"] = rows["amphoe_code"].fillna(rows["tambon_code"].str[:4])
    rows["province_code"] = rows["province_code"].fillna(rows["amphoe_code"].str[:2])
    return rows


def _quarters(stated: pd.Series) -> pd.Series:
    """Return the ordinal of each quarter, missing where none is written."""
    known = {w: FiscalPeriod.parse(w).quarters[0].ordinal for w in stated.dropna().unique()}
    return stated.map(known).astype("float64")
