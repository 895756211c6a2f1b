"""Sheets of projects: one row a project, with its progress at the quarter reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.kinds.agencies import name_agencies
from evallib.clean.kinds.places import find_row_places
from evallib.clean.rules.judge import judge_sheet
from evallib.clean.sheets.columns import Columns
from evallib.clean.values.dates import parse_date_ranges, parse_fiscal_years, parse_thai_dates
from evallib.clean.values.quantities import parse_percent, parse_status

if TYPE_CHECKING:
    from evallib.clean.sheets.sheet import Sheet
    from evallib.clean.sheets.title_rows import Context
from evallib.clean.values.written_periods import find_quarter
from evallib.findings import Finding
from evallib.tables.cleaned import PLANS

_NOT_LETTERS = re.compile(r"[\s.()\-/]+")
_TEXTS = (
    "title_th", "agency_project_code", "budget_code", "sector_reported", "fund_source",
    "budget_type", "objective_th", "target_group", "problem_text",
)  # fmt: skip


def read_projects(sheet: Sheet, context: Context) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the projects of a sheet in the columns of ``project_submissions``.

    Parameters
    ----------
    sheet : Sheet
        A sheet of kind ``projects``.
    context : Context
        What its title rows, folder and name say.

    Returns
    -------
    frame : pandas.DataFrame, shape (m, k)
        One row for each row with a title. ``file``, ``sheet`` and ``row`` tell where it stands;
        ids are given by `assemble`.
    findings : list of Finding
        Every cell that could not be read, every rule that a row breaks, and ``intake.no_title``
        for each row left out.
    """
    columns = Columns(sheet, context.period.quarter)
    values = {name: columns.text(name) for name in _TEXTS}
    values["plan_source"] = name_plans(columns.text("plan_source"))
    values |= columns.parse_money("budget_approved", "disbursed_cum")
    values["physical_pct"] = columns.parse("physical_pct", parse_percent, empty="float64")
    values["status"] = columns.parse("status", parse_status, empty="object")
    values["beneficiaries_actual"] = columns.count("beneficiaries_actual")
    values["target_n"] = columns.count("target_n" if "target_n" in columns else "target_group")
    values["target_households"] = columns.count("target_households", unit="ครัวเรือน")
    values |= _dates(columns) | name_agencies(columns, context)
    values |= find_row_places(columns, context)
    values |= _periods_of_rows(columns, context)
    frame, _ = columns.keep(values, context.as_of, needed={"intake.no_title": "title_th"})
    return judge_sheet(columns, frame, "project_submissions")


def _periods_of_rows(columns: Columns, context: Context) -> dict[str, pd.Series]:
    """Return year and quarter of each row: its own before those of the whole sheet."""
    years = columns.parse("fiscal_year", parse_fiscal_years, empty="Int64").astype("Int64")
    years = years.fillna(context.period.fiscal_year)
    quarters = pd.Series(context.period.quarter, columns.index, dtype="Int64")
    if "quarter" in columns:
        own = [find_quarter(written) for written in columns.raw("quarter")]
        stated = pd.Series([q.quarter if q else None for q in own], columns.index, dtype="Int64")
        of_year = pd.Series([q.fiscal_year or None if q else None for q in own], columns.index)
        quarters, years = stated.fillna(quarters), of_year.astype("Int64").fillna(years)
        other = quarters.ne(context.period.quarter) | years.ne(context.period.fiscal_year)
        rows = other[other].index
        columns.report(
            (Finding("intake.quarter_of_row", "warning", str(row)) for row in rows),
            column=columns.heading("quarter").column,
        )
    return {"fiscal_year": years, "quarter": quarters}


def name_plans(written: pd.Series) -> pd.Series:
    """Write known plans in one way, whatever their spaces and dots; keep the others."""
    known = {_NOT_LETTERS.sub("", plan): plan for plan in PLANS}
    return written.map(lambda text: known.get(_NOT_LETTERS.sub("", text), text), na_action="ignore")


def _dates(columns: Columns) -> dict[str, pd.Series]:
    dates = {
        name: columns.parse(name, parse_thai_dates, empty="datetime64[s]")
        for name in ("start_date", "end_date", "public_notice_date")
    }
    if "duration" in columns and "start_date" not in columns:
        start, end, findings = parse_date_ranges(columns.raw("duration"))
        columns.report(findings, column=columns.heading("duration").column)
        dates |= {"start_date": start, "end_date": end}
    return dates
