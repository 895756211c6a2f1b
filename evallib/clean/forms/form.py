"""Our own forms: their columns, and the marks by which a filled one is known for certain."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evallib.clean.files.grid import Grid

FormKind = Literal["projects", "needs", "progress", "survey", "indicators"]
FORMS: tuple[FormKind, ...] = ("projects", "needs", "progress", "survey", "indicators")
VERSION = 1
EXAMPLE = "ตัวอย่าง"
ABOUT, CORRECTIONS = "about", "corrections"  # pages that hold no submitted rows
SEARCHED = 80  # rows from the top in which a canonical row may stand
_MARK = re.compile(r"evallib:([a-z_]{1,30}):(\d{1,4})(?::([a-z_0-9]{1,40}))?")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a form.

    Parameters
    ----------
    name : str
        Canonical name of the column.
    heading : str
        Thai heading, which ``headings.csv`` knows.
    kind : {"text", "choice", "number", "percent", "baht", "date"}
        What is typed into it.
    width : float
        Width in characters.
    choices : str
        Name of a list of `form_choices`; empty for free cells.
    required : bool
        Whether a row should not lack it.
    example : str
        Cell of the example row.
    help : str
        What to write, in Thai.
    """

    name: str
    heading: str
    kind: str
    width: float
    choices: str
    required: bool
    example: str
    help: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell of a canonical row says: a page of ours, its version, and a column."""

    page: str
    version: int
    column: str = ""

    def __str__(self) -> str:
        return ":".join(["evallib", self.page, str(self.version), *filter(None, [self.column])])


def read_mark(cell: object) -> Mark | None:
    """Return what a cell of a canonical row says, or None for any other cell.

    Examples
    --------
    >>> read_mark("evallib:projects:1:title_th")
    Mark(page='projects', version=1, column='title_th')
    >>> read_mark("ชื่อโครงการ") is None
    True
    """
    if not isinstance(cell, str) or not cell.lstrip().startswith("evallib:"):
        return None
    match = _MARK.fullmatch(cell.strip())
    return Mark(match[1], int(match[2]), match[3] or "") if match else None


def page_of(grid: Grid) -> Mark | None:
    """Return the first mark of a sheet, or None for a sheet of somebody else."""
    for row in grid.head(SEARCHED):
        for cell in row:
            mark = read_mark(cell)
            if mark is not None:
                return mark
    return None


def is_correction_page(grid: Grid) -> bool:
    """Tell whether a sheet is one of ours that an agency sends back with corrections."""
    mark = page_of(grid)
    return mark is not None and mark.page == CORRECTIONS


def form_columns(form: FormKind) -> tuple[FormColumn, ...]:
    """Return the columns of a form from left to right.

    Examples
    --------
    >>> [column.name for column in form_columns("indicators")][:3]
    ['order_no', 'tambon_code', 'province']
    """
    return _forms()[form]


@cache
def column_guide(name: str, kind: str = "projects") -> FormColumn | None:
    """Return the column of that canonical name, of the form of a kind of submission if it has it.

    Examples
    --------
    >>> column_guide("rank").help
    '1 คือสำคัญที่สุด'
    """
    chosen = [form for form in FORMS if form == kind]
    for form in (*chosen, *FORMS):
        for column in _forms()[form]:
            if column.name == name:
                return column
    return None


@cache
def _forms() -> Mapping[FormKind, tuple[FormColumn, ...]]:
    file = resources.files("evallib") / "reference" / "forms.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    return {
        form: tuple(
            FormColumn(
                row["column"], row["heading"], row["kind"], float(row["width"]), row["choices"],
                row["required"] == "yes", row["example"], row["help"],
            )
            for row in rows
            if row["form"] == form
        )
        for form in FORMS
    }  # fmt: skip
