"""Keys under which two spellings of one Thai name meet."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from evallib.thai.signs import ARABIC_OF_THAI, INVISIBLE, MARKS
from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

END = "\0"  # stands between texts that are folded as one; no text keeps it
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_FOLD = str.maketrans(
    dict.fromkeys(MARKS + INVISIBLE + _HYPHENS) | ARABIC_OF_THAI | {"ำ": "า", "ฎ": "ฏ", "\xa0": " "}
)
_CID = re.compile(r"\(cid:\d+\)")
_NOT_LETTERS = re.compile(r"[^0-9a-z\u0E01-\u0E4E]")
_DROPPED = 0xFFFF  # no character, by the definition of Unicode


def fold(text: str) -> str:
    """Return text without the marks that official text loses; spaces stay.

    Drops vowels above and below the line, tone marks, hyphens, invisible characters and
    ``(cid:N)``; turns ำ into า, ฎ into ฏ, เเ into แ, Thai digits into Arabic ones, and lowers case.

    Examples
    --------
    >>> fold("ตาํบลโคกเคยีน ๓") == fold("ตำบลโคกเคียน 3")
    True
    """
    if "(cid:" in text:
        text = _CID.sub("", text)
    return text.translate(_FOLD).replace("เเ", "แ").lower()


def skeleton(text: str) -> str:
    """Return the consonant skeleton: `fold` without any white space.

    Examples
    --------
    >>> skeleton("สุไหงโก-ลก") == skeleton("สุไหง โกลก")
    True
    """
    return "".join(fold(text).split())


def fold_all(texts: Sequence[str]) -> str:
    """Return the texts folded and joined by ``END``: `fold` of a column in one pass over an array.

    Examples
    --------
    >>> fold_all(["ตำบลบานา", "หมู่ ๓"]).split(END)
    ['ตาบลบานา', 'หม 3']
    """
    joined = END.join(texts)
    if joined.count(END) >= max(len(texts), 1):  # a text holds the sign itself
        joined = END.join(text.replace(END, " ") for text in texts)
    if "(cid:" in joined:
        joined = _CID.sub("", joined)
    units = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    kept = _table().take(units)
    kept = kept[kept != _DROPPED]
    folded: str = kept.tobytes().decode("utf-16-le", "surrogatepass")
    return folded.replace("เเ", "แ").lower()


@cache
def _table() -> NDArray[np.uint16]:
    """Return what each 16-bit unit becomes; halves of rarer characters stay as they are."""
    table = np.arange(0x10000, dtype="<u2")
    for unit, becomes in _FOLD.items():
        table[unit] = _DROPPED if becomes is None else ord(becomes)
    return table


def single(key: str) -> str:
    """Return a key with letters that are typed twice written once.

    Examples
    --------
    >>> single("วดด") == single("วด")
    True
    """
    return "".join(letter for letter, _ in groupby(key))


def written_as(text: str, key: str) -> list[str]:
    """Return the pieces of a text whose skeleton is ``key``, as they were written.

    Examples
    --------
    >>> written_as("หมู่ 3 ต.เขาตูมม อ.ยะรัง", skeleton("เขาตูมม"))
    ['เขาตูมม']
    """
    text = _CID.sub("", text).replace("เเ", "แ")
    places = [i for i, letter in enumerate(text) if fold(letter).strip()]
    letters = "".join(fold(text[i]) for i in places)
    if len(letters) != len(places):
        return []
    pieces = []
    for found in re.finditer(re.escape(key), letters):
        stop = places[found.end() - 1] + 1
        while stop < len(text) and text[stop] in MARKS:
            stop += 1
        pieces.append(text[places[found.start()] : stop])
    return pieces


@lru_cache(maxsize=65536)
def text_key(text: str) -> str:
    """Return letters and digits of a text, in one form, for comparing texts.

    Examples
    --------
    >>> text_key("ขุดบ่อบาดาล หมู่ที่ ๓ (ใหม่)")
    'ขุดบ่อบาดาลหมู่ที่3ใหม่'
    """
    return _NOT_LETTERS.sub("", thai_digits_to_arabic(normalise_thai(text)).lower())
