"""Lists of the needs that people stated in council meetings: one row a need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.clean.columns import Columns
from evallib.clean.places_of_rows import find_row_places
from evallib.clean.quantities import parse_counts

if TYPE_CHECKING:
    import pandas as pd

    from evallib.clean.context import Context
    from evallib.clean.read import Sheet
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
    columns = Columns(sheet, "needs")
    values: dict[str, object] = dict(find_row_places(columns, context))
    del values["place_raw"], values["location_precision"]
    values |= {name: columns.text(name) for name in ("need_text_th", "source_section")}
    values["people_affected"] = columns.count("people_affected")
    for name in ("rank", "votes"):
        values[name] = columns.parse(name, parse_counts, empty="Int64")
    values |= {"fiscal_year": context.period.fiscal_year, "quarter": context.period.quarter}
    needed = {"intake.no_text": "need_text_th", "intake.no_tambon": "tambon_code"}
    return columns.keep(values, context.as_of, needed=needed)
