"""Counts with their totals as a circulation: what a reader can bound is a maximum flow.

Every cell, inner or total, is one arc: an inner cell runs from its row to its column, a row total
from the column of totals to its row, a column total from its column to the row of totals, and the
grand total closes the ring. Additivity is conservation at the nodes. A hidden cell can grow by as
much as can flow back from its head to its tail through the other hidden cells, and shrink by as
much as can flow from its tail to its head. Both are exact and whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arcs:
    """The cells of a table of R rows and C columns with its totals, flattened row by row.

    Parameters
    ----------
    value : ndarray of int64, shape ((R + 1) * (C + 1),)
        Counts, the totals last in each direction.
    tail, head : ndarray of int64, same shape
        Nodes that each cell joins: rows 0 to R, then columns.
    inner : ndarray of bool, same shape
        Whether the cell is no total.
    n_nodes : int
        R + C + 2.
    """

    value: Ints
    tail: Ints
    head: Ints
    inner: Bools
    n_nodes: int

    @property
    def total(self) -> int:
        """Grand total of the table."""
        return int(self.value[-1])


def with_totals(cells: Ints) -> Ints:
    """Append row totals, column totals and the grand total to counts of shape (R, C)."""
    rows = np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([rows, rows.sum(axis=0, keepdims=True)], axis=0)


def arcs(grid: Ints) -> Arcs:
    """Return the arcs of a table with totals, shape (R + 1, C + 1)."""
    n_rows, n_columns = grid.shape
    i, j = (index.ravel().astype(np.int64) for index in np.indices(grid.shape))
    column = n_rows + j
    last_row, last_column = i == n_rows - 1, j == n_columns - 1
    backwards = last_row ^ last_column
    forwards = ~last_row & ~last_column
    # a total in one direction, and only in one, runs against the cells that it sums
    from_row = forwards | (last_row & last_column)
    return Arcs(
        value=grid.ravel().astype(np.int64),
        tail=np.where(from_row, i, column),
        head=np.where(from_row, column, i),
        inner=forwards & ~backwards,
        n_nodes=n_rows + n_columns,
    )


class Residual:
    """How far the hidden cells can move, given that every other cell is known.

    Parameters
    ----------
    table : Arcs
        The true counts.
    hidden : ndarray of bool, shape (cells,)
        Cells that the reader does not see.
    floor : int
        Least value that the reader knows a hidden cell to have: 0, or 1 where zeros are shown.
    """

    def __init__(self, table: Arcs, hidden: Bools, *, floor: int = 0) -> None:
        from scipy.sparse import csr_array  # scipy is loaded only when a table hides something

        self._value, self._floor = table.value, floor
        self._tail, self._head = table.tail, table.head
        self._cells = np.flatnonzero(hidden)
        k = len(self._cells)
        tail, head = table.tail[self._cells], table.head[self._cells]
        order = np.arange(1, 2 * k + 1)
        places = csr_array(
            (order, (np.r_[tail, head], np.r_[head, tail])), shape=(table.n_nodes,) * 2
        )
        shrink = np.maximum(table.value[self._cells] - floor, 0)
        capacity = np.r_[np.full(k, table.total), shrink]
        self._graph: Any = places.copy()
        self._graph.data = capacity[places.data - 1].astype(np.int32)
        position = np.empty(2 * k, dtype=np.int64)
        position[places.data - 1] = np.arange(2 * k)
        self._position = {int(c): (position[n], position[n + k]) for n, c in enumerate(self._cells)}

    def reach(self, cell: int) -> tuple[int, int]:
        """Return the smallest and the largest value that one hidden cell can have."""
        tail, head = int(self._tail[cell]), int(self._head[cell])
        data, own = self._graph.data, list(self._position[cell])
        kept = data[own].copy()
        data[own] = 0
        grows, shrinks = self._flow(head, tail), self._flow(tail, head)
        data[own] = kept
        value = int(self._value[cell])
        return max(value - shrinks, min(self._floor, value)), value + grows

    def _flow(self, source: int, sink: int) -> int:
        from scipy.sparse.csgraph import maximum_flow  # see above

        return int(maximum_flow(self._graph, source, sink).flow_value)


def incidence(table: Arcs) -> Any:
    """Return the sparse node x cell matrix: 1 where a cell leaves a node, -1 where it enters."""
    from scipy.sparse import csr_array  # see above

    n = len(table.value)
    cells = np.arange(n)
    return csr_array(
        (np.r_[np.ones(n), -np.ones(n)], (np.r_[table.tail, table.head], np.r_[cells, cells])),
        shape=(table.n_nodes, n),
    )
