"""Keys under which two spellings of one Thai name meet."""

from __future__ import annotations

import re

_LOST = "ัิีึืฺุู็่้๊๋์ํ๎"  # vowels above and below, tone marks: what PDF text misplaces or loses
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
_FOLD = str.maketrans(
    dict.fromkeys(_LOST + _INVISIBLE + _HYPHENS) | _DIGITS | {"ำ": "า", "ฎ": "ฏ", "\xa0": " "}
)
_CID = re.compile(r"\(cid:\d+\)")


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
