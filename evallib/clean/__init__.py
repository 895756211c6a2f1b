"""Cleaning: files as offices send them become frames, and everything noticed becomes findings."""

from evallib.clean.amounts import parse_baht
from evallib.clean.assemble import Intake, assemble
from evallib.clean.dates import parse_date_ranges, parse_thai_dates
from evallib.clean.duplicates import find_duplicates
from evallib.clean.identifiers import scrub_identifiers
from evallib.clean.quantities import parse_counts, parse_percent, parse_status
from evallib.clean.read import Sheet, read_sheets
from evallib.clean.register import known_projects
from evallib.clean.submission import Submission, read_submission
from evallib.clean.text import is_missing, normalise_thai

__all__ = [
    "Intake", "Sheet", "Submission", "assemble", "find_duplicates", "is_missing", "known_projects",
    "normalise_thai",
    "parse_baht", "parse_counts", "parse_date_ranges", "parse_percent", "parse_status",
    "parse_thai_dates", "read_sheets", "read_submission", "scrub_identifiers",
]  # fmt: skip
