"""Whether the day of a report lies in the quarter that the report names."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import SchemaError
from evallib.findings import Finding
from evallib.periods import FiscalPeriod
from evallib.thai.days import BUDDHIST_ERA, read_day
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.thai.text_columns import Cells


def check_dates_in_periods(periods: Cells, dates: Cells) -> list[Finding]:
    """Find rows whose day lies outside the period that they name.

    Meant for the day of a report, a meeting or a payment of that quarter. The start of a project
    may lie long before the quarter it is reported in.

    Parameters
    ----------
    periods : pandas.Series of str, shape (n,)
        As `parse_thai_periods` returns them: ``2565-Q3`` or ``2565``.
    dates : pandas.Series of datetime64, shape (n,)
        As `parse_thai_dates` returns them, or days as `datetime.date` or text. Missing values on
        either side are passed over.

    Returns
    -------
    list of Finding
        In row order, ``where`` is the label of ``periods``. Warning: ``period.calendar_quarter``
        where quarters of the calendar year would fit (January to March as the first), else
        ``period.date_outside``.

    Raises
    ------
    SchemaError
        A period is none that `FiscalPeriod.parse` reads, a day is none, or the two lengths differ.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2021-10-15", "2022-05-01"]))
    >>> [(f.code, f.value) for f in check_dates_in_periods(pd.Series(["2565-Q3"] * 2), days)]
    [('period.date_outside', '2565-Q3 ≠ 2021-10-15')]
    """
    periods = as_column(periods)
    dates = as_column(dates)
    if len(periods) != len(dates):
        raise SchemaError("period.lengths_differ", found=f"{len(periods)}, {len(dates)}")
    known: dict[str, FiscalPeriod] = {}
    findings = []
    for label, name, given in zip(periods.index, periods.tolist(), dates.tolist(), strict=True):
        if pd.isna(name) or pd.isna(given):
            continue
        day = given.date() if isinstance(given, datetime) else read_day(given, code="runner.as_of")
        period = known.setdefault(name, FiscalPeriod.parse(name))
        if not period.contains(day):
            code = "calendar_quarter" if _fits_calendar(period, day) else "date_outside"
            value = f"{period} ≠ {day:%Y-%m-%d}"
            findings.append(Finding(f"period.{code}", "warning", str(label), value))
    return findings


def _fits_calendar(period: FiscalPeriod, day: date) -> bool:
    """Tell whether quarters counted from January, in the Buddhist-Era year, hold the day."""
    year, quarter = day.year + BUDDHIST_ERA, (day.month - 1) // 3 + 1
    return (period.fiscal_year, period.quarter) == (year, quarter)
