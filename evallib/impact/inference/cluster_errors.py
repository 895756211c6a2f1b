"""Errors of a regression when clusters are few: CR1, CR2 with its degrees of freedom, CR3."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints

SINGULAR = 1e-9  # 1 - leverage below which a cluster fits a direction alone
TOUCHES = 1e-6  # share of an estimate that lies in such a direction
MOST_CLUSTERS = 1_000  # beyond, CR1, CR2 and CR3 are the same to the digits that matter


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """A least-squares fit as its clusters see it: all that errors need.

    Parameters
    ----------
    bread : ndarray of float64, shape (p, p)
        Inverse of the Gram matrix of the regressors.
    gram : ndarray of float64, shape (G, p, p)
        Gram matrix of the regressors of each cluster.
    score : ndarray of float64, shape (G, p)
        Regressors times residuals, summed within clusters.
    """

    bread: Floats
    gram: Floats
    score: Floats


def cluster_scores(x: Floats, residual: Floats, cluster: Ints, *, grams: bool = True) -> Scores:
    """Sum a fit within clusters.

    Parameters
    ----------
    x : ndarray of float64, shape (n, p)
        Regressors, of full rank; with weights both are multiplied by their roots.
    residual : ndarray of float64, shape (n,)
    cluster : ndarray of intp, shape (n,)
        Codes from 0, all used.
    grams : bool, default True
        Whether the Gram matrix of each cluster is kept.
    """
    n_clusters, p = int(cluster.max()) + 1, x.shape[1]
    score: Floats = np.column_stack(
        [np.bincount(cluster, x[:, j] * residual, n_clusters) for j in range(p)]
    ).astype(np.float64)
    bread: Floats = np.linalg.inv(x.T @ x).astype(np.float64)
    if not grams:
        return Scores(bread, np.empty((0, p, p)), score)
    order = np.argsort(cluster, kind="stable")
    bounds = np.searchsorted(cluster[order], np.arange(n_clusters + 1))
    x = x[order]
    gram = np.stack([x[b:e].T @ x[b:e] for b, e in pairwise(bounds)])
    return Scores(bread, gram, score)


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Errors of r combinations of coefficients; NaN where they do not exist.

    Parameters
    ----------
    covariance : ndarray of float64, shape (r, r)
    df : ndarray of float64, shape (r,)
        Degrees of freedom for t.
    """

    covariance: Floats
    df: Floats

    @property
    def std_error(self) -> Floats:
        """Return standard errors (r,)."""
        out: Floats = np.sqrt(np.diag(self.covariance))
        return out


def cr1(scores: Scores, combine: Floats, *, factor: float) -> Errors:
    """Return CR1 errors with G - 1 degrees of freedom.

    Parameters
    ----------
    scores : Scores
    combine : ndarray of float64, shape (r, p)
        What combinations are made of.
    factor : float
        Usually G/(G-1) (n-1)/(n-k).

    References
    ----------
    .. [1] Cameron, Miller (2015), Journal of Human Resources 50(2).
       https://doi.org/10.3368/jhr.50.2.317
    """
    each = scores.score @ scores.bread @ combine.T
    return Errors(factor * (each.T @ each), np.full(len(combine), len(scores.score) - 1.0))


def cr2(scores: Scores, combine: Floats) -> Errors:
    r"""Return CR2 errors with Satterthwaite degrees of freedom.

    Residuals of a cluster are multiplied by :math:`(I - H_g)^{-1/2}`, which makes the variance
    unbiased under independent errors of equal variance. All of it happens in the p columns of the
    regressors: the leverage of a cluster has at most p eigenvalues other than zero. NaN where a
    cluster fits a coefficient alone, so that nothing tells how much it varies.

    References
    ----------
    .. [1] Bell, McCaffrey (2002), *Bias reduction in standard errors for linear regression with
       multi-stage samples*, Survey Methodology 28(2).
    .. [2] Pustejovsky, Tipton (2018), *Small-sample methods for cluster-robust variance
       estimation*, JBES 36(4). https://doi.org/10.1080/07350015.2016.1247004
    """
    adjust, lost = _adjustment(scores, combine, power=-0.5)
    each = np.einsum("gri,gi->gr", adjust, scores.score)
    df = np.array([_satterthwaite(scores, adjust[:, j]) for j in range(len(combine))])
    return _without(Errors(each.T @ each, df), lost)


def cr3(scores: Scores, combine: Floats) -> Errors:
    """Return CR3 errors, the jackknife of clusters, with G - 1 degrees of freedom.

    The squared changes of an estimate when each cluster is left out, summed, as in the R package
    clubSandwich (without the factor (G-1)/G). NaN where an estimate does not exist without some
    cluster.
    """
    adjust, lost = _adjustment(scores, combine, power=-1.0)
    each = np.einsum("gri,gi->gr", adjust, scores.score)
    df = np.full(len(combine), len(scores.score) - 1.0)
    return _without(Errors(each.T @ each, df), lost)


def _adjustment(
    scores: Scores, combine: Floats, *, power: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return what scores become (G, r, p), and which combinations some cluster fits alone (r,)."""
    values, vectors = np.linalg.eigh(scores.bread)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    leverage, axes = np.linalg.eigh(root @ scores.gram @ root)
    left = 1.0 - leverage
    alone = left < SINGULAR
    scale = np.where(alone, 0.0, np.where(alone, 1.0, left) ** power)
    to_axes = combine @ root @ axes  # (G, r, p)
    adjust = (to_axes * scale[:, None, :]) @ axes.transpose(0, 2, 1) @ root
    size = np.sqrt(np.einsum("ri,ij,rj->r", combine, scores.bread, combine))
    touched = np.abs(to_axes) > TOUCHES * size[None, :, None]
    return adjust, (touched & alone[:, None, :]).any(axis=(0, 2))


def _satterthwaite(scores: Scores, adjust: Floats) -> float:
    """Return degrees of freedom of one combination from its adjustment (G, p)."""
    b = np.einsum("gij,gj->gi", scores.gram, adjust)
    own = np.einsum("gi,gi->g", adjust, b)
    p = np.diag(own) - b @ scores.bread @ b.T
    squares = float(np.square(p).sum())
    return float(np.trace(p) ** 2 / squares) if squares > 0 else float("nan")


def _without(errors: Errors, lost: npt.NDArray[np.bool_]) -> Errors:
    """Return errors with NaN for some combinations."""
    covariance = np.where(lost[:, None] | lost[None, :], np.nan, errors.covariance)
    return Errors(covariance, np.where(lost, np.nan, errors.df))
