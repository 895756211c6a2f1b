"""What was read as what: names that were accepted though they are not written as registered."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from evallib.places.names import CAPITAL
from evallib.places.register import name_of
from evallib.places.words import LOST, written_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.places.place import Place, Used

ARROW = " → "


def readings_of(found: Sequence[Place], written: Sequence[Sequence[str | None]]) -> list[str]:
    """Return for each place "written → name of the register", empty where they are the same.

    Several are joined by ``; ``; a name read by similarity has its score behind it. Only the name
    itself is repeated, never the text around it.
    """
    return [
        _reading(place, texts) if place.code and (place.used or place.former) else ""
        for place, texts in zip(found, zip(*written, strict=True), strict=True)
    ]


@lru_cache(maxsize=1 << 16)  # the same places come back every quarter
def _reading(place: Place, texts: tuple[str | None, ...]) -> str:
    text = " ".join(part for part in texts if part)
    told = [_told(name, text) for name in place.used]
    if place.former and place.code:
        told.append(f"{place.former}{ARROW}{place.code} {name_of(place.code)}")
    return "; ".join(filter(None, told))


def _told(name: Used, text: str) -> str:
    thai = name_of(name.code)
    if name.score < 100:
        return f"{written_as(text, name.key) or name.key}{ARROW}{thai} ({name.score:.0f})"
    if _stands_in(thai, text) or name.key == CAPITAL or name.key.isascii():
        return ""
    piece = written_as(text, name.key)
    same = not piece or "".join(piece.split()) == "".join(thai.split())
    return "" if same else f"{piece}{ARROW}{thai}"


def _stands_in(name: str, text: str) -> bool:
    """Tell whether a text holds a name, and no vowel or tone mark is added to its end."""
    at = text.find(name)
    after = text[at + len(name) : at + len(name) + 1]
    return at >= 0 and not (after and after in LOST)
