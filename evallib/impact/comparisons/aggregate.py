"""From group-time effects to one number, event time, cohorts and calendar time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evallib.errors import DesignError

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.arrays.panel import Panel
    from evallib.impact.comparisons.group_time import GroupTime

SUMMARIES = ("simple", "event", "group", "calendar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregates:
    """Rows of the answer, r of them: the four summaries, then each level.

    Parameters
    ----------
    level : list of str, length r
        One of the four summaries, or ``event``, ``group``, ``calendar``, ``group_time`` after
        a dot: ``".event"``.
    group, time, event_time, estimate : ndarray of float64, shape (r,)
        NaN where a key does not apply.
    loading : ndarray of float64, shape (r, k + A)
        What rows are made of: cells, then shares of arms, which are estimated too.
    cohorts : ndarray of float64, shape (g,)
        Cohorts that have cells, ascending.
    made_of : ndarray of bool, shape (r, g)
        Which cohorts a row is made of.
    reference : ndarray of bool, shape (r,)
        Rows that are zero by construction.
    """

    level: list[str]
    group: Floats
    time: Floats
    event_time: Floats
    estimate: Floats
    loading: Floats
    cohorts: Floats
    made_of: npt.NDArray[np.bool_]
    reference: npt.NDArray[np.bool_]


class _Rows:
    """Collect weights on cells and the share that each cohort's size has in them."""

    def __init__(self, cells: GroupTime, share: Floats, arm: npt.NDArray[np.intp]) -> None:
        self.cells, self.share, self.arm = cells, share, arm
        self.weights: list[Floats] = []
        self.slopes: list[Floats] = []  # d estimate / d share of each cohort
        self.keys: list[tuple[str, float, float, float]] = []

    def by_share(self, mask: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Weigh the cells of ``mask`` by the share of their cohort."""
        raw = np.where(mask, self.share[self.arm], 0.0)
        weight = raw / raw.sum()
        return weight, self._slope(weight, self.cells.att, self.arm, raw.sum())

    def of_groups(self, groups: list[int]) -> tuple[Floats, Floats]:
        """Weigh rows, one a cohort, by the share of the cohort."""
        arms = np.array([int(self.arm[self.weights[i] > 0][0]) for i in groups])
        raw = self.share[arms]
        rows = np.array([self.weights[i] for i in groups])
        weight = raw / raw.sum()
        return weight @ rows, self._slope(weight, rows @ self.cells.att, arms, raw.sum())

    def _slope(
        self, weight: Floats, att: Floats, arms: npt.NDArray[np.intp], total: float
    ) -> Floats:
        used = weight > 0
        surplus = np.where(used, att - weight @ att, 0.0) / total
        slope: Floats = np.bincount(arms, weights=surplus, minlength=len(self.share)).astype(float)
        return slope

    def add(self, level: str, pair: tuple[Floats, Floats], key: tuple[float, float, float]) -> int:
        """Append a row; return its number."""
        self.weights.append(pair[0])
        self.slopes.append(pair[1])
        self.keys.append((level, *key))
        return len(self.keys) - 1

    def mean(self, rows: list[int]) -> tuple[Floats, Floats]:
        """Average rows with equal weight."""
        return (
            np.mean([self.weights[i] for i in rows], axis=0),
            np.mean([self.slopes[i] for i in rows], axis=0),
        )


def aggregate(panel: Panel, cells: GroupTime, *, balance: int | None = None) -> Aggregates:
    """Aggregate as in Callaway and Sant'Anna (2021), table 1.

    With ``balance`` event times are those of cohorts that are seen at least so many periods
    after their start, and none of them later.

    The weights are shares of cohorts, which are estimated too: their contribution to the error
    is added for each unit ("weight influence").
    """
    cohorts = np.unique(cells.group)
    arm = np.searchsorted(cohorts, cells.group)
    of_arm = np.add.reduceat(panel.weight, panel.bounds[:-1]) / panel.weight.sum()
    starts = panel.start[panel.bounds[:-1]]
    at = np.searchsorted(starts, cohorts)  # arm of each cohort that has cells
    rows = _Rows(cells, of_arm[at], arm)
    _add_rows(rows, cells, _balanced(panel, cells, balance))
    return _finish(rows, cells, cohorts, at, len(starts))


def _balanced(panel: Panel, cells: GroupTime, balance: int | None) -> npt.NDArray[np.bool_]:
    """Return (k,) the cells that make event times."""
    if balance is None:
        return np.ones(len(cells.att), dtype=np.bool_)
    event, first, last = cells.time - cells.group, panel.periods[0], panel.periods[-1]
    kept: npt.NDArray[np.bool_] = (
        (last - cells.group >= balance) & (event <= balance) & (event >= balance - last + first)
    )
    if not (kept & (event >= 0)).any():
        raise DesignError("impact.balance_too_long", found=balance,
                          longest=f"{last - cells.group.min():g}")  # fmt: skip
    return kept


def _add_rows(rows: _Rows, cells: GroupTime, kept: npt.NDArray[np.bool_]) -> None:
    """Fill the rows: levels first, then the summaries, which average levels."""
    nan = float("nan")
    event, post = cells.time - cells.group, cells.time >= cells.group
    events = [
        (e, rows.add(".event", rows.by_share((event == e) & kept), (nan, nan, e)))
        for e in np.unique(event[kept])
    ]
    groups = [
        rows.add(".group", rows.by_share((cells.group == g) & post), (g, nan, nan))
        for g in np.unique(cells.group[post])
    ]
    calendar = [
        rows.add(".calendar", rows.by_share((cells.time == t) & post), (nan, t, nan))
        for t in np.unique(cells.time[post])
    ]
    flat = np.zeros(len(rows.share))
    for i in np.lexsort((cells.time, cells.group)):
        cell = np.zeros(len(cells.att))
        cell[i] = 1.0
        rows.add(".group_time", (cell, flat), (cells.group[i], cells.time[i], nan))
    rows.add("simple", rows.by_share(post), (nan, nan, nan))
    rows.add("event", rows.mean([i for e, i in events if e >= 0]), (nan, nan, nan))
    rows.add("group", rows.of_groups(groups), (nan, nan, nan))
    rows.add("calendar", rows.mean(calendar), (nan, nan, nan))


def _finish(
    rows: _Rows, cells: GroupTime, cohorts: Floats, at: npt.NDArray[np.intp], n_arms: int
) -> Aggregates:
    """Put the summaries first, and weights on cells beside those on shares of arms."""
    last = len(SUMMARIES)
    order = list(range(len(rows.keys)))
    order = order[-last:] + order[:-last]
    weights = np.array([rows.weights[i] for i in order])
    slopes = np.zeros((len(order), n_arms))
    slopes[:, at] = [rows.slopes[i] for i in order]
    made_of = np.zeros((len(order), len(cohorts)), dtype=bool)
    for c in range(len(cohorts)):
        made_of[:, c] = (weights[:, rows.arm == c] > 0).any(axis=1)
    keys = np.array([rows.keys[i][1:] for i in order], dtype=np.float64)
    return Aggregates(
        level=[rows.keys[i][0] for i in order],
        group=keys[:, 0],
        time=keys[:, 1],
        event_time=keys[:, 2],
        estimate=weights @ cells.att,
        loading=np.concatenate([weights, slopes], axis=1),
        cohorts=cohorts,
        made_of=made_of,
        reference=(weights[:, ~cells.reference] == 0).all(axis=1),
    )
