"""Fiscal years and quarters of the Thai state, counted in the Buddhist Era."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evallib.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["FiscalPeriod", "known_quarters", "newest_cut_off"]

BUDDHIST_ERA = 543
FIRST_YEAR, LAST_YEAR = 2400, 2700
_FORM = re.compile(r"(\d{4})(?:-Q([1-4]))?")


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
        """Read ``"2565"`` or ``"2565-Q3"``.

        Raises
        ------
        SchemaError
            The text has another form, or its year is not a Buddhist-Era year.
        """
        form = _FORM.fullmatch(str(written).strip())
        if form is None:
            raise SchemaError("period.unreadable", found=repr(written))
        return cls(int(form[1]), int(form[2] or 0))

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


def newest_cut_off(period: FiscalPeriod, available: Mapping[FiscalPeriod, date]) -> date:
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
    last = period.quarters[-1]
    known = max((day for quarter, day in available.items() if quarter <= last), default=date.min)
    return max(known, min(period.due, max(available.values())))
