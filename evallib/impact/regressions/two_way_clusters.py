"""Errors of a regression whose rows lie in clusters of two kinds, such as amphoe and period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.findings import Finding
from evallib.impact.arrays.columns import whole_codes
from evallib.impact.inference.cluster_errors import Errors, cluster_scores

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.regressions.least_squares import Regression


@dataclass(frozen=True, slots=True, eq=False)
class TwoWay:
    """Errors by the first kind, by the second and by both."""

    first: Errors
    second: Errors
    both: Errors
    findings: tuple[Finding, ...]


def two_way(fitted: Regression, other: Ints, combine: Floats) -> TwoWay:
    r"""Return errors that let rows be correlated which share a cluster of either kind.

    :math:`V = V_1 + V_2 - V_{12}`, the last by clusters of both kinds at once, each with the CR1
    factor of the kind that has fewer clusters; effects nested in clusters of either kind count as
    one parameter. The difference may come out smaller than a part of it; the larger part is then
    taken, with finding ``impact.one_way_larger``. Degrees of freedom are the fewer clusters less
    one.

    Parameters
    ----------
    fitted : Regression
    other : ndarray of intp, shape (n,)
        Cluster of the second kind of each row.
    combine : ndarray of float64, shape (r, p)
        What estimates are made of.

    References
    ----------
    .. [1] Cameron, Gelbach, Miller (2011), *Robust inference with multiway clustering*, JBES
       29(2). https://doi.org/10.1198/jbes.2010.07136
    .. [2] MacKinnon, Nielsen, Webb (2024), *Jackknife inference with two-way clustering*,
       https://doi.org/10.48550/arXiv.2406.08880
    """
    n, first = len(fitted.residual), fitted.cluster
    counts = [fitted.n_clusters, int(other.max()) + 1]
    fewest = min(counts)
    factor = fewest / (fewest - 1) * (n - 1) / max(n - fitted.parameters_beside(other), 1)
    pair = whole_codes(first * counts[1] + other)[0]
    parts = []
    for code in (first, other, pair):
        each = cluster_scores(fitted.x, fitted.residual, code, grams=False)
        sums = each.score @ each.bread @ combine.T
        parts.append(factor * (sums.T @ sums))
    df = np.full(len(combine), fewest - 1.0)
    chosen = max(parts[0] + parts[1] - parts[2], parts[0], parts[1], key=lambda v: float(v[0, 0]))
    larger = () if chosen is not parts[0] and chosen is not parts[1] else (
        Finding("impact.one_way_larger", "info"),)  # fmt: skip
    own = [Errors(part, np.full(len(combine), count - 1.0))
           for part, count in zip(parts[:2], counts, strict=True)]  # fmt: skip
    return TwoWay(own[0], own[1], Errors(chosen, df), larger)
