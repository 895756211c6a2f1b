"""A day outside the quarter that names it is found, and calendar quarters are recognised."""

import pandas as pd
import pytest

from evallib.clean import check_dates_in_periods
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
