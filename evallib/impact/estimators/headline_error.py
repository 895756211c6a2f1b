"""Which error a headline takes when clusters are few, and what every other one says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.impact.checks import few_clusters
from evallib.impact.effect import ALTERNATIVE_COLUMNS
from evallib.impact.estimators.randomisation import randomise
from evallib.impact.inference.cluster_errors import Errors, cr1, cr2, cr3
from evallib.impact.inference.spread import Spread, intervals
from evallib.impact.inference.wild_bootstrap import Bootstrapped, wild_bootstrap
from evallib.impact.regressions.two_way_clusters import two_way

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.rows import Rows
    from evallib.impact.inference.leverage import ArmSums
    from evallib.impact.regressions.least_squares import Regression

Alternative: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """The error of the headline and its alternatives.

    Parameters
    ----------
    name : str
        ``cr2``, ``cr1`` or ``two_way``.
    spread : Spread
    alternatives : pandas.DataFrame
        Columns ``ALTERNATIVE_COLUMNS``; one row for each way, of the first estimate.
    findings : tuple of Finding
    """

    name: str
    spread: Spread
    alternatives: pd.DataFrame
    findings: tuple[Finding, ...]


def infer(
    fitted: Regression, rows: Rows, combine: Floats, *, level: float, draws: int, seed: int
) -> Inference:
    """Return errors of r combinations, the headline first.

    CR2 with Satterthwaite degrees of freedom is the headline's where it exists, since it keeps
    its level with few clusters; beyond 1,000 clusters, or where one cluster fits the estimate
    alone, CR1. In the second case its one degree of freedom says that nothing is known.
    """
    if rows.second_cluster is not None:
        return _infer_two_way(fitted, rows, rows.second_cluster, combine, level=level)
    scores = fitted.scores
    ways: dict[str, Errors] = {
        "classical": Errors(combine @ fitted.classical @ combine.T,
                            np.full(len(combine), len(fitted.residual) - fitted.n_explained)),
        "cr1": cr1(scores, combine, factor=fitted.factor),
    }  # fmt: skip
    if fitted.complete:
        ways |= {"cr2": cr2(scores, combine), "cr3": cr3(scores, combine)}
    findings = few_clusters(fitted.n_clusters, rows.count_clusters(rows.treated != 0))
    name = "cr1"
    if fitted.complete and np.isfinite(ways["cr2"].df[0]):
        name = "cr2"
    elif fitted.complete:
        findings.append(Finding("impact.one_cluster_alone", "warning"))
        ways["cr1"] = Errors(ways["cr1"].covariance, np.ones(len(combine)))
    estimate = combine @ fitted.coefficients
    table = [_row(way, estimate, errors, level=level) for way, errors in ways.items()]
    if draws and fitted.complete:
        drawn = wild_bootstrap(
            fitted.scores, combine[0], float(estimate[0]), level=level, draws=draws, seed=seed
        )
        table.append(_of_bootstrap(float(estimate[0]), drawn))
        p_value = randomise(rows, draws=draws, seed=seed) if len(combine) == 1 else None
        if p_value is not None:
            table.append(of_randomisation(float(estimate[0]), p_value))
    chosen = ways[name]
    error = Spread(scores.score.T, combine @ scores.bread, chosen.covariance, chosen.df)
    return Inference(name, error, as_frame(table), tuple(findings))


def _infer_two_way(
    fitted: Regression, rows: Rows, other: Ints, combine: Floats, *, level: float
) -> Inference:
    """Return the errors of clusters of two kinds, and of each kind beside them."""
    found = two_way(fitted, other, combine)
    estimate = combine @ fitted.coefficients
    ways = {"two_way": found.both, "cr1_first": found.first, "cr1_second": found.second}
    table = [_row(way, estimate, errors, level=level) for way, errors in ways.items()]
    fewest = min(fitted.n_clusters, int(other.max()) + 1)
    findings = few_clusters(fewest, rows.count_clusters(rows.treated != 0))
    scores = fitted.scores
    error = Spread(scores.score.T, combine @ scores.bread, found.both.covariance, found.both.df)
    return Inference("two_way", error, as_frame(table), (*findings, *found.findings))


def compare_contributions(
    sums: ArmSums, estimate: float, *, level: float, draws: int, seed: int
) -> list[Alternative]:
    """Return what CR1, CR2, CR3 and the wild bootstrap say of a sum of contributions.

    Parameters
    ----------
    sums : ArmSums
    estimate : float
    level, draws, seed
        As for the estimator; without draws there is no bootstrap.

    Returns
    -------
    list of tuple
        Rows of ``ALTERNATIVE_COLUMNS``. CR1 alone where any arm lies in one cluster.
    """
    n_clusters, leverage = len(sums.added), sums.leverage
    many = np.full(1, n_clusters - 1.0)
    ways = {"cr1": (0.0, n_clusters / (n_clusters - 1), many)}
    if not leverage.alone.any():
        df = np.clip(leverage.df(sums.variance[None, :]), 1.0, many)
        ways |= {"cr2": (-0.5, 1.0, df), "cr3": (-1.0, 1.0, many)}
    table = []
    for name, (power, factor, freedom) in ways.items():
        each = (sums.added * leverage.factor(power)).sum(axis=1)
        errors = Errors(np.array([[factor * (each @ each)]]), freedom)
        table.append(_row(name, np.array([estimate]), errors, level=level))
    if draws and not leverage.alone.any():
        drawn = sums.bootstrap(estimate, level=level, draws=draws, seed=seed)
        table.append(_of_bootstrap(estimate, drawn))
    return table


def as_frame(table: list[Alternative]) -> pd.DataFrame:
    """Return rows as the frame ``Effect.alternatives``."""
    out = pd.DataFrame(table, columns=list(ALTERNATIVE_COLUMNS))
    return out.astype({"kind": "str", "name": "str"})


def of_randomisation(estimate: float, p_value: float) -> Alternative:
    """Return the row of a randomisation test, which has no interval."""
    nothing = float("nan")
    return ("inference", "randomisation", estimate, nothing, nothing, nothing, p_value, nothing)


def _row(name: str, estimate: Floats, errors: Errors, *, level: float) -> Alternative:
    error = errors.std_error
    low, high, p = intervals(estimate, error, errors.df, level=level)
    return ("inference", name, float(estimate[0]), float(error[0]), float(low[0]),
            float(high[0]), float(p[0]), float(errors.df[0]))  # fmt: skip


def _of_bootstrap(estimate: float, drawn: Bootstrapped) -> Alternative:
    nothing = float("nan")
    return ("inference", "bootstrap", estimate, nothing, drawn.ci_low, drawn.ci_high,
            drawn.p_value, nothing)  # fmt: skip
