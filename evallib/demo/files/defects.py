"""Defects planted in project rows: the mess of real forms, each one on record."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.demo.files.cells import (
    Cell,
    Report,
    place_cells,
    write_date,
    write_day,
    write_money,
)
from evallib.demo.wording import (
    DECOMPOSED_SARA_AM,
    SARA_AM,
    misspell_place,
    pick,
    thai_digits,
)
from evallib.thai.days import BUDDHIST_ERA

if TYPE_CHECKING:
    from collections.abc import Callable

    from evallib.demo.files.layouts import Layout

RATES = {
    "place_misspelt": 0.025,
    "sara_am_decomposed": 0.015,
    "year_common_era": 0.010,
    "date_impossible": 0.010,
    "missing_value": 0.020,
    "text_in_number": 0.020,
    "unit_slip": 0.010,
    "disbursed_over_approved": 0.010,
    "percent_over_100": 0.005,
}
BLANKS: tuple[Cell, ...] = (None, "-", "ไม่ระบุ")


@dataclass(frozen=True, slots=True)
class Line:
    """One row on its way into a form: its cells by field, what it says, and the form."""

    cells: dict[str, Cell]
    report: Report
    layout: Layout
    key: str
    rng: np.random.Generator

    def result_field(self, field: str) -> str:
        """Return the field that holds physical progress or disbursement in this form."""
        return f"q{self.report.quarter}_{field}_result" if self.key == "D" else field


def draw_kinds(n: int, rng: np.random.Generator) -> list[str]:
    """Return the kind of defect of each of n rows, mostly ``""``; at most one a row."""
    kinds = list(RATES)
    edges = np.cumsum([RATES[kind] for kind in kinds])
    where = np.searchsorted(edges, rng.random(n), side="right")
    return [kinds[i] if i < len(kinds) else "" for i in where]


def spoil(kind: str, line: Line) -> str:
    """Spoil the cells of a row in place; return a note, or "" where the defect cannot occur.

    The dates and the status of the programme stay readable, or nobody could know the cohorts.
    """
    if not kind or (line.report.programme and kind in {"year_common_era", "date_impossible"}):
        return ""
    return _SPOILERS[kind](line)


def _place(line: Line) -> str:
    right = line.report.tambon
    if line.report.level != 3:
        return ""
    wrong = misspell_place(right, line.rng)
    line.cells.update(place_cells(line.report, line.key, wrong))
    return f"{right} -> {wrong}"


def _sara_am(line: Line) -> str:
    touched = [
        field for field in line.layout.fields
        if isinstance(line.cells.get(field), str) and SARA_AM in str(line.cells[field])
    ]  # fmt: skip
    for field in touched:
        line.cells[field] = str(line.cells[field]).replace(SARA_AM, DECOMPOSED_SARA_AM)
    return ", ".join(touched)


def _common_era(line: Line) -> str:
    field = pick(line.rng, ("start", "end"))
    line.cells[field] = _digits(
        str(write_day(getattr(line.report, field), line.layout.dates, era=0)), line
    )
    return f"{field}: {line.cells[field]}"


def _impossible(line: Line) -> str:
    field = pick(line.rng, ("start", "end"))
    day = getattr(line.report, field)
    short = calendar.monthrange(day.year, day.month)[1] == 30
    month = day.month if short else pick(line.rng, (4, 6, 9))
    line.cells[field] = _digits(
        write_date(31, month, day.year + BUDDHIST_ERA, line.layout.dates), line
    )
    return f"{field}: {line.cells[field]}"


def _missing(line: Line) -> str:
    able = ["budget", "disbursed", "physical"]
    if not line.report.programme:
        able += ["start", "end", "status"]
    field = str(pick(line.rng, able))
    if field in {"disbursed", "physical"}:
        field = line.result_field(field)
    line.cells[field] = pick(line.rng, BLANKS)
    return field


def _text(line: Line) -> str:
    budget = line.report.budget
    shown, unit = f"{budget:,.0f}", "บาท"
    if line.layout.million:
        shown, unit = f"{budget / 1e6:.6g}", "ล้านบาท"
    shapes = (f"ประมาณ {shown} {unit}", f"{shown}.-", "อยู่ระหว่างจัดสรร", f"{shown} {unit}ถ้วน")
    line.cells["budget"] = pick(line.rng, shapes)
    return f"budget: {line.cells['budget']}"


def _unit_slip(line: Line) -> str:
    budget = line.report.budget
    if line.layout.million:
        line.cells["budget"] = budget
    elif line.layout.as_text:
        line.cells["budget"] = f"{budget:.4f}ล้านบาท"
    else:
        million = f"{budget / 1e6:.6g}"
        line.cells["budget"] = thai_digits(million) if line.layout.thai_digits else float(million)
    return f"budget: {budget:.0f} baht"


def _overspent(line: Line) -> str:
    report = line.report
    if not report.physical[report.quarter - 1]:
        return ""
    too_much = round(report.budget * line.rng.uniform(1.05, 1.6), -2)
    line.cells[line.result_field("disbursed")] = write_money(too_much, line.layout)
    return f"disbursed: {too_much:.0f} of {report.budget:.0f} baht"


def _over_100(line: Line) -> str:
    value = int(line.rng.integers(105, 160))
    text = line.layout.thai_digits
    line.cells[line.result_field("physical")] = thai_digits(str(value)) if text else value
    return f"physical: {value}"


def _digits(text: str, line: Line) -> str:
    return thai_digits(text) if line.layout.thai_digits else text


_SPOILERS: dict[str, Callable[[Line], str]] = {
    "place_misspelt": _place,
    "sara_am_decomposed": _sara_am,
    "year_common_era": _common_era,
    "date_impossible": _impossible,
    "missing_value": _missing,
    "text_in_number": _text,
    "unit_slip": _unit_slip,
    "disbursed_over_approved": _overspent,
    "percent_over_100": _over_100,
}
