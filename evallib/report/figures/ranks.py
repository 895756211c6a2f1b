"""Whose order of the sectors is it: councils, people asked anonymously, and deprivation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, labels_of, numbers, texts
from evallib.report.style import FAINT, GREY, INK, NAVY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from evallib.report.figures.canvas import Drawing

    Floats = NDArray[np.float64]

VIEWS = ("council", "survey", "deprivation")
APART = 4  # places between two views from which a line is drawn strong


@drawn
def sector_ranks_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw the rank of each sector with the councils, in the survey and by deprivation.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 2 to 4)
        ``sector`` (name), ``council`` and, where known, ``survey`` and ``deprivation``: ranks from
        1 (first), equal ranks allowed, missing where a view says nothing of a sector. Ranks of the
        survey must rest on bases that have passed ``evallib.privacy``. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. A view without any rank is left out; a sector four or
        more places apart between two neighbouring views has a strong line.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"sector": ["water", "roads"], "council": [3, 1], "survey": [1, 2]})
    >>> sector_ranks_figure(frame, language="en").alt_text.split("; ")[1]
    'furthest apart is water: councils 3, anonymous survey 1'
    """
    canvas = Canvas("ranks", language)
    canvas.need(frame, ("sector", "council"), figure="sector_ranks_figure")
    views = [v for v in VIEWS if v in frame and numbers(frame[v]).notna().any()]
    rows = pd.DataFrame({view: numbers(frame[view]).to_numpy() for view in views})
    rows.insert(0, "sector", texts(frame["sector"]))
    rows = rows.dropna(subset=views, how="all").sort_values([*views, "sector"], ignore_index=True)
    if rows.empty or len(views) < 2:
        return canvas.no_data()
    axes = canvas.open(height_cm=2.4 + 0.5 * max(len(rows), 5))
    ranks = rows[views].to_numpy(dtype="float64")
    # a place of its own for each rank, so that the names of equal ranks stand apart
    places = rows[views].rank(method="first").to_numpy()
    for rank, place in zip(ranks, places, strict=True):
        _draw_line(axes, rank, place)
    names = labels_of(rows["sector"], width=40)
    _label_side(axes, names, ranks[:, 0], places[:, 0])
    _label_side(axes, names, ranks[:, -1], places[:, -1], last=len(views) - 1)
    _style(canvas, len(rows), views)
    return _finished(canvas, rows["sector"].tolist(), ranks, views)


def _draw_line(axes: Axes, rank: Floats, place: Floats) -> None:
    """Draw one sector from view to view; dotted over a view that says nothing of it."""
    at = np.flatnonzero(~np.isnan(rank)).tolist()
    for left, right in pairwise(at):
        next_to = right == left + 1
        far = next_to and abs(rank[left] - rank[right]) >= APART
        colour = (ORANGE if rank[left] > rank[right] else NAVY) if far else GREY
        axes.plot([left, right], [place[left], place[right]], color=colour,
                  linewidth=2.4 if far else 1.0, linestyle="-" if next_to else ":",
                  zorder=3 if far else 2)  # fmt: skip
    axes.plot(at, place[at], "o", color=INK, ms=4.5, linestyle="none", zorder=4)


def _label_side(
    axes: Axes, names: list[str], rank: Floats, place: Floats, *, last: int = 0
) -> None:
    """Write each sector with its rank beside the first or the last view."""
    x, side, gap = (last, "left", 8) if last else (0, "right", -8)
    for i in np.flatnonzero(~np.isnan(rank)):
        number = format_number(float(rank[i]))
        shown = f"{number}  {names[i]}" if last else f"{names[i]}  {number}"
        axes.annotate(shown, (x, place[i]), (gap, 0), textcoords="offset points", ha=side,
                      va="center", fontsize=9, parse_math=False)  # fmt: skip


def _style(canvas: Canvas, n_rows: int, views: list[str]) -> None:
    axes = canvas.axes
    axes.set_ylim(n_rows + 0.6, 0.2)
    axes.set_xlim(-1.05, len(views) - 1 + 1.05)
    axes.set_xticks(range(len(views)), labels=[canvas.word(view) for view in views])
    axes.xaxis.tick_top()
    axes.tick_params(axis="both", length=0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    for at in range(len(views)):
        axes.axvline(at, color=FAINT, linewidth=0.6, zorder=1)
    for colour, code in ((ORANGE, "higher"), (NAVY, "lower")):
        axes.plot([], [], color=colour, linewidth=2.4, label=canvas.word(code, n=APART))
    canvas.legend()


def _finished(canvas: Canvas, sectors: list[str], ranks: Floats, views: list[str]) -> Drawing:
    """Return the drawing, which tells of the sector whose ranks are furthest apart."""
    compared = (~np.isnan(ranks)).sum(axis=1) > 1
    if not compared.any():
        return canvas.finish("alt_alone", n=len(sectors))
    known = np.where(compared[:, np.newaxis], ranks, 0.0)
    far = int((np.nanmax(known, axis=1) - np.nanmin(known, axis=1)).argmax())
    said = [
        f"{canvas.word(view)} {format_number(float(rank))}"
        for view, rank in zip(views, ranks[far], strict=True) if not np.isnan(rank)
    ]  # fmt: skip
    return canvas.finish(n=len(sectors), sector=sectors[far], ranks=", ".join(said))
