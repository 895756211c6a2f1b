"""Fiscal years and quarters of the Thai state, counted in the Buddhist Era."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evallib.errors import SchemaError
from evallib.thai.days import BUDDHIST_ERA, FIRST_YEAR, LAST_YEAR, SHORT_YEARS, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["FiscalPeriod", "as_period", "known_quarters", "newest_cut_off"]

_FORM = re.compile(r"(\d{4})(?:-Q([1-4]))?")

# As people write a period. Wider than the form above, and narrower than what is read in cells: a
# month, a span of quarters or months counted from October are no one period.
_ORDINALS = {"แรก": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "สุดท้าย": 4}
_QUARTER = (
    r"(?:ไตรมา(?:ส|ตร|ศ|ตส|สต)|quarter|qtr\.?|q)\s?(?:ที่)?\s?"
    rf"(?P<quarter>[1-4]|{'|'.join(_ORDINALS)})(?!\d)"
)
_FISCAL = r"(?:ประจำ)?ปี(?:งบประมาณ|งปม\.?|งบ)|fiscal year|fy"
_YEAR = (
    rf"(?:(?P<fiscal>{_FISCAL})|(?P<plain>(?:ประจำ)?ปี|year))?\s?"
    r"(?P<era>\(?พ\.? ?ศ\.?\)?|b\.?e\.?)?\s?(?P<year>\d{4}|\d{2})(?!\d)"
    r"(?:\s?\((?P<begins>\d{4})/(?P<ends>\d{2})\))?"  # as `FiscalPeriod.label` writes it
)
_BETWEEN = r"\s?[-/,]?\s?(?:of|ของ)?\s?"
_WRITTEN = tuple(
    re.compile(form) for form in (_QUARTER + _BETWEEN + _YEAR, _YEAR + _BETWEEN + _QUARTER, _YEAR)
)


@dataclass(frozen=True, slots=True, order=True)
class FiscalPeriod:
    """A fiscal year, such as 2565, or one of its quarters, such as 2565-Q3.

    The year runs from 1 October to 30 September and is named by the Buddhist-Era year in which it
    ends: fiscal year 2565 is 1 October 2021 to 30 September 2022. A year sorts before its quarters.

    Parameters
    ----------
    fiscal_year : int
        Buddhist-Era year, 2400 to 2700.
    quarter : int, default 0
        1 to 4, or 0 for the whole year.

    Raises
    ------
    SchemaError
        The year or the quarter is outside these limits.

    Notes
    -----
    The Budget Procedures Act B.E. 2561 (2018), section 4, fixes the year.

    Examples
    --------
    >>> quarter = FiscalPeriod.parse("2565-Q3")
    >>> quarter.start, quarter.end
    (datetime.date(2022, 4, 1), datetime.date(2022, 6, 30))
    >>> str(quarter.next()), str(quarter.year), [str(q) for q in quarter.year.quarters][:2]
    ('2565-Q4', '2565', ['2565-Q1', '2565-Q2'])
    """

    fiscal_year: int
    quarter: int = 0

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.fiscal_year <= LAST_YEAR or self.quarter not in range(5):
            raise SchemaError("period.unreadable", found=f"{self.fiscal_year}-Q{self.quarter}")

    @classmethod
    def parse(cls, written: str) -> FiscalPeriod:
        """Read ``"2565"``, ``"2565-Q3"``, or a period as people write it.

        Years are of the Buddhist Era; two digits from 40 to 99 are 25xx, where a word or a quarter
        stands beside them. A Common Era year counts only where it is called a fiscal year.

        Raises
        ------
        SchemaError
            The text has another form, could mean several periods, or its year is not a
            Buddhist-Era year.

        Examples
        --------
        >>> written = ("Q3/65", "ไตรมาสที่ 3 ปีงบประมาณ พ.ศ. ๒๕๖๕", "2565/Q3", "FY2022", "ปีงบ 65")
        >>> [str(FiscalPeriod.parse(text)) for text in written]
        ['2565-Q3', '2565-Q3', '2565-Q3', '2565', '2565']
        """
        form = _FORM.fullmatch(str(written).strip())
        if form is not None:
            return cls(int(form[1]), int(form[2] or 0))
        text = tidy(str(written))
        match = next((m for m in (form.fullmatch(text) for form in _WRITTEN) if m), None)
        year = _fiscal_year(match) if match else None
        if match is None or year is None:
            raise SchemaError("period.unreadable", found=repr(written))
        quarter = match.groupdict().get("quarter") or "0"
        return cls(year, _ORDINALS.get(quarter) or int(quarter))

    @classmethod
    def of(cls, day: date) -> FiscalPeriod:
        """Return the quarter in which a Common Era date falls.

        Examples
        --------
        >>> str(FiscalPeriod.of(date(2022, 6, 24)))
        '2565-Q3'
        """
        return cls(day.year + BUDDHIST_ERA + (day.month >= 10), ((day.month - 10) % 12) // 3 + 1)

    @property
    def start(self) -> date:
        """First day."""
        year = self.fiscal_year - BUDDHIST_ERA
        first_month = {0: 10, 1: 10, 2: 1, 3: 4, 4: 7}[self.quarter]
        return date(year - (first_month == 10), first_month, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self.next().start - timedelta(days=1)

    @property
    def due(self) -> date:
        """Day on which all submissions are due: the 25th day after the end."""
        return self.end + timedelta(days=25)

    @property
    def year(self) -> FiscalPeriod:
        """The fiscal year that this period is, or lies in."""
        return FiscalPeriod(self.fiscal_year)

    @property
    def quarters(self) -> tuple[FiscalPeriod, ...]:
        """The four quarters of a year; a quarter alone is itself."""
        if self.quarter:
            return (self,)
        return tuple(FiscalPeriod(self.fiscal_year, q) for q in (1, 2, 3, 4))

    @property
    def ordinal(self) -> int:
        """Number that grows by one with each quarter (each year), for use as a time axis."""
        return self.fiscal_year * 4 + self.quarter - 1 if self.quarter else self.fiscal_year

    def next(self, steps: int = 1) -> FiscalPeriod:
        """Return the period that many steps later, or earlier when negative."""
        if not self.quarter:
            return FiscalPeriod(self.fiscal_year + steps)
        year, quarter = divmod(self.ordinal + steps, 4)
        return FiscalPeriod(year, quarter + 1)

    def contains(self, day: date) -> bool:
        """Tell whether a Common Era date lies in this period."""
        return self.start <= day <= self.end

    def to_pandas(self) -> pd.Period:
        """Return the pandas period of frequency ``Q-SEP`` or ``Y-SEP``.

        Examples
        --------
        >>> FiscalPeriod.parse("2565-Q3").to_pandas()
        Period('2022Q3', 'Q-SEP')
        """
        import pandas as pd  # a period alone must not cost the import of pandas

        year = self.fiscal_year - BUDDHIST_ERA
        if self.quarter:
            return pd.Period(f"{year}Q{self.quarter}", freq="Q-SEP")
        return pd.Period(str(year), freq="Y-SEP")

    def label(self, language: str = "th") -> str:
        """Write the period as a reader of that language expects.

        Examples
        --------
        >>> FiscalPeriod.parse("2565-Q3").label(), FiscalPeriod.parse("2565").label("en")
        ('ไตรมาส 3 ปีงบประมาณ 2565', 'fiscal year 2565 (2021/22)')
        """
        if language == "th":
            quarter = f"ไตรมาส {self.quarter} " if self.quarter else ""
            return f"{quarter}ปีงบประมาณ {self.fiscal_year}"
        ends = self.fiscal_year - BUDDHIST_ERA
        quarter = f"quarter {self.quarter}, " if self.quarter else ""
        return f"{quarter}fiscal year {self.fiscal_year} ({ends - 1}/{ends % 100:02d})"

    def __str__(self) -> str:
        return f"{self.fiscal_year}-Q{self.quarter}" if self.quarter else str(self.fiscal_year)


def as_period(given: FiscalPeriod | str) -> FiscalPeriod:
    """Return a period that was given as one, or as text.

    Raises
    ------
    SchemaError
        The text is no period, see `FiscalPeriod.parse`.

    Examples
    --------
    >>> as_period("ไตรมาส 3/2565") == as_period(FiscalPeriod(2565, 3))
    True
    """
    return given if isinstance(given, FiscalPeriod) else FiscalPeriod.parse(given)


def _fiscal_year(match: re.Match[str]) -> int | None:
    """Return the Buddhist-Era year of a written period, None where it is not certain."""
    found = match.groupdict()
    digits, year = found["year"], int(found["year"])
    if len(digits) == 2:
        beside = found["fiscal"] or found["plain"] or found["era"] or found.get("quarter")
        year = 2500 + year if beside and year in SHORT_YEARS else 0
    elif year < FIRST_YEAR and found["fiscal"] and not found["era"]:
        year += BUDDHIST_ERA
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if found["begins"] and (int(found["begins"]) + 1) % 100 != int(found["ends"]):
        return None
    contradicted = found["begins"] and int(found["begins"]) + 1 + BUDDHIST_ERA != year
    return None if contradicted else year


def known_quarters(
    years: Iterable[int], quarters: Iterable[int], days: Iterable[date]
) -> dict[FiscalPeriod, date]:
    """Return the newest date on which each quarter was known, from the files that came in.

    Parameters
    ----------
    years, quarters : iterable of int
        Fiscal year and quarter that each file is about.
    days : iterable of datetime.date
        Date on which the data of each were true.

    Examples
    --------
    >>> known_quarters([2565, 2565], [3, 3], [date(2022, 6, 1), date(2022, 6, 24)])
    {FiscalPeriod(fiscal_year=2565, quarter=3): datetime.date(2022, 6, 24)}
    """
    newest: dict[FiscalPeriod, date] = {}
    for year, quarter, day in zip(years, quarters, days, strict=True):
        period = FiscalPeriod(int(year), int(quarter))
        newest[period] = max(day, newest.get(period, date.min))
    return dict(sorted(newest.items()))


def newest_cut_off(period: FiscalPeriod | str, available: Mapping[FiscalPeriod, date]) -> date:
    """Return the newest date of knowledge that a report of a period should rest on.

    The newest date of its own data; once data of later dates are there, the day on which all
    submissions of the period were due, so that late ones count and the edition is final.

    Examples
    --------
    >>> from datetime import date
    >>> quarters = [FiscalPeriod.parse("2565-Q2"), FiscalPeriod.parse("2565-Q3")]
    >>> days = dict(zip(quarters, [date(2022, 3, 31), date(2022, 6, 24)]))
    >>> [newest_cut_off(quarter, days).isoformat() for quarter in quarters]
    ['2022-04-25', '2022-06-24']
    """
    period = as_period(period)
    last = period.quarters[-1]
    known = max((day for quarter, day in available.items() if quarter <= last), default=date.min)
    return max(known, min(period.due, max(available.values())))
