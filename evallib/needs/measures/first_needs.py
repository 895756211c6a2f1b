"""First needs: whether they stay unmet quarter after quarter (A10), and who answers them (A14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import TOP, sums, top_share
from evallib.needs.measures.register_gaps import agency_gap
from evallib.periods import FiscalPeriod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case


QUARTERS = 2  # consecutive quarters from which an unmet need is a standing one


def persistence(case: Case, kept: Floats, *, quarters: int = QUARTERS) -> Floats:
    r"""Return A10: the share of the first three needs that stay unmet for two quarters or more.

    Parameters
    ----------
    case : Case
        Needs with ``first_stated`` and ``last_stated``, projects with ``start_date`` and
        ``fiscal_year``.
    kept : ndarray of float, shape (draws, links)
        Probabilities of the links, or zeros and ones of a simulation.
    quarters : int, default 2
        Quarters that make a need a standing one.

    Returns
    -------
    ndarray of float, shape (draws, scopes)
        Shares, 0-1; NaN in a scope without an open need whose ``first_stated`` is known.

    Notes
    -----
    A need stands from the quarter in which it was first stated to that in which it was last stated,
    or to the end of the period where that is earlier or nobody wrote it. It is unmet in a quarter
    when no project linked to it has begun by the end of it. A project that has begun stays, so a
    need that is unmet at the end of the period was unmet in every quarter in which it stood: a need
    counts when these are ``quarters`` or more and none of its projects has begun by the end of the
    period, with probability :math:`\prod_{j: \text{begun}} (1 - m_{ij})`. A project without a date
    began with its fiscal year; without either it counts as begun. So A10 is never above the share
    of first needs that no project answers.
    """
    first, last = stated_quarters(case)
    begun = start_quarters(case.projects)
    end = np.inf if case.period is None else case.period.quarters[-1].ordinal
    answered = case.net.of_needs(kept * (begun[case.net.project] <= end))
    stood = last - first + 1 >= quarters  # a missing quarter compares as False
    return top_share(case, (1.0 - answered) * stood, case.open_need & ~np.isnan(first))


def stated_quarters(case: Case) -> tuple[Floats, Floats]:
    """Return the first and the last quarter in which each need stood, as ordinals, shape (n,).

    The last is cut at the end of the period. Without a period the newest quarter that any need
    names stands for it.
    """
    first = _ordinals(case.needs["first_stated"], 0)
    last = _ordinals(case.needs["last_stated"], -1)
    if case.period is not None:
        return first, np.fmin(last, case.period.quarters[-1].ordinal)
    known = np.concatenate([first, last])
    known = known[~np.isnan(known)]
    return first, np.fmin(last, known.max()) if len(known) else last


def _ordinals(written: pd.Series, which: int) -> Floats:
    """Return the ordinal of the first (0) or last (-1) quarter of each period, NaN without one."""
    known = {w: FiscalPeriod.parse(w).quarters[which].ordinal for w in written.dropna().unique()}
    return written.map(known).to_numpy(dtype="float64")


def start_quarters(projects: pd.DataFrame) -> Floats:
    """Return the quarter in which each project began, as an ordinal, shape (m,).

    The first of its fiscal year where it has no date, minus infinity where it has neither.
    """
    start = pd.to_datetime(projects["start_date"])
    month = (start.dt.year + 543) * 4 + (start.dt.month + 2) // 3  # calendar quarters, one ahead
    year = pd.to_numeric(projects["fiscal_year"]).astype("float64") * 4
    quarter = month.astype("float64").fillna(year).fillna(-np.inf)
    return np.asarray(quarter, dtype=np.float64)


class TopNeeds:
    """Indicators of first needs that depend on links.

    Parameters
    ----------
    case : Case
        Needs, projects, links and scopes.
    agencies : pandas.DataFrame or None
        See `agency_gap`.
    """

    def __init__(self, case: Case, agencies: pd.DataFrame | None) -> None:
        self.case, self.agencies = case, agencies
        member = case.scopes.member(case.needs)
        top = case.open_need & (case.rank <= TOP)
        dated = ~np.isnan(stated_quarters(case)[0])
        self.open_now = sums(member, case.open_need)
        self.number = {"A10": sums(member, top & dated), "A14": sums(member, top)}

    def of_needs(self, kept: Floats) -> dict[str, Floats]:
        """Return A10 and A14, shape (draws, scopes) each."""
        return {
            "A10": persistence(self.case, kept),
            "A14": agency_gap(self.case, kept, self.agencies),
        }

    def counts(self, indicator: str) -> Floats:
        """Return how many first needs an indicator is over, shape (scopes,)."""
        return self.number[indicator]

    def reasons(self, indicator: str) -> NDArray[Any]:
        """Return why an indicator has no value, "" where it has one, shape (scopes,)."""
        note = np.where(self.number[indicator] > 0, "", "no_dates")
        return np.where(self.open_now > 0, note, "no_needs").astype(object)
