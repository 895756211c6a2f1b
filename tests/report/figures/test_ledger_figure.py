"""The drawing of the ledger: bars that add up, small agencies together, both languages."""

import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.report import baht_ledger_figure
from evallib.report.figures.canvas import MOST_AGENCIES
from evallib.report.figures.ledger import STEPS


def ledger(n):
    """Return the ledger of n agencies in baht."""
    return pd.DataFrame({
        "agency": [f"หน่วยงาน {i:02d}" for i in range(n)],
        "unique_baht": [(n - i) * 1e6 for i in range(n)], "contained": 0.0, "duplicated": 5e5,
        "repeated": [i * 2e6 for i in range(n)],
    })  # fmt: skip


def bars(drawing):
    """Return (row, start, length) of every bar."""
    return [(round(b.get_y() + b.get_height() / 2), round(b.get_x(), 6), round(b.get_width(), 6))
            for b in drawing.axes[0].patches]  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_steps_of_an_agency_follow_each_other_and_add_up(language) -> None:
    frame = ledger(3)
    drawing = baht_ledger_figure(frame, language=language)
    for row in range(3):
        mine = [(start, length) for at, start, length in bars(drawing) if at == row]
        assert [length for _, length in mine] == [frame[s][row] / 1e6 for s in STEPS]
        ends = [start + length for start, length in mine]
        assert [start for start, _ in mine] == [0, *ends[:-1]]
    assert drawing.caption
    assert "13.5" in drawing.alt_text  # 6 count once, 1.5 of other agencies, 6 sent again


def test_the_smallest_agencies_share_one_bar_and_no_baht_is_lost() -> None:
    frame = ledger(14)
    drawing = baht_ledger_figure(frame, language="en")
    names = [label.get_text() for label in drawing.axes[0].get_yticklabels()]
    assert len(names) == MOST_AGENCIES
    assert names[-1] == "5 other agencies"
    total = sum(length for _, _, length in bars(drawing))
    assert total == pytest.approx(frame[list(STEPS)].to_numpy().sum() / 1e6)
    assert drawing.alt_text.startswith("Bars of 14 agencies")


def test_nothing_to_draw_is_said_and_an_absent_column_is_refused() -> None:
    assert "no data" in baht_ledger_figure(ledger(0), language="en").alt_text.lower()
    with pytest.raises(SchemaError, match="repeated"):
        baht_ledger_figure(ledger(1).drop(columns="repeated"))
