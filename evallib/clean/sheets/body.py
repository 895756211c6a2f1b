"""Rows below a header: data, and what only looks like data (totals, sections, signatures, ...)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.files.grid import Cell, Factored, Grid, cell_text
from evallib.clean.sheets.headings import heading_key
from evallib.clean.sheets.rows_of_numbers import tell_by_numbers
from evallib.clean.sheets.totals import TOTAL, CheckSums, read_amount
from evallib.thai.text import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from evallib.clean.sheets.headers import Header
    from evallib.findings import Finding

    Flags = NDArray[np.bool_]

WIDE = 6  # cells: only a total or a repeated header is wider than this and no data row
HEADS = 3  # cells at the left by which such a row is known
_SIGNATURE = re.compile(
    r"ลงชื่อ|ลงนาม|^\(?\s*[.…_]{4,}|ผู้(?:จดบันทึก|รับรอง|ตรวจสอบ|จัดทำ)(?:ข้อมูล|การประชุม)?\s*$|^\((?:นาย|นาง|ว่าที่)"
)
_FOOTER = re.compile(r"^(?:หมายเหตุ|ที่มา)\s*[:：]|^\*+\s*หมายเหตุ")


@dataclass(slots=True)
class Body:
    """Rows of a sheet below its header.

    Parameters
    ----------
    columns : tuple of Factored
        Columns of the sheet; texts merged downwards stand in each of their rows.
    rows : numpy.ndarray of intp, shape (n,)
        Positions of the data rows, from 0.
    sections : numpy.ndarray of object, shape (n,)
        Section that each data row stands under; ``""`` for none.
    dropped : dict of str to list of int
        Finding code -> numbers of the rows left out for that reason, from 1.
    findings : list of Finding
        ``header.total_differs``; ``where`` is ``<row> | <column>``.
    """

    columns: tuple[Factored, ...]
    rows: NDArray[np.intp]
    sections: NDArray[np.object_]
    dropped: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_body(grid: Grid, header: Header) -> Body:
    """Sort the rows below a header into data and everything else; nothing is left out unnoticed."""
    held: Flags = np.logical_or.reduce(_filled(grid.columns), axis=1)
    held[: header.last + 1] = False
    held[list(header.ignored)] = False
    columns, merged = _fill_down(grid, header, held)
    filled: Flags = _filled(columns) & held[:, None]
    reader = _Sorter(columns, header)
    kinds = reader.classify(filled, held)
    kinds = tell_by_numbers(kinds, columns, header, held)
    is_data = held.copy()
    is_data[[row for row, kind, _ in kinds if kind != "data"]] = False
    rows = np.flatnonzero(is_data)
    body = Body(columns, rows, np.full(len(rows), "", dtype=object))
    down = np.flatnonzero(merged & is_data) + 1
    if len(down):
        body.dropped["header.merged_down"] = down.tolist()
    _leave_out(body, kinds, CheckSums(Grid.of_columns(grid.name, columns), header))
    return body


def _filled(columns: tuple[Factored, ...]) -> Flags:
    """Return which cells hold anything, shape (rows, columns)."""
    return np.array([column.codes >= 0 for column in columns], dtype=bool).T


def _leave_out(body: Body, kinds: list[tuple[int, str, str]], sums: CheckSums) -> None:
    """Enter each row that is no data into the account: sections, totals, the rest by its code."""
    since = 0
    pending: list[int] = []  # sections that no data has followed yet
    seen = 0  # data rows above
    for row, kind, label in kinds:
        if kind == "data":
            continue
        above = int(np.searchsorted(body.rows, row))
        if above > seen:
            pending, seen = [], above
        code = "header.section_rows" if kind == "section" else kind
        body.dropped.setdefault(code, []).append(row + 1)
        if kind == "section":
            body.sections[above:] = label
            since = above
            pending.append(row + 1)
        elif kind == "header.total_rows":
            body.findings += sums.check(row, body.rows[:above], since)
            since = above
    if pending and seen == len(body.rows):
        _end_sections(body, pending)


def _fill_down(grid: Grid, header: Header, held: Flags) -> tuple[tuple[Factored, ...], Flags]:
    """Repeat texts that were merged downwards; return the columns and the rows that took one."""
    columns = list(grid.columns)
    touched = np.zeros(len(grid), dtype=bool)
    for r0, c0, r1, _ in grid.spans:
        if r0 <= header.last or r1 <= r0 or c0 >= len(columns) or r0 >= len(grid):
            continue
        cell = grid.columns[c0].cell(r0)
        if not isinstance(cell, str) or read_amount(cell) is not None:
            continue  # an amount must not multiply
        if columns[c0] is grid.columns[c0]:
            columns[c0] = Factored(columns[c0].codes.copy(), columns[c0].cells)
        columns[c0].codes[r0 + 1 : r1 + 1] = grid.columns[c0].codes[r0]
        touched[r0 + 1 : r1 + 1] = True
    return tuple(columns), touched & held


class _Sorter:
    """Tells what each row of one sheet is."""

    def __init__(self, columns: tuple[Factored, ...], header: Header) -> None:
        self.columns = columns
        self.keys = [{heading_key(part) for part in parts} for parts in header.parts]
        numbered = {"ที่", "ลำดับ", "ลำดับที่"}
        self.order = next((c for c, parts in enumerate(self.keys) if parts & numbered), None)
        self.initials = {key[:1] for keys in self.keys for key in keys}

    def classify(self, filled: Flags, held: Flags) -> list[tuple[int, str, str]]:
        """Return position, kind and label of each row that may be no data, from the top."""
        wide = filled.sum(axis=1) > WIDE
        doubtful = np.flatnonzero((held & ~wide) | (wide & self._suspicious(filled)))
        found = []
        signed = False
        for row in doubtful.tolist():
            cells = [column.cell(row) for column in self.columns]
            kind, label = self._kind(cells, signed=signed)
            signed = signed or kind == "header.signatures"
            found.append((row, kind, label))
        return found

    def _suspicious(self, filled: Flags) -> Flags:
        """Tell which rows begin like a total or like the header."""
        place = filled.cumsum(axis=1)
        total: Flags = np.zeros(len(filled), dtype=bool)
        repeated: Flags = np.ones(len(filled), dtype=bool)
        for nth in range(1, HEADS + 1):
            heading: Flags = np.zeros(len(filled), dtype=bool)
            for c, column in enumerate(self.columns):
                head = filled[:, c] & (place[:, c] == nth)
                if head.any():
                    total |= _flag(column, head, _may_be_total)
                    heading |= _flag(column, head & repeated, partial(self._is_heading, c=c))
            repeated = heading
        return total | repeated

    def _is_heading(self, cell: str, c: int) -> bool:
        """Tell whether a text is a heading of its column; most are not by their first letter."""
        if c >= len(self.keys):
            return False
        first = cell.lstrip()[:1]
        if "ก" <= first <= "ฮ" and first not in self.initials:
            return False
        return heading_key(cell_text(cell)) in self.keys[c]

    def _kind(self, cells: Sequence[Cell], *, signed: bool) -> tuple[str, str]:
        """Return the kind of a row, ``"data"``, ``"section"`` or a finding code, and its label."""
        filled = [c for c, cell in enumerate(cells) if cell is not None]
        heads = filled[:HEADS]
        totals = any(TOTAL.match(cell_text(cells[c])) for c in heads)
        if len(filled) > WIDE and not totals and not self._repeats(cells, heads):
            return "data", ""
        texts = {c: cell_text(cells[c]) for c in filled if read_amount(cells[c]) is None}
        label = next(iter(texts.values()), "")
        alone = bool(texts) and (self.order not in filled or self.order in texts)
        rules = (
            ("header.repeated", bool(texts) and self._repeats(cells, filled)),
            ("header.signatures", alone and self._is_signed(texts, len(filled), signed=signed)),
            (
                "header.total_rows",
                alone
                and len(set(texts.values())) == 1
                and _is_total(label, in_order=self.order in texts),
            ),
            ("header.footers", len(texts) <= 2 and bool(_FOOTER.match(label))),
            (
                "header.empty_rows",
                all((c == self.order and c not in texts) or is_missing(cells[c]) for c in filled),
            ),
            ("section", len(texts) == len(filled) == 1 and len(self.keys) > 2),
        )
        return next((kind for kind, holds in rules if holds), "data"), label

    def _is_signed(self, texts: dict[int, str], width: int, *, signed: bool) -> bool:
        """Tell whether a short row is a signature, or a name below one."""
        if width > max(4, len(self.keys) // 4):
            return False
        below = signed and len(texts) == width <= 2
        return below or any(map(_SIGNATURE.search, texts.values()))

    def _repeats(self, cells: Sequence[Cell], filled: Sequence[int]) -> bool:
        """Tell whether the cells are the headings of their own columns."""
        hits = 0
        for c in filled:
            cell = cells[c]
            hits += isinstance(cell, str) and self._is_heading(cell, c)
        return hits > 0 and hits >= 0.8 * len(filled)


def _flag(column: Factored, rows: Flags, ask: Callable[[str], bool]) -> Flags:
    """Ask each distinct text that stands in some rows of a column once."""
    flags = np.zeros(len(column.cells) + 1, dtype=bool)
    for code in np.unique(column.codes[rows]).tolist():
        cell = column.cells[code]
        flags[code] = isinstance(cell, str) and ask(cell)
    answer: Flags = rows & flags[column.codes]
    return answer


def _may_be_total(cell: str) -> bool:
    """Tell whether a text begins like the label of a sum."""
    text = cell.lstrip()
    if text.startswith(("รวม", "ผลรวม", "ยอดรวม")) or text[:5].lower() in ("grand", "total"):
        return TOTAL.match(cell_text(cell)) is not None
    return False


def _is_total(label: str, *, in_order: bool) -> bool:
    """Tell whether a lone label is that of a sum; a title such as รวมพลัง... is not."""
    return bool(TOTAL.match(label)) or (
        label.startswith("รวม") and (in_order or label.startswith("รวม "))
    )


def _end_sections(body: Body, pending: list[int]) -> None:
    """Turn sections that no data followed into footers."""
    body.dropped.setdefault("header.footers", []).extend(pending)
    left = [n for n in body.dropped.pop("header.section_rows") if n not in pending]
    if left:
        body.dropped["header.section_rows"] = left
