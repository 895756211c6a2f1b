"""Reports of the tambon councils: one meeting a file, and the activities that it reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.sheets.columns import Columns
from evallib.clean.values.dates import find_date
from evallib.findings import Finding, Where
from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from datetime import date

    from evallib.clean.sheets.sheet import Sheet
    from evallib.clean.sheets.title_rows import Context

_COUNTS = {
    "n_members_present": re.compile(r"กรรมการ\D{0,30}?(\d[\d,]*)\s*คน"),
    "n_public": re.compile(r"ประชาชน\D{0,30}?(\d[\d,]*)\s*คน"),
    "n_women": re.compile(r"สตรี\D{0,15}?(\d[\d,]*)\s*คน"),
    "n_youth": re.compile(r"เยาวชน\D{0,15}?(\d[\d,]*)\s*คน"),
}
_TAMBON = 6  # digits
_ISO_BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d-\d\d-\d\d(?!\d)")  # an ISO date in the Buddhist Era


def read_council_report(
    sheet: Sheet, context: Context
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the meeting and the activities of a report.

    Words about people (quality of life, obstacles, notes) are not kept.

    Returns
    -------
    frames : dict
        ``council_meetings``, one row, and ``council_activities``; both empty, with finding
        ``intake.council_unknown``, when the title rows do not name one tambon.
    findings : list of Finding
    """
    columns = Columns(sheet)
    code = context.place_code or ""
    if len(code) != _TAMBON:
        where = Where(sheet.source, sheet.name)
        return {}, [Finding("intake.council_unknown", "error", where, code)]
    about: dict[str, object] = {
        "tambon_code": code, "amphoe_code": code[:4], "province_code": code[:2],
        "fiscal_year": context.period.fiscal_year, "quarter": context.period.quarter,
    }  # fmt: skip
    day = pd.Timestamp(context.as_of).as_unit("s")
    known = about | read_meeting(sheet.titles) | {"file": sheet.source, "as_of": day}
    meeting = {name: [value] for name, value in known.items()}
    frames = {"council_meetings": pd.DataFrame(meeting)}
    columns.findings += [
        Finding("date.era", "info", Where(sheet.source, sheet.name, None, "meeting_date"), found[0])
        for title in sheet.titles
        if "ประชุม" in title and (found := _ISO_BUDDHIST.search(title))
    ]
    if len(sheet.frame):
        frames["council_activities"] = _read_activities(columns, about, context.as_of)
    return frames, columns.findings


def _read_activities(columns: Columns, about: dict[str, object], as_of: date) -> pd.DataFrame:
    """Return the activities of a report; made in one step, for there are thousands of reports."""
    values: dict[str, object] = {"title_th": columns.text("title_th")}
    values |= columns.parse_money("budget_approved", "disbursed_cum", "income_earned")
    values |= {"target_n": columns.count("target_group"), **about}
    return columns.keep(values, as_of, needed={"intake.no_title": "title_th"})[0]


def read_meeting(titles: tuple[str, ...]) -> dict[str, object]:
    """Read the date and the people present from the title rows.

    Examples
    --------
    >>> read_meeting(("ประชุมครั้งที่ 3 เมื่อวันที่ 12 มิถุนายน 2565 กรรมการเข้าประชุม 12 คน "
    ...               "ประชาชน 45 คน (สตรี 20 คน เยาวชน 5 คน)",))["n_women"]
    20
    """
    held = [thai_digits_to_arabic(normalise_thai(t)) for t in titles if "ประชุม" in t]
    dates = (find_date(title) for title in held if "ครั้งที่" in title or "เมื่อ" in title)
    found: dict[str, object] = {"meeting_date": next((day for day in dates if day), None)}
    for name, pattern in _COUNTS.items():
        match = next((m for title in held if (m := pattern.search(title))), None)
        found[name] = int(match[1].replace(",", "")) if match else None
    return found
