"""Workbooks of indicators: one row a tambon, one column an indicator, made long."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.files.grid import cell_text
from evallib.clean.kinds.places import find_row_places
from evallib.clean.rules.judge import judge_sheet
from evallib.clean.sheets.columns import Columns
from evallib.places import register
from evallib.tables.cleaned import INDICATOR_SOURCES

if TYPE_CHECKING:
    from evallib.clean.sheets.sheet import Sheet
    from evallib.clean.sheets.title_rows import Context
    from evallib.findings import Finding

INDICATORS = ("income", "population", "households", "out_of_school")


def read_indicators(sheet: Sheet, context: Context) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the indicators of a sheet in the columns of ``indicators``.

    Returns
    -------
    frame : pandas.DataFrame, shape (m, k)
        One row for each tambon and indicator with a value. Annual values stay in the quarter in
        which they were reported: nothing is carried forward.
    findings : list of Finding
        Cells that could not be read, and ``intake.no_tambon`` for each row left out.
    """
    columns = Columns(sheet)
    present = [name for name in INDICATORS if name in columns]
    values: dict[str, object] = dict(_tambons(columns, context))
    values |= columns.parse_money(*(name for name in present if name == "income"))
    for name in present:
        if name != "income":
            values[name] = columns.count(name, unit="").astype("float64")
    source = next((s for s in INDICATOR_SOURCES if any(s in t for t in sheet.titles)), None)
    values |= {"fiscal_year": context.period.fiscal_year, "quarter": context.period.quarter}
    needed = {"intake.no_tambon": "tambon_code"}
    frame, _ = columns.keep(values | {"source": source}, context.as_of, needed=needed)
    frame, findings = judge_sheet(columns, frame, "indicators")
    about = [name for name in frame.columns if name not in present]
    long = frame.melt(about, present, var_name="indicator_id", value_name="value")
    return long.dropna(subset="value"), findings


def _tambons(columns: Columns, context: Context) -> dict[str, pd.Series]:
    """Return the tambon of each row: its code where the register has it, else its name."""
    known = _codes()
    written = [cell_text(cell).removesuffix(".0") for cell in columns.raw("tambon_code")]
    codes = pd.Series([c if c in known else None for c in written], columns.index, dtype="object")
    if codes.isna().any():
        codes = codes.where(codes.notna(), find_row_places(columns, context)["tambon_code"])
    return {"tambon_code": codes, "amphoe_code": codes.str[:4], "province_code": codes.str[:2]}


@cache
def _codes() -> frozenset[str]:
    return frozenset(register()["tambon_code"])
