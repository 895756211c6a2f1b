"""Read one column of a frame: numbers, ids as codes."""

from __future__ import annotations

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
