"""Weights of needs: votes, ranks, ties, and tambons without a ballot."""

from fractions import Fraction

import pandas as pd
import pytest

from evallib.needs import weigh_needs
from evallib.periods import FiscalPeriod

NEEDS = pd.DataFrame(
    {"need_id": list("abcde"), "tambon_code": ["940101"] * 3 + ["940102", "940103"]}
)


def ballots(rows: list[tuple[str, int, int | None, int | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["need_id", "quarter", "rank", "votes"])
    return frame.assign(fiscal_year=2565).astype({"rank": "Int64", "votes": "Int64"})


def centroid(rank: int, number: int) -> float:
    return float(sum(Fraction(1, k) for k in range(rank, number + 1)) / number)


def test_votes_are_shares_of_the_tambon_and_quarter() -> None:
    weights, findings = weigh_needs(
        NEEDS, ballots([("a", 1, 1, 30), ("b", 1, 2, 10), ("c", 1, 3, 0), ("d", 1, 1, 5)])
    )
    assert weights.to_dict() == {"a": 0.75, "b": 0.25, "c": 0.0, "d": 1.0, "e": 1.0}
    assert [(f.code, f.where) for f in findings] == [("needs.equal_weights", "940103")]


def test_ranks_give_rank_order_centroids() -> None:
    weights, _ = weigh_needs(
        NEEDS, ballots([("c", 1, 1, None), ("a", 1, 2, None), ("b", 1, 3, None)])
    )
    expected = {"c": centroid(1, 3), "a": centroid(2, 3), "b": centroid(3, 3)}
    assert weights[list("abc")].to_dict() == pytest.approx(expected, abs=1e-15)
    assert weights["c"] == pytest.approx(11 / 18)


def test_equal_ranks_share_and_gaps_in_ranks_do_not_matter() -> None:
    tied, _ = weigh_needs(NEEDS, ballots([("a", 1, 1, None), ("b", 1, 1, None), ("c", 1, 9, None)]))
    half = (centroid(1, 3) + centroid(2, 3)) / 2
    assert tied[list("abc")].tolist() == pytest.approx([half, half, centroid(3, 3)], abs=1e-15)


def test_quarters_count_equally_and_the_period_chooses() -> None:
    rows = ballots([("a", 1, None, 10), ("b", 2, None, 30), ("c", 2, None, 10)])
    both, _ = weigh_needs(NEEDS, rows, period=FiscalPeriod(2565))
    assert both[list("abc")].tolist() == [0.5, 0.375, 0.125]
    first, found = weigh_needs(NEEDS, rows, period=FiscalPeriod(2565, 1))
    assert first[list("abc")].tolist() == [1.0, 0.0, 0.0]
    assert ("needs.not_on_ballot", "940101", "2") in [(f.code, f.where, f.value) for f in found]
    other, _ = weigh_needs(NEEDS, rows, period=FiscalPeriod(2564))
    assert other[list("abc")].tolist() == pytest.approx([1 / 3] * 3)


def test_without_votes_every_tambon_weighs_its_needs_equally() -> None:
    weights, findings = weigh_needs(NEEDS)
    assert weights.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1])
    assert len(findings) == 3
    assert "weighted equally" in findings[0].message("en")
    assert "น้ำหนัก" in findings[0].message("th")


def test_zero_votes_and_strangers_do_not_count() -> None:
    weights, _ = weigh_needs(
        NEEDS, ballots([("a", 1, None, 0), ("b", 1, None, 0), ("zz", 1, 1, 9)])
    )
    assert weights[list("abc")].tolist() == pytest.approx([1 / 3] * 3)


def test_row_order_does_not_matter_and_nothing_is_changed() -> None:
    rows = ballots([("a", 1, 1, 30), ("b", 1, 2, 10), ("c", 2, 1, None), ("d", 1, 1, 5)])
    before = rows.copy()
    straight, _ = weigh_needs(NEEDS, rows)
    turned, _ = weigh_needs(NEEDS.iloc[::-1], rows.iloc[::-1])
    pd.testing.assert_series_equal(straight, turned)
    pd.testing.assert_frame_equal(rows, before)


def test_no_needs() -> None:
    weights, findings = weigh_needs(NEEDS.head(0), ballots([("a", 1, 1, 3)]))
    assert len(weights) == 0
    assert findings == []
