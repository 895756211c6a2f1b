"""What a reader of a published table can work out about the cells that it hides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.privacy.key_columns import key_codes, require_columns
from evallib.privacy.suppression.flow import Arcs, Bools, Ints, Residual, arcs, incidence
from evallib.privacy.suppression.suppressed import COMPLEMENTARY, SuppressedTable
from evallib.privacy.suppression.two_way import is_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

Bounds = dict[int, tuple[float, float]]


def audit_table(
    published: SuppressedTable | pd.DataFrame,
    *,
    counts: str | None = None,
    rows: str | Sequence[str] | None = None,
    columns: str | None = None,
    threshold: int = 10,
) -> pd.DataFrame:
    """Bound every hidden cell as a reader can who knows that counts add up and are not negative.

    Only what is published is used. The bounds are exact: closed in one direction, maximum flows in
    two, which equal the linear programmes.

    Parameters
    ----------
    published : SuppressedTable or pandas.DataFrame
        What is to be published. A plain frame holds cells and totals, as
        ``SuppressedTable.published()`` gives them: a missing key means all categories.
    counts, rows, columns : str
        Roles of the columns of a plain frame, as in ``suppress_table``.
    threshold : int, default 10
        Smallest count that may be shown, for a plain frame.

    Returns
    -------
    pandas.DataFrame, shape (hidden cells and totals, keys + 3)
        The key columns, ``low`` and ``high`` in people (float64, ``inf`` when unbounded), and
        ``safe``: the interval holds 0 to ``threshold`` or lies above all small counts. In a
        ``SuppressedTable`` a cell hidden only for the sake of others is safe too: it is not small.

    Raises
    ------
    SchemaError
        A plain frame comes without roles or without its total, or its numbers do not add up.

    Examples
    --------
    >>> leaky = pd.DataFrame({"sex": ["f", "m", None], "people": [40, None, 44]})
    >>> audit_table(leaky, counts="people", rows="sex")
      sex  low  high   safe
    0   m  4.0   4.0  False
    """
    if isinstance(published, SuppressedTable):
        frame, keys, counts = published.published(), published.keys, published.counts
        columns, threshold = published.columns, published.threshold
        status = pd.concat([published.status, published.totals_status], ignore_index=True)
        harmless = (status == COMPLEMENTARY).to_numpy()
    else:
        if counts is None or rows is None:
            raise SchemaError("privacy.audit_roles")
        keys = [rows] if isinstance(rows, str) else list(rows)
        keys += [columns] if columns is not None else []
        require_columns(published, [*keys, counts])
        frame = published.reset_index(drop=True)
        harmless = np.zeros(len(frame), dtype=bool)
    bounds = _bounds(frame, counts=counts, keys=keys, columns=columns)
    low = np.array([bounds[i][0] for i in bounds], dtype=np.float64)
    high = np.array([bounds[i][1] for i in bounds], dtype=np.float64)
    safe = [is_safe(*bounds[i], threshold=threshold) or bool(harmless[i]) for i in bounds]
    found = frame[keys].iloc[list(bounds)].reset_index(drop=True)
    return found.assign(low=low, high=high, safe=np.array(safe, dtype=bool))


def _bounds(frame: pd.DataFrame, *, counts: str, keys: list[str], columns: str | None) -> Bounds:
    """Return row position -> (low, high) of every hidden cell, in row order."""
    value, hidden = _seen(frame[counts])
    absent = frame[keys].isna().to_numpy()
    grand = np.flatnonzero(absent.all(axis=1))
    if hidden.all() and len(frame):
        return {int(i): (0.0, np.inf) for i in np.flatnonzero(hidden)}
    if len(grand) != 1 or hidden[grand[0]]:
        raise SchemaError("privacy.no_total", keys=", ".join(keys))
    if columns is None:
        return _one_way_bounds(value, hidden, absent, total=int(value[grand[0]]))
    places, grid_shape = _places(frame, absent, keys=keys)
    table = _fitting(value, hidden, places, grid_shape)
    flat = np.zeros(len(table.value), dtype=bool)
    flat[_unseen(places, hidden, grid_shape)] = True
    residual = Residual(table, flat)
    return {int(i): residual.reach(int(places[i])) for i in np.flatnonzero(hidden)}


def _seen(values: pd.Series) -> tuple[Ints, Bools]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    hidden = np.isnan(numbers)
    return np.where(hidden, 0, numbers).astype(np.int64), hidden


def _one_way_bounds(value: Ints, hidden: Bools, absent: Bools, *, total: int) -> Bounds:
    cells = ~absent.all(axis=1)
    rest = total - int(value[cells].sum())
    unseen = np.flatnonzero(hidden & cells)
    if rest < 0 or (rest > 0 and not len(unseen)):
        raise SchemaError("privacy.totals_disagree")
    low = float(rest) if len(unseen) == 1 else 0.0
    return {int(i): (low, float(rest)) for i in unseen}


def _places(frame: pd.DataFrame, absent: Bools, *, keys: list[str]) -> tuple[Ints, tuple[int, int]]:
    """Return the place of each row in the flattened table with totals, and the table's shape."""
    in_rows, in_columns = absent[:, :-1], absent[:, -1]
    if (in_rows.any(axis=1) != in_rows.all(axis=1)).any():
        raise SchemaError("privacy.missing_keys", keys=", ".join(keys))
    row, column = np.full(len(frame), -1), np.full(len(frame), -1)
    named = ~in_rows.all(axis=1)
    row[named] = key_codes(frame[pd.Series(named)], keys[:-1])[0]
    column[~in_columns] = key_codes(frame[pd.Series(~in_columns)], keys[-1:])[0]
    n_rows, n_columns = int(row.max()) + 1, int(column.max()) + 1
    row[row < 0], column[column < 0] = n_rows, n_columns
    places = row * (n_columns + 1) + column
    if len(np.unique(places)) != len(places):
        raise SchemaError("privacy.double_cells", keys=", ".join(keys), found="-")
    return places, (n_rows + 1, n_columns + 1)


def _unseen(places: Ints, hidden: Bools, shape: tuple[int, int]) -> Ints:
    """Return the places that a reader does not know: hidden, or a total that is not given."""
    i, j = np.indices(shape)
    is_total: Bools = ((i == shape[0] - 1) | (j == shape[1] - 1)).ravel()
    is_total[places] = False
    return np.concatenate([places[hidden], np.flatnonzero(is_total)])


def _fitting(value: Ints, hidden: Bools, places: Ints, shape: tuple[int, int]) -> Arcs:
    """Return any table that agrees with all that is seen; the bounds do not depend on which."""
    from scipy.optimize import linprog  # scipy is loaded only when a table hides something

    table = arcs(np.zeros(shape, dtype=np.int64))
    low = np.zeros(len(table.value))
    low[places] = value
    high = low.copy()
    high[_unseen(places, hidden, shape)] = np.inf
    nodes = incidence(table)
    answer = linprog(
        np.zeros(len(low)), A_eq=nodes, b_eq=np.zeros(table.n_nodes),
        bounds=np.stack([low, high], axis=1), method="highs-ds",
    )  # fmt: skip
    if answer.status != 0:
        raise SchemaError("privacy.totals_disagree")
    whole = np.rint(answer.x).astype(np.int64)  # a corner of a network programme is whole
    if (nodes @ whole != 0).any():
        raise SchemaError("privacy.totals_disagree")
    return replace(table, value=whole)
