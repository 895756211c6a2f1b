"""Read one column of a frame into a wide (period x unit) array, or say why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.errors import DesignError, SchemaError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.intp]
Value = TypeVar("Value", bound=np.generic)
SHOWN = 5  # units named in a message; more would bury what to do


@dataclass(frozen=True, slots=True)
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
    """

    unit: Ints
    time: Ints
    units: pd.Index
    periods: Floats
    seen: npt.NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Return (T, n)."""
        return len(self.periods), len(self.units)

    def wide(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Scatter one value a row into (T, n); NaN, or 0 for codes, where there is no row."""
        blank = np.nan if values.dtype.kind == "f" else 0
        out: npt.NDArray[Value] = np.full(self.shape, blank, dtype=values.dtype)
        out[self.time, self.unit] = values
        return out

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
    try:
        code, ids = pd.factorize(values, sort=True)
    except TypeError:  # ids that have no order among themselves keep their first appearance
        code, ids = pd.factorize(values, sort=False)
    if len(code) and code.min() < 0:
        raise DesignError("impact.missing_id", column=column, found=int((code < 0).sum()))
    return np.asarray(code, dtype=np.intp), pd.Index(ids)


def first_seen(wide: npt.NDArray[Value], grid: Grid) -> npt.NDArray[Value]:
    """Return (n,) the value of each unit in the first period in which it has a row."""
    out: npt.NDArray[Value] = wide[grid.seen.argmax(axis=0), np.arange(wide.shape[1])]
    return out


def constant(wide: npt.NDArray[Value], grid: Grid) -> npt.NDArray[np.bool_]:
    """Return (n,) whether a (T, n) array holds one value a unit; NaN equals NaN."""
    value = first_seen(wide, grid)
    same = (wide == value) | (np.isnan(wide) & np.isnan(value)) | ~grid.seen
    out: npt.NDArray[np.bool_] = same.all(axis=0)
    return out


def refuse_gaps(column: str, wide: Floats, grid: Grid) -> None:
    """Refuse missing or infinite numbers, naming the column and the first units.

    Raises
    ------
    DesignError
        ``impact.not_finite``.
    """
    finite = np.isfinite(wide) | ~grid.seen
    if not finite.all():
        raise DesignError(
            "impact.not_finite",
            column=column,
            found=int((~finite).sum()),
            units=grid.name_units(~finite.all(axis=0)),
        )
