"""Money over several fiscal years: nothing is lost in dividing, and nothing is guessed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean import parse_baht_by_year


def read(cell, unit="บาท"):
    amounts, findings = parse_baht_by_year(pd.Series([cell], dtype="object"), unit=unit)
    pairs = zip(amounts["fiscal_year"].tolist(), amounts["baht"].tolist(), strict=True)
    return list(pairs), [f.code for f in findings]


@pytest.mark.parametrize(
    ("cell", "pairs"),
    [
        ("2562: 10 ล้าน, 2563: 5 ล้าน", [(2562, 10e6), (2563, 5e6)]),
        ("ปี 2563 500,000 บาท และ ปี 2562 250,000 บาท", [(2562, 250_000), (2563, 500_000)]),
        ("ปีงบประมาณ 2565 = 1,200,000", [(2565, 1_200_000)]),
        ("2022: 300,000", [(2565, 300_000)]),  # the fiscal year that ends in 2022
    ],
)
def test_years_that_have_their_own_amounts(cell, pairs) -> None:
    assert read(cell) == (pairs, [])


def test_an_amount_without_a_year_has_no_year() -> None:
    (pair,), findings = read("1.5 ล้านบาท")
    assert (pair[0] is pd.NA, pair[1], findings) == (True, 1_500_000, [])


@pytest.mark.parametrize(
    "cell", ["2564 - 2562 3,000,000", "2562 - 2699 5,000", "2562: 5, 2562: 6", "2562: ? 2563: 5"]
)
def test_what_does_not_say_which_year_is_for_review(cell) -> None:
    pairs, findings = read(cell)
    assert pairs == []
    assert findings in (["amount.review"], ["amount.unreadable"])


@given(st.integers(100, 10**13), st.integers(2555, 2570), st.integers(1, 6))
def test_shares_of_a_span_add_up_to_the_satang(satang, first, more) -> None:
    pairs, findings = read(f"{first} - {first + more} {satang / 100:,.2f} บาท")
    assert [year for year, _ in pairs] == list(range(first, first + more + 1))
    assert sum(round(baht * 100) for _, baht in pairs) == satang
    assert "amount.split_evenly" in findings


def test_each_row_keeps_its_label() -> None:
    cells = pd.Series(["2562: 1,000", "-", "2563 - 2564 2,000"], index=[5, 6, 9])
    amounts, _ = parse_baht_by_year(cells)
    assert amounts["row"].tolist() == [5, 9, 9]
