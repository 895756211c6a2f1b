"""Rows of a regression, checked once: any number of rows for each unit and period."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.errors import DesignError, SchemaError
from evallib.impact.arrays.columns import Flags, Floats, Ints, codes, numbers, whole_codes
from evallib.impact.arrays.panel import require_columns
from evallib.impact.arrays.roles import whole_starts
from evallib.impact.arrays.wide import Grid, read_periods

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evallib.impact.design import Design

    Reader = Callable[[str], Floats]


_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """A frame as arrays of n rows.

    Parameters
    ----------
    y, treated : ndarray of float64, shape (n,)
        Outcome; treatment, a share or an amount.
    start : ndarray of float64, shape (n,)
        First treated period of the row's unit; inf where it is never treated.
    x : ndarray of float64, shape (n, q)
        Covariates.
    weight : ndarray of float64, shape (n,), or None
        Weights of mean one.
    unit, time, cluster : ndarray of intp, shape (n,)
        Codes from 0.
    grid : Grid
        Units and periods; its rows may double.
    covariates : tuple of str, length q
        Names, for messages.
    second_cluster : ndarray of intp, shape (n,), or None
        Cluster of the second kind.
    periods : ndarray of float64, shape (T,)
        Periods, ascending.
    others : tuple of ndarray of intp, shape (n,)
        Codes of further fixed effects.
    """

    y: Floats
    treated: Floats
    start: Floats
    x: Floats
    weight: Floats | None
    unit: Ints
    time: Ints
    cluster: Ints
    periods: Floats
    others: tuple[Ints, ...]
    grid: Grid
    covariates: tuple[str, ...] = ()
    second_cluster: Ints | None = None

    @property
    def effects(self) -> list[Ints]:
        """Return the codes of every fixed effect."""
        return [self.unit, self.time, *self.others]

    def fingerprint(self) -> str:
        """Return a hash of the data that were used, the same for every order of rows.

        Rows are hashed one by one and the hashes summed, which needs no sorting.
        """
        at = self.unit * len(self.periods) + self.time
        optional = [a for a in (self.weight, self.second_cluster) if a is not None]
        arrays = (at, self.cluster, self.y, self.treated, self.start, *self.x.T, *optional,
                  *self.others)  # fmt: skip
        mixed = np.zeros(len(at), dtype=np.uint64)
        for array in arrays:
            mixed *= _ODD
            mixed += np.ascontiguousarray(array).view(np.uint64)
        each = pd.util.hash_array(mixed, categorize=False)
        digest = sha256(np.ascontiguousarray(self.periods).data)
        digest.update(np.array([each.sum(), np.square(each).sum()]).data)
        return digest.hexdigest()[:32]

    def count_doubles(self) -> int:
        """Return how many rows share unit and period with one before them."""
        seen = np.zeros(self.grid.seen.size, dtype=np.bool_)
        seen[self.unit * len(self.periods) + self.time] = True
        return len(self.y) - int(np.count_nonzero(seen))

    def count_units(self, which: Flags) -> int:
        """Return how many units have any of some rows (n,)."""
        return _distinct(self.unit[which])

    def count_clusters(self, which: Flags) -> int:
        """Return how many clusters have any of some rows (n,)."""
        return _distinct(self.cluster[which])


def _distinct(code: Ints) -> int:
    """Return the number of distinct codes."""
    return int((np.bincount(code) > 0).sum())


def read_rows(frame: pd.DataFrame, design: Design, absorb: Sequence[str] = ()) -> Rows:
    """Read a frame for a regression.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Not modified.
    design : Design
        Needs ``unit``, ``time`` and one of ``dose``, ``treated`` and ``cohort``, in that order of
        precedence.
    absorb : sequence of str
        Columns of further fixed effects.

    Raises
    ------
    SchemaError
        A role is not filled, a column is absent or does not hold numbers.
    DesignError
        A number is missing or infinite; weights are not positive.
    """
    require_columns(frame, design, absorb)
    unit, units = codes(frame, design.unit)
    stamps = read_periods(frame, str(design.time))
    time, days = whole_codes(stamps)
    periods = days.astype(np.float64)
    if len(periods) < 2:
        raise DesignError("impact.one_period", column=design.time, found=f"{periods[0]:g}")
    everywhere = np.broadcast_to(np.True_, (len(periods), len(units)))
    names = Grid(units=units, periods=periods, seen=everywhere, codes=unit)

    def finite(column: str) -> Floats:
        values = numbers(frame, column)
        names.refuse_gaps(column, values)
        return values

    y = finite(design.outcome)
    start, treated = _treatment(frame, design, names, stamps.astype(np.float64), finite)
    if not treated.any():
        raise DesignError("impact.nobody_treated", units=len(units))
    weight = None if design.weights is None else finite(design.weights)
    if weight is not None:
        if (weight <= 0).any():
            wrong = np.bincount(unit[weight <= 0], minlength=len(units)) > 0
            raise DesignError("impact.bad_weights", column=design.weights,
                              found=int(wrong.sum()), units=names.name_units(wrong))  # fmt: skip
        weight = weight / weight.mean()
    x = [finite(column) for column in design.covariates]
    clusters = _clusters(frame, design, {design.unit: unit, design.time: time})
    return Rows(
        y=y, treated=treated, start=start, weight=weight, unit=unit, time=time,
        cluster=clusters[0], second_cluster=clusters[1] if len(clusters) > 1 else None,
        x=np.column_stack(x) if x else np.empty((len(y), 0)), periods=periods,
        covariates=design.covariates, grid=names,
        others=tuple(codes(frame, column)[0] for column in absorb),
    )  # fmt: skip


def _clusters(frame: pd.DataFrame, design: Design, known: Mapping[str | None, Ints]) -> list[Ints]:
    """Return the codes of one or two kinds of clusters; units where the design names none."""
    named = (
        design.cluster if isinstance(design.cluster, tuple) else (design.cluster or design.unit,)
    )
    clusters = [known[column] if column in known else codes(frame, column)[0] for column in named]
    for column, code in zip(named, clusters, strict=True):
        if code.max() < 1:
            raise DesignError("impact.one_cluster", column=column)
    return clusters


def _treatment(
    frame: pd.DataFrame, design: Design, names: Grid, stamps: Floats, finite: Reader
) -> tuple[Floats, Floats]:
    """Return the start of each row's unit and the treatment of each row."""
    if design.cohort is not None:
        start = whole_starts(numbers(frame, design.cohort), design.cohort, names.periods)
        _, moving = names.of_units(start)
        if moving.any():
            raise DesignError("impact.cohort_changes", column=design.cohort,
                              found=int(moving.sum()), units=names.name_units(moving))  # fmt: skip
    if design.dose is not None or design.cohort is None:
        column = str(design.dose or design.treated)
        treated = finite(column)
        if design.dose is None and not ((treated == 0.0) | (treated == 1.0)).all():
            raise SchemaError("impact.treated_not_binary", column=column)
    else:
        treated = (stamps >= start).astype(np.float64)
    if design.cohort is None:
        first = np.full(len(names.units), np.inf)
        on = treated != 0
        np.minimum.at(first, names.unit[on], stamps[on])
        start = first[names.unit]
    return start, treated
