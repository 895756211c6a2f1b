"""A figure for each scope, or the reason why there is none."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.needs.inputs.inputs import Rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case
    from evallib.periods import FiscalPeriod

    Figure = tuple[float, float, float, float, str]  # value, low, high, n, note

PLACES = ("tambon_code", "amphoe_code", "province_code")
TOP = 3  # needs of a tambon that count as its first


def sums(member: Any, values: NDArray[Any]) -> Floats:
    """Return the sum of values (rows,) in each scope, shape (scopes,)."""
    return np.asarray(member.T @ np.asarray(values, dtype=np.float64), dtype=np.float64).ravel()


def share_rows(
    member: Any, *, part: NDArray[Any], whole: NDArray[Any], counted: NDArray[Any], note: str
) -> Rows:
    """Return the sum of ``part`` over that of ``whole`` in each scope.

    Parameters
    ----------
    member : scipy sparse array, shape (rows, scopes)
        Zeros and ones.
    part, whole, counted : ndarray, shape (rows,)
        ``counted`` sums to ``n``.
    note : str
        Reason where the sum of ``whole`` is zero: there the value is NaN.
    """
    top, bottom = sums(member, part), sums(member, whole)
    known = bottom > 0
    value = np.divide(top, bottom, out=np.full_like(top, np.nan), where=known)
    return figure_rows(value, sums(member, counted), np.where(known, "", note))


def figure_rows(value: Floats, n: Floats, note: NDArray[Any]) -> Rows:
    """Return figures without an interval."""
    none = np.full_like(value, np.nan)
    return Rows(value, none, none, n, note.astype(object))


def rows_by_scope(member: Any, figure: Callable[[NDArray[np.intp]], Figure]) -> Rows:
    """Return a figure of each scope, worked out from the positions of its rows, ascending."""
    columns = member.tocsc()
    bounds = columns.indptr
    found = [figure(np.sort(columns.indices[a:b])) for a, b in pairwise(bounds)]
    numbers = np.array([x[:4] for x in found], dtype=np.float64).reshape(-1, 4)
    value, low, high, n = numbers.T
    return Rows(value, low, high, n, np.array([x[4] for x in found], dtype=object))


def top_share(case: Case, hit: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Return the mean of ``hit`` (draws, needs) over the counted needs ranked first to third.

    Returns
    -------
    ndarray of float, shape (draws, scopes)
        NaN in a scope without such a need.
    """
    # a need that is not open has no rank, which is not <= 3
    top = np.flatnonzero(counted & (case.rank <= TOP))
    member = case.scopes.member(case.needs)[top]
    number = sums(member, np.ones(len(top)))
    summed: Floats = np.asarray((member.T @ hit[:, top].T).T, dtype=np.float64)
    share = np.divide(summed, number, out=np.full_like(summed, np.nan), where=number > 0)
    return np.clip(share, 0.0, 1.0)  # rounding


def placed(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return place codes and these columns, the absent ones empty, wider codes from narrower."""
    rows = frame.reindex(columns=[*PLACES, *columns])
    rows = rows.astype(dict.fromkeys(PLACES, "str"))
    rows["amphoe_code"] = rows["amphoe_code"].fillna(rows["tambon_code"].str[:4])
    rows["province_code"] = rows["province_code"].fillna(rows["amphoe_code"].str[:2])
    return rows


def in_period(rows: pd.DataFrame, period: FiscalPeriod | None) -> pd.DataFrame:
    """Return the rows of a period, by ``fiscal_year`` and ``quarter``; all without a period."""
    if period is None:
        return rows
    year, quarter = (
        pd.to_numeric(rows[name]).astype("float64") for name in ("fiscal_year", "quarter")
    )
    here = (year == period.fiscal_year) & quarter.isin([q.quarter for q in period.quarters])
    return rows[here.to_numpy(dtype=bool)]
