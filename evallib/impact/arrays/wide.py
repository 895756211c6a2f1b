"""Where the rows of a frame stand in wide (period x unit) arrays, or why they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.errors import DesignError, SchemaError
from evallib.impact.arrays.columns import Flags, Floats, Ints, Value, codes, numbers, whole_codes

if TYPE_CHECKING:
    from evallib.impact.design import Design

SHOWN = 5  # units named in a message; more would bury what to do


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Place of each row.

    Parameters
    ----------
    units : Index
        Ids, in the order of the columns, length n.
    periods : ndarray of float64, shape (T,)
        Periods, ascending.
    seen : ndarray of bool, shape (T, n)
        Whether a unit has a row in a period.
    codes : ndarray of intp, shape (rows,), or None
        Column of each row in the wide arrays. None where the rows of each unit lie together,
        every period once, in order: wide arrays are then another view of a column.
    at : ndarray of intp, shape (rows,), or None
        Cell of each row in the wide arrays, row by row; None likewise, and where rows may double,
        so that there are no wide arrays.
    """

    units: pd.Index
    periods: Floats
    seen: npt.NDArray[np.bool_]
    codes: Ints | None = None
    at: Ints | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Return (T, n)."""
        return len(self.periods), len(self.units)

    @cached_property
    def unit(self) -> Ints:
        """Return (rows,) the column of each row in the wide arrays."""
        n_periods, n = self.shape
        return np.repeat(np.arange(n), n_periods) if self.codes is None else self.codes

    def wide(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Lay one value a row out as (T, n); NaN, or 0 for codes, where there is no row."""
        if self.codes is None:
            view: npt.NDArray[Value] = values.reshape(self.shape[::-1]).T
            return view
        blank = np.nan if values.dtype.kind == "f" else 0
        out: npt.NDArray[Value] = np.full(self.seen.size, blank, dtype=values.dtype)
        out[self.at] = values
        return out.reshape(self.shape)

    def of_units(self, values: npt.NDArray[Value]) -> tuple[npt.NDArray[Value], Flags]:
        """Return a value of each unit (n,) and which units hold several (n,); NaN equals NaN."""
        moving = np.zeros(len(self.units), dtype=np.bool_)
        if self.codes is None:
            rows = values.reshape(self.shape[::-1])
            first = rows[:, 0].copy()
            differs = rows != first[:, None]
            if differs.any():
                both = (rows != rows) & (first != first)[:, None]  # noqa: PLR0124  # NaN
                moving = (differs & ~both).any(axis=1)
            return first, moving
        last = np.empty(len(self.units), dtype=values.dtype)
        last[self.unit] = values
        expected = last[self.unit]
        apart = np.flatnonzero(values != expected)
        both = (values[apart] != values[apart]) & (expected[apart] != expected[apart])
        moving[self.unit[apart[~both]]] = True
        return last, moving

    def name_units(self, which: npt.ArrayLike) -> str:
        """Return the first ids for which ``which`` (n,) holds, for a message."""
        hit = np.flatnonzero(which)
        shown = ", ".join(str(self.units[i]) for i in hit[:SHOWN])
        return shown + (", ..." if len(hit) > SHOWN else "")

    def refuse_gaps(self, column: str, values: Floats) -> None:
        """Refuse missing or infinite numbers (rows,), naming the column and the first units.

        Raises
        ------
        DesignError
            ``impact.not_finite``.
        """
        finite = np.isfinite(values)
        if not finite.all():
            touched = np.zeros(len(self.units), dtype=np.bool_)
            touched[self.unit[~finite]] = True
            raise DesignError(
                "impact.not_finite",
                column=column,
                found=int((~finite).sum()),
                units=self.name_units(touched),
            )


def read_grid(frame: pd.DataFrame, design: Design) -> Grid:
    """Place every row; refuse double unit-period cells.

    Raises
    ------
    SchemaError, DesignError
        A period is missing or not whole; an id is missing; one period alone; rows double.
    """
    stamps, unit_ids = read_periods(frame, str(design.time)), frame[design.unit]
    whole = isinstance(unit_ids.dtype, np.dtype) and unit_ids.dtype.kind in "iu"
    unit, units = (unit_ids.to_numpy(), None) if whole else codes(frame, design.unit)
    regular = _regular(unit, stamps)
    if regular is not None:
        units = pd.Index(regular[0]) if units is None else units
        periods = regular[1].astype(np.float64)
        return Grid(units=units, periods=periods,
                    seen=np.broadcast_to(np.True_, (len(periods), len(units))))  # fmt: skip
    if units is None:
        unit, units = codes(frame, design.unit)
    time, days = whole_codes(stamps)
    n, n_periods = len(units), len(days)
    if n_periods < 2:
        raise DesignError("impact.one_period", column=design.time, found=f"{days[0]}")
    at = time * n + unit
    seen = np.zeros(n * n_periods, dtype=np.bool_)
    seen[at] = True
    grid = Grid(units=units, periods=days.astype(np.float64), seen=seen.reshape(n_periods, n),
                codes=unit, at=at)  # fmt: skip
    if np.count_nonzero(seen) < len(at):
        double = (np.bincount(at, minlength=seen.size) > 1).reshape(n_periods, n)
        raise DesignError(
            "impact.double_cells",
            found=int(double.sum()),
            cells=double.size,
            units=grid.name_units(double.any(axis=0)),
        )
    return grid


def read_periods(frame: pd.DataFrame, column: str) -> npt.NDArray[np.int64]:
    """Return whole periods (rows,).

    Raises
    ------
    SchemaError, DesignError
        ``impact.time_not_whole``, ``impact.missing_id``.
    """
    values = frame[column]
    if isinstance(values.dtype, np.dtype) and values.dtype.kind == "i":
        return values.to_numpy().astype(np.int64, copy=False)
    stamps = numbers(frame, column)
    if not np.isfinite(stamps).all():
        bad = int((~np.isfinite(stamps)).sum())
        raise DesignError("impact.missing_id", column=column, found=bad)
    whole = stamps.astype(np.int64)
    if (whole != stamps).any():
        raise SchemaError("impact.time_not_whole", column=column)
    return whole


def _regular(
    ids: npt.NDArray[Any], stamps: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]] | None:
    """Return units and periods where rows are ordered by unit, then period, and none is missing.

    That costs a tenth of finding codes, and is how most panels come.
    """
    n_periods = int((ids != ids[0]).argmax())
    if n_periods < 2 or len(ids) % n_periods:
        return None
    table, times = ids.reshape(-1, n_periods), stamps.reshape(-1, n_periods)
    units, periods = table[:, 0].copy(), times[0].copy()
    ascending = (units[1:] > units[:-1]).all() and (periods[1:] > periods[:-1]).all()
    if ascending and (table == units[:, None]).all() and (times == periods).all():
        return units, periods
    return None
