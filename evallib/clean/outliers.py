"""Outliers of amounts and counts: distance from the median of a group, in shares of its MAD."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALLEST_GROUP = 20  # below that the median and the MAD are themselves too uncertain
NORMAL = 1.4826  # makes the MAD of normal data its standard deviation
LEAST_SPREAD = 0.1  # on the log scale, about 10 %: a group of equal amounts is no yardstick


def robust_scores(
    values: pd.Series, groups: pd.Series, *, smallest: int = SMALLEST_GROUP
) -> pd.DataFrame:
    """Return how far each amount lies from the median of its group, on a log scale.

    Amounts of money span orders of magnitude and their mean and standard deviation follow the very
    values that are sought, so that z-scores mask outliers; the median and the median absolute
    deviation do not move until half of a group is wrong. The score is
    ``(log(1 + x) - median) / (1.4826 * MAD)``, with the MAD floored at 0.1 / 1.4826.

    Parameters
    ----------
    values : pandas.Series of float, shape (n,)
        Amounts or counts, not negative; missing and negative ones get no score.
    groups : pandas.Series, shape (n,)
        Group of each, on the same index; a missing group gets no score.
    smallest : int, default 20
        Groups with fewer values get no score.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``score`` (float64, NaN where there is none) and ``median`` of the group in the unit of
        ``values``; index of ``values``.

    References
    ----------
    Iglewicz, B. and Hoaglin, D. (1993). How to Detect and Handle Outliers. ASQC Quality Press.
    Leys, C. et al. (2013), J. Exp. Soc. Psychol. 49(4), 764-766, doi:10.1016/j.jesp.2013.03.013.

    Examples
    --------
    >>> baht = pd.Series([300e3, 350e3, 400e3, 420e3, 380e3, 0.35])
    >>> scores = robust_scores(baht, pd.Series(["ROD"] * 6), smallest=5)
    >>> (scores["score"].abs() > 5).tolist()
    [False, False, False, False, False, True]
    """
    amounts = pd.to_numeric(values).astype("float64")
    known = amounts.where((amounts >= 0) & groups.notna())
    logs = pd.Series(np.log1p(known.to_numpy()), index=values.index)
    grouped = logs.groupby(groups)
    median = grouped.transform("median")
    distance = (logs - median).abs()
    spread = NORMAL * distance.groupby(groups).transform("median")
    score = (logs - median) / spread.clip(lower=LEAST_SPREAD)
    enough = grouped.transform("count") >= smallest
    return pd.DataFrame({"score": score.where(enough), "median": np.expm1(median).where(enough)})
