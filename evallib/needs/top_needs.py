"""The first three needs of each tambon: which stay unmet (A10), which no agency has (A14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.needs.persistence import persistence, stated_quarters
from evallib.needs.register_gaps import agency_gap
from evallib.needs.rows import TOP, sums

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evallib.needs.case import Case

    Floats = NDArray[np.float64]


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
