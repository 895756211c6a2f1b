"""Money: what each agency has and has spent, and how much of it was reported twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import SchemaError
from evallib.i18n import format_number, text
from evallib.report.figures.canvas import (
    MILLION,
    Words,
    bare_rows,
    count_axis,
    drawn,
    label_ticks,
    labels_of,
    legend_below,
    need_columns,
    new_drawing,
    no_data,
    numbers,
    row_heights,
    words_in,
)
from evallib.report.plain import exact_text, is_missing
from evallib.report.style import FAINT, INK, NAVY, ORANGE, SKY, wrap_words

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing

MOST_AGENCIES = 10
COLUMNS = ("agency", "n_projects", "budget", "disbursed")


@drawn
def agency_budget_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw budget and disbursement by agency as horizontal bars, the largest first.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 4)
        ``agency``, ``n_projects`` (count), ``budget`` and ``disbursed`` (baht). Not modified.
    language : {"th", "en"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        With ``alt_text`` and ``caption``. More than 20 agencies: the smallest share one bar that
        says how many they are.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"agency": ["ศอ.บต."], "n_projects": [3], "budget": [2e6],
    ...     "disbursed": [1e6]})
    >>> agency_budget_figure(frame, language="en").alt_text.split("; ")[1]
    'the largest is ศอ.บต. with 2.0 million baht'
    """
    words = words_in(language, "agency")
    rows = _ranked(need_columns(frame, COLUMNS, figure="agency_budget_figure"), words)
    if rows.empty:
        return no_data(words, language)
    labels = labels_of(rows["agency"], width=28)
    drawing, axes = new_drawing(words, height_cm=row_heights(labels) + 2.6)
    at = range(len(rows))
    axes.barh(at, rows["budget"], height=0.62, color=SKY, label=words("budget"))
    axes.barh(at, rows["disbursed"], height=0.30, color=NAVY, label=words("disbursed"))
    counted = zip(rows["n_projects"], rows["budget"], rows["disbursed"], strict=True)
    for i, (n_projects, budget, disbursed) in enumerate(counted):
        axes.annotate(
            _bar_note(n_projects, budget, disbursed, words=words),
            (max(budget, disbursed), i), (4, 0), textcoords="offset points", va="center",
            fontsize=8.5, color=FAINT, linespacing=1.2,
        )  # fmt: skip
    label_ticks(axes.yaxis, list(at), labels)
    bare_rows(axes, len(rows))
    count_axis(axes.xaxis, decimals=1)
    axes.set_xlim(0, max(rows["budget"].max(), rows["disbursed"].max()) * 1.36 or 1)
    axes.set_xlabel(text("figure.million_baht", language))
    legend_below(axes)
    drawing.alt_text = _agency_alt(rows, words)
    return drawing


def _ranked(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return rows in million baht, the largest budget first, the smallest ones together."""
    rows = pd.DataFrame({
        "agency": [exact_text(name) for name in frame["agency"].astype("object")],
        "n_projects": numbers(frame["n_projects"]).fillna(0).to_numpy(),
        "budget": numbers(frame["budget"]).fillna(0).to_numpy() / MILLION,
        "disbursed": numbers(frame["disbursed"]).fillna(0).to_numpy() / MILLION,
    })  # fmt: skip
    rows = rows.sort_values(["budget", "agency"], ascending=[False, True], ignore_index=True)
    if len(rows) <= MOST_AGENCIES:
        return rows
    rest = rows.iloc[MOST_AGENCIES - 1 :]
    merged = pd.DataFrame([{"agency": words("rest", n=len(rest))} | dict(rest.iloc[:, 1:].sum())])
    return pd.concat([rows.iloc[: MOST_AGENCIES - 1], merged], ignore_index=True)


def _bar_note(n_projects: float, budget: float, disbursed: float, *, words: Words) -> str:
    note = words("projects", n=format_number(n_projects))
    if budget > 0:
        share = format_number(100 * disbursed / budget)
        note += f"\n{words('disbursed_share', share=share)}"
    return note


def _agency_alt(rows: pd.DataFrame, words: Words) -> str:
    return words(
        "alt", n=len(rows), total=format_number(rows["budget"].sum(), decimals=1),
        spent=format_number(rows["disbursed"].sum(), decimals=1), top=rows["agency"].iloc[0],
        most=format_number(rows["budget"].iloc[0], decimals=1),
    )  # fmt: skip


@drawn
def waterfall_figure(
    reported: float, duplicates: float, unique: float, *, language: str = "th"
) -> Drawing:
    """Draw how the budget that all agencies report becomes the budget counted once.

    Parameters
    ----------
    reported, duplicates, unique : float
        Baht; ``reported - duplicates`` must be ``unique``.
    language : {"th", "en"}
        Language of the labels.

    Raises
    ------
    SchemaError
        The three sums do not agree to the baht.

    Examples
    --------
    >>> waterfall_figure(5e6, 1e6, 4e6, language="en").alt_text
    'Waterfall: 5.0 million baht reported, less 1.0 million reported twice, leaves 4.0 million'
    """
    words = words_in(language, "waterfall")
    sums = [float(value) for value in (reported, duplicates, unique)]
    if any(map(is_missing, sums)) or not sums[0]:
        return no_data(words, language)
    if abs(sums[0] - sums[1] - sums[2]) >= 1:
        raise SchemaError("report.waterfall", found=" - ".join(f"{value:,.2f}" for value in sums))
    whole, twice, once = (value / MILLION for value in sums)
    names = ("reported", "duplicates", "unique")
    drawing, axes = new_drawing(words, height_cm=6.5)
    axes.bar(
        range(3), [whole, twice, once], bottom=[0, once, 0], width=0.56,
        color=[SKY, ORANGE, NAVY], edgecolor=INK, linewidth=0.6, hatch=["", "///", ""],
    )  # fmt: skip
    for level, start in ((whole, 0.28), (once, 1.28)):
        axes.plot([start, start + 0.44], [level, level], color=FAINT, linewidth=0.9)
    for i, (top, value) in enumerate(((whole, whole), (whole, -twice), (once, once))):
        axes.annotate(format_number(value, decimals=1), (i, top), (0, 4), ha="center",
                      textcoords="offset points", fontweight="bold")  # fmt: skip
    label_ticks(axes.xaxis, range(3), [wrap_words(words(name), 22) for name in names])
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=True, axis="y")
    count_axis(axes.yaxis, decimals=1)
    axes.set_ylim(0, whole * 1.14)
    axes.set_ylabel(text("figure.million_baht", language))
    drawing.alt_text = words("alt", **{
        name: format_number(value / MILLION, decimals=1)
        for name, value in zip(names, sums, strict=True)
    })  # fmt: skip
    return drawing
