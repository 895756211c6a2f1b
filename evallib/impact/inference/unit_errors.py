"""Errors of estimates that are sums over units, as the cohorts and clusters of the units tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evallib.impact.inference.leverage import ArmSums, Leverage
from evallib.impact.inference.spread import Spread, effective_clusters

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints


@dataclass(frozen=True, eq=False)
class UnitSums:
    """What each of u units adds to the error of r estimates.

    Parameters
    ----------
    added : ndarray of float64, shape (u, r)
    cluster, arm : ndarray of intp, shape (u,)
        Codes from 0, all used; an arm is a cohort, or the units never treated.
    """

    added: Floats
    cluster: Ints
    arm: Ints

    @property
    def n_clusters(self) -> int:
        """Return G."""
        return int(self.cluster.max()) + 1

    @cached_property
    def kinds(self) -> Floats:
        """Return (G, A) the number of units."""
        return self._sums(np.ones(len(self.arm)))

    @property
    def leverage(self) -> Leverage:
        """Return the shares of clusters in the units of each arm."""
        return Leverage(self.kinds / self.kinds.sum(axis=0))

    @cached_property
    def variance(self) -> Floats:
        """Return (r, A) the squares of what units add, summed."""
        n_arms = int(self.arm.max()) + 1
        squares = np.square(self.added).T
        return np.array([np.bincount(self.arm, each, n_arms) for each in squares])

    def arm_sums(self, estimate: int) -> ArmSums:
        """Return what is added to one estimate."""
        return ArmSums(self._sums(self.added[:, estimate]), self.variance[estimate], self.leverage)

    def _sums(self, values: Floats) -> Floats:
        n_arms = int(self.arm.max()) + 1
        at = self.cluster * n_arms + self.arm
        sums = np.bincount(at, values, self.n_clusters * n_arms)
        return np.asarray(sums.reshape(self.n_clusters, n_arms), dtype=np.float64)

    def spread(self, *, clustered: bool, few: bool) -> Spread:
        """Return errors, as ``evallib.impact.inference.spread`` does."""
        n_clusters = self.n_clusters
        if clustered and few:
            leverage = self.leverage
            factor = leverage.factor(-0.5)
            sums = np.array([(self._sums(c) * factor).sum(axis=1) for c in self.added.T])
            covariance, df = sums @ sums.T, leverage.df(self.variance)
        else:
            sums = np.array([np.bincount(self.cluster, c, n_clusters) for c in self.added.T])
            covariance = sums @ sums.T * (n_clusters / (n_clusters - 1) if clustered else 1.0)
            mean = self.variance / self.kinds.sum(axis=0)
            df = effective_clusters(mean, self.kinds, np.ones(n_clusters)) - 1
        return Spread(
            sums, np.eye(len(sums)), covariance, np.clip(df, 1.0, max(1.0, n_clusters - 1.0))
        )
