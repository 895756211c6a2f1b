"""Cells of project rows: how each form writes places, dates, money, people and status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from evallib.demo.files.layouts import PLACE_STYLES, Layout
from evallib.demo.wording import thai_digits
from evallib.i18n import THAI_MONTHS
from evallib.thai.days import BUDDHIST_ERA

Cell = str | float | int | date | None
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
                "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")  # fmt: skip
STATUS_WORDS = {
    "planned": ("ยังไม่ดำเนินการ", "อยู่ในแผน"),
    "approved": ("ได้รับอนุมัติ", "อนุมัติแล้ว"),
    "ongoing": ("อยู่ระหว่างดำเนินการ", "กำลังดำเนินการ"),
    "completed": ("แล้วเสร็จ", "ดำเนินการแล้วเสร็จ"),
    "delayed": ("ล่าช้า", "ล่าช้ากว่าแผน"),
    "suspended": ("ชะลอโครงการ", "ระงับชั่วคราว"),
    "cancelled": ("ยกเลิก", "ยกเลิกโครงการ"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What an agency reports of one project in one quarter, before it is written down."""

    series: int
    project: int
    title: str
    code: str
    plan: str
    fund: str
    sector: str
    goal: str
    target_group: str
    target: int
    level: int
    moo: int
    tambon: str
    amphoe: str
    province: str
    budget: float
    start: date
    end: date
    status: str
    physical: tuple[float, ...]
    planned: tuple[float, ...]
    disbursed: tuple[float, ...]
    beneficiaries: int
    notice: date | None
    quarter: int
    programme: bool


def write_day(day: date, style: str, *, era: int = BUDDHIST_ERA) -> Cell:
    """Write a date as a form does; ``era=0`` leaves the Common Era year under พ.ศ.

    Examples
    --------
    >>> [write_day(date(2022, 6, 30), s) for s in ("long", "short", "medium", "slash")]
    ['30 มิถุนายน 2565', '30 มิ.ย. 65', '30 มิ.ย. 2565', '30/6/2565']
    >>> write_day(date(2022, 6, 30), "cell", era=0)
    '30 มิถุนายน พ.ศ. 2022'
    """
    if style == "cell" and era:
        return day
    return write_date(day.day, day.month, day.year + era, style, labelled=not era)


def write_date(day: int, month: int, year: int, style: str, *, labelled: bool = False) -> str:
    """Write a day, which need not exist, in the style of a form."""
    era = "พ.ศ. " if labelled else ""
    if style == "slash":
        return f"{day}/{month}/{year}"
    if style == "short" and not labelled:
        return f"{day} {SHORT_MONTHS[month - 1]} {year % 100:02d}"
    if style in {"short", "medium"}:
        return f"{day} {SHORT_MONTHS[month - 1]} {era}{year}"
    return f"{day} {THAI_MONTHS[month - 1]} {era}{year}"


def write_money(baht: float, layout: Layout) -> Cell:
    """Write money as a form does, in the unit of its headings."""
    if layout.million:
        return round(baht / 1e6, 6)
    if layout.thai_digits:
        return thai_digits(f"{baht:,.0f}")
    return f"{baht:,.0f} บาท" if layout.as_text else baht


def write_count(number: float, layout: Layout, unit: str = "") -> Cell:
    """Write a whole number as a form does."""
    if layout.thai_digits:
        return thai_digits(f"{number:.0f}")
    return f"{number:.0f}{unit}" if layout.as_text else int(number)


def place_cells(report: Report, layout_key: str, tambon: str) -> dict[str, Cell]:
    """Return where a project is, in one cell or three."""
    names = {"tambon": tambon, "amphoe": report.amphoe, "province": report.province}
    if layout_key == "A":
        wide = {4: {"tambon": "ทุกตำบล"}, 5: {"tambon": "-", "amphoe": "ทุกอำเภอ"}}
        return {**names, **wide.get(report.level, {})}
    if report.level == 5:
        return {"place": f"ทั้งจังหวัด{report.province}"}
    style = PLACE_STYLES[layout_key]
    if report.level == 4:
        return {"place": "ทุกตำบล " + style[style.index("อ") :].format(moo="", **names)}
    if layout_key == "B" and report.amphoe == f"เมือง{report.province}":
        names["amphoe"] = "เมือง"  # as everybody says; with the province it is clear
    moo = f"หมู่ที่ {report.moo} " if report.moo else ""
    place = style.format(moo=moo, **names)
    return {"place": thai_digits(place) if layout_key == "B" else place}


def report_cells(report: Report, layout: Layout, key: str, *, voice: int) -> dict[str, Cell]:
    """Return the cells of one row by field; ``voice`` chooses the words of the agency."""
    q = report.quarter - 1
    cells: dict[str, Cell] = {
        "code": report.code, "title": report.title, "plan": report.plan, "fund": report.fund,
        "sector": report.sector, "goal": report.goal,
        "target": f"{report.target_group}/{report.target}" if voice else
                  f"{report.target_group} {report.target} คน",
        "budget": write_money(report.budget, layout),
        "start": write_day(report.start, layout.dates),
        "end": write_day(report.end, layout.dates),
        "status": STATUS_WORDS[report.status][voice],
        "physical": write_count(report.physical[q], layout, "%"),
        "disbursed": write_money(report.disbursed[q], layout),
        "beneficiaries": write_count(report.beneficiaries, layout, " คน"),
        "notice": write_day(report.notice, layout.dates) if report.notice else None,
        **place_cells(report, key, report.tambon),
    }  # fmt: skip
    if layout.thai_digits:
        for field in ("start", "end", "target"):
            cells[field] = thai_digits(str(cells[field]))
    if key == "D":
        cells |= _quarter_cells(report, layout)
    return cells


def _quarter_cells(report: Report, layout: Layout) -> dict[str, Cell]:
    """Return plan and cumulative result of each quarter; later quarters have no result yet."""
    cells: dict[str, Any] = {}
    for q in range(4):
        done = q < report.quarter
        cells[f"q{q + 1}_physical_plan"] = report.planned[q]
        cells[f"q{q + 1}_physical_result"] = report.physical[q] if done else None
        cells[f"q{q + 1}_disbursed_plan"] = write_money(
            round(report.budget * report.planned[q] / 100), layout
        )
        cells[f"q{q + 1}_disbursed_result"] = (
            write_money(report.disbursed[q], layout) if done else None
        )
    return cells
