"""Whether sectors that people need get the money, whose order it is, and how long people wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.needs import response_curves, weigh_needs
from evallib.report.document import Block, Figure
from evallib.report.figures import proportion_figure, response_lag_figure, sector_ranks_figure
from evallib.report.sections.names import sector_names

if TYPE_CHECKING:
    from evallib.report.evidence import Evidence

ANYTHING = "OTH"


def agreement_blocks(evidence: Evidence) -> list[Block]:
    """Return the figures of shares, ranks and waiting."""
    e, language = evidence, evidence.language
    progress = e.store.read("project_progress", as_of=e.as_of.isoformat())
    curves = response_curves(
        e.every_need, e.every_project, e.links, progress=progress, period=e.period
    )
    return [
        Figure(
            proportion_figure(sector_shares(e), language=language),
            e.word("agreement.shares_caption"), language=language,
        ),
        Figure(
            sector_ranks_figure(sector_ranks(e), language=language),
            e.word("agreement.ranks_caption"),
            note=e.word("agreement.ranks_note", n=e.settings.threshold), language=language,
        ),
        Figure(
            response_lag_figure(curves, language=language), e.word("agreement.response_caption"),
            note=e.word("agreement.response_note"), language=language,
        ),
    ]  # fmt: skip


def sector_shares(evidence: Evidence) -> pd.DataFrame:
    """Return sector, share of the needs by priority, and share of the budgets of the year."""
    need, budget = need_weights(evidence), _budgets(evidence)
    table = pd.DataFrame({"need": need / need.sum(), "budget": budget / budget.sum()})
    table = table.fillna(0.0).rename_axis("sector_code").reset_index()
    table.insert(0, "sector", sector_names(table["sector_code"], evidence.language))
    return table[["sector", "need", "budget"]]


def need_weights(evidence: Evidence) -> pd.Series:
    """Return what the needs of each sector weigh, each tambon counting the same."""
    weights, _ = weigh_needs(evidence.needs, evidence.votes)
    of_need = evidence.needs["need_id"].map(weights).astype("float64")
    return of_need.groupby(evidence.needs["sector_code"]).sum()


def _budgets(evidence: Evidence) -> pd.Series:
    budget = evidence.projects["budget_approved"].astype("float64").fillna(0.0)
    return budget.groupby(evidence.projects["sector_code"]).sum()


def sector_ranks(evidence: Evidence) -> pd.DataFrame:
    """Return sector, its rank with the councils and, where enough people named it, in the survey.

    Answers given while an official was present are left out, as in A17.
    """
    e = evidence
    need = need_weights(e).drop(ANYTHING, errors="ignore")
    alone = e.survey[~e.survey["official_present"].eq(1).fillna(value=False)]
    named = alone["need_rank_1"].value_counts().drop(ANYTHING, errors="ignore")
    named = named[named >= e.settings.threshold]
    table = pd.DataFrame({
        "council": need.round(12).rank(ascending=False, method="min"),
        "survey": named.rank(ascending=False, method="min"),
    }).rename_axis("sector_code").reset_index()  # fmt: skip
    table.insert(0, "sector", sector_names(table["sector_code"], e.language))
    return table[["sector", "council", "survey"]]
