"""What is compared with what: cells of each cohort, their base periods and comparison units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from evallib.errors import DesignError
from evallib.impact.arrays.columns import Floats, Ints, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evallib.impact.arrays.panel import Panel
    from evallib.impact.comparisons.contrast import Method

Control: TypeAlias = Literal["never_treated", "not_yet_treated"]
Base: TypeAlias = Literal["varying", "universal"]
Members: TypeAlias = slice | Ints


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared, and whether units are followed (``panel``)."""

    method: Method
    control: Control
    base: Base
    anticipation: int
    panel: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Cells of one cohort that share comparison units and covariates: solved at once."""

    group: float
    time: Ints
    base: Ints
    controls_after: float
    x_at: int


def plan_batches(panel: Panel, plan: Plan) -> Iterator[Batch]:
    """Yield the cells of each cohort, those first that share comparison units and covariates."""
    never = bool(np.isinf(panel.start[-1]))
    if plan.control == "never_treated" and not never:
        raise DesignError("impact.no_never_treated", cohorts=cohort_names(panel.cohorts))
    cohorts = panel.cohorts if never else panel.cohorts[:-1]
    last = np.inf if never else panel.cohorts[-1]
    x_moves = panel.x.shape[1] > 1
    for group in cohorts:
        time, base = _cells(panel.periods, group, plan)
        if plan.control == "never_treated":
            after = np.full(len(time), np.inf)
        else:
            latest = np.maximum(panel.periods[time], panel.periods[base]) + plan.anticipation
            usable = (latest < last) | never
            time, base, latest = time[usable], base[usable], latest[usable]
            # comparison sets change only where the next cohort starts
            after = np.append(panel.cohorts, np.inf)[
                np.searchsorted(panel.cohorts, latest, side="right")
            ]
        x_at = np.minimum(time, base) if x_moves else np.zeros(len(time), dtype=np.intp)
        # with gaps each pair of periods has units of its own
        alone = np.arange(len(time))
        if plan.panel and not panel.gaps:
            alone = np.zeros(len(time), dtype=np.intp)
        kinds = list(zip(after.tolist(), x_at.tolist(), alone.tolist(), strict=True))
        for kind in sorted(set(kinds)):
            same = np.array([each == kind for each in kinds])
            yield Batch(float(group), time[same], base[same], kind[0], kind[1])


def _cells(periods: Floats, group: float, plan: Plan) -> tuple[Ints, Ints]:
    """Return for one cohort the periods to estimate and the base of each, as positions."""
    last_clean = int(np.flatnonzero(periods + plan.anticipation < group)[-1])
    if plan.base == "universal":
        time = np.arange(len(periods))
        return time, np.full(len(time), last_clean)
    time = np.arange(1, len(periods))
    return time, np.where(periods[time] >= group - plan.anticipation, last_clean, time - 1)


def members_of(panel: Panel, batch: Batch, *, followed: bool) -> tuple[Members, Members]:
    """Return treated and comparison units; nobody where a group is missing in a period.

    With gaps these are all units of the cohorts: those not seen in both periods get no weight.
    In cross-sections they are the units seen in either period.
    """
    members = [_between(panel, batch.group, batch.group), _comparison(panel, batch)]
    if followed and not panel.gaps:
        return members[0], members[1]
    after, before = panel.seen[batch.time[0]], panel.seen[batch.base[0]]
    needed = [after & before] if followed else [after, before]
    if not all(pick(seen, m).any() for seen in needed for m in members):
        return slice(0, 0), slice(0, 0)
    if followed:
        return members[0], members[1]
    units, either = np.arange(panel.y.shape[1]), after | before
    found = [pick(units, m)[pick(either, m)] for m in members]
    return found[0], found[1]


def count_members(members: tuple[Members, Members]) -> int:
    """Return the size of the smaller of two sets of units."""
    return min(size_of(member) for member in members)


def pick(values: npt.NDArray[Value], member: Members) -> npt.NDArray[Value]:
    """Return the columns (or entries) of some units; ``take`` is faster than a list of them."""
    if isinstance(member, slice):
        return values[..., member]
    out: npt.NDArray[Value] = values.take(member, axis=-1)
    return out


def size_of(member: Members) -> int:
    """Return the number of units."""
    return int(member.stop - member.start) if isinstance(member, slice) else len(member)


def _comparison(panel: Panel, batch: Batch) -> Members:
    """Return the units that start at or after a cohort, without the treated ones."""
    members = _between(panel, batch.controls_after, np.inf)
    if batch.group < batch.controls_after:
        return members
    own = _between(panel, batch.group, batch.group)
    before = np.arange(members.start, own.start)
    return np.concatenate([before, np.arange(own.stop, members.stop)])


def _between(panel: Panel, first: float, last: float) -> slice:
    """Return the units whose start lies in [first, last]; units are sorted by start."""
    low, high = np.searchsorted(panel.start, first), np.searchsorted(panel.start, last, "right")
    return slice(int(low), int(high))


def cohort_names(cohorts: Floats) -> str:
    """Return cohorts for a message."""
    return ", ".join(f"{cohort:g}" for cohort in cohorts)
