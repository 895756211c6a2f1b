"""Days as Thai offices write them, given as arguments; what is not certain is refused."""

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean.values.dates import parse_thai_dates
from evallib.errors import SchemaError
from evallib.i18n import THAI_MONTHS, format_date
from evallib.thai.days import MONTHS, read_day
from evallib.thai.signs import THAI_DIGITS

DAY = date(2022, 6, 24)
TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
days = st.dates(date(1950, 1, 1), date(2056, 12, 31))


def read(written: object) -> date:
    return read_day(written, code="runner.as_of")


@pytest.mark.parametrize("written", [
    "2022-06-24", "2565-06-24", "2565-6-24", "20220624", "24/6/2565", "24/06/2022", "24-06-2565",
    "24.6.2565", "24/6/65", "๒๔/๖/๒๕๖๕", "24 มิ.ย. 2565", "24 มิ.ย. 65", "24มิ.ย.65",
    "24 มิถุนายน 2565", "๒๔ มิถุนายน ๒๕๖๕", "๒๔ มิถุนายน พ.ศ. ๒๕๖๕", "24มิถุนายนพ.ศ.2565",
    "24 เดือนมิถุนายน พุทธศักราช 2565", "วันที่ 24 มิถุนายน 2565", "24 มิถุนายน ค.ศ. 2022",
    "24 June 2022", "24 Jun 2022", " 24 มิ.ย. 2565 ", "24-มิ.ย.-65", DAY,
    datetime(2022, 6, 24, 13), pd.Timestamp("2022-06-24 13:00"),
])  # fmt: skip
def test_a_day_as_it_is_written(written: object) -> None:
    assert read(written) == DAY


@pytest.mark.parametrize("written", [
    "", "24", "2565", "มิถุนายน 2565", "24 มิถุนายน", "6/24/2565", "24/13/2565", "31 เมษายน 2565",
    "2565-02-29", "24/6/22", "24/6/39", "65-06-24", "24 มิถุนา ค.ศ. 65", "24 มิถุนายน ค.ศ. 2565",
    "24 มิถุนายน พ.ศ. 2022", "24 สมชาย 2565", "24-25 มิ.ย. 2565", "24/6-2565", "2022-06-24T10:00",
    "25650624", "2022-W25", "1565-06-24", "0543-01-01", "2399-12-31", "2101-01-01",
    "วันนี้", None, 20220624, date(2565, 6, 24), pd.NaT,
])  # fmt: skip
def test_what_is_not_certain_is_refused_with_forms_that_are(written: object) -> None:
    with pytest.raises(SchemaError) as refused:
        read(written)
    assert refused.value.code == "runner.as_of"
    for language in ("th", "en"):
        assert "24/6/2565" in refused.value.message(language)


def test_a_leap_day_of_the_buddhist_era_exists() -> None:
    assert read("29/2/2567") == read("2567-02-29") == read("29 ก.พ. 67") == date(2024, 2, 29)


@given(days)
def test_what_reports_print_is_read_back(day: date) -> None:
    for language in ("th", "en"):
        assert read(format_date(day, language)) == day
    assert read(format_date(day).translate(TO_THAI)) == day


@given(days, st.sampled_from(sorted(MONTHS)), st.sampled_from(["{d} {m} {y}", "{d}{m}{y}"]))
def test_cells_and_arguments_are_read_alike(day: date, month: str, form: str) -> None:
    written = form.format(d=day.day, m=month, y=day.year + 543)
    cell = parse_thai_dates(written)[0].iloc[0]
    try:
        assert read(written) == cell.date()
    except SchemaError:
        assert pd.isna(cell)


def test_every_month_has_its_number() -> None:
    assert [MONTHS[name] for name in THAI_MONTHS] == list(range(1, 13))
