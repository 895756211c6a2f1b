"""What people need most beside what money goes to, sector by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.report.figures.canvas import (
    bare_rows,
    count_axis,
    drawn,
    label_ticks,
    labels_of,
    legend_below,
    need_columns,
    new_drawing,
    no_data,
    numbers,
    short_number,
    words_in,
)
from evallib.report.plain import exact_text
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
    words = words_in(language, "proportion")
    need_columns(frame, ("sector", "need", "budget"), figure="proportion_figure")
    rows = pd.DataFrame({
        "sector": [exact_text(name) for name in frame["sector"].astype("object")],
        "need": 100 * numbers(frame["need"]).fillna(0).to_numpy(),
        "budget": 100 * numbers(frame["budget"]).fillna(0).to_numpy(),
    })  # fmt: skip
    rows = rows[(rows["need"] > 0) | (rows["budget"] > 0)]
    rows = rows.sort_values(["need", "sector"], ascending=[False, True], ignore_index=True)
    if rows.empty:
        return no_data(words, language)
    labels = labels_of(rows["sector"], width=30)
    drawing, axes = new_drawing(words, height_cm=2.2 + sum(_row_cm(label) for label in labels))
    at = np.arange(len(rows))
    axes.hlines(at, rows["need"], rows["budget"], color=GREY, linewidth=2.0, zorder=2)
    axes.plot(rows["need"], at, "o", color=NAVY, ms=7.5, linestyle="none", zorder=3,
              label=words("need"))  # fmt: skip
    axes.plot(rows["budget"], at, "s", color=ORANGE, ms=6.5, linestyle="none", zorder=4,
              label=words("budget"))  # fmt: skip
    label_ticks(axes.yaxis, range(len(rows)), labels)
    bare_rows(axes, len(rows))
    axes.set_xlim(left=-0.02 * max(rows["need"].max(), rows["budget"].max()))
    count_axis(axes.xaxis)
    axes.set_xlabel(words("axis"))
    legend_below(axes)
    widest = rows.iloc[int((rows["need"] - rows["budget"]).abs().to_numpy().argmax())]
    drawing.alt_text = words(
        "alt", n=len(rows), sector=widest["sector"], need=short_number(round(widest["need"], 1)),
        budget=short_number(round(widest["budget"], 1)),
    )  # fmt: skip
    return drawing


def _row_cm(label: str) -> float:
    """Return the height of a row: low, so that two such drawings fit on a page."""
    return 0.52 + 0.3 * label.count("\n")
