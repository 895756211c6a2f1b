"""Regressors of event studies: dummies of event time, whole or for each cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError
from evallib.findings import Finding

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Flags, Floats, Ints
    from evallib.impact.arrays.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Columns of the treatment, and the estimates that are made of their coefficients.

    Parameters
    ----------
    columns : ndarray of float64, shape (n, t)
    names : tuple of str, length t
        For messages.
    combine : ndarray of float64, shape (r, t)
        Estimates, the headline first.
    event_time : tuple of float, length r
        NaN for the headline.
    sizes : tuple of int, length r
        Treated units behind each estimate.
    findings : tuple of Finding
    reference : int or None
        Event time that is zero by construction.
    """

    columns: Floats
    names: tuple[str, ...]
    combine: Floats
    event_time: tuple[float, ...]
    sizes: tuple[int, ...]
    findings: tuple[Finding, ...]
    reference: int | None = None


def event_terms(rows: Rows, *, window: tuple[int, int] | None, reference: int) -> Terms:
    """Return one dummy for each event time but the reference.

    Raises
    ------
    DesignError
        ``impact.no_reference``: nobody is seen at the reference.
    """
    event, known = _event_time(rows, window)
    times = np.unique(event[known])
    if reference not in times:
        raise DesignError("impact.no_reference", found=str(reference), known=_shown(times))
    if known.all() and _one_start(rows):
        raise DesignError("impact.no_comparison", cohorts=f"{rows.start[0]:g}")
    free = times[times != reference]
    columns = (event[:, None] == free) & known[:, None]
    combine = np.zeros((1 + len(times), len(free)))
    for i, e in enumerate(times):
        combine[1 + i, free == e] = 1.0
    mass = [_weight(rows)[known & (event == e)].sum() for e in times]
    combine[0] = _mean_of_later(combine[1:], times, np.array(mass))
    sizes = [rows.count_units(known & (event == e)) for e in times]
    return Terms(
        columns.astype(np.float64), tuple(f"event time {e}" for e in free), combine,
        (float("nan"), *times.astype(float).tolist()), (rows.count_units(known), *sizes),
        (), reference,
    )  # fmt: skip


def interacted_terms(rows: Rows, *, window: tuple[int, int] | None, reference: int) -> Terms:
    """Return one dummy for each cohort and event time, as Sun and Abraham do.

    Cohorts that are treated in every period are no comparison and have no term: they are left to
    the fixed effects, with a finding. Where nobody is never treated, the last cohort compares,
    before it is treated.
    """
    event, known = _event_time(rows, window)
    cohorts = np.unique(rows.start[known])
    findings = []
    if known.all():
        raise DesignError("impact.no_never_treated", cohorts=_shown(cohorts))
    cells = []
    for cohort in cohorts:
        own = known & (rows.start == cohort)
        times = np.unique(event[own])
        if reference not in times:
            findings.append(Finding("impact.cohort_without_reference", "warning", f"{cohort:g}"))
        cells += [(cohort, e, own & (event == e)) for e in times if e != reference]
    times = np.unique(event[known])
    if not any(reference == e for e in times):
        raise DesignError("impact.no_reference", found=str(reference), known=_shown(times))
    of_cell = np.array([e for _, e, _ in cells])
    # shares of rows, weights included, as in the papers
    weight = _weight(rows)
    mass = np.array([weight[rows_of].sum() for _, _, rows_of in cells])
    combine = np.zeros((1 + len(times), len(cells)))
    for i, e in enumerate(times):
        here = of_cell == e
        combine[1 + i, here] = mass[here] / mass[here].sum() if here.any() else 0.0
    total = np.array([weight[known & (event == e)].sum() for e in times])
    combine[0] = _mean_of_later(combine[1:], times, total)
    of_time = [rows.count_units(known & (event == e)) for e in times]
    return Terms(
        np.column_stack([rows_of for _, _, rows_of in cells]).astype(np.float64),
        tuple(f"cohort {cohort:g}, event time {e}" for cohort, e, _ in cells), combine,
        (float("nan"), *times.astype(float).tolist()), (rows.count_units(known), *of_time),
        tuple(findings), reference,
    )  # fmt: skip


def _event_time(rows: Rows, window: tuple[int, int] | None) -> tuple[Ints, Flags]:
    """Return the event time of each row within the window, and where there is one."""
    known = np.isfinite(rows.start)
    event = np.zeros(len(rows.start), dtype=np.intp)
    event[known] = (rows.periods[rows.time] - np.where(known, rows.start, 0.0))[known]
    if window is not None:
        event = np.clip(event, *window)
    return event, known


def _weight(rows: Rows) -> Floats:
    return np.ones(len(rows.y)) if rows.weight is None else rows.weight


def _mean_of_later(combine: Floats, times: Ints, mass: Floats) -> Floats:
    """Return the mean of event times from 0, each with the weight of its rows."""
    later = times >= 0
    if not later.any():
        raise DesignError("impact.no_comparison", cohorts="")
    out: Floats = mass[later] @ combine[later] / mass[later].sum()
    return out


def _one_start(rows: Rows) -> bool:
    return bool((rows.start == rows.start[0]).all())


def _shown(values: Floats | Ints) -> str:
    return ", ".join(f"{value:g}" for value in values)
