"""Ranges of dates, fiscal years and quarters written in cells, headings and title rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from evallib.clean.values.written_dates import (
    ERA,
    NOTHING,
    UNREADABLE,
    WORD,
    Written,
    find_month,
    read_written,
    read_year,
)
from evallib.errors import SchemaError
from evallib.periods import FiscalPeriod
from evallib.thai.days import BUDDHIST_ERA, SHORT_YEARS, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_SPLIT = re.compile(r"\s*(?:จนถึง|ถึง|-|~|\bto\b)\s*(?:วันที่\s*)?")
_YEAR_AT_END = re.compile(rf"{ERA}(\d{{2,4}})$")
_MONTH_AND_YEAR = re.compile(rf"({WORD}[-/.,' ]*{ERA}\d{{2,4}})$")
_BRACKETS = re.compile(r"\(([^()]+)\)")
_DATE_LIKE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}} ?{WORD} ?{ERA}\d{{2,4}}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2})(?!\d)"
)
_AS_OF = re.compile(r"(?:ข้อมูล\s*ณ|ข้อมูลถึง|สิ้นสุด\s*ณ|ณ\s*วันที่|ถึงวันที่|as of)\s*(?:วันที่)?\s*")

_QUARTER = re.compile(
    r"(?:ไตรมา(?:ส|ตร|ศ|ตส|สต)|quarter|q)\s*(?:ที่)?\s*([1-4]|แรก|หนึ่ง|สอง|สาม|สี่|สุดท้าย)(?!\d)"
)
_QUARTER_WORDS = {"แรก": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "สุดท้าย": 4}
_QUARTER_WORD = r"(?:ไตรมา(?:ส|ตร|ศ|ตส|สต)|quarters?|q)\s*(?:ที่)?\s*"
_QUARTERS = re.compile(rf"{_QUARTER_WORD}([1-4])\s*(?:-|ถึง)\s*(?:{_QUARTER_WORD})?([1-4])(?!\d)")
_CUMULATIVE = re.compile(r"(?:รอบ|ระยะ|สะสม)\s*(3|6|9|12)\s*เดือน(?!หลัง)|(3|6|9)\s*เดือนแรก|ครึ่งปีแรก")
_SECOND_HALF = re.compile(r"6\s*เดือนหลัง|ครึ่งปีหลัง")
_YEAR = r"(\d{4}|\d{2})(?!\d)"
_PO_SO = r"(?:\(?พ\.? ?ศ\.?\)?)?\s*"
_FISCAL_YEAR = re.compile(rf"(?:ปีงบประมาณ|ปีงปม\.?|ปีงบ|\bfy)\s*{_PO_SO}{_YEAR}")
_AFTER_QUARTER = re.compile(
    rf"(?:ไตรมา\S*|quarter|q)\s*(?:ที่)?\s*(?:[1-4]\s*(?:-|ถึง)\s*)?\S{{1,8}}\s*/\s*{_YEAR}"
)
_BEFORE_QUARTER = re.compile(r"(?<!\d)(\d{4})\s?[-/ ]?\s?q[1-4]")
_PLAIN_YEAR = re.compile(rf"(?:ประจำปี|ปีแรก|ปีหลัง|เดือนแรก|เดือนหลัง|ปี)\s*{_PO_SO}{_YEAR}")
_ONLY_YEAR = re.compile(r"(?:พ\.? ?ศ\.?\s*)?(\d{4})(?:\.0+|\s*/\s*(\d{4}))?")
_SPAN_OF_YEARS = re.compile(r"\d{4}\s*-\s*(?:พ\.? ?ศ\.?\s*)?\d{4}")
_MONTH_NAMED = re.compile(rf"เดือน\s*({WORD}[-/.,' ]*{ERA}(?:\d{{4}}|\d{{2}}))(?!\d)")
_MONTH_OF_YEAR = re.compile(
    rf"(?:^|(?<=[\s(:]))(?<!\d )({WORD}[-/.,' ]*{ERA}(?:\d{{4}}|\d{{2}}))(?!\d)"
)
_MONTH_ALONE = re.compile(r"เดือน\s*([ก-์.]+)")


_ANY_YEAR = 2500  # stands for a year that is not said


def read_range(text: str) -> Written:
    """Read first and last day of a range, a month, a quarter, a fiscal year or a single day."""
    whole = read_written(text)
    if whole.first or whole.code != UNREADABLE:
        return whole
    text = tidy(text)
    for cut in _SPLIT.finditer(text):
        found = _read_halves(text[: cut.start()], text[cut.end() :])
        if found.first or found.code != UNREADABLE:
            return found
    for inner in _BRACKETS.findall(text):
        if (found := read_range(inner)).first:
            return found
    return _read_quarters(text)


def find_date(text: str) -> date | None:
    """Return the first complete date in a sentence, or ``None``.

    Examples
    --------
    >>> find_date("ประชุมครั้งที่ 3 เมื่อวันที่ 12 มิถุนายน 2565 กรรมการเข้าประชุม 12 คน")
    datetime.date(2022, 6, 12)
    """
    return next((written.first for _, written in _dates_in(tidy(text))), None)


def find_as_of(text: str) -> date | None:
    """Return the date on which the data were known, as a title row states it, or ``None``.

    Examples
    --------
    >>> find_as_of("ข้อมูล ณ วันที่ ๒๔ มิถุนายน ๒๕๖๕"), find_as_of("24 มิถุนายน 2565")
    (datetime.date(2022, 6, 24), None)
    """
    text = tidy(text)
    for label in _AS_OF.finditer(text):
        for start, written in _dates_in(text[label.end() :]):
            if start == 0:
                return written.first
    return None


def find_period(text: str, *, fiscal_year: int | None = None) -> FiscalPeriod | None:
    """Return the fiscal year or quarter that a title row or a cell names, or ``None``.

    ``รอบ 9 เดือน`` is the third quarter, which is cumulative; a month is the quarter that holds
    it. Complete dates and spans of years are no periods, but a quarter without a year takes the
    year of the dates beside it when all of them lie in that quarter.

    Parameters
    ----------
    text : str
        A title row, a heading, a sheet name or a cell.
    fiscal_year : int, optional
        Buddhist-Era year for a quarter or a month that names none.

    Examples
    --------
    >>> rows = ("ไตรมาสที่ ๓ ปีงบประมาณ 2565", "Q3/65", "FY2022", "ประจำเดือนมิถุนายน พ.ศ.2565")
    >>> [str(find_period(row)) for row in rows]
    ['2565-Q3', '2565-Q3', '2565', '2565-Q3']
    """
    text = tidy(text)
    days = [written.first for _, written in _dates_in(text) if written.first]
    text = _SPAN_OF_YEARS.sub(" ", _DATE_LIKE.sub(_drop_date, text))
    quarter, year = _quarter_in(text), _year_in(text)
    if quarter < 0:
        return None
    if quarter:
        if year is None and days:
            periods = {FiscalPeriod.of(day) for day in days}
            same = len(periods) == 1 and next(iter(periods)).quarter == quarter
            return next(iter(periods)) if same else None
        return _period(year or fiscal_year, quarter)
    month = _month_in(text, year or fiscal_year)
    return month or (_period(year) if year else None)


class Quarter(NamedTuple):
    """A quarter that a cell names; the year is 0 when it names none."""

    quarter: int
    fiscal_year: int


def find_quarter(cell: object) -> Quarter | None:
    """Return the quarter that a cell of a column of quarters names, or None.

    Examples
    --------
    >>> find_quarter(2), find_quarter("ไตรมาสที่ ๓/2566"), find_quarter("ทั้งปี")
    (Quarter(quarter=2, fiscal_year=0), Quarter(quarter=3, fiscal_year=2566), None)
    """
    text = tidy(str(cell)).removesuffix(".0")
    if text in {"1", "2", "3", "4"}:
        return Quarter(int(text), 0)
    named = find_period(text, fiscal_year=_ANY_YEAR)
    if named is None or not named.quarter:
        return None
    return Quarter(named.quarter, 0 if named.fiscal_year == _ANY_YEAR else named.fiscal_year)


def read_fiscal_year(digits: str) -> int | None:
    """Return the Buddhist-Era fiscal year of 2565, 2022 or 65; 00-39 could be either era."""
    ce, _ = read_year(digits)
    return ce + BUDDHIST_ERA if ce > 0 else None


def is_cumulative(text: str) -> bool:
    """Tell whether the text names months or quarters counted from the start of the year."""
    text = tidy(text)
    span = _QUARTERS.search(text)
    return _CUMULATIVE.search(text) is not None or (span is not None and span[1] == "1")


def is_short(text: str) -> bool:
    """Tell whether the only year in the text has two digits."""
    numbers = re.findall(r"(?<!\d)\d+(?!\d)", tidy(text))
    return not any(len(n) == 4 for n in numbers) and any(int(n) in SHORT_YEARS for n in numbers)


def _read_quarters(text: str) -> Written:
    """Read a fiscal year, a quarter, or several quarters of one year; ``text`` is tidied."""
    quarters, year = _quarters_in(text), _year_in(text)
    if len(quarters) > 1 and year:
        first, last = _period(year, quarters[0]), _period(year, quarters[-1])
        if first and last:
            code = "period.cumulative" if quarters[0] == 1 else ""
            return Written(first.start, last.end, code)
    period = find_period(text)
    return Written(period.start, period.end) if period else NOTHING


def _quarters_in(text: str) -> range:
    """Return the quarters that a text spans, none where it names no span or runs backwards."""
    if span := _QUARTERS.search(text):
        return range(int(span[1]), int(span[2]) + 1)
    if _SECOND_HALF.search(text):
        return range(3, 5)
    if match := _CUMULATIVE.search(text):
        return range(1, int(match[1] or match[2] or 6) // 3 + 1)
    return range(0)


def _read_halves(left: str, right: str) -> Written:
    """Read both halves of a range; the left one may borrow year, or month and year."""
    last = read_written(right)
    if last.first is None or last.last is None:
        return NOTHING
    year, month = _YEAR_AT_END.search(right.strip()), _MONTH_AND_YEAR.search(right.strip())
    tries = [left] + [f"{left} {borrowed[0]}" for borrowed in (year, month) if borrowed]
    first = next((w for w in map(read_written, tries) if w.first), NOTHING)
    if first.first is None:
        return NOTHING
    codes = [w.code for w in (first, last) if w.code not in ("", "date.month_only")]
    if first.first > last.last:
        borrowed_year = read_written(left).first is None
        return Written(None, None, "date.ambiguous" if borrowed_year else "date.range_reversed")
    return Written(first.first, last.last, codes[0] if codes else "")


def _dates_in(text: str) -> Iterator[tuple[int, Written]]:
    """Yield position and date of each complete date in a tidied text."""
    at = 0
    while match := _DATE_LIKE.search(text, at):
        written = read_written(match[0])
        if written.first:
            yield match.start(), written
        at = match.end() if written.first else match.start() + 1


def _drop_date(match: re.Match[str]) -> str:
    """Blank a complete date, keep what only looks like one."""
    return " " if read_written(match[0]).first else match[0]


def _quarter_in(text: str) -> int:
    """Return the quarter that a text names, the last one counted from the start of the year.

    0 where there is none, -1 where several are meant that do not begin with the year.
    """
    if _QUARTERS.search(text) or _SECOND_HALF.search(text):
        span = _quarters_in(text)
        return span[-1] if span and span[0] == 1 else -1
    if match := _QUARTER.search(text):
        return _QUARTER_WORDS.get(match[1]) or int(match[1])
    return len(_quarters_in(text))


def _year_in(text: str) -> int | None:
    for pattern in (_FISCAL_YEAR, _AFTER_QUARTER, _BEFORE_QUARTER, _PLAIN_YEAR):
        if match := pattern.search(text):
            return read_fiscal_year(match[1])
    match = _ONLY_YEAR.fullmatch(text.strip())
    if match and match[2] and abs(int(match[1]) - int(match[2])) != BUDDHIST_ERA:
        return None  # two years, not one in both eras
    return read_fiscal_year(match[1]) if match else None


def _month_in(text: str, fiscal_year: int | None) -> FiscalPeriod | None:
    """Return the quarter of a month with its own year, else of a month in the fiscal year."""
    for match in (*_MONTH_NAMED.finditer(text), *_MONTH_OF_YEAR.finditer(text)):
        written = read_written(match[1])
        if written.first:
            return FiscalPeriod.of(written.first)
    alone = _MONTH_ALONE.search(text)
    month = find_month(alone[1])[0] if alone else 0
    return _period(fiscal_year, ((month - 10) % 12) // 3 + 1) if month else None


def _period(year: int | None, quarter: int = 0) -> FiscalPeriod | None:
    try:
        return FiscalPeriod(year, quarter) if year else None
    except SchemaError:
        return None
