"""A matplotlib figure that carries its caption and alt text, and shows itself in a notebook."""

from __future__ import annotations

from matplotlib.figure import Figure

from evallib.report.style import COLUMN_CM, INCH, png_bytes


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
