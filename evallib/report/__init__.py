"""Reports: neutral blocks, drawings, pages and the index over all reports."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "evallib.report.evidence": (
        "Evidence", "edition_of", "open_store", "read_evidence", "scope_name",
    ),
    "evallib.report.sections.cover": ("cover_section",),
    "evallib.report.sections.numbers": ("Headline", "headline"),
    "evallib.report.sections.brief": ("brief_section",),
    "evallib.report.sections.projects": ("projects_section",),
    "evallib.report.sections.needs": ("needs_section",),
    "evallib.report.sections.alignment": ("alignment_of", "alignment_section"),
    "evallib.report.sections.progress": ("progress_section",),
    "evallib.report.sections.integration": ("integration_section",),
    "evallib.report.sections.results": ("results_section",),
    "evallib.report.sections.impact": (
        "NoSignal", "Signal", "effects_frame", "impact_section", "impact_signal",
    ),
    "evallib.report.sections.quality": (
        "limitations_section", "provenance_section", "quality_section",
    ),
    "evallib.report.document": (
        "Block", "Callout", "Cover", "Figure", "FindingList", "Footnote", "Heading", "ItemList",
        "KeyNumber", "KeyNumbers", "Prose", "Table",
    ),
    "evallib.report.handover": ("Result", "emit", "result_block", "show"),
    "evallib.report.wire": ("blocks_of", "results_of"),
    "evallib.report.html": ("render_html",),
    "evallib.report.site": ("write_index",),
    "evallib.report.style": ("png_bytes",),
    "evallib.report.figures": (
        "agency_budget_figure", "alignment_figure", "baht_ledger_figure", "coverage_figure",
        "coverage_map_figure", "event_study_figure", "need_project_heatmap_figure",
        "needs_by_sector_figure", "outcome_trends_figure", "progress_figure",
        "proportion_figure", "quality_figure", "response_lag_figure", "sector_ranks_figure",
        "survey_figure", "treatment_timing_figure", "trend_figure", "waterfall_figure",
    ),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605  one list serves both the import and the export


def __getattr__(name: str) -> Any:
    """Load a public name on first use: a page needs no drawing, a drawing no page."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evallib.report' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
