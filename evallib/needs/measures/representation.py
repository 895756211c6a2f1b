"""Whether councils rank sectors as the people do (A17): a warning of elite capture, no verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import figure_rows, in_period, placed

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case, Rows


FEWEST_PEOPLE = 10  # answers from which what they say is given
FEWEST_SECTORS = 5  # sectors from which ranks are compared
ANYTHING = "OTH"  # no sector in particular


def survey_gap(case: Case, survey: pd.DataFrame) -> Rows:
    r"""Return A17: one less the rank correlation of sectors between councils and the people.

    Parameters
    ----------
    case : Case
        Open needs with ``sector_code`` and weights.
    survey : pandas.DataFrame
        Contract ``beneficiary_survey``: ``need_rank_1`` is the sector that a person needs most.
        Answers given while an official was present are left out.

    Returns
    -------
    Rows
        0 (same order) to 2 (the opposite), from Spearman's :math:`\rho` with mean ranks for ties,
        over the sectors that either names; ``n``: answers of the period. A sector weighs with the
        councils what its needs weigh, each tambon counting the same, and with the people how many
        name it. Notes ``no_needs``, ``no_answers``, ``few_people`` (fewer than ten answers, of
        which not even the number is told) and ``few_sectors`` (fewer than five, or all alike on one
        side).
    """
    sectors, council = _council_weights(case)
    columns = ("fiscal_year", "quarter", "need_rank_1", "official_present")
    rows = in_period(placed(survey, *columns), case.period)
    official = pd.to_numeric(rows["official_present"])
    rows = rows[rows["need_rank_1"].isin(sectors) & ~official.eq(1).fillna(value=False)]
    people = _by_sector(case, rows, rows["need_rank_1"], np.ones(len(rows)), sectors)
    n = people.sum(axis=1)
    counted = (council > 0) | (people > 0)
    gap, note = _gaps(council, people, counted)
    few = (n > 0) & (n < FEWEST_PEOPLE)
    note = np.where(few, "few_people", np.where(n > 0, note, "no_answers"))
    note = np.where(council.sum(axis=1) == 0, "no_needs", note)
    return figure_rows(np.where(note == "", gap, np.nan), np.where(few, np.nan, n), note)


def deprivation_gap(case: Case, deprivation: pd.DataFrame) -> Rows:
    r"""Return A17.deprivation: the same against how deprived people are in each sector.

    Parameters
    ----------
    case : Case
        Open needs with ``sector_code`` and weights.
    deprivation : pandas.DataFrame
        ``tambon_code``, ``sector_code`` and ``value``, higher is worse, comparable across sectors.

    Returns
    -------
    Rows
        0 to 2, over the sectors with a value in the scope (``n``), which weigh the mean of their
        tambons. Notes ``no_needs``, ``not_given`` (no value by sector) and ``few_sectors``.
    """
    sectors, council = _council_weights(case)
    rows = placed(deprivation, "sector_code", "value")
    rows = rows.assign(value=pd.to_numeric(rows["value"]).astype("float64"))
    rows = rows[rows["sector_code"].isin(sectors) & rows["value"].notna()]
    total = _by_sector(case, rows, rows["sector_code"], rows["value"].to_numpy(), sectors)
    number = _by_sector(case, rows, rows["sector_code"], np.ones(len(rows)), sectors)
    mean = np.divide(total, number, out=np.zeros_like(total), where=number > 0)
    gap, note = _gaps(council, mean, number > 0)
    note = np.where(number.sum(axis=1) == 0, "not_given", note)
    note = np.where(council.sum(axis=1) == 0, "no_needs", note)
    return figure_rows(np.where(note == "", gap, np.nan), (number > 0).sum(axis=1) * 1.0, note)


def _council_weights(case: Case) -> tuple[list[str], Floats]:
    """Return the sectors, and what each weighs with the councils, shape (scopes, sectors)."""
    from evallib.tables.cleaned import SECTORS

    sectors = [code for code in SECTORS if code != ANYTHING]
    needs = case.needs[case.open_need]
    return sectors, _by_sector(
        case, needs, needs["sector_code"], case.weights[case.open_need], sectors
    )


def _by_sector(
    case: Case, rows: pd.DataFrame, sector: pd.Series, value: Floats, sectors: list[str]
) -> Floats:
    """Return the sum of values in each scope and sector, shape (scopes, sectors)."""
    at = pd.Index(sectors).get_indexer(pd.Index(sector))
    here = np.flatnonzero(at >= 0)
    table = np.zeros((len(rows), len(sectors)))
    table[here, at[here]] = value[here]
    return np.asarray(case.scopes.member(rows).T @ table)


def _gaps(one: Floats, other: Floats, counted: NDArray[np.bool_]) -> tuple[Floats, NDArray[Any]]:
    """Return 1 - rho over the counted sectors of each scope, and why it is missing."""
    gap = np.full(len(one), np.nan)
    for scope in np.flatnonzero(counted.sum(axis=1) >= FEWEST_SECTORS):
        here = counted[scope]
        gap[scope] = 1.0 - rank_correlation(one[scope, here], other[scope, here])
    return gap, np.where(np.isnan(gap), "few_sectors", "").astype(object)


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rho with mean ranks for ties; NaN where all are alike on one side.

    Examples
    --------
    >>> round(rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 20, 20])), 3)
    0.866
    """
    from scipy.stats import spearmanr  # heavy; needed only where ranks are compared

    # sums of weights differ in the last bits; equal ones must tie
    first, second = np.round(one, 12), np.round(other, 12)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(spearmanr(first, second).statistic)
