"""The workbook that goes back to an agency: what to look at, the rows as sent, where to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evallib.clean.corrections.answers import ANSWER, CONFIRMED
from evallib.clean.corrections.cover import COVER, ITEMS, ROWS, Addressee, write_cover
from evallib.clean.corrections.items import Item, Returned, SentRow, what_to_do
from evallib.clean.forms.choices import LIST_OF_COLUMN
from evallib.clean.forms.form import CORRECTIONS, column_guide
from evallib.clean.forms.pages import LINE, Pages, text_lines
from evallib.i18n import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.forms.choices import Choices
    from evallib.findings import Finding

__all__ = ["COVER", "ITEMS", "NOTICES", "ROWS", "Addressee", "make_correction_workbook"]

NOTICES = "เรื่องทั้งไฟล์"
_SENT_WIDTH = 12  # of a column of the rows as sent
_COLUMNS = (  # heading, name in the canonical row, width; hidden ones have no width
    ("ที่", "number", 5), ("แถว", "row", 6), ("รายการ", "title", 30),
    ("หัวข้อ", "heading", 18), ("ค่าที่ส่งมา", "old", 18), ("ปัญหาที่พบ", "problem", 34),
    ("วิธีแก้ไข", "todo", 30), ("ค่าที่ถูกต้อง (กรอกช่องนี้)", ANSWER, 24),
    ("ค่าเดิมถูกต้องแล้ว", CONFIRMED, 11), ("ไฟล์", "file", 26), ("แผ่นงาน", "sheet", 14),
    ("", "sha256", 0), ("", "column", 0), ("", "name", 0),
)  # fmt: skip
_AT = {name: c for c, (_, name, _) in enumerate(_COLUMNS)}
_TOP = 3  # row of the headings of the page of items


def make_correction_workbook(
    to: Addressee, returned: Sequence[Returned], choices: Choices
) -> bytes:
    """Return the workbook for one agency and quarter, in Thai.

    Parameters
    ----------
    to : Addressee
        Its cover says to whom it goes and by when it is due.
    returned : sequence of Returned
        Its files, in their order.
    choices : Choices
        The closed lists that answers are chosen from.

    Returns
    -------
    bytes
        An xlsx; the same arguments give the same bytes. Nothing in it begins a formula.
    """
    pages = Pages(text("correction.title", "th"), choices)
    write_cover(pages, to, returned)
    if any(r.items for r in returned):
        _write_items(pages, returned)
        _write_rows(pages, returned)
    if any(r.notices for r in returned):
        _write_notices(pages, returned)
    return pages.finish()


def _write_items(pages: Pages, returned: Sequence[Returned]) -> None:
    sheet = pages.sheet(ITEMS, repeated=_TOP)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, ITEMS, pages.style("title"))
    sheet.write_string(1, 0, text("correction.fill", "th"), pages.style("plain"))
    for c, (heading, _, width) in enumerate(_COLUMNS):
        if width:
            style = "required" if c in {_AT[ANSWER], _AT[CONFIRMED]} else "heading"
            sheet.write_string(_TOP, c, heading, pages.style(style))
            sheet.set_column(c, c, width)
        else:
            sheet.set_column(c, c, 8, pages.style("mark"), {"hidden": True})
    sheet.set_row(_TOP, 2 * LINE)
    pages.mark(sheet, _TOP + 1, CORRECTIONS, [name for _, name, _ in _COLUMNS])
    sheet.freeze_panes(_TOP + 2, 3)
    row = _TOP + 2
    for each in returned:
        sent = {(r.sheet, r.row): r for r in each.rows}
        for item in each.items:
            number = row - _TOP - 1
            _write_item(pages, sheet, row, number, each, item, sent[item.sheet, item.row])
            row += 1
    sheet.print_area(0, 0, row - 1, _AT["sheet"])
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _write_item(pages: Pages, sheet: Any, row: int, number: int, each: Returned, item: Item,
                sent: SentRow) -> None:  # fmt: skip
    todo = what_to_do(item, each.kind)
    cells = {
        "title": (sent.title, "cell"), "heading": (item.heading, "cell"),
        "old": (item.old, "cell" if item.instead else item.severity),
        "problem": (item.problem, "cell"), "todo": (todo, "cell"), "file": (each.file, "cell"),
        "sheet": (item.sheet, "cell"), "sha256": (each.sha256, "mark"),
        "column": (str(item.column), "mark"), "name": (item.name, "mark"),
    }  # fmt: skip
    sheet.write_number(row, _AT["number"], number, pages.style("centred"))
    sheet.write_number(row, _AT["row"], item.row, pages.style("centred"))
    for name, (words, style) in cells.items():
        sheet.write_string(row, _AT[name], words, pages.style(style))
    for name in (ANSWER, CONFIRMED):
        sheet.write_blank(row, _AT[name], None, pages.style("answer", locked=False))
    widths = {name: width for _, name, width in _COLUMNS}
    tall = max(text_lines(words, widths[n]) for n, (words, _) in cells.items() if widths[n])
    sheet.set_row(row, LINE * tall + 3)
    _offer_answers(pages, sheet, row, item, sent, todo, each.kind)
    if item.old:
        pages.offer(sheet, (row, _AT[CONFIRMED], row, _AT[CONFIRMED]), "confirmed")


def _offer_answers(pages: Pages, sheet: Any, row: int, item: Item, sent: SentRow, todo: str,
                   kind: str) -> None:  # fmt: skip
    """Let the answer be chosen where values are closed; a tambon among those of its amphoe."""
    cell = (row, _AT[ANSWER], row, _AT[ANSWER])
    guide = column_guide(item.name, kind)
    name = LIST_OF_COLUMN.get(item.name) or (guide.choices if guide else "")
    told = {"input_title": item.heading[:32], "input_message": todo[:255]}
    if name == "tambon":
        owners = list(pages.choices.amphoe_of_tambon)
        amphoe = sent.amphoe.removeprefix("อำเภอ").removeprefix("อ.").strip()
        first = owners.index(amphoe) if amphoe in owners else 0
        count = owners.count(amphoe) or len(owners)
        pages.offer_range(sheet, cell, name, first, count, **told)
    elif name:
        pages.offer(sheet, cell, name, **told)
    else:
        sheet.data_validation(*cell, {"validate": "any"} | told)


def _write_rows(pages: Pages, returned: Sequence[Returned]) -> None:
    """Write the rows as sent under the headings of their sheet, the cells in question coloured."""
    sheet = pages.sheet(ROWS)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, ROWS, pages.style("title"))
    pages.mark(sheet, 1, CORRECTIONS, ["rows"])
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 60, _SENT_WIDTH)
    row = 2
    for each in returned:
        coloured = {(i.sheet, i.row, i.column): i.severity for i in each.items if not i.instead}
        for name, headings in each.headings.items():
            rows = [r for r in each.rows if r.sheet == name]
            if not rows:
                continue
            label = f"{each.file}  {name}".rstrip()
            sheet.write_string(row, 0, label, pages.style("subtitle"))
            columns = [
                c
                for c in sorted(headings)
                if any(r.cells.get(c) or (name, r.row, c) in coloured for r in rows)
            ]
            for c, heading in enumerate(("แถว", *(headings[x] for x in columns))):
                sheet.write_string(row + 1, c, heading, pages.style("heading"))
            tall = max(text_lines(headings[x], _SENT_WIDTH) for x in columns)
            sheet.set_row(row + 1, LINE * tall)
            row += 2
            for sent in rows:
                _write_row(pages, sheet, row, sent, columns, coloured)
                row += 1
            row += 1
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_row(pages: Pages, sheet: Any, row: int, sent: SentRow, columns: Sequence[int],
               coloured: dict[tuple[str, int, int], str]) -> None:  # fmt: skip
    sheet.write_number(row, 0, sent.row, pages.style("centred"))
    for c, column in enumerate(columns, start=1):
        style = coloured.get((sent.sheet, sent.row, column), "cell")
        sheet.write_string(row, c, sent.cells.get(column, ""), pages.style(style))
    tall = max(text_lines(sent.cells.get(x, ""), _SENT_WIDTH) for x in columns)
    sheet.set_row(row, LINE * tall + 3)


def _write_notices(pages: Pages, returned: Sequence[Returned]) -> None:
    """Write what no cell answers: files to send again, sheets not read, what must not be sent."""
    sheet = pages.sheet(NOTICES, repeated=2)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, NOTICES, pages.style("title"))
    pages.mark(sheet, 1, CORRECTIONS, ["notices"])
    widths = (44, 30, 56, 36)
    for c, heading in enumerate(("ไฟล์", "ที่", "เรื่อง", "วิธีแก้ไข")):
        sheet.write_string(2, c, heading, pages.style("heading"))
        sheet.set_column(c, c, widths[c])
    row = 3
    for each in returned:
        for finding in each.notices:
            words = text(finding.code, "th", where="", value=finding.value)
            todo = text(_todo_of(finding), "th")
            cells = (each.file, _place_of(finding, each), words, todo)
            for c, cell in enumerate(cells):
                style = finding.severity if c == 2 else "cell"
                sheet.write_string(row, c, cell, pages.style(style))
            tall = max(text_lines(t, w) for t, w in zip(cells, widths, strict=True))
            sheet.set_row(row, LINE * tall + 3)
            row += 1
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _todo_of(finding: Finding) -> str:
    """Return the code of the words that say what to do about a matter without a cell."""
    if finding.code.startswith(("identifier.", "forbidden.")):
        return "correction.do_not_send"
    return "correction.check_file" if finding.severity == "warning" else "correction.send_again"


def _place_of(finding: Finding, each: Returned) -> str:
    """Return sheet, row and heading of a finding as a person calls them."""
    at = finding.place
    guide = column_guide(at.column, each.kind)
    row = "" if at.row is None else f"แถว {at.row}"
    parts = (at.sheet, row, guide.heading if guide else at.column)
    return " · ".join(filter(None, parts))
