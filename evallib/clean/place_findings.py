"""What is reported of the places of a sheet: doubt for a reviewer, readings for the record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from evallib.findings import Finding
from evallib.places import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from evallib.clean.columns import Columns
    from evallib.clean.row_places import Found
    from evallib.findings import Severity

# Reason of `resolve_places` -> code and severity of the finding; other reasons say nothing.
_REMARKS: Final[dict[str, tuple[str, Severity]]] = {
    "unknown": ("intake.place_unknown", "warning"),
    "ambiguous": ("intake.place_ambiguous", "warning"),
    "list": ("intake.place_list", "warning"),
    "municipality": ("intake.place_municipality", "warning"),
    "conflict": ("intake.place_conflict", "warning"),
    "outside": ("intake.place_outside", "warning"),
    "nested": ("intake.place_nested", "info"),
    "whole": ("intake.place_whole", "info"),
    "area": ("intake.place_area", "info"),
    "abolished": ("intake.place_abolished", "info"),
    "similar": ("intake.place_similar", "info"),
}
_SOURCES: Final[dict[str, tuple[str, Severity]]] = {
    "title": ("intake.place_from_title", "info"),
    "context": ("intake.place_from_context", "info"),
    "beyond": ("intake.place_beyond", "warning"),
}
_READ = frozenset({"abolished", "similar"})  # what is shown is what was read as what


def heading_of(columns: Columns) -> str:
    """Return the canonical name of the column that names the places of a sheet."""
    named = (name for name in ("tambon", "place_raw", "amphoe", "province") if name in columns)
    return next(named, "title_th")


def report_places(columns: Columns, found: Sequence[Found]) -> None:
    """Report each row in doubt, and once for each column what was read in another way.

    Parameters
    ----------
    columns : Columns
        The sheet as sent; its findings grow.
    found : sequence of Found, shape (n,)
        The place of each row, after all that the row and its sheet say was weighed.
    """
    own = columns.heading(heading_of(columns)).column
    title = columns.heading("title_th").column
    doubts: list[tuple[str, Finding]] = []
    noted: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for row, place in zip(columns.index, found, strict=True):
        if not (place.source or place.reason or place.reading):
            continue
        column = title if place.source == "title" else own
        for code, severity, value in _remarks(place):
            finding = Finding(code, severity, str(row), value)
            if severity == "info":
                group = "" if code == _SOURCES["title"][0] else value  # one for all titles
                noted[code, group, column].append(finding)
            else:
                doubts.append((column, finding))
    for column in dict.fromkeys(column for column, _ in doubts):
        columns.report([finding for at, finding in doubts if at == column], column=column)
    for (_, _, at), alike in noted.items():  # one by one: each reading stays on record
        columns.report(alike, column=at)


def report_villages(columns: Columns, found: pd.DataFrame, name: str) -> None:
    """Report, for the record, cells that name several villages, of which none was chosen."""
    rows = columns.index[np.flatnonzero(found["villages"] > 1)]
    several = (Finding("intake.village_list", "info", str(row)) for row in rows)
    columns.report(several, column=columns.heading(name).column)


def _remarks(place: Found) -> list[tuple[str, Severity, str]]:
    told: list[tuple[str, Severity, str]] = []
    if place.source:
        told.append((*_SOURCES[place.source], place.code))
    if place.reason in _REMARKS:
        code, severity = _REMARKS[place.reason]
        told.append((code, severity, place.reading if place.reason in _READ else _shown(place)))
    if place.reading and place.reason not in _READ:
        told.append(("intake.place_corrected", "info", place.reading))
    return told


def _shown(place: Found) -> str:
    """Return the places that a reviewer may choose from, or the one that was taken."""
    codes = place.candidates or place.code
    return "; ".join(map(address_of, codes.split(";"))) if codes else ""
