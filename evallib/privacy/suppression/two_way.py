"""Which cells of a table with totals in two directions must be hidden."""

from __future__ import annotations

import numpy as np

from evallib.privacy.suppression.flow import Arcs, Bools, Residual, incidence

TOTAL_WEIGHT = 4.0  # a hidden total costs the reader more than a hidden cell
FREE = 1e-4  # cost of using a cell that is hidden anyway: not zero, so that no ring is idle


def hide_two_way(table: Arcs, *, threshold: int) -> tuple[Bools, Bools] | None:
    """Choose the cells to hide, inner cells and totals alike.

    Small counts are hidden first. For each hidden cell that a reader could bound too closely, the
    cheapest flow that gives it the room it needs is found as a linear programme, and the cells on
    that flow are hidden too, until nothing is exposed.

    Parameters
    ----------
    table : Arcs
        Counts with totals.
    threshold : int
        Smallest count that may be shown, in people.

    Returns
    -------
    small, hidden : ndarray of bool, shape (cells,), or None
        Cells hidden for themselves, and all hidden cells; ``None`` when the table cannot be
        protected or its grand total is itself small.
    """
    small = (table.value > 0) & (table.value < threshold)
    hidden = small.copy()
    if small[-1]:
        return None
    while exposed := exposed_cells(table, hidden, threshold=threshold):
        before = hidden.copy()
        for cell in exposed:
            if not _cover(table, hidden, cell, threshold=threshold):
                return None
        if (hidden == before).all():
            return None
    return small, hidden


def exposed_cells(table: Arcs, hidden: Bools, *, threshold: int) -> list[int]:
    """Return the hidden cells that a reader can bound too closely, the smallest first.

    A reader who knows that counts are not negative must find 0 to ``threshold`` possible for every
    small count and for every inner cell hidden on its behalf, unless that cell surely holds
    ``threshold`` people. A reader who also knows that a hidden count is at least 1, because zeros
    are shown, must still find 1 to ``threshold`` possible for every small count; of a small total
    such a reader may know how many of its cells are not empty.
    """
    cells = np.flatnonzero(hidden)
    cells = cells[np.argsort(table.value[cells], kind="stable")]
    plain, informed = (Residual(table, hidden, floor=floor) for floor in (0, 1))
    exposed = []
    for cell in map(int, cells):
        small = table.value[cell] < threshold
        if not small and not table.inner[cell]:
            continue
        safe = is_safe(*plain.reach(cell), threshold=threshold)
        if safe and small:
            low, high = informed.reach(cell)
            safe = high >= threshold and (low <= 1 or not table.inner[cell])
        if not safe:
            exposed.append(cell)
    return exposed


def is_safe(low: float, high: float, *, threshold: int) -> bool:
    """Return whether an interval holds 0 to ``threshold``, or lies above every small count."""
    return (low <= 0 and high >= threshold) or low >= threshold


def _cover(table: Arcs, hidden: Bools, cell: int, *, threshold: int) -> bool:
    """Hide further cells, in place, until one cell has the room that it needs."""
    value = int(table.value[cell])
    needs = [(value, -1, 0)]
    if value < threshold:
        needs.append((threshold - value, 1, 1))
        if table.inner[cell]:
            needs.append((value - 1, -1, 1))
    for need, sign, floor in needs:
        if need > 0:
            used = _cheapest_flow(table, hidden, cell, move=sign * need, floor=floor)
            if used is None:
                return False
            hidden |= used
    return True


def _cheapest_flow(table: Arcs, hidden: Bools, cell: int, *, move: int, floor: int) -> Bools | None:
    """Return the cells that change when one cell moves by ``move``, hidden cells preferred."""
    from scipy.optimize import linprog  # scipy is loaded only when a table hides something
    from scipy.sparse import hstack

    need, nodes = abs(move), incidence(table)
    shrink = np.maximum(table.value - floor, 0)
    grow = np.where(table.value > 0, need, 0)
    grow[-1] = shrink[-1] = grow[cell] = shrink[cell] = 0  # the grand total is always shown
    weight = (1 + np.log1p(table.value)) * np.where(table.inner, 1.0, TOTAL_WEIGHT)
    # a fixed charge for each cell, spread over as much of the need as the cell can carry
    dearness = np.concatenate([weight / need, weight / np.clip(shrink, 1, need)])
    ends = (table.head[cell], table.tail[cell])
    balance = np.zeros(table.n_nodes)
    balance[ends[0]], balance[ends[1]] = move, -move
    both_ways = hstack([nodes, -nodes])
    answer = linprog(
        np.where(np.tile(hidden, 2), FREE / need, dearness), A_eq=both_ways, b_eq=balance,
        bounds=np.stack([np.zeros(2 * len(grow)), np.concatenate([grow, shrink])], axis=1),
        method="highs",
    )  # fmt: skip
    if answer.status != 0:
        return None
    moved = answer.x > 1e-6
    used: Bools = moved[: len(grow)] | moved[len(grow) :]
    return used
