"""The agencies' workbooks: one a quarter, with titles, totals, sections, signatures, footers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evallib.demo.files.cells import Cell, Report, report_cells
from evallib.demo.files.defects import Line, draw_kinds, spoil
from evallib.demo.files.identifiers import plant_identifiers
from evallib.demo.files.layouts import Layout, layout_of
from evallib.demo.files.sheets import Sheet, write_workbook
from evallib.demo.wording import SYNTHETIC, phrases, pick, stream, thai_digits
from evallib.i18n import format_date

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import numpy as np

    from evallib.demo.truth.ledger import Ledger
    from evallib.demo.truth.series import Agency
    from evallib.periods import FiscalPeriod

WRONG_TOTAL, NO_AS_OF, WRONG_PERIOD = 0.05, 0.05, 0.01  # shares of sheets, of files, of files
IDENTIFIERS = 0.012  # share of rows
REMARKS = 0.2  # share of rows with a harmless remark
FORM_NAMES = {
    "A": "แบบรายงานผลการดำเนินงานโครงการพัฒนาในพื้นที่",
    "B": "แบบรายงานผลการเบิกจ่ายและผลการดำเนินงาน",
    "C": "บัญชีโครงการตามแผนปฏิบัติราชการ",
    "D": "แบบรายงานผลการดำเนินงานตามแผนรายไตรมาส",
    "E": "สรุปโครงการ",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """One workbook before it is written: who, when, until which day, and of which projects."""

    file: str
    agency: Agency
    position: int
    period: FiscalPeriod
    as_of: date
    reports: list[Report]
    project_ids: list[str]


def write_submission(folder: Path, sub: Submission, ledger: Ledger, seed: int) -> None:
    """Write one workbook and note in the ledger what stands in which row."""
    rng = stream(seed, sub.file)
    layout = layout_of(sub.agency.layout, sub.position)
    titles = _titles(sub, rng, ledger)
    groups: dict[str, list[int]] = {"แบบรายงาน": list(range(len(sub.reports)))}
    if layout.by_province:
        groups = {}
        for i, report in enumerate(sub.reports):
            groups.setdefault(report.province, []).append(i)
    sheets = []
    for name, members in sorted(groups.items()):
        sheet = Sheet(name)
        writer = _SheetWriter(sub, layout, sheet, ledger, rng)
        writer.write(titles, members)
        sheets.append(sheet)
    write_workbook(folder / sub.file, sheets)


def _titles(sub: Submission, rng: np.random.Generator, ledger: Ledger) -> list[str]:
    """Return the title rows; now and then without a cut-off or with another quarter."""
    key, period = sub.agency.layout, sub.period
    shown = period
    if rng.random() < WRONG_PERIOD:
        shown = period.next(-1)
        ledger.defect(sub.file, "", 0, "period_conflict", str(shown))
    until = f"ข้อมูล ณ วันที่ {format_date(sub.as_of)}"
    if rng.random() < NO_AS_OF:
        ledger.defect(sub.file, "", 0, "as_of_absent", str(sub.as_of))
        until = ""
    quarter = f"ปีงบประมาณ พ.ศ. {shown.fiscal_year} ไตรมาสที่ {shown.quarter}"
    if key == "B":
        quarter, until = thai_digits(quarter), thai_digits(until)
    if key == "E":
        quarter = f"ไตรมาส {shown.quarter}/{shown.fiscal_year}"
        return [t for t in (f"{FORM_NAMES[key]} {quarter} {SYNTHETIC}", until) if t]
    lines = (f"{FORM_NAMES[key]} {SYNTHETIC}", f"หน่วยงาน {sub.agency.name}", quarter, until)
    return [line for line in lines if line]


@dataclass(slots=True)
class _SheetWriter:
    """Writes the rows of one sheet of one submission."""

    sub: Submission
    layout: Layout
    sheet: Sheet
    ledger: Ledger
    rng: np.random.Generator

    def write(self, titles: list[str], members: list[int]) -> None:
        for title in titles:
            self.sheet.add([title])
        if self.sub.agency.layout != "E":
            self.sheet.add([])
        headings = [levels for _, levels in self.layout.columns]
        self.sheet.add_header(headings)
        kinds = draw_kinds(len(members), self.rng)
        number = 0
        for section, group in self._sections(members):
            if section:
                self.sheet.add([section])
            for i in group:
                number += 1
                if self.layout.repeat_header and number % self.layout.repeat_header == 0:
                    self.sheet.add_header(headings)
                self._write_report(i, number, kinds[number - 1])
            if section.startswith("อำเภอ"):
                self._total(f"รวม อ.{section.removeprefix('อำเภอ')}", group)
            elif section:
                self._total(f"รวม {section.split(' ')[0]}", group)
        self._end(members, number)

    def _sections(self, members: list[int]) -> list[tuple[str, list[int]]]:
        """Return the rows under their section headings; most forms have no sections."""
        if not self.layout.by_province:
            return [("", members)]
        strategies = phrases()["words"]["strategies"]
        found: dict[str, list[int]] = {}
        for i in members:
            report = self.sub.reports[i]
            section = f"อำเภอ{report.amphoe}" if report.level < 5 else "ระดับจังหวัด"
            if self.sub.position % 4 == 2:
                section = strategies[report.project % len(strategies)]
            found.setdefault(section, []).append(i)
        return sorted(found.items())

    def _write_report(self, i: int, number: int, kind: str) -> None:
        sub, report = self.sub, self.sub.reports[i]
        key = sub.agency.layout
        cells = report_cells(report, self.layout, key, voice=sub.position % 2)
        cells |= {"no": thai_digits(str(number)) if self.layout.thai_digits else number,
                  "agency": sub.agency.name}  # fmt: skip
        planted = self._remark(cells)
        note = spoil(kind, Line(cells, report, self.layout, key, self.rng))
        row = self.sheet.add([cells.get(field) for field in self.layout.fields])
        place = (sub.file, self.sheet.name, row)
        self.ledger.notes["submissions"].append(
            (*place, sub.project_ids[i], sub.agency.agency_id, str(sub.period))
        )
        if note:
            self.ledger.defect(*place, kind, note)
        if planted:
            self.ledger.identifiers(*place, planted)

    def _remark(self, cells: dict[str, Cell]) -> list[tuple[str, str]]:
        """Fill obstacles or notes; in a few rows with what should not stand there."""
        able = [field for field in ("problem", "note") if field in self.layout.fields]
        field = pick(self.rng, able)
        chance = self.rng.random()
        if chance < IDENTIFIERS:
            cells[field], planted = plant_identifiers(self.rng)
            return planted
        if chance < IDENTIFIERS + REMARKS:
            words = phrases()["words"]
            cells[field] = pick(self.rng, words["problems" if field == "problem" else "notes"])
        return []

    def _total(self, label: str, members: list[int], *, slip: float = 0.0) -> None:
        """Add a row of sums of what was approved and spent, before anything was spoilt."""
        quarter = self.sub.period.quarter - 1
        sums = {
            "budget": sum(self.sub.reports[i].budget for i in members) + slip,
            "disbursed": sum(self.sub.reports[i].disbursed[quarter] for i in members),
        }
        row: list[Cell] = [None] * len(self.layout.columns)
        row[0 if self.layout.fields[0] == "no" else 1] = label
        for field, baht in sums.items():
            if field in self.layout.fields:
                amount = round(baht / 1e6, 6) if self.layout.million else baht
                text = f"{baht:,.0f}" if self.layout.thai_digits or self.layout.as_text else ""
                written = thai_digits(text) if self.layout.thai_digits else text
                row[self.layout.fields.index(field)] = written or amount
        number = self.sheet.add(row)
        if slip:
            place = (self.sub.file, self.sheet.name, number)
            self.ledger.defect(*place, "total_mismatch", f"{slip:+.0f} baht")

    def _end(self, members: list[int], number: int) -> None:
        """Add the total, empty numbered rows, the signature and the footer."""
        wrong = self.rng.random() < WRONG_TOTAL
        slip = float(self.rng.integers(10, 900)) * 1_000 if wrong else 0.0
        self._total(pick(self.rng, ("รวม", "รวมทั้งสิ้น")), members, slip=slip)
        if self.sub.agency.layout == "E":
            return
        for extra in range(int(self.rng.integers(0, 3))):
            self.sheet.add([number + extra + 1])
        self.sheet.add([])
        self.sheet.add([None, "ลงชื่อ......................................................ผู้รายงาน"])
        self.sheet.add(["หมายเหตุ : 1. กำหนดรายงานผลการดำเนินงานทุกวันที่ 25 ของเดือนสุดท้ายของไตรมาส"])
