"""The whole curves behind the response lag (A11), for a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.case import read_case
from evallib.needs.incidence import cumulative_incidence
from evallib.needs.response import STAGES, waiting_times, with_planned

if TYPE_CHECKING:
    from evallib.periods import FiscalPeriod

COLUMNS = ["stage", "quarters", "share", "low", "high", "at_risk"]


def response_curves(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    progress: pd.DataFrame | None = None,
    period: FiscalPeriod | None = None,
    tau: float = 0.5,
) -> pd.DataFrame:
    """Return the share of needs that were in plan, begun and delivered by each number of quarters.

    Parameters
    ----------
    needs, projects, links : pandas.DataFrame
        Contracts ``needs``, ``projects`` and ``need_project_links``, of the place looked at.
    progress : pandas.DataFrame, optional
        Contract ``project_progress``; without it nothing is delivered and that curve is absent.
    period : FiscalPeriod, optional
        Looks at what was known by its end. Default: all rows.
    tau : float, default 0.5
        Probability from which a link counts.

    Returns
    -------
    pandas.DataFrame, shape (n, 6)
        ``stage`` ("plan", "start", "delivered"), ``quarters`` since a need was first stated,
        ``share`` answered by then with its 90 per cent band ``low`` and ``high`` (0-1), and
        ``at_risk``, needs that still waited just before. One row a number of quarters in which any
        need was answered or withdrawn, by stage and quarters; none where nothing happened.

    Notes
    -----
    Aalen-Johansen estimates with withdrawal as the competing event; `evallib.needs.response` says
    what counts as an answer. The medians of these curves are A11.

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["a", "b"], "tambon_code": "941012",
    ...                       "first_stated": "2565-Q1", "last_stated": "2565-Q3"})
    >>> projects = pd.DataFrame({"project_uid": ["p"], "tambon_code": "941012",
    ...                          "fiscal_year": 2565, "start_date": ["2022-04-20"]})
    >>> links = pd.DataFrame({"need_id": ["a"], "project_uid": ["p"], "score": [0.8],
    ...                       "reviewer_state": ["auto"]})
    >>> curves = response_curves(needs, projects, links)
    >>> curves[["stage", "quarters", "share", "at_risk"]].to_dict("split")["data"]
    [['plan', 0.0, 0.5, 2.0], ['start', 2.0, 0.5, 2.0]]
    """
    case = read_case(
        needs, projects, links, votes=None, progress=progress, period=period, year_to_date=False,
        by=("area",),
    )  # fmt: skip
    planned = with_planned(case, projects, links)
    parts = []
    for stage in STAGES:
        if stage == "delivered" and progress is None:
            continue
        time, event = waiting_times(planned if stage == "plan" else case, stage, progress, tau=tau)
        known = ~np.isnan(time)
        curve = cumulative_incidence(time[known], event[known])
        parts.append(pd.DataFrame({
            "stage": stage, "quarters": curve.time, "share": curve.share, "low": curve.low,
            "high": curve.high, "at_risk": curve.at_risk,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)[COLUMNS]
