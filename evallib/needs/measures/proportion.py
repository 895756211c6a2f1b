"""Whether budgets are spread over sectors as needs are (A7, A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from evallib.needs.inputs.inputs import Rows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case


FEWEST_PROJECTS, FEWEST_SECTORS = 5, 5
NULL_DRAWS = 2000
TOLERANCE = 1e-12  # sums in another order differ by this much and no more
_STEPS = 1 << 16  # of the inverse of the need shares from which the null draws sectors


class Null(NamedTuple):
    """What chance alone gives in each scope: mean and p-value, NaN where it is not worked out."""

    mean: Floats  # (scopes,)
    p: Floats  # (scopes,)


class Proportion:
    """Shares of sectors in needs and in budgets, shape (scopes, sectors) each.

    Parameters
    ----------
    case : Case
        Open needs with weights, projects of the year with budgets; a row whose sector is unknown
        counts as ``OTH``.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        of_needs, of_projects = (_sector_positions(f) for f in (case.needs, case.projects))
        self.sector = of_projects
        budget = np.nan_to_num(case.projects["budget_approved"].to_numpy()).clip(0)
        self.budget = budget * case.of_year
        self.member = case.scopes.member(case.projects)
        weight = _by_sector(case.scopes.member(case.needs), of_needs, case.weights)
        baht = _by_sector(self.member, of_projects, self.budget)
        self.n_projects = np.asarray(self.member.T @ case.of_year.astype(float)).ravel()
        self.need, self.spent = (_normalised(x) for x in (weight, baht))

    def reasons(self) -> NDArray[Any]:
        """Return why the shares of a scope cannot be compared, "" where they can."""
        note = np.where(np.isnan(self.need[:, 0]), "no_needs", "")
        note = np.where((note == "") & (self.n_projects == 0), "no_projects", note)
        note = np.where((note == "") & np.isnan(self.spent[:, 0]), "no_budget", note)
        return note.astype(object)


def dissimilarity(found: Proportion, *, seed: int, draws: int = NULL_DRAWS) -> tuple[Rows, Null]:
    r"""Return A7, half the summed differences of shares, and what chance alone would give.

    Parameters
    ----------
    found : Proportion
        Shares of sectors in needs and budgets.
    seed : int
        Of the simulation of the null.
    draws : int
        Simulations; 0 leaves the null missing.

    Returns
    -------
    rows : Rows
        :math:`D = \frac12 \sum_g |W_g - B_g|`, 0 (in proportion) to 1; ``n`` is the number of
        projects. Links do not enter, so there is no interval. Note ``few_projects`` below five.
    null : Null
        Mean of D, and the share of placements with as large a D (one added to both counts), when
        the same budgets are placed on sectors by chance with the probabilities :math:`W_g`.

    Notes
    -----
    A few large projects can never be in proportion to sixteen sectors: D is to be read against its
    mean under the null. Index: Duncan & Duncan (1955), *A methodological analysis of segregation
    indexes*, American Sociological Review 20(2). https://doi.org/10.2307/2088328. Chance:
    Carrington & Troske (1997), *On measuring segregation in samples with small units*, JBES 15(4).
    https://doi.org/10.1080/07350015.1997.10524718
    """
    note = found.reasons()
    note = np.where((note == "") & (found.n_projects < FEWEST_PROJECTS), "few_projects", note)
    value = 0.5 * np.abs(found.need - found.spent).sum(axis=1)
    value = np.where(note == "", value, np.nan)
    none = np.full_like(value, np.nan)
    mean, p = none.copy(), none.copy()
    for scope in np.flatnonzero(note == "") if draws else ():
        rows = found.member.indices[slice(*found.member.indptr[scope : scope + 2])]
        rng = np.random.default_rng([seed, *found.case.scopes.codes[scope].encode()])
        placed = _by_chance(rng, found.budget[rows], found.need[scope], draws)
        mean[scope] = placed.mean()
        as_far = np.count_nonzero(placed >= value[scope] - TOLERANCE)
        p[scope] = (as_far + 1) / (draws + 1)
    return Rows(value, none, none, found.n_projects, note.astype(object)), Null(mean, p)


def _by_chance(rng: np.random.Generator, budget: Floats, need: Floats, draws: int) -> Floats:
    """Return D of each placement of the budgets on sectors with the probabilities of need."""
    budget = budget[budget > 0]
    ends = np.round(np.cumsum(need) * _STEPS).astype(int)
    sector_at = np.repeat(np.arange(len(need), dtype=np.uint8), np.diff(ends, prepend=0))
    at = rng.integers(0, len(sector_at), size=(draws, len(budget)), dtype=np.uint16)
    place = sector_at[at] + (np.arange(draws) * len(need))[:, np.newaxis]
    baht = np.bincount(
        place.ravel(), np.broadcast_to(budget, place.shape).ravel(), minlength=draws * len(need)
    )
    shares = baht.reshape(draws, len(need)) / budget.sum()
    return np.asarray(0.5 * np.abs(need - shares).sum(axis=1))


def rank_agreement(found: Proportion) -> tuple[Rows, Rows]:
    r"""Return A8, Kendall's tau-b of the two orders of sectors, and A8.ndcg.

    Returns
    -------
    tau : Rows
        -1 to 1 over the sectors that needs or budgets name (``n``); ties by tau-b (Kendall 1945,
        https://doi.org/10.1093/biomet/33.3.239). Notes of the shares, and ``few_sectors`` below
        five sectors or where one side has them all alike.
    ndcg : Rows
        0 to 1: how much need the sectors with most budget hold, discounted by
        :math:`\log_2(1 + r)`, over the best order (Jarvelin & Kekalainen 2002,
        https://doi.org/10.1145/582415.582418); equal budgets share their discounts.
    """
    named = (found.need > 0) | (found.spent > 0)
    n = named.sum(axis=1).astype(np.float64)
    note = found.reasons()
    note = np.where((note == "") & (n < FEWEST_SECTORS), "few_sectors", note)
    tau, gain = np.full(len(n), np.nan), np.full(len(n), np.nan)
    for scope in np.flatnonzero(note == ""):
        # sums of weights in another order differ in the last bits; equal ones must tie
        one, other = (np.round(x[scope, named[scope]], 12) for x in (found.need, found.spent))
        tau[scope] = _tau_b(one, other)
        gain[scope] = _ndcg(one, other)
    alike = np.where((note == "") & np.isnan(tau), "few_sectors", note).astype(object)
    none = np.full_like(tau, np.nan)
    return Rows(tau, none, none, n, alike), Rows(gain, none, none, n, note.astype(object))


def _tau_b(one: Floats, other: Floats) -> float:
    """Return Kendall's tau-b; NaN where all values of one side are equal."""
    pair = np.triu_indices(len(one), 1)
    first, second = (np.sign(x[:, np.newaxis] - x)[pair] for x in (one, other))
    scale = np.sqrt(np.abs(first).sum() * np.abs(second).sum())
    return float((first * second).sum() / scale) if scale else float("nan")


def _ndcg(gain: Floats, score: Floats) -> float:
    discount = 1.0 / np.log2(np.arange(2, len(gain) + 2))
    _, group, size = np.unique(-score, return_inverse=True, return_counts=True)
    ends = np.cumsum(size)
    shared = np.add.reduceat(discount, ends - size) / size
    return float((gain * shared[group]).sum() / (np.sort(gain)[::-1] * discount).sum())


def _sector_positions(rows: pd.DataFrame) -> NDArray[np.intp]:
    """Return the position of each row's sector; an unknown one is that of ``OTH``."""
    from evallib.needs.sectors.topics import OTHER, sector_codes

    position = {code: i for i, code in enumerate(sector_codes())}
    at = rows["sector_code"].map(position).fillna(position[OTHER])
    return np.asarray(at, dtype=np.intp)


def _by_sector(member: Any, sector: NDArray[np.intp], value: Floats) -> Floats:
    """Return the sums of each scope and sector, shape (scopes, sectors)."""
    from evallib.needs.sectors.topics import sector_codes

    table = np.zeros((len(sector), len(sector_codes())))
    table[np.arange(len(sector)), sector] = value
    return np.asarray(member.T @ table, dtype=np.float64)


def _normalised(table: Floats) -> Floats:
    total = table.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(table, total, out=np.full_like(table, np.nan), where=total > 0)
    return shares
