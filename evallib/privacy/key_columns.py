"""Key columns of a table: checked, ordered and numbered the same way whatever the row order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def require_columns(table: pd.DataFrame, names: Sequence[str]) -> None:
    """Refuse a table that lacks a column, or a list that names one twice.

    Raises
    ------
    SchemaError
        A name is not exactly one column of the table, or stands twice in the list.
    """
    absent = [name for name in names if (table.columns == name).sum() != 1]
    if absent or len(set(names)) != len(names) or not names:
        raise SchemaError(
            "privacy.columns",
            needed=", ".join(map(str, names)) or "-",
            found=", ".join(map(str, table.columns)) or "-",
        )


def key_order(table: pd.DataFrame, keys: Sequence[str]) -> Ints:
    """Return positions in the order of the keys: ordered categories in theirs, the rest sorted."""
    return np.lexsort([_ranks(table[key]) for key in reversed(keys)]).astype(np.int64)


def key_codes(table: pd.DataFrame, keys: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the number of each row's category, and the first position of each category."""
    ranks = np.stack([_ranks(table[key]) for key in keys], axis=1)
    _, first, codes = np.unique(ranks, axis=0, return_index=True, return_inverse=True)
    return codes.reshape(-1).astype(np.int64), first.astype(np.int64)


def missing_keys(like: pd.Series, n: int) -> pd.Series:
    """Return ``n`` missing keys in the dtype of a key column, or in one that can be missing."""
    kinds = {"i": "Int64", "u": "Int64", "b": "boolean"}
    kind = like.dtype.kind if isinstance(like.dtype, np.dtype) else ""
    return pd.Series([None] * n, dtype=kinds.get(kind, like.dtype))


def padded_keys(keys: pd.Series, *, before: int, after: int) -> pd.Series:
    """Return keys with missing ones, which mean all categories, before and after."""
    head, tail = missing_keys(keys, before), missing_keys(keys, after)
    if not before and not len(keys):
        return tail
    parts = [part for part in (head, keys.astype(tail.dtype), tail) if len(part)]
    return pd.concat(parts, ignore_index=True)


def _ranks(values: pd.Series) -> Ints:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64)
    try:
        return pd.factorize(values, sort=True)[0].astype(np.int64)
    except TypeError:  # labels of several types have no order but that of their writing
        written = [f"{value} {type(value).__name__}" for value in values]
        return np.unique(written, return_inverse=True)[1].astype(np.int64)
