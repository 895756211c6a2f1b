"""What indicators are worked out from: needs, projects, links and places of one period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evallib.needs.inputs.in_period import (
    begun_projects,
    delivered_shares,
    open_needs,
    projects_of_year,
    stated_needs,
)
from evallib.needs.inputs.link_network import Network, read_network
from evallib.needs.inputs.scopes import Scopes, scopes_of
from evallib.needs.inputs.weights import weigh_needs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import pandas as pd
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.periods import FiscalPeriod


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Needs, projects and links among them, and which of them count in the period.

    A need of this year may be answered by a project of last year, and a project of this year by a
    need of last year: links are among all, the indicators are of those that count.

    Parameters
    ----------
    needs : pandas.DataFrame, n rows
        Every need stated by the end of the period, sorted by ``need_id``, index from 0, codes of
        wider places filled.
    projects : pandas.DataFrame, m rows
        Every project begun by the end of the period, sorted by ``project_uid``;
        ``budget_approved`` in baht as float64.
    open_need : ndarray of bool, shape (n,)
        Needs open in the period: of A1 to A3, A9, A10 and A14.
    of_year : ndarray of bool, shape (m,)
        Projects of the fiscal year: of A4 to A8, A12, A13, A15, A18 and A19.
    weights : ndarray of float, shape (n,)
        Of open needs, summing to one in each tambon; 0 of others.
    rank : ndarray of float, shape (n,)
        1 for the heaviest open need of its tambon, ties sharing the smallest rank; NaN of others.
    net : Network
        Links among all needs and projects.
    scopes : Scopes
        Places to report.
    period : FiscalPeriod or None
        None: everything counts.
    """

    needs: pd.DataFrame
    projects: pd.DataFrame
    open_need: NDArray[np.bool_]
    of_year: NDArray[np.bool_]
    weights: Floats
    rank: Floats
    net: Network
    scopes: Scopes
    period: FiscalPeriod | None


class Rows(NamedTuple):
    """One indicator in each scope: value, limits of its interval, what was counted, and why not."""

    value: Floats  # (scopes,)
    low: Floats  # (scopes,) NaN where there is no interval
    high: Floats  # (scopes,)
    n: Floats  # (scopes,)
    note: NDArray[Any]  # (scopes,) "" or a reason code, str


def read_case(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    votes: pd.DataFrame | None,
    progress: pd.DataFrame | None,
    period: FiscalPeriod | None,
    year_to_date: bool,
    by: Sequence[str],
) -> Case:
    """Return the case of a period; see `evallib.needs.alignment` for the parameters."""
    from evallib.periods import FiscalPeriod

    window = period
    if period is not None and year_to_date:
        window = FiscalPeriod(period.fiscal_year)  # nothing later than the period is in the rows
    stated, begun = stated_needs(needs, period), begun_projects(projects, period)
    open_now = open_needs(stated, window)
    weights, rank = _weights(stated, open_now, votes, window)
    delivered = delivered_shares(begun, progress, period)
    return Case(
        needs=stated, projects=begun, open_need=open_now,
        of_year=projects_of_year(begun, period), weights=weights, rank=rank,
        net=read_network(stated, begun, links, delivered),
        scopes=scopes_of(stated[open_now], begun[projects_of_year(begun, period)], by),
        period=period,
    )  # fmt: skip


def _weights(
    needs: pd.DataFrame, open_now: NDArray[np.bool_], votes: pd.DataFrame | None,
    period: FiscalPeriod | None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the weight and the rank of each need in its tambon."""
    counted = needs[open_now & needs["tambon_code"].notna().to_numpy()]
    found, _ = weigh_needs(counted, votes, period=period)
    # equal weights that were summed in another order must tie
    placed = found.round(12).groupby(counted.set_index("need_id")["tambon_code"]).rank(
        method="min", ascending=False
    )  # fmt: skip
    ids = needs["need_id"]
    weights, rank = (ids.map(x).astype("float64") for x in (found, placed))
    return np.asarray(weights.fillna(0.0), np.float64), np.asarray(rank, np.float64)
