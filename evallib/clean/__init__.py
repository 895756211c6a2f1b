"""Cleaning: files as offices send them become frames, and everything noticed becomes findings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evallib.clean.amounts import parse_baht
    from evallib.clean.dates import parse_date_ranges, parse_thai_dates
    from evallib.clean.duplicates import find_duplicates
    from evallib.clean.identifiers import scrub_identifiers
    from evallib.clean.intake import Intake, assemble
    from evallib.clean.quantities import parse_counts, parse_percent
    from evallib.clean.read import Sheet, read_sheets
    from evallib.clean.register import known_projects
    from evallib.clean.statuses import parse_status
    from evallib.clean.submission import Submission, read_submission
    from evallib.clean.text import is_missing, normalise_thai

_HOME = {  # public name -> the module that it lives in
    "Intake": "intake",
    "Sheet": "read",
    "Submission": "submission",
    "assemble": "intake",
    "find_duplicates": "duplicates",
    "is_missing": "text",
    "known_projects": "register",
    "normalise_thai": "text",
    "parse_baht": "amounts",
    "parse_counts": "quantities",
    "parse_date_ranges": "dates",
    "parse_percent": "quantities",
    "parse_status": "statuses",
    "parse_thai_dates": "dates",
    "read_sheets": "read",
    "read_submission": "submission",
    "scrub_identifiers": "identifiers",
}
__all__ = [
    "Intake", "Sheet", "Submission", "assemble", "find_duplicates", "is_missing", "known_projects",
    "normalise_thai", "parse_baht", "parse_counts", "parse_date_ranges", "parse_percent",
    "parse_status", "parse_thai_dates", "read_sheets", "read_submission", "scrub_identifiers",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the child that reads files needs none of them."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
