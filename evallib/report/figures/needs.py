"""What people asked for, by sector, and which projects answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.i18n import format_number
from evallib.report.figures.canvas import (
    Canvas,
    drawn,
    labels_of,
    numbers,
    row_heights,
    short_number,
    texts,
)
from evallib.report.plain import exact_text
from evallib.report.style import INK, NAVY, SKY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from evallib.report.figures.canvas import Drawing


WIDE = 5  # from more columns on, their headings stand upright


@drawn
def needs_by_sector_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw the number of needs of each sector beside their weight by rank.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 3)
        ``sector`` (name), ``n_needs`` (count) and ``weight`` (any unit of at least 0; drawn as
        percent of its sum). Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; the sector with the most needs on top.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"sector": ["water", "roads"], "n_needs": [7, 3], "weight": [6, 4]})
    >>> needs_by_sector_figure(frame, language="en").alt_text
    'Bars of 10 needs in 2 sectors; the most are in water: 7'
    """
    canvas = Canvas("sector", language)
    frame = canvas.need(frame, ("sector", "n_needs", "weight"), figure="needs_by_sector_figure")
    rows = pd.DataFrame({
        "sector": texts(frame["sector"]),
        "count": numbers(frame["n_needs"]).fillna(0).to_numpy(),
        "weight": numbers(frame["weight"]).fillna(0).to_numpy(),
    }).sort_values(["count", "sector"], ascending=[False, True], ignore_index=True)  # fmt: skip
    if rows.empty or not rows["count"].sum():
        return canvas.no_data()
    rows["weight"] = 100 * rows["weight"] / (rows["weight"].sum() or 1)
    labels = labels_of(rows["sector"], width=30)
    canvas.open(row_heights(labels) + 1.7).remove()
    left, right = canvas.drawing.subplots(1, 2, sharey=True)
    canvas.axes = right
    _bars(canvas, rows["weight"], "weight", color=SKY, decimals=1)
    canvas.axes = left
    _bars(canvas, rows["count"], "count", color=NAVY, decimals=0)
    canvas.label_rows(labels)
    right.spines["left"].set_visible(False)
    right.tick_params(axis="y", length=0, labelleft=False)
    right.grid(visible=True, axis="x")
    return canvas.finish(
        total=format_number(rows["count"].sum()), n=len(rows), top=rows["sector"].iloc[0],
        most=format_number(rows["count"].iloc[0]),
    )  # fmt: skip


def _bars(canvas: Canvas, values: pd.Series, code: str, *, color: str, decimals: int) -> None:
    axes = canvas.axes
    axes.barh(range(len(values)), values, height=0.6, color=color)
    for i, value in enumerate(values):
        axes.annotate(format_number(value, decimals=decimals), (value, i), (4, 0), va="center",
                      textcoords="offset points", fontsize=9)  # fmt: skip
    axes.set_xlim(0, float(values.max()) * 1.2 or 1)
    canvas.count_axis("x")
    canvas.name_axes(x=canvas.word(code))


@drawn
def need_project_heatmap_figure(matrix: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw how much of the need in each sector is answered by projects of each sector.

    Parameters
    ----------
    matrix : pandas.DataFrame, shape (n needs' sectors, k projects' sectors)
        Mass of the links, at least 0; index and columns are names of sectors. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. Darker is more; every cell above 0 shows its number.

    Examples
    --------
    >>> matrix = pd.DataFrame([[3.0, 0.5], [0, 2]], ["water", "roads"], ["water", "roads"])
    >>> need_project_heatmap_figure(matrix, language="en").alt_text.split("; ")[1]
    'the heaviest cell is need water with project water'
    """
    canvas = Canvas("heatmap", language)
    mass = np.nan_to_num(matrix.to_numpy(dtype="float64"))
    if not mass.size or not mass.any():
        return canvas.no_data()
    rows = labels_of(pd.Series(list(matrix.index)), width=34)
    heads = labels_of(pd.Series(list(matrix.columns)), width=34 if matrix.shape[1] > WIDE else 12)
    axes = canvas.open(height_cm=3.6 + max(0.72 * len(rows), 2.0) + 1.2)
    _draw_mass(axes, mass, canvas.word("mass"))
    canvas.label_ticks("y", range(len(rows)), rows)
    canvas.label_ticks("x", range(len(heads)), heads)
    axes.tick_params(axis="x", labelrotation=90 if len(heads) > WIDE else 0)
    canvas.name_axes(x=canvas.word("projects"), y=canvas.word("needs"))
    need, project = divmod(int(mass.argmax()), mass.shape[1])
    return canvas.finish(
        n=len(rows), k=len(heads), need=exact_text(matrix.index[need]),
        project=exact_text(matrix.columns[project]),
    )  # fmt: skip


def _draw_mass(axes: Axes, mass: np.ndarray, label: str) -> None:
    """Colour the cells and write their numbers, white on dark."""
    from matplotlib.colors import LinearSegmentedColormap  # loads matplotlib

    shades = LinearSegmentedColormap.from_list("navy", ["#ffffff", SKY, NAVY, "#0c2540"])
    mesh = axes.pcolormesh(
        np.arange(mass.shape[1] + 1) - 0.5, np.arange(mass.shape[0] + 1) - 0.5, mass,
        cmap=shades, vmin=0, edgecolors="white", linewidth=1.2,
    )  # fmt: skip
    size = 8.5 if mass.shape[1] <= 12 else 7
    for (i, j), value in np.ndenumerate(mass):
        if value > 0:
            shown = _short(value, wide=mass.shape[1] > 12)
            axes.text(j, i, shown, ha="center", va="center", fontsize=size,
                      color="white" if value > 0.45 * mass.max() else INK)  # fmt: skip
    axes.invert_yaxis()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure = axes.get_figure(root=True)
    if figure is not None:
        bar = figure.colorbar(mesh, ax=axes, shrink=0.6, pad=0.03, aspect=24, label=label)
        bar.outline.set_visible(False)


def _short(value: float, *, wide: bool) -> str:
    """Write a cell's number as short as its column is narrow; below 0.05 the colour alone tells."""
    if value >= 10:
        return format_number(value)
    shown = short_number(round(value, 1 if wide or value >= 0.95 else 2))
    return "" if shown == "0" else shown
