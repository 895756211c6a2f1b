"""Group-time effects: for each cohort and period the contrast with those not (yet) treated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evallib.errors import DesignError
from evallib.findings import Finding
from evallib.impact.comparisons import (
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
from evallib.impact.contrast import Contrast, contrast
from evallib.impact.cross_sections import Section, contrast_sections
from evallib.impact.gram import CollinearError, repeated_columns
from evallib.impact.propensity import WEAK_OVERLAP, Arms, SeparatedError

if TYPE_CHECKING:
    from evallib.impact.columns import Floats
    from evallib.impact.panel import Panel


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
    planned = [
        (batch, members_of(panel, batch, followed=plan.panel))
        for batch in plan_batches(panel, plan)
    ]
    batches = [batch for batch, members in planned if count_members(members)]
    if not any(panel.periods[b.time[-1]] >= b.group for b in batches):
        raise DesignError("impact.no_comparison", cohorts=cohort_names(panel.cohorts))
    k, n = sum(len(b.time) for b in batches), panel.y.shape[1]
    att, contribution = np.zeros(k), np.zeros((k, n))
    findings = {}
    for batch, members in planned:
        if not count_members(members):
            where = f"{batch.group:g}, {panel.periods[batch.time[0]]:g}"
            findings[where] = Finding("impact.empty_cell", "warning", where)
    x = _with_constant(panel)
    touched = np.zeros((k, len(panel.bounds) - 1), dtype=np.bool_)
    row = 0
    guess: tuple[float, Floats | None] = (np.nan, None)  # with gaps, a cohort's logits are alike
    for batch, members in planned:
        if not count_members(members):
            continue
        rows = slice(row, row + len(batch.time))
        if plan.panel:
            room = contribution[rows]
            changes = [_changes(panel.filled, batch, m, room) for m in members]
            near = guess[1] if guess[0] == batch.group else None
            found = _solve(panel, changes, _arms(panel, batch, members, x, near), batch, plan)
            guess = batch.group, found.logit
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
    guess: Floats | None,
) -> Arms:
    """Return covariates and weights of treated and comparison units.

    With gaps a unit that is not seen in both periods keeps its place with a weight of zero, which
    is faster than to pick the others out for every cell.
    """
    treated, control = members
    at = x[batch.x_at]
    w_treated, w_control = pick(panel.weight, treated), pick(panel.weight, control)
    if panel.gaps:
        after, before = panel.seen[batch.time[0]], panel.seen[batch.base[0]]
        w_treated = w_treated * (pick(after, treated) & pick(before, treated))
        w_control = w_control * (pick(after, control) & pick(before, control))
    return Arms(pick(at, treated), pick(at, control), w_treated, w_control, guess)


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
        x_treated, x_control = (
            np.concatenate([groups[arm].x, groups[arm + 2].x], axis=1) for arm in (0, 1)
        )
        arms = Arms(x_treated, x_control, np.ones(x_treated.shape[1]), np.ones(x_control.shape[1]))
        raise _refusal(trouble, batch, arms, panel.covariates) from trouble
    of_unit = np.zeros((1, panel.y.shape[1]))
    for own, values in zip(where, added, strict=True):
        of_unit[0, own] += values
    return found, [of_unit[:, member] for member in members]


def _refusal(
    trouble: ArithmeticError, batch: Batch, arms: Arms, names: tuple[str, ...]
) -> DesignError:
    """Return the error that names the cohort, and the columns that repeat others."""
    sizes = [int((w > 0).sum()) for w in (arms.w_treated, arms.w_control)]
    named = {"cohort": f"{batch.group:g}", "treated": sizes[0], "control": sizes[1],
             "covariates": len(names)}  # fmt: skip
    if not isinstance(trouble, CollinearError):
        return DesignError("impact.no_overlap", **named)
    of_control = (arms.x_control * arms.w_control) @ arms.x_control.T
    of_both = of_control + (arms.x_treated * arms.w_treated) @ arms.x_treated.T
    hit = repeated_columns(of_control) or repeated_columns(of_both)
    columns = ", ".join(names[j - 1] for j in hit if j > 0) or ", ".join(names)
    return DesignError("impact.collinear", columns=columns, **named)
