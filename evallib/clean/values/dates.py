"""Columns of dates and of ranges of dates, as officials type them."""

from __future__ import annotations

from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.values.distinct_cells import Note, Reading, note_missing, read_distinct
from evallib.clean.values.written_dates import (
    NOTHING,
    UNREADABLE,
    Written,
    read_day,
    read_serial,
    read_written,
)
from evallib.clean.values.written_periods import (
    find_as_of,
    find_date,
    find_period,
    is_cumulative,
    is_short,
    read_range,
)
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.findings import Finding, Severity
    from evallib.thai.text_columns import Cells

__all__ = [
    "find_as_of",
    "find_date",
    "find_period",
    "parse_date_ranges",
    "parse_fiscal_years",
    "parse_thai_dates",
    "parse_thai_periods",
]

SEVERITY: dict[str, Severity] = {
    UNREADABLE: "error",
    "date.range_reversed": "error",
    "date.ambiguous": "warning",
    "date.is_range": "warning",
    "date.month_only": "warning",
}
_UNSTATED = Note(UNREADABLE, "error")
_UNSTATED_PERIOD = Note("period.unread", "error")


def parse_thai_dates(values: Cells) -> tuple[pd.Series, list[Finding]]:
    """Read day-month-year dates written in Thai or Arabic digits, Buddhist or Common Era.

    Day comes first, as in every Thai form; ISO dates and Excel serials are known as well. Years
    2400-2700 are Buddhist Era, 1900-2100 Common Era, two digits 40-99 are 25xx. The year is
    converted before the date is built, so 29/2/2567 exists. A time of day is ignored. Nothing is
    dropped and nothing raises: what cannot be read becomes ``NaT`` and one finding.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet: strings, numbers, dates, timestamps or missing. The index is
        kept.

    Returns
    -------
    dates : pandas.Series of datetime64[s], shape (n,)
        Common Era dates without time zone; same index and name as ``values``.
    findings : list of Finding
        At most one for each cell. Error: ``date.unreadable`` (also for ไม่ระบุ: there is a date,
        but nobody wrote it). Warning: ``date.ambiguous`` and ``date.is_range`` (both ``NaT``),
        ``date.month_only`` (read as its first day). Info: ``date.short_year``, ``date.era`` (a
        Buddhist-Era year in an ISO date, a serial, a timestamp or under the label of the other
        era), ``date.serial``, ``date.month_spelling``, ``date.null_date`` (the null date of
        another system, missing), ``text.status_note``. A dash, n/a or ไม่มี is silently missing.

    See Also
    --------
    parse_date_ranges : Start and end in one cell.
    evallib.periods.FiscalPeriod : The fiscal year or quarter that a date falls in.

    Notes
    -----
    Each distinct cell is read once, so the cost grows with distinct values, not rows.

    Examples
    --------
    >>> raw = pd.Series(["๑๕ มิ.ย. ๒๕๖๕", "15/06/65", "ไม่ระบุ", None], name="start")
    >>> dates, findings = parse_thai_dates(raw)
    >>> dates.dt.strftime("%Y-%m-%d").tolist()
    ['2022-06-15', '2022-06-15', nan, nan]
    >>> [(f.code, f.where) for f in findings]
    [('date.short_year', '1'), ('date.unreadable', '2')]
    """
    values = as_column(values)
    column = read_distinct(values, _read_date_cell)
    days = column.spread(itemgetter(0), "datetime64[s]", np.datetime64("NaT"))
    return pd.Series(days, index=values.index, name=values.name), column.findings


def parse_date_ranges(values: Cells) -> tuple[pd.Series, pd.Series, list[Finding]]:
    """Read cells that hold a start and an end, such as ``1 ต.ค. 64 - 30 ก.ย. 65``.

    A month stands for its first to its last day, a fiscal year or quarter for its own, a single
    day for itself. The first date may leave out what it shares with the second: ``1-15 มิ.ย. 65``.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet. The index is kept.

    Returns
    -------
    start, end : pandas.Series of datetime64[s], shape (n,)
        First and last day, both inclusive; same index as ``values``, named ``start_date`` and
        ``end_date``.
    findings : list of Finding
        As ``parse_thai_dates``, and ``date.range_reversed`` (error, both ``NaT``) where the end
        lies before the start.

    Examples
    --------
    >>> raw = pd.Series(["ต.ค. 2564 – มี.ค. 2565", "ไตรมาส 3/2565"])
    >>> start, end, findings = parse_date_ranges(raw)
    >>> start.dt.strftime("%Y-%m-%d").tolist(), end.dt.strftime("%Y-%m-%d").tolist()
    (['2021-10-01', '2022-04-01'], ['2022-03-31', '2022-06-30'])
    """
    values = as_column(values)
    column = read_distinct(values, _read_range_cell)
    start, end = (
        pd.Series(
            column.spread(itemgetter(at), "datetime64[s]", np.datetime64("NaT")),
            index=values.index,
            name=name,
        )
        for at, name in enumerate(("start_date", "end_date"))
    )
    return start, end, column.findings


def parse_thai_periods(
    values: Cells, *, fiscal_year: int | None = None
) -> tuple[pd.Series, list[Finding]]:
    """Read fiscal years and quarters such as ``ไตรมาสที่ ๓ ปีงบประมาณ 2565``, ``Q3/65``, ``FY2022``.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet. The index is kept.
    fiscal_year : int, optional
        Buddhist-Era year for a quarter that names none, as the title rows state it.

    Returns
    -------
    periods : pandas.Series of str, shape (n,)
        Such as ``2565-Q3`` or ``2565``, as ``FiscalPeriod.parse`` reads them; missing where none.
    findings : list of Finding
        ``period.unread`` (error), ``period.cumulative`` (info: รอบ 9 เดือน is the third quarter,
        counted from the start of the year), ``period.short_year`` (info).

    Examples
    --------
    >>> periods, findings = parse_thai_periods(pd.Series(["Q3/65", "รอบ 6 เดือน ปี 2565", "ต้นปี"]))
    >>> periods.tolist()
    ['2565-Q3', '2565-Q2', nan]
    >>> [f.code for f in findings]
    ['period.short_year', 'period.cumulative', 'period.unread']
    """
    values = as_column(values)

    def read_one(cell: Any) -> Reading:
        if missing := note_missing(cell, unstated=_UNSTATED_PERIOD):
            return missing
        period = find_period(str(cell), fiscal_year=fiscal_year)
        if period is None:
            return Reading(None, (_UNSTATED_PERIOD,))
        if is_cumulative(str(cell)):
            return Reading(str(period), (Note("period.cumulative", "info"),))
        short = (Note("period.short_year", "info"),) if is_short(str(cell)) else ()
        return Reading(str(period), short)

    column = read_distinct(values, read_one)
    found = column.spread(str, "object", None)
    return pd.Series(found, index=values.index, name=values.name, dtype="str"), column.findings


def parse_fiscal_years(values: Cells) -> tuple[pd.Series, list[Finding]]:
    """Read a column of fiscal years, in either era and with two or four digits.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet: 2565, ``"ปี 65"``, ``"2022"``. The index is kept.

    Returns
    -------
    years : pandas.Series of Int64, shape (n,)
        Buddhist-Era fiscal years; 2022 is read as the year that ends in 2022, which is 2565.
    findings : list of Finding
        As ``parse_thai_periods``.

    Examples
    --------
    >>> parse_fiscal_years(pd.Series(["ปีงบประมาณ พ.ศ. 2565", 2022, "-"]))[0].tolist()
    [2565, 2565, <NA>]
    """
    values = as_column(values)
    periods, findings = parse_thai_periods(values)
    return pd.to_numeric(periods.str[:4]).astype("Int64"), findings


def _read_date_cell(cell: Any) -> Reading:
    """Read one distinct cell as one day."""
    if missing := note_missing(cell, unstated=_UNSTATED):
        return missing
    written = _read_object(cell) or read_written(str(cell))
    if written.code == UNREADABLE and isinstance(cell, str) and read_range(cell).first:
        written = Written(None, None, "date.is_range")
    return Reading(written[:1] if written.first else None, _notes(written))


def _read_range_cell(cell: Any) -> Reading:
    """Read one distinct cell as first and last day."""
    if missing := note_missing(cell, unstated=_UNSTATED):
        return missing
    written = _read_object(cell) or read_range(str(cell))
    if written.code == "date.month_only":
        written = written._replace(code="")
    return Reading(written[:2] if written.first else None, _notes(written))


def _read_object(cell: Any) -> Written | None:
    """Read a cell that is no text: a date, a timestamp or a number of days."""
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[s]").item()
    if isinstance(cell, pd.Timestamp):
        cell = date(cell.year, cell.month, cell.day)
    if isinstance(cell, (date, datetime)):
        return read_day(cell)
    if isinstance(cell, (int, float, np.number)):
        days = float(cell)
        return read_serial(int(days)) if abs(days) < 1e6 else NOTHING
    return None


def _notes(written: Written) -> tuple[Note, ...]:
    """Return the remark on a date, if there is one."""
    return (Note(written.code, SEVERITY.get(written.code, "info")),) if written.code else ()
