"""Quality of data: four scores an agency, so that it shows which of them pulls the mean down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.report.figures.canvas import Canvas, drawn, labels_of, numbers, short_number
from evallib.report.plain import exact_text
from evallib.report.style import FAINT, MARKERS, SERIES

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.figures.canvas import Drawing

DIMENSIONS = ("completeness", "timeliness", "consistency", "correctness")
MOST_AGENCIES = 8  # with as many the figure fits below the heading of its chapter
APART = 0.17  # between the marks of one agency, in rows: equal scores do not hide each other


@drawn
def quality_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw the four scores of each agency on one line, the lowest mean first.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 6)
        ``agency``, ``overall`` and the four dimensions, 0 to 1; a missing score is not drawn. The
        eight lowest are shown. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; dimensions differ in colour and marker.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"agency": ["RID"], "completeness": [0.9], "timeliness": [1.0],
    ...     "consistency": [1.0], "correctness": [0.7], "overall": [0.9]})
    >>> quality_figure(frame, language="en").alt_text
    'Scores of 1 agency in percent, the lowest mean first: RID 90'
    """
    canvas = Canvas("quality", language)
    canvas.need(frame, ("agency", *DIMENSIONS, "overall"), figure="quality_figure")
    known = frame[frame["overall"].notna()]
    rows = known.sort_values(["overall", "agency"], ignore_index=True).head(MOST_AGENCIES)
    if rows.empty:
        return canvas.no_data()
    axes = canvas.open_rows(labels_of(rows["agency"], width=28), rest_cm=2.6)
    scores = rows[list(DIMENSIONS)].apply(numbers) * 100
    lowest, at = scores.min(axis=1), range(len(rows))
    axes.hlines(at, lowest, 100, color=FAINT, linewidth=0.9, zorder=1)
    for i, name in enumerate(DIMENSIONS):
        beside = [row + APART * (i - (len(DIMENSIONS) - 1) / 2) for row in at]
        axes.plot(scores[name], beside, MARKERS[i], color=SERIES[i], ms=6.5, alpha=0.9,
                  linestyle="none", clip_on=False, zorder=3, label=canvas.word(name))  # fmt: skip
    axes.set_xlim(0 if lowest.min() < 50 else 50, 101)
    canvas.count_axis("x")
    canvas.name_axes(x=canvas.word("percent"))
    canvas.legend(columns=4)
    means = zip(rows["agency"], 100 * numbers(rows["overall"]), strict=True)
    listed = ", ".join(f"{exact_text(agency)} {short_number(round(m, 1))}" for agency, m in means)
    return canvas.finish(n=len(rows), values=listed)
