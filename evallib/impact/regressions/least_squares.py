"""Least squares with fixed effects taken out, as coefficients and what clusters add to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError
from evallib.findings import Finding
from evallib.impact.inference.cluster_errors import MOST_CLUSTERS, Scores, cluster_scores
from evallib.impact.regressions.fixed_effects import FixedEffects

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.rows import Rows

MOST_EXPLICIT = 250  # dummies kept in the design for CR2, CR3 and the bootstrap
NOTHING_LEFT = 1e-6  # share of a column's length that is left when others explain it


@dataclass(frozen=True, eq=False)
class Regression:
    """A fitted regression.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (p,)
        Of the terms, then covariates, then dummies that are not nested in clusters.
    x, residual : ndarray of float64, shape (n, p) and (n,)
        Regressors without the effects taken out, and residuals; multiplied by roots of weights.
    n_terms : int
        How many terms lead.
    n_parameters : int
        For the small-sample factor: effects nested in clusters count as one.
    n_explained : int
        Every parameter, effects included.
    cluster : ndarray of intp, shape (n,)
    effects : list of ndarray of intp, shape (n,)
        Codes of the effects that are not nested in clusters.
    complete : bool
        Whether ``x`` holds every dummy that reaches over clusters, which CR2, CR3 and the
        bootstrap need.
    findings : tuple of Finding
    """

    coefficients: Floats
    x: Floats
    residual: Floats
    n_terms: int
    n_parameters: int
    n_explained: int
    cluster: Ints
    effects: list[Ints]
    complete: bool
    findings: tuple[Finding, ...]

    @cached_property
    def scores(self) -> Scores:
        """Return what clusters add; with many of them Gram matrices are not kept."""
        return cluster_scores(self.x, self.residual, self.cluster, grams=self.complete)

    @property
    def n_clusters(self) -> int:
        """Return the number of clusters."""
        return int(self.cluster.max()) + 1

    def parameters_beside(self, other: Ints) -> int:
        """Return ``n_parameters`` where effects nested in other clusters count as one too."""
        inside = [code for code in self.effects if _within(code, other)]
        return self.n_parameters - sum(int(code.max()) for code in inside)

    @property
    def factor(self) -> float:
        """Return G/(G-1) (n-1)/(n-k)."""
        n, g = len(self.residual), self.n_clusters
        return g / (g - 1) * (n - 1) / max(n - self.n_parameters, 1)

    @property
    def classical(self) -> Floats:
        """Return the covariance under independent errors of equal variance, (p, p)."""
        left = max(len(self.residual) - self.n_explained, 1)
        out: Floats = self.scores.bread * (self.residual @ self.residual / left)
        return out


def fit(rows: Rows, terms: Floats, names: list[str]) -> Regression:
    """Regress the outcome on terms, covariates and fixed effects.

    Parameters
    ----------
    rows : Rows
    terms : ndarray of float64, shape (n, t)
        Columns of the treatment.
    names : list of str
        Of terms and covariates, for messages.

    Raises
    ------
    DesignError
        ``impact.term_absorbed``: effects and covariates leave nothing of a term.
    """
    inside = [_within(code, rows.cluster) for code in rows.effects]
    nested = [code for code, within in zip(rows.effects, inside, strict=True) if within]
    across = [code for code, within in zip(rows.effects, inside, strict=True) if not within]
    levels = sum(int(code.max()) + 1 for code in across)
    n_clusters = int(rows.cluster.max()) + 1
    complete = levels <= MOST_EXPLICIT and n_clusters <= MOST_CLUSTERS
    taken = FixedEffects(nested if complete else rows.effects, rows.weight)
    columns = [rows.y[:, None], terms, rows.x]
    if complete:
        columns += [_dummies(code, drop=bool(nested) or i > 0) for i, code in enumerate(across)]
    whole = _beside(columns)
    left = taken.residualise(whole) if taken.codes else whole
    if rows.weight is not None:
        root = np.sqrt(rows.weight)[:, None]
        left, whole = left * root, whole * root
    size = np.sqrt([column @ column for column in whole.T])
    kept, findings = _independent(left[:, 1:], size[1:], terms.shape[1], names)
    x = left[:, 1:]
    if len(kept) < x.shape[1]:
        x = x[:, kept]
    gram = x.T @ x
    coefficients: Floats = np.linalg.solve(gram, x.T @ left[:, 0]).astype(np.float64, copy=False)
    residual = left[:, 0] - x @ coefficients
    own = len(kept) if complete else len(kept) + taken.rank - _rank(nested, rows)
    return Regression(
        coefficients=coefficients, x=x, residual=residual, n_terms=terms.shape[1],
        n_parameters=own + bool(nested), n_explained=own + _rank(nested, rows),
        cluster=rows.cluster, effects=across, complete=complete, findings=tuple(findings),
    )  # fmt: skip


def _beside(blocks: list[Floats]) -> Floats:
    """Return blocks (n, any) as one array whose columns lie together in memory."""
    out = np.empty((len(blocks[0]), sum(block.shape[1] for block in blocks)), order="F")
    at = 0
    for block in blocks:
        out[:, at : at + block.shape[1]] = block
        at += block.shape[1]
    return out


def _rank(nested: list[Ints], rows: Rows) -> int:
    return FixedEffects(nested, rows.weight).rank if nested else 0


def _within(code: Ints, cluster: Ints) -> bool:
    """Return whether every level of an effect lies in one cluster."""
    if code is cluster:
        return True
    first = np.zeros(int(code.max()) + 1, dtype=np.intp)
    first[code] = cluster
    return bool((first[code] == cluster).all())


def _dummies(code: Ints, *, drop: bool) -> Floats:
    """Return dummies of an effect, without the first where another effect holds the constant."""
    out = np.zeros((len(code), int(code.max()) + 1))
    out[np.arange(len(code)), code] = 1.0
    return out[:, 1:] if drop else out


def _independent(
    x: Floats, size: Floats, n_terms: int, names: list[str]
) -> tuple[list[int], list[Finding]]:
    """Return the columns to keep: dummies come first, then covariates, then terms.

    A term of which nothing is left is refused; a covariate or a dummy is left out, a covariate
    with a finding.
    """
    order = [*range(len(names), x.shape[1]), *range(n_terms, len(names)), *range(n_terms)]
    left = (x.T @ x)[np.ix_(order, order)]
    kept: list[int] = []
    findings = []
    for k, j in enumerate(order):
        own = left[k, k]
        if own > (NOTHING_LEFT * size[j]) ** 2 and own > 0:
            kept.append(j)
            left[k + 1 :, k + 1 :] -= np.outer(left[k + 1 :, k], left[k, k + 1 :] / own)
        elif j < n_terms:
            raise DesignError("impact.term_absorbed", column=names[j])
        elif j < len(names):
            findings.append(Finding("impact.collinear_column", "warning", names[j]))
    return sorted(kept), findings
