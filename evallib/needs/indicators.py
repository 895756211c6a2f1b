"""Indicators A1-A20 of how well projects answer needs, for many places in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evallib.periods import FiscalPeriod

    Floats = NDArray[np.float64]

INDICATORS = (
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A8.ndcg", "A9", "A9.delivered", "A9.people",
    "A10", "A11.plan", "A11", "A11.delivered", "A12", "A12.mandated", "A13", "A13.overlap",
    "A14", "A15", "A16", "A16.women", "A16.villages", "A17", "A17.deprivation", "A18", "A19",
    "A19.flagged", "A20",
)  # fmt: skip
INTERVAL = (0.05, 0.95)
ENOUGH_COUNCILS = 0.6  # share of councils that met from which needs speak for a place
SPEAKING = tuple(f"A{i}" for i in range(1, 15))  # rest on what the councils said


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
    top: int = 3,
    year_to_date: bool = False,
    meetings: pd.DataFrame | None = None,
    survey: pd.DataFrame | None = None,
    deprivation: pd.DataFrame | None = None,
    population: pd.DataFrame | None = None,
    duplicates: pd.DataFrame | None = None,
    quality: pd.DataFrame | None = None,
    agencies: pd.DataFrame | None = None,
    villages: pd.DataFrame | None = None,
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
        Contract ``project_progress``; the latest row up to the end of the period counts. A project
        without a row has delivered nothing, nor has a cancelled one.
    period : FiscalPeriod, optional
        Needs stated by its end and not last stated before its start count, and projects of its
        fiscal year begun by its end. A need may be answered by a project of any year begun by
        then, a project by a need of any year. Default: all rows count.
    tau : float, default 0.5
        Coverage from which a need counts as covered in A1, and a link as an answer in A11.
    draws : int, default 1000
        Simulations for the intervals; 0 leaves limits and the null of A7 missing.
    seed : int, default 2565
        Seed of the simulations.
    by : sequence of {"area", "province", "amphoe", "tambon"}
        Levels to report.
    top : int, default 3
        Needs of a tambon that A6 counts.
    year_to_date : bool, default False
        Count needs open, and ballots cast, since the start of the fiscal year of ``period``.
    meetings, survey, duplicates, quality : pandas.DataFrame, optional
        Contracts ``council_meetings`` (A16, and the gate below), ``beneficiary_survey`` (A17),
        ``project_duplicates`` (A13) and ``quality_scores`` (A20).
    deprivation : pandas.DataFrame, optional
        ``tambon_code``, ``value`` (higher is worse) and, for A17.deprivation, ``sector_code``.
    population : pandas.DataFrame, optional
        ``tambon_code`` and ``population`` (A9.people, A18).
    agencies : pandas.DataFrame, optional
        ``project_uid`` and ``agency_id``, one row a role (A14). Default: those of ``projects``.
    villages : pandas.DataFrame, optional
        ``tambon_code`` and ``villages``, their number (A16.villages).

    Returns
    -------
    pandas.DataFrame, shape (scopes * 31, 9)
        ``scope`` (``"area"`` or a place code), ``indicator``, ``value``, ``low``, ``high`` (limits
        of a 90 per cent interval, where there is one), ``n`` (Int64: what was counted),
        ``null_mean``, ``null_p`` (of A7) and ``note``: why a value is missing, or ``few_meetings``
        where fewer than 60 per cent of the councils met, so that A1 to A14 do not speak for the
        place. Second figures of an indicator have dotted names. `docs/methods.md` defines each. In
        the order of ``by``, then of codes.

    Raises
    ------
    SchemaError
        ``by`` holds an unknown level, ``tau`` is outside 0-1, or ``draws`` or ``top`` is negative.

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
    >>> found = alignment(needs, projects, links, by=["area"]).set_index("indicator")
    >>> found.loc[["A1", "A2", "A4", "A5", "A9"], "value"].round(2).to_dict()
    {'A1': 0.5, 'A2': 0.4, 'A4': 0.8, 'A5': 0.8, 'A9': 0.6}
    >>> found.loc[["A3", "A7"], "note"].to_dict()
    {'A3': 'not_given', 'A7': 'few_projects'}
    """
    unknown = [level for level in by if level not in LEVELS]
    if unknown or not 0 <= tau <= 1 or draws < 0 or top < 0:
        raise SchemaError(
            "needs.alignment_arguments", levels=", ".join(LEVELS),
            found=f"by={list(by)}, tau={tau}, draws={draws}, top={top}",
        )  # fmt: skip
    case = read_case(
        needs, projects, links, votes=votes, progress=progress, period=period,
        year_to_date=year_to_date, by=by,
    )  # fmt: skip
    rows = _of_links(
        case, tau=tau, draws=draws, seed=seed, top=top, population=population, agencies=agencies,
        delivered=progress is not None,
    )  # fmt: skip
    shares = Proportion(case)
    rows["A7"], null = dissimilarity(shares, seed=seed, draws=2 * draws)
    rows["A8"], rows["A8.ndcg"] = rank_agreement(shares)
    rows |= register_indicators(
        case, links=links, every_project=projects, progress=progress, tau=tau, meetings=meetings,
        survey=survey, deprivation=deprivation, population=population, duplicates=duplicates,
        quality=quality, villages=villages,
    )  # fmt: skip
    return _frame(case, _gated(rows), null)


def _of_links(
    case: Case, *, tau: float, draws: int, seed: int, top: int, population: pd.DataFrame | None,
    agencies: pd.DataFrame | None, delivered: bool,
) -> dict[str, Rows]:  # fmt: skip
    """Return the indicators that depend on links, with intervals over simulated links."""
    coverage = Coverage(case, top=top, population=population)
    first = TopNeeds(case, agencies)

    def indicators(kept: Floats, tau: float) -> dict[str, Floats]:
        return coverage.of_needs(kept, tau=tau) | coverage.of_projects(kept) | first.of_needs(kept)

    value = {k: v[0] for k, v in indicators(case.net.probability[np.newaxis], tau).items()}
    low = high = {name: np.full_like(v, np.nan) for name, v in value.items()}
    if draws:
        # a simulated need is covered or not: any threshold between 0 and 1 says the same
        drawn = [indicators(kept, 0.5) for kept in case.net.simulate(draws, seed)]
        limits = {
            name: np.quantile(np.concatenate([part[name] for part in drawn]), INTERVAL, axis=0)
            for name in value
        }
        low = {name: np.minimum(limits[name][0], value[name]) for name in value}
        high = {name: np.maximum(limits[name][1], value[name]) for name in value}
    rows = {}
    for name, found in value.items():
        of_case = name in (*OF_NEEDS, *OF_PROJECTS)
        n = coverage.counts(name) if of_case else first.counts(name)
        note = coverage.reasons(name) if of_case else first.reasons(name)
        rows[name] = Rows(found, low[name], high[name], n, note)
    if not delivered:
        rows |= {name: _not_given(case) for name in ("A3", "A9.delivered")}
    if agencies is None and not {"agencies", "agency_id"} & set(case.projects):
        rows["A14"] = _not_given(case)
    if population is None:
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


def register_indicators(
    case: Case,
    *,
    links: pd.DataFrame,
    every_project: pd.DataFrame,
    progress: pd.DataFrame | None,
    tau: float,
    meetings: pd.DataFrame | None,
    survey: pd.DataFrame | None,
    deprivation: pd.DataFrame | None,
    population: pd.DataFrame | None,
    duplicates: pd.DataFrame | None,
    quality: pd.DataFrame | None,
    villages: pd.DataFrame | None,
) -> dict[str, Rows]:
    """Return A11, A13 and A15 to A20; `evallib.needs.alignment` describes the frames."""
    none = np.full(len(case.scopes.codes), np.nan)
    absent = Rows(none, none, none, none, np.full(len(none), "not_given", dtype=object))
    gap, flagged = (absent, absent) if progress is None else progress_gap(case, progress)
    return {
        "A11.plan": response_lag(with_planned(case, every_project, links), "plan", tau=tau),
        "A11": response_lag(case, "start", tau=tau),
        "A11.delivered": (
            absent if progress is None else response_lag(case, "delivered", progress, tau=tau)
        ),
        "A13": absent if duplicates is None else duplicated_budget(case, duplicates),
        "A13.overlap": overlapping_budget(case, duplicates),
        "A15": public_notice(case),
        "A16": absent if meetings is None else councils_met(case, meetings),
        "A16.women": absent if meetings is None else women_present(case, meetings),
        "A16.villages": absent if villages is None else villages_heard(case, villages),
        "A17": absent if survey is None else survey_gap(case, survey),
        "A17.deprivation": absent if deprivation is None else deprivation_gap(case, deprivation),
        "A18": (
            absent if deprivation is None or population is None
            else equity(case, deprivation, population)
        ),
        "A19": gap,
        "A19.flagged": flagged,
        "A20": absent if quality is None else quality_score(case, quality),
    }  # fmt: skip
