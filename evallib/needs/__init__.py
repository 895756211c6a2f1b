"""What people asked for: its sector, the projects that answer it, and how well they answer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "agency_gaps": "integration",
    "agency_overlap": "integration",
    "alignment": "indicators",
    "classify_needs": "classify",
    "estimate_completeness": "completeness",
    "link_projects": "link",
    "project_captures": "integration",
    "read_keywords": "topics",
    "read_labels": "labels",
    "read_link_review": "link_review",
    "read_sectors": "topics",
    "read_statements": "labels",
    "read_topics": "topics",
    "response_curves": "curves",
    "weigh_needs": "weights",
}
__all__ = [
    "agency_gaps", "agency_overlap", "alignment", "classify_needs", "estimate_completeness",
    "link_projects", "project_captures", "read_keywords", "read_labels", "read_link_review",
    "read_sectors", "read_statements", "read_topics", "response_curves", "weigh_needs",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public function when it is first used."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
