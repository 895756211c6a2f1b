"""What holds for a whole sheet: period, date of the data, agency and place of the title rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from evallib.agencies import resolve_agencies
from evallib.clean.values.dates import find_as_of, find_period
from evallib.clean.values.written_dates import read_written
from evallib.errors import NotFound, RefusedFile
from evallib.findings import Finding, Where
from evallib.periods import FiscalPeriod
from evallib.places import find_province, resolve_places
from evallib.thai.text import normalise_thai

if TYPE_CHECKING:
    from datetime import date

    from evallib.clean.sheets.sheet import Sheet

_YEAR = re.compile(r"(?:FY)?(25\d\d)", re.IGNORECASE)
_QUARTER = re.compile(r"(?:\D|^)(?:Q|ไตรมาส(?:ที่)?\s*)([1-4])(?:\D|$)", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?:หน่วยงาน|ส่วนราชการ)(?:ที่รับผิดชอบ|รับผิดชอบ|ผู้รายงาน|ที่รายงาน|เจ้าของโครงการ)?\s*[:：]?\s*(.+?)\s*"
    r"(?=(?:ประจำ)?ปีงบประมาณ|ไตรมาส|ข้อมูล\s*ณ|\(?หน่วย(?:เงิน|นับ)?\s*[:：]|$)"
)
_MONTH = re.compile(r"เดือน\s*([ก-์.]+\s*(?:พ\.?\s?ศ\.?\s*)?(?:\d{4}|\d{2}))(?!\d)")
_PLACE = re.compile(r"ตำบล|อำเภอ|จังหวัด|(?:^|[\s(])[ตอจ]\.")


@dataclass(frozen=True, slots=True)
class Context:
    """What the title rows, the folder and the name of a sheet say about all its rows.

    Parameters
    ----------
    period : FiscalPeriod
        The quarter reported.
    as_of : datetime.date
        Day on which the data were true.
    agency_raw, agency_id : str or None
        As written, and as the alias table knows it.
    place_code : str or None
        Province (2), amphoe (4) or tambon (6 digits) that the title rows name.
    province : str or None
        Code of the province that the sheet is named for, else of ``place_code``.
    findings : tuple of Finding
    """

    period: FiscalPeriod
    as_of: date
    agency_raw: str | None
    agency_id: str | None
    place_code: str | None
    province: str | None
    findings: tuple[Finding, ...]


def read_context(sheet: Sheet) -> Context:
    """Read the context of a sheet; its ``source`` is the path below the folder of submissions.

    Raises
    ------
    RefusedFile
        Neither the title rows nor the folder tell which quarter is reported.
    """
    titles = tuple(map(_tidy, sheet.titles))
    stated_as_of = next((day for title in titles if (day := _as_of_in(title))), None)
    findings: list[Finding] = []
    month = month_named(sheet.name)  # a sheet a month: what it says is true of that month
    if month is not None:
        period = FiscalPeriod.of(month)
    else:
        month = next((day for title in titles if (day := _month_in(title))), None)
        period, findings = _period(titles, folder_period(sheet.source), stated_as_of, sheet.source)
    assumed = month if month is not None and period.start <= month <= period.end else period.end
    if stated_as_of is None:
        where = Where(sheet.source, sheet.name)
        findings.append(Finding("intake.as_of_assumed", "info", where, assumed.isoformat()))
    agency_raw = next((m[1] for title in titles if (m := _AGENCY.search(title))), None)
    place_code = next((code for title in titles if (code := _place_of(title))), None)
    place_code = _sheet_place(sheet.name, place_code) or place_code
    return Context(
        period=period,
        as_of=stated_as_of or assumed,
        agency_raw=agency_raw,
        agency_id=find_agency(agency_raw) if agency_raw else None,
        place_code=place_code,
        province=_province_named(sheet.name) or (place_code[:2] if place_code else None),
        findings=tuple(findings),
    )


@lru_cache(maxsize=1024)
def find_agency(written: str) -> str | None:
    """Return the id of an agency in the alias table, or None."""
    found = resolve_agencies(pd.Series([written], dtype="object"))["agency_id"].iloc[0]
    return None if pd.isna(found) else str(found)


@lru_cache(maxsize=1024)
def folder_period(source: str) -> FiscalPeriod | None:
    """Return the period that the folders of a file name, such as ``2565/Q3/a.xlsx``.

    Examples
    --------
    >>> str(folder_period("2565/Q3/any.xlsx")), folder_period("any.xlsx")
    ('2565-Q3', None)
    """
    folders = PurePosixPath(source).parts[:-1]
    year = next((int(m[1]) for f in reversed(folders) if (m := _YEAR.search(f))), None)
    quarter = next((int(m[1]) for f in reversed(folders) if (m := _QUARTER.search(f))), 0)
    return FiscalPeriod(year, quarter) if year else None


def _period(
    titles: tuple[str, ...], folder: FiscalPeriod | None, as_of: date | None, source: str
) -> tuple[FiscalPeriod, list[Finding]]:
    """Choose between title rows and folder; where they differ, the date of the data decides."""
    year = folder.fiscal_year if folder else None
    named = [p for title in titles if (p := _period_in(title, year))]
    stated = next((p for p in named if p.quarter), None)
    if stated is None and named and folder and folder.quarter:
        stated = FiscalPeriod(named[0].fiscal_year, folder.quarter)
    if folder is None or not folder.quarter:
        folder = None
    dated = FiscalPeriod.of(as_of) if as_of else None
    chosen = stated or folder or dated
    if chosen is None:
        raise RefusedFile("intake.no_period", found=source)
    if stated is None or folder is None or stated == folder:
        return chosen, []
    chosen = folder if dated == folder else stated
    return chosen, [
        Finding("intake.period_conflict", "warning", source, f"{stated} ≠ {folder} → {chosen}")
    ]


# Thousands of files bear the same few title rows, so each is read once.
@lru_cache(maxsize=4096)
def _tidy(title: str) -> str:
    return " ".join(normalise_thai(title).split())


@lru_cache(maxsize=4096)
def _as_of_in(title: str) -> date | None:
    return find_as_of(title)


@lru_cache(maxsize=4096)
def _period_in(title: str, fiscal_year: int | None) -> FiscalPeriod | None:
    return find_period(title, fiscal_year=fiscal_year)


@lru_cache(maxsize=4096)
def _place_of(title: str) -> str | None:
    """Return the code of the place that a title row names, or None."""
    if not _PLACE.search(title) or _AGENCY.search(title):
        return None
    code = resolve_places(pd.Series([title], dtype="object"))["place_code"].iloc[0]
    return None if pd.isna(code) else str(code)


@lru_cache(maxsize=4096)
def _month_in(title: str) -> date | None:
    """Return the last day of the month that a title row reports, or None."""
    named = _MONTH.search(title)
    return read_written(named[1]).last if named else None


@lru_cache(maxsize=1024)
def month_named(sheet: str) -> date | None:
    """Return the last day of the month that a sheet is named for, or None.

    Examples
    --------
    >>> month_named("ต.ค.64"), month_named("แบบรายงาน")
    (datetime.date(2021, 10, 31), None)
    """
    written = read_written(sheet)
    return written.last if written.code == "date.month_only" else None


@lru_cache(maxsize=1024)
def _sheet_place(sheet: str, place: str | None) -> str | None:
    """Return the code of the tambon or amphoe that a sheet is named for, inside the titles' place.

    Only a name that the register has exactly counts; names of sheets are mostly no places.
    """
    place = place or ""
    if len(place) == 6 or sheet.isascii():
        return None
    amphoe = place if len(place) == 4 else None
    names = pd.Series([normalise_thai(sheet)], dtype="object")
    found = resolve_places(names, province=place[:2] or None, amphoe=amphoe).iloc[0]
    code = found["place_code"]
    finer = isinstance(code, str) and len(code) > max(len(place), 2)
    return code if finer and found["score"] == 100 else None


@lru_cache(maxsize=256)
def _province_named(sheet: str) -> str | None:
    """Return the code of the province that a sheet is named for, or None."""
    name = normalise_thai(sheet).strip().removeprefix("จังหวัด").removeprefix("จ.").strip()
    if not name:
        return None
    try:
        return find_province(name)
    except NotFound:
        return None
