"""A day outside the quarter that names it is found, and calendar quarters are recognised."""

from datetime import date

import pandas as pd
import pytest

from evallib.clean import check_dates_in_periods
from evallib.clean.rules.judge import judge_register
from evallib.errors import SchemaError

PERIODS = ["2565-Q3", "2565-Q3", "2565-Q3", "2565", None, "2565-Q1"]
DAYS = ["2022-04-01", "2022-07-01", "2021-10-15", "2022-09-30", "2022-01-01", None]


def test_each_row_is_judged_by_its_own_period() -> None:
    days = pd.Series(pd.to_datetime(DAYS), index=range(10, 16))
    found = check_dates_in_periods(pd.Series(PERIODS, index=range(10, 16)), days)
    assert [(f.code, f.where) for f in found] == [
        ("period.calendar_quarter", "11"),  # July is the third quarter of 2565 by the calendar
        ("period.date_outside", "12"),
    ]


def test_columns_of_two_tables_are_refused() -> None:
    with pytest.raises(SchemaError):
        check_dates_in_periods(pd.Series(["2565"]), pd.Series(dtype="datetime64[s]"))


def test_a_meeting_outside_the_quarter_of_its_report_is_found() -> None:
    days = [date(2022, 6, 3), date(2022, 3, 31), None]
    meetings = pd.DataFrame({"file": ["a.xls", "b.xls", "c.xls"], "fiscal_year": 2565, "quarter": 3,
                             "tambon_code": "950101", "meeting_date": days,
                             "n_public": 9, "n_women": 4, "n_youth": 2})  # fmt: skip
    found = judge_register({"council_meetings": meetings})
    assert [(f.code, f.where, f.value) for f in found if f.code.startswith("period.")] == [
        ("period.date_outside", "b.xls |  |  | meeting_date", "2565-Q3 ≠ 2022-03-31")
    ]
    assert judge_register({"council_meetings": meetings.iloc[:0]}) == []


@pytest.mark.parametrize("days", [
    pd.Series(pd.to_datetime(["2022-04-01", "2022-07-01", None])),
    [date(2022, 4, 1), date(2022, 7, 1), None],
    ["2022-04-01", "1 กรกฎาคม 2565", None],
])  # fmt: skip
def test_days_may_be_given_as_dates_or_as_text(days) -> None:
    found = check_dates_in_periods(["2565-Q3"] * 3, days)
    assert [(f.where, f.value) for f in found] == [("1", "2565-Q3 ≠ 2022-07-01")]


def test_one_period_and_one_day() -> None:
    assert check_dates_in_periods("2565-Q3", "2022-06-24") == []
    with pytest.raises(SchemaError):
        check_dates_in_periods("2565-Q3", "ไม่ทราบ")
