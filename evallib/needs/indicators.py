"""Indicators A1-A20 of how well projects answer needs, for many places in one pass."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.needs.inputs.given import AlignmentInputs, refuse_former_call
from evallib.needs.inputs.inputs import Case, Rows, read_case
from evallib.needs.inputs.scopes import LEVELS
from evallib.needs.measures.coverage import OF_NEEDS, OF_PROJECTS, Coverage
from evallib.needs.measures.data_quality import quality_score
from evallib.needs.measures.duplication import duplicated_budget, overlapping_budget
from evallib.needs.measures.equity import equity
from evallib.needs.measures.first_needs import TopNeeds
from evallib.needs.measures.proportion import Null, Proportion, dissimilarity, rank_agreement
from evallib.needs.measures.register_gaps import progress_gap, public_notice
from evallib.needs.measures.representation import deprivation_gap, survey_gap
from evallib.needs.measures.response import response_lag, with_planned
from evallib.needs.measures.voices import councils_met, villages_heard, women_present
from evallib.periods import as_period
from evallib.thai.text_columns import as_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.needs.arrays import Floats
    from evallib.periods import FiscalPeriod


INDICATORS = (
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A8.ndcg", "A9", "A9.delivered", "A9.people",
    "A10", "A11.plan", "A11", "A11.delivered", "A12", "A12.mandated", "A13", "A13.overlap",
    "A14", "A15", "A16", "A16.women", "A16.villages", "A17", "A17.deprivation", "A18", "A19",
    "A19.flagged", "A20",
)  # fmt: skip
ENOUGH_COUNCILS = 0.6  # share of councils that met from which needs speak for a place
SPEAKING = tuple(f"A{i}" for i in range(1, 15))  # rest on what the councils said


@refuse_former_call
def alignment(
    inputs: AlignmentInputs,
    *,
    period: FiscalPeriod | str | None = None,
    by: str | Sequence[str] = ("area", "province", "amphoe"),
    draws: int = 1000,
    level: float = 0.90,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Measure how far projects answer the needs that people stated.

    Parameters
    ----------
    inputs : AlignmentInputs
        Needs, projects and links, and what else is known about them.
    period : FiscalPeriod or str, optional
        Needs stated by its end and not last stated before its start count, and projects of its
        fiscal year begun by its end. A need may be answered by a project of any year begun by
        then, a project by a need of any year. Default: all rows count.
    by : str or sequence of {"area", "province", "amphoe", "tambon"}
        Levels to report.
    draws : int, default 1000
        Simulations for the intervals; 0 leaves limits and the null of A7 missing.
    level : float, default 0.90
        Share of the simulations that an interval holds.
    seed : int, default 0
        Seed of the simulations.

    Returns
    -------
    pandas.DataFrame, shape (scopes * 31, 9)
        ``scope`` (``"area"`` or a place code), ``indicator``, ``value``, ``low``, ``high`` (limits
        of the interval, where there is one), ``n`` (Int64: what was counted), ``null_mean``,
        ``null_p`` (of A7) and ``note``: why a value is missing, or ``few_meetings`` where fewer
        than 60 per cent of the councils met, so that A1 to A14 do not speak for the place. Second
        figures of an indicator have dotted names. `docs/methods.md` defines each. In the order of
        ``by``, then of codes.

    Raises
    ------
    SchemaError
        ``by`` holds an unknown level, ``tau`` or ``level`` is outside 0-1, ``draws`` or ``top`` is
        negative, or the call is the one of version 0.1, which took the tables one by one.

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
    hold its value: A1 and A12 compare probabilities with a threshold, which no simulation does,
    and a percentile of few links can miss their mean.

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["a", "b"], "tambon_code": "941012"})
    >>> projects = pd.DataFrame({"project_uid": ["p"], "tambon_code": "941012",
    ...                          "budget_approved": [300000.0]})
    >>> links = pd.DataFrame({"need_id": ["a"], "project_uid": ["p"], "score": [0.8],
    ...                       "reviewer_state": ["auto"]})
    >>> inputs = AlignmentInputs(needs, projects, links)
    >>> found = alignment(inputs, by=["area"]).set_index("indicator")
    >>> found.loc[["A1", "A2", "A4", "A5", "A9"], "value"].round(2).to_dict()
    {'A1': 0.5, 'A2': 0.4, 'A4': 0.8, 'A5': 0.8, 'A9': 0.6}
    >>> found.loc[["A3", "A7"], "note"].to_dict()
    {'A3': 'not_given', 'A7': 'few_projects'}
    """
    by = as_names(by)
    _check_arguments(inputs, by=by, draws=draws, level=level)
    case = read_case(
        inputs.needs, inputs.projects, inputs.links, votes=inputs.votes, progress=inputs.progress,
        period=None if period is None else as_period(period), year_to_date=inputs.year_to_date,
        by=by,
    )  # fmt: skip
    rows = _of_links(case, inputs, draws=draws, level=level, seed=seed)
    shares = Proportion(case)
    rows["A7"], null = dissimilarity(shares, seed=seed, draws=2 * draws)
    rows["A8"], rows["A8.ndcg"] = rank_agreement(shares)
    rows |= register_indicators(case, inputs, level=level)
    return _frame(case, _gated(rows), null)


def _check_arguments(
    inputs: AlignmentInputs, *, by: Sequence[str], draws: int, level: float
) -> None:
    """Refuse levels that are none, shares that are none, and negative numbers."""
    known = all(scope in LEVELS for scope in by)
    if not (known and 0 <= inputs.tau <= 1 and 0 < level < 1 and draws >= 0 and inputs.top >= 0):
        raise SchemaError(
            "needs.alignment_arguments", levels=", ".join(LEVELS),
            found=f"by={list(by)}, tau={inputs.tau}, level={level}, draws={draws}, "
            f"top={inputs.top}",
        )  # fmt: skip


def _of_links(
    case: Case, inputs: AlignmentInputs, *, draws: int, level: float, seed: int
) -> dict[str, Rows]:
    """Return the indicators that depend on links, with intervals over simulated links."""
    coverage = Coverage(case, top=inputs.top, population=inputs.population)
    first = TopNeeds(case, inputs.agencies)
    tail = round((1 - level) / 2, 12)  # 0.05 of 0.90, not a hair less

    def indicators(kept: Floats, tau: float) -> dict[str, Floats]:
        return coverage.of_needs(kept, tau=tau) | coverage.of_projects(kept) | first.of_needs(kept)

    value = {k: v[0] for k, v in indicators(case.net.probability[np.newaxis], inputs.tau).items()}
    low = high = {name: np.full_like(v, np.nan) for name, v in value.items()}
    if draws:
        # a simulated need is covered or not: any threshold between 0 and 1 says the same
        drawn = [indicators(kept, 0.5) for kept in case.net.simulate(draws, seed)]
        limits = {
            name: np.quantile(np.concatenate([part[name] for part in drawn]), (tail, 1 - tail),
                              axis=0)
            for name in value
        }  # fmt: skip
        low = {name: np.minimum(limits[name][0], value[name]) for name in value}
        high = {name: np.maximum(limits[name][1], value[name]) for name in value}
    rows = {}
    for name, found in value.items():
        of_case = name in (*OF_NEEDS, *OF_PROJECTS)
        n = coverage.counts(name) if of_case else first.counts(name)
        note = coverage.reasons(name) if of_case else first.reasons(name)
        rows[name] = Rows(found, low[name], high[name], n, note)
    if inputs.progress is None:
        rows |= {name: _not_given(case) for name in ("A3", "A9.delivered")}
    if inputs.agencies is None and not {"agencies", "agency_id"} & set(case.projects):
        rows["A14"] = _not_given(case)
    if inputs.population is None:
        rows["A9.people"] = _not_given(case)
    return rows


def _not_given(case: Case) -> Rows:
    """Return an indicator whose frame was not given."""
    none = np.full(len(case.scopes.codes), np.nan)
    return Rows(none, none, none, none, np.full(len(none), "not_given", dtype=object))


def _gated(rows: dict[str, Rows]) -> dict[str, Rows]:
    """Note where too few councils met for needs to speak for a place."""
    met = rows["A16"].value
    few = met < ENOUGH_COUNCILS  # a missing share compares as False
    if not few.any():
        return rows
    return {
        name: row._replace(note=np.where(few & (row.note == ""), "few_meetings", row.note))
        if name.partition(".")[0] in SPEAKING else row
        for name, row in rows.items()
    }  # fmt: skip


def _frame(case: Case, rows: dict[str, Rows], null: Null) -> pd.DataFrame:
    """Return one row a scope and indicator."""
    codes = case.scopes.codes
    none = np.full(len(codes), np.nan)
    columns: dict[str, Any] = {
        name: np.stack([getattr(rows[i], name) for i in INDICATORS], axis=1).ravel()
        for name in ("value", "low", "high", "n", "note")
    }
    for name, found in (("null_mean", null.mean), ("null_p", null.p)):
        each = [found if i == "A7" else none for i in INDICATORS]
        columns[name] = np.stack(each, axis=1).ravel()
    frame = pd.DataFrame({
        "scope": pd.Series(np.repeat(np.array(codes, dtype=object), len(INDICATORS)), dtype="str"),
        "indicator": pd.Series(np.tile(INDICATORS, len(codes)), dtype="str"),
        **{name: columns[name] for name in ("value", "low", "high")},
        "n": pd.Series(columns["n"]).round().astype("Int64"),
        "null_mean": columns["null_mean"], "null_p": columns["null_p"],
        "note": pd.Series(columns["note"], dtype="str"),
    })  # fmt: skip
    return frame.astype(dict.fromkeys(["value", "low", "high"], "float64"))


def register_indicators(case: Case, inputs: AlignmentInputs, *, level: float) -> dict[str, Rows]:
    """Return A11, A13 and A15 to A20; `AlignmentInputs` describes the frames."""
    given = inputs
    lag = partial(response_lag, tau=given.tau, level=level)
    absent = _not_given(case)
    gap, flagged = (
        (absent, absent) if given.progress is None else progress_gap(case, given.progress)
    )
    return {
        "A11.plan": lag(with_planned(case, given.projects, given.links), "plan"),
        "A11": lag(case, "start"),
        "A11.delivered": (
            absent if given.progress is None else lag(case, "delivered", given.progress)
        ),
        "A13": absent if given.duplicates is None else duplicated_budget(case, given.duplicates),
        "A13.overlap": overlapping_budget(case, given.duplicates),
        "A15": public_notice(case),
        "A16": absent if given.meetings is None else councils_met(case, given.meetings),
        "A16.women": absent if given.meetings is None else women_present(case, given.meetings),
        "A16.villages": absent if given.villages is None else villages_heard(case, given.villages),
        "A17": absent if given.survey is None else survey_gap(case, given.survey),
        "A17.deprivation": (
            absent if given.deprivation is None else deprivation_gap(case, given.deprivation)
        ),
        "A18": (
            absent if given.deprivation is None or given.population is None
            else equity(case, given.deprivation, given.population, level=level)
        ),
        "A19": gap,
        "A19.flagged": flagged,
        "A20": absent if given.quality is None else quality_score(case, given.quality),
    }  # fmt: skip
