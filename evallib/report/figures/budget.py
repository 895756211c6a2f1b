"""Money: what each agency has and has spent, and how much of it was reported twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import SchemaError
from evallib.i18n import format_number
from evallib.report.figures.canvas import MILLION, Canvas, drawn, labels_of
from evallib.report.plain import is_missing
from evallib.report.style import FAINT, INK, NAVY, ORANGE, SKY, wrap_words

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.figures.canvas import Drawing

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
        With ``alt_text`` and ``caption``. More than 10 agencies: the smallest share one bar that
        says how many they are.

    Raises
    ------
    SchemaError
        A column is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"agency": ["ศอ.บต."], "n_projects": [3], "budget": [2e6],
    ...     "disbursed": [1e6]})
    >>> agency_budget_figure(frame, language="en").alt_text.split("; ")[1]
    'the largest is ศอ.บต. with 2.0 million baht'
    """
    canvas = Canvas("agency", language)
    canvas.need(frame, COLUMNS, figure="agency_budget_figure")
    rows = canvas.ranked(frame, money=("budget", "disbursed"), counts=("n_projects",))
    if rows.empty:
        return canvas.no_data()
    axes = canvas.open_rows(labels_of(rows["agency"], width=28), rest_cm=2.6)
    at = range(len(rows))
    axes.barh(at, rows["budget"], height=0.62, color=SKY, label=canvas.word("budget"))
    axes.barh(at, rows["disbursed"], height=0.30, color=NAVY, label=canvas.word("disbursed"))
    counted = zip(rows["n_projects"], rows["budget"], rows["disbursed"], strict=True)
    for i, (n_projects, budget, disbursed) in enumerate(counted):
        axes.annotate(
            _bar_note(n_projects, budget, disbursed, canvas=canvas),
            (max(budget, disbursed), i), (4, 0), textcoords="offset points", va="center",
            fontsize=8.5, color=FAINT, linespacing=1.2,
        )  # fmt: skip
    axes.set_xlim(0, max(rows["budget"].max(), rows["disbursed"].max()) * 1.36 or 1)
    canvas.baht_axis("x")
    canvas.legend()
    return canvas.finish(
        n=len(rows), total=format_number(rows["budget"].sum(), decimals=1),
        spent=format_number(rows["disbursed"].sum(), decimals=1), top=rows["agency"].iloc[0],
        most=format_number(rows["budget"].iloc[0], decimals=1),
    )  # fmt: skip


def _bar_note(n_projects: float, budget: float, disbursed: float, *, canvas: Canvas) -> str:
    note = canvas.word("projects", n=format_number(n_projects))
    if budget > 0:
        share = format_number(100 * disbursed / budget)
        note += f"\n{canvas.word('disbursed_share', share=share)}"
    return note


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
    canvas = Canvas("waterfall", language)
    sums = [float(value) for value in (reported, duplicates, unique)]
    if any(map(is_missing, sums)) or not sums[0]:
        return canvas.no_data()
    if abs(sums[0] - sums[1] - sums[2]) >= 1:
        raise SchemaError("report.waterfall", found=" - ".join(f"{value:,.2f}" for value in sums))
    whole, twice, once = (value / MILLION for value in sums)
    names = ("reported", "duplicates", "unique")
    axes = canvas.open(height_cm=6.5)
    axes.bar(
        range(3), [whole, twice, once], bottom=[0, once, 0], width=0.56,
        color=[SKY, ORANGE, NAVY], edgecolor=INK, linewidth=0.6, hatch=["", "///", ""],
    )  # fmt: skip
    for level, start in ((whole, 0.28), (once, 1.28)):
        axes.plot([start, start + 0.44], [level, level], color=FAINT, linewidth=0.9)
    for i, (top, value) in enumerate(((whole, whole), (whole, -twice), (once, once))):
        axes.annotate(format_number(value, decimals=1), (i, top), (0, 4), ha="center",
                      textcoords="offset points", fontweight="bold")  # fmt: skip
    canvas.label_ticks("x", range(3), [wrap_words(canvas.word(name), 22) for name in names])
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=True, axis="y")
    axes.set_ylim(0, whole * 1.14)
    canvas.baht_axis("y")
    return canvas.finish(**{
        name: format_number(value / MILLION, decimals=1)
        for name, value in zip(names, sums, strict=True)
    })  # fmt: skip
