"""Indicators of how well projects answer needs (A1-A5, A9), with intervals from uncertain links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.needs.network import Network, read_network
from evallib.needs.period import counted_needs, counted_projects, delivered_shares
from evallib.needs.weights import weigh_needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evallib.periods import FiscalPeriod

    Floats = NDArray[np.float64]

INDICATORS = ("A1", "A2", "A3", "A4", "A5", "A9")
LEVELS = ("area", "province", "amphoe", "tambon")
INTERVAL = (0.05, 0.95)


def alignment(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    votes: pd.DataFrame | None = None,
    progress: pd.DataFrame | None = None,
    period: FiscalPeriod | None = None,
    tau: float = 0.5,
    draws: int = 1000,
    seed: int = 2565,
    by: Sequence[str] = ("area", "province", "amphoe"),
) -> pd.DataFrame:
    r"""Measure how far projects answer the needs that people stated.

    Parameters
    ----------
    needs, projects, links : pandas.DataFrame
        Contracts ``needs``, ``projects`` and ``need_project_links``. A link counts with its
        ``score``, a confirmed one with 1, a rejected one with 0.
    votes : pandas.DataFrame, optional
        Contract ``need_votes``; `weigh_needs` says how it weighs needs, and what is missing.
    progress : pandas.DataFrame, optional
        Contract ``project_progress``; the latest row up to the end of the period counts. Without
        it A3 is missing. A project without a row has delivered nothing, nor has a cancelled one.
    period : FiscalPeriod, optional
        Counts needs stated by its end and not last stated before its start, and projects of its
        fiscal year that began by its end. Default: all rows.
    tau : float, default 0.5
        Coverage from which a need counts as covered in A1.
    draws : int, default 1000
        Simulations for the intervals; 0 leaves ``low`` and ``high`` missing.
    seed : int, default 2565
        Seed of the simulations.
    by : sequence of {"area", "province", "amphoe", "tambon"}
        Levels to report.

    Returns
    -------
    pandas.DataFrame, shape (scopes * 6, 6)
        ``scope`` (``"area"`` or a place code), ``indicator``, ``value``, ``low``, ``high`` (shares
        between 0 and 1; limits of a 90 per cent interval) and ``n`` (Int64: needs for A1, A2, A3,
        A9; projects for A4, A5). Values are missing without needs, without projects, without
        budget (A5) and without progress (A3). In the order of ``by``, then of codes.

    Raises
    ------
    SchemaError
        ``by`` holds an unknown level, ``tau`` is outside 0-1, or ``draws`` is negative.

    Notes
    -----
    With link probabilities :math:`m_{ij}`, weights :math:`w_i` that sum to one in a tambon,
    delivery :math:`s_j` and budgets :math:`b_j`: :math:`c_i = 1 - \prod_j (1 - m_{ij})`,
    :math:`d_i = 1 - \prod_j (1 - m_{ij} s_j)` and :math:`a_j = 1 - \prod_i (1 - m_{ij})`. A1 is
    the share of needs with :math:`c_i \ge \tau`; A2 :math:`\sum w_i c_i`; A3
    :math:`\sum w_i d_i`; A4 the mean of :math:`a_j`; A5 :math:`\sum b_j a_j / \sum b_j`; A9 is
    1 - A2. A2, A3 and A9 of a wider scope are means over its tambons that stated needs, each
    tambon counting the same.

    Each simulation keeps each link with its probability, independently. An interval is widened to
    hold its value: A1 counts needs above a threshold, which no simulation does, and a percentile
    of few links can miss their mean.

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["a", "b"], "tambon_code": "941012"})
    >>> projects = pd.DataFrame({"project_uid": ["p"], "tambon_code": "941012",
    ...                          "budget_approved": [300000.0]})
    >>> links = pd.DataFrame({"need_id": ["a"], "project_uid": ["p"], "score": [0.8],
    ...                       "reviewer_state": ["auto"]})
    >>> found = alignment(needs, projects, links, by=["area"]).set_index("indicator")
    >>> found["value"].round(2).to_dict()
    {'A1': 0.5, 'A2': 0.4, 'A3': nan, 'A4': 0.8, 'A5': 0.8, 'A9': 0.6}
    """
    unknown = [level for level in by if level not in LEVELS]
    if unknown or not 0 <= tau <= 1 or draws < 0:
        raise SchemaError(
            "needs.alignment_arguments", levels=", ".join(LEVELS),
            found=f"by={list(by)}, tau={tau}, draws={draws}",
        )  # fmt: skip
    needs = counted_needs(needs, period)
    projects = counted_projects(projects, period)
    delivered = delivered_shares(projects, progress, period)
    weights, _ = weigh_needs(needs, votes, period=period)
    net = read_network(needs, projects, links, delivered)
    scopes = _scopes(needs, projects, by)
    shares = _Shares(needs, projects, scopes, weights.to_numpy())
    known = progress is not None
    value = shares.indicators(*net.answers(net.probability[np.newaxis]), tau=tau, delivered=known)
    low = high = np.full_like(value[0], np.nan)
    if draws:
        low, high = _interval(net, shares, draws=draws, seed=seed, delivered=known)
        low, high = np.minimum(low, value[0]), np.maximum(high, value[0])
    return _frame(scopes, shares, value[0], low, high)


def _scopes(needs: pd.DataFrame, projects: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Return the scopes to report: the area, and every code that needs or projects bear."""
    scopes: list[str] = []
    for level in by:
        if level == "area":
            scopes.append("area")
            continue
        codes = pd.concat([needs[f"{level}_code"], projects[f"{level}_code"]]).dropna()
        scopes += sorted(codes.unique())
    return scopes


class _Shares:
    """What each need and project counts in each scope, as sparse matrices (rows, scopes)."""

    def __init__(
        self, needs: pd.DataFrame, projects: pd.DataFrame, scopes: list[str], weights: Floats
    ) -> None:
        in_needs, in_projects = _membership(needs, scopes), _membership(projects, scopes)
        budgets = projects["budget_approved"].fillna(0.0).to_numpy(dtype="float64")
        tambons = needs["tambon_code"].to_numpy()
        first = ~pd.Series(tambons).duplicated().to_numpy(dtype=bool)
        n_tambons = _column_sums(in_needs, first.astype("float64"))
        self.n_needs, self.n_projects = (
            _column_sums(m, np.ones(m.shape[0])) for m in (in_needs, in_projects)
        )
        self.count = _scaled(in_needs, np.ones(len(needs)), self.n_needs)
        self.weight = _scaled(in_needs, weights, n_tambons)
        self.project = _scaled(in_projects, np.ones(len(projects)), self.n_projects)
        self.budget = _scaled(in_projects, budgets, _column_sums(in_projects, budgets))

    def indicators(self, c: Floats, d: Floats, a: Floats, *, tau: float, delivered: bool) -> Floats:
        """Return indicators, shape (draws, scopes, 6)."""
        covered = self._mean((c >= tau).astype("float64"), self.count, self.n_needs)
        weighted = self._mean(c, self.weight, self.n_needs)
        done = self._mean(d, self.weight, self.n_needs)
        if not delivered:
            done = np.full_like(done, np.nan)
        aligned = self._mean(a, self.project, self.n_projects)
        money = self._mean(a, self.budget, np.asarray(self.budget.sum(axis=0)).ravel())
        return np.stack([covered, weighted, done, aligned, money, 1.0 - weighted], axis=2)

    @staticmethod
    def _mean(answered: Floats, weight: Any, present: Floats) -> Floats:
        summed = np.asarray((weight.T @ answered.T).T)
        return np.where(present > 0, summed.clip(0.0, 1.0), np.nan)  # rounding can leave 0-1


def _membership(rows: pd.DataFrame, scopes: list[str]) -> Any:
    """Return a sparse (rows, scopes) matrix of zeros and ones."""
    from scipy.sparse import csc_matrix  # needed only when indicators are computed

    position = {scope: i for i, scope in enumerate(scopes)}
    row, column = [], []
    for level in LEVELS:
        codes = pd.Series("area", index=rows.index) if level == "area" else rows[f"{level}_code"]
        found = codes.map(position)
        row.append(np.flatnonzero(found.notna()))
        column.append(found.dropna().to_numpy(dtype=int))
    i, j = np.concatenate(row), np.concatenate(column)
    return csc_matrix((np.ones(len(i)), (i, j)), shape=(len(rows), len(scopes)))


def _column_sums(member: Any, values: Floats) -> Floats:
    return np.asarray(member.T @ values).ravel()


def _scaled(member: Any, values: Floats, totals: Floats) -> Any:
    """Return the membership, each row times its value and each column over its total."""
    from scipy.sparse import diags_array  # needed only when indicators are computed

    per_column = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    return (diags_array(values) @ member @ diags_array(per_column)).tocsc()


def _interval(
    net: Network, shares: _Shares, *, draws: int, seed: int, delivered: bool
) -> tuple[Floats, Floats]:
    """Return the 5th and the 95th percentile of each indicator over simulated links."""
    drawn = [
        shares.indicators(*net.answers(kept), tau=0.5, delivered=delivered)
        for kept in net.simulate(draws, seed)
    ]
    low, high = np.quantile(np.concatenate(drawn), INTERVAL, axis=0)
    return low, high


def _frame(
    scopes: list[str], shares: _Shares, value: Floats, low: Floats, high: Floats
) -> pd.DataFrame:
    """Return one row a scope and indicator."""
    of_projects = np.array([name in {"A4", "A5"} for name in INDICATORS])
    n = np.where(of_projects, shares.n_projects[:, np.newaxis], shares.n_needs[:, np.newaxis])
    scope, indicator = np.repeat(scopes, len(INDICATORS)), np.tile(INDICATORS, len(scopes))
    return pd.DataFrame(
        {
            "scope": pd.Series(scope, dtype="str"),
            "indicator": pd.Series(indicator, dtype="str"),
            "value": value.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "n": pd.Series(n.ravel()).astype("int64").astype("Int64"),
        }
    )
