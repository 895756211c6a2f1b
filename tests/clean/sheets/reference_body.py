"""The plain way to sort the rows below a header, one row and one cell at a time, for comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid, cell_text
from evallib.clean.sheets.headings import heading_key, heading_unit
from evallib.clean.sheets.totals import read_addend, read_amount
from evallib.findings import Finding, Where
from evallib.thai.text import is_missing, missing_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evallib.clean.sheets.headers import Header

_TOTAL = re.compile(
    r"^(?:ผล|ยอด)?รวม(?:ทั้งสิ้น|ทั้งหมด|เป็นเงิน|งบประมาณ|เงิน|จำนวน|สุทธิ|ย่อย|\s|$)*"
    r"(?:\s*[\d,]+\s*(?:โครงการ|รายการ|กิจกรรม))?(?P<part>\s*(?:จังหวัด|อำเภอ|ตำบล|จ\.|อ\.|ต\.|ด้าน).*)?"
    r"\s*:?$|^(?:grand )?total$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"ลงชื่อ|ลงนาม|^\(?\s*[.…_]{4,}|ผู้(?:จดบันทึก|รับรอง|ตรวจสอบ|จัดทำ)(?:ข้อมูล|การประชุม)?\s*$|^\((?:นาย|นาง|ว่าที่)"
)
_FOOTER = re.compile(r"^(?:หมายเหตุ|ที่มา)\s*[:：]|^\*+\s*หมายเหตุ")
_NIL = ("blank", "mark", "none")  # ways of writing nothing, which add nothing to a sum


@dataclass(slots=True)
class Body:
    """Rows of a sheet below its header.

    Parameters
    ----------
    rows : list of (int, list)
        Row number in the sheet, from 1, and the cells of each data row.
    sections : list of str
        Section that each data row stands under; ``""`` for none.
    dropped : dict of str to list of int
        Finding code -> numbers of the rows left out for that reason.
    findings : list of Finding
        ``header.total_differs``; ``where`` is row and column.
    """

    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    dropped: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_body(grid: Grid, header: Header) -> Body:
    """Sort the rows below a header into data and everything else; nothing is left out unnoticed."""
    body = Body()
    width = len(header.columns)
    keys = [{heading_key(part) for part in parts} for parts in header.parts]
    order = next((c for c, parts in enumerate(keys) if parts & {"ที่", "ลำดับ", "ลำดับที่"}), None)
    section, signed, since = "", False, 0
    pending: list[int] = []
    for number, cells, merged in _filled_rows(grid, header):
        kind, label = _classify(cells, keys, order, signed=signed)
        if kind == "data":
            if merged:
                body.dropped.setdefault("header.merged_down", []).append(number)
            body.rows.append((number, cells + [None] * (width - len(cells))))
            body.sections.append(section)
            pending = []
        elif kind == "section":
            section, since = label, len(body.rows)
            pending.append(number)
            body.dropped.setdefault("header.section_rows", []).append(number)
        else:
            body.dropped.setdefault(kind, []).append(number)
            if kind == "header.total_rows":
                body.findings += _check_total(number, cells, header, body.rows, since)
                since = len(body.rows)
            signed = signed or kind == "header.signatures"
    _end_sections(body, pending)
    return body


def _filled_rows(grid: Grid, header: Header) -> Iterator[tuple[int, list[Cell], bool]]:
    """Yield the rows that hold anything, and whether a text merged downwards was repeated."""
    below: dict[int, dict[int, Cell]] = {}
    for r0, c0, r1, _ in grid.spans:
        if r0 > header.last and r1 > r0 and c0 < len(grid.rows[r0]):
            cell = grid.rows[r0][c0]
            if isinstance(cell, str) and read_amount(cell) is None:  # an amount must not multiply
                for r in range(r0 + 1, min(r1 + 1, len(grid.rows))):
                    below.setdefault(r, {})[c0] = cell
    for r in range(header.last + 1, len(grid.rows)):
        cells = list(grid.rows[r])
        if not any(cell is not None for cell in cells):
            continue
        for c, cell in below.get(r, {}).items():
            cells += [None] * (c + 1 - len(cells))
            cells[c] = cell
        yield r + 1, cells, r in below


def _classify(
    cells: Sequence[Cell], keys: Sequence[set[str]], order: int | None, *, signed: bool
) -> tuple[str, str]:
    """Return the kind of a row, ``"data"``, ``"section"`` or a finding code, and its label."""
    filled = [c for c, cell in enumerate(cells) if cell is not None]
    heads = [cell_text(cells[c]) for c in filled[:3]]
    if (
        len(filled) > 6
        and not _repeats(cells, filled[:3], keys)
        and not any(map(_TOTAL.match, heads))
    ):
        return "data", ""  # only a total or a repeated header is as wide as a data row
    texts = {c: cell_text(cells[c]) for c in filled if read_amount(cells[c]) is None}
    label = next(iter(texts.values()), "")
    numbered = order in filled and order not in texts
    alone = not numbered and bool(texts)
    only_texts = len(texts) == len(filled)
    rules = (
        ("header.repeated", bool(texts) and _repeats(cells, filled, keys)),
        (
            "header.signatures",
            alone
            and len(filled) <= max(4, len(keys) // 4)
            and (
                any(map(_SIGNATURE.search, texts.values()))
                or (signed and only_texts and len(filled) <= 2)
            ),
        ),
        (
            "header.total_rows",
            alone and len(set(texts.values())) == 1 and _is_total(label, in_order=order in texts),
        ),
        ("header.footers", len(texts) <= 2 and bool(_FOOTER.match(label))),
        (
            "header.empty_rows",
            all((c == order and numbered) or is_missing(cells[c]) for c in filled),
        ),
        ("section", only_texts and len(filled) == 1 and len(keys) > 2),
    )
    return next((kind for kind, holds in rules if holds), "data"), label


def _is_total(label: str, *, in_order: bool) -> bool:
    """Tell whether a lone label is that of a sum; a title such as รวมพลัง... is not."""
    return bool(_TOTAL.match(label)) or (
        label.startswith("รวม") and (in_order or label.startswith("รวม "))
    )


def _repeats(cells: Sequence[Cell], filled: Sequence[int], keys: Sequence[set[str]]) -> bool:
    """Tell whether the cells are the headings of their own columns."""
    hits = sum(
        c < len(keys) and isinstance(cells[c], str) and heading_key(cell_text(cells[c])) in keys[c]
        for c in filled
    )
    return hits > 0 and hits >= 0.8 * len(filled)


def _check_total(
    number: int,
    cells: Sequence[Cell],
    header: Header,
    rows: list[tuple[int, list[Cell]]],
    since: int,
) -> list[Finding]:
    """Compare a total with the rows of its part and with all rows above it."""
    findings = []
    for c, cell in enumerate(cells[: len(header.columns)]):
        total = read_amount(cell)
        if total is None or heading_unit(header.columns[c]) == "ร้อยละ":
            continue
        amounts = [read_addend(row[c]) for _, row in rows]
        unread = any(
            a is None and missing_kind(row[c]) not in _NIL
            for a, (_, row) in zip(amounts, rows, strict=True)
        )
        sums = [sum(a for a in part if a is not None) for part in (amounts[since:], amounts)]
        where = str(Where("", "", number, header.columns[c]))
        if unread:
            findings.append(Finding("header.total_unchecked", "info", where))
        elif all(abs(total - s) > max(0.01, 1e-6 * abs(total)) for s in sums):
            nearest = min(sums, key=lambda s: abs(total - s))
            findings.append(
                Finding("header.total_differs", "warning", where, f"{total:,.2f} ≠ {nearest:,.2f}")
            )
    return findings


def _end_sections(body: Body, pending: list[int]) -> None:
    """Turn sections that no data followed into footers."""
    if pending:
        body.dropped.setdefault("header.footers", []).extend(pending)
        left = [n for n in body.dropped.pop("header.section_rows") if n not in pending]
        if left:
            body.dropped["header.section_rows"] = left
