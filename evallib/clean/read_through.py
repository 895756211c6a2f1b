"""What was read through a mistake of writing: the value is right, and the finding says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.text_repairs import find_damaged
from evallib.findings import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.columns import Columns

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
        mended = columns.index[_mended(cells)]
        found = (Finding("text.repaired", "info", str(row)) for row in mended)
        columns.report(found, column=str(heading))
        if damaged := find_damaged(cells):
            rows = ((row, damaged.get(c)) for row, c in zip(columns.index, cells, strict=True))
            told = (Finding(code, "warning", str(row)) for row, code in rows if code)
            columns.report(told, column=str(heading))


def _mended(cells: list[object]) -> NDArray[np.bool_]:
    """Tell which cells hold a text that was mended."""
    distinct = list(dict.fromkeys(cell for cell in cells if type(cell) is str))
    flags = pc.match_substring_regex(pa.array(distinct, pa.large_string()), _MENDED)
    texts = {distinct[i] for i in pc.indices_nonzero(flags).to_pylist()}
    if not texts:
        return np.zeros(len(cells), dtype=bool)
    return np.array([type(cell) is str and cell in texts for cell in cells], dtype=bool)
