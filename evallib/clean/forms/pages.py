"""Workbooks that offices fill in: fixed bytes, Thai type, lists to choose from, pages for A4."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from evallib.clean.files.grid import column_letters
from evallib.clean.forms.form import ABOUT, VERSION, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.forms.choices import Choices

CREATED = datetime(2022, 10, 1)  # a fixed stamp: the clock must not enter the file
FONT, SIZE = "TH Sarabun New", 14
LINE = 21  # height of a line of that size
LISTS, ABOUT_SHEET = "รายการ", "คำแนะนำ"
LAST_ROW = 5_000  # rows of a form that have lists to choose from
_A4, _FIRST_LIST_ROW, _NARROW = 9, 2, 20
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")  # above and below letters
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 18},
    "subtitle": {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
    "label": {"bold": True},
    "input": {"bg_color": "#FFF9DB", "border": 1, "border_color": "#B5A642", "num_format": "@"},
    "heading": {"bold": True, "bg_color": "#DDE8F3", "border": 1, "text_wrap": True,
                "align": "center", "valign": "vcenter"},
    "required": {"bold": True, "bg_color": "#BFD7EE", "border": 1, "text_wrap": True,
                 "align": "center", "valign": "vcenter"},
    "example": {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "border": 1,
                "text_wrap": True, "valign": "top"},
    "mark": {"font_size": 8, "font_color": "#A6A6A6"},
    "text": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "date": {"valign": "top", "align": "center", "num_format": "@"},
    "choice": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "baht": {"valign": "top", "num_format": "#,##0.00"},
    "number": {"valign": "top", "num_format": "#,##0"},
    "percent": {"valign": "top", "num_format": "0.##"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#A6A6A6"},
    "centred": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#A6A6A6",
                "align": "center"},
    "error": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#A6A6A6",
              "bg_color": "#F8CBAD"},
    "warning": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#A6A6A6",
                "bg_color": "#FFE699"},
    "answer": {"text_wrap": True, "valign": "top", "border": 2, "border_color": "#548235",
               "bg_color": "#E2F0D9", "num_format": "@"},
}  # fmt: skip


class Pages:
    """A workbook on its way: styles by name, lists by name, bytes at the end.

    Parameters
    ----------
    title : str
        Title among the properties of the file.
    choices : Choices
        The closed lists.
    """

    def __init__(self, title: str, choices: Choices) -> None:
        import xlsxwriter  # whoever only reads does without it

        self._buffer = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self._buffer, options)
        self.book.set_properties({"created": CREATED, "title": title})
        self.choices = choices
        self._styles: dict[str, Any] = {}
        self._lists: dict[str, int] = {}

    def style(self, name: str, *, locked: bool = True) -> Any:
        """Return a style of `_STYLES`, not locked for what is filled in on a protected page."""
        key = name if locked else f"{name} open"
        if key not in self._styles:
            base = {"font_name": FONT, "font_size": SIZE, "locked": locked}
            self._styles[key] = self.book.add_format(base | _STYLES[name])
        return self._styles[key]

    def sheet(self, name: str, *, repeated: int | None = None) -> Any:
        """Add a page for A4 across, as wide as the paper; ``repeated`` is its row of headings."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_default_row(LINE)
        sheet.set_footer(f'&L&"{FONT}"&11&A&R&"{FONT}"&11หน้า &P / &N')
        if repeated is not None:
            sheet.repeat_rows(repeated)
        return sheet

    def mark(self, sheet: Any, row: int, page: str, columns: Sequence[str]) -> None:
        """Write the hidden canonical row; a column without a name stays unmarked."""
        for c, name in enumerate(columns):
            if name:
                sheet.write_string(row, c, str(Mark(page, VERSION, name)), self.style("mark"))
        sheet.set_row(row, 12, self.style("mark"), {"hidden": True})

    def offer(self, sheet: Any, area: tuple[int, int, int, int], name: str, **more: Any) -> None:
        """Let cells be chosen from a list, the whole of it."""
        if name not in self._lists:
            self._lists[name] = len(self._lists)
        self._validate(sheet, area, self._whole(name), name, more)

    def offer_inside(self, sheet: Any, area: tuple[int, int, int, int], name: str,
                     outer: int, **more: Any) -> None:  # fmt: skip
        """Let an amphoe (tambon) be chosen among those of the province (amphoe) in its row.

        ``outer`` is the column in which that stands.
        """
        for needed in (name, f"{name} of"):
            self._lists.setdefault(needed, len(self._lists))
        cell = f"${column_letters(outer)}{area[0] + 1}"
        start = f"{self._cell(name)}"
        of = self._whole(f"{name} of")
        count = f"COUNTIF({of},{cell})"
        source = (
            f"=IF({count}=0,{self._whole(name)},OFFSET({start},MATCH({cell},{of},0)-1,0,{count},1))"
        )
        self._validate(sheet, area, source, name, more)

    def offer_range(self, sheet: Any, area: tuple[int, int, int, int], name: str,
                    first: int, count: int, **more: Any) -> None:  # fmt: skip
        """Let cells be chosen from a part of a list."""
        self._lists.setdefault(name, len(self._lists))
        letters = column_letters(self._lists[name])
        top = _FIRST_LIST_ROW + first + 1
        source = f"='{LISTS}'!${letters}${top}:${letters}${top + count - 1}"
        self._validate(sheet, area, source, name, more)

    def finish(self) -> bytes:
        """Write the page of lists and return the file."""
        sheet = self.sheet(LISTS)
        sheet.write_string(0, 0, "รายการให้เลือก (ห้ามแก้ไข)", self.style("label"))
        for name, c in self._lists.items():
            sheet.set_column(c, c, 22)
            for r, word in enumerate(self._words(name)):
                sheet.write_string(_FIRST_LIST_ROW + r, c, word, self.style("plain"))
        self.mark(sheet, 1, ABOUT, ["list"])
        self.book.close()
        return self._buffer.getvalue()

    def _words(self, name: str) -> Sequence[str]:
        if name == "tambon of":
            return self.choices.amphoe_of_tambon
        return self.choices.province_of_amphoe if name == "amphoe of" else self.choices[name]

    def _cell(self, name: str) -> str:
        return f"'{LISTS}'!${column_letters(self._lists[name])}${_FIRST_LIST_ROW + 1}"

    def _whole(self, name: str) -> str:
        letters = column_letters(self._lists[name])
        top = _FIRST_LIST_ROW + 1
        return f"'{LISTS}'!${letters}${top}:${letters}${top + len(self._words(name)) - 1}"

    def _validate(self, sheet: Any, area: tuple[int, int, int, int], source: str, name: str,
                  more: dict[str, Any]) -> None:  # fmt: skip
        """Offer a list; a word outside it is let through where the world is wider than the list."""
        open_lists = {"province", "amphoe", "tambon", "place", "agency", "fund", "plan", "section"}
        sheet.data_validation(
            *area,
            {
                "validate": "list", "source": source if source.startswith("=") else f"={source}",
                "error_type": "warning" if name in open_lists else "stop",
                "error_title": "ไม่อยู่ในรายการ", "error_message": "โปรดเลือกจากรายการ",
            } | more,
        )  # fmt: skip


def text_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of that width.

    Marks above and below letters take no room; words that do not fit leave a fifth of a line empty,
    or more where the column is narrow.

    Examples
    --------
    >>> text_lines("น้ำ", 10), text_lines("ก" * 25, 10)
    (1, 4)
    """
    room = max(int(width * (0.8 if width > _NARROW else 0.7)), 1)
    return sum(max(1, -(-len(_MARKS.sub("", line)) // room)) for line in text.split("\n"))
