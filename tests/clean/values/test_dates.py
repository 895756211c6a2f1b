"""Dates, ranges and periods as officials type them."""

import csv
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean.values import written_dates
from evallib.clean.values.dates import (
    find_as_of,
    find_date,
    find_period,
    parse_date_ranges,
    parse_fiscal_years,
    parse_thai_dates,
    parse_thai_periods,
)
from evallib.i18n import ENGLISH_MONTHS, THAI_MONTHS, format_date
from evallib.periods import FiscalPeriod
from tests.paths import DATA

ABBREVIATIONS = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()  # noqa: SIM905
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

with (DATA / "mess_cases.csv").open(encoding="utf-8", newline="") as file:
    MESS = [(row["kind"], row["raw"], row["expected"]) for row in csv.DictReader(file)]


def mess(*kinds: str) -> list[tuple[str, str]]:
    """Return raw and expected of these kinds."""
    return [(raw, expected) for kind, raw, expected in MESS if kind in kinds]


def read(cell: object) -> tuple[str | None, list[str]]:
    """Return the ISO date of one cell, if any, and the codes of its findings."""
    dates, findings = parse_thai_dates(pd.Series([cell], dtype=object))
    return (None if dates.isna()[0] else str(dates[0])[:10]), [f.code for f in findings]


DATES = mess(
    "date_be", "date_be2", "date_thai_digits", "date_slash", "date_slash_ce", "date_iso_be",
    "date_dot", "date_excel_serial", "date_excel_serial_be", "date_leap_be",
)  # fmt: skip
MONTHS = mess("month_abbrev", "month_typo", "month_en")


@pytest.mark.parametrize(("raw", "expected"), DATES)
def test_collected_dates(raw: str, expected: str) -> None:
    assert read(raw)[0] == expected


def test_all_collected_dates_were_found() -> None:
    assert (len(DATES), len(MONTHS)) == (13, 6)


@pytest.mark.parametrize(("raw", "expected"), mess("date_leap_bad", "missing_sentinel_date"))
def test_collected_dates_that_do_not_exist(raw: str, expected: str) -> None:
    code = {"INVALID": "date.unreadable", "NA": "date.null_date"}[expected]
    assert read(raw) == (None, [code])


@pytest.mark.parametrize(("raw", "expected"), MONTHS)
def test_collected_months(raw: str, expected: str) -> None:
    if expected == "REVIEW":
        assert read(raw) == (None, ["date.ambiguous"])
        return
    month = pd.Period(expected, freq="M")
    start, end, _ = parse_date_ranges(pd.Series([raw]))
    assert (start[0], end[0]) == (month.start_time, month.end_time.normalize())
    assert read(raw) == (f"{expected}-01", ["date.month_only"])


@pytest.mark.parametrize(("raw", "expected"), mess("date_range"))
def test_collected_ranges(raw: str, expected: str) -> None:
    start, end, _ = parse_date_ranges(pd.Series([raw]))
    assert f"{start[0]:%Y-%m-%d}/{end[0]:%Y-%m-%d}" == expected
    assert read(raw) == (None, ["date.is_range"])


MESSY_TO_DATE = {
    "๑๕ มิ.ย. ๒๕๖๕": "2022-06-15",
    "15/06/2565": "2022-06-15",
    "วันพุธที่ 15 มิถุนายน พ.ศ. 2565": "2022-06-15",
    "15 เดือนมิถุนายน 2565": "2022-06-15",
    "15-มิ.ย.-2565": "2022-06-15",
    "15 มิถุนา 2565": "2022-06-15",
    "2022-06-15T08:30:00": "2022-06-15",
    "2022-06-15 08:30:00.000": "2022-06-15",
    "15/6/2565 08:30 น.": "2022-06-15",
    "15/6/2565 08.30 - 12.00 น.": "2022-06-15",
    "June 15, 2022": "2022-06-15",
    "15 June 2022": "2022-06-15",
    "44727.5": "2022-06-15",
    "15 มิถุนายน ค.ศ. 2022": "2022-06-15",
}


@pytest.mark.parametrize(("messy", "expected"), MESSY_TO_DATE.items())
def test_dates_as_officials_type_them(messy: str, expected: str) -> None:
    assert read(messy)[0] == expected


UNREADABLE = (
    "31 เมษายน 2565",  # April has 30 days
    "6/30/2565",  # month first is never guessed at
    "15/06/22",  # could be 1922, 2022 or 2522
    "15/06/265",
    "15 มิ.ค. 2565",  # between มี.ค. and มิ.ย.
    "65-06-15",
    "12 มราคม 2565",  # one letter from มกราคม and from มีนาคม
    "9999",
    999999999,
    float("inf"),
    True,
    dt.time(8, 30),
)


@pytest.mark.parametrize("cell", UNREADABLE)
def test_what_cannot_be_a_date_is_an_error(cell: object) -> None:
    assert read(cell) == (None, ["date.unreadable"])


@pytest.mark.parametrize(
    ("cell", "expected", "codes"),
    [
        (dt.datetime(2565, 6, 15), "2022-06-15", ["date.era"]),
        (dt.date(2565, 6, 15), "2022-06-15", ["date.era"]),
        (pd.Timestamp(2022, 6, 15, 23, 59), "2022-06-15", []),
        (pd.Timestamp("2022-06-15 23:59", tz="Asia/Bangkok"), "2022-06-15", []),
        (np.datetime64("2022-06-15"), "2022-06-15", []),
        (44727, "2022-06-15", ["date.serial"]),
        (44727.25, "2022-06-15", ["date.serial"]),
        (243054, "2022-06-15", ["date.era"]),
        ("15 มิ.ย. 65", "2022-06-15", ["date.short_year"]),
        ("15 พฤศภาคม 2565", "2022-05-15", ["date.month_spelling"]),
        ("15 มิถุนายน พ.ศ. 2022", "2022-06-15", ["date.era"]),
        ("15 มิถุนายน ค.ศ. 2565", "2022-06-15", ["date.era"]),
        (dt.date(1, 1, 1), None, ["date.null_date"]),
        ("1899-12-30", None, ["date.unreadable"]),
        (0, None, ["date.null_date"]),
        ("อยู่ระหว่างดำเนินการ", None, ["text.status_note"]),
        ("#REF!", None, ["text.broken_formula"]),
        ("2565", None, ["date.is_range"]),
        ("ต้นปี 2565", None, ["date.is_range"]),
        ("ไม่ระบุ", None, ["date.unreadable"]),
        ("ไม่มี", None, []),
        ("-", None, []),
        (None, None, []),
    ],
)
def test_every_guess_is_told(cell: object, expected: str | None, codes: list[str]) -> None:
    assert read(cell) == (expected, codes)


def test_index_name_and_type_are_kept() -> None:
    raw = pd.Series(["1/1/2565", None], index=["ก", "ข"], name="start", dtype=object)
    dates, findings = parse_thai_dates(raw)

    assert (dates.dtype, dates.name, list(dates.index)) == ("datetime64[s]", "start", ["ก", "ข"])
    assert findings == []


@pytest.mark.parametrize("dtype", [object, "str", "category"])
def test_an_empty_column_is_a_column_of_dates(dtype: object) -> None:
    dates, findings = parse_thai_dates(pd.Series([], dtype=dtype))
    assert (len(dates), dates.dtype, findings) == (0, "datetime64[s]", [])


def test_no_word_of_a_cell_reaches_a_finding() -> None:
    cells = ["นายสมมุติ ใจดี แจ้งแล้ว", "1-2345-67890-12-1", "Somchai 15/6", "15 มิ.ย. 65 เวลา นัดอาลี"]
    _, findings = parse_thai_dates(pd.Series(cells))
    told = " ".join(f.value + f.message("th") for f in findings)

    assert len(findings) == 4
    assert not any(word in told for word in ("สมมุติ", "ใจดี", "67890", "Somchai", "อาลี"))


def test_each_distinct_cell_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = written_dates.read_written
    monkeypatch.setattr(
        "evallib.clean.values.dates.read_written", lambda text: (seen.append(text), real(text))[1]
    )
    parse_thai_dates(pd.Series(["1/1/2565", "2/1/2565"] * 500))

    assert seen == ["1/1/2565", "2/1/2565"]


def forms(day: dt.date) -> list[object]:
    """Write a date in every form that is read without doubt."""
    d, m, be = day.day, day.month, day.year + 543
    serial = (day - dt.date(1899, 12, 30)).days
    thai = f"{d} {THAI_MONTHS[m - 1]} {be}"
    short = ABBREVIATIONS[m - 1]
    english = ENGLISH_MONTHS[m - 1]
    return [
        *(thai, thai.translate(THAI_DIGITS), thai.replace(" ", ""), format_date(day)),
        *(f"วันที่ {d} {THAI_MONTHS[m - 1]} พ.ศ. {be}", f"{d} {short} {be}", f"{d}{short}{be % 100}"),
        *(f"{d} {short.replace('.', '')} {be}", f"{d}/{m}/{be}", f"{d:02}/{m:02}/{day.year}"),
        *(f"{d}.{m}.{be % 100}", f"{d}-{m}-{be}", f"{day:%Y-%m-%d}", f"{be}-{m:02}-{d:02}"),
        *(f"{day:%Y-%m-%d} 00:00:00", f"{d} {english} {day.year}", f"{d}-{english[:3]}-{be % 100}"),
        *(serial, str(serial), float(serial)),
        *(day, dt.datetime.combine(day, dt.time(9)), pd.Timestamp(day)),
    ]


PLAUSIBLE = st.dates(min_value=dt.date(1997, 1, 1), max_value=dt.date(2056, 12, 31))


@given(PLAUSIBLE)
def test_a_date_comes_back_from_every_written_form(day: dt.date) -> None:
    written = forms(day)
    dates, findings = parse_thai_dates(pd.Series(written, dtype=object))

    wrong = [
        w for w, read_back in zip(written, dates, strict=True) if read_back != pd.Timestamp(day)
    ]
    assert wrong == []
    assert {f.severity for f in findings} <= {"info"}


@given(PLAUSIBLE)
def test_a_date_typed_into_a_spreadsheet_as_buddhist_era_comes_back(day: dt.date) -> None:
    try:
        ahead = day.replace(year=day.year + 543)
    except ValueError:  # 29 February of a year that is no leap year 543 years on
        return
    serial = (ahead - dt.date(1899, 12, 30)).days
    dates, findings = parse_thai_dates(pd.Series([ahead, serial, str(serial)], dtype=object))

    assert (dates == pd.Timestamp(day)).all()
    assert [f.code for f in findings] == ["date.era"] * 3


@given(st.lists(st.sampled_from([*MESSY_TO_DATE, "ไม่ระบุ", "1/1/65", True, 1, 44727]), max_size=9))
def test_order_of_rows_makes_no_difference(cells: list[object]) -> None:
    forward = pd.Series(cells, dtype=object)
    dates, findings = parse_thai_dates(forward)
    again, findings_again = parse_thai_dates(forward[::-1])

    pd.testing.assert_series_equal(dates, again.sort_index())
    assert sorted(findings, key=str) == sorted(findings_again, key=str)


@given(PLAUSIBLE, st.integers(min_value=0, max_value=900))
def test_a_range_comes_back(start: dt.date, length: int) -> None:
    end = start + dt.timedelta(days=length)
    a, b = (f"{d.day} {ABBREVIATIONS[d.month - 1]} {d.year + 543}" for d in (start, end))
    first, last, findings = parse_date_ranges(pd.Series([f"{a} - {b}", f"{a}–{b}", f"{a} ถึง {b}"]))

    assert (first == pd.Timestamp(start)).all()
    assert (last == pd.Timestamp(end)).all()
    assert findings == []


@pytest.mark.parametrize(
    ("cell", "start", "end", "codes"),
    [
        ("1-30 มิ.ย. 2565", "2022-06-01", "2022-06-30", []),
        ("1 ม.ค. - 31 มี.ค. 2565", "2022-01-01", "2022-03-31", []),
        ("ไตรมาสที่ 2 (1 ม.ค. 2566 - 31 มี.ค. 2566)", "2023-01-01", "2023-03-31", []),
        ("ปีงบประมาณ พ.ศ. 2565", "2021-10-01", "2022-09-30", []),
        ("ตลอดปีงบประมาณ 2565", "2021-10-01", "2022-09-30", []),
        ("ก.พ. 2567", "2024-02-01", "2024-02-29", []),
        ("5 ก.ค. 2565", "2022-07-05", "2022-07-05", []),
        ("1/10/2564 - 30/9/2565", "2021-10-01", "2022-09-30", []),
        ("30 ก.ย. 2565 - 1 ต.ค. 2564", None, None, ["date.range_reversed"]),
        ("ต.ค. - มี.ค. 2565", None, None, ["date.ambiguous"]),  # October of which year
        ("ทั้งปี", None, None, ["date.unreadable"]),
    ],
)
def test_ranges(cell: str, start: str | None, end: str | None, codes: list[str]) -> None:
    first, last, findings = parse_date_ranges(pd.Series([cell]))
    days = [None if day.isna()[0] else f"{day[0]:%Y-%m-%d}" for day in (first, last)]
    assert (days, [f.code for f in findings]) == ([start, end], codes)


def period_of(expected: str) -> FiscalPeriod:
    """Return the period that a collected case expects."""
    code = expected.split(" (", maxsplit=1)[0].replace("FY", "").replace(" cumulative", "")
    return FiscalPeriod(int(code[:4]), int(code[-1]) if "Q" in code else 0)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (raw, expected)
        for raw, expected in mess(
            "year_be", "year_fiscal", "year_fiscal_ce", "year_mixed", "quarter"
        )
        if expected != "Q3"
    ],
)
def test_collected_periods(raw: str, expected: str) -> None:
    period = period_of(expected)
    assert find_period(raw) == period
    assert parse_thai_periods(pd.Series([raw]))[0].tolist() == [str(period)]
    if "/" in expected:
        assert expected.endswith(f"({period.start}/{period.end})")


def test_a_quarter_takes_its_year_from_the_title_rows() -> None:
    raw = next(raw for raw, expected in mess("quarter") if expected == "Q3")
    assert find_period(raw) is None
    assert find_period(raw, fiscal_year=2565) == FiscalPeriod(2565, 3)


def test_collected_conflict_of_quarter_and_date_can_be_seen() -> None:
    quarter, day = mess("quarter_conflict")[0][0].split("|")
    period, found = find_period(quarter), find_date(day)
    assert period is not None
    assert found is not None
    assert not period.contains(found)


TITLE_TO_PERIOD = {
    "แบบรายงานผลการดำเนินงาน ไตรมาสที่ 3 ปีงบประมาณ พ.ศ. 2565": "2565-Q3",
    "ปีงบประมาณ พ.ศ. ๒๕๖๕ ไตรมาสที่ ๓": "2565-Q3",
    "แบบรายงานผลการดำเนินงานประจำเดือนมิถุนายน พ.ศ.2565": "2565-Q3",
    "ประจำเดือน ตุลาคม ปีงบประมาณ 2565": "2565-Q1",
    "ต.ค.64": "2565-Q1",
    "ไตรมาตร 1 ปีงบ 65": "2565-Q1",
    "ไตรมาสที่ 2 (1 ม.ค. 66 - 31 มี.ค. 66)": "2566-Q2",
    "ไตรมาสที่ 3 (1 ม.ค. 66 - 31 มี.ค. 66)": None,  # quarter and dates contradict each other
    "2565-Q3": "2565-Q3",
    "ข้อมูล ณ วันที่ 24 มิถุนายน 2565": None,
    "แผนพัฒนา (พ.ศ. 2561 - 2565)": None,
    "ประชุมครั้งที่ 3/2565": None,
    "มชต.02/2566": None,
    "สภาสันติสุขตำบลบานา อำเภอเมืองปัตตานี จังหวัดปัตตานี": None,
    "โครงการเลี้ยงไก่ 2500 ครัวเรือน": None,
    "31 เมษายน 2565": None,
}


@pytest.mark.parametrize(("title", "expected"), TITLE_TO_PERIOD.items())
def test_periods_in_title_rows(title: str, expected: str | None) -> None:
    found = find_period(title)
    assert (None if found is None else str(found)) == expected


@given(st.integers(min_value=2540, max_value=2599), st.integers(min_value=0, max_value=4))
def test_a_period_comes_back_from_its_label(year: int, quarter: int) -> None:
    period = FiscalPeriod(year, quarter)
    assert find_period(period.label("th")) == period
    assert find_period(period.label("th").translate(THAI_DIGITS)) == period
    assert find_period(str(period)) == period


def test_fiscal_years_in_both_eras() -> None:
    raw = pd.Series(["2565", 2565, 2565.0, "ปี 65", 2022, "พ.ศ. 2565", "ปีหน้า", "-"], dtype=object)
    years, findings = parse_fiscal_years(raw)

    assert years.tolist() == [2565] * 6 + [pd.NA] * 2
    assert [(f.code, f.where) for f in findings] == [
        ("period.short_year", "3"),
        ("period.unread", "6"),
    ]


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("ข้อมูล ณ วันที่ 24 มิถุนายน 2565", dt.date(2022, 6, 24)),
        ("รายงานผล (ข้อมูล ณ วันที่ ๒๔ มิ.ย. ๒๕๖๕)", dt.date(2022, 6, 24)),
        ("ณ วันที่ 24/6/2565", dt.date(2022, 6, 24)),
        ("ประชุมเมื่อวันที่ 24 มิถุนายน 2565", None),
        ("ข้อมูล ณ วันที่ ..........", None),
    ],
)
def test_as_of(title: str, day: dt.date | None) -> None:
    assert find_as_of(title) == day


@pytest.mark.parametrize(
    ("cell", "days", "period"),
    [
        ("ไตรมาส 1-2/2565", ("2021-10-01", "2022-03-31"), "2565-Q2"),
        ("ไตรมาสที่ 2 ถึงไตรมาสที่ 3 ปีงบประมาณ 2565", ("2022-01-01", "2022-06-30"), None),
        ("6 เดือนแรก ปีงบประมาณ 2565", ("2021-10-01", "2022-03-31"), "2565-Q2"),
        ("6 เดือนหลัง ปีงบประมาณ 2565", ("2022-04-01", "2022-09-30"), None),
        ("ครึ่งปีแรก 2565", ("2021-10-01", "2022-03-31"), "2565-Q2"),
        ("ไตรมาส 3-1/2565", (None, None), None),  # runs backwards
        ("2565/2566", (None, None), None),  # two years, not one in both eras
    ],
)
def test_several_quarters_are_a_range_and_one_period_only_from_the_start_of_the_year(
    cell, days, period
) -> None:
    start, end, _ = parse_date_ranges(pd.Series([cell]))
    shown = [None if pd.isna(d[0]) else f"{d[0]:%Y-%m-%d}" for d in (start, end)]
    assert tuple(shown) == days
    found, findings = parse_thai_periods(pd.Series([cell]))
    assert [None if pd.isna(p) else p for p in found] == [period]
    assert {f.code for f in findings} == ({"period.cumulative"} if period else {"period.unread"})
