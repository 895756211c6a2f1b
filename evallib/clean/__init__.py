"""Cleaning: files as offices send them become frames, and everything noticed becomes findings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evallib.clean.amounts import parse_baht
    from evallib.clean.amounts_by_year import parse_baht_by_year
    from evallib.clean.budget_ledger import baht_ledger, sector_ledger, total_ledger
    from evallib.clean.budget_parts import find_parts
    from evallib.clean.dates import (
        parse_date_ranges,
        parse_fiscal_years,
        parse_thai_dates,
        parse_thai_periods,
    )
    from evallib.clean.duplicate_decisions import Review, read_review, write_review
    from evallib.clean.duplicates import find_duplicates
    from evallib.clean.identifiers import scrub_identifiers
    from evallib.clean.intake import Intake, assemble
    from evallib.clean.measures import parse_area, parse_length
    from evallib.clean.period_checks import check_dates_in_periods
    from evallib.clean.quantities import parse_counts, parse_counts_of_target, parse_percent
    from evallib.clean.read import Sheet, read_sheets
    from evallib.clean.register import known_projects
    from evallib.clean.statuses import parse_status
    from evallib.clean.submission import Submission, read_submission
    from evallib.clean.text import is_missing, normalise_thai
    from evallib.clean.text_repairs import repair_thai

_HOME = {  # public name -> the module that it lives in
    "Intake": "intake",
    "Review": "duplicate_decisions",
    "Sheet": "read",
    "Submission": "submission",
    "assemble": "intake",
    "baht_ledger": "budget_ledger",
    "check_dates_in_periods": "period_checks",
    "find_duplicates": "duplicates",
    "find_parts": "budget_parts",
    "is_missing": "text",
    "known_projects": "register",
    "normalise_thai": "text",
    "parse_area": "measures",
    "parse_baht": "amounts",
    "parse_baht_by_year": "amounts_by_year",
    "parse_counts": "quantities",
    "parse_counts_of_target": "quantities",
    "parse_date_ranges": "dates",
    "parse_fiscal_years": "dates",
    "parse_length": "measures",
    "parse_percent": "quantities",
    "parse_status": "statuses",
    "parse_thai_dates": "dates",
    "parse_thai_periods": "dates",
    "read_review": "duplicate_decisions",
    "read_sheets": "read",
    "read_submission": "submission",
    "repair_thai": "text_repairs",
    "scrub_identifiers": "identifiers",
    "sector_ledger": "budget_ledger",
    "total_ledger": "budget_ledger",
    "write_review": "duplicate_decisions",
}
__all__ = [
    "Intake", "Review", "Sheet", "Submission", "assemble", "baht_ledger",
    "check_dates_in_periods", "find_duplicates", "find_parts", "is_missing", "known_projects",
    "normalise_thai", "parse_area", "parse_baht", "parse_baht_by_year", "parse_counts",
    "parse_counts_of_target", "parse_date_ranges", "parse_fiscal_years", "parse_length",
    "parse_percent", "parse_status", "parse_thai_dates", "parse_thai_periods", "read_review",
    "read_sheets", "read_submission", "repair_thai", "scrub_identifiers",
    "sector_ledger", "total_ledger",
    "write_review",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the child that reads files needs none of them."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
