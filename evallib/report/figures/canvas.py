"""What all drawings share: a fresh canvas, labels, the empty drawing, checked columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

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
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Draw = TypeVar("Draw", bound=Callable[..., Any])
MILLION = 1e6


class Words(Protocol):
    """Return the words of a code in the language of the drawing."""

    def __call__(self, code: str, /, **values: object) -> str:
        """Return the words."""


def drawn(draw: Draw) -> Draw:
    """Run a drawing function in our style, and refuse an unknown language first."""

    @wraps(draw)
    def styled(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("language", "th") not in LANGUAGES:
            raise SchemaError("config.language", found=str(kwargs["language"]))
        with house_style():
            return draw(*args, **kwargs)

    return cast("Draw", styled)


def words_in(language: str, figure: str) -> Words:
    """Return a function that gives the words ``figure.<figure>.<code>`` of one language."""

    def words(code: str, /, **values: object) -> str:
        return text(f"figure.{figure}.{code}", language, **values)

    return words


def new_drawing(words: Words, *, height_cm: float = 9.0) -> tuple[Drawing, Axes]:
    """Return a drawing with its caption and one set of axes."""
    from evallib.report.figures.canvas import Drawing  # loads matplotlib

    drawing = Drawing(height_cm)
    drawing.caption = words("caption")
    return drawing, drawing.add_subplot()


def no_data(words: Words, language: str) -> Drawing:
    """Return a drawing that says in words that there is nothing to draw."""
    drawing, axes = new_drawing(words, height_cm=3.0)
    said = text("figure.no_data", language)
    axes.set_axis_off()
    axes.text(0.5, 0.5, said, ha="center", va="center", color=FAINT, fontsize=11)
    drawing.alt_text = f"{drawing.caption}: {said}"
    return drawing


def need_columns(frame: pd.DataFrame, names: Sequence[str], *, figure: str) -> pd.DataFrame:
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


def numbers(column: pd.Series) -> pd.Series:
    """Return a column as floats, whatever its numeric type; missing is NaN."""
    return column.astype("Float64").astype("float64")


def labels_of(column: pd.Series, *, width: int = 26) -> list[str]:
    """Return wrapped labels; nothing is cut off."""
    return [wrap_words(exact_text(value), width) for value in column.astype("object")]


def row_heights(labels: Sequence[str], *, line_cm: float = 0.42, gap_cm: float = 0.22) -> float:
    """Return the height in cm that horizontal rows with such labels need."""
    tallest = max(label.count("\n") + 1 for label in labels)
    least = 0.82 if len(labels) <= 10 else 0.66
    return len(labels) * max(least, tallest * line_cm + gap_cm)


def label_ticks(axis: Axis, positions: Sequence[float], labels: Sequence[str]) -> None:
    """Put category labels on an axis as plain text."""
    axis.set_ticks(list(positions), labels=list(labels))
    for label in axis.get_ticklabels():
        label.set_parse_math(False)
        label.set_linespacing(1.25)
        if getattr(axis, "axis_name", "") == "y":
            label.set_verticalalignment("center")


def count_axis(axis: Axis, *, decimals: int = 0, bins: int = 6) -> None:
    """Write the numbers of an axis with separators."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # loads matplotlib

    axis.set_major_locator(MaxNLocator(nbins=bins, steps=[1, 2, 5, 10], integer=decimals == 0))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))


def short_number(value: float) -> str:
    """Write a number with as many decimals as it needs, at most three.

    Examples
    --------
    >>> short_number(1200.0), short_number(0.25), short_number(-3.5)
    ('1,200', '0.25', '−3.5')
    """
    written = format_number(value, decimals=3)
    return written.rstrip("0").rstrip(".") if "." in written else written


def bare_rows(axes: Axes, n_rows: int) -> None:
    """Style axes whose rows are categories: no spine, first row on top, faint vertical grid."""
    axes.set_ylim(n_rows - 0.42, -0.58)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def legend_below(axes: Axes, *, columns: int = 3) -> None:
    """Put the legend below the axes, where it hides nothing."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    widest = max(text_width(label) for label in labels)
    fits = max(1, min(columns, len(handles), 84 // (widest + 6)))
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(handles, labels, loc="outside lower center", ncols=fits)


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
