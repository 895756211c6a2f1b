"""Items of the budget act, as published in machine-readable form: one row an item and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.clean.kinds.agencies import name_agencies
from evallib.clean.kinds.places import find_row_places
from evallib.clean.sheets.columns import Columns
from evallib.clean.sheets.title_rows import Context
from evallib.clean.values.dates import parse_fiscal_years
from evallib.errors import RefusedFile
from evallib.findings import Finding, Where
from evallib.periods import FiscalPeriod
from evallib.thai.days import BUDDHIST_ERA

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from evallib.clean.sheets.sheet import Sheet


def read_budget_items(sheet: Sheet, context: Context) -> tuple[pd.DataFrame, list[Finding]]:
    """Return budget items in the columns of ``project_submissions``.

    The place is read from the description of the item alone. The same item in several fiscal
    years is an obligation over years: one submission for each year.

    Returns
    -------
    frame : pandas.DataFrame, shape (m, k)
        One row for each item with a description.
    findings : list of Finding
        Cells that could not be read, and ``intake.no_title`` for each row left out.
    """
    columns = Columns(sheet)
    texts = ("title_th", "plan_source", "budget_type")
    values: dict[str, object] = {name: columns.text(name) for name in texts}
    values["budget_code"] = columns.text("item_id")
    values |= columns.parse_money("budget_approved")
    years = columns.parse("fiscal_year", parse_fiscal_years, empty="Int64").astype("Int64")
    values["fiscal_year"] = years.fillna(context.period.fiscal_year)
    values |= {"quarter": context.period.quarter, "status": "approved"}
    values |= find_row_places(columns, context) | name_agencies(columns, context)
    return columns.keep(values, context.as_of, needed={"intake.no_title": "title_th"})


def bill_context(sheet: Sheet) -> Context:
    """Return the context that the items themselves give: the year in which their act begins.

    An item's id begins with the Common Era year of its act; a file without ids is dated by its
    earliest fiscal year.

    Raises
    ------
    RefusedFile
        No id and no year can be read.
    """
    columns = Columns(sheet)
    written = columns.text("item_id").astype("str").str.extract(r"^(\d{4})\.")[0].dropna()
    years = [int(year) + BUDDHIST_ERA for year in written]
    if not years:
        parsed, _ = parse_fiscal_years(columns.raw("fiscal_year"))
        years = [int(year) for year in parsed.dropna()]
    if not years:
        raise RefusedFile("intake.no_period", found=sheet.source)
    period = FiscalPeriod(min(years), 1)
    as_of: date = period.start
    where = Where(sheet.source, sheet.name)
    assumed = Finding("intake.as_of_assumed", "info", where, as_of.isoformat())
    return Context(period, as_of, None, None, None, None, (assumed,))
