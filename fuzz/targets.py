"""What is fuzzed, and what must hold whatever goes in."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from math import isfinite, isnan
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pandas as pd

from evallib import clean
from evallib.clean import submission
from evallib.clean.files.child import read_in_child
from evallib.clean.files.html import read_html
from evallib.clean.files.packing import pack, unpack
from evallib.clean.files.readers import read_grids
from evallib.clean.files.sniff import MAX_COLUMNS, MAX_ROWS
from evallib.clean.sheets import sheet as read
from evallib.errors import RefusedFile
from evallib.i18n import LANGUAGES, catalog
from evallib.periods import FiscalPeriod
from evallib.thai.text import is_missing, normalise_thai

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evallib.clean.files.grid import Grid
    from evallib.findings import Finding

HOME = Path(tempfile.mkdtemp(prefix="fuzz"))
TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
Signature = tuple[object, ...]


class Violation(AssertionError):  # noqa: N818  the noun of the field
    """A property does not hold."""


def must(holds: object, what: str) -> None:
    """Raise where a property does not hold."""
    if not holds:
        raise Violation(what)


def fuzz_file(content: bytes) -> Signature:
    """Read a file through the public door; what the door would hide as unforeseen is raised."""
    path = HOME / "2565" / "Q3" / "file.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    is_workbook = content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
    reader = read_in_child if is_workbook else _read_here
    with patch.object(read, "read_in_child", reader):
        sent = clean.read_submission(path, raw=HOME)
        codes = tuple(sorted({f.code for f in sent.findings}))
        if "refused.unforeseen" in codes:
            submission._read(sent, read.read_sheets(path))  # raises what was caught
            raise Violation("a fault that does not come again")
    _check_findings(sent.findings)
    must(sent.state == "read" or len(sent.findings) == 1, "a refusal has one reason")
    must(
        sent.rows_accepted <= sent.rows_read or sent.kind == "council_report", "rows out of nothing"
    )
    return (sent.kind, codes, min(sent.rows_read, 3))


def fuzz_html(content: bytes) -> Signature:
    """Read a page; its grids go out of the child and back as they were."""
    path = HOME / "page.html"
    path.write_bytes(content)
    try:
        grids, findings = read_html(path)
    except RefusedFile as refused:
        return (refused.code,)
    return _check_grids(grids, findings)


def fuzz_date(text: str) -> Signature:
    """Read one cell as a day, a range, a period and a year."""
    cells = pd.Series([text, None, text], index=[7, 8, 9], dtype="object", name="วัน")
    days, findings = clean.parse_thai_dates(cells)
    _check_column(cells, days, findings)
    day = days.iloc[0]
    if not pd.isna(day):
        must(1850 < day.year < 2200, "a year beyond both eras")
    if not pd.isna(day) and 1900 <= day.year <= 2100:  # beyond, only the Buddhist Era is read
        again, found = clean.parse_thai_dates(pd.Series([day.strftime("%Y-%m-%d"), day]))
        must((again == day).all(), "a date that reads differently when read again")
        must(not any(f.severity == "error" for f in found), "its own result is an error")
    _check_digits(clean.parse_thai_dates, text, day)
    start, end, ranged = clean.parse_date_ranges(cells)
    must((start.isna() == end.isna()).all(), "half a range")
    must(not (end < start).any(), "a range that runs backwards")
    _check_column(cells, start, ranged)
    periods, found = clean.parse_thai_periods(cells)
    _check_column(cells, periods, found)
    period = periods.iloc[0]
    if isinstance(period, str):
        must(str(FiscalPeriod.parse(period)) == period, "a period that is none")
    years, _ = clean.parse_fiscal_years(cells)
    codes = tuple(sorted({f.code for f in (*findings, *ranged, *found)}))
    return (
        codes,
        pd.isna(day),
        pd.isna(start.iloc[0]),
        isinstance(period, str),
        pd.isna(years.iloc[0]),
    )


def fuzz_baht(text: str) -> Signature:
    """Read one cell as money, and as everything else that is counted."""
    cells = pd.Series([text, None, text], index=[7, 8, 9], dtype="object", name="งบ")
    amounts, findings = clean.parse_baht(cells)
    _check_column(cells, amounts, findings)
    amount = float(amounts.iloc[0])
    if not isnan(amount):
        must(isfinite(amount), "endless money")
        must(round(amount, 2) == amount, "less than a satang")
        again = clean.parse_baht(pd.Series([amount]))[0].iloc[0]
        must(again == amount, "an amount that reads differently when read again")
    _check_digits(clean.parse_baht, text, amount)
    millions = float(clean.parse_baht(cells, unit="ล้านบาท")[0].iloc[0])
    must(isnan(millions) or isfinite(millions), "endless millions")
    codes = {f.code for f in findings}
    for parse in (clean.parse_counts, clean.parse_percent, clean.parse_area, clean.parse_length):
        values, found = parse(cells)
        _check_column(cells, values, found)
        codes |= {f.code for f in found}
    fixed = normalise_thai(text)
    must(normalise_thai(fixed) == fixed, "a repaired text needs repair")
    _check_findings(clean.repair_thai(cells)[1])
    return (tuple(sorted(codes)), isnan(amount), isnan(millions))


TARGETS: dict[str, Callable[..., Signature]] = {
    "file": fuzz_file, "html": fuzz_html, "date": fuzz_date, "baht": fuzz_baht,
}  # fmt: skip


def _read_here(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Read in this process, so that a fault shows its place; nothing here can end the process."""
    grids, findings = read_grids(path)
    _check_grids(grids, findings)
    return grids, findings


def _check_grids(grids: list[Grid], findings: list[Finding]) -> Signature:
    _check_findings(findings)
    back, told = unpack(pack(grids, findings))
    must(told == findings, "findings that change on the way")
    for grid, same in zip(grids, back, strict=True):
        must(len(grid) <= MAX_ROWS and len(grid.columns) <= MAX_COLUMNS, "beyond the limits")
        must(len(grid) == len(same) and grid.spans == same.spans, "a grid of another size")
        for column, other in zip(grid.columns, same.columns, strict=True):
            must((column.codes == other.codes).all(), "cells that change on the way")
            kinds = set(map(type, column.cells))
            must(kinds <= {str, int, float, date, datetime}, f"cells of {kinds}")
    sizes = tuple((min(len(grid), 5), min(len(grid.columns), 5)) for grid in grids[:3])
    return (sizes, tuple(f.code for f in findings))


def _check_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        must(finding.code in catalog(), f"no words for {finding.code}")
        must(all(finding.message(language) for language in LANGUAGES), "an empty message")


def _check_column(cells: pd.Series, values: pd.Series, findings: list[Finding]) -> None:
    """Check what every parser of a column promises."""
    _check_findings(findings)
    must(values.index.equals(cells.index), "another index")
    first, last = values.iloc[0], values.iloc[-1]
    must(pd.isna(first) == pd.isna(last) and (pd.isna(first) or first == last), "rows that differ")
    must(pd.isna(values.iloc[1]), "a value out of nothing")
    if pd.isna(first) and not is_missing(cells.iloc[0]):
        must(any(f.where == "7" for f in findings), "lost without a finding")


def _check_digits(parse: Callable[..., tuple[pd.Series, object]], text: str, value: object) -> None:
    thai = parse(pd.Series([text.translate(TO_THAI)], dtype="object"))[0].iloc[0]
    must((pd.isna(thai) and pd.isna(value)) or thai == value, "Thai digits that read differently")
