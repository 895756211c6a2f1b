"""Equity (A18): whether aligned budget goes to the tambons that are worst off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.concentration import concentration_index
from evallib.needs.rows import placed, rows_by_scope

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.case import Case, Rows
    from evallib.needs.rows import Figure

FEWEST = 5  # tambons from which an index is given


def equity(case: Case, deprivation: pd.DataFrame, population: pd.DataFrame) -> Rows:
    """Return A18: the concentration index of aligned budget per head over deprivation.

    Parameters
    ----------
    case : Case
        The aligned budget of a tambon is that of the projects of the year that lie in it, each
        times its probability of answering any need (as in A5). A project located by its amphoe or
        province alone belongs to no tambon.
    deprivation : pandas.DataFrame
        ``tambon_code`` and ``value``, higher is worse. Rows with a ``sector_code`` are left out
        where a tambon has one without; else the mean of its sectors counts.
    population : pandas.DataFrame
        ``tambon_code`` and ``population``.

    Returns
    -------
    Rows
        -1 to 1, negative when more goes to the worse off, with a 90 per cent interval over tambons
        (links are not drawn). ``n``: tambons whose deprivation and population are known, with or
        without projects. Notes ``few_tambons`` (fewer than five) and ``no_aligned``
        (no baht of these tambons answers a need).
    """
    tambons = _tambons(deprivation, population)
    aligned = case.net.of_projects(case.net.probability[np.newaxis])
    budget = np.nan_to_num(case.projects["budget_approved"].to_numpy(dtype="float64"))
    at = pd.Index(tambons["tambon_code"]).get_indexer(case.projects["tambon_code"])
    ours = case.of_year & (at >= 0)
    baht = np.bincount(at[ours], (budget * aligned[0])[ours], minlength=len(tambons))
    people, worse = (tambons[name].to_numpy() for name in ("population", "value"))

    def figure(rows: NDArray[np.intp]) -> Figure:
        n = float(len(rows))
        if n < FEWEST:
            return float("nan"), float("nan"), float("nan"), n, "few_tambons"
        found = concentration_index(baht[rows] / people[rows], worse[rows], people[rows])
        note = "no_aligned" if np.isnan(found.value) else ""
        return found.value, found.low, found.high, n, note

    return rows_by_scope(case.scopes.member(tambons), figure)


def _tambons(deprivation: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return the tambons of which both are known, by code, with their place codes."""
    rows = deprivation.reindex(columns=["tambon_code", "sector_code", "value"])
    rows = rows.assign(value=pd.to_numeric(rows["value"]).astype("float64"))
    rows = rows.dropna(subset=["tambon_code", "value"])
    whole = rows["sector_code"].isna()
    has_whole = whole.groupby(rows["tambon_code"]).transform("any").astype(bool)
    value = rows[whole | ~has_whole].groupby("tambon_code")["value"].mean()
    lives = population.reindex(columns=["tambon_code", "population"])
    lives = lives.assign(population=pd.to_numeric(lives["population"]).astype("float64"))
    people = lives.groupby("tambon_code")["population"].max()
    both = pd.DataFrame({"value": value, "population": people}).dropna()
    both = both[both["population"] > 0].rename_axis("tambon_code").reset_index()
    return placed(both, "value", "population")
