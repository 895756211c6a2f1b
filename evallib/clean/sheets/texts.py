"""Whole columns of text: each distinct one is repaired once, and most need no look at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.files.grid import cell_text
from evallib.thai.text import NEEDS_REPAIR, NEVER_MISSING, is_missing, normalise_thai

if TYPE_CHECKING:
    from collections.abc import Iterable


def clean_texts(values: pd.Series) -> pd.Series:
    """Return a column as text after the repairs of `normalise_thai`; what is missing is ``None``.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells of any type: numbers become text as a person would type them, 12.0 as ``12``.

    Returns
    -------
    pandas.Series of object, shape (n,)
        Text or ``None``; same index and name as ``values``. Words that say that nothing is there
        (`is_missing`) are missing.

    Examples
    --------
    >>> clean_texts(pd.Series(["  ถนน ", "นํ้าประปา", "-", None, 12.0], dtype=object)).tolist()
    ['ถนน', 'น้ำประปา', None, None, '12']
    """
    cells = values.tolist()
    texts = [cell if type(cell) is str else _write(cell) for cell in cells]
    distinct = list(dict.fromkeys(texts))
    repaired = repair_all(distinct)
    known = {
        text: None if clean[:1] not in NEVER_MISSING and is_missing(clean) else clean
        for text, clean in zip(distinct, repaired, strict=True)
    }
    return pd.Series([known[t] for t in texts], values.index, dtype="object", name=values.name)


def repair_all(texts: list[str]) -> list[str]:
    """Return what `normalise_thai` returns for each text; one linear search finds who needs it."""
    repaired = list(texts)
    for i in _needing_repair(texts):
        repaired[i] = normalise_thai(texts[i])
    return repaired


def _needing_repair(texts: list[str]) -> Iterable[int]:
    """Return the places of the texts that a repair could change."""
    try:
        column = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # half a character: no engine of UTF-8 can search it
        return range(len(texts))
    found = pc.match_substring_regex(column, NEEDS_REPAIR)
    return pc.indices_nonzero(found).to_pylist()  # type: ignore[no-any-return]


def _write(cell: object) -> str:
    """Return a cell that is no text as text, ``""`` where it is missing."""
    return "" if is_missing(cell) else cell_text(cell)
