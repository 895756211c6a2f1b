"""Which cells of a table with one total must be hidden, so that not even the rule gives one away.

Hiding the smallest other count leaks. Counts 9, 20 and 20 with a total of 49 and a threshold of 10
would hide 9 and one 20; the reader sees 29 for both, knows that the second is at most the 20 still
shown, and so knows the 9. Here the cells that are hidden for the sake of others are taken in the
order of the categories, whatever their size, so that their size says nothing.

Let k positive cells that sum to S be hidden, the last of them in that order being c. The rule asks
for S >= 2 * threshold + k - 3. Then any other hidden cell can hold any v from 1 to threshold - 1:
put 1 into all the rest but c, which holds S - v - (k - 2) >= threshold people. That table has the
same total and the same shown cells; its small counts are all hidden cells but c, and c is the first
larger count in the order, so the rule hides exactly the same cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from evallib.privacy.suppression.flow import Bools, Ints


def hide_one_way(counts: Ints, *, threshold: int) -> tuple[Bools, Bools] | None:
    """Choose the cells to hide when their total is published.

    Parameters
    ----------
    counts : ndarray of int64, shape (n,)
        People in each category, in the order in which categories are given up.
    threshold : int
        Smallest count that may be shown, in people; at least 2.

    Returns
    -------
    small, hidden : ndarray of bool, shape (n,), or None
        Cells hidden for themselves, and all hidden cells; ``None`` when no choice protects them,
        so that the whole table and its total must be withheld.

    Examples
    --------
    >>> small, hidden = hide_one_way(np.array([40, 9, 0, 20]), threshold=10)
    >>> hidden.tolist()
    [True, True, False, False]
    """
    small: Bools = (counts > 0) & (counts < threshold)
    if not small.any():
        return small, small.copy()
    hidden = small.copy()
    others = np.flatnonzero(counts >= threshold)
    for n_others in range(min(1, len(others)), len(others) + 1):
        hidden[others[:n_others]] = True
        if counts[hidden].sum() >= 2 * threshold + hidden.sum() - 3:
            return small, hidden
    return None
