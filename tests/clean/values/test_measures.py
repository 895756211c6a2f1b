"""Areas and lengths in the units of officials, and what must not be guessed."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean import parse_area, parse_length
from evallib.errors import SchemaError

# Factors are those of the Thai units by law: 1 ไร่ = 4 งาน = 400 ตารางวา = 1,600 ตร.ม.
AREAS = {
    "๑,๒๕๐ ไร่": 2_000_000,
    "พื้นที่ 12-3-44 ไร่": 12 * 1600 + 3 * 400 + 44 * 4,
    "เนื้อที่ 2 งาน 50 วา": 1_000,
    "300 ตร.ม.": 300,
    "1.5 ตร.กม.": 1_500_000,
    "0.25 เฮกตาร์": 2_500,
    "10 m²": 10,
}
LENGTHS = {
    "ระยะทาง 3.700 กิโลเมตร": 3_700,
    "3 กม. 200 ม.": 3_200,
    "๘๕๐ เมตร": 850,
    "ยาว 2,500 ม.": 2_500,
    "2 เส้น 5 วา": 90,
    "1.2 km": 1_200,
    "80 ซม.": 0.8,
}
REVIEWED = ["10 - 20 ไร่", "3 งาน 2 ไร่", "5 ไร่ 5 ไร่", "1,25 ไร่", "2 ไร่ 100 คน", "-5 ไร่"]
UNREADABLE = ["กว้างขวาง", "ไร่", True, math.inf, 10**15]


@pytest.mark.parametrize(("cell", "square_metres"), AREAS.items())
def test_areas(cell, square_metres) -> None:
    found, findings = parse_area(pd.Series([cell]))
    assert (found.tolist(), findings) == ([square_metres], [])


@pytest.mark.parametrize(("cell", "metres"), LENGTHS.items())
def test_lengths(cell, metres) -> None:
    found, findings = parse_length(pd.Series([cell]))
    assert (found.tolist(), findings) == ([metres], [])


@pytest.mark.parametrize("cell", REVIEWED)
def test_what_could_be_several_areas_is_for_review(cell) -> None:
    found, findings = parse_area(pd.Series([cell]))
    assert (found.isna().tolist(), [f.code for f in findings]) == ([True], ["measure.review"])


@pytest.mark.parametrize("cell", UNREADABLE)
def test_what_is_no_area_is_an_error(cell) -> None:
    found, findings = parse_area(pd.Series([cell], dtype="object"), unit="ตร.ม.")
    assert found.isna().tolist() == [True]
    assert [(f.code, f.severity) for f in findings] == [("measure.unreadable", "error")]


def test_a_number_needs_a_unit_of_its_own_or_of_its_heading() -> None:
    found, findings = parse_area(pd.Series([12.5, "3"], dtype="object"))
    assert (found.isna().all(), {f.code for f in findings}) == (True, {"measure.no_unit"})
    found, findings = parse_area(pd.Series([12.5, "3", "3 งาน"], dtype="object"), unit="พื้นที่ (ไร่)")
    assert (found.tolist(), findings) == ([20_000, 4_800, 1_200], [])
    with pytest.raises(SchemaError, match="ไร่"):
        parse_length(pd.Series([1]), unit="พื้นที่ (ไร่)")


@given(st.integers(0, 10**5), st.integers(0, 3), st.integers(0, 99))
def test_an_area_comes_back_from_both_ways_of_writing_it(rai, ngan, wa) -> None:
    cells = [f"{rai:,} ไร่ {ngan} งาน {wa} ตารางวา", f"{rai}-{ngan}-{wa} ไร่"]
    wanted = rai * 1600 + ngan * 400 + wa * 4
    assert parse_area(pd.Series(cells))[0].tolist() == [wanted, wanted]


def test_no_word_of_a_cell_reaches_a_finding() -> None:
    _, findings = parse_area(pd.Series(["ที่นานายสมมุติ ใจดี 5 ไร่"]))
    assert findings
    assert "สมมุติ" not in findings[0].value
