"""Whose voice is heard (A16): councils that met, women present, villages that spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import in_period, placed, share_rows, sums
from evallib.places import area, register

if TYPE_CHECKING:
    from evallib.needs.inputs.inputs import Case, Rows
    from evallib.periods import FiscalPeriod


FEWEST_PEOPLE = 10  # people from which a share of them is given


def councils_met(case: Case, meetings: pd.DataFrame) -> Rows:
    """Return A16: the share of tambons whose council met, quarter by quarter.

    Parameters
    ----------
    case : Case
        Gives period and scopes.
    meetings : pandas.DataFrame
        Contract ``council_meetings``.

    Returns
    -------
    Rows
        Share, 0-1, of pairs of a tambon and a quarter of the period (``n``) with one meeting or
        more, so that a year is no better than its quarters. Quarters of a year after the newest
        meeting reported are not counted yet. Tambons are those of the area where everything lies
        in it, else those of the register in the amphoe that appear. Notes ``no_tambons`` and, for
        meetings of which none has a tambon and a quarter, ``no_dates``.
    """
    meetings = placed(meetings, "fiscal_year", "quarter")
    placeable = meetings.dropna(subset=["tambon_code", "fiscal_year", "quarter"])
    rows = in_period(placeable, case.period)
    tambons = _tambons(case, meetings)
    at = pd.to_numeric(rows["fiscal_year"]) * 4 + pd.to_numeric(rows["quarter"]) - 1
    held = pd.DataFrame({"tambon_code": rows["tambon_code"], "at": at}).drop_duplicates()
    met = tambons["tambon_code"].map(held.groupby("tambon_code").size()).fillna(0.0)
    seen = 0 if placeable.empty and len(meetings) else _quarters_seen(placeable, case.period)
    quarters = np.full(len(tambons), float(seen))
    member = case.scopes.member(tambons)
    part = met.to_numpy(dtype="float64")
    found = share_rows(member, part=part, whole=quarters, counted=quarters, note="no_dates")
    some = sums(member, np.ones(len(tambons))) > 0
    return found._replace(note=np.where(some, found.note, "no_tambons"))


def _quarters_seen(meetings: pd.DataFrame, period: FiscalPeriod | None) -> int:
    """Return how many quarters of the period can have had a meeting: one at least."""
    year, quarter = (
        pd.to_numeric(meetings[name]).astype("float64") for name in ("fiscal_year", "quarter")
    )
    at = (year * 4 + quarter - 1).dropna()
    if period is None:
        return int(at.nunique())
    begun = [q for q in period.quarters if at.empty or q.ordinal <= at.max()]
    return max(1, len(begun))


def _tambons(case: Case, meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the tambons that have a council: of the area, else of the amphoe that appear."""
    named = pd.concat(
        [case.needs["tambon_code"], case.projects["tambon_code"], meetings["tambon_code"]]
    ).dropna()
    ours = area()
    if not named.isin(ours["tambon_code"]).all():
        everywhere = register()
        ours = everywhere[everywhere["amphoe_code"].isin(named.str[:4])]
    return ours[["tambon_code", "amphoe_code", "province_code"]].reset_index(drop=True)


def women_present(case: Case, meetings: pd.DataFrame) -> Rows:
    """Return A16.women: the share of women among the public at the meetings of the period.

    Parameters
    ----------
    case : Case
        Gives period and scopes.
    meetings : pandas.DataFrame
        Contract ``council_meetings``.

    Returns
    -------
    Rows
        Shares, 0-1, of those present in meetings that report both numbers (``n``: people). A
        meeting with more women than people is left out. Notes ``no_meetings`` and ``few_people``:
        fewer than ten women or ten men, when not even the number of people is told.
    """
    columns = ("fiscal_year", "quarter", "n_public", "n_women")
    rows = in_period(placed(meetings, *columns), case.period)
    public, women = (
        pd.to_numeric(rows[name]).to_numpy(dtype="float64", na_value=np.nan)
        for name in ("n_public", "n_women")
    )
    known = women <= public  # a missing number compares as False
    public, women = np.where(known, public, 0.0), np.where(known, women, 0.0)
    member = case.scopes.member(rows)
    found = share_rows(member, part=women, whole=public, counted=public, note="no_meetings")
    return _of_enough_people(found)


def _of_enough_people(rows: Rows) -> Rows:
    women = np.nan_to_num(rows.value) * rows.n
    # a share of one man among forty tells who he was
    few = (rows.n > 0) & (np.round(np.minimum(women, rows.n - women)) < FEWEST_PEOPLE)
    value, n = (np.where(few, np.nan, x) for x in (rows.value, rows.n))
    return rows._replace(value=value, n=n, note=np.where(few, "few_people", rows.note))


def villages_heard(case: Case, villages: pd.DataFrame) -> Rows:
    """Return A16.villages: the share of villages that stated an open need.

    Parameters
    ----------
    case : Case
        Needs with ``village_no``.
    villages : pandas.DataFrame
        ``tambon_code`` and ``villages``, their number in the tambon.

    Returns
    -------
    Rows
        Shares, 0-1, over the tambons whose number is known (``n``: villages). A village number
        above it is not counted. Note ``no_villages`` where no number is known.
    """
    rows = villages.reindex(columns=["tambon_code", "villages"]).dropna()
    number = pd.to_numeric(rows.groupby("tambon_code")["villages"].max()).astype("float64")
    needs = case.needs[["tambon_code"]].assign(
        village=pd.to_numeric(case.needs["village_no"]).astype("float64")
    )
    inside = needs["village"].between(1, needs["tambon_code"].map(number))
    heard = needs[inside & case.open_need].drop_duplicates().groupby("tambon_code").size()
    places = placed(number.index.to_frame(index=False))
    spoke = heard.reindex(number.index, fill_value=0).to_numpy(dtype="float64")
    total = number.to_numpy()
    member = case.scopes.member(places)
    return share_rows(member, part=spoke, whole=total, counted=total, note="no_villages")
