"""SuppressedTable: a table about people in the only form in which it may leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from evallib.findings import Finding

SHOWN, PRIMARY, COMPLEMENTARY = "shown", "primary", "complementary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SuppressedTable:
    """A table about people after suppression, with all that a reader may see.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, keys + 1 or keys + 2)
        One row for each cell, in the order and with the index of the given table: the key columns
        and ``counts`` (Int64), with ``measure`` (Float64) when there is one. Hidden is ``<NA>``.
    totals : pandas.DataFrame
        The published totals in the same columns. A missing key means all of its categories, so the
        last row, in which every key is missing, is the total of the table.
    status : pandas.Series of str, shape (n,)
        ``shown``, ``primary`` (hidden for itself) or ``complementary`` (hidden for others). For
        checks inside the office only: a reader must not learn which hidden cells are small.
    totals_status : pandas.Series of str
        The same for ``totals``.
    counts : str
        Column of the number of people.
    rows : tuple of str
        Key columns of the first direction.
    columns : str or None
        Key column of the second direction.
    threshold : int
        Smallest count that is shown, in people.
    withheld : bool
        Whether nothing could be published, not even the total.
    measure : str or None
        Column of a share or a mean, when the table has one.
    findings : tuple of Finding
        What was noticed; none of it tells a hidden value.
    """

    frame: pd.DataFrame
    totals: pd.DataFrame
    status: pd.Series
    totals_status: pd.Series
    counts: str
    rows: tuple[str, ...]
    columns: str | None = None
    threshold: int
    withheld: bool = False
    measure: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Key columns, first direction first."""
        return [*self.rows, *([self.columns] if self.columns is not None else [])]

    @property
    def total(self) -> int | None:
        """People in the whole table, or None when that is withheld."""
        value = self.totals[self.counts].iloc[-1]
        return None if pd.isna(value) else int(value)

    def published(self) -> pd.DataFrame:
        """Return cells and totals in one frame, as a reader sees them; totals lack a key."""
        cells = self.frame.astype({key: self.totals[key].dtype for key in self.keys})
        return pd.concat([cells, self.totals], ignore_index=True)
