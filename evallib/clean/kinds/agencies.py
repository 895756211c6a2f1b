"""The agency of each row of a sheet: of its own column, else of the title rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.agencies import resolve_agencies
from evallib.findings import Finding

if TYPE_CHECKING:
    from evallib.clean.sheets.columns import Columns
    from evallib.clean.sheets.title_rows import Context
    from evallib.findings import Severity

# Reason of `resolve_agencies` -> code and severity of the finding.
_REMARKS: dict[str, tuple[str, Severity]] = {
    "unknown": ("intake.agency_unknown", "warning"),
    "ambiguous": ("intake.agency_ambiguous", "warning"),
    "ended": ("intake.agency_ended", "warning"),
    "early": ("intake.agency_early", "info"),
    "successor": ("intake.agency_successor", "info"),
}


def name_agencies(columns: Columns, context: Context) -> dict[str, pd.Series]:
    """Return ``agency_raw`` and ``agency_id``, as the agency was in the fiscal year reported.

    Each distinct name that is unknown, or whose agency had ended or did not exist yet, has one
    finding; so has a sheet in which rows name none.
    """
    raw = columns.text("agency_raw")
    if context.agency_raw:
        raw = raw.where(raw.notna(), context.agency_raw)
    names = pd.Series(raw.dropna().unique(), dtype="object")
    found = resolve_agencies(names, fiscal_year=context.period.fiscal_year, reasons=True)
    column = columns.heading("agency_raw").column
    for written, agency in zip(names, found.to_dict("records"), strict=True):
        if agency["reason"] in _REMARKS:
            code, severity = _REMARKS[agency["reason"]]
            value = str(written)
            if agency["reason"] == "successor":
                value = f"{written} → {agency['name_th']} ({agency['agency_id']})"
            columns.report([Finding(code, severity, "", value)], column=column)
    if raw.isna().any():
        columns.report([Finding("intake.agency_unstated", "warning", "", str(raw.isna().sum()))])
    ids = found["agency_id"].astype("object").where(found["agency_id"].notna(), None)
    known = dict(zip(names, ids, strict=True))
    agency_id = pd.Series([known.get(text) for text in raw], columns.index, dtype="object")
    return {"agency_raw": raw, "agency_id": agency_id}
