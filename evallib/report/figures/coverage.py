"""How far needs are met in each amphoe, with the uncertainty of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, labels_of, numbers
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
    canvas = Canvas("coverage", language)
    canvas.need(frame, ("amphoe", "value", "low", "high", "n"), figure="coverage_figure")
    if frame.empty:
        return canvas.no_data()
    value, low, high = (100 * numbers(frame[name]) for name in ("value", "low", "high"))
    axes = canvas.open_rows(labels_of(frame["amphoe"]), rest_cm=2.0)
    draw_intervals(axes, value, low, high, label="")
    for i, count in enumerate(numbers(frame["n"])):
        axes.annotate(canvas.word("n", n=format_number(count)), (1, i), (6, 0), va="center",
                      xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                      fontsize=8.5, color=FAINT)  # fmt: skip
    canvas.count_axis("x")
    axes.set_xlim(-2, 102)
    canvas.name_axes(x=canvas.word("axis"))
    rounded = (column.round(1) for column in (value, low, high))
    return canvas.finish(values=listed_values(frame["amphoe"], *rounded))
