"""Work against money, and series over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.i18n import format_number, text
from evallib.report.figures.canvas import Canvas, drawn, numbers, short_number, texts
from evallib.report.plain import exact_text
from evallib.report.style import DASHES, FAINT, MARKERS, NAVY, SERIES, TEAL, VERMILION

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing

BAND = 20.0  # points between work and money that still count as in step
PLACES = (("inside", NAVY, "o"), ("above", VERMILION, "^"), ("below", TEAL, "s"))


@drawn
def progress_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw physical progress against disbursement, one point a project.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 2 or more)
        ``physical_pct`` and ``disbursed_pct`` (0 to 100; more than 100 is drawn where it is).
        Rows that lack either are left out. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``: the 45-degree line, a band of 20 points on both sides,
        and projects inside it, above (money ahead of work) and below apart in shape and colour.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"physical_pct": [50, 10, 90], "disbursed_pct": [45, 80, 20]})
    >>> progress_figure(frame, language="en").alt_text
    'Scatter of 3 projects: 1 in step, 1 with money ahead of work, 1 with work ahead of money'
    """
    canvas = Canvas("progress", language)
    frame = canvas.need(frame, ("physical_pct", "disbursed_pct"), figure="progress_figure")
    rows = pd.DataFrame({name: numbers(frame[name]) for name in ("physical_pct", "disbursed_pct")})
    rows = rows.dropna().sort_values(["physical_pct", "disbursed_pct"], ignore_index=True)
    if rows.empty:
        return canvas.no_data()
    ahead = rows["disbursed_pct"] - rows["physical_pct"]
    where = np.select([ahead > BAND, ahead < -BAND], ["above", "below"], "inside")
    counts = {name: int((where == name).sum()) for name, _, _ in PLACES}
    axes = canvas.open(height_cm=10.0)
    _draw_band(canvas, top=max(100.0, rows["physical_pct"].max(), rows["disbursed_pct"].max()))
    size = float(np.clip(6000 / len(rows), 9, 34))
    for name, colour, marker in PLACES:
        some = rows[where == name]
        axes.scatter(some["physical_pct"], some["disbursed_pct"], s=size, color=colour, alpha=0.72,
                     marker=marker, linewidth=0, clip_on=False, zorder=3,
                     label=canvas.word(name, n=format_number(counts[name])))  # fmt: skip
    canvas.name_axes(x=canvas.word("physical"), y=canvas.word("disbursed"))
    canvas.legend()
    canvas.drawing.set_layout_engine("compressed")
    return canvas.finish(n=format_number(len(rows)), **counts)


def _draw_band(canvas: Canvas, *, top: float) -> None:
    axes = canvas.axes
    line = np.array([0.0, top])
    axes.fill_between(line, line - BAND, line + BAND, color="#e8edf3", linewidth=0, zorder=0)
    axes.plot(line, line, color=FAINT, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    axes.set_aspect("equal")
    canvas.count_axis("x")
    canvas.count_axis("y")
    axes.grid(visible=True)


@drawn
def trend_figure(frame: pd.DataFrame, *, ylabel: str = "", language: str = "th") -> Drawing:
    """Draw one line a series over periods, in the order given.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 1 + k)
        ``period`` (label) and one numeric column a series, named as it is to be read; a missing
        value is a gap. Not modified.
    ylabel : str
        Name and unit of the values, for the vertical axis.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; series differ in colour, dash and marker.

    Raises
    ------
    SchemaError
        ``period`` is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": ["2565-Q1", "2565-Q2"], "income": [9000, 9100]})
    >>> trend_figure(frame, ylabel="baht", language="en").alt_text
    'Lines from 2565-Q1 to 2565-Q2: income from 9,000 to 9,100'
    """
    canvas = Canvas("trend", language)
    canvas.need(frame, ("period",), figure="trend_figure")
    series = {name: numbers(frame[name]) for name in frame.columns if name != "period"}
    series = {exact_text(name): line for name, line in series.items() if line.notna().any()}
    if not series:
        return canvas.no_data()
    periods = texts(frame["period"])
    axes = canvas.open(height_cm=7.5)
    for i, (name, line) in enumerate(series.items()):
        shown = f" {name}" if name.startswith("_") else name  # matplotlib hides such labels
        axes.plot(range(len(periods)), line.to_numpy(), label=shown, color=SERIES[i % len(SERIES)],
                  marker=MARKERS[i % len(MARKERS)], linestyle=DASHES[i % len(DASHES)],
                  ms=5.5)  # fmt: skip
    step = -(-len(periods) // 8)
    canvas.label_ticks("x", range(0, len(periods), step), periods[::step])
    axes.margins(x=0.04)
    axes.grid(visible=True, axis="y")
    canvas.count_axis("y", decimals=1)
    value = exact_text(ylabel) or text("figure.map.value", language)
    canvas.name_axes(x=canvas.word("period"), y=value)
    canvas.legend()
    listed = _listed(series, canvas)
    return canvas.finish(first=periods[0], last=periods[-1], values=", ".join(listed))


def _listed(series: dict[str, pd.Series], canvas: Canvas) -> list[str]:
    """Name each series with its first and last value."""
    listed = []
    for name, line in series.items():
        known = line.dropna()
        first, last = (short_number(value) for value in (known.iloc[0], known.iloc[-1]))
        listed.append(canvas.word("series", name=name, first=first, last=last))
    return listed
