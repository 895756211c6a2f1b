"""Which small numbers a reader can bound too closely, who knows how all numbers hang together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_array

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
    def equations(self) -> csr_array:
        """Rows that are nought, shape (sums, numbers)."""
        return self._rows(self.sums)

    @cached_property
    def inequalities(self) -> csr_array:
        """Rows that are at most nought, shape (limits, numbers)."""
        return self._rows(self.limits)

    @cached_property
    def ladder(self) -> tuple[dict[int, set[int]], set[int]]:
        """For each number its plain sums, and the numbers that stand in other statements too."""
        wholes: dict[int, set[int]] = {}
        tied = {at for limit in self.limits for at in limit}
        for weights in self.sums:
            above = [at for at, weight in weights.items() if weight == -1.0]
            if len(above) == 1 and all(weight in {1.0, -1.0} for weight in weights.values()):
                for at in weights.keys() - set(above):
                    wholes.setdefault(at, set()).add(above[0])
            else:
                tied |= weights.keys()
        return wholes, tied

    def _rows(self, weighted: Sequence[dict[int, float]]) -> csr_array:
        from scipy.sparse import csr_array  # scipy is loaded only when people are counted

        entries = [(r, c, w) for r, row in enumerate(weighted) for c, w in row.items()]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((weights, (rows, columns)), shape=(len(weighted), len(self.bounds)))


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
    nought at once, then as large as ``small``; a few linear programmes answer for all. Before the
    latter, each is raised by itself with the sums in which it stands, where these have room. Who is
    left is asked for singly: least and greatest by a programme each.

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
    low = _never_there(known, [(at, 0.0) for at in targets])
    high = _never_there(known, [(at, float(known.small[at])) for at in _not_raised(known, targets)])
    found = []
    for at in sorted({*low, *high}):
        least, most = _bound(known, at, 1.0), _bound(known, at, -1.0)
        if least > _NEAR or most < known.small[at] - _NEAR:
            found.append(at)
    return found


def _not_raised(known: Linked, targets: Sequence[int]) -> list[int]:
    """Return the targets that cannot simply be raised, with the sums in which they stand.

    Who takes part in more than plain sums is not tried.
    """
    above = {target: _above(known, target) for target in targets}
    tried = [target for target in targets if not above[target] & known.ladder[1]]
    left, before = tried, len(tried) + 1
    while left and len(left) < before:
        before = len(left)
        numbers = _roomy(known, Counter(at for target in left for at in above[target]))
        if numbers is None:
            break
        room = np.array([bound.high for bound in known.bounds]) + _NEAR - numbers
        left = [
            target for target in left
            if room[list(above[target])].min() < known.small[target] - numbers[target]
        ]  # fmt: skip
    return sorted({*targets} - {*tried} | {*left})


def _above(known: Linked, target: int) -> set[int]:
    """Return the sums in which a number stands, near and far, and itself."""
    wholes, found, left = known.ladder[0], {target}, [target]
    while left:
        new = wholes.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def _roomy(known: Linked, weights: Mapping[int, int]) -> Floats | None:
    """Return fitting numbers that leave sums room for a small number more, by their weight."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, identity, vstack

    sums = sorted(at for at in weights if known.bounds[at].high < np.inf)
    n, k = len(known.bounds), len(sums)
    picked = csr_array((np.ones(k), (np.arange(k), sums)), shape=(k, n))
    short = hstack([picked, -identity(k)])  # by how much the room of a sum falls short
    above = vstack([_wider(known.inequalities, k), short], format="csr")
    room = np.array([known.bounds[at].high - known.small[at] for at in sums])
    numbers: Floats | None = linprog(
        np.concatenate([np.zeros(n), [weights[at] for at in sums]]),
        A_ub=above, b_ub=np.concatenate([np.zeros(len(known.limits)), room]),
        A_eq=_wider(known.equations, k), b_eq=np.zeros(len(known.sums)),
        bounds=[*map(tuple, known.bounds), *[(0.0, np.inf)] * k], method="highs",
    ).x  # fmt: skip
    return numbers if numbers is None else numbers[:n]


def _wider(rows: csr_array, more: int) -> csr_array:
    """Return rows with further columns of noughts."""
    from scipy.sparse import csr_array

    return csr_array((rows.data, rows.indices, rows.indptr), (rows.shape[0], rows.shape[1] + more))


def _never_there(known: Linked, wanted: Sequence[tuple[int, float]]) -> list[int]:
    """Return the targets for which no fitting numbers were found with them at their goal."""
    left = list(wanted)
    while left:
        numbers = _nearest(known, left)
        if numbers is None:
            break
        still = [
            (at, goal) for at, goal in left
            if (numbers[at] > _NEAR if not goal else numbers[at] < goal - _NEAR)
        ]  # fmt: skip
        if len(still) == len(left):
            break
        left = still
    return [at for at, _ in left]


def _nearest(known: Linked, wanted: Sequence[tuple[int, float]]) -> Floats | None:
    """Return fitting numbers of which those wanted are, in sum, as near their goals as can be.

    None of them is above its goal; None where that fits nothing that is known.
    """
    cost = np.zeros(len(known.bounds))
    limits = [tuple(each) for each in known.bounds]
    for at, goal in wanted:
        cost[at] = -1.0 if goal else 1.0
        if goal:
            limits[at] = (limits[at][0], min(limits[at][1], goal))
    numbers: Floats | None = _solve(known, cost, limits).x
    return numbers


def _bound(known: Linked, at: int, sign: float) -> float:
    """Return the least (sign 1) or greatest (-1) that a number can be."""
    cost = np.zeros(len(known.bounds))
    cost[at] = sign
    return float(sign * _solve(known, cost).fun)


def _solve(known: Linked, cost: Floats, limits: Sequence[tuple[float, ...]] | None = None) -> Any:
    from scipy.optimize import linprog

    above, equal = known.inequalities, known.equations
    n_above, n_equal = above.shape[0], equal.shape[0]
    return linprog(
        cost, A_ub=above if n_above else None, b_ub=np.zeros(n_above) if n_above else None,
        A_eq=equal if n_equal else None, b_eq=np.zeros(n_equal) if n_equal else None,
        bounds=limits or [tuple(each) for each in known.bounds], method="highs",
    )  # fmt: skip
