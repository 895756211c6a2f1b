"""Values with their intervals, one row each: alignment indicators, answers of the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.errors import DisclosureError
from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, labels_of, numbers, short_number
from evallib.report.plain import exact_text, is_missing
from evallib.report.style import FAINT, NAVY, ORANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from evallib.report.figures.canvas import Drawing

SMALLEST_BASE = 5  # the floor of the gate; an office may only ask for more


@drawn
def alignment_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw alignment indicators as dots with intervals, in the order given.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 5 or 6)
        ``indicator`` (A1-A20), ``label``, ``value``, ``low``, ``high`` and, where known, ``null``:
        the value expected by chance. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"indicator": ["A1"], "label": ["Coverage"], "value": [0.5],
    ...     "low": [0.4], "high": [0.6]})
    >>> alignment_figure(frame, language="en").alt_text
    'Values: A1 0.5 [0.4, 0.6]'
    """
    canvas = Canvas("alignment", language)
    names = ("indicator", "label", "value", "low", "high")
    frame = canvas.need(frame, names, figure="alignment_figure")
    if frame.empty:
        return canvas.no_data()
    labels = [
        f"{exact_text(code)}  {label}"
        for code, label in zip(frame["indicator"], labels_of(frame["label"], width=32), strict=True)
    ]
    axes = canvas.open_rows(labels, rest_cm=2.8)
    value, low, high = (numbers(frame[name]) for name in ("value", "low", "high"))
    draw_intervals(axes, value, low, high, label=canvas.word("value"))
    if "null" in frame.columns and frame["null"].notna().any():
        axes.plot(numbers(frame["null"]), range(len(frame)), "D", ms=6.5, mfc="none", mec=ORANGE,
                  mew=1.6, linestyle="none", label=canvas.word("null"), zorder=4)  # fmt: skip
    canvas.count_axis("x", decimals=2)
    if np.nanmin([*low, *value, 0]) >= 0 and np.nanmax([*high, *value, 0]) <= 1:
        axes.set_xlim(-0.02, 1.02)
    canvas.name_axes(x=canvas.word("axis"))
    canvas.legend()
    return canvas.finish(values=listed_values(frame["indicator"], value, low, high))


@drawn
def survey_figure(frame: pd.DataFrame, *, language: str = "th", share_label: str = "") -> Drawing:
    """Draw shares of respondents by group, with intervals and the number of respondents.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 5)
        ``group``, ``share``, ``ci_low``, ``ci_high`` (0 to 1) and ``n`` (respondents). A hidden
        group has a missing share: it is named as hidden, and its ``n`` is not shown. Rows must
        have passed ``evallib.privacy``. Not modified.
    language : {"th", "en"}
        Language of the labels.
    share_label : str
        What the share is of, for the horizontal axis.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``.

    Raises
    ------
    DisclosureError
        A share that would be shown rests on fewer than 5 people, or on an unknown number.
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"group": ["women"], "share": [0.62], "ci_low": [0.55],
    ...     "ci_high": [0.69], "n": [180]})
    >>> survey_figure(frame, language="en").alt_text
    'Percent of respondents: women 62 [55, 69]'
    """
    canvas = Canvas("survey", language)
    frame = canvas.need(frame, ("group", "share", "ci_low", "ci_high", "n"), figure="survey_figure")
    if frame.empty:
        return canvas.no_data()
    share, low, high = (100 * numbers(frame[name]) for name in ("share", "ci_low", "ci_high"))
    people = numbers(frame["n"])
    shown = share.notna()
    _refuse_small(people[shown])
    axes = canvas.open_rows(labels_of(frame["group"]), rest_cm=2.0)
    draw_intervals(axes, share, low, high, label="")
    for i, (visible, count) in enumerate(zip(shown, people, strict=True)):
        note = canvas.word("n", n=format_number(count)) if visible else canvas.word("hidden")
        axes.annotate(note, (1, i), (6, 0), xycoords=axes.get_yaxis_transform(), va="center",
                      textcoords="offset points", fontsize=8.5, color=FAINT)  # fmt: skip
    canvas.count_axis("x")
    axes.set_xlim(-2, 102)
    canvas.name_axes(x=exact_text(share_label) or canvas.word("share"))
    rounded = (column.round(1) for column in (share, low, high))
    return canvas.finish(values=listed_values(frame["group"], *rounded))


def _refuse_small(bases: pd.Series) -> None:
    """Refuse a share whose base is too small, whoever forgot to suppress it."""
    small = bases[~(bases >= SMALLEST_BASE)]
    if len(small):
        raise DisclosureError("report.small_base", needed=SMALLEST_BASE, found=f"< {SMALLEST_BASE}")


def draw_intervals(
    axes: Axes, value: pd.Series, low: pd.Series, high: pd.Series, *, label: str
) -> None:
    """Draw each value as a dot on its interval, the first row at 0."""
    at = np.arange(len(value))
    axes.hlines(at, low, high, color=NAVY, linewidth=2.2, zorder=2)
    for edge in (low, high):
        axes.plot(edge, at, "|", color=NAVY, ms=8, mew=1.6, linestyle="none", zorder=2)
    axes.plot(value, at, "o", color=NAVY, ms=7, linestyle="none", zorder=3, label=label or None)


def listed_values(names: Sequence[object] | pd.Series, *columns: pd.Series) -> str:
    """List values with their intervals; hidden and missing ones are left out."""
    listed = []
    for name, value, low, high in zip(names, *columns, strict=True):
        interval = "" if is_missing(low) else f" [{short_number(low)}, {short_number(high)}]"
        if not is_missing(value):
            listed.append(f"{exact_text(name)} {short_number(value)}{interval}")
    return ", ".join(listed)
