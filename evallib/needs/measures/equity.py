"""Equity (A18): whether aligned budget goes to the tambons that are worst off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import placed, rows_by_scope
from evallib.needs.measures.incidence import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.by_scope import Figure
    from evallib.needs.inputs.inputs import Case, Rows


FEWEST = 5  # tambons from which an index is given


def equity(
    case: Case, deprivation: pd.DataFrame, population: pd.DataFrame, *, level: float = LEVEL
) -> Rows:
    """Return A18: the concentration index of aligned budget per head over deprivation.

    Parameters
    ----------
    case : Case
        The aligned budget of a tambon is that of the projects of the year that lie in it, each
        times its probability of answering any need (as in A5). A project located by its amphoe or
        province alone belongs to no tambon.
    deprivation : pandas.DataFrame
        ``tambon_code`` and ``value``, higher is worse. Rows with a ``sector_code`` are left out
        where a tambon has one without; else the mean of its sectors counts.
    population : pandas.DataFrame
        ``tambon_code`` and ``population``.
    level : float, default 0.90
        Level of the interval.

    Returns
    -------
    Rows
        -1 to 1, negative when more goes to the worse off, with an interval over tambons
        (links are not drawn). ``n``: tambons whose deprivation and population are known, with or
        without projects. Notes ``few_tambons`` (fewer than five) and ``no_aligned``
        (no baht of these tambons answers a need).
    """
    tambons = _tambons(deprivation, population)
    aligned = case.net.of_projects(case.net.probability[np.newaxis])
    budget = np.nan_to_num(case.projects["budget_approved"].to_numpy(dtype="float64"))
    at = pd.Index(tambons["tambon_code"]).get_indexer(case.projects["tambon_code"])
    ours = case.of_year & (at >= 0)
    baht = np.bincount(at[ours], (budget * aligned[0])[ours], minlength=len(tambons))
    people, worse = (tambons[name].to_numpy() for name in ("population", "value"))

    def figure(rows: NDArray[np.intp]) -> Figure:
        n = float(len(rows))
        if n < FEWEST:
            return float("nan"), float("nan"), float("nan"), n, "few_tambons"
        found = concentration_index(
            baht[rows] / people[rows], worse[rows], people[rows], level=level
        )
        note = "no_aligned" if np.isnan(found.value) else ""
        return found.value, found.low, found.high, n, note

    return rows_by_scope(case.scopes.member(tambons), figure)


def _tambons(deprivation: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return the tambons of which both are known, by code, with their place codes."""
    rows = deprivation.reindex(columns=["tambon_code", "sector_code", "value"])
    rows = rows.assign(value=pd.to_numeric(rows["value"]).astype("float64"))
    rows = rows.dropna(subset=["tambon_code", "value"])
    whole = rows["sector_code"].isna()
    has_whole = whole.groupby(rows["tambon_code"]).transform("any").astype(bool)
    value = rows[whole | ~has_whole].groupby("tambon_code")["value"].mean()
    lives = population.reindex(columns=["tambon_code", "population"])
    lives = lives.assign(population=pd.to_numeric(lives["population"]).astype("float64"))
    people = lives.groupby("tambon_code")["population"].max()
    both = pd.DataFrame({"value": value, "population": people}).dropna()
    both = both[both["population"] > 0].rename_axis("tambon_code").reset_index()
    return placed(both, "value", "population")


class Concentration(NamedTuple):
    """A concentration index with its error and its interval; NaN where not defined."""

    value: float
    std_error: float
    low: float
    high: float


class _Ranked(NamedTuple):
    """Where each unit stands when the worst off come first, equal ones on one place."""

    given: Floats  # weight times outcome
    rank: Floats  # weight before it and half of the weight on its place
    before: Floats  # given to those before it
    level: Floats  # given to all on its place, itself included


def concentration_index(
    outcome: Floats, deprivation: Floats, weight: Floats, *, level: float = LEVEL
) -> Concentration:
    r"""Return the concentration index of an outcome over deprivation.

    Parameters
    ----------
    outcome : ndarray of float, shape (n,)
        Not negative, such as baht per head of each tambon.
    deprivation : ndarray of float, shape (n,)
        Higher is worse. Equal values share one rank.
    weight : ndarray of float, shape (n,)
        Above zero, such as people.
    level : float, default 0.90
        Level of the interval.

    Returns
    -------
    Concentration
        ``value`` from -1 (all goes to the worst off) to 1 (all goes to the best off), NaN when the
        outcome is zero everywhere; ``std_error``; ``low`` and ``high``, NaN when all goes to one.

    Notes
    -----
    Units are ranked from the worst off. With shares of weight :math:`f_t`, mean :math:`\mu` and
    fractional rank :math:`R_t` at the middle of unit t,
    :math:`C = \frac{2}{\mu} \sum_t f_t y_t R_t - 1`. ``std_error`` is that of Kakwani, Wagstaff and
    van Doorslaer (1997), https://doi.org/10.1016/S0304-4076(96)01807-6, from
    :math:`a_t = \frac{y_t}{\mu} (2 R_t - 1 - C) + 2 - q_{t-1} - q_t`, q the ordinates of the
    concentration curve: :math:`\operatorname{var} C = \sum_t f_t^2 (a_t - 1 - C)^2`. With equal
    weights this is their formula; with unequal ones each unit adds the square of its share, because
    tambons vary, not persons. It is too small where units are few and outcomes skewed, so the
    interval rests on the jackknife and on t with the effective number of units less one.

    Examples
    --------
    >>> found = concentration_index(np.array([3.0, 1.0]), np.array([9.0, 5.0]), np.ones(2))
    >>> found.value  # three quarters go to the worse off half
    -0.25
    """
    people = weight.sum()
    share = weight / people
    mean = float(share @ outcome)
    if mean <= 0:
        return Concentration(*(float("nan"),) * 4)
    ranked = _rank(outcome, deprivation, weight)
    rank, curve = ranked.rank / people, (2 * ranked.before + ranked.level) / (mean * people)
    index = float(2 / mean * (share * outcome) @ rank - 1)
    spread = outcome / mean * (2 * rank - 1 - index) + 1 - curve - index
    error = float(np.sqrt((share**2) @ spread**2))
    return Concentration(index, error, *_interval(index, ranked, weight, level))


def _rank(outcome: Floats, deprivation: Floats, weight: Floats) -> _Ranked:
    _, place = np.unique(-deprivation, return_inverse=True)
    given = weight * outcome
    people: Floats = np.bincount(place, weight).astype(np.float64)
    level: Floats = np.bincount(place, given).astype(np.float64)
    rank, before = np.cumsum(people) - people / 2, np.cumsum(level) - level
    return _Ranked(given, rank[place], before[place], level[place])


def _interval(index: float, ranked: _Ranked, weight: Floats, level: float) -> tuple[float, float]:
    """Return limits from the index without each unit in turn, worked out in one pass."""
    from scipy.special import stdtrit  # heavy; needed only when an index has an interval

    people, given = weight.sum(), ranked.given.sum()
    effective = people**2 / (weight**2).sum()
    left = given - ranked.given
    if len(weight) < 2 or (left <= 1e-9 * given).any():  # one unit has it all
        return float("nan"), float("nan")
    area = ranked.given @ ranked.rank
    behind = given - ranked.before - ranked.level
    # without a unit those behind it move up by its weight, and those beside it by half of that
    moved = weight * (behind + (ranked.level - ranked.given) / 2)
    without = 2 * (area - ranked.given * ranked.rank - moved) / (left * (people - weight)) - 1
    n = len(weight)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    reach = float(stdtrit(effective - 1, (1 + level) / 2) * error)
    return max(-1.0, index - reach), min(1.0, index + reach)
