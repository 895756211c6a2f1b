"""Which rows are sums of others, by arithmetic, whatever they say and wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Row = Sequence[float | None]

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
    >>> import numpy as np
    >>> rows = np.array([[100, 10], [200, 30], [300, 40], [50, 5], [350, 45]], dtype=float)
    >>> find_sums(rows, [RowSigns(numbered=True), RowSigns(numbered=True), RowSigns(),
    ...                  RowSigns(numbered=True), RowSigns()])
    [2, 4]
    """
    told = [[None if isnan(n) else n for n in row] for row in amounts.tolist()]
    below = _sums(told[::-1], signs[::-1])
    last = len(amounts) - 1
    above = _sums(told, signs)
    # a sum that stands first: what is below it adds up to it, and nothing above does
    first = [last - at for at in below if last - at not in above]
    leading = [at for at in first if at == 0 or signs[at].says_total]
    return sorted({*above, *(at for at in leading if not signs[at].numbered)})


def _sums(rows: Sequence[Row], signs: Sequence[RowSigns]) -> list[int]:
    """Return the rows that are sums of those before them in the order given.

    Plain numbers: tables have few columns, for which arrays cost more than they save.
    """
    found: list[int] = []
    nought = [0.0] * (len(rows[0]) if rows else 0)
    whole, part, parts = nought, nought, nought  # all rows, those since a sum, sums of parts
    addends = addends_of_part = 0
    for at, row in enumerate(rows):
        candidates = ((part, addends_of_part), (whole, addends), (parts, len(found)))
        if any(_is_sum(row, total, n, signs[at]) for total, n in candidates):
            found.append(at)
            parts = _plus(parts, row)
            part, addends_of_part = nought, 0
            continue
        whole, part = _plus(whole, row), _plus(part, row)
        adds = any(row)
        addends, addends_of_part = addends + adds, addends_of_part + adds
    return found


def _plus(total: list[float], row: Row) -> list[float]:
    return [t + (n or 0.0) for t, n in zip(total, row, strict=True)]


def _is_sum(row: Row, total: list[float], addends: int, signs: RowSigns) -> bool:
    """Tell whether a row is the sum of so many rows, given what else it shows."""
    if addends < 1:
        return False
    agree = differ = 0
    for number, sum_ in zip(row, total, strict=True):
        if number is None or not (number or sum_):
            continue
        if number and abs(number - sum_) <= max(0.01, NEAR * abs(sum_)):
            agree += 1
        else:
            differ += 1
    if not agree or differ > agree // 3:
        return False
    if signs.says_total:
        return True
    if signs.numbered or addends < 2:
        return False
    return agree >= SURE_COLUMNS or (addends >= SURE_ADDENDS and not signs.titled)
