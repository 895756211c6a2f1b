"""Which rows are sums of others, by arithmetic, whatever they say and wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEAR = 1e-6  # share by which a sum may differ: thousands of rows round differently
SURE_COLUMNS = 2  # columns that agree make a sum of a row that does not call itself one
SURE_ADDENDS = 3  # rows that add up to it, where only one column does


@dataclass(frozen=True, slots=True)
class RowSigns:
    """What a row looks like beside its numbers.

    Parameters
    ----------
    says_total : bool
        One of its cells is the label of a sum.
    numbered : bool
        It bears a number of its own in the column that counts rows.
    titled : bool
        It has words of its own beside merged ones.
    """

    says_total: bool = False
    numbered: bool = False
    titled: bool = False


def find_sums(amounts: Floats, signs: Sequence[RowSigns]) -> list[int]:
    """Return the rows that are sums of rows above or below them.

    Parameters
    ----------
    amounts : numpy.ndarray of float64, shape (rows, columns)
        Numbers of all rows in columns that add up; NaN where a cell holds none.
    signs : sequence of RowSigns
        One for each row.

    Returns
    -------
    list of int
        Positions, ascending. A sum of a part counts from the sum before it; one of all leaves other
        sums out. Rows that are nought add nothing and are no sums.

    Examples
    --------
    >>> rows = np.array([[100, 10], [200, 30], [300, 40], [50, 5], [350, 45]], dtype=float)
    >>> find_sums(rows, [RowSigns(numbered=True), RowSigns(numbered=True), RowSigns(),
    ...                  RowSigns(numbered=True), RowSigns()])
    [2, 4]
    """
    below = _sums(amounts[::-1], signs[::-1])
    last = len(amounts) - 1
    above = _sums(amounts, signs)
    # a sum that stands first: what is below it adds up to it, and nothing above does
    first = [last - at for at in below if last - at not in above]
    leading = [at for at in first if at == 0 or signs[at].says_total]
    return sorted({*above, *(at for at in leading if not signs[at].numbered)})


def _sums(amounts: Floats, signs: Sequence[RowSigns]) -> list[int]:
    """Return the rows that are sums of those before them in the order given."""
    found: list[int] = []
    whole = np.zeros(amounts.shape[1])
    part, addends, addends_of_part = whole.copy(), 0, 0
    parts = whole.copy()  # sums of parts since the last sum of all
    for at, row in enumerate(amounts):
        candidates = [(part, addends_of_part), (whole, addends), (parts, len(found))]
        if any(_is_sum(row, total, n, signs[at]) for total, n in candidates):
            found.append(at)
            parts = parts + np.nan_to_num(row)
            part, addends_of_part = np.zeros_like(whole), 0
            continue
        number = np.nan_to_num(row)
        whole, part = whole + number, part + number
        addends, addends_of_part = (
            addends + bool(number.any()),
            addends_of_part + bool(number.any()),
        )
    return found


def _is_sum(row: Floats, total: Floats, addends: int, signs: RowSigns) -> bool:
    """Tell whether a row is the sum of so many rows, given what else it shows."""
    told = ~np.isnan(row) & ((row != 0) | (total != 0))
    equal = told & (np.abs(row - total) <= np.maximum(0.01, NEAR * np.abs(total))) & (row != 0)
    agree, differ = int(equal.sum()), int((told & ~equal).sum())
    if not agree or addends < 1 or differ > agree // 3:
        return False
    if signs.says_total:
        return True
    if signs.numbered or addends < 2:
        return False
    return agree >= SURE_COLUMNS or (addends >= SURE_ADDENDS and not signs.titled)
