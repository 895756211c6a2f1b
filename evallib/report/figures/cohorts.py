"""Before any estimate: who is treated when, and how outcomes of cohorts moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn
from evallib.report.plain import exact_text
from evallib.report.style import DASHES, FAINT, INK, MARKERS, NAVY, RULE, SERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from evallib.impact import Design
    from evallib.impact.arrays.rows import Rows
    from evallib.report.figures.canvas import Drawing

UNTREATED, BLANK = "#d8e2ec", "#ffffff"
MOST_LINES = 6  # cohorts drawn apart; more would not be told apart in print
RING: dict[str, Any] = {
    "marker": "o",
    "ms": 10,
    "mfc": "none",
    "mec": INK,
    "mew": 1.2,
    "ls": "none",
}


@drawn
def treatment_timing_figure(
    frame: pd.DataFrame,
    design: Design,
    *,
    language: str = "th",
    names: Mapping[float, str] | None = None,
) -> Drawing:
    """Draw which units are treated in which period, one line a unit, cohorts together.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        One row for each unit and period. Not modified.
    design : evallib.impact.Design
        Needs ``outcome, unit, time`` and ``cohort`` or ``treated``.
    language : {"th", "en"}
        Language of the labels.
    names : mapping of float to str, optional
        Names of periods, such as ``dict(zip(panel["t"], panel["period"]))``.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. White cells are periods in which a unit has no row.

    Raises
    ------
    SchemaError, DesignError
        As the estimators.

    Examples
    --------
    >>> import pandas as pd
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({"u": [1, 1, 2, 2], "t": [1, 2, 1, 2], "g": [2, 2, 0, 0], "y": 1.0})
    >>> roles = Design(outcome="y", unit="u", time="t", cohort="g")
    >>> treatment_timing_figure(frame, roles, language="en").alt_text
    'Of 2 units over 2 periods 1 starts in 1 cohort and 1 is never treated'
    """
    canvas = Canvas("timing", language)
    rows = _read(frame, design)
    start = _starts(rows)
    order = np.lexsort((np.arange(len(start)), start))
    place = np.empty(len(start), dtype=np.intp)
    place[order] = np.arange(len(start))
    cells = np.zeros((len(start), len(rows.periods)))
    cells[place[rows.unit], rows.time] = np.where(rows.treated != 0, 2.0, 1.0)
    cohorts, size = np.unique(start, return_counts=True)
    axes = canvas.open(height_cm=min(14.0, 5.0 + 0.9 * len(cohorts)))
    _draw_cells(canvas, cells)
    ends = np.cumsum(size)
    for end in ends[:-1]:
        axes.axhline(end - 0.5, color="white", linewidth=2.0)
    canvas.label_ticks("y", (ends - size / 2 - 0.5).tolist(), [
        f"{_name(cohort, canvas, names)} ({format_number(int(n))})"
        for cohort, n in zip(cohorts, size, strict=True)
    ])  # fmt: skip
    _label_periods(canvas, rows, names)
    canvas.legend()
    never = int(size[np.isinf(cohorts)].sum())
    return canvas.finish(
        n=len(start), periods=len(rows.periods), treated=len(start) - never,
        cohorts=int(np.isfinite(cohorts).sum()), never=never,
    )  # fmt: skip


@drawn
def outcome_trends_figure(
    frame: pd.DataFrame,
    design: Design,
    *,
    language: str = "th",
    outcome: str = "",
    names: Mapping[float, str] | None = None,
) -> Drawing:
    """Draw the mean outcome of each cohort by period, as observed; a mark shows its start.

    Parameters
    ----------
    frame, design, language, names
        As for `treatment_timing_figure`; ``weights`` of the design weigh the means.
    outcome : str
        Name and unit of the outcome for the vertical axis.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. Beyond six cohorts the smallest are drawn as one.

    Examples
    --------
    >>> import pandas as pd
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({"u": [1, 1, 2, 2], "t": [1, 2, 1, 2], "g": [2, 2, 0, 0],
    ...                       "y": [1.0, 5.0, 1.0, 2.0]})
    >>> roles = Design(outcome="y", unit="u", time="t", cohort="g")
    >>> outcome_trends_figure(frame, roles, language="en").alt_text
    'Mean outcome by cohort from 1 to 2: start 2 from 1 to 5; never treated from 1 to 2'
    """
    canvas = Canvas("trends", language)
    rows = _read(frame, design)
    groups = _groups(_starts(rows)[rows.unit], canvas, names)
    axes = canvas.open(height_cm=8.5)
    weight = np.ones(len(rows.y)) if rows.weight is None else rows.weight
    told = []
    for k, (name, which, start) in enumerate(groups):
        size = np.bincount(rows.time[which], weight[which], len(rows.periods))
        total = np.bincount(rows.time[which], (weight * rows.y)[which], len(rows.periods))
        seen = size > 0
        x, y = rows.periods[seen], total[seen] / size[seen]
        if start == np.inf:  # what the others are held against: the only line without marks
            axes.plot(x, y, color=FAINT, linewidth=2.2, label=name)
        else:
            axes.plot(x, y, color=SERIES[k % len(SERIES)], linestyle=DASHES[k % len(DASHES)],
                      marker=MARKERS[k % len(MARKERS)], ms=4, label=name)  # fmt: skip
        began = np.flatnonzero(x >= start)
        if len(began) and np.isfinite(start):
            axes.plot(x[began[0]], y[began[0]], **RING)
        told.append(canvas.word("part", name=name, first=f"{y[0]:,.3g}", last=f"{y[-1]:,.3g}"))
    axes.plot([], [], **RING, label=canvas.word("began"))
    axes.grid(visible=True, axis="y", color=RULE)
    canvas.count_axis("y", decimals=1)
    _label_periods(canvas, rows, names)
    canvas.name_axes(y=exact_text(outcome) or canvas.word("outcome"))
    canvas.legend()
    first, last = (_shown(rows.periods[i], names) for i in (0, -1))
    return canvas.finish(first=first, last=last, parts="; ".join(told))


def _read(frame: pd.DataFrame, design: Design) -> Rows:
    from evallib.impact.arrays.rows import read_rows  # a page without effects needs no estimator

    return read_rows(frame, design)


def _starts(rows: Rows) -> np.ndarray:
    """Return (n units,) the first treated period of each, inf for never within the data."""
    start = np.full(int(rows.unit.max()) + 1, np.inf)
    start[rows.unit] = np.where(rows.start > rows.periods[-1], np.inf, rows.start)
    return start


def _groups(
    start: np.ndarray, canvas: Canvas, names: Mapping[float, str] | None
) -> list[tuple[str, np.ndarray, float]]:
    """Return name, rows and start of each line; the smallest cohorts together when many."""
    cohorts, size = np.unique(start, return_counts=True)
    finite = cohorts[np.isfinite(cohorts)]
    rank = np.argsort(-size[np.isfinite(cohorts)], kind="stable")
    alone = np.sort(finite[rank[: MOST_LINES - 1]]) if len(finite) > MOST_LINES else finite
    out = [(_name(c, canvas, names), start == c, float(c)) for c in alone]
    rest = np.isfinite(start) & ~np.isin(start, alone)
    if rest.any():
        out.append((canvas.word("others"), rest, float("-inf")))
    if np.isinf(start).any():
        out.append((_name(np.inf, canvas, names), np.isinf(start), float("inf")))
    return out


def _name(cohort: float, canvas: Canvas, names: Mapping[float, str] | None) -> str:
    if np.isinf(cohort):
        return canvas.word("never")
    return canvas.word("start", start=_shown(cohort, names))


def _shown(period: float, names: Mapping[float, str] | None) -> str:
    return exact_text((names or {}).get(period, f"{period:g}"))


def _draw_cells(canvas: Canvas, cells: np.ndarray) -> None:
    """Draw the raster and what its colours mean."""
    from matplotlib.colors import ListedColormap  # loads matplotlib

    axes = canvas.axes
    colours = [BLANK, UNTREATED, NAVY]
    axes.imshow(cells, aspect="auto", interpolation="nearest", vmin=0, vmax=2,
                cmap=ListedColormap(colours))  # fmt: skip
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    shown = [("untreated", UNTREATED), ("treated", NAVY)]
    if (cells == 0).any():
        shown.append(("no_row", BLANK))
    for code, colour in shown:
        axes.plot([], [], "s", ms=9, mfc=colour, mec=FAINT, mew=0.6, label=canvas.word(code))


def _label_periods(canvas: Canvas, rows: Rows, names: Mapping[float, str] | None) -> None:
    """Write as many periods below the axes as have room."""
    canvas.name_axes(x=canvas.word("period"))
    step = -(-len(rows.periods) // (12 if names is None else 7))
    chosen = np.arange(0, len(rows.periods), step)
    raster = bool(canvas.axes.images)
    places = chosen if raster else rows.periods[chosen]
    canvas.label_ticks("x", places.tolist(), [_shown(rows.periods[i], names) for i in chosen])
