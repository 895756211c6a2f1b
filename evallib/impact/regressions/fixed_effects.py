"""Take fixed effects out of columns: what is left is what a regression with dummies would see."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.arrays.columns import Floats, Ints

MOST_DENSE = 50_000_000  # cells of a table of two effects that is kept whole
MOST_LEVELS = 2_000  # of the smaller of two effects, solved exactly
TOLERANCE = 1e-13  # of the iterations for three effects and more


class FixedEffects:
    """Levels of any number of fixed effects, ready to be taken out of columns.

    Parameters
    ----------
    codes : sequence of ndarray of intp, shape (n,)
        Level of each row, from 0, one array an effect.
    weight : ndarray of float64, shape (n,), optional
        Weights of the regression; None for ordinary least squares.

    Notes
    -----
    One effect is a mean a level. Two in a balanced panel are two means. Two in any other are
    solved exactly: with the levels of the larger eliminated, a system of the smaller remains
    (16 periods for 100,000 tambons). More are iterated by LSMR of scipy [1]_ to 1e-13.

    References
    ----------
    .. [1] Fong, Saunders (2011), *LSMR*, SIAM J. Sci. Comput. 33(5).
       https://doi.org/10.1137/10079687X

    Examples
    --------
    >>> effects = FixedEffects([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])])
    >>> effects.residualise(np.array([[1.0], [2.0], [3.0], [8.0]])).ravel().tolist()
    [1.0, -1.0, -1.0, 1.0]
    >>> effects.rank
    3
    """

    def __init__(self, codes: Sequence[Ints], weight: Floats | None = None) -> None:
        # larger first: its levels are eliminated
        self.codes = sorted(codes, key=lambda code: -int(code.max(initial=-1)))
        self.levels = [int(code.max(initial=-1)) + 1 for code in self.codes]
        self.weight = weight

    @cached_property
    def rank(self) -> int:
        """Return the number of independent dummies.

        Two effects have one redundant level for each connected part; each further effect is
        taken to have one.
        """
        if len(self.codes) < 2:
            return sum(self.levels)
        return sum(self.levels) - self._parts() - (len(self.codes) - 2)

    def residualise(self, columns: Floats) -> Floats:
        """Return columns (n, k) without the effects, a new array."""
        if not self.codes:
            return columns.copy()
        if len(self.codes) > 2 or (len(self.codes) == 2 and not self._solvable):
            return self._iterate(columns)
        out = np.empty_like(columns, order="F")
        for j in range(columns.shape[1]):
            column = np.ascontiguousarray(columns[:, j])
            out[:, j] = self._less_one(column) if len(self.codes) == 1 else self._less_two(column)
        return out

    @property
    def _solvable(self) -> bool:
        return self.levels[1] <= MOST_LEVELS and self.levels[0] * self.levels[1] <= MOST_DENSE

    def sums(self, column: Floats) -> tuple[Floats, Floats]:
        """Return the weighted sums of a column in the levels of two effects."""
        return self._sums(0, column), self._sums(1, column)

    def _sums(self, effect: int, column: Floats) -> Floats:
        """Return the weighted sum of a column in each level of an effect."""
        weighed = column if self.weight is None else column * self.weight
        sums = np.bincount(self.codes[effect], weighed, self.levels[effect])
        return np.asarray(sums, dtype=np.float64)

    @cached_property
    def _totals(self) -> list[Floats]:
        """Return the weight of each level of each effect."""
        return [
            np.bincount(code, self.weight, size).astype(np.float64)
            for code, size in zip(self.codes, self.levels, strict=True)
        ]

    def _less_one(self, column: Floats) -> Floats:
        out: Floats = column - (self._sums(0, column) / self._totals[0])[self.codes[0]]
        return out

    @cached_property
    def _table(self) -> Floats:
        """Return the weight of each pair of levels, shape (larger, smaller)."""
        at = self.codes[0] * self.levels[1] + self.codes[1]
        count = np.bincount(at, self.weight, self.levels[0] * self.levels[1])
        return count.reshape(self.levels[0], self.levels[1]).astype(np.float64)

    @cached_property
    def _balanced(self) -> bool:
        """Return whether every pair of levels has the same weight."""
        if len(self.codes[0]) < self.levels[0] * self.levels[1]:
            return False
        return bool((self._table == self._table[0, 0]).all())

    @cached_property
    def _inverse(self) -> Floats:
        """Return the inverse of what remains when the larger effect is eliminated.

        Every connected part has one redundant level, whose direction is taken as zero.
        """
        larger, smaller = self._totals
        left = np.diag(smaller) - self._table.T @ (self._table / larger[:, None])
        return np.asarray(np.linalg.pinv(left, rcond=1e-12, hermitian=True), dtype=np.float64)

    def _less_two(self, column: Floats) -> Floats:
        levels, more = self.levels_of_sums(*self.sums(column))
        out: Floats = column - levels[self.codes[0]]
        out -= more[self.codes[1]]
        return out

    def levels_of_sums(self, one: Floats, other: Floats) -> tuple[Floats, Floats]:
        """Return the levels of two effects whose fit has given sums in each level.

        Parameters
        ----------
        one, other : ndarray of float64, shape (L,) or (L, k)
            Weighted sums in the levels of the larger and of the smaller effect, in the order of
            ``codes``; they must be those of some column.
        """
        larger, smaller = (total.reshape(-1, *[1] * (one.ndim - 1)) for total in self._totals)
        if self._balanced:
            mean = one.sum(axis=0) / larger.sum()
            return one / larger, other / smaller - mean
        more = self._inverse @ (other - self._table.T @ (one / larger))
        return (one - self._table @ more) / larger, more

    def _dummies(self) -> tuple[object, Floats]:
        """Return sparse dummies, weighed and of length one, and the root of the weights."""
        from scipy.sparse import csr_array, hstack  # brings scipy

        n = len(self.codes[0])
        root = np.ones(n) if self.weight is None else np.sqrt(self.weight)
        parts = []
        for code, total, size in zip(self.codes, self._totals, self.levels, strict=True):
            values = root / np.sqrt(total)[code]
            parts.append(csr_array((values, (np.arange(n), code)), shape=(n, size)))
        return hstack(parts, format="csr"), root

    def _iterate(self, columns: Floats) -> Floats:
        from scipy.sparse.linalg import aslinearoperator, lsmr  # brings scipy

        dummies, root = self._dummies()
        operator = aslinearoperator(dummies)
        out = np.empty_like(columns, order="F")
        for j in range(columns.shape[1]):
            weighed = columns[:, j] * root
            found = lsmr(operator, weighed, atol=TOLERANCE, btol=TOLERANCE, maxiter=10_000)[0]
            out[:, j] = (weighed - operator @ found) / root
        return out

    def _parts(self) -> int:
        if self._solvable and (self._table > 0).all(axis=1).any():
            return 1  # a tambon seen in every period connects them all
        return len(np.unique(self.parts()[0]))

    def parts(self) -> tuple[Ints, Ints]:
        """Return the connected part of each level of the first two effects."""
        from scipy.sparse import coo_array  # brings scipy
        from scipy.sparse.csgraph import connected_components

        one, other = self.codes[0], self.codes[1] + self.levels[0]
        size = self.levels[0] + self.levels[1]
        pairs = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
        label = connected_components(pairs, directed=False)[1].astype(np.intp)
        return label[: self.levels[0]], label[self.levels[0] :]
