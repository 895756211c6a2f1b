"""How far needs are met in each amphoe, with the uncertainty of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.i18n import format_number
from evallib.report.figures.canvas import (
    bare_rows,
    count_axis,
    drawn,
    label_ticks,
    labels_of,
    need_columns,
    new_drawing,
    no_data,
    numbers,
    row_heights,
    words_in,
)
from evallib.report.figures.intervals import draw_intervals, listed_values
from evallib.report.style import FAINT

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.figures.canvas import Drawing


@drawn
def coverage_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw weighted coverage of each amphoe with its interval, in the order given.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 5)
        ``amphoe`` (name), ``value``, ``low`` and ``high`` (0 to 1), and ``n`` (needs). Not
        modified. In the order of codes: this is no ranking.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; an amphoe without needs is named with an empty row.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"amphoe": ["Yarang"], "value": [0.5], "low": [0.4], "high": [0.6],
    ...     "n": [120]})
    >>> coverage_figure(frame, language="en").alt_text
    'Percent of needs covered, weighted by priority: Yarang 50 [40, 60]'
    """
    words = words_in(language, "coverage")
    need_columns(frame, ("amphoe", "value", "low", "high", "n"), figure="coverage_figure")
    if frame.empty:
        return no_data(words, language)
    labels = labels_of(frame["amphoe"])
    value, low, high = (100 * numbers(frame[name]) for name in ("value", "low", "high"))
    drawing, axes = new_drawing(words, height_cm=row_heights(labels) + 2.0)
    draw_intervals(axes, value, low, high, label="")
    for i, count in enumerate(numbers(frame["n"])):
        axes.annotate(words("n", n=format_number(count)), (1, i), (6, 0), va="center",
                      xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      fontsize=8.5, color=FAINT)  # fmt: skip
    label_ticks(axes.yaxis, range(len(frame)), labels)
    bare_rows(axes, len(frame))
    count_axis(axes.xaxis)
    axes.set_xlim(-2, 102)
    axes.set_xlabel(words("axis"))
    rounded = (column.round(1) for column in (value, low, high))
    drawing.alt_text = words("alt", values=listed_values(frame["amphoe"], *rounded))
    return drawing
