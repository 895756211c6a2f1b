"""Sarabun inside a page: only the characters that occur, with the rules that place Thai marks."""

from __future__ import annotations

import base64
import io
import string
from functools import lru_cache

from evallib.report.style import font_file

# Always in: a page that differs by one letter still finds its typeface made.
THAI = "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))))
BASE = frozenset(string.printable.strip() + " " + THAI + "\u00a0–—−±×·•…≤≥‘’“”°²½✓→")
WEIGHTS = {400: "Regular", 700: "Bold"}


def font_faces(text: str) -> str:
    """Return CSS that embeds Sarabun, regular and bold, for the characters of a text.

    Parameters
    ----------
    text : str
        Everything that the page shows.

    Returns
    -------
    str
        Two ``@font-face`` rules with data addresses; the same for the same set of characters.
    """
    more = "".join(sorted(set(text) - BASE))
    return "".join(
        f'@font-face{{font-family:"Sarabun";font-style:normal;font-weight:{weight};'
        f"src:url(data:font/woff;base64,{_subset(name, more)}) format('woff')}}\n"
        for weight, name in WEIGHTS.items()
    )


@lru_cache(maxsize=32)
def _subset(weight: str, more: str) -> str:
    """Return a WOFF in base64 that holds the base characters and some more."""
    from fontTools import subset  # type: ignore[import-untyped]  # only pages need it
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    options = subset.Options()
    options.layout_features = ["*"]  # mark and mkmk place vowels and tones; ccmp parts sara am
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]  # the licence travels with the font
    with TTFont(font_file(weight), recalcTimestamp=False, lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted(BASE)) + more)
        cutter.subset(font)
        font.flavor = "woff"
        target = io.BytesIO()
        font.save(target)
    return base64.b64encode(target.getvalue()).decode("ascii")
