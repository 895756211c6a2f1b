"""A map of tambons as points: no boundary file is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, numbers, short_number
from evallib.report.plain import exact_text
from evallib.report.style import FAINT, INK, ORANGE

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing

KM_A_DEGREE = 111.32


@drawn
def coverage_map_figure(frame: pd.DataFrame, *, language: str = "th", label: str = "") -> Drawing:
    """Draw one value a tambon as a coloured point at its place.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 4)
        ``tambon_code``, ``lat``, ``lon`` (degrees, WGS84) and ``value``; a missing value is drawn
        as a hollow point. Figures about people must have passed ``evallib.privacy``. Not modified.
    language : {"th", "en"}
        Language of the labels.
    label : str
        Name and unit of the value, beside the colour scale.

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
    >>> frame = pd.DataFrame({"tambon_code": ["940101", "940102"], "lat": [6.86, 6.83],
    ...     "lon": [101.25, 101.3], "value": [3.0, None]})
    >>> coverage_map_figure(frame, language="en").alt_text
    'Points of 2 tambons, 1 with data, from 3 to 3'
    """
    canvas = Canvas("map", language)
    frame = canvas.need(frame, ("tambon_code", "lat", "lon", "value"), figure="coverage_map_figure")
    rows = pd.DataFrame({
        "code": frame["tambon_code"].astype("str").to_numpy(),
        **{name: numbers(frame[name]).to_numpy() for name in ("lat", "lon", "value")},
    }).dropna(subset=["lat", "lon"]).sort_values(["value", "code"], ignore_index=True)  # fmt: skip
    if rows.empty:
        return canvas.no_data()
    canvas.open(height_cm=10.5)
    known = rows["value"].notna()
    size = float(np.clip(9000 / len(rows), 22, 110))
    _draw_points(canvas, rows, size=size, label=exact_text(label) or canvas.word("value"))
    _draw_ground(canvas, rows)
    canvas.legend()
    canvas.drawing.set_layout_engine("compressed")
    low, high = (format_number(np.nan), format_number(np.nan))
    if known.any():
        low, high = short_number(rows["value"].min()), short_number(rows["value"].max())
    return canvas.finish(n=len(rows), known=int(known.sum()), low=low, high=high)


def _draw_points(canvas: Canvas, rows: pd.DataFrame, *, size: float, label: str) -> None:
    from matplotlib.colors import LinearSegmentedColormap, Normalize  # loads matplotlib
    from matplotlib.ticker import FuncFormatter

    shades = LinearSegmentedColormap.from_list("value", ["#f6e3b4", ORANGE, "#8a3a12", "#3d1408"])
    axes = canvas.axes
    missing = rows[rows["value"].isna()]
    known = rows[rows["value"].notna()]
    if len(missing):
        axes.scatter(missing["lon"], missing["lat"], s=size * 0.7, facecolor="white",
                     edgecolor=FAINT, linewidth=0.9, label=canvas.word("missing"))  # fmt: skip
    if known.empty:
        return
    low, high = float(known["value"].min()), float(known["value"].max())
    points = axes.scatter(
        known["lon"], known["lat"], c=known["value"], s=size, cmap=shades, linewidth=0.5,
        edgecolor=INK, norm=Normalize(min(low, 0), high if high > min(low, 0) else low + 1),
    )  # fmt: skip
    bar = canvas.drawing.colorbar(
        points, ax=axes, shrink=0.6, pad=0.02, aspect=24, label=label,
        format=FuncFormatter(lambda x, _: short_number(x)),
    )  # fmt: skip
    bar.outline.set_visible(False)


def _draw_ground(canvas: Canvas, rows: pd.DataFrame) -> None:
    """Give a degree of longitude its true width, and draw a scale bar."""
    axes = canvas.axes
    middle = float(np.cos(np.radians(rows["lat"].mean())))
    axes.set_aspect(1 / middle)
    axes.margins(0.06)
    axes.grid(visible=True)
    canvas.count_axis("x", decimals=1)
    canvas.count_axis("y", decimals=1)
    canvas.name_axes(x=canvas.word("lon"), y=canvas.word("lat"))
    width = 20 / (KM_A_DEGREE * middle)
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    if width > 0.6 * (right - left):
        return
    x, y = left + 0.04 * (right - left), bottom + 0.035 * (top - bottom)
    axes.plot([x, x + width], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt")
    axes.annotate(canvas.word("scale"), (x + width / 2, y), (0, 3), textcoords="offset points",
                  ha="center", fontsize=8.5)  # fmt: skip
