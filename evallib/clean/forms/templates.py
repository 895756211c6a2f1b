"""The workbooks in which offices submit: read for certain, with lists to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evallib.clean.forms.choices import read_choices
from evallib.clean.forms.form import ABOUT, EXAMPLE, FormColumn, FormKind, form_columns
from evallib.clean.forms.pages import ABOUT_SHEET, LAST_ROW, LINE, Pages, text_lines
from evallib.i18n import text
from evallib.periods import as_period
from evallib.places import area

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from evallib.config import Settings
    from evallib.periods import FiscalPeriod

TITLES: dict[FormKind, str] = {
    "projects": "แบบรายงานโครงการพัฒนา", "needs": "แบบรายงานความต้องการของประชาชน",
    "progress": "แบบรายงานความก้าวหน้าของโครงการ", "survey": "แบบบันทึกแบบสำรวจไม่ระบุตัวตน",
    "indicators": "แบบรายงานตัวชี้วัดรายตำบล",
}  # fmt: skip
DATA_SHEET = "แบบรายงาน"
_HEADINGS = 6  # row of the headings, from 0; the canonical row follows, then the example
_ROWS = 30  # empty rows with borders
_BORDERED = {"border": 1, "border_color": "#BFBFBF"}


def make_template(
    form: FormKind,
    settings: Settings | None = None,
    *,
    agency: str = "",
    period: FiscalPeriod | str | None = None,
    prefilled: bool = False,
) -> bytes:
    """Return the workbook of a form, ready to be filled in.

    Parameters
    ----------
    form : {"projects", "needs", "progress", "survey", "indicators"}
        What is reported.
    settings : Settings, optional
        Names the provinces whose places are offered.
    agency : str, default ""
        Name of the agency in its title row; to be chosen from a list when empty.
    period : FiscalPeriod or str, optional
        Year and quarter in its title rows; to be filled in when absent.
    prefilled : bool, default False
        Write a row for each tambon of the settings, for the form of indicators only.

    Returns
    -------
    bytes
        An xlsx; the same arguments give the same bytes. `read_submission` reads it for certain:
        a hidden canonical row names each column.

    Examples
    --------
    >>> make_template("needs")[:2]
    b'PK'
    """
    pages = Pages(TITLES[form], read_choices(settings))
    columns = form_columns(form)
    sheet = pages.sheet(DATA_SHEET, repeated=_HEADINGS)
    stated = None if period is None else as_period(period)
    _write_titles(pages, sheet, form, agency, stated)
    _write_header(pages, sheet, form, columns)
    _offer_choices(pages, sheet, columns)
    places = area(settings) if prefilled and form == "indicators" else None
    _write_rows(pages, sheet, columns, places)
    _write_about(pages, form, columns)
    return pages.finish()


def _write_titles(
    pages: Pages, sheet: Any, form: FormKind, agency: str, period: FiscalPeriod | None
) -> None:
    """Write the title rows: a label and the cell beside it that is filled in."""
    year = str(period.fiscal_year) if period else ""
    quarter = str(period.quarter) if period and period.quarter else ""
    label, write_in = pages.style("label"), pages.style("input")
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, TITLES[form], pages.style("title"))
    for r, words, value in ((1, "หน่วยงาน", agency), (2, "ปีงบประมาณ พ.ศ.", year),
                            (3, "ไตรมาสที่", quarter), (4, "ข้อมูล ณ วันที่", "")):  # fmt: skip
        sheet.write_string(r, 0, words, label)
        sheet.merge_range(r, 2, r, 3, value, write_in)
    pages.offer(sheet, (1, 2, 1, 2), "agency", input_title="หน่วยงาน",
                input_message="เลือกหรือพิมพ์ชื่อหน่วยงานที่รายงาน")  # fmt: skip
    pages.offer(sheet, (3, 2, 3, 2), "quarter")
    sheet.data_validation(4, 2, 4, 2, {"validate": "any", "input_title": "ข้อมูล ณ วันที่",
        "input_message": "วันที่ตัดยอดข้อมูล เช่น 24 มิถุนายน 2565"})  # fmt: skip
    if form == "indicators":
        sheet.write_string(5, 0, "แหล่งข้อมูล", label)
        sheet.merge_range(5, 2, 5, 3, "", write_in)
        pages.offer(sheet, (5, 2, 5, 2), "source")


def _write_header(pages: Pages, sheet: Any, form: FormKind, columns: Sequence[FormColumn]) -> None:
    tall = max(text_lines(column.heading, column.width) for column in columns)
    sheet.set_row(_HEADINGS, LINE * max(tall, 2))
    for c, column in enumerate(columns):
        style = "required" if column.required else "heading"
        sheet.write_string(_HEADINGS, c, column.heading, pages.style(style))
        sheet.set_column(c, c, column.width, pages.style(column.kind))
    pages.mark(sheet, _HEADINGS + 1, form, [column.name for column in columns])
    example = _HEADINGS + 2
    sheet.set_row(example, LINE * max(text_lines(c.example, c.width) for c in columns))
    for c, column in enumerate(columns):
        sheet.write_string(example, c, column.example, pages.style("example"))
    sheet.freeze_panes(_HEADINGS + 2, _frozen(columns))


def _frozen(columns: Sequence[FormColumn]) -> int:
    """Return how many columns stay in sight: up to the name of the project, never half a screen."""
    names = [column.name for column in columns]
    return names.index("title_th") + 1 if "title_th" in names else 1


def _offer_choices(pages: Pages, sheet: Any, columns: Sequence[FormColumn]) -> None:
    at = {column.name: c for c, column in enumerate(columns)}
    for c, column in enumerate(columns):
        cells = (_HEADINGS + 3, c, LAST_ROW, c)
        told = {"input_title": column.heading[:32], "input_message": column.help[:255]}
        if column.choices == "amphoe":
            pages.offer_inside(sheet, cells, "amphoe", at["province"], **told)
        elif column.choices == "tambon":
            pages.offer_inside(sheet, cells, "tambon", at["amphoe"], **told)
        elif column.choices:
            pages.offer(sheet, cells, column.choices, **told)
        else:
            sheet.data_validation(*cells, _limits(column) | told)


def _limits(column: FormColumn) -> dict[str, Any]:
    """Return what Excel checks of a free cell while it is typed."""
    stop = {"error_type": "stop", "error_title": "ตัวเลข", "error_message": column.help}
    if column.kind == "percent":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100} | stop
    if column.kind in {"baht", "number"} and column.name != "order_no":
        return {"validate": "decimal", "criteria": ">=", "value": 0} | stop
    return {"validate": "any"}


def _write_rows(
    pages: Pages, sheet: Any, columns: Sequence[FormColumn], places: pd.DataFrame | None
) -> None:
    """Write bordered rows: empty ones, or one for each tambon with its code and names."""
    first = _HEADINGS + 3
    named = {"tambon_code": "tambon_code", "province": "province_th", "amphoe": "amphoe_th",
             "tambon": "tambon_th"}  # fmt: skip
    rows = _ROWS if places is None else len(places)
    last = first + rows - 1
    if places is not None:
        for c, column in enumerate(columns):
            if column.name in named:
                cells = places[named[column.name]].tolist()
                for r, cell in enumerate(cells):
                    sheet.write_string(first + r, c, cell, pages.style(column.kind))
    line = pages.book.add_format(_BORDERED)
    last_column = len(columns) - 1
    sheet.conditional_format(_HEADINGS + 3, 0, last, last_column,
                             {"type": "formula", "criteria": "=TRUE", "format": line})  # fmt: skip
    sheet.print_area(0, 0, last, last_column)


def _write_about(pages: Pages, form: FormKind, columns: Sequence[FormColumn]) -> None:
    """Write the page of instructions: how to fill in, and what belongs in each column."""
    sheet = pages.sheet(ABOUT_SHEET)
    sheet.set_portrait()
    for c, width in enumerate((30, 12, 60)):
        sheet.set_column(c, c, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"วิธีกรอก{TITLES[form]}", pages.style("title"))
    pages.mark(sheet, 1, ABOUT, ["page"])
    row = 2
    for line in text("form.instructions", "th", example=EXAMPLE, sheet=DATA_SHEET).split("\n"):
        sheet.merge_range(row, 0, row, 2, line, pages.style("wrapped"))
        sheet.set_row(row, LINE * text_lines(line, 118))
        row += 1
    row += 1
    for c, heading in enumerate(("คอลัมน์", "จำเป็น", "วิธีกรอก")):
        sheet.write_string(row, c, heading, pages.style("heading"))
    for column in columns:
        row += 1
        needed = "ต้องกรอก" if column.required else ""
        cells = (column.heading, needed, column.help)
        for c, (cell, style) in enumerate(zip(cells, ("cell", "centred", "cell"), strict=True)):
            sheet.write_string(row, c, cell, pages.style(style))
        sheet.set_row(row, LINE * max(text_lines(column.help, 60), text_lines(column.heading, 30)))
