"""Which error the headline of a regression takes, and what every other one says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.impact.checks import few_clusters
from evallib.impact.cluster_errors import Errors, cr1, cr2, cr3
from evallib.impact.effect import ALTERNATIVE_COLUMNS
from evallib.impact.inference import intervals
from evallib.impact.randomisation import randomise
from evallib.impact.wild_bootstrap import wild_bootstrap

if TYPE_CHECKING:
    from evallib.impact.columns import Floats
    from evallib.impact.regression import Regression
    from evallib.impact.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """The error of the headline and its alternatives.

    Parameters
    ----------
    name : str
        ``cr2`` or ``cr1``.
    covariance : ndarray of float64, shape (r, r)
    df : ndarray of float64, shape (r,)
    alternatives : pandas.DataFrame
        Columns ``ALTERNATIVE_COLUMNS``; one row for each way, of the first estimate.
    findings : tuple of Finding
    """

    name: str
    covariance: Floats
    df: Floats
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
        table.append(_bootstrap(fitted, combine, estimate, level=level, draws=draws, seed=seed))
        p_value = randomise(rows, draws=draws, seed=seed) if len(combine) == 1 else None
        if p_value is not None:
            nothing = float("nan")
            table.append(("inference", "randomisation", float(estimate[0]), nothing, nothing,
                          nothing, p_value, nothing))  # fmt: skip
    alternatives = pd.DataFrame(table, columns=list(ALTERNATIVE_COLUMNS))
    alternatives = alternatives.astype({"kind": "str", "name": "str"})
    chosen = ways[name]
    return Inference(name, chosen.covariance, chosen.df, alternatives, tuple(findings))


def _row(name: str, estimate: Floats, errors: Errors, *, level: float) -> tuple[object, ...]:
    error = errors.std_error
    low, high, p = intervals(estimate, error, errors.df, level=level)
    return ("inference", name, float(estimate[0]), float(error[0]), float(low[0]),
            float(high[0]), float(p[0]), float(errors.df[0]))  # fmt: skip


def _bootstrap(
    fitted: Regression, combine: Floats, estimate: Floats, *, level: float, draws: int, seed: int
) -> tuple[object, ...]:
    drawn = wild_bootstrap(
        fitted.scores, combine[0], float(estimate[0]), level=level, draws=draws, seed=seed
    )
    nothing = float("nan")
    return ("inference", "bootstrap", float(estimate[0]), nothing, drawn.ci_low, drawn.ci_high,
            drawn.p_value, nothing)  # fmt: skip
