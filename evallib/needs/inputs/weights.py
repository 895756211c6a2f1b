"""How much each need counts inside its tambon: by votes, else by ranks, else equally."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.periods import as_period

if TYPE_CHECKING:
    from evallib.periods import FiscalPeriod


def weigh_needs(
    needs: pd.DataFrame,
    votes: pd.DataFrame | None = None,
    *,
    period: FiscalPeriod | str | None = None,
) -> tuple[pd.Series, list[Finding]]:
    r"""Return the weight of each need; the weights of a tambon sum to one.

    Parameters
    ----------
    needs : pandas.DataFrame, shape (n, k)
        ``need_id`` (unique) and ``tambon_code``.
    votes : pandas.DataFrame, optional
        Contract ``need_votes``: ``need_id``, ``fiscal_year``, ``quarter``, ``rank``, ``votes``.
    period : FiscalPeriod or str, optional
        Ballots outside it are left out.

    Returns
    -------
    weights : pandas.Series of float, shape (n,)
        Index: ``need_id``, sorted. In a quarter in which a tambon voted, a need weighs its share
        of the votes; where it only ranked, the rank-order centroid of its rank, equal ranks the
        mean of theirs. Several quarters count equally. A need that was not on a tambon's ballots
        weighs nothing; a tambon without any ballot weighs its needs equally.
    findings : list of Finding
        ``needs.equal_weights`` (info), one a tambon without a ballot; ``needs.not_on_ballot``
        (info), one a tambon in which needs were left off, with their number.

    Notes
    -----
    Rank-order centroid: :math:`w_r = \frac1N \sum_{k=r}^{N} \frac1k` for rank r of N, the mean
    of all weights that agree with the order. Barron & Barrett (1996), *Decision quality using
    ranked attribute weights*, Management Science 42(11). https://doi.org/10.1287/mnsc.42.11.1515

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["a", "b"], "tambon_code": "940101"})
    >>> ballots = pd.DataFrame({"need_id": ["a", "b"], "fiscal_year": 2565, "quarter": 1,
    ...                         "rank": [1, 2], "votes": [None, None]})
    >>> weigh_needs(needs, ballots)[0].tolist()
    [0.75, 0.25]
    """
    home = needs.set_index("need_id")["tambon_code"].sort_index()
    ballots = _ballots(home, votes, None if period is None else as_period(period))
    shares = pd.Series(_shares(ballots), index=ballots["need_id"], dtype="float64")
    quarters = ballots.drop_duplicates(["tambon_code", "fiscal_year", "quarter"])
    rounds = home.map(quarters.groupby("tambon_code").size()).astype("float64")
    weights = shares.groupby(level=0).sum().reindex(home.index, fill_value=0.0) / rounds
    equal = rounds.isna()
    size = home.groupby(home).transform("size")
    weights = weights.where(~equal, 1.0 / size).rename("weight")
    left_off = home[~equal & ~home.index.isin(ballots["need_id"])].value_counts().sort_index()
    findings = [
        Finding("needs.equal_weights", "info", str(code)) for code in sorted(home[equal].unique())
    ] + [Finding("needs.not_on_ballot", "info", str(c), str(n)) for c, n in left_off.items()]
    return weights, findings


def _ballots(
    home: pd.Series, votes: pd.DataFrame | None, period: FiscalPeriod | None
) -> pd.DataFrame:
    """Return the usable ballot rows with their tambon, in a fixed order."""
    columns = ["need_id", "fiscal_year", "quarter", "rank", "votes"]
    rows = pd.DataFrame(columns=columns) if votes is None else votes.reindex(columns=columns)
    rows = rows[rows["need_id"].isin(home.index)]
    if period is not None:
        rows = rows[rows["fiscal_year"] == period.fiscal_year]
        if period.quarter:
            rows = rows[rows["quarter"] == period.quarter]
    numbers = {name: pd.to_numeric(rows[name]).astype("float64") for name in ("rank", "votes")}
    rows = rows.assign(tambon_code=rows["need_id"].map(home), **numbers)
    keys = ["tambon_code", "fiscal_year", "quarter"]
    counted = rows.groupby(keys)["votes"].transform("sum") > 0
    rows = rows.assign(counted=counted.astype(bool))
    usable = rows["counted"] | rows["rank"].notna()
    return rows[usable].sort_values([*keys, "need_id"], ignore_index=True)


def _shares(ballots: pd.DataFrame) -> np.ndarray:
    """Return the weight of each ballot row inside its tambon and quarter."""
    keys = [ballots[name] for name in ("tambon_code", "fiscal_year", "quarter")]
    votes = ballots["votes"].fillna(0.0)
    total = votes.groupby(keys).transform("sum")
    by_vote = votes / total.where(total > 0, 1.0)
    number = ballots["rank"].groupby(keys).transform("count").astype("float64")
    low = ballots["rank"].groupby(keys).rank(method="min")
    high = ballots["rank"].groupby(keys).rank(method="max")
    largest = int(number.max()) if len(number) else 0
    by_rank = _centroid_means(low.fillna(1), high.fillna(1), number.clip(lower=1), largest)
    return np.where(ballots["counted"], by_vote, by_rank)


def _centroid_means(low: pd.Series, high: pd.Series, number: pd.Series, largest: int) -> np.ndarray:
    """Return the mean rank-order centroid weight of the positions from low to high of number."""
    harmonic = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, largest + 2))])
    summed = np.concatenate([[0.0], np.cumsum(harmonic)])  # summed[k] = H_0 + ... + H_{k-1}
    first, last, n = (x.to_numpy(dtype=int) for x in (low, high, number))
    # sum over r = first..last of (H_n - H_{r-1}), divided by n and by how many share the rank
    within = (last - first + 1) * harmonic[n] - (summed[last] - summed[first - 1])
    means: np.ndarray = within / n / (last - first + 1)
    return means
