"""The date of knowledge on which a report rests is the same by hand and in the batch."""

from datetime import date

import pandas as pd

from evallib.periods import FiscalPeriod, known_quarters, newest_cut_off
from evallib.report.evidence import _cut_off

FIRST, SECOND, THIRD = (FiscalPeriod(2565, quarter) for quarter in (1, 2, 3))


def received(*files: tuple[FiscalPeriod, str, str]) -> pd.DataFrame:
    """Return table ``inputs``: quarter, date of the data and state of each file."""
    return pd.DataFrame({
        "fiscal_year": [q.fiscal_year for q, _, _ in files],
        "quarter": [q.quarter for q, _, _ in files],
        "as_of": pd.to_datetime([day for _, day, _ in files]),
        "state": [state for _, _, state in files],
    })  # fmt: skip


def by_hand(period: FiscalPeriod, files: pd.DataFrame) -> date:
    own = files[(files["fiscal_year"] == period.fiscal_year) & (files["quarter"] == period.quarter)]
    return _cut_off("", period, own, files)


def in_the_batch(period: FiscalPeriod, files: pd.DataFrame) -> date:
    read = files[files["state"] == "read"]
    return newest_cut_off(
        period, known_quarters(read["fiscal_year"], read["quarter"], read["as_of"].dt.date)
    )


def test_a_correction_of_an_earlier_quarter_moves_the_cut_off_by_hand_and_in_the_batch() -> None:
    files = received(
        (FIRST, "2021-12-31", "read"), (SECOND, "2022-03-31", "read"),
        (FIRST, "2022-05-20", "read"),
    )  # fmt: skip
    assert by_hand(SECOND, files) == in_the_batch(SECOND, files) == date(2022, 5, 20)


def test_once_later_data_are_there_a_quarter_rests_on_the_day_on_which_it_was_due() -> None:
    files = received((SECOND, "2022-03-31", "read"), (THIRD, "2022-06-24", "read"))
    assert by_hand(SECOND, files) == in_the_batch(SECOND, files) == SECOND.due
    assert by_hand(THIRD, files) == in_the_batch(THIRD, files) == date(2022, 6, 24)


def test_a_refused_file_dates_nothing() -> None:
    files = received((SECOND, "2022-03-31", "read"), (FIRST, "2022-05-20", "refused"))
    assert by_hand(SECOND, files) == in_the_batch(SECOND, files) == date(2022, 3, 31)
