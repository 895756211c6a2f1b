"""Hide counts of people so small that somebody could be recognised, and what would reveal them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.config import DEFAULT_THRESHOLD, FLOOR
from evallib.errors import DisclosureError, SchemaError
from evallib.findings import Finding
from evallib.privacy.key_columns import (
    key_codes,
    key_order,
    missing_keys,
    padded_keys,
    require_columns,
)
from evallib.privacy.suppression.flow import Bools, Ints, arcs, with_totals
from evallib.privacy.suppression.one_way import hide_one_way
from evallib.privacy.suppression.suppressed import COMPLEMENTARY, PRIMARY, SHOWN, SuppressedTable
from evallib.privacy.suppression.two_way import hide_two_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST = 2**28  # flows are 32-bit; four times the people of Thailand


def suppress_table(
    table: pd.DataFrame,
    *,
    counts: str,
    rows: str | Sequence[str],
    columns: str | None = None,
    threshold: int = DEFAULT_THRESHOLD,
) -> SuppressedTable:
    """Hide small counts of people, and further counts that would reveal them.

    Counts from 1 to ``threshold - 1`` are hidden (primary). Their table is published with its
    total, and with row and column totals when ``columns`` is given; further cells, and where it
    must be totals, are hidden until no reader can work the small ones out (complementary).

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, k)
        One row for each cell. Not modified. Columns that are not named here are left out of what
        is published, since a share or a rank could reveal a hidden count.
    counts : str
        Column of the number of people, whole numbers of at least 0 without gaps.
    rows : str or sequence of str
        Key column of the first direction; several make one category together.
    columns : str, optional
        Key column of a second direction. A pair that has no row counts as a visible zero.
    threshold : int, default 10
        Smallest count that may be shown, in people; at least 5.

    Returns
    -------
    SuppressedTable
        ``frame`` has the order and the index of ``table``. A table that cannot be protected is
        ``withheld`` whole, its totals included.

    Raises
    ------
    SchemaError
        A column is absent, a key is missing or double, or a count is not a whole number of people.
    DisclosureError
        ``threshold`` is below 5.

    Notes
    -----
    One direction: a reader who knows the total, the threshold and this very rule finds every value
    from 1 to ``threshold - 1`` possible for each small count (proof in ``one_way``). Two
    directions: a reader who knows all published totals can bound no hidden cell to an interval
    that does not hold 0 to ``threshold`` or lie above it; the bounds are exact.

    Zeros are shown, for a zero counts nobody. That tells a reader that a hidden count is at least
    1, and it is reckoned with; and since no zero is ever used as cover, knowing from elsewhere
    that a category must be empty helps nobody.

    References
    ----------
    .. [1] Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4, Wiley.
       https://doi.org/10.1002/9781118348239

    Examples
    --------
    >>> cells = pd.DataFrame({"sex": ["f", "m", "x"], "people": [40, 30, 4]})
    >>> suppress_table(cells, counts="people", rows="sex").frame["people"].tolist()
    [<NA>, 30, <NA>]
    """
    check_threshold(threshold)
    names = (rows,) if isinstance(rows, str) else tuple(rows)
    keys = [*names, *([columns] if columns is not None else [])]
    people = checked_counts(table, counts=counts, keys=keys)
    if columns is None:
        hidden, totals = _one_way(table, people, keys=keys, threshold=threshold)
    else:
        hidden, totals = _two_way(table, people, keys=keys, threshold=threshold)
    withheld = bool(totals["hidden"].iloc[-1])
    return SuppressedTable(
        frame=table[keys].assign(**{counts: masked(people, hidden)}),
        totals=totals[keys].assign(**{counts: masked(*_arrays(totals))}),
        status=_status(people, hidden, threshold=threshold).set_axis(table.index),
        totals_status=_status(*_arrays(totals), threshold=threshold),
        counts=counts,
        rows=names,
        columns=columns,
        threshold=threshold,
        withheld=withheld,
        findings=(
            *_noticed(threshold, hidden, withheld=withheld, where=", ".join(keys)),
            *_one_category(table, people, hidden, keys=keys if columns is not None else []),
            *_left_out(table, [*keys, counts]),
        ),
    )


def check_threshold(threshold: int) -> None:
    """Refuse a threshold below the floor that holds for every office.

    Raises
    ------
    DisclosureError
        ``threshold`` is not a whole number of at least 5.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, int | np.integer):
        raise DisclosureError("privacy.threshold_floor", floor=FLOOR, found=repr(threshold))
    if threshold < FLOOR:
        raise DisclosureError("privacy.threshold_floor", floor=FLOOR, found=threshold)


def masked(values: Ints, hidden: Bools) -> pd.arrays.IntegerArray:
    """Return counts as Int64; what is hidden is missing, and its number is gone."""
    return pd.arrays.IntegerArray(np.where(hidden, 0, values).astype(np.int64), hidden.copy())


def _arrays(totals: pd.DataFrame) -> tuple[Ints, Bools]:
    return totals["people"].to_numpy(), totals["hidden"].to_numpy()


def _status(people: Ints, hidden: Bools, *, threshold: int) -> pd.Series:
    small = (people > 0) & (people < threshold)
    status = np.where(hidden, np.where(small, PRIMARY, COMPLEMENTARY), SHOWN)
    return pd.Series(status, dtype="str", name="status")


def checked_counts(table: pd.DataFrame, *, counts: str, keys: list[str]) -> Ints:
    """Return the counts of a table whose cells are each there once.

    Raises
    ------
    SchemaError
        A column is absent, a key is missing, a cell double, or a count no whole number of people.
    """
    require_columns(table, [*keys, counts])
    if table[keys].isna().any(axis=None):
        raise SchemaError("privacy.missing_keys", keys=", ".join(keys))
    doubled = int(table.duplicated(keys).sum())
    if doubled:
        raise SchemaError("privacy.double_cells", keys=", ".join(keys), found=doubled)
    try:
        numbers = table[counts].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise SchemaError("privacy.bad_counts", column=counts, found="-") from None
    bad = ~((numbers >= 0) & (numbers < LARGEST) & (numbers == np.floor(numbers)))
    if bad.any() or numbers.sum() >= LARGEST:
        raise SchemaError("privacy.bad_counts", column=counts, found=int(bad.sum()))
    return numbers.astype(np.int64)


def _one_way(
    table: pd.DataFrame, people: Ints, *, keys: list[str], threshold: int
) -> tuple[Bools, pd.DataFrame]:
    """Return the hidden cells in the order of the table, and the total."""
    order = key_order(table, keys)
    chosen = hide_one_way(people[order], threshold=threshold)
    hidden = np.ones(len(people), dtype=bool)
    if chosen is not None:
        hidden[order] = chosen[1]
    total = pd.DataFrame({key: missing_keys(table[key], 1) for key in keys})
    return hidden, total.assign(people=people.sum(), hidden=chosen is None)


def _two_way(
    table: pd.DataFrame, people: Ints, *, keys: list[str], threshold: int
) -> tuple[Bools, pd.DataFrame]:
    """Return the hidden cells in the order of the table, and the totals."""
    row, row_first = key_codes(table, keys[:-1])
    column, column_first = key_codes(table, keys[-1:])
    cells = np.zeros((len(row_first), len(column_first)), dtype=np.int64)
    cells[row, column] = people
    grid = with_totals(cells)
    chosen = hide_two_way(arcs(grid), threshold=threshold)
    hidden = np.ones(grid.shape, bool) if chosen is None else chosen[1].reshape(grid.shape)
    row_keys = table[keys[:-1]].iloc[row_first]
    column_keys = table[keys[-1:]].iloc[column_first]
    n_rows, n_columns = cells.shape
    totals = pd.DataFrame({
        **{k: padded_keys(row_keys[k], before=0, after=n_columns + 1) for k in keys[:-1]},
        keys[-1]: padded_keys(column_keys[keys[-1]], before=n_rows, after=1),
        "people": np.r_[grid[:-1, -1], grid[-1, :]],
        "hidden": np.r_[hidden[:-1, -1], hidden[-1, :]],
    })  # fmt: skip
    return hidden[row, column], totals


def _noticed(threshold: int, hidden: Bools, *, withheld: bool, where: str) -> Iterable[Finding]:
    if threshold < DEFAULT_THRESHOLD:
        yield Finding("privacy.low_threshold", "warning", where, str(threshold))
    if withheld:
        yield Finding("privacy.withheld", "warning", where)
    elif hidden.any():
        yield Finding("privacy.hidden", "info", where, f"{int(hidden.sum())}/{len(hidden)}")


def _one_category(
    table: pd.DataFrame, people: Ints, hidden: Bools, *, keys: list[str]
) -> Iterable[Finding]:
    """Report each row of a two-way table that is shown and stands in one column only."""
    if not keys or table[keys[-1]].nunique() < 2:
        return
    row, first = key_codes(table, keys[:-1])
    filled = np.bincount(row, weights=people > 0)
    masked_cells = np.bincount(row, weights=hidden)
    for code in np.flatnonzero((filled == 1) & (masked_cells == 0)):
        label = " | ".join(str(table[key].iloc[first[code]]) for key in keys[:-1])
        yield Finding("privacy.one_category", "warning", label)


def _left_out(table: pd.DataFrame, used: list[str]) -> Iterable[Finding]:
    others = [str(name) for name in table.columns if name not in used]
    if others:
        yield Finding("privacy.columns_left_out", "info", ", ".join(used), ", ".join(others))
