"""Lists of the needs that people stated in council meetings: one row a need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evallib.clean.kinds.places import find_row_places
from evallib.clean.rules.judge import judge_sheet
from evallib.clean.sheets.columns import Columns
from evallib.clean.values.quantities import parse_counts
from evallib.thai.text import missing_kind

if TYPE_CHECKING:
    import pandas as pd

    from evallib.clean.sheets.sheet import Sheet
    from evallib.clean.sheets.title_rows import Context
    from evallib.findings import Finding


def read_needs(sheet: Sheet, context: Context) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the needs of a list as they were stated in its quarter.

    Returns
    -------
    frame : pandas.DataFrame, shape (m, k)
        One row for each need with a text and a tambon, with ``rank`` and ``votes``.
    findings : list of Finding
        Cells that could not be read; ``intake.no_text`` and ``intake.no_tambon`` for each row
        left out.
    """
    columns = Columns(sheet)
    values: dict[str, object] = dict(find_row_places(columns, context))
    del values["place_raw"], values["location_precision"]
    values |= {name: columns.text(name) for name in ("need_text_th", "source_section")}
    values["people_affected"] = columns.count("people_affected")
    for name in ("rank", "votes"):
        values[name] = columns.parse(name, parse_counts, empty="Int64")
    values |= {"fiscal_year": context.period.fiscal_year, "quarter": context.period.quarter}
    needed = {"intake.no_text": "need_text_th", "intake.no_tambon": "tambon_code"}
    frame, _ = columns.keep(values, context.as_of, needed=needed)
    frame, _ = judge_sheet(columns, frame, "needs")
    return frame, _none_stated(columns)


def _none_stated(columns: Columns) -> list[Finding]:
    """Return the findings, where a row that says ไม่มี is no error: nobody asked for anything."""
    said = columns.raw("need_text_th").map(missing_kind) == "none"
    rows = set(columns.index[said.to_numpy()])
    return [
        replace(f, code="intake.no_need_stated", severity="info")
        if f.code == "intake.no_text" and f.place.row in rows
        else f
        for f in columns.findings
    ]
