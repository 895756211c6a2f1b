"""How soon needs are answered: the share in plan, begun and delivered by quarters waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, numbers
from evallib.report.style import DASHES, FAINT, NAVY, ORANGE, RULE, TEAL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from evallib.report.figures.canvas import Drawing

STAGES = ("plan", "start", "delivered")
COLOURS = dict(zip(STAGES, (TEAL, ORANGE, NAVY), strict=True))
COLUMNS = ("stage", "quarters", "share", "low", "high", "at_risk")


@drawn
def response_lag_figure(curves: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw the share of needs that were answered by each number of quarters.

    Parameters
    ----------
    curves : pandas.DataFrame, shape (n, 6)
        ``stage`` ("plan", "start" or "delivered"), ``quarters`` since a need was first stated,
        ``share`` answered by then with its band ``low`` and ``high`` (0 to 1), and ``at_risk``:
        needs that still waited just before. Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``; beneath, how many needs still waited.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> curves = pd.DataFrame({"stage": "start", "quarters": [1, 3], "share": [0.4, 0.6],
    ...     "low": [0.3, 0.5], "high": [0.5, 0.7], "at_risk": [50, 20]})
    >>> response_lag_figure(curves, language="en").alt_text
    'Share of needs answered by quarters waited: begun, half after 3 quarters'
    """
    canvas = Canvas("response", language)
    canvas.need(curves, COLUMNS, figure="response_lag_figure")
    rows = curves[list(COLUMNS[1:])].apply(numbers).assign(stage=curves["stage"])
    parts = {
        stage: rows[rows["stage"] == stage].sort_values("quarters", ignore_index=True)
        for stage in STAGES if rows["stage"].eq(stage).any()
    }  # fmt: skip
    if not parts:
        return canvas.no_data()
    end = float(rows["quarters"].max()) + 1
    axes = canvas.open(height_cm=9.0 + 0.5 * len(parts))
    for dash, (stage, part) in zip(DASHES, parts.items(), strict=False):
        _draw_curve(axes, part, end=end, colour=COLOURS[stage], dash=dash,
                    label=canvas.word(stage))  # fmt: skip
    axes.axhline(50, color=FAINT, linewidth=0.8, linestyle=(0, (2, 3)), zorder=1)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 100)
    axes.grid(visible=True, axis="y", color=RULE)
    canvas.count_axis("x", bins=12)
    canvas.count_axis("y")
    canvas.name_axes(x=canvas.word("time"), y=canvas.word("share"))
    _write_waiting(axes, parts, canvas.word("waiting"), end=end)
    canvas.legend()
    return canvas.finish(listed="; ".join(_half(canvas, *part) for part in parts.items()))


def _draw_curve(
    axes: Axes, part: pd.DataFrame, *, end: float, colour: str, dash: object, label: str
) -> None:
    """Draw a step curve from nothing to the end of what was seen, with its band."""
    at = np.concatenate([[0.0], part["quarters"], [end]])
    share, low, high = (
        100 * np.concatenate([[0.0], part[name], part[name].iloc[-1:]])
        for name in ("share", "low", "high")
    )
    axes.fill_between(at, low, high, step="post", color=colour, alpha=0.14, linewidth=0)
    axes.step(at, share, where="post", color=colour, linestyle=dash, label=label, zorder=3)


def _write_waiting(axes: Axes, parts: dict[str, pd.DataFrame], label: str, *, end: float) -> None:
    """Write beneath the axis how many needs still waited, a line a curve."""
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick < end]
    axes.xaxis.labelpad = 6 + 15 * (len(parts) + 1)
    under = axes.get_xaxis_transform()
    axes.annotate(label, (0, 0), (-2, -32), xycoords=under, textcoords="offset points",
                  fontsize=8.5, color=FAINT, ha="left", va="center")  # fmt: skip
    for line, (stage, part) in enumerate(parts.items(), 1):
        for tick in ticks:
            later = part[part["quarters"] >= tick]
            if len(later):
                axes.annotate(
                    format_number(later["at_risk"].iloc[0]), (tick, 0), (0, -32 - 14 * line),
                    xycoords=under, textcoords="offset points", fontsize=8.5,
                    color=COLOURS[stage], ha="center", va="center",
                )  # fmt: skip


def _half(canvas: Canvas, stage: str, part: pd.DataFrame) -> str:
    """Say by when half of the needs were answered."""
    there = part[part["share"] >= 0.5]
    if there.empty:
        return canvas.word("short", stage=canvas.word(stage))
    quarters = format_number(there["quarters"].iloc[0])
    return canvas.word("median", stage=canvas.word(stage), quarters=quarters)
