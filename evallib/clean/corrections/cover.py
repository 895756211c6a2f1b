"""The cover of a correction workbook: to whom, by when, how much, and how to send it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from evallib.clean.corrections.answers import ANSWERED, ISSUED, UNIT
from evallib.clean.forms.form import CORRECTIONS, VERSION, Mark
from evallib.clean.forms.pages import LINE, text_lines
from evallib.i18n import format_date, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.corrections.items import Returned
    from evallib.clean.forms.pages import Pages

COVER, ITEMS, ROWS = "ปก", "รายการแก้ไข", "แถวที่ส่งมา"
DUE_DAY, FEWEST_DAYS = 25, 14  # answers are due on a 25th, two weeks away at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a workbook goes to, and about when.

    Parameters
    ----------
    name : str
        Agency, or the file where nobody says whose it is.
    period : str
        Quarter, such as ``2565-Q3``; empty when not known.
    issued : datetime.date
        Day until which the data of this ingest are true.
    """

    name: str
    period: str
    issued: date

    @property
    def due(self) -> date:
        """The day by which answers are expected.

        Examples
        --------
        >>> Addressee(name="", period="", issued=date(2022, 6, 24)).due
        datetime.date(2022, 7, 25)
        """
        day = self.issued + timedelta(days=FEWEST_DAYS)
        month = day if day.day <= DUE_DAY else day.replace(day=1) + timedelta(days=31)
        return month.replace(day=DUE_DAY)


def _mark(column: str) -> str:
    return str(Mark(CORRECTIONS, VERSION, column))


def write_cover(pages: Pages, to: Addressee, returned: Sequence[Returned]) -> None:
    """Write the cover; marks in a hidden column tell a reader what stands beside them."""
    sheet = pages.sheet(COVER)
    sheet.set_portrait()
    sheet.set_column(0, 0, 1, pages.style("mark"), {"hidden": True})
    for c, width in enumerate((24, 50, 10, 10), start=1):
        sheet.set_column(c, c, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 1, text("correction.title", "th"), pages.style("title"))
    said = (
        (UNIT, "ถึงหน่วยงาน", to.name, "plain"),
        ("period", "ข้อมูลไตรมาส", to.period or "-", "plain"),
        ("due_on", "โปรดส่งคืนภายในวันที่", format_date(to.due), "subtitle"),
        (ANSWERED, "วันที่ตอบ (กรอก)", "", "input"),
    )
    for r, (mark, label, value, style) in enumerate(said, start=1):
        sheet.write_string(r, 0, _mark(mark), pages.style("mark"))
        sheet.write_string(r, 1, label, pages.style("label"))
        cell = pages.style(style, locked=False) if mark == ANSWERED else pages.style(style)
        sheet.write_string(r, 2, value, cell)
    sheet.write_string(5, 0, _mark(ISSUED), pages.style("mark"))
    sheet.write_string(5, 1, "ข้อมูลถึงวันที่", pages.style("label"))
    sheet.write_string(5, 2, format_date(to.issued), pages.style("plain"))
    row = 7
    for line in text("correction.instructions", "th", items=ITEMS, rows=ROWS).split("\n"):
        sheet.merge_range(row, 1, row, 4, line, pages.style("wrapped"))
        sheet.set_row(row, LINE * text_lines(line, 100))
        row += 1
    _write_counts(pages, sheet, row + 1, returned)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_counts(pages: Pages, sheet: Any, row: int, returned: Sequence[Returned]) -> None:
    """Write how many matters each file has."""
    for c, heading in enumerate(("ไฟล์ที่ส่งมา", "", "ต้องแก้", "ควรตรวจ"), start=1):
        sheet.write_string(row, c, heading, pages.style("heading"))
    sheet.merge_range(row, 1, row, 2, "ไฟล์ที่ส่งมา", pages.style("heading"))
    sums = [0, 0]
    for each in returned:
        row += 1
        said = [i.severity for i in each.items if not i.instead]
        said += [f.severity for f in each.notices]
        counts = [said.count("error"), said.count("warning")]
        sheet.merge_range(row, 1, row, 2, each.file, pages.style("cell"))
        sheet.set_row(row, LINE * text_lines(each.file, 72))
        for c, count in enumerate(counts):
            sheet.write_number(row, 3 + c, count, pages.style("centred"))
            sums[c] += count
    row += 1
    sheet.merge_range(row, 1, row, 2, "รวม", pages.style("heading"))
    for c, count in enumerate(sums):
        sheet.write_number(row, 3 + c, count, pages.style("heading"))
