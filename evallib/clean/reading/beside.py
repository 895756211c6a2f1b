"""Tables that stand beside one another in a sheet, under the same headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BESIDE = " · ตาราง "  # between the name of a sheet and the number of a table beside the first
FEWEST_HEADINGS = 2  # that must come again, in the same order


def tables_beside(headings: Sequence[str]) -> list[int]:
    """Return the columns in which tables begin that have the same headings in the same order.

    Parameters
    ----------
    headings : sequence of str
        One a column, empty where there is none.

    Returns
    -------
    list of int
        ``[0]`` for one table.

    Examples
    --------
    >>> tables_beside(["ที่", "โครงการ", "งบ", "", "ที่", "โครงการ", "งบ"])
    [0, 4]
    >>> tables_beside(["ที่", "โครงการ", "แผน", "ผล", "แผน", "ผล"])
    [0]
    """
    first = next((c for c, heading in enumerate(headings) if heading), None)
    if first is None:
        return [0]
    begins = [c for c in range(first, len(headings)) if headings[c] == headings[first]]
    if len(begins) < 2:
        return [0]
    ends = [*begins[1:], len(headings)]
    tables = [[h for h in headings[b:e] if h] for b, e in zip(begins, ends, strict=True)]
    same = all(table == tables[0][: len(table)] for table in tables[1:])
    enough = all(len(table) >= max(FEWEST_HEADINGS, len(tables[0]) - 1) for table in tables)
    return [0, *begins[1:]] if same and enough else [0]


def own_name(sheet: str) -> str:
    """Return the name of the sheet in which a table stands.

    Examples
    --------
    >>> own_name("แผ่น1" + BESIDE + "2"), own_name("แผ่น1")
    ('แผ่น1', 'แผ่น1')
    """
    return sheet.partition(BESIDE)[0]
