"""What a static coefficient with staggered starts is made of: the comparisons of two cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.findings import Finding

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats
    from evallib.impact.arrays.rows import Rows

COLUMNS = ("treated", "control", "kind", "weight", "estimate")
TOLERATED = 0.01  # weight of comparisons with units already treated that needs no warning


def decompose(rows: Rows) -> pd.DataFrame:
    """Decompose the static coefficient of a balanced panel (Goodman-Bacon 2021, theorem 1).

    Parameters
    ----------
    rows : Rows
        One row for each unit and period, treatment that does not end, no weights and covariates.

    Returns
    -------
    pandas.DataFrame
        One row for each comparison: cohorts ``treated`` and ``control`` (inf: never), ``kind``
        "never_treated", "not_yet_treated" or "already_treated", ``weight`` (they sum to one) and
        ``estimate``; the weighted mean is the coefficient. Empty where the theorem does not
        apply or only one comparison is made.

    References
    ----------
    .. [1] Goodman-Bacon (2021), *Difference-in-differences with variation in treatment timing*,
       Journal of Econometrics 225(2). https://doi.org/10.1016/j.jeconom.2021.03.014
    """
    means = _cohort_means(rows)
    if means is None:
        return pd.DataFrame(columns=list(COLUMNS))
    starts, share, y = means
    treated_share = (rows.periods[None, :] >= starts[:, None]).mean(axis=1)
    table = []
    for k in range(len(starts)):
        for later in range(k + 1, len(starts)):
            both = share[k] * share[later]
            gap = treated_share[k] - treated_share[later]
            before = rows.periods < starts[k]
            middle = (rows.periods >= starts[k]) & (rows.periods < starts[later])
            after = rows.periods >= starts[later]
            kind = "never_treated" if np.isinf(starts[later]) else "not_yet_treated"
            table += [
                (starts[k], starts[later], kind, both * gap * (1 - treated_share[k]),
                 _change(y, k, later, before, middle)),
                (starts[later], starts[k], "already_treated", both * treated_share[later] * gap,
                 _change(y, later, k, middle, after)),
            ]  # fmt: skip
    out = pd.DataFrame(table, columns=list(COLUMNS))
    out = out[out["weight"] > 0].reset_index(drop=True)
    out["weight"] /= out["weight"].sum()
    return out.astype({"kind": "str"})


def check_comparisons(parts: pd.DataFrame) -> list[Finding]:
    """Report the weight of comparisons with units that were treated earlier."""
    weight = float(parts.loc[parts["kind"] == "already_treated", "weight"].sum())
    if weight <= TOLERATED:
        return []
    return [Finding("impact.already_treated_compare", "warning", "", f"{weight:.2f}")]


def _cohort_means(rows: Rows) -> tuple[Floats, Floats, Floats] | None:
    """Return starts, shares of units (g,) and mean outcomes (g, T), where the theorem applies."""
    n_units, n_periods = int(rows.unit.max()) + 1, len(rows.periods)
    if rows.weight is not None or rows.x.shape[1] or rows.others:
        return None
    seen = np.zeros(n_units * n_periods, dtype=np.bool_)
    if len(rows.y) != len(seen):
        return None
    seen[rows.unit * n_periods + rows.time] = True
    if not seen.all():
        return None
    if not np.array_equal(rows.treated, rows.periods[rows.time] >= rows.start):
        return None
    of_unit = np.empty(n_units)
    of_unit[rows.unit] = rows.start
    # a start before the data is treatment throughout, one after them none
    of_unit[of_unit > rows.periods[-1]] = np.inf
    starts, cohort = np.unique(np.maximum(of_unit, rows.periods[0]), return_inverse=True)
    cell = (cohort * n_periods)[rows.unit] + rows.time
    count = np.bincount(cell, minlength=len(starts) * n_periods)
    y = np.bincount(cell, rows.y, len(starts) * n_periods) / count
    size = count.reshape(len(starts), n_periods)[:, 0]
    return starts, size / n_units, y.reshape(len(starts), n_periods)


def _change(y: Floats, one: int, other: int, before: Floats, after: Floats) -> float:
    """Return the change of one cohort less that of another."""
    if not before.any() or not after.any():
        return float("nan")
    change = y[:, after].mean(axis=1) - y[:, before].mean(axis=1)
    return float(change[one] - change[other])
