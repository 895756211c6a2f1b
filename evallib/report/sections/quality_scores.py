"""Scores of the quality of data by agency (indicator A20): a sentence, a figure and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number
from evallib.report.document import Block, Figure, Prose, Table
from evallib.report.figures.quality import DIMENSIONS, quality_figure
from evallib.report.sections.names import agency_names

if TYPE_CHECKING:
    from evallib.report.evidence import Evidence


def quality_score_blocks(evidence: Evidence) -> list[Block]:
    """Return what the chapter on data quality says of the scores; nothing where there are none.

    Agencies report by duty and are not persons: their scores are never suppressed.
    """
    e, language = evidence, evidence.language
    table = quality_scores_by_agency(e)
    if table.empty:
        return []
    means = {name: format_number(100 * table[name].mean(), decimals=1) for name in DIMENSIONS}
    absent = int((e.quality["n_files"] == 0).sum())
    scores = ("overall", *DIMENSIONS)
    return [
        Prose(e.word("quality.scores_text", agencies=len(table), absent=absent, **means),
              language=language),
        Figure(quality_figure(table, language=language), e.word("quality.scores_figure_caption"),
               language=language),
        Table(
            table[["agency", "reports", "rows", *scores]], e.word("quality.scores_caption"),
            columns=(e.word("agency"), e.word("quality.files"), e.word("quality.rows"),
                     *(e.word(f"quality.{name}") for name in scores)),
            formats={"reports": "int", "rows": "int", "overall": "percent",
                     "completeness": "percent", "timeliness": "percent",
                     "consistency": "percent", "correctness": "percent"},
            note=e.word("quality.scores_note"), language=language,
        ),
    ]  # fmt: skip


def quality_scores_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return the scores of each agency, of a year the mean of its quarters, the lowest first."""
    scores = ["overall", *DIMENSIONS]
    grouped = evidence.quality.groupby("agency_id")
    table = grouped[scores].mean().join(grouped[["n_files", "n_rows"]].sum()).reset_index()
    table = table.sort_values(["overall", "agency_id"], ignore_index=True)
    names = agency_names(table["agency_id"], evidence.language)
    return pd.DataFrame(
        {"agency": names, "reports": table["n_files"], "rows": table["n_rows"]}
    ).join(table[scores])
