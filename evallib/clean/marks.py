"""Marks of a sheet that readers of values drop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet says about its cells.

    Parameters
    ----------
    hidden_columns : tuple of (int, int)
        First and last of each run of hidden columns, from 0, inclusive.
    hidden_rows : tuple of int
        Their numbers, from 1; 0 for a row that has no number of its own.
    uncalculated : int
        How many cells hold a formula without the value it had.
    first_cells : tuple of str
        The first of them.
    """

    hidden_columns: tuple[tuple[int, int], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    uncalculated: int = 0
    first_cells: tuple[str, ...] = ()
