"""Indicators that rest on more than links: A11, A13, A15 to A20, each where its frame is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.needs.case import Case, Rows
from evallib.needs.data_quality import quality_score
from evallib.needs.duplication import duplicated_budget, overlapping_budget
from evallib.needs.equity import equity
from evallib.needs.register_gaps import progress_gap, public_notice
from evallib.needs.representation import deprivation_gap, survey_gap
from evallib.needs.response import response_lag, with_planned
from evallib.needs.voices import councils_met, villages_heard, women_present

if TYPE_CHECKING:
    import pandas as pd


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
