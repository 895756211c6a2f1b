"""Money that is bound over several fiscal years in one cell, read as years and amounts."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.clean.values.amounts import find_unit, read_baht, scale_of
from evallib.clean.values.distinct_cells import Note, Reading, note_missing, read_distinct
from evallib.clean.values.written_periods import read_fiscal_year
from evallib.errors import SchemaError
from evallib.thai.days import tidy
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.findings import Finding
    from evallib.thai.text_columns import Cells

_YEAR = r"(?:ปี(?:งบประมาณ)?\s*)?(?:พ\.? ?ศ\.?\s*)?(?<!\d)(2[45]\d\d|20\d\d)(?![\d,.])"
_SPAN = re.compile(rf"{_YEAR}\s*(?:-|ถึง)\s*{_YEAR}\s*[:=]?\s*(.+)")
_ONE = re.compile(rf"{_YEAR}\s*[:=]?\s*(.+)")
_EACH = re.compile(_YEAR)
_GLUE = re.compile(r"\s*(?:,|;|และ|/)?\s*$")
_MOST_YEARS = 20
_REVIEW = Reading(None, (Note("amount.review", "warning"),))


def parse_baht_by_year(values: Cells, *, unit: str = "บาท") -> tuple[pd.DataFrame, list[Finding]]:
    """Read obligations over years: ``2562 - 2564 30,000,000 บาท``, ``2562: 10 ล้าน, 2563: 5 ล้าน``.

    A total over a span of years does not say what falls to each. It is divided evenly, to the
    satang and the rest to the last year, and says so; `parse_baht` leaves such a cell to a person.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet.
    unit : str, default "บาท"
        As `parse_baht`.

    Returns
    -------
    amounts : pandas.DataFrame, shape (m, 3)
        ``row`` (label in ``values``), ``fiscal_year`` (Int64, Buddhist Era; missing where the cell
        names no year) and ``baht`` (float64), in the order of rows and years. A cell that cannot
        be read has no row.
    findings : list of Finding
        As `parse_baht`, and ``amount.split_evenly`` (warning: a total was divided by the years).

    Raises
    ------
    SchemaError
        ``unit`` names no unit of money.

    Examples
    --------
    >>> amounts, findings = parse_baht_by_year(pd.Series(["2562 - 2564    30,000,000 บาท"]))
    >>> amounts["fiscal_year"].tolist(), amounts["baht"].tolist(), findings[0].code
    ([2562, 2563, 2564], [10000000.0, 10000000.0, 10000000.0], 'amount.split_evenly')
    """
    values = as_column(values)
    found = find_unit(unit)
    if found is None:
        raise SchemaError("amount.unknown_unit", found=unit)
    column = read_distinct(values, partial(_read_cell, scale=scale_of(found)))
    rows = [
        (label, year, baht)
        for label, at in zip(values.index, column.which, strict=True)
        if at >= 0 and column.readings[at].value
        for year, baht in column.readings[at].value
    ]
    frame = pd.DataFrame(rows, columns=["row", "fiscal_year", "baht"])
    return frame.astype({"fiscal_year": "Int64", "baht": "float64"}), column.findings


def _read_cell(cell: Any, *, scale: int) -> Reading:
    """Read one distinct cell as pairs of a fiscal year, or None, and baht."""
    if missing := note_missing(cell):
        return missing
    text = tidy(cell) if isinstance(cell, str) else ""
    if match := _SPAN.fullmatch(text):
        return _divide(match, scale)
    if _ONE.match(text):
        starts = [match.start() for match in _EACH.finditer(text)]
        ends = [*starts[1:], len(text)]
        return _pair_up([text[a:b] for a, b in zip(starts, ends, strict=True)], scale)
    reading = read_baht(cell, scale=scale)
    value = None if reading.value is None else ((None, reading.value),)
    return Reading(value, reading.notes)


def _divide(match: re.Match[str], scale: int) -> Reading:
    """Divide a total by the years of its span."""
    first, last = read_fiscal_year(match[1]), read_fiscal_year(match[2])
    total = read_baht(match[3], scale=scale)
    if first is None or last is None or not 0 < last - first < _MOST_YEARS:
        return _REVIEW
    if total.value is None:
        return Reading(None, total.notes or _REVIEW.notes)
    years = range(first, last + 1)
    satang = round(total.value * 100)
    each = satang // len(years)
    shares = [each] * (len(years) - 1) + [satang - each * (len(years) - 1)]
    pairs = tuple((y, share / 100) for y, share in zip(years, shares, strict=True))
    return Reading(pairs, (*total.notes, Note("amount.split_evenly", "warning")))


def _pair_up(parts: list[str], scale: int) -> Reading:
    """Read years that each have their own amount."""
    pairs: dict[int, float] = {}
    notes: list[Note] = []
    for part in parts:
        match = _ONE.fullmatch(part)
        year = read_fiscal_year(match[1]) if match else None
        reading = read_baht(_GLUE.sub("", match[2]), scale=scale) if match else _REVIEW
        if reading.value is None and reading.notes:
            return Reading(None, reading.notes)
        if year is None or year in pairs or reading.value is None:
            return _REVIEW
        pairs[year] = reading.value
        notes += reading.notes
    return Reading(tuple(sorted(pairs.items())), tuple(notes))
