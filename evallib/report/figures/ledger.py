"""The ledger of baht: what each agency reported, cut into what counts once and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number, text
from evallib.report.figures.canvas import (
    MILLION,
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
from evallib.report.plain import exact_text
from evallib.report.style import INK, NAVY, ORANGE, RULE, SKY

if TYPE_CHECKING:
    from evallib.report.figures.canvas import Drawing, Words

STEPS = ("unique_baht", "contained", "duplicated", "repeated")  # from the axis outwards
_LOOKS = {"unique_baht": (NAVY, ""), "contained": (SKY, "..."), "duplicated": (ORANGE, "///"),
          "repeated": (RULE, "")}  # fmt: skip
MOST_AGENCIES = 10


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
        With ``alt_text`` and ``caption``. More than ten agencies: the smallest share one bar that
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
    words = words_in(language, "ledger")
    rows = _ranked(need_columns(frame, ("agency", *STEPS), figure="baht_ledger_figure"), words)
    if rows.empty or not rows[list(STEPS)].to_numpy().any():
        return no_data(words, language)
    labels = labels_of(rows["agency"], width=28)
    drawing, axes = new_drawing(words, height_cm=row_heights(labels) + 3.0)
    start = pd.Series(0.0, rows.index)
    for step in STEPS:
        color, hatch = _LOOKS[step]
        axes.barh(range(len(rows)), rows[step], left=start, height=0.62, color=color, hatch=hatch,
                  edgecolor=INK, linewidth=0.4, label=words(step))  # fmt: skip
        start += rows[step]
    for i, (once, whole) in enumerate(zip(rows["unique_baht"], start, strict=True)):
        axes.annotate(
            words("once_of", once=format_number(once, decimals=1),
                  whole=format_number(whole, decimals=1)),
            (whole, i), (4, 0), textcoords="offset points", va="center", fontsize=8.5,
        )  # fmt: skip
    label_ticks(axes.yaxis, range(len(rows)), labels)
    bare_rows(axes, len(rows))
    count_axis(axes.xaxis, decimals=1)
    axes.set_xlim(0, start.max() * 1.3)
    axes.set_xlabel(text("figure.million_baht", language))
    legend_below(axes, columns=2)
    sums = {step: format_number(rows[step].sum(), decimals=1) for step in STEPS}
    sums["whole"] = format_number(start.sum(), decimals=1)
    drawing.alt_text = words("alt", n=len(frame), **sums)
    return drawing


def _ranked(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return rows in million baht, what counts most first, the smallest ones together."""
    rows = pd.DataFrame({
        "agency": [exact_text(name) for name in frame["agency"].astype("object")],
        **{step: numbers(frame[step]).fillna(0).to_numpy() / MILLION for step in STEPS},
    })  # fmt: skip
    rows = rows.sort_values(["unique_baht", "agency"], ascending=[False, True], ignore_index=True)
    if len(rows) <= MOST_AGENCIES:
        return rows
    rest = rows.iloc[MOST_AGENCIES - 1 :]
    merged = pd.DataFrame([{"agency": words("rest", n=len(rest))} | dict(rest.iloc[:, 1:].sum())])
    return pd.concat([rows.iloc[: MOST_AGENCIES - 1], merged], ignore_index=True)
