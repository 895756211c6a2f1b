"""Totals that a sheet states, held against the rows that they sum up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from evallib.clean.sheets.headings import heading_unit
from evallib.findings import Finding, Where
from evallib.thai.text import missing_kind, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from evallib.clean.files.grid import Cell, Grid
    from evallib.clean.sheets.headers import Header

_Sheet = tuple[str, str]  # file and name
_NIL = ("blank", "mark", "none")  # ways of writing nothing, which add nothing to a sum
TOTAL = re.compile(
    r"^(?:ผล|ยอด)?รวม(?:ทั้งสิ้น|ทั้งหมด|เป็นเงิน|งบประมาณ|เงิน|จำนวน|สุทธิ|ย่อย|\s|$)*"
    r"(?:\s*[\d,]+\s*(?:โครงการ|รายการ|กิจกรรม))?(?P<part>\s*(?:จังหวัด|อำเภอ|ตำบล|จ\.|อ\.|ต\.|ด้าน).*)?"
    r"\s*:?$|^(?:grand )?total$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?")
_ABOUT = re.compile(r"^\s*(?:ประมาณ|ราว)\s*")  # a row that is about so much has its own finding
_MONEY_WORDS = re.compile(r"\s*(?:บาท|คน|ครัวเรือน|\.-)\s*$")


def read_amount(cell: Cell) -> float | None:
    """Return a number, or a text that is nothing but a number, as float; else None.

    Examples
    --------
    >>> read_amount("๑,๒๐๐ บาท"), read_amount("1 ต.ค. 64"), read_amount(3)
    (1200.0, None, 3.0)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str) or not cell.strip()[:1].isdigit():
        return None
    written = _MONEY_WORDS.sub("", thai_digits_to_arabic(cell.strip()))
    return float(written.replace(",", "")) if _AMOUNT.fullmatch(written) else None


def read_addend(cell: Cell) -> float | None:
    """Return an amount that a total sums up, also when it is said to be about that much.

    Examples
    --------
    >>> read_addend("ประมาณ 61,200 บาท"), read_amount("ประมาณ 61,200 บาท")
    (61200.0, None)
    """
    return read_amount(_ABOUT.sub("", cell) if isinstance(cell, str) else cell)


class CheckSums:
    """Compares rows of totals with the data rows above them; each column is read once."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid = grid
        self.header = header
        self._read: dict[int, tuple[NDArray[np.float64], NDArray[np.bool_]]] = {}

    def check(self, row: int, above: NDArray[np.intp], since: int) -> list[Finding]:
        """Compare a total with the rows of its part and with all data rows above it.

        Parameters
        ----------
        row : int
            Position of the row of totals in the grid.
        above : numpy.ndarray of intp
            Positions of the data rows above it.
        since : int
            How many of them belong to earlier parts.

        Returns
        -------
        list of Finding
            ``header.total_differs`` (warning) where neither sum fits, ``header.total_unchecked``
            (info) where a row could not be read as a number; ``where`` is row and column.
        """
        findings = []
        for c, heading in enumerate(self.header.columns):
            total = read_amount(self.grid.columns[c].cell(row))
            if total is None or heading_unit(heading) == "ร้อยละ":
                continue
            amounts, unread = self._amounts(c)
            where = Where("", "", row + 1, heading)
            if unread[above].any():
                findings.append(Finding("header.total_unchecked", "info", where))
                continue
            sums = [float(np.nansum(amounts[part])) for part in (above[since:], above)]
            if all(abs(total - s) > max(0.01, 1e-6 * abs(total)) for s in sums):
                nearest = min(sums, key=lambda s: abs(total - s))
                value = f"{total:,.2f} ≠ {nearest:,.2f}"
                findings.append(Finding("header.total_differs", "warning", where, value))
        return findings

    def _amounts(self, c: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the number in each row of a column, and where something else stands."""
        if c not in self._read:
            codes, cells = self.grid.columns[c]
            read = [read_addend(cell) for cell in cells]
            amounts = np.array([np.nan if a is None else a for a in read] + [np.nan])
            unread = [
                a is None and missing_kind(x) not in _NIL for a, x in zip(read, cells, strict=True)
            ]
            self._read[c] = amounts[codes], np.array([*unread, False])[codes]
        return self._read[c]


def settle_totals(findings: Iterable[Finding]) -> list[Finding]:
    """Withhold judgement on a total when a row above it in its column has a finding of its own.

    Such a row is what the total differs by: a missing, unreadable or wrong amount. Once it is
    mended and sent again, the total is compared again.

    Parameters
    ----------
    findings : iterable of Finding
        All findings; ``header.total_differs`` are those about totals.

    Returns
    -------
    list of Finding
        The same in the same order; ``header.total_unsettled`` (info) stands in place of a
        ``header.total_differs`` that another finding explains.
    """
    known = list(findings)
    totals = {place for f in known if f.code == "header.total_differs" and (place := _place(f))}
    wanted = {(sheet, heading) for sheet, _, heading in totals}
    first: dict[tuple[_Sheet, str], int] = {}
    for finding in known:
        place = _place(finding) if finding.severity != "info" else None
        if place is None or (place[0], place[2]) not in wanted or place in totals:
            continue
        key = place[0], place[2]
        first[key] = min(first.get(key, place[1]), place[1])
    settled = []
    for finding in known:
        place = _place(finding) if finding.code == "header.total_differs" else None
        if place is not None and first.get((place[0], place[2]), place[1]) < place[1]:
            finding = replace(finding, code="header.total_unsettled", severity="info")  # noqa: PLW2901
        settled.append(finding)
    return settled


def _place(finding: Finding) -> tuple[_Sheet, int, str] | None:
    """Return (file and sheet, row, heading) of a finding about one cell."""
    at = finding.place
    if at.sheet is None or at.row is None:
        return None
    return (at.file, at.sheet), at.row, at.column
