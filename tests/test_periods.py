"""FiscalPeriod against the calendar, pandas, and what officials may mistype."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.errors import SchemaError
from evallib.periods import FiscalPeriod

QUARTER_BOUNDS = {
    "2565-Q1": (date(2021, 10, 1), date(2021, 12, 31)),
    "2565-Q2": (date(2022, 1, 1), date(2022, 3, 31)),
    "2565-Q3": (date(2022, 4, 1), date(2022, 6, 30)),
    "2565-Q4": (date(2022, 7, 1), date(2022, 9, 30)),
    "2565": (date(2021, 10, 1), date(2022, 9, 30)),
    "2567-Q2": (date(2024, 1, 1), date(2024, 3, 31)),
}
days = st.dates(date(1900, 10, 1), date(2150, 1, 1))
quarters = st.builds(FiscalPeriod, st.integers(2450, 2690), st.integers(1, 4))


@pytest.mark.parametrize(("written", "bounds"), QUARTER_BOUNDS.items())
def test_bounds_as_the_budget_act_has_them(written, bounds) -> None:
    period = FiscalPeriod.parse(written)
    assert (period.start, period.end) == bounds
    assert str(period) == written


@given(days)
def test_every_day_lies_in_exactly_its_quarter(day: date) -> None:
    quarter = FiscalPeriod.of(day)
    assert quarter.contains(day)
    assert quarter.year.contains(day)
    assert not quarter.next().contains(day)
    assert not quarter.next(-1).contains(day)


@given(quarters)
def test_quarters_follow_one_another_without_gap(quarter: FiscalPeriod) -> None:
    assert quarter.next().start == quarter.end + timedelta(days=1)
    assert quarter.next().next(-1) == quarter
    assert quarter.next().ordinal == quarter.ordinal + 1
    assert quarter.next() > quarter
    assert quarter.next(4) == FiscalPeriod(quarter.fiscal_year + 1, quarter.quarter)


@given(quarters)
def test_pandas_agrees(quarter: FiscalPeriod) -> None:
    period = quarter.to_pandas()
    assert (period.start_time.date(), period.end_time.date()) == (quarter.start, quarter.end)
    year = quarter.year.to_pandas()
    assert (year.start_time.date(), year.end_time.date()) == (quarter.year.start, quarter.year.end)
    assert isinstance(period, pd.Period)


@given(quarters)
def test_a_year_is_its_four_quarters(quarter: FiscalPeriod) -> None:
    assert quarter in quarter.year.quarters
    assert quarter.year.start == quarter.year.quarters[0].start
    assert quarter.year.end == quarter.year.quarters[-1].end


@pytest.mark.parametrize(
    "written", ["2565-Q5", "2565-Q0", "2022-Q3", "2022", "65", "2565/3", "", "Q3", None]
)
def test_another_form_is_refused_with_what_is_needed(written) -> None:
    with pytest.raises(SchemaError, match="2565-Q3") as refusal:
        FiscalPeriod.parse(written)
    assert refusal.value.code == "period.unreadable"


def test_the_meeting_of_the_source_lies_inside_its_quarter() -> None:
    assert FiscalPeriod.parse("2565-Q3").contains(date(2022, 6, 24))


def test_labels_in_both_languages() -> None:
    quarter = FiscalPeriod.parse("2565-Q3")
    assert quarter.label("th") == "ไตรมาส 3 ปีงบประมาณ 2565"
    assert quarter.label("en") == "quarter 3, fiscal year 2565 (2021/22)"
    assert quarter.year.label("th") == "ปีงบประมาณ 2565"


def test_thai_digits_are_digits() -> None:
    assert FiscalPeriod.parse("๒๕๖๕-Q3") == FiscalPeriod(2565, 3)
