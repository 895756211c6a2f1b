"""Which small numbers a reader can bound too closely, who knows how all numbers hang together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.privacy.rounding import Bounds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NEAR = 1e-6


@dataclass(frozen=True)
class Linked:
    """Numbers about the same people, as a reader knows them.

    Parameters
    ----------
    bounds : tuple of Bounds
        What each printed number tells by itself.
    small : tuple of int
        Up to what each is small.
    sums : tuple of dict of int to float
        Positions of numbers with their weights, of which the sum is nought.
    limits : tuple of dict of int to float
        Positions of numbers with their weights, of which the sum is at most nought.
    """

    bounds: tuple[Bounds, ...]
    small: tuple[int, ...]
    sums: tuple[dict[int, float], ...] = ()
    limits: tuple[dict[int, float], ...] = ()

    @cached_property
    def equations(self) -> Floats:
        """Rows that are nought, shape (sums, numbers)."""
        return self._rows(self.sums)

    @cached_property
    def inequalities(self) -> Floats:
        """Rows that are at most nought, shape (limits, numbers)."""
        return self._rows(self.limits)

    def _rows(self, weighted: Sequence[dict[int, float]]) -> Floats:
        rows = np.zeros((len(weighted), len(self.bounds)))
        for row, weights in zip(rows, weighted, strict=True):
            row[list(weights)] = list(weights.values())
        return rows


def given_away(known: Linked, true: Sequence[int]) -> list[int]:
    """Return the positions of small numbers for which not all of 0 to ``small`` is possible.

    Parameters
    ----------
    known : Linked
        What a reader knows.
    true : sequence of int
        The numbers as they are; those above ``small`` need no protection.

    Notes
    -----
    Numbers are sought that fit all that is known and in which as many small ones as possible are
    nought at once, then as large as ``small``; a few linear programmes answer for all. Who is left
    is asked for singly: least and greatest by a programme each.

    Examples
    --------
    >>> from evallib.privacy.rounding import Bounds
    >>> open_sum = Linked((Bounds(31, 49), Bounds(21, 39), Bounds(0, 10)), (10, 10, 10),
    ...     sums=({0: -1, 1: 1, 2: 1},))
    >>> given_away(open_sum, (40, 33, 7))
    []
    >>> closed = Linked((Bounds(41, 49), Bounds(21, 34), Bounds(0, 19)), (10, 10, 10),
    ...     sums=({0: -1, 1: 1, 2: 1},))
    >>> given_away(closed, (42, 34, 8))
    [2]
    """
    targets = [at for at, number in enumerate(true) if number <= known.small[at]]
    goals = np.array([known.small[at] for at in targets], dtype=float)
    low = _never_there(known, targets, np.zeros(len(targets)))
    high = _never_there(known, targets, goals)
    found = []
    for at in sorted({*low, *high}):
        least, most = _bound(known, at, 1.0), _bound(known, at, -1.0)
        if least > _NEAR or most < known.small[at] - _NEAR:
            found.append(at)
    return found


def _never_there(known: Linked, targets: Sequence[int], goals: Floats) -> list[int]:
    """Return the targets for which no fitting numbers were found with them at their goal."""
    left = list(zip(targets, goals.tolist(), strict=True))
    while left:
        numbers = _nearest(known, left)
        still = [
            (at, goal) for at, goal in left
            if (numbers[at] > _NEAR if not goal else numbers[at] < goal - _NEAR)
        ]  # fmt: skip
        if len(still) == len(left):
            break
        left = still
    return [at for at, _ in left]


def _nearest(known: Linked, wanted: Sequence[tuple[int, float]]) -> Floats:
    """Return fitting numbers of which those wanted are, in sum, as near their goals as can be."""
    n, k = len(known.bounds), len(wanted)
    places = np.array([at for at, _ in wanted])
    goals = np.array([goal for _, goal in wanted])
    cost = np.zeros(n + k)
    if not goals.any():
        cost[places] = 1.0
        return _solve(known, cost[:n]).x  # type: ignore[no-any-return]
    # a variable for each, at most the number and at most its goal: their sum grows
    cost[n:] = -1.0
    reach = np.zeros((k, n + k))
    reach[np.arange(k), places], reach[np.arange(k), n + np.arange(k)] = -1.0, 1.0
    return _solve(known, cost, reach, goals).x[:n]  # type: ignore[no-any-return]


def _bound(known: Linked, at: int, sign: float) -> float:
    """Return the least (sign 1) or greatest (-1) that a number can be."""
    cost = np.zeros(len(known.bounds))
    cost[at] = sign
    return float(sign * _solve(known, cost).fun)


def _solve(
    known: Linked, cost: Floats, further: Floats | None = None, goals: Floats | None = None
) -> Any:
    from scipy.optimize import linprog  # scipy is loaded only when people are counted

    more = len(cost) - len(known.bounds)
    above, equal = (
        np.pad(rows, ((0, 0), (0, more))) for rows in (known.inequalities, known.equations)
    )
    limits = [tuple(each) for each in known.bounds]
    if further is not None and goals is not None:
        above = np.concatenate([above, further])
        limits += [(0.0, goal) for goal in goals.tolist()]
    return linprog(
        cost, A_ub=above if len(above) else None, b_ub=np.zeros(len(above)) if len(above) else None,
        A_eq=equal if len(equal) else None, b_eq=np.zeros(len(equal)) if len(equal) else None,
        bounds=limits, method="highs",
    )  # fmt: skip
