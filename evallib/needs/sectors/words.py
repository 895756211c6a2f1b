"""Needs and titles made comparable: spelling evened out, names of places cut."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from evallib.places import register
from evallib.thai.signs import ARABIC_OF_THAI, INVISIBLE

_AM = re.compile(r"([่้๊๋]?)ํ([่้๊๋]?)า")
_PLAIN = str.maketrans(
    dict.fromkeys(INVISIBLE) | ARABIC_OF_THAI | {"\xa0": " ", "–": "-", "—": "-"}
)
_SPACE = re.compile(r"\s+")
_MARKER = r"(?:องค์การบริหารส่วนตำบล|เทศบาลตำบล|ตำบล|อำเภอ|จังหวัด|อบต\.|(?<![ก-๎.])[ตอจ]\.)\s*"
_VILLAGE = re.compile(r"(?:หมู่ที่|หมู่|ม\.)\s*\d+")


def even_out(text: str) -> str:
    """Return text in one spelling: sara am composed, Arabic digits, single spaces, lower case.

    Examples
    --------
    >>> even_out("นํ้าประปา  ๒ แห่ง") == "น้ำประปา 2 แห่ง"
    True
    """
    plain = text.translate(_PLAIN).replace("เเ", "แ")
    return _SPACE.sub(" ", _AM.sub(r"\1\2ำ", plain)).strip().lower()


def cut_places(text: str) -> str:
    """Return evened-out text without names of places that follow a marker such as ต. or อำเภอ."""
    return _VILLAGE.sub(" ", _named_places().sub(" ", text))


@lru_cache(maxsize=1 << 14)
def plain_words(text: str) -> str:
    """Return text evened out and without names of places; keywords and letters both ask for it."""
    return cut_places(even_out(text))


@cache
def _named_places() -> re.Pattern[str]:
    """Return the pattern of a marker and a name of a southern border province."""
    places = register()
    near = places[places["province_code"].isin(["90", "94", "95", "96"])]
    names = {
        even_out(name)
        for column in ("tambon_th", "amphoe_th", "province_th")
        for name in near[column].unique()
    } | {"เมือง"}
    longest_first = sorted(names, key=lambda n: (-len(n), n))
    return re.compile(_MARKER + "(?:" + "|".join(map(re.escape, longest_first)) + ")")
