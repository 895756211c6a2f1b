"""What people need most beside what money goes to, sector by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.report.figures.canvas import Canvas, drawn, labels_of, numbers, short_number, texts
from evallib.report.style import GREY, NAVY, ORANGE

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing


@drawn
def proportion_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw the share of each sector in what people need and in what is spent.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 3)
        ``sector`` (name), ``need`` and ``budget``: shares between 0 and 1 that each sum to one.
        Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; the sector with most need on top. The lengths of the
        lines sum to twice the index of dissimilarity (A7).

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"sector": ["water", "roads"], "need": [0.7, 0.3],
    ...     "budget": [0.2, 0.8]})
    >>> proportion_figure(frame, language="en").alt_text.split("; ")[1]
    'the widest gap is in water: 70 of the needs, 20 of the budget'
    """
    canvas = Canvas("proportion", language)
    canvas.need(frame, ("sector", "need", "budget"), figure="proportion_figure")
    rows = pd.DataFrame({
        "sector": texts(frame["sector"]),
        "need": 100 * numbers(frame["need"]).fillna(0).to_numpy(),
        "budget": 100 * numbers(frame["budget"]).fillna(0).to_numpy(),
    })  # fmt: skip
    rows = rows[(rows["need"] > 0) | (rows["budget"] > 0)]
    rows = rows.sort_values(["need", "sector"], ascending=[False, True], ignore_index=True)
    if rows.empty:
        return canvas.no_data()
    labels = labels_of(rows["sector"], width=30)
    axes = canvas.open(height_cm=2.2 + sum(_row_cm(label) for label in labels))
    canvas.label_rows(labels)
    at = np.arange(len(rows))
    axes.hlines(at, rows["need"], rows["budget"], color=GREY, linewidth=2.0, zorder=2)
    axes.plot(rows["need"], at, "o", color=NAVY, ms=7.5, linestyle="none", zorder=3,
              label=canvas.word("need"))  # fmt: skip
    axes.plot(rows["budget"], at, "s", color=ORANGE, ms=6.5, linestyle="none", zorder=4,
              label=canvas.word("budget"))  # fmt: skip
    axes.set_xlim(left=-0.02 * max(rows["need"].max(), rows["budget"].max()))
    canvas.count_axis("x")
    canvas.name_axes(x=canvas.word("axis"))
    canvas.legend()
    widest = rows.iloc[int((rows["need"] - rows["budget"]).abs().to_numpy().argmax())]
    return canvas.finish(
        n=len(rows), sector=widest["sector"], need=short_number(round(widest["need"], 1)),
        budget=short_number(round(widest["budget"], 1)),
    )  # fmt: skip


def _row_cm(label: str) -> float:
    """Return the height of a row: low, so that two such drawings fit on a page."""
    return 0.52 + 0.3 * label.count("\n")
