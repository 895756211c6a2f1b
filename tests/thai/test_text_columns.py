"""One text handed over where a column is meant is one cell, in every function that takes one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from evallib import agencies, clean, needs, places
from evallib.errors import SchemaError
from evallib.thai.text_columns import as_column, as_names

TAKE_COLUMNS: dict[Callable[..., Any], str] = {
    agencies.resolve_agencies: "ศอ.บต.",
    clean.parse_area: "12 ไร่",
    clean.parse_baht: "1.5 ล้านบาท",
    clean.parse_baht_by_year: "2562: 10 ล้าน",
    clean.parse_counts: "120 คน",
    clean.parse_counts_of_target: "เป้าหมาย 50 คน เข้าร่วม 48 คน",
    clean.parse_date_ranges: "1-15 มิ.ย. 65",
    clean.parse_fiscal_years: "ปีงบประมาณ 2565",
    clean.parse_length: "3 กม.",
    clean.parse_percent: "ร้อยละ 40",
    clean.parse_status: "แล้วเสร็จ",
    clean.parse_thai_dates: "24 มิ.ย. 2565",
    clean.parse_thai_periods: "Q3/65",
    clean.repair_thai: "จงัหวดัปตัตานี",
    clean.scrub_identifiers: "โทร 081-234-5678",
    needs.classify_needs: "ขอให้ซ่อมถนนลูกรัง",
    places.find_villages: "หมู่ที่ 3",
    places.resolve_places: "ต.เขาตูม อ.ยะรัง จ.ปัตตานี",
}


def plain(answer: Any) -> list[Any]:
    """Return an answer as values that can be compared."""
    parts = answer if isinstance(answer, tuple) else (answer,)
    return [
        part if isinstance(part, list) else part.astype("object").fillna("-").to_dict()
        for part in parts
    ]


@pytest.mark.parametrize("function", TAKE_COLUMNS, ids=lambda f: f.__name__)
def test_a_single_text_is_a_column_of_one(function: Callable[..., Any]) -> None:
    one = TAKE_COLUMNS[function]
    assert plain(function(one)) == plain(function(pd.Series([one], dtype="object")))
    assert plain(function([one, one])) == plain(function(pd.Series([one, one], dtype="object")))


def test_days_and_periods_of_one_text_are_held_against_each_other() -> None:
    day = pd.Series(pd.to_datetime(["2022-12-01"]))
    assert clean.check_dates_in_periods("2565-Q3", day) == clean.check_dates_in_periods(
        pd.Series(["2565-Q3"]), day
    )


def test_a_series_is_passed_on_and_scalars_are_one_row() -> None:
    given = pd.Series(["a"], index=[7], name="x")
    assert as_column(given) is given
    assert [len(as_column(cell)) for cell in ("เขาตูม", 12, None, ["a", "b"], ("a",))] == [
        1, 1, 1, 2, 1,
    ]  # fmt: skip
    assert as_names("area") == ["area"]


@pytest.mark.parametrize("given", [pd.DataFrame({"x": ["ก"]}), {"x": "ก"}, "ก".encode()])
def test_what_is_no_column_is_refused(given: object) -> None:
    with pytest.raises(SchemaError) as refused:
        as_column(given)
    assert refused.value.code == "text.no_column"
