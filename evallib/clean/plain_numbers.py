"""Cells that are plainly numbers, read a whole column at once; all others keep their rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evallib.thai.text import thai_digits_to_arabic

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# At most 15 digits, so that no two such numbers share a float, and at most two after the point,
# so that no point can be one of thousands. A lone comma always has three digits behind it.
_PLAIN = re.compile(
    r"((?:[1-9]\d{0,2}(?:,\d{3}){1,3}|0|[1-9]\d{0,11})(?:\.\d{1,2})?)( ?บาท)?", re.ASCII
)
MOST = 2.0**53  # floats below it hold every whole number
_NOT_PLAIN = (float("nan"), 0, 0)


class PlainNumbers(NamedTuple):
    """Numbers of the cells that are plainly numbers, ``nan`` for all others, and how they came."""

    numbers: NDArray[np.float64]
    typed: NDArray[np.bool_]
    in_baht: NDArray[np.bool_]


def read_plain_numbers(values: pd.Series) -> PlainNumbers:
    """Return what needs no rule to be read: numbers, and texts such as ``1,234,500.00``.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells of any type.

    Returns
    -------
    numbers : ndarray of float64, shape (n,)
        Finite, or ``nan`` where a cell is missing or must be read by the rules of its column.
    typed : ndarray of bool, shape (n,)
        Where the cell was a number of the spreadsheet, no text.
    in_baht : ndarray of bool, shape (n,)
        Where บาท stands behind the number.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.Series([12.5, "1,200", "๑,๒๐๐ บาท", "1.200"], dtype=object)
    >>> read_plain_numbers(cells).numbers.tolist()
    [12.5, 1200.0, 1200.0, nan]
    """
    if values.dtype.kind in "iuf" and isinstance(values.dtype, np.dtype):
        numbers = values.to_numpy("float64")
        finite = np.abs(numbers) < MOST
        return PlainNumbers(np.where(finite, numbers, np.nan), finite, np.zeros(len(values), bool))
    cells = values.tolist()
    texts = {text: _read_text(text) for text in dict.fromkeys(c for c in cells if type(c) is str)}
    found = [_read_cell(cell, texts) for cell in cells]
    numbers, typed, in_baht = np.array(found, dtype="float64").reshape(-1, 3).T
    return PlainNumbers(numbers, typed == 1, in_baht == 1)


def _read_cell(cell: object, texts: dict[str, tuple[float, int, int]]) -> tuple[float, int, int]:
    """Return number, whether it came as a number, and whether บาท stands behind it."""
    kind = type(cell)
    if kind is str:
        return texts[cell]  # type: ignore[index]
    if (kind is float or kind is int) and abs(cell) < MOST:  # type: ignore[arg-type]
        return float(cell), 1, 0  # type: ignore[arg-type]
    return _NOT_PLAIN


def _read_text(text: str) -> tuple[float, int, int]:
    """Read one text; Thai and full-width digits are digits."""
    match = _PLAIN.fullmatch(text if text.isascii() else thai_digits_to_arabic(text))
    if match is None:
        return _NOT_PLAIN
    return float(match[1].replace(",", "")), 0, int(match[2] is not None)
