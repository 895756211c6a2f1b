"""The councils' reports: HTML tables that their system calls .xls."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.demo.files.identifiers import plant_identifiers
from evallib.demo.wording import SYNTHETIC, phrases, pick, stream, thai_digits
from evallib.i18n import format_date
from evallib.thai.days import BUDDHIST_ERA

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from evallib.demo.truth.ledger import Ledger
    from evallib.demo.truth.needs import Needs
    from evallib.demo.truth.world import World
    from evallib.periods import FiscalPeriod

COLUMNS = 9
IDENTIFIERS, ISO_DATE, NO_DATE, NUMBER_AS_TEXT = 0.03, 0.02, 0.01, 0.2
HEAD = """<!-- ข้อมูลสังเคราะห์ synthetic data, no real council -->
<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">
<link rel="stylesheet" href="bootstrap.min.css"><style>
.table{width:100%;margin-bottom:1rem;color:#212529}.table-bordered td{border:1px solid #dee2e6}
.text-center{text-align:center!important}</style></head><body><div class="container-fluid">
<table class="table table-bordered table-sm">
"""
HEADER = """<thead class="thead-light"><tr><th rowspan="2">ที่</th>\
<th rowspan="2">ชื่อโครงการ/กิจกรรม</th>\
<th colspan="2">การเบิกจ่ายงบประมาณ</th><th rowspan="2">กลุ่มเป้าหมาย (ประเภท/คน)</th>\
<th rowspan="2">รายได้ที่ได้รับจากกิจกรรม (บาท)</th><th rowspan="2">คุณภาพชีวิตกลุ่มเป้าหมาย</th>\
<th rowspan="2">ปัญหา/อุปสรรค/ข้อเสนอแนะ</th><th rowspan="2">หมายเหตุ</th></tr>
<tr><th>ได้รับอนุมัติ</th><th>เบิก-จ่าย</th></tr></thead>
"""
TITLE_ROWS, HEADER_ROWS = 3, 2
TAIL = "</table></div></body></html>\n"


def write_councils(folder: Path, world: World, stated: Needs, ledger: Ledger) -> int:
    """Write one file a council and quarter in which it met; return the number of files."""
    places = world.tambons.to_dict("records")
    for t, period in enumerate(world.quarters):
        rng = stream(world.seed, f"councils {period}")
        base = f"{period.fiscal_year}/Q{period.quarter}"
        for unit in np.flatnonzero(stated.met[:, t]):
            place = places[unit]
            file = f"{base}/สภาสันติสุข_ต.{place['tambon_th']}_อ.{place['amphoe_th']}.xls"
            day = stated.meeting_day(world, int(unit), t)
            page = _page(file, place, (period, day), rng, ledger)
            (folder / file).write_bytes(page.encode("utf-8"))
    return int(stated.met.sum())


def _page(
    file: str,
    place: dict[Any, Any],
    when: tuple[FiscalPeriod, date],
    rng: np.random.Generator,
    ledger: Ledger,
) -> str:
    period, day = when
    quarter = f"ไตรมาสที่ {period.quarter} ปีงบประมาณ พ.ศ. {period.fiscal_year}"
    titles = (
        f"แบบรายงานผลการดำเนินงาน {quarter} {SYNTHETIC}",
        f"สภาสันติสุขตำบล{place['tambon_th']} อำเภอ{place['amphoe_th']} จังหวัด{place['province_th']}",
        _attendance(file, day, period, rng, ledger),
    )
    rows = [
        f'<tr><td colspan="{COLUMNS}" class="text-center">{escape(title)}</td></tr>\n'
        for title in titles
    ]
    body = []
    names = phrases()["words"]["activities"]
    chosen = rng.permutation(len(names))[: int(rng.integers(0, 5))]
    for number, name in enumerate(chosen, start=1):
        row = TITLE_ROWS + HEADER_ROWS + number
        body.append(_activity(names[name], number, (file, row), rng, ledger))
    if not len(chosen):
        body.append(["-", "ไม่มีกิจกรรมในไตรมาสนี้", *[""] * (COLUMNS - 2)])
    cells = (
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in body
    )
    return HEAD + "".join(rows) + HEADER + "<tbody>" + "".join(cells) + "</tbody>" + TAIL


def _attendance(
    file: str, day: date, period: FiscalPeriod, rng: np.random.Generator, ledger: Ledger
) -> str:
    """Return the title row that says when the council met and how many came."""
    members, public = int(rng.integers(8, 17)), int(rng.integers(15, 80))
    women, youth = int(public * rng.uniform(0.2, 0.6)), int(public * rng.uniform(0.03, 0.2))
    chance = rng.random()
    shown = f"เมื่อวันที่ {format_date(day)} "
    if chance < NO_DATE:
        shown = ""
        ledger.defect(file, "", TITLE_ROWS, "missing_value", "meeting date")
    elif chance < NO_DATE + ISO_DATE:
        shown = f"เมื่อวันที่ {day.year + BUDDHIST_ERA}-{day.month:02d}-{day.day:02d} "
        ledger.defect(file, "", TITLE_ROWS, "iso_date_buddhist_era", str(day))
    return (
        f"ประชุมครั้งที่ {period.quarter} {shown}กรรมการเข้าประชุม {members} คน "
        f"ประชาชน {public} คน (สตรี {women} คน เยาวชน {youth} คน)"
    )


def _activity(
    name: str, number: int, place: tuple[str, int], rng: np.random.Generator, ledger: Ledger
) -> list[str]:
    """Return one row; every cell is text, as the councils' system exports it."""
    words = phrases()["words"]
    approved = int(rng.integers(8, 120)) * 1_000
    spent = int(approved * rng.uniform(0.3, 1.0) // 100 * 100)
    people = int(rng.integers(5, 40))
    money = [f"{approved:,}", f"{spent:,}"]
    if rng.random() < NUMBER_AS_TEXT:
        money = [f"{approved:,} บาท", thai_digits(f"{spent:,}")]
    problem = pick(rng, words["problems"]) if rng.random() < 0.3 else "-"
    note = "มีภาพประกอบ" if rng.random() < 0.3 else ""
    if rng.random() < IDENTIFIERS:
        sentence, planted = plant_identifiers(rng)
        problem, note = (sentence, note) if rng.random() < 0.5 else (problem, sentence)
        ledger.identifiers(place[0], "", place[1], planted)
    earned = f"{int(rng.integers(0, 60)) * 100:,}" if rng.random() < 0.8 else "-"
    target = f"{pick(rng, ('เกษตรกร', 'สตรี', 'เยาวชน', 'ครัวเรือนยากจน'))} {people} คน"
    return [str(number), name, *money, target, earned, pick(rng, words["qualities"]), problem, note]
