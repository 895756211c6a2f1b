"""Where the header of a sheet stands below its title rows, and its levels flattened into one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid, Span, cell_text
from evallib.clean.sheets.headings import LEVELS, is_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.findings import Finding

_SEARCHED = 60  # rows from the top in which a header may begin
_DEEPEST = 5  # levels of a header
_NUMBER = re.compile(r"[\d\s,./%()๐-๙-]+")
_CHILD = re.compile(r"^(?:แผน|ผล|เป้าหมาย|ได้รับ|เบิก|เริ่ม|สิ้นสุด|ชาย|หญิง|รวม)")


@dataclass(frozen=True, slots=True)
class Header:
    """Header of one sheet.

    Parameters
    ----------
    first, last : int
        Its rows, from 0, inclusive.
    columns : tuple of str
        Flattened headings, ``"parent | child"``; distinct and never empty.
    parts : tuple of tuple of str
        The levels that each heading is made of, for telling repeated headers.
    titles : tuple of str
        Text of each row above it.
    ignored : tuple of int
        Rows that are part of the form, wherever they stand.
    findings : tuple of Finding
        What is odd about it; ``where`` is ``<row> | <column>``.
    """

    first: int
    last: int
    columns: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]
    ignored: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()


def find_header(grid: Grid, *, after: int = 0) -> Header | None:
    """Find the header of a sheet, or None when the sheet holds no table.

    The header begins at the row with most known headings; where none has two, at the first row
    of texts alone that is as wide as the rows below it. Merged cells give its depth. It is sought
    within 60 rows ``after`` a row, above which the grid holds nothing but titles.

    Examples
    --------
    >>> rows = [["แบบรายงาน", None, None], ["ที่", "ระยะเวลา", None],
    ...         [None, "เริ่มต้น", "สิ้นสุด"], [1, "1 ต.ค. 64", "30 ก.ย. 65"]]
    >>> find_header(Grid("", rows, ((0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 1, 2)))).columns
    ('ที่', 'ระยะเวลา | เริ่มต้น', 'ระยะเวลา | สิ้นสุด')
    """
    within = after + _SEARCHED
    top = grid.head(within + _DEEPEST)
    texts = [[cell_text(cell) for cell in row] for row in top]
    first = _first_row(texts, top, within)
    if first is None:
        return None
    width = len(grid.columns)
    texts = [row + [""] * (width - len(row)) for row in texts]
    while first and _is_parent(texts[first - 1], texts[first], grid.spans, first - 1):
        first -= 1
    last = _last_row(texts, top, grid.spans, first)
    parts = _flatten(texts, grid.spans, first, last)
    titles = tuple(joined for row in texts[:first] if (joined := " ".join(filter(None, row))))
    return Header(first, last, distinct_headings(parts), parts, titles)


def _first_row(texts: list[list[str]], rows: Sequence[Sequence[Cell]], within: int) -> int | None:
    known = [len({cell for cell in row if cell and is_heading(cell)}) for row in texts[:within]]
    most = max(known, default=0)
    if most >= 2:
        return known.index(most)
    widths = [sum(map(bool, row)) for row in texts]
    for r, width in enumerate(widths[:within]):
        below = max(widths[r + 1 : r + 11], default=0)
        if width >= 2 and below and width >= 0.6 * below and _is_words(texts[r], rows[r]):
            return r
    return None


def _is_words(texts: list[str], cells: Sequence[Cell]) -> bool:
    """Tell whether a row holds words alone: no number, no date."""
    return all(
        isinstance(cell, str) and not _NUMBER.fullmatch(text)
        for text, cell in zip(texts, cells, strict=False)
        if text
    )


def _is_parent(above: list[str], below: list[str], spans: tuple[Span, ...], row: int) -> bool:
    """Tell whether a row holds headings that stand over those of the row below it."""
    filled = [c for c, text in enumerate(above) if text]
    if not filled:
        return False
    merged = [s for s in spans if s[0] == s[2] == row and s[3] > s[1]]
    if any(s[3] - s[1] + 1 >= len(below) - 1 for s in merged) or (filled[0] == 0 and not merged):
        return False
    over = [s for s in merged if sum(map(bool, below[s[1] : s[3] + 1])) > 1]
    return bool(over) and sum(s[3] - s[1] + 1 for s in over) < len(below)


def _last_row(
    texts: list[list[str]], rows: Sequence[Sequence[Cell]], spans: tuple[Span, ...], first: int
) -> int:
    """Follow merged cells down to the last level of the header."""
    last = first
    while last < min(first + _DEEPEST - 1, len(rows) - 1):
        inside = [s for s in spans if first <= s[0] <= last]
        tall = min(max((s[2] for s in inside), default=last), first + _DEEPEST - 1)
        parents = [s for s in inside if s[2] == last and s[3] > s[1]]
        below = texts[last + 1]
        if (
            tall > last
            or (
                any(any(below[s[1] : s[3] + 1]) for s in parents)
                and _is_words(below, rows[last + 1])
            )
            or _is_child(below, texts[last])
        ):
            last += 1
        else:
            break
    return last


def _is_child(below: list[str], above: list[str]) -> bool:
    """Tell whether an unmerged row continues the header: short known words under wide parents.

    Where cells were unmerged, a parent stands once before gaps, or again in each of its columns.
    """
    filled = [c for c, text in enumerate(below) if text]
    if not filled or below[0] or len(filled) == len(below):
        return False
    parted = any(
        not above[c] or above[c] in above[c - 1 : c] + above[c + 1 : c + 2] for c in filled
    )
    return parted and all(is_heading(below[c]) or _CHILD.match(below[c]) for c in filled)


def _flatten(
    texts: list[list[str]], spans: tuple[Span, ...], first: int, last: int
) -> tuple[tuple[str, ...], ...]:
    levels = [list(row) for row in texts[first : last + 1]]
    for r0, c0, r1, c1 in spans:
        if first <= r0 <= last:
            for r in range(r0, min(r1, last) + 1):
                levels[r - first][c0 : c1 + 1] = [texts[r0][c0]] * (c1 + 1 - c0)
    for upper, lower in pairwise(levels):
        for c in range(1, len(upper)):  # a parent that was not merged reaches to the next one
            if not upper[c] and lower[c] and lower[c - 1] and upper[c - 1] != lower[c - 1]:
                upper[c] = upper[c - 1]
    columns = zip(*levels, strict=True)
    return tuple(
        tuple(text for i, text in enumerate(column) if text and text not in column[:i])
        for column in columns
    )


def distinct_headings(parts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the levels of each heading joined, numbered where they occur again or are empty."""
    seen: dict[str, int] = {}
    names = []
    for c, levels in enumerate(parts):
        name = LEVELS.join(levels) or f"({c + 1})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
