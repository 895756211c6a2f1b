"""A sheet a month: the same projects told again, of which the last month of a quarter counts."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.sheets.headings import heading_key
from evallib.clean.values.written_dates import read_written
from evallib.findings import Finding, Where
from evallib.thai.keys import text_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evallib.clean.sheets.sheet import Sheet

TOLD = ("fiscal_year", "quarter")
HEADINGS = frozenset({"งวด", "เดือน", "ประจำเดือน", "รอบเดือน", "month", "period", "งวดเดือน"})
_YEAR_AND_MONTH = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$")
NAMES = ("agency_project_code", "title_th", "place_raw", "amphoe_code", "province_code")
CUMULATIVE = ("disbursed_cum", "physical_pct")


def latest_months(frames: Sequence[pd.DataFrame]) -> tuple[list[pd.DataFrame], list[Finding]]:
    """Return the rows of sheets of one quarter that later months do not tell again.

    Parameters
    ----------
    frames : sequence of pandas.DataFrame
        Projects of sheets that are each named for a month, in the columns of
        ``project_submissions``.

    Returns
    -------
    frames : list of pandas.DataFrame
        The same without rows that a later month tells again, by the agency's code or the title.
    findings : list of Finding
        ``intake.months_told`` for each sheet that lost rows, ``intake.cumulative_falls`` where an
        amount to date is less than a month before.
    """
    names = ["file", "sheet", "row", "as_of", *TOLD, *NAMES, *CUMULATIVE]
    together = pd.DataFrame(
        {name: [v for frame in frames for v in frame[name].tolist()] for name in names}
    )
    together["_frame"] = [i for i, frame in enumerate(frames) for _ in range(len(frame))]
    together["_project"] = _projects(together)
    same = together.groupby(["_frame", *TOLD, "_project"]).cumcount()  # two of one name in a sheet
    together["_project"] += same.map("#{}".format)
    ordered = together.sort_values(["as_of", "_frame"], kind="stable")
    findings = _falls(ordered)
    again = ordered.duplicated([*TOLD, "_project"], keep="last").sort_index()
    for (file, sheet), rows in together[again].groupby(["file", "sheet"], sort=True):
        where = Where(str(file), str(sheet))
        findings.append(Finding("intake.months_told", "info", where, str(len(rows))))
    kept = [~again[together["_frame"] == i].to_numpy() for i in range(len(frames))]
    return [frame[rows] for frame, rows in zip(frames, kept, strict=True)], findings


def split_by_month(sheet: Sheet, frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of a sheet that tells its projects month after month, a frame a month.

    Parameters
    ----------
    sheet : Sheet
        With a column that names the month of each row, under one of `HEADINGS`.
    frame : pandas.DataFrame
        Its projects, in the columns of ``project_submissions``.

    Returns
    -------
    list of pandas.DataFrame
        Each true of the last day of its month; ``[frame]`` where no such column is, or where every
        project is told once.
    """
    named = [h.column for h in sheet.headings if heading_key(h.column) in HEADINGS]
    if not named or not _projects(frame).duplicated().any():
        return [frame]
    days = [_end_of_month(cell) for cell in sheet.frame.loc[frame.index, named[0]]]
    if None in days:
        return [frame]
    dated = frame.assign(
        as_of=pd.to_datetime(pd.Series(days, frame.index)).astype(frame["as_of"].dtype)
    )
    return [month for _, month in dated.groupby("as_of", sort=True)]


def _end_of_month(cell: object) -> date | None:
    if found := _YEAR_AND_MONTH.match(str(cell).strip()):
        return (pd.Timestamp(int(found[1]), int(found[2]), 1) + pd.offsets.MonthEnd(0)).date()
    written = read_written(str(cell))
    return written.last if written.code == "date.month_only" else None


def _projects(rows: pd.DataFrame) -> pd.Series:
    """Return what names a project within one file: its code, else its title and place."""
    code, *others = (
        [text_key(text) if isinstance(text, str) else "" for text in rows[name]] for name in NAMES
    )
    named = [c or "|".join(rest) for c, *rest in zip(code, *others, strict=True)]
    return pd.Series(named, rows.index, dtype="object")


def _falls(ordered: pd.DataFrame) -> list[Finding]:
    """Return where what grows over time is less than it was a month before."""
    found = []
    for _, months in ordered.groupby([*TOLD, "_project"], sort=False):
        for name in CUMULATIVE:
            told = months[months[name].notna()].to_dict("records")
            for before, now in pairwise(told):
                if now[name] < before[name]:
                    where = Where(now["file"], now["sheet"], now["row"])
                    value = f"{before[name]:,.2f} → {now[name]:,.2f}"
                    found.append(Finding("intake.cumulative_falls", "warning", where, value))
    return found
