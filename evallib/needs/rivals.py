"""Rivals of a pair: other projects that may answer the need, other needs of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.candidates import Candidates

RIVALS = ("odds", "need_rivals", "project_rivals")
PASSES = ("rivals", "rivals again")  # in the second, rivals are known beside their own rivals
_CERTAIN = 1e-6  # odds of a pair are not taken to be longer than a million to one


def weigh_rivals(
    pairs: Candidates, alone: NDArray[np.float64], known: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what a pair is worth beside its rivals, shape (pairs, 3), columns ``RIVALS``.

    Parameters
    ----------
    pairs : Candidates
    alone : ndarray of float64, shape (pairs,)
        Probability of each pair as if it were the only one of its need and of its project.
    known : ndarray of float64, shape (pairs,)
        Probability of each pair as a rival of others: what is known of it so far.

    Returns
    -------
    ndarray of float64
        ``odds`` is the logarithm of the odds of ``alone``; ``need_rivals`` the logarithm of one
        plus the expected number of other projects that answer the need, ``project_rivals`` of
        other needs that the project answers. Most needs are answered by one project, most
        projects answer one need: each rival takes its share.

    Examples
    --------
    >>> from evallib.needs.candidates import Candidates
    >>> pairs = Candidates(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))
    >>> p = np.array([0.5, 0.25])
    >>> weigh_rivals(pairs, p, p).round(3).tolist()
    [[0.0, 0.223, 0.0], [-1.099, 0.405, 0.0]]
    """
    columns = [np.log(alone + _CERTAIN) - np.log(1.0 - alone + _CERTAIN)]
    for member in (pairs.need, pairs.project):
        together = np.bincount(member, weights=known)[member] if len(member) else known
        columns.append(np.log1p(np.maximum(together - known, 0.0)))
    return np.stack(columns, axis=1)
