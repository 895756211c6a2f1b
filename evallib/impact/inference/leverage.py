"""Errors of sums of contributions when clusters are few: a cluster weighs much in its cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evallib.impact.inference.cluster_errors import SINGULAR, Scores
from evallib.impact.inference.wild_bootstrap import Bootstrapped, wild_bootstrap

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Leverage:
    r"""The shares that G clusters have in A arms: cohorts, and those never treated.

    A mean over the units of an arm lies nearer to a cluster that weighs much in it, by the share
    :math:`h_{ga}`, so that the deviations of that cluster are too small. Dividing what it adds by
    :math:`\sqrt{1 - h_{ga}}` is CR2, by :math:`1 - h_{ga}` CR3, exactly so for means compared
    with those never treated; covariates have leverage of their own that is not taken in. Where a
    cluster is a whole arm, nothing shows how much that arm varies between clusters.

    Parameters
    ----------
    share : ndarray of float64, shape (G, A)
        Shares of clusters in the weight of each arm; columns sum to one.

    References
    ----------
    .. [1] Bell, McCaffrey (2002), *Bias reduction in standard errors for linear regression with
       multi-stage samples*, Survey Methodology 28(2).
    .. [2] Pustejovsky, Tipton (2018), *Small-sample methods for cluster-robust variance
       estimation*, JBES 36(4). https://doi.org/10.1080/07350015.2016.1247004

    Examples
    --------
    >>> two_and_three = Leverage(np.array([[0.5, 0], [0.5, 0], [0, 1/3], [0, 1/3], [0, 1/3]]))
    >>> two_and_three.factor(-1.0).max(axis=0).round(3).tolist()
    [2.0, 1.5]
    >>> two_and_three.df(np.array([[1.0, 1.0]])).round(3).tolist()  # 1 + 2 if arms were equal
    [2.667]
    """

    share: Floats

    @property
    def alone(self) -> npt.NDArray[np.bool_]:
        """Return (A,) which arms lie in one cluster."""
        whole: npt.NDArray[np.bool_] = self.share > 1 - SINGULAR
        return np.asarray(whole.any(axis=0))

    def factor(self, power: float) -> Floats:
        """Return (G, A) ``(1 - share) ** power``, one where a cluster is a whole arm."""
        left = 1 - self.share
        out: Floats = np.where(left < SINGULAR, 1.0, left) ** power
        return out

    def df(self, variance: Floats) -> Floats:
        r"""Return (r,) Satterthwaite degrees of freedom of CR2.

        Parameters
        ----------
        variance : ndarray of float64, shape (r, A)
            What the units of each arm add to the variance of r estimates.

        Notes
        -----
        Where units are independent, what clusters of an arm add has the covariance
        :math:`v_a (h_g 1_{g=k} - h_g h_k)`. With M its product with the factors, summed over arms,
        the degrees of freedom are :math:`(tr M)^2 / tr M^2`.
        """
        own = self.share * self.factor(-1.0)  # diagonal part of M of each arm
        common = self.share * self.factor(-0.5)
        crossed = own.T @ np.square(common)
        squares = own.T @ own - crossed - crossed.T + np.square(common.T @ common)  # (A, A)
        trace = variance @ (own - np.square(common)).sum(axis=0)
        size = np.einsum("ra,ab,rb->r", variance, squares, variance)
        known = size > 0
        out: Floats = np.where(known, np.square(trace) / np.where(known, size, 1.0), 1.0)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class ArmSums:
    """What G clusters add to the error of one estimate, a sum of means of A arms.

    Parameters
    ----------
    added : ndarray of float64, shape (G, A)
        Contributions summed within clusters and arms.
    variance : ndarray of float64, shape (A,)
        What the units of each arm add to the variance.
    leverage : Leverage
    """

    added: Floats
    variance: Floats
    leverage: Leverage

    def bootstrap(self, estimate: float, *, level: float, draws: int, seed: int) -> Bootstrapped:
        """Return the wild cluster restricted bootstrap, see ``wild_bootstrap``.

        The null moves the mean of each arm by as much of the distance as the arm has in the
        variance.
        """
        bread = np.maximum(self.variance, SINGULAR * self.variance.sum())
        grams = (self.leverage.share / bread)[:, :, None] * np.eye(len(bread))
        scores = Scores(np.diag(bread), grams, self.added / bread)
        return wild_bootstrap(
            scores, np.ones(len(bread)), estimate, level=level, draws=draws, seed=seed
        )
