"""Effects before the start of projects, told by the rows without treatment alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DesignError

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.rows import Rows
    from evallib.impact.regressions.imputed_outcomes import Imputed, Split

USUAL_LEADS = 3
SINGULAR = 1e-9  # smallest eigenvalue, for dummies of length one, at which they are told apart


@dataclass(frozen=True, slots=True, eq=False)
class Leads:
    """Differences before the start, L of them.

    Parameters
    ----------
    times : ndarray of intp, shape (L,)
        Event times, ascending.
    estimate : ndarray of float64, shape (L,)
        Differences to what earlier periods predict.
    added : ndarray of float64, shape (n units, L)
        What each unit adds to them.
    sizes : list of int, length L
        Units seen at each time.
    """

    times: Ints
    estimate: Floats
    added: Floats
    sizes: list[int]


def estimate_leads(
    rows: Rows, split: Split, fitted: Imputed, *, first: int, leads: int | None
) -> Leads:
    """Regress the free rows on dummies of the last periods before the start.

    Parameters
    ----------
    rows, split, fitted
        Rows, those that fit, and what is left of them.
    first : int
        Event time of the last clean period, such as -1.
    leads : int or None
        How many periods, that one included; None for three, or as many as earlier periods
        suffice to compare with.

    Raises
    ------
    DesignError
        ``impact.too_many_leads``: earlier periods do not suffice.

    References
    ----------
    .. [1] Borusyak, Jaravel, Spiess (2024), section 4.3.
       https://doi.org/10.1093/restud/rdae007
    """
    event = rows.periods[rows.time[split.free]] - rows.start[split.free]
    times = np.arange(first + 1 - (USUAL_LEADS if leads is None else leads), first + 1)
    columns = (event[:, None] == times).astype(np.float64)
    weight = np.ones(len(event)) if rows.weight is None else rows.weight[split.free]
    x = fitted.x_free
    left = fitted.effects.residualise(columns)
    left -= x @ np.linalg.solve((x * weight[:, None]).T @ x, (x * weight[:, None]).T @ left)
    gram = (left * weight[:, None]).T @ left
    size = np.sqrt(columns.T @ weight)
    while len(gram) and not _told_apart(gram, size):
        if leads is not None:
            raise DesignError("impact.too_many_leads", found=leads, first=f"{times[0]}")
        times, left, gram, size = times[1:], left[:, 1:], gram[1:, 1:], size[1:]
    load = np.linalg.solve(gram, (left * weight[:, None]).T)
    estimate = load @ fitted.residual
    error = fitted.residual - left @ estimate
    n_units = int(rows.unit.max()) + 1
    added = np.empty((n_units, len(times)))
    for j in range(len(times)):
        added[:, j] = np.bincount(rows.unit[split.free], load[j] * error, n_units)
    return Leads(times, estimate, added, [int((event == time).sum()) for time in times])


def _told_apart(gram: Floats, size: Floats) -> bool:
    """Return whether effects and other dummies leave something of every dummy."""
    if (size <= 0).any():
        return False
    return bool(np.linalg.eigvalsh(gram / np.outer(size, size))[0] > SINGULAR)
