"""Money: every written form comes back, and what could be two amounts is left to a person."""

import csv
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.clean.values.amounts import find_unit, parse_baht
from evallib.clean.values.numbers import read_number_words
from evallib.errors import SchemaError
from tests.paths import DATA, SHARED

with (DATA / "mess_cases.csv").open(encoding="utf-8", newline="") as file:
    MESS = [(row["kind"], row["raw"], row["expected"]) for row in csv.DictReader(file)]


def mess(*kinds: str) -> list[tuple[str, str]]:
    """Return raw and expected of these kinds."""
    return [(raw, expected) for kind, raw, expected in MESS if kind in kinds]


def read(cell: object, unit: str = "บาท") -> tuple[float | None, list[str]]:
    """Return the baht of one cell, if any, and the codes of its findings."""
    amounts, findings = parse_baht(pd.Series([cell], dtype=object), unit=unit)
    return (None if np.isnan(amounts[0]) else float(amounts[0])), [f.code for f in findings]


MONEY = mess("money") + [
    (raw, n) for raw, n in mess("thai_digits", "fullwidth_digits") if n.isdigit()
]


@pytest.mark.parametrize(("raw", "expected"), MONEY)
def test_collected_amounts(raw: str, expected: str) -> None:
    assert read(raw) == (
        (None, ["amount.review"]) if expected == "REVIEW" else (float(expected), [])
    )


def test_all_collected_amounts_were_found() -> None:
    assert len(MONEY) == 14


@pytest.mark.parametrize(
    "raw", [raw for raw, _ in mess("money_range", "money_multi", "money_formula_text")]
)
def test_collected_cells_with_several_amounts_are_for_review(raw: str) -> None:
    assert read(raw) == (None, ["amount.review"])


def test_collected_unit_in_the_heading() -> None:
    raw, expected = mess("money_unit_in_header")[0]
    heading, cell = raw.split("|")
    assert read(cell, heading) == (float(expected), [])


def test_collected_zero_is_an_amount() -> None:
    raw, expected = mess("missing_zero")[0]
    assert read(raw) == (float(expected), [])


@pytest.mark.parametrize("raw", [raw for raw, _ in mess("missing")])
def test_collected_missing_cells_hold_no_amount(raw: str) -> None:
    amount, codes = read(raw)
    assert amount is None
    assert set(codes) <= {"amount.said_none", "text.status_note", "text.broken_formula"}


MESSY_TO_BAHT = {
    "1,200,000 บาท (หนึ่งล้านสองแสนบาทถ้วน)": 1_200_000,
    "งบประมาณ 300,000 บาท": 300_000,
    "จำนวนเงิน : ๓๐๐,๐๐๐.-": 300_000,
    "12 345 678.50": 12_345_678.5,
    "12\u202f500": 12_500,
    "−1,500": -1_500,
    "(๑,๕๐๐.๒๕)": -1_500.25,
    "2.5 แสนบาท": 250_000,
    "3 หมื่น": 30_000,
    "1.200 ล้านบาท": 1_200_000,  # before ล้าน a point is a point
    "10 ร้อยล้านบาท": 1_000_000_000,
    "12345.678": 12_345.68,  # to the satang
    "THB 1,000": 1_000,
    "'300000": 300_000,
    Decimal("300.10"): 300.1,
    np.int64(700): 700,
}


@pytest.mark.parametrize(("messy", "expected"), MESSY_TO_BAHT.items())
def test_amounts_as_officials_type_them(messy: object, expected: float) -> None:
    assert read(messy) == (expected, [])


REVIEW = (
    *("1.200", "1,5", "1,200,00", "1,2000", "1,200.000,00", "1 2 3", "12,500-", "12,500.00-"),
    *(
        "39%",
        "ประมาณ 300,000 บาท",
        "50,000 ถึง 80,000",
        "300,000/50,000",
        "300,000 + 50,000",
        "=A1+B1",
        "(1,500",
    ),
    "1,200,000 บาท (หนึ่งล้านบาทถ้วน)",
)


@pytest.mark.parametrize("cell", REVIEW)
def test_what_could_be_two_amounts_is_for_review(cell: str) -> None:
    assert read(cell) == (None, ["amount.review"])


@pytest.mark.parametrize("cell", ["สมมุติ ใจดี", "บาท", "1e6", float("inf"), True, "หนึ่งร้อยร้อยบาท"])
def test_what_is_no_amount_is_an_error(cell: object) -> None:
    assert read(cell) == (None, ["amount.unreadable"])


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (12.5, "ล้านบาท", (12_500_000.0, [])),
        ("12.5", "หน่วย : ล้านบาท", (12_500_000.0, [])),
        ("1,250", "งบประมาณ (พันบาท)", (1_250_000.0, [])),
        ("9,000", "รายได้เฉลี่ยครัวเรือน (บาท/เดือน)", (9_000.0, [])),
        ("1.5 ล้านบาท", "ล้านบาท", (1_500_000.0, [])),  # not multiplied twice
        ("12,500 บาท", "ล้านบาท", (12_500.0, ["amount.unit_differs"])),
        ("1.5 ล้านบาท", "บาท", (1_500_000.0, [])),
        ("538800.0000", "ล้านบาท", (None, ["amount.unit_slip"])),
        (538800, "ล้านบาท", (None, ["amount.unit_slip"])),
        ("งบประมาณ 538800.0000ล้านบาท", "บาท", (None, ["amount.unit_slip"])),
        ("9,999", "ล้านบาท", (9_999e6, [])),
        (10_000, "ล้านบาท", (None, ["amount.unit_slip"])),
        (0.3, "บาท", (0.3, ["amount.small"])),
        ("๑๒.๕", "บาท", (12.5, ["amount.small"])),
        (100, "บาท", (100.0, [])),
        (0, "บาท", (0.0, [])),
        (538800, "บาท", (538_800.0, [])),
    ],
)
def test_units(cell: object, unit: str, expected: tuple[float | None, list[str]]) -> None:
    assert read(cell, unit) == expected


@pytest.mark.parametrize("unit", ["", "คน", "จำนวน (คน)", "USD", "ดอลลาร์"])
def test_a_heading_without_a_unit_of_money_is_refused(unit: str) -> None:
    assert find_unit(unit) is None
    with pytest.raises(SchemaError, match=r"amount|หน่วยเงิน"):
        parse_baht(pd.Series(["1"]), unit=unit)


def test_index_name_type_and_findings_keep_their_places() -> None:
    raw = pd.Series(["1.200.000", None, "500", "1.200.000"], index=[7, 8, 9, 10], name="budget")
    amounts, findings = parse_baht(raw)

    assert (amounts.dtype, amounts.name, list(amounts.index)) == (
        "float64",
        "budget",
        [7, 8, 9, 10],
    )
    assert [(f.code, f.where, f.value) for f in findings] == [
        ("amount.review", "7", "1.200.000"),
        ("amount.review", "10", "1.200.000"),
    ]


def test_no_word_of_a_cell_reaches_a_finding() -> None:
    _, findings = parse_baht(pd.Series(["นายสมมุติ ใจดี 300 บาท", "โทร 081-2345678", "ล้านบาท สมมุติ"]))
    told = " ".join(f.value + f.message("en") for f in findings)
    assert len(findings) == 3
    assert not any(word in told for word in ("สมมุติ", "ใจดี", "2345678"))


SATANG = st.integers(min_value=100_00, max_value=10**13 - 1)


def forms(satang: int) -> list[object]:
    """Write an amount in every form that is read without doubt."""
    baht = Decimal(satang) / 100
    plain = f"{baht:,.2f}"
    thai = plain.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    wide = plain.translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．"))
    return [
        *(plain, thai, wide, f"{baht:.2f}", f"{plain} บาท", f"฿{plain}", f"{plain}บาทถ้วน"),
        *(
            plain.replace(",", "\u00a0"),
            plain.replace(",", " "),
            f"{plain} (39.0%)",
            float(baht),
            baht,
        ),
    ]


@given(SATANG)
def test_an_amount_comes_back_from_every_written_form(satang: int) -> None:
    written = forms(satang)
    amounts, findings = parse_baht(pd.Series(written, dtype=object))
    assert amounts.tolist() == [satang / 100] * len(written)
    assert findings == []


@given(st.integers(min_value=100, max_value=9_999_000_000))
def test_millions_come_back_exactly(baht: int) -> None:
    millions = f"{Decimal(baht) / 10**6:f}"
    amounts, findings = parse_baht(pd.Series([millions, f"{millions} ล้านบาท"]), unit="ล้านบาท")
    assert amounts.tolist() == [baht, baht]
    assert findings == []


@given(SATANG)
@settings(deadline=None)  # the first call loads pythainlp
def test_words_agree_with_an_independent_speller(satang: int) -> None:
    from pythainlp.util import bahttext

    assert read_number_words(bahttext(satang / 100)) == Decimal(satang) / 100


@given(st.lists(st.sampled_from([*MESSY_TO_BAHT, *REVIEW, True, 1, None]), max_size=9))
def test_order_of_rows_makes_no_difference(cells: list[object]) -> None:
    forward = pd.Series(cells, dtype=object)
    amounts, findings = parse_baht(forward)
    again, findings_again = parse_baht(forward[::-1])

    pd.testing.assert_series_equal(amounts, again.sort_index())
    assert sorted(findings, key=str) == sorted(findings_again, key=str)


def test_real_budget_amounts_are_all_read() -> None:
    file = SHARED / "real/fy2565_budget_items.csv"
    if not file.exists():
        pytest.skip("the real budget items are not part of the project")
    raw = pd.read_csv(file, dtype=str)["AMOUNT"]
    amounts, findings = parse_baht(raw)

    assert amounts.tolist() == [float(text.replace(",", "")) for text in raw]
    assert findings == []


@pytest.mark.parametrize("cell", ["1e300", 1e300, float("inf"), "9" * 400, "-" + "9" * 40])
def test_an_amount_beyond_every_budget_is_unreadable_and_no_crash(cell) -> None:
    amounts, findings = parse_baht(pd.Series([cell], dtype=object))
    assert amounts.isna().all()
    assert [f.code for f in findings] == ["amount.unreadable"]


AMOUNTS = st.one_of(
    st.floats(), st.floats(-1e13, 1e13), st.integers(-(10**16), 10**16),
    st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False),
    st.integers(-(10**14), 10**14).map(lambda n: n / 100), st.booleans(), st.none(),
    st.from_regex(r"\A\(?-?[0-9๐]{1,3}(,[0-9]{2,3}){0,4}([.][0-9]{0,3})?( ?บาท| ล้าน)?\Z"),
    st.sampled_from(["0", "00", "0.5", "0.05", "1,00", "1.200", "5 บาท", "12345678901234567"]),
)  # fmt: skip


@given(st.lists(AMOUNTS, max_size=12), st.sampled_from(["บาท", "พันบาท", "แสนบาท", "ล้านบาท"]))
def test_plain_numbers_read_at_once_are_those_that_the_rules_read(cells, unit) -> None:
    from evallib.clean.values.amounts import read_baht, scale_of

    values = pd.Series(cells, dtype=object)
    amounts, findings = parse_baht(values, unit=unit)
    texts = [str(cell) if type(cell) is bool else cell for cell in cells]  # True is not 1
    slow = [None if c is None or c != c else read_baht(c, scale=scale_of(unit)) for c in texts]
    wanted = [math.nan if r is None or r.value is None else float(r.value) for r in slow]
    assert repr(amounts.tolist()) == repr(wanted)
    codes = [(str(i), n.code) for i, r in enumerate(slow) if r for n in r.notes]
    assert [(f.where, f.code) for f in findings] == codes
