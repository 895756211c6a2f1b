"""How drawings look: typeface, sizes, colours, and the same bytes for the same figure."""

from __future__ import annotations

import io
import re
import unicodedata
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

FAMILY = "Sarabun (evallib)"  # our own name: a Sarabun installed on the machine may be another one
COLUMN_CM = 16.0
DPI = 180
COLOURS = 128
INCH = 2.54
# Okabe and Ito (2008), darkened where a line on white paper needs it. In grey their order is
# dark, middle, light, so that a black-and-white print keeps them apart.
NAVY, ORANGE, TEAL, GREY, SKY, VERMILION = (
    "#1d4e7a", "#e08e0b", "#1b8a6b", "#6b7280", "#8fc1e3", "#b5460f",
)  # fmt: skip
SERIES = (NAVY, ORANGE, TEAL, VERMILION, SKY, GREY)
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
INK, FAINT, RULE = "#1f2937", "#4b5563", "#d1d5db"

RC: Any = {
    "font.family": [FAMILY, "DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in an agency's name is a dollar sign
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": DPI,
    "path.simplify": True,
}
# Thai writes no spaces: names of agencies and places part before these words.
_BEFORE = re.compile(
    "(?=(?<!^)(?:จังหวัด|อำเภอ|ตำบล|ประจำ|ส่งเสริม|พัฒนา|ศูนย์|องค์การ|เทศบาล|ชายแดน|ภาค|และ|เพื่อ|ตาม|ให้))"
)


@cache
def font_file(weight: str = "Regular") -> Path:
    """Return the file of one weight of Sarabun, the typeface of Thai official letters."""
    import fontpkg_sarabun  # only drawings and pages need the typeface

    return Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{weight}.ttf"


@cache
def register_fonts() -> None:
    """Make Sarabun known to matplotlib under a name of our own, so that no other is taken."""
    from matplotlib import font_manager  # costs a third of a second

    for weight, value in (("Regular", 400), ("Bold", 700)):
        font_manager.fontManager.ttflist.append(
            font_manager.FontEntry(
                fname=str(font_file(weight)), name=FAMILY, style="normal", variant="normal",
                weight=value, stretch="normal", size="scalable",
            )
        )  # fmt: skip


@contextmanager
def house_style() -> Iterator[None]:
    """Set our typeface, sizes and colours, and put back what was set before."""
    import matplotlib as mpl  # costs a third of a second

    register_fonts()
    with mpl.rc_context(RC):
        yield


def png_bytes(figure: Figure, *, dpi: int = DPI) -> bytes:
    """Return a figure as PNG: the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure; no display and no pyplot is needed. Its layout stays as it is drawn here.
    dpi : int, default 180
        Dots an inch; 16 cm become 1,134 dots.

    Notes
    -----
    A palette of 128 colours makes the file a third as large; drawings use few colours.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # never an interactive backend
    from PIL import Image  # matplotlib brings it

    canvas: Any = FigureCanvasAgg(figure)
    before = figure.dpi
    with house_style():
        figure.set_dpi(dpi)
        figure.draw_without_rendering()  # settles the layout; a second round would move it again
        figure.set_layout_engine("none")
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        figure.set_dpi(before)
    target = io.BytesIO()
    few = drawn.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, format="PNG", optimize=True, dpi=(dpi, dpi))
    return target.getvalue()


def text_width(text: str) -> int:
    """Return how many columns a text takes: Thai marks above and below take none.

    Examples
    --------
    >>> text_width("ที่"), text_width("น้ำ"), text_width("abc")
    (1, 2, 3)
    """
    return sum(unicodedata.category(sign) not in {"Mn", "Me", "Cf"} for sign in text)


def wrap_words(text: str, width: int = 26) -> str:
    """Break a label into lines, at spaces and between Thai words; nothing is cut off.

    Parameters
    ----------
    text : str
        One label; its own line breaks stay.
    width : int, default 26
        Columns a line. A single longer word keeps its line.

    Examples
    --------
    >>> wrap_words("สำนักงานเกษตรจังหวัดยะลา", 16).split(chr(10))
    ['สำนักงานเกษตร', 'จังหวัดยะลา']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph, width):
            if line.strip() and text_width((line + piece).rstrip()) > width:
                lines.append(line.strip())
                line = ""
            line += piece
        lines.append(line.strip())
    return "\n".join(lines)


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield the parts between which a line may break."""
    if text_width(text) <= width:
        yield text
        return
    for word in re.findall(r"\S+\s*|^\s+", text):
        for part in _BEFORE.split(word) if text_width(word) > width else [word]:
            yield from _words(part) if text_width(part) > width else [part]


def _words(text: str) -> list[str]:
    """Part a long run of Thai into words."""
    if not re.search("[ก-ฮ]", text):
        return [text]
    from pythainlp.tokenize import word_tokenize  # costs a second; few labels come so far

    words: list[str] = word_tokenize(text, engine="newmm", keep_whitespace=True)
    return words
