"""FiscalPeriod against the calendar, pandas, and what officials may mistype."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean.values.written_periods import find_period
from evallib.errors import SchemaError
from evallib.periods import FiscalPeriod, as_period

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


WRITTEN = {
    "2565-Q3": [
        "2565-q3", "2565 Q3", "2565/Q3", "2565Q3", "Q3/2565", "Q3/65", "Q3-2565", "q3 65", "65-Q3",
        "ไตรมาส 3/2565", "ไตรมาส 3/65", "ไตรมาสที่ 3/2565", "ไตรมาสที่ ๓/๒๕๖๕", "ไตรมาส3 2565",
        "ไตรมาตรที่ 3/2565", "ไตรมาสที่สาม ปีงบประมาณ 2565", "ไตรมาส 3 ปีงบประมาณ พ.ศ. 2565",
        "ไตรมาสที่ 3 ปีงบประมาณ (พ.ศ.) 2565", "ไตรมาส 3 ประจำปีงบประมาณ 2565", "ไตรมาส 3 ปี 65",
        "ไตรมาส 3 พ.ศ.2565", "ปีงบประมาณ 2565 ไตรมาส 3", "ปีงบ 65 ไตรมาสที่ 3", "quarter 3, 2565",
        "quarter 3 of fiscal year 2565", "Q3 FY2565", "FY2565 Q3", "Q3 FY65", "Q3 FY2022",
        "  2565 – Q3 ", "ไตรมาส 3 ของปีงบประมาณ 2565",
    ],
    "2565": [
        "ปีงบประมาณ 2565", "ปีงบประมาณ พ.ศ. ๒๕๖๕", "ประจำปีงบประมาณ 2565", "ปีงบ 65", "ปีงปม. 2565",
        "ปี 2565", "ปี 65", "พ.ศ. 2565", "พ.ศ.2565", "FY2565", "FY65", "fy 2022",
        "fiscal year 2565", "ปีงบประมาณ 2022", "B.E. 2565",
    ],
    "2564-Q2": ["ไตรมาสที่ 2 ปีงบประมาณ พ.ศ. 2564"],
    "2564-Q1": ["ไตรมาสแรก ปีงบประมาณ 2564"],
    "2564-Q4": ["ไตรมาสสุดท้าย ปีงบประมาณ 2564"],
}  # fmt: skip
NOT_IN_CELLS = {  # a cell with so little in it may be anything
    "Q3-2565", "q3 65", "65-Q3", "ไตรมาส3 2565", "ไตรมาส 3 พ.ศ.2565", "quarter 3, 2565",
    "quarter 3 of fiscal year 2565", "fiscal year 2565", "B.E. 2565",
}  # fmt: skip
PAIRS = [(text, period) for period, texts in WRITTEN.items() for text in texts]


@pytest.mark.parametrize(("written", "period"), PAIRS)
def test_a_period_as_people_write_it(written: str, period: str) -> None:
    assert str(FiscalPeriod.parse(written)) == period
    assert as_period(written) == as_period(FiscalPeriod.parse(period))


@pytest.mark.parametrize(("written", "period"), PAIRS)
def test_cells_hold_the_same_period(written: str, period: str) -> None:
    in_cells = None if written in NOT_IN_CELLS else FiscalPeriod.parse(period)
    assert find_period(written) == in_cells


@pytest.mark.parametrize("written", [
    "65", "2565/3", "3/2565", "2565-3", "ไตรมาส 3", "ไตรมาส 1-2/2565", "ไตรมาส 5/2565", "Q365",
    "Q3/22", "Q3/2022", "ปี 2022", "ปี 22", "พ.ศ. 2022", "ปีงบประมาณ พ.ศ. 2022", "FY22", "FY39",
    "รอบ 6 เดือน ปี 2565", "ครึ่งปีแรก 2565", "มิถุนายน 2565", "24 มิ.ย. 2565", "2564-2565",
    "2565-Q3-Q4", "ปีงบประมาณ 2565 (2020/21)", "ปีงบประมาณ", "Q3 ปีงบประมาณ 2565 Q4", "25650",
    "2365", "ปีงบประมาณ 2725", "ค.ศ. 2022",
])  # fmt: skip
def test_what_is_no_one_period_is_refused_and_forms_are_shown(written: str) -> None:
    with pytest.raises(SchemaError) as refusal:
        FiscalPeriod.parse(written)
    for language in ("th", "en"):
        for form in ("2565-Q3", "Q3/65", "ไตรมาส 3/2565", "2565"):
            assert form in refusal.value.message(language)


@given(quarters, st.booleans())
def test_what_is_printed_is_read_back(quarter: FiscalPeriod, whole: bool) -> None:
    period = quarter.year if whole else quarter
    for written in (str(period), period.label("th"), period.label("en")):
        assert FiscalPeriod.parse(written) == period


@given(st.text(alphabet="0123456789๒๕๖ -/QqไตรมาสทีปีงบพศFY.", max_size=14))
def test_nothing_but_a_refusal_or_what_a_cell_says(written: str) -> None:
    try:
        period = FiscalPeriod.parse(written)
    except SchemaError:
        return
    assert find_period(written) in {period, None}


@given(quarters)
def test_the_first_form_keeps_its_meaning(quarter: FiscalPeriod) -> None:
    assert FiscalPeriod.parse(f" {quarter.fiscal_year}-Q{quarter.quarter} ") == quarter
    assert FiscalPeriod.parse(str(quarter.fiscal_year)) == quarter.year
