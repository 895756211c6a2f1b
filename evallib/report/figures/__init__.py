"""Drawings of a report: a frame in, a matplotlib Figure with its alt text out."""

from evallib.report.figures.budget import agency_budget_figure, waterfall_figure
from evallib.report.figures.cohorts import outcome_trends_figure, treatment_timing_figure
from evallib.report.figures.coverage import coverage_figure
from evallib.report.figures.effects import event_study_figure
from evallib.report.figures.intervals import alignment_figure, survey_figure
from evallib.report.figures.ledger import baht_ledger_figure
from evallib.report.figures.needs import need_project_heatmap_figure, needs_by_sector_figure
from evallib.report.figures.points import coverage_map_figure
from evallib.report.figures.progress import progress_figure, trend_figure
from evallib.report.figures.proportion import proportion_figure
from evallib.report.figures.quality import quality_figure
from evallib.report.figures.ranks import sector_ranks_figure
from evallib.report.figures.response import response_lag_figure

__all__ = [
    "agency_budget_figure",
    "alignment_figure",
    "baht_ledger_figure",
    "coverage_figure",
    "coverage_map_figure",
    "event_study_figure",
    "need_project_heatmap_figure",
    "needs_by_sector_figure",
    "outcome_trends_figure",
    "progress_figure",
    "proportion_figure",
    "quality_figure",
    "response_lag_figure",
    "sector_ranks_figure",
    "survey_figure",
    "treatment_timing_figure",
    "trend_figure",
    "waterfall_figure",
]
