"""What was read through a mistake of writing: the value is right, and the finding says so."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.text import normalise_thai
from evallib.clean.text_repairs import find_damaged
from evallib.findings import Finding
from evallib.places import register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from evallib.clean.columns import Columns

# Written in two ways that look the same: decomposed sara am, doubled sara e, invisible characters.
_MENDED = "\u0e4d[\u0e48-\u0e4b]?\u0e32|\u0e40\u0e40|[\u200b-\u200f\u2060\ufeff]"
_TAMBON = 6  # digits of a code
_BEFORE = r"ตำบล|ต\.|[^ก-๎]"  # what a name may follow, and what may follow a name
_AFTER = r"อำเภอ|อ\.|จังหวัด|จ\.|หมู่|ม\.|[^ก-๎]"
# Parts that name an amphoe or a province: many an amphoe bears the name of its tambon.
_WIDER = re.compile(r"(?:อำเภอ|อ\.|จังหวัด|จ\.)\s*(?:(?!ตำบล|ต\.|จังหวัด|จ\.)[ก-๎])+")


def report_read_through(columns: Columns, frame: pd.DataFrame) -> None:
    """Report texts that were mended or are damaged, and tambons whose name was misspelt.

    Parameters
    ----------
    columns : Columns
        The sheet as sent; its findings grow by ``text.repaired`` and ``intake.place_corrected``,
        one of each for a column, with the number of cells, and by a warning of `repair_thai` for
        each text that no repair makes whole with certainty.
    frame : pandas.DataFrame, shape (n, k)
        Rows made from it, with ``tambon_code``; index is the row of the sheet.
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
    for name in ("tambon", "place_raw"):
        if name in columns and "tambon_code" in frame:
            corrected = _corrected(columns.text(name).reindex(frame.index), frame["tambon_code"])
            columns.report(corrected, column=columns.heading(name).column)


def _mended(cells: list[object]) -> NDArray[np.bool_]:
    """Tell which cells hold a text that was mended."""
    distinct = list(dict.fromkeys(cell for cell in cells if type(cell) is str))
    flags = pc.match_substring_regex(pa.array(distinct, pa.large_string()), _MENDED)
    texts = {distinct[i] for i in pc.indices_nonzero(flags).to_pylist()}
    if not texts:
        return np.zeros(len(cells), dtype=bool)
    return np.array([type(cell) is str and cell in texts for cell in cells], dtype=bool)


def _corrected(written: pd.Series, codes: pd.Series) -> Iterator[Finding]:
    for row, text, code in zip(written.index, written, codes, strict=True):
        if isinstance(text, str) and isinstance(code, str) and not _names(text, code):
            yield Finding("intake.place_corrected", "info", str(row), _tambons().get(code, code))


@lru_cache(maxsize=65536)  # the same places come back every quarter
def _names(text: str, code: str) -> bool:
    """Tell whether a text bears the register's name of a tambon, whole, or its code."""
    name = _tambons().get(code, "") if len(code) == _TAMBON else ""
    whole = re.compile(f"(?:^|{_BEFORE}){re.escape(name)}(?:$|{_AFTER})")
    return code in text or whole.search(_WIDER.sub(" ", normalise_thai(text))) is not None


@cache
def _tambons() -> Mapping[str, str]:
    places = register()
    return dict(zip(places["tambon_code"], map(normalise_thai, places["tambon_th"]), strict=True))
