"""The event study: the effect before and after the start of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.report.figures.canvas import Canvas, drawn, numbers, short_number
from evallib.report.plain import exact_text, is_missing
from evallib.report.style import FAINT, INK, NAVY, RULE, SKY

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing

Step: TypeAlias = Literal["quarter", "year", "period"]
COLUMNS = ("event_time", "estimate", "ci_low", "ci_high")
BAND = ("band_low", "band_high")


@drawn
def event_study_figure(
    effect: Any, *, language: str = "th", outcome: str = "", step: Step = "quarter"
) -> Drawing:
    """Draw the effect by time since the start, with its pointwise interval and its band.

    Parameters
    ----------
    effect : Effect or pandas.DataFrame
        An ``Effect`` whose ``effects`` hold rows of level ``event``, or such rows: ``event_time``
        (periods since the start), ``estimate``, ``ci_low``, ``ci_high`` and, where known,
        ``band_low``, ``band_high``, in units of the outcome. Not modified.
    language : {"th", "en"}
        Language of the labels.
    outcome : str
        Name and unit of the outcome for the vertical axis.
    step : {"quarter", "year", "period"}, default "quarter"
        What one period is, for the horizontal axis.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. A row whose interval is missing and whose estimate is
        missing or 0 is the reference period, drawn hollow.

    Raises
    ------
    SchemaError
        A column is absent; ``step`` is unknown.

    Examples
    --------
    >>> frame = pd.DataFrame({"event_time": [-2, -1, 0], "estimate": [1.0, 0.0, 90.0],
    ...     "ci_low": [-9, float("nan"), 60], "ci_high": [11, float("nan"), 120]})
    >>> event_study_figure(frame, language="en").alt_text.split("; ")[1]
    'the last is 90 [60, 120]'
    """
    if step not in get_args(Step):
        raise SchemaError("impact.unknown_choice", name="step", found=repr(step),
                          known=", ".join(get_args(Step)))  # fmt: skip
    canvas = Canvas("event", language)
    rows = _event_rows(canvas, effect)
    if rows.empty:
        return canvas.no_data()
    axes = canvas.open(height_cm=8.5)
    reference = rows["ci_low"].isna() & (rows["estimate"].fillna(0) == 0)
    _draw_ground(canvas, rows)
    _draw_estimates(canvas, rows[~reference])
    if reference.any():
        axes.plot(rows.loc[reference, "event_time"], np.zeros(int(reference.sum())), "o",
                  ms=6, mfc="white", mec=INK, zorder=4, label=canvas.word("reference"))  # fmt: skip
    canvas.count_axis("x", bins=14)
    canvas.count_axis("y", decimals=1)
    axes.set_xlim(rows["event_time"].min() - 0.6, rows["event_time"].max() + 0.6)
    canvas.name_axes(x=canvas.word(f"time_{step}"), y=exact_text(outcome) or canvas.word("effect"))
    canvas.legend()
    return _finished(canvas, rows[~reference], rows, step)


def _event_rows(canvas: Canvas, effect: Any) -> pd.DataFrame:
    """Return the event-time rows as floats, in order of time."""
    frame = effect if isinstance(effect, pd.DataFrame) else effect.effects
    if "level" in frame.columns:
        frame = frame[frame["level"] == "event"]
    canvas.need(frame, COLUMNS, figure="event_study_figure")
    columns = [*COLUMNS, *(name for name in BAND if name in frame.columns)]
    rows = pd.DataFrame({name: numbers(frame[name]) for name in columns})
    rows = rows.dropna(subset=["event_time"])
    return rows.sort_values("event_time", ignore_index=True)


def _draw_ground(canvas: Canvas, rows: pd.DataFrame) -> None:
    """Shade the time before the start, and draw zero."""
    from matplotlib.transforms import blended_transform_factory  # loads matplotlib

    axes = canvas.axes
    first, last = rows["event_time"].min() - 0.6, rows["event_time"].max() + 0.6
    place = blended_transform_factory(axes.transData, axes.transAxes)
    if first < -0.5:
        axes.axvspan(first, -0.5, color="#eef1f5", linewidth=0, zorder=0)
        axes.text(-0.6, 1.02, canvas.word("before"), transform=place, ha="right", color=FAINT,
                  fontsize=9.5)  # fmt: skip
    if last > -0.5:
        axes.text(-0.4, 1.02, canvas.word("after"), transform=place, ha="left", color=FAINT,
                  fontsize=9.5)  # fmt: skip
    axes.axvline(-0.5, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.grid(visible=True, axis="y", color=RULE)
    axes.axhline(0, color=INK, linewidth=1.1, zorder=2)


def _draw_estimates(canvas: Canvas, rows: pd.DataFrame) -> None:
    axes = canvas.axes
    if set(BAND) <= set(rows.columns) and rows[list(BAND)].notna().all(axis=1).any():
        axes.vlines(rows["event_time"], rows["band_low"], rows["band_high"], color=SKY,
                    linewidth=7, label=canvas.word("band"), zorder=2.5)  # fmt: skip
    axes.vlines(rows["event_time"], rows["ci_low"], rows["ci_high"], color=NAVY, linewidth=1.8,
                label=canvas.word("pointwise"), zorder=3)  # fmt: skip
    axes.plot(rows["event_time"], rows["estimate"], "o", ms=6, color=NAVY, zorder=4,
              label=canvas.word("estimate"))  # fmt: skip


def _finished(canvas: Canvas, estimated: pd.DataFrame, rows: pd.DataFrame, step: Step) -> Drawing:
    """Return the drawing, which tells of the means before and after, and of the last effect."""
    before = estimated.loc[estimated["event_time"] < 0, "estimate"].mean()
    after = estimated.loc[estimated["event_time"] >= 0, "estimate"].mean()
    last = estimated.iloc[-1] if len(estimated) else rows.iloc[-1]
    return canvas.finish(
        n=len(rows), first=f"{rows['event_time'].iloc[0]:g}",
        last=f"{rows['event_time'].iloc[-1]:g}", before=_rounded(before), after=_rounded(after),
        end=_rounded(last["estimate"]), low=_rounded(last["ci_low"]),
        high=_rounded(last["ci_high"]), steps=canvas.word(f"steps_{step}"),
    )  # fmt: skip


def _rounded(value: float) -> str:
    """Write three figures at least: 0.0123, 12.3, 1,234."""
    if is_missing(value) or value == 0:
        return short_number(value)
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    return (
        f"{round(value, digits):,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"
    )
