"""The ledger of baht: what each agency reported, cut into what counts once and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number
from evallib.report.figures.canvas import Canvas, drawn, labels_of
from evallib.report.style import INK, NAVY, ORANGE, RULE, SKY

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing

STEPS = ("unique_baht", "contained", "duplicated", "repeated")  # from the axis outwards
_LOOKS = {"unique_baht": (NAVY, ""), "contained": (SKY, "..."), "duplicated": (ORANGE, "///"),
          "repeated": (RULE, "")}  # fmt: skip


@drawn
def baht_ledger_figure(frame: pd.DataFrame, *, language: str = "th") -> Drawing:
    """Draw for each agency how what it reported comes down to what counts once.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, 5)
        ``agency`` and, in baht, ``unique_baht``, ``contained``, ``duplicated``, ``repeated``: the
        whole bar is what was reported. Not modified.
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
    >>> frame = pd.DataFrame({"agency": ["PAO"], "unique_baht": [2e6], "contained": [0.0],
    ...     "duplicated": [1e6], "repeated": [3e6]})
    >>> baht_ledger_figure(frame, language="en").alt_text.split("; ")[1]
    'less sent again 3.0, reported by another agency 1.0, parts of lump budgets 0.0'
    """
    canvas = Canvas("ledger", language)
    canvas.need(frame, ("agency", *STEPS), figure="baht_ledger_figure")
    rows = canvas.ranked(frame, money=STEPS)
    if rows.empty or not rows[list(STEPS)].to_numpy().any():
        return canvas.no_data()
    axes = canvas.open_rows(labels_of(rows["agency"], width=28), rest_cm=3.0)
    start = pd.Series(0.0, rows.index)
    for step in STEPS:
        color, hatch = _LOOKS[step]
        axes.barh(range(len(rows)), rows[step], left=start, height=0.62, color=color, hatch=hatch,
                  edgecolor=INK, linewidth=0.4, label=canvas.word(step))  # fmt: skip
        start += rows[step]
    for i, (once, whole) in enumerate(zip(rows["unique_baht"], start, strict=True)):
        axes.annotate(
            canvas.word("once_of", once=format_number(once, decimals=1),
                        whole=format_number(whole, decimals=1)),
            (whole, i), (4, 0), textcoords="offset points", va="center", fontsize=8.5,
        )  # fmt: skip
    axes.set_xlim(0, start.max() * 1.3)
    canvas.baht_axis("x")
    canvas.legend(columns=2)
    sums = {step: format_number(rows[step].sum(), decimals=1) for step in STEPS}
    sums["whole"] = format_number(start.sum(), decimals=1)
    return canvas.finish(n=len(frame), **sums)
