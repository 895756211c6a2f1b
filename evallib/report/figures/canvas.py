"""What all drawings share: paper, words, labels, axes, the legend and the empty drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import pandas as pd
from matplotlib.figure import Figure

from evallib.errors import SchemaError
from evallib.i18n import LANGUAGES, format_number, text
from evallib.report.plain import exact_text
from evallib.report.style import (
    COLUMN_CM,
    FAINT,
    INCH,
    house_style,
    png_bytes,
    text_width,
    wrap_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Side: TypeAlias = Literal["x", "y"]

MILLION = 1e6
MOST_AGENCIES = 10  # bars of one figure; more agencies share the last one

drawn = house_style()  # as a decorator: the function draws in our style


class Drawing(Figure):
    """A figure of one text column, with the words that go with it.

    Parameters
    ----------
    height_cm : float
        Height; the width is that of a text column on A4.

    Attributes
    ----------
    alt_text : str
        What the drawing shows, for those who do not see it.
    caption : str
        What the drawing is about; the report prints it below.
    """

    def __init__(self, height_cm: float = 9.0) -> None:
        super().__init__(figsize=(COLUMN_CM / INCH, height_cm / INCH), layout="constrained")
        self.alt_text = ""
        self.caption = ""

    def _repr_png_(self) -> bytes:
        return png_bytes(self)


class Canvas:
    """One drawing in the making: its words, its paper, and what every drawing does.

    Parameters
    ----------
    family : str
        Its words are those with codes ``figure.<family>.<code>``.
    language : {"th", "en"}
        Language of the words.

    Attributes
    ----------
    drawing : Drawing
        The paper; there is none before ``open``.
    axes : matplotlib.axes.Axes
        The axes that the methods label.

    Raises
    ------
    SchemaError
        The language is unknown.

    Examples
    --------
    >>> canvas = Canvas("waterfall", "en")
    >>> axes = canvas.open(height_cm=6.0)
    >>> canvas.finish(reported="5.0", duplicates="1.0", unique="4.0").alt_text
    'Waterfall: 5.0 million baht reported, less 1.0 million reported twice, leaves 4.0 million'
    """

    drawing: Drawing
    axes: Axes

    def __init__(self, family: str, language: str) -> None:
        if language not in LANGUAGES:
            raise SchemaError("config.language", found=str(language))
        self.family, self.language = family, language

    def word(self, code: str, /, **values: object) -> str:
        """Return the words ``figure.<family>.<code>``."""
        return text(f"figure.{self.family}.{code}", self.language, **values)

    def need(self, frame: pd.DataFrame, names: Sequence[str], *, figure: str) -> pd.DataFrame:
        """Return a frame after checking that the named columns are there.

        Raises
        ------
        SchemaError
            A column is absent.
        """
        absent = [name for name in names if name not in frame.columns]
        if absent:
            raise SchemaError(
                "report.columns_absent", absent=", ".join(absent), figure=figure,
                found=", ".join(map(str, frame.columns)) or "-",
            )  # fmt: skip
        return frame

    def open(self, height_cm: float) -> Axes:
        """Begin a drawing with its caption and one set of axes."""
        self.drawing = Drawing(height_cm)
        self.drawing.caption = self.word("caption")
        self.axes = self.drawing.add_subplot()
        return self.axes

    def open_rows(self, labels: Sequence[str], *, rest_cm: float) -> Axes:
        """Begin a drawing of labelled rows, as high as they and the rest need."""
        self.open(row_heights(labels) + rest_cm)
        self.label_rows(labels)
        return self.axes

    def _axis(self, side: Side) -> Axis:
        return self.axes.xaxis if side == "x" else self.axes.yaxis

    def label_ticks(self, side: Side, places: Sequence[float], labels: Sequence[str]) -> None:
        """Put category labels on an axis as plain text."""
        axis = self._axis(side)
        axis.set_ticks(list(places), labels=list(labels))
        for label in axis.get_ticklabels():
            label.set_parse_math(False)
            label.set_linespacing(1.25)
            if side == "y":
                label.set_verticalalignment("center")

    def label_rows(self, labels: Sequence[str]) -> None:
        """Name the rows: the first on top, no spine, a faint vertical grid."""
        self.label_ticks("y", range(len(labels)), labels)
        self.axes.set_ylim(len(labels) - 0.42, -0.58)
        self.axes.spines["left"].set_visible(False)
        self.axes.tick_params(axis="y", length=0)
        self.axes.grid(visible=True, axis="x")

    def name_axes(self, *, x: str = "", y: str = "") -> None:
        """Say what the axes show; an axis that is not named stays as it is."""
        if x:
            self.axes.set_xlabel(x)
        if y:
            self.axes.set_ylabel(y)

    def count_axis(self, side: Side, *, decimals: int = 0, bins: int = 6) -> None:
        """Write the numbers of an axis with separators."""
        from matplotlib.ticker import FuncFormatter, MaxNLocator  # loads matplotlib

        axis, whole = self._axis(side), decimals == 0
        axis.set_major_locator(MaxNLocator(nbins=bins, steps=[1, 2, 5, 10], integer=whole))
        axis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))

    def baht_axis(self, side: Side) -> None:
        """Write millions of baht along an axis, and name it."""
        self.count_axis(side, decimals=1)
        self.name_axes(**{side: text("figure.million_baht", self.language)})

    def legend(self, *, columns: int = 3) -> None:
        """Put the legend below the axes, where it hides nothing."""
        handles, labels = self.axes.get_legend_handles_labels()
        if not handles:
            return
        widest = max(text_width(label) for label in labels)
        fits = max(1, min(columns, len(handles), 84 // (widest + 6)))
        self.drawing.legend(handles, labels, loc="outside lower center", ncols=fits)

    def finish(self, code: str = "alt", /, **values: object) -> Drawing:
        """Return the drawing with its alt text."""
        self.drawing.alt_text = self.word(code, **values)
        return self.drawing

    def no_data(self) -> Drawing:
        """Return a drawing that says in words that there is nothing to draw."""
        axes = self.open(height_cm=3.0)
        said = text("figure.no_data", self.language)
        axes.set_axis_off()
        axes.text(0.5, 0.5, said, ha="center", va="center", color=FAINT, fontsize=11)
        self.drawing.alt_text = f"{self.drawing.caption}: {said}"
        return self.drawing

    def ranked(
        self, frame: pd.DataFrame, *, money: Sequence[str], counts: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Return agencies in million baht, the largest first; from the tenth on as one row.

        Parameters
        ----------
        frame : pandas.DataFrame
            ``agency`` and the columns of ``money`` (baht) and ``counts``. Not modified.
        money : sequence of str
            What is drawn; the first column gives the order.
        counts : sequence of str
            Columns without a unit.
        """
        rows = pd.DataFrame({"agency": texts(frame["agency"])})
        for name in (*counts, *money):
            unit = MILLION if name in money else 1
            rows[name] = numbers(frame[name]).fillna(0).to_numpy() / unit
        rows = rows.sort_values([money[0], "agency"], ascending=[False, True], ignore_index=True)
        if len(rows) <= MOST_AGENCIES:
            return rows
        rest = rows.iloc[MOST_AGENCIES - 1 :]
        merged = {"agency": self.word("rest", n=len(rest))} | dict(rest.iloc[:, 1:].sum())
        return pd.concat([rows.iloc[: MOST_AGENCIES - 1], pd.DataFrame([merged])],
                         ignore_index=True)  # fmt: skip


def numbers(column: pd.Series) -> pd.Series:
    """Return a column as floats, whatever its numeric type; missing is NaN."""
    return column.astype("Float64").astype("float64")


def texts(column: pd.Series) -> list[str]:
    """Return the names in a column as plain text."""
    return [exact_text(value) for value in column.astype("object")]


def labels_of(column: pd.Series, *, width: int = 26) -> list[str]:
    """Return wrapped labels; nothing is cut off."""
    return [wrap_words(name, width) for name in texts(column)]


def row_heights(labels: Sequence[str], *, line_cm: float = 0.42, gap_cm: float = 0.22) -> float:
    """Return the height in cm that horizontal rows with such labels need."""
    tallest = max(label.count("\n") + 1 for label in labels)
    least = 0.82 if len(labels) <= 10 else 0.66
    return len(labels) * max(least, tallest * line_cm + gap_cm)


def short_number(value: float) -> str:
    """Write a number with as many decimals as it needs, at most three.

    Examples
    --------
    >>> short_number(1200.0), short_number(0.25), short_number(-3.5)
    ('1,200', '0.25', '−3.5')
    """
    written = format_number(value, decimals=3)
    return written.rstrip("0").rstrip(".") if "." in written else written
