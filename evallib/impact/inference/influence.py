"""Contributions of units to estimates, kept in the form in which they are cheap to sum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints


@dataclass(frozen=True, eq=False)
class Influence:
    r"""What each of n units adds to the error of k cells and of the shares of A arms.

    An estimate is a sum of cells, weighted by shares of cohorts that are estimated too. Its
    contributions are ``loading @ stacked``, where ``stacked`` holds the k rows of the cells and a
    row for each arm with the share of its units. Sums over units need only the k + A rows, never
    those of every aggregate.

    Parameters
    ----------
    cells : ndarray of float64, shape (k, n)
        Contributions to cells, see ``evallib.impact.comparisons.contrast``.
    touched : ndarray of bool, shape (k, A)
        Which cells the units of an arm take part in.
    bounds : ndarray of intp, shape (A + 1,)
        Units of arm a, a cohort or those never treated, are ``bounds[a]`` to ``bounds[a + 1]``.
    share : ndarray of float64, shape (n,)
        Sampling weights that sum to one.
    """

    cells: Floats
    touched: npt.NDArray[np.bool_]
    bounds: Ints
    share: Floats

    @property
    def n_arms(self) -> int:
        """Return A."""
        return len(self.bounds) - 1

    @property
    def size(self) -> Ints:
        """Return (A,) the number of units of each arm."""
        return np.diff(self.bounds)

    @cached_property
    def grams(self) -> list[tuple[Ints, Floats]]:
        """Return for each arm which rows of ``stacked`` its units touch, and their products."""
        out = []
        for a, units in enumerate(self._slices()):
            used = np.flatnonzero(self.touched[:, a])
            rows = self._rows(used, units)
            product, with_share = rows @ rows.T, rows @ self.share[units]
            gram = np.empty((len(used) + 1, len(used) + 1))
            gram[:-1, :-1], gram[:-1, -1], gram[-1, :-1] = product, with_share, with_share
            gram[-1, -1] = self.share[units] @ self.share[units]
            out.append((np.append(used, len(self.cells) + a), gram))
        return out

    def _slices(self) -> list[slice]:
        return [slice(int(b), int(e)) for b, e in zip(self.bounds, self.bounds[1:], strict=False)]

    def _rows(self, used: Ints, units: slice) -> Floats:
        """Return some rows of an arm, a view where they lie together."""
        if len(used) and used[-1] - used[0] == len(used) - 1:
            return self.cells[used[0] : used[-1] + 1, units]
        out: Floats = self.cells[:, units][used]
        return out

    def stacked(self) -> Floats:
        """Return contributions to cells and to shares of arms, shape (k + A, n)."""
        of_arms = np.zeros((self.n_arms, len(self.share)))
        for a, units in enumerate(self._slices()):
            of_arms[a, units] = self.share[units]
        return np.concatenate([self.cells, of_arms])

    def by_cluster(self, cluster: Ints, n_clusters: int, factor: Floats | None = None) -> Floats:
        """Return ``stacked`` summed within clusters, shape (k + A, G).

        What a cluster adds in an arm is multiplied by ``factor`` (G, A) where one is given.
        """
        k = len(self.cells)
        out = np.zeros((k + self.n_arms, n_clusters))
        for a, units in enumerate(self._slices()):
            code = cluster[units]
            times = 1.0 if factor is None else factor[:, a]
            for row in self.grams[a][0][:-1]:
                added = np.bincount(code, weights=self.cells[row, units], minlength=n_clusters)
                out[row] += added * times
            shares = np.bincount(code, weights=self.share[units], minlength=n_clusters)
            out[k + a] = shares * times
        return out

    def by_cluster_and_arm(self, loading: Floats, cluster: Ints, n_clusters: int) -> Floats:
        """Return what clusters add to one estimate (k + A,) in each arm, shape (G, A)."""
        out = np.empty((n_clusters, self.n_arms))
        for a, units in enumerate(self._slices()):
            used = self.grams[a][0][:-1]
            added = loading[used] @ self._rows(used, units)
            added = added + loading[len(self.cells) + a] * self.share[units]
            out[:, a] = np.bincount(cluster[units], added, n_clusters)
        return out

    def cluster_shares(self, cluster: Ints, n_clusters: int) -> Floats:
        """Return (G, A) the share of each cluster in the weight of each arm."""
        out = np.empty((n_clusters, self.n_arms))
        for a, units in enumerate(self._slices()):
            out[:, a] = np.bincount(cluster[units], self.share[units], n_clusters)
        out /= out.sum(axis=0)
        return out

    def variance_by_arm(self, loading: Floats) -> Floats:
        """Return (r, A) the squared contributions of each arm's units, summed."""
        out = np.empty((len(loading), self.n_arms))
        for a, (rows, gram) in enumerate(self.grams):
            part = loading[:, rows]
            out[:, a] = np.einsum("ij,ij->i", part @ gram, part)
        return np.maximum(out, 0.0)

    def covariance(self, loading: Floats) -> Floats:
        """Return (r, r) the covariance of estimates whose units are independent."""
        total = np.zeros((loading.shape[1], loading.shape[1]))
        for rows, gram in self.grams:
            total[np.ix_(rows, rows)] += gram
        out: Floats = loading @ total @ loading.T
        return out

    def kinds_of_clusters(self, cluster: Ints, n_clusters: int) -> npt.NDArray[np.float64]:
        """Return (G, A) how many units of each arm a cluster holds."""
        out = np.empty((n_clusters, self.n_arms))
        for a, units in enumerate(self._slices()):
            out[:, a] = np.bincount(cluster[units], minlength=n_clusters)
        return out
