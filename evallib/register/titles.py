"""What a project does: its title without places, years and the word project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evallib.thai.keys import text_key
from evallib.thai.text import thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Iterable

_VILLAGE = re.compile(r"(?:หมู่ที่|หมู่|ม\.)\s*(\d+)")
_NAMED = re.compile(
    r"(?:ตำบล|อำเภอ|จังหวัด|ต\.|อ\.|จ\.)\s*[\u0E01-\u0E4E]+(?:\s*-\s*[\u0E01-\u0E4E]+)?"
)
_YEARS = re.compile(r"(?:ประจำ)?ปี(?:งบประมาณ)?\s*(?:พ\.ศ\.?)?\s*(?:\d{4}|\d{2})(?!\d)")
_COMMON = re.compile(r"^(?:โครงการ|กิจกรรม|งาน)+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def title_cores(titles: pd.Series) -> pd.DataFrame:
    """Split titles into what they say of the work, its numbers, and its village.

    Parameters
    ----------
    titles : pandas.Series of str, shape (n,)
        Titles as written.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        Index of ``titles``. ``core``: letters and digits without places and years; the whole title
        where nothing else is in it. ``numbers``: the numbers of the core, in their order, joined by
        spaces. ``village``: number of the village, or empty.

    Examples
    --------
    >>> title_cores(pd.Series(["โครงการขุดลอกคลอง ระยะที่ ๒ หมู่ที่ 3 ต.บานา ปี 2565"])).iloc[0].tolist()
    ['ขุดลอกคลองระยะที่2', '2', '3']
    """
    distinct = {title: _split(str(title)) for title in titles.dropna().unique()}
    rows = [distinct.get(title, ("", "", "")) for title in titles]
    return pd.DataFrame(rows, columns=["core", "numbers", "village"], index=titles.index)


def _split(title: str) -> tuple[str, str, str]:
    written = thai_digits_to_arabic(title)
    without = _YEARS.sub(" ", written)
    village = _VILLAGE.search(without)
    bare = _NAMED.sub(" ", _VILLAGE.sub(" ", without))
    core = _COMMON.sub("", text_key(bare)) or text_key(title)
    return core, " ".join(_NUMBER.findall(bare)), village[1] if village else ""


def trigrams(cores: Iterable[str]) -> tuple[list[int], list[int]]:
    """Return (position of the text, number of the trigram) of each distinct trigram of each text.

    Examples
    --------
    >>> trigrams(["abcd", "bcd"])
    ([0, 0, 1], [0, 1, 1])
    """
    known: dict[str, int] = {}
    texts: list[int] = []
    grams: list[int] = []
    for i, core in enumerate(cores):
        pieces = dict.fromkeys(core[k : k + 3] for k in range(max(len(core) - 2, 1)))
        grams += [known.setdefault(piece, len(known)) for piece in pieces]
        texts += [i] * len(pieces)
    return texts, grams
