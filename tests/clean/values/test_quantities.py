"""Percentages, counts and statuses."""

import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean.values.quantities import (
    parse_counts,
    parse_counts_of_target,
    parse_percent,
    parse_status,
    split_target,
)
from evallib.tables.cleaned import STATUSES
from tests.paths import DATA

with (DATA / "mess_cases.csv").open(encoding="utf-8", newline="") as file:
    MESS = [(row["kind"], row["raw"], row["expected"]) for row in csv.DictReader(file)]


def mess(*kinds: str) -> list[tuple[str, str]]:
    """Return raw and expected of these kinds."""
    return [(raw, expected) for kind, raw, expected in MESS if kind in kinds]


@pytest.mark.parametrize(("raw", "expected"), mess("percent"))
def test_collected_percentages(raw: str, expected: str) -> None:
    percent, findings = parse_percent(pd.Series([raw]))
    assert percent.tolist() == [100 * float(expected)]
    assert findings == []


@pytest.mark.parametrize(
    ("cell", "expected", "codes"),
    [
        ("๘๕.๕", 85.5, []),
        ("ร้อยละ ๘๕.๕ ", 85.5, []),
        ("ผลงาน 80 % (ร้อยละ 80)", 80, []),
        (100, 100, []),
        ("-", None, []),
        ("120 %", None, ["percent.out_of_range"]),
        (-1, None, ["percent.out_of_range"]),
        ("50 - 60 %", None, ["percent.review"]),
        ("กายภาพ 80% เบิกจ่าย 70%", None, ["percent.review"]),
        ("ครบถ้วน", None, ["percent.unreadable"]),
        ("สมมุติ 12", None, ["percent.unreadable"]),
    ],
)
def test_percentages(cell: object, expected: float | None, codes: list[str]) -> None:
    percent, findings = parse_percent(pd.Series([cell], dtype=object))
    assert (None if percent.isna()[0] else percent[0]) == expected
    assert [f.code for f in findings] == codes


def test_a_column_of_shares_is_told_once() -> None:
    percent, findings = parse_percent(pd.Series([0.85, "1", "0.29", 0, None, "40 %"], name="done"))
    assert percent.tolist()[:4] == [85, 100, 29, 0]
    assert percent.tolist()[5] == 40
    assert [(f.code, f.where, f.value) for f in findings] == [("percent.as_share", "done", "4")]


@pytest.mark.parametrize("cells", [[0, 1], [0.5, 2], [1, 1], [0, 0]])
def test_a_column_that_may_hold_percentages_is_left_alone(cells: list[float]) -> None:
    percent, findings = parse_percent(pd.Series(cells))
    assert percent.tolist() == cells
    assert findings == []


@pytest.mark.parametrize(("raw", "expected"), mess("count_with_unit"))
def test_collected_counts(raw: str, expected: str) -> None:
    actual, target, _ = parse_counts_of_target(pd.Series([raw]))
    if expected.isdigit():
        assert (actual.tolist(), target.isna().tolist()) == ([int(expected)], [True])
    else:
        assert f"actual={actual[0]};target={target[0]}" == expected
    assert parse_counts(pd.Series([raw]))[0].equals(actual.rename(None))


def test_collected_target_of_two_groups() -> None:
    raw, expected = mess("target_text")[0]
    counts, findings = parse_counts(pd.Series([raw]))
    parts = split_target(raw)

    assert f"{counts[0]} ({'+'.join(str(n) for _, n in parts)})" == expected
    assert [name for name, _ in parts] == ["กลุ่มสตรี", "เยาวชน"]
    assert [f.code for f in findings] == ["count.summed"]


@pytest.mark.parametrize(
    ("cell", "unit", "expected", "codes"),
    [
        (12.0, None, 12, []),
        ("1,200 คน", None, 1200, []),
        ("๑๒ ครัวเรือน", None, 12, []),
        ("เกษตรกร/45", None, 45, []),
        ("หมู่ที่ 3 จำนวน 40 คน", None, 40, []),
        ("ผู้สูงอายุ 60 คน", None, 60, []),
        ("ผู้สูงอายุ 60 ปีขึ้นไป 25 คน", None, 25, []),
        ("เยาวชนอายุ 15-25 ปี 40 คน", None, 40, []),
        ("50 คน (หมู่ 1-5)", None, 50, []),
        ("20 คน (ชาย 8 คน หญิง 12 คน)", None, 20, []),
        ("รวม 50 คน ชาย 20 คน หญิง 30 คน", None, 50, []),
        ("กลุ่มสตรี 30 คน เยาวชน 30 คน", None, 60, ["count.summed"]),  # 30 is no total of 30
        ("30 คน 12 ครัวเรือน", "คน", 30, []),
        ("30 คน 12 ครัวเรือน", "ครัวเรือน", 12, []),
        ("กลุ่มสตรี 3 กลุ่ม 30 คน", "คน", 30, []),
        ("30", "คน", 30, []),
        ("0", None, 0, []),
        ("20 คน (ชาย 8 คน หญิง 10 คน)", None, None, ["count.review"]),
        ("รวม 50 คน ชาย 20 คน หญิง 20 คน", None, None, ["count.review"]),
        ("30 คน 12 ครัวเรือน", None, None, ["count.review"]),
        ("10-20 คน", None, None, ["count.review"]),
        ("12.5 คน", None, None, ["count.review"]),
        (12.5, None, None, ["count.review"]),
        (-1, None, None, ["count.review"]),
        ("12 ครัวเรือน", "คน", None, ["count.other_unit"]),
        ("ประชาชนทั่วไป", None, None, ["count.unreadable"]),
        ("ไม่มี", None, None, []),
    ],
)
def test_counts(cell: object, unit: str | None, expected: int | None, codes: list[str]) -> None:
    counts, findings = parse_counts(pd.Series([cell], dtype=object), unit=unit)
    assert counts.dtype == "Int64"
    assert (None if counts.isna()[0] else counts[0]) == expected
    assert [f.code for f in findings] == codes


GROUPS = st.lists(
    st.tuples(
        st.sampled_from(["กลุ่มสตรี", "เยาวชน", "ผู้สูงอายุ", "เกษตรกร"]),
        st.integers(min_value=0, max_value=99_999),
    ),
    min_size=1,
    max_size=5,
)


@given(GROUPS, st.sampled_from([" ", ", ", " และ "]))
def test_groups_add_up(groups: list[tuple[str, int]], glue: str) -> None:
    cell = glue.join(f"{name} {n:,} คน" for name, n in groups)
    counts, _ = parse_counts(pd.Series([cell]))

    assert counts[0] == sum(n for _, n in groups)
    assert split_target(cell) == groups


STATUS_WORDS = {
    "done": "completed",
    "not_done": "cancelled",
    "in_progress": "ongoing",
    "not_started": "planned",
}
COLLECTED = mess("status")[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    list(zip(COLLECTED[0].split(" / "), COLLECTED[1].split("/"), strict=True)),
)
def test_collected_statuses(raw: str, expected: str) -> None:
    status, findings = parse_status(pd.Series([raw]))
    assert status.tolist() == [STATUS_WORDS[expected]]
    assert findings == []


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ดำเนินการแล้วเสร็จ 100%", "completed"),
        ("ยังไม่แล้วเสร็จ", "ongoing"),
        ("ดำเนินการไม่แล้วเสร็จ", "ongoing"),
        ("อยู่ระหว่างดำเนินการ (ล่าช้า)", "ongoing"),
        ("ล่าช้ากว่าแผน", "delayed"),
        ("ยกเลิกโครงการ", "cancelled"),
        ("ชะลอโครงการ", "suspended"),
        ("ได้รับอนุมัติแล้ว", "approved"),
        ("ยังไม่ได้รับอนุมัติ", "planned"),
        ("รอดำเนินการ", "planned"),
        *((status, status) for status in STATUSES),
    ],
)
def test_statuses(raw: str, expected: str) -> None:
    status, findings = parse_status(pd.Series([raw]))
    assert status.tolist() == [expected]
    assert expected in STATUSES
    assert findings == []


def test_an_unknown_status_is_told_and_a_dash_is_not() -> None:
    status, findings = parse_status(pd.Series(["ดี", "-", None, "สมมุติ ใจดี"]))
    assert status.isna().all()
    assert [(f.code, f.where) for f in findings] == [
        ("status.unknown", "0"),
        ("status.unknown", "3"),
    ]
    assert "สมมุติ" not in findings[1].value


@pytest.mark.parametrize("cell", ["12345678901234567890", 1e300, "9" * 400])
def test_a_count_beyond_all_people_is_unreadable_and_no_crash(cell) -> None:
    counts, findings = parse_counts(pd.Series([cell], dtype=object))
    assert counts.isna().all()
    assert [f.code for f in findings] == ["count.unreadable"]
