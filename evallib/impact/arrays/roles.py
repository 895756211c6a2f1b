"""Read what a column says about units: start, cluster, covariates and weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError, SchemaError
from evallib.findings import Finding
from evallib.impact.arrays.columns import Floats, Ints, codes, numbers

if TYPE_CHECKING:
    import pandas as pd

    from evallib.impact.arrays.wide import Grid
    from evallib.impact.design import Design


def read_start(frame: pd.DataFrame, design: Design, grid: Grid, findings: list[Finding]) -> Floats:
    """Return the first treated period of each unit, inf for never, from cohort or treated."""
    if design.cohort is None:
        return _start_from_treated(frame, str(design.treated), grid)
    start, moving = grid.of_units(numbers(frame, design.cohort))
    if moving.any():
        raise DesignError(
            "impact.cohort_changes",
            column=design.cohort,
            found=int(moving.sum()),
            units=grid.name_units(moving),
        )
    zero = int((start == 0).sum())
    if zero and grid.periods[0] == 0:
        findings.append(Finding("impact.zero_read_as_never", "warning", design.cohort, str(zero)))
    return whole_starts(start, design.cohort, grid.periods)


def whole_starts(start: Floats, column: str, periods: Floats) -> Floats:
    """Return first treated periods with inf for never treated: missing, 0 or inf as given.

    Raises
    ------
    SchemaError, DesignError
        ``impact.cohort_not_whole``; ``impact.zero_is_ambiguous``: periods lie around zero.
    """
    finite = np.isfinite(start)
    if (start == -np.inf).any() or (start[finite] % 1 != 0).any():
        raise SchemaError("impact.cohort_not_whole", column=column)
    zero = start == 0
    if periods[0] < 0 and zero.any():
        raise DesignError("impact.zero_is_ambiguous", column=column)
    out: Floats = np.where(zero | np.isnan(start), np.inf, start)
    return out


def _start_from_treated(frame: pd.DataFrame, column: str, grid: Grid) -> Floats:
    """Return the first period in which a unit is treated; treatment must not end.

    A gap could hide the start, so that gaps need ``cohort``.
    """
    if not grid.seen.all():
        raise DesignError(
            "impact.unbalanced",
            found=int((~grid.seen).sum()),
            cells=grid.seen.size,
            units=grid.name_units((~grid.seen).any(axis=0)),
        )
    values = numbers(frame, column)
    grid.refuse_gaps(column, values)
    on = grid.wide(values)
    if not np.isin(on, (0.0, 1.0)).all():
        raise SchemaError("impact.treated_not_binary", column=column)
    ended = (np.diff(on, axis=0) < 0).any(axis=0)
    if ended.any():
        raise DesignError(
            "impact.treatment_ends",
            column=column,
            found=int(ended.sum()),
            units=grid.name_units(ended),
        )
    start: Floats = np.where(on.any(axis=0), grid.periods[on.argmax(axis=0)], np.inf)
    return start


def read_cluster(frame: pd.DataFrame, design: Design, grid: Grid) -> tuple[Ints, bool]:
    """Return cluster codes (n,) and whether any cluster holds more than one unit."""
    n = len(grid.units)
    column = design.one_cluster
    if column is None or column == design.unit:
        return np.arange(n), False
    code, names = codes(frame, column)
    of_unit, split = grid.of_units(code)
    if split.any():
        raise DesignError(
            "impact.split_cluster",
            column=column,
            found=int(split.sum()),
            units=grid.name_units(split),
        )
    if len(names) < 2:
        raise DesignError("impact.one_cluster", column=column)
    return of_unit, len(names) < n


def read_covariates(frame: pd.DataFrame, design: Design, grid: Grid) -> Floats:
    """Return (p, T, n), or (p, 1, n) when no covariate changes within a unit."""
    read = [numbers(frame, column) for column in design.covariates]
    for column, values in zip(design.covariates, read, strict=True):
        grid.refuse_gaps(column, values)
    fixed = [grid.of_units(values) for values in read]
    if any(moving.any() for _, moving in fixed):
        return np.stack([grid.wide(values) for values in read])
    out = np.empty((len(read), 1, len(grid.units)))
    for i, (values, _) in enumerate(fixed):
        out[i, 0] = values
    return out


def read_weight(frame: pd.DataFrame, design: Design, grid: Grid) -> Floats:
    """Return sampling weights (n,) of mean one."""
    if design.weights is None:
        return np.ones(len(grid.units))
    values = numbers(frame, design.weights)
    grid.refuse_gaps(design.weights, values)
    weight, moving = grid.of_units(values)
    wrong = moving | (weight <= 0)
    if wrong.any():
        raise DesignError(
            "impact.bad_weights",
            column=design.weights,
            found=int(wrong.sum()),
            units=grid.name_units(wrong),
        )
    out: Floats = weight / weight.mean()
    return out
