"""Group-time effects: for each cohort and period the contrast with those not (yet) treated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evallib.errors import DesignError
from evallib.findings import Finding
from evallib.impact.arrays.gram import CollinearError, repeated_columns
from evallib.impact.comparisons.contrast import Contrast, contrast
from evallib.impact.comparisons.cross_sections import Section, contrast_sections
from evallib.impact.comparisons.plan import (
    Batch,
    Members,
    Plan,
    cohort_names,
    count_members,
    members_of,
    pick,
    plan_batches,
    size_of,
)
from evallib.impact.comparisons.propensity import WEAK_OVERLAP, Arms, SeparatedError

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.arrays.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTime:
    """All cells (cohort, period), k of them.

    Parameters
    ----------
    group, time, att : ndarray of float64, shape (k,)
        Cohort, period and effect.
    contribution : ndarray of float64, shape (k, n)
        Contributions of the units, see ``contrast``.
    touched : ndarray of bool, shape (k, A)
        Which cells the units of an arm of the panel take part in.
    reference : ndarray of bool, shape (k,)
        Base periods of a universal base: zero by construction.
    findings : tuple of Finding
        Weak overlap, small cohorts.
    """

    group: Floats
    time: Floats
    att: Floats
    contribution: Floats
    touched: npt.NDArray[np.bool_]
    reference: np.ndarray
    findings: tuple[Finding, ...]


def estimate_cells(panel: Panel, plan: Plan) -> GroupTime:
    """Estimate every cell that has comparison units.

    Raises
    ------
    DesignError
        ``impact.no_comparison``, ``impact.no_never_treated``, ``impact.collinear``,
        ``impact.no_overlap``.
    """
    planned, findings = _planned(panel, plan)
    batches = [batch for batch, _ in planned]
    k, n = sum(len(b.time) for b in batches), panel.y.shape[1]
    att, contribution = np.zeros(k), np.zeros((k, n))
    x = _with_constant(panel)
    touched = np.zeros((k, len(panel.bounds) - 1), dtype=np.bool_)
    row = 0
    last: tuple[Batch, Arms] | None = None  # with gaps, a cohort's logits are alike
    for batch, members in planned:
        rows = slice(row, row + len(batch.time))
        if plan.panel:
            room = contribution[rows]
            changes = [_changes(panel.filled, batch, m, room) for m in members]
            arms = _arms(panel, batch, members, x, last)
            found = _solve(panel, changes, arms, batch, plan)
            last = batch, Arms(arms.x, arms.w, arms.n_treated, found.logit)
        else:
            found, changes = _solve_sections(panel, batch, members, x, plan)
        att[rows] = found.att
        for member, values in zip(members, changes, strict=True):
            if not np.may_share_memory(values, contribution):
                contribution[rows, member] = values
            touched[rows] |= panel.arms_of(member)
        if found.overlap > WEAK_OVERLAP:
            where = f"{batch.group:g}"
            findings[where] = Finding(
                "impact.weak_overlap", "warning", where, f"{found.overlap:.4f}"
            )
        row = rows.stop
    return GroupTime(
        group=np.concatenate([np.full(len(b.time), b.group) for b in batches]),
        time=np.concatenate([panel.periods[b.time] for b in batches]),
        att=att,
        contribution=contribution,
        touched=touched,
        reference=np.concatenate([b.time == b.base for b in batches]),
        findings=tuple(findings.values()),
    )


def _planned(
    panel: Panel, plan: Plan
) -> tuple[list[tuple[Batch, tuple[Members, Members]]], dict[str, Finding]]:
    """Return the batches of cells that hold units, and a finding on each that holds none."""
    planned = [
        (batch, members_of(panel, batch, followed=plan.panel))
        for batch in plan_batches(panel, plan)
    ]
    findings = {}
    for batch in (batch for batch, members in planned if not count_members(members)):
        where = f"{batch.group:g}, {panel.periods[batch.time[0]]:g}"
        findings[where] = Finding("impact.empty_cell", "warning", where)
    held = [(batch, members) for batch, members in planned if count_members(members)]
    if not any(panel.periods[batch.time[-1]] >= batch.group for batch, _ in held):
        raise DesignError("impact.no_comparison", cohorts=cohort_names(panel.cohorts))
    return held, findings


def _with_constant(panel: Panel) -> Floats:
    """Return (T or 1, 1 + p, n): a one and the covariates in standard units."""
    x = panel.x - np.nanmean(panel.x, axis=(1, 2), keepdims=True)
    scale = np.nanstd(x, axis=(1, 2), keepdims=True)
    x = x / np.where(scale > 0, scale, 1.0)
    whole = np.concatenate([np.ones((1, *x.shape[1:])), x])
    out = np.ascontiguousarray(whole.transpose(1, 0, 2))
    return np.nan_to_num(out, copy=False) if panel.gaps else out


def _changes(y: Floats, batch: Batch, member: Members, room: Floats) -> Floats:
    """Return changes (cells, units): in ``room`` (cells, n) where units lie together, else new."""
    together = isinstance(member, slice)
    out = room[:, member] if together else np.empty((len(batch.time), size_of(member)))
    for change, after, before in zip(out, batch.time, batch.base, strict=True):
        np.subtract(pick(y[after], member), pick(y[before], member), out=change)
    return out


def _arms(
    panel: Panel,
    batch: Batch,
    members: tuple[Members, Members],
    x: Floats,
    last: tuple[Batch, Arms] | None,
) -> Arms:
    """Return covariates and weights of treated and comparison units.

    ``last`` are the arms of the batch before: those of the same units and covariates are taken
    again, those of the same cohort tell where to begin. With gaps a unit that is
    not seen in both periods keeps its place with a weight of zero, which is faster than to pick
    the others out for every cell.
    """
    w = np.concatenate([pick(panel.weight, member) for member in members])
    if panel.gaps:
        both = panel.seen[batch.time[0]] & panel.seen[batch.base[0]]
        w *= np.concatenate([pick(both, member) for member in members])
    guess = None
    if last is not None and last[0].group == batch.group:
        before, guess = last[0], last[1].guess
        if (before.controls_after, before.x_at) == (batch.controls_after, batch.x_at):
            return Arms(last[1].x, w, last[1].n_treated, guess)
    at = x[batch.x_at]
    whole = np.concatenate([pick(at, member) for member in members], axis=1)
    return Arms(whole, w, size_of(members[0]), guess)


def _solve(panel: Panel, changes: list[Floats], arms: Arms, batch: Batch, plan: Plan) -> Contrast:
    """Contrast the changes of one batch; name the cohort when the numbers refuse."""
    try:
        return contrast(changes[0], changes[1], arms, method=plan.method)
    except (CollinearError, SeparatedError) as trouble:
        raise _refusal(trouble, batch, arms, panel.covariates) from trouble


def _solve_sections(
    panel: Panel, batch: Batch, members: tuple[Members, Members], x: Floats, plan: Plan
) -> tuple[Contrast, list[Floats]]:
    """Contrast one cell of cross-sections; contributions are those of units."""
    sizes = [size_of(m) for m in members]
    after, before = int(batch.time[0]), int(batch.base[0])
    if after == before:  # base period of a universal base
        return Contrast(np.zeros(1), 0.0), [np.zeros((1, size)) for size in sizes]
    groups, where = [], []
    for period in (after, before):
        for member in members:
            own = np.arange(panel.y.shape[1])[member]
            own = own[np.isfinite(panel.y[period, own])]
            where.append(own)
            at = x[period if len(x) > 1 else 0]
            groups.append(Section(panel.y[period, own], panel.weight[own], at[:, own]))
    try:
        found, added = contrast_sections(*groups, method=plan.method)
    except (CollinearError, SeparatedError) as trouble:
        whole = np.concatenate([groups[k].x for k in (0, 2, 1, 3)], axis=1)
        n_treated = groups[0].x.shape[1] + groups[2].x.shape[1]
        arms = Arms(whole, np.ones(whole.shape[1]), n_treated)
        raise _refusal(trouble, batch, arms, panel.covariates) from trouble
    of_unit = np.zeros((1, panel.y.shape[1]))
    for own, values in zip(where, added, strict=True):
        of_unit[0, own] += values
    return found, [of_unit[:, member] for member in members]


def _refusal(
    trouble: ArithmeticError, batch: Batch, arms: Arms, names: tuple[str, ...]
) -> DesignError:
    """Return the error that names the cohort, and the columns that repeat others."""
    sizes = [int((w > 0).sum()) for w in arms.split(arms.w)]
    named = {"cohort": f"{batch.group:g}", "treated": sizes[0], "control": sizes[1],
             "covariates": len(names)}  # fmt: skip
    if not isinstance(trouble, CollinearError):
        return DesignError("impact.no_overlap", **named)
    _, weighed = arms.split(arms.x * arms.w)
    of_control = weighed @ arms.split(arms.x)[1].T
    of_both = (arms.x * arms.w) @ arms.x.T
    hit = repeated_columns(of_control) or repeated_columns(of_both)
    columns = ", ".join(names[j - 1] for j in hit if j > 0) or ", ".join(names)
    return DesignError("impact.collinear", columns=columns, **named)
