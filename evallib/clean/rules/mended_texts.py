"""What was read through a mistake of writing: the value is right, and the finding says so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.values.repairs import DAMAGED, find_damaged
from evallib.findings import Finding

if TYPE_CHECKING:
    from evallib.clean.sheets.columns import Columns

# Written in two ways that look the same: decomposed sara am, doubled sara e, invisible characters.
_MENDED = "\u0e4d[\u0e48-\u0e4b]?\u0e32|\u0e40\u0e40|[\u200b-\u200f\u2060\ufeff]"


def report_read_through(columns: Columns) -> None:
    """Report texts that were mended or are damaged; `report_places` does so for names of places.

    Parameters
    ----------
    columns : Columns
        The sheet as sent; its findings grow by ``text.repaired``, one for a column, with the number
        of cells, and by a warning of `repair_thai` for each text that no repair makes whole with
        certainty.
    """
    for heading in columns.frame:
        cells = columns.frame[heading].tolist()
        told = _remarks(cells)
        if told:
            remarks = (
                replace(remark, where=str(row))
                for row, cell in zip(columns.index, cells, strict=True)
                if type(cell) is str
                for remark in told.get(cell, ())
            )
            columns.report(remarks, column=str(heading))


def _remarks(cells: list[object]) -> dict[str, list[Finding]]:
    """Return what is to be said of each text; one quick search finds the few that need a look."""
    texts = [cell for cell in dict.fromkeys(cells) if type(cell) is str]
    flags = pc.match_substring_regex(pa.array(texts, pa.large_string()), f"{_MENDED}|{DAMAGED}")
    suspects = [texts[i] for i in pc.indices_nonzero(flags).to_pylist()]
    told = {t: [Finding("text.repaired", "info")] for t in suspects if re.search(_MENDED, t)}
    for text, code in find_damaged(suspects).items():
        told.setdefault(text, []).append(Finding(code, "warning"))
    return told
