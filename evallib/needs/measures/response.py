"""How many quarters people wait for an answer (A11): in plan, begun, delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import rows_by_scope
from evallib.needs.inputs.inputs import read_case
from evallib.needs.inputs.link_network import read_network
from evallib.needs.measures.first_needs import start_quarters, stated_quarters
from evallib.needs.measures.incidence import (
    ANSWERED,
    CENSORED,
    LEVEL,
    WITHDRAWN,
    Incidence,
    cumulative_incidence,
)
from evallib.periods import as_period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.by_scope import Figure
    from evallib.needs.inputs.inputs import Case, Rows
    from evallib.periods import FiscalPeriod

COLUMNS = ["stage", "quarters", "share", "low", "high", "at_risk"]


def response_curves(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    progress: pd.DataFrame | None = None,
    period: FiscalPeriod | str | None = None,
    tau: float = 0.5,
) -> pd.DataFrame:
    """Return the share of needs that were in plan, begun and delivered by each number of quarters.

    Parameters
    ----------
    needs, projects, links : pandas.DataFrame
        Contracts ``needs``, ``projects`` and ``need_project_links``, of the place looked at.
    progress : pandas.DataFrame, optional
        Contract ``project_progress``; without it nothing is delivered and that curve is absent.
    period : FiscalPeriod or str, optional
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
    Aalen-Johansen estimates with withdrawal as the competing event; the head of this file
    says what counts as an answer. The medians of these curves are A11.

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
        needs, projects, links, votes=None, progress=progress,
        period=None if period is None else as_period(period), year_to_date=False, by=("area",),
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


STAGES = ("plan", "start", "delivered")
DELIVERED = 80.0  # per cent of the work done
FEWEST = 5  # answers from which a median is given
GONE = ("withdrawn", "ถอน")  # states of a need that nobody asks for any more


def response_lag(
    case: Case, stage: str, progress: pd.DataFrame | None = None, *, tau: float = 0.5,
    level: float = LEVEL,
) -> Rows:  # fmt: skip
    """Return A11.plan, A11 (begun) or A11.delivered: the median quarters until needs are answered.

    Parameters
    ----------
    case : Case
        Every need stated by the end of the period and every project begun by then; `with_planned`
        adds those that are planned only.
    stage : {"plan", "start", "delivered"}
        What counts as an answer, see `waiting_times`.
    progress : pandas.DataFrame, optional
        Contract ``project_progress``; needed for ``"delivered"``.
    tau : float, default 0.5
        Probability from which a link counts.
    level : float, default 0.90
        Level of the interval.

    Returns
    -------
    Rows
        Quarters from ``first_stated`` until half of the needs are answered, with an
        interval (a limit that is not reached is NaN), over the needs whose first quarter is known
        (``n``). Notes ``no_needs``, ``no_dates``, ``few_responses`` (fewer than five answers) and
        ``not_reached`` (fewer than half are answered by the last quarter seen).
    """
    time, event = waiting_times(case, stage, progress, tau=tau)

    def figure(rows: NDArray[np.intp]) -> Figure:
        known = rows[~np.isnan(time[rows])]
        curve = cumulative_incidence(time[known], event[known], level=level)
        value, low, high, note = _median(curve)
        if not len(known):
            note = "no_dates" if len(rows) else "no_needs"
        return value, low, high, float(len(known)), note

    return rows_by_scope(case.scopes.member(case.needs), figure)


def _median(curve: Incidence) -> tuple[float, float, float, str]:
    """Return the median with its limits, or why there is none."""
    value, low, high = curve.median()
    few = curve.answered.sum() < FEWEST
    if few or np.isnan(value):
        return float("nan"), float("nan"), float("nan"), "few_responses" if few else "not_reached"
    return value, low, high, ""


def waiting_times(
    case: Case, stage: str, progress: pd.DataFrame | None = None, *, tau: float = 0.5
) -> tuple[Floats, NDArray[np.intp]]:
    """Return how many quarters each need waited, and what ended it, shape (n,) each.

    Parameters
    ----------
    case, stage, progress, tau
        As in `response_lag`. A need is answered when the first project linked to it

        - is in the plan: in the first quarter of its fiscal year, or when it began if earlier,
          since the day on which it entered the plan is not reported;
        - began, by its ``start_date``, and was not cancelled;
        - was delivered: 80 per cent of the work, by the first progress that says so, and was not
          cancelled.

    Returns
    -------
    time : ndarray of float
        Quarters, 0 when answered in the quarter in which it was stated or before; NaN when nobody
        wrote that quarter.
    event : ndarray of int
        0 still open at the end of the period, 1 answered, 2 withdrawn: ``status`` of the need is
        "withdrawn" or "ถอน", in the quarter in which it was last stated. Silence is no withdrawal.
    """
    first, last = stated_quarters(case)
    end = _end(case, first, last)
    answered = _earliest(case, _answers(case.projects, stage, progress), tau)
    status = case.needs.reindex(columns=["status"])["status"]
    left = np.where(status.isin(GONE).to_numpy(dtype=bool), last, np.inf)
    event = np.where(
        answered <= np.minimum(left, end), ANSWERED, np.where(left <= end, WITHDRAWN, CENSORED)
    )
    until = np.choose(event, [np.full_like(first, end), answered, left])
    return np.maximum(until - first, 0.0), event


def with_planned(case: Case, projects: pd.DataFrame, links: pd.DataFrame) -> Case:
    """Return the case with every project planned by the end of the period, begun or not.

    The plan is an answer before the project begins, so that ``"plan"`` asks for these.

    Parameters
    ----------
    case : Case
        Its needs stay.
    projects, links : pandas.DataFrame
        Contracts ``projects`` and ``need_project_links``, whole.
    """
    columns = ["project_uid", "fiscal_year", "start_date", "status"]
    rows = projects.reindex(columns=columns).sort_values("project_uid", ignore_index=True)
    first, last = stated_quarters(case)
    if case.period is not None:
        rows = rows[_answers(rows, "plan", None) <= _end(case, first, last)].reset_index(drop=True)
    net = read_network(case.needs, rows, links, np.zeros(len(rows)))
    return replace(case, projects=rows, net=net, of_year=np.ones(len(rows), dtype=bool))


def _end(case: Case, first: Floats, last: Floats) -> float:
    """Return the last quarter seen, as an ordinal; NaN when no need names any."""
    if case.period is not None:
        return float(case.period.quarters[-1].ordinal)
    known = np.concatenate([first, last])
    known = known[~np.isnan(known)]
    return float(known.max()) if len(known) else float("nan")


def _answers(projects: pd.DataFrame, stage: str, progress: pd.DataFrame | None) -> Floats:
    """Return the quarter in which each project would be an answer, infinity for never, (m,)."""
    began = start_quarters(projects)
    if stage == "plan":  # a cancelled project was in the plan once
        year = pd.to_numeric(projects["fiscal_year"]).to_numpy(dtype="float64", na_value=np.inf)
        return np.asarray(np.fmin(began, 4 * year), dtype=np.float64)
    if stage == "start":
        quarter = np.where(pd.to_datetime(projects["start_date"]).notna(), began, np.inf)
    else:
        quarter = _delivered_quarters(projects["project_uid"], progress)
    return np.where(projects["status"].eq("cancelled").to_numpy(dtype=bool), np.inf, quarter)


def _delivered_quarters(uids: pd.Series, progress: pd.DataFrame | None) -> Floats:
    """Return the first quarter in which most of the work of each project was done, (m,)."""
    columns = ["project_uid", "fiscal_year", "quarter", "physical_pct", "status"]
    rows = pd.DataFrame(columns=columns) if progress is None else progress.reindex(columns=columns)
    year, quarter, done = (pd.to_numeric(rows[c]).astype("float64") for c in columns[1:4])
    rows = rows.assign(at=year * 4 + quarter - 1)
    rows = rows[(done >= DELIVERED) & rows["status"].ne("cancelled").fillna(value=True)]
    first = uids.map(rows.groupby("project_uid")["at"].min()).astype("float64")
    return np.asarray(first.fillna(np.inf), dtype=np.float64)


def _earliest(case: Case, quarter: Floats, tau: float) -> Floats:
    """Return the first quarter of an answer to each need, infinity for none, (n,)."""
    found = np.full(len(case.needs), np.inf)
    likely = case.net.probability >= tau
    np.minimum.at(found, case.net.need[likely], quarter[case.net.project[likely]])
    return found
