"""Read one column of a frame into a wide (period x unit) array, or say why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.errors import DesignError, SchemaError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.intp]
Flags: TypeAlias = npt.NDArray[np.bool_]
Value = TypeVar("Value", bound=np.generic)
NARROW = 4  # times as many possible ids as rows are counted, not hashed
SHOWN = 5  # units named in a message; more would bury what to do


@dataclass(frozen=True, eq=False)
class Grid:
    """Where each row of the frame stands in the wide arrays.

    Parameters
    ----------
    unit : ndarray of intp, shape (rows,)
        Column of the wide arrays.
    time : ndarray of intp, shape (rows,)
        Row of the wide arrays.
    units : ndarray or Index, shape (n,)
        Ids, in the order of the columns.
    periods : ndarray of float64, shape (T,)
        Periods, ascending.
    seen : ndarray of bool, shape (T, n)
        Whether a unit has a row in a period.
    at : ndarray of intp, shape (rows,)
        Cell of each row in the wide arrays, row by row; empty when regular.
    regular : bool
        Whether the rows of each unit lie together, every period once, in order: then wide arrays
        are another view of the column.
    """

    unit: Ints
    time: Ints
    units: pd.Index
    periods: Floats
    seen: npt.NDArray[np.bool_]
    at: Ints
    regular: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Return (T, n)."""
        return len(self.periods), len(self.units)

    def wide(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Lay one value a row out as (T, n); NaN, or 0 for codes, where there is no row."""
        if self.regular:
            view: npt.NDArray[Value] = values.reshape(self.shape[::-1]).T
            return view
        blank = np.nan if values.dtype.kind == "f" else 0
        out: npt.NDArray[Value] = np.full(self.seen.size, blank, dtype=values.dtype)
        out[self.at] = values
        return out.reshape(self.shape)

    def of_units(self, values: npt.NDArray[Value]) -> tuple[npt.NDArray[Value], Flags]:
        """Return a value of each unit (n,) and which units hold several (n,); NaN equals NaN."""
        moving = np.zeros(len(self.units), dtype=np.bool_)
        if self.regular:
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


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as float64 (rows,), missing as NaN; text and dates are refused.

    Raises
    ------
    SchemaError
        ``impact.not_numeric``.
    """
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        kind = pd.api.types.infer_dtype(values, skipna=True)
        if kind not in {
            "integer",
            "floating",
            "mixed-integer-float",
            "boolean",
            "decimal",
            "empty",
        }:
            raise SchemaError("impact.not_numeric", column=column, found=str(values.dtype))
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def codes(frame: pd.DataFrame, column: str) -> tuple[Ints, pd.Index]:
    """Return an id column as codes (rows,) and its sorted distinct ids; no id may be missing."""
    values = frame[column]
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
        whole, distinct = whole_codes(values.to_numpy())
        return whole, pd.Index(distinct)
    try:
        code, ids = pd.factorize(values, sort=True)
    except TypeError:  # ids that have no order among themselves keep their first appearance
        code, ids = pd.factorize(values, sort=False)
    if len(code) and code.min() < 0:
        raise DesignError("impact.missing_id", column=column, found=int((code < 0).sum()))
    return np.asarray(code, dtype=np.intp), pd.Index(ids)


def whole_codes(values: npt.NDArray[Any]) -> tuple[Ints, npt.NDArray[Any]]:
    """Return whole numbers as codes (rows,) of their sorted distinct values.

    Ids mostly lie close together: counting them is several times as fast as hashing.
    """
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if not len(values) or high - low > NARROW * len(values):
        code, ids = pd.factorize(values, sort=True)
        return np.asarray(code, dtype=np.intp), np.asarray(ids)
    offset = (values - values.dtype.type(low)).astype(np.intp)
    used = np.zeros(high - low + 1, dtype=np.bool_)
    used[offset] = True
    code = offset if used.all() else (np.cumsum(used) - 1)[offset]
    return code, (np.flatnonzero(used) + low).astype(values.dtype)


def refuse_gaps(column: str, values: Floats, grid: Grid) -> None:
    """Refuse missing or infinite numbers (rows,), naming the column and the first units.

    Raises
    ------
    DesignError
        ``impact.not_finite``.
    """
    finite = np.isfinite(values)
    if not finite.all():
        touched = np.zeros(len(grid.units), dtype=np.bool_)
        touched[grid.unit[~finite]] = True
        raise DesignError(
            "impact.not_finite",
            column=column,
            found=int((~finite).sum()),
            units=grid.name_units(touched),
        )
