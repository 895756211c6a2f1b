"""Drawings about needs: what is drawn agrees with the frame, and nothing crashes on nothing."""

import io

import numpy as np
import pandas as pd
import pytest

from evallib import report
from evallib.errors import SchemaError

SECTORS = ["น้ำกินน้ำใช้", "ถนน", "ที่อยู่อาศัย $x$"]
RANKS = pd.DataFrame({
    "sector": SECTORS, "council": [1, 2, 6], "survey": [3.0, 1, 1], "deprivation": [np.nan, 1, 2],
})  # fmt: skip
CURVES = pd.DataFrame({
    "stage": ["start", "start", "plan"], "quarters": [3, 1, 2], "share": [0.6, 0.4, 0.3],
    "low": [0.5, 0.3, 0.2], "high": [0.7, 0.5, 0.4], "at_risk": [20, 50, 50],
})  # fmt: skip
SHARES = pd.DataFrame({"sector": SECTORS, "need": [0.2, 0.7, 0.1], "budget": [0.5, 0.5, 0.0]})
COVERED = pd.DataFrame({
    "amphoe": ["ยะรัง", "มายอ"], "value": [0.5, np.nan], "low": [0.4, np.nan],
    "high": [0.6, np.nan], "n": [120, 0],
})  # fmt: skip
DRAWN = {
    report.sector_ranks_figure: RANKS,
    report.response_lag_figure: CURVES,
    report.proportion_figure: SHARES,
    report.coverage_figure: COVERED,
}


def png(figure) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format="png", dpi=60)
    return target.getvalue()


def texts(figure) -> list[str]:
    axes = figure.axes[0]
    figure.draw_without_rendering()
    ticks = [label.get_text() for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]]
    return ticks + [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("language", ["th", "en"])
def test_each_is_drawn_with_its_words_and_the_same_bytes_again(draw, language) -> None:
    frame = DRAWN[draw]
    before = frame.copy()
    first, again = draw(frame, language=language), draw(frame, language=language)
    assert png(first) == png(again)
    assert first.alt_text
    assert first.caption
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("draw", DRAWN)
def test_nothing_to_draw_is_said(draw) -> None:
    figure = draw(DRAWN[draw].iloc[:0], language="en")
    assert "No data" in figure.alt_text or "no data" in figure.alt_text
    assert png(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize("draw", DRAWN)
def test_an_absent_column_or_an_unknown_language_is_refused(draw) -> None:
    with pytest.raises(SchemaError):
        draw(DRAWN[draw].iloc[:, 1:], language="en")
    with pytest.raises(SchemaError):
        draw(DRAWN[draw], language="de")


def test_ranks_are_written_at_both_sides_and_a_missing_one_is_not() -> None:
    figure = report.sector_ranks_figure(RANKS, language="th")
    written = texts(figure)
    assert {"น้ำกินน้ำใช้  1", "ถนน  2", "ที่อยู่อาศัย $x$  6"} <= set(written)
    assert {"1  ถนน", "2  ที่อยู่อาศัย $x$"} <= set(written)
    assert not any(text.endswith("น้ำกินน้ำใช้") for text in written)
    assert "ที่อยู่อาศัย $x$" in figure.alt_text
    strong = [line for line in figure.axes[0].get_lines() if line.get_linewidth() > 2]
    assert sum(len(line.get_xdata()) == 2 for line in strong) == 1  # 6 and 1 are four apart


def test_a_single_view_has_nothing_to_compare() -> None:
    figure = report.sector_ranks_figure(RANKS[["sector", "council"]], language="en")
    assert "no data" in figure.alt_text.lower()


def test_curves_begin_at_nothing_and_say_when_half_is_answered() -> None:
    figure = report.response_lag_figure(CURVES, language="en")
    lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
    assert lines["begun"].get_ydata().tolist() == [0, 40, 60, 60]
    assert lines["begun"].get_xdata().tolist() == [0, 1, 3, 4]
    assert "begun, half after 3 quarters" in figure.alt_text
    assert "in plan, not yet half" in figure.alt_text
    assert {"50", "20"} <= set(texts(figure))


def test_lengths_of_the_lines_are_twice_the_dissimilarity() -> None:
    figure = report.proportion_figure(SHARES, language="en")
    (lines,) = [c for c in figure.axes[0].collections if hasattr(c, "get_segments")]
    lengths = [abs(a[0] - b[0]) for a, b in lines.get_segments()]
    dissimilarity = 0.5 * (SHARES["need"] - SHARES["budget"]).abs().sum()
    assert sum(lengths) / 200 == pytest.approx(dissimilarity)
    assert texts(figure).index("ถนน") < texts(figure).index("น้ำกินน้ำใช้")


def test_an_amphoe_without_needs_keeps_its_row() -> None:
    figure = report.coverage_figure(COVERED, language="en")
    assert {"ยะรัง", "มายอ", "0 needs"} <= set(texts(figure))
    assert figure.alt_text.endswith("ยะรัง 50 [40, 60]")
