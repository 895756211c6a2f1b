"""What was read as what: names that were accepted though they are not written as registered."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from evallib.places.codes import name_of
from evallib.places.names import CAPITAL
from evallib.thai.keys import written_as
from evallib.thai.signs import MARKS

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
    keys = [name.key for name in place.used]
    told = [_told(name, text, alone=keys.count(name.key) == 1) for name in place.used]
    if place.former and place.code:
        told.append(f"{place.former}{ARROW}{place.code} {name_of(place.code)}")
    return "; ".join(dict.fromkeys(filter(None, told)))


def _told(name: Used, text: str, *, alone: bool) -> str:
    """Say how one name was written; ``alone`` tells that no other name has its key."""
    thai = name_of(name.code)
    if name.score < 100:
        pieces = written_as(text, name.key)
        return f"{pieces[0] if pieces else name.key}{ARROW}{thai} ({name.score:.0f})"
    if name.key == CAPITAL or name.key.isascii() or (alone and _stands_in(thai, text)):
        return ""
    pieces = ["".join(piece.split()) for piece in written_as(text, name.key)]
    other = next((piece for piece in pieces if piece != "".join(thai.split())), "")
    return f"{other}{ARROW}{thai}" if other else ""


def _stands_in(name: str, text: str) -> bool:
    """Tell whether a text holds a name, and no vowel or tone mark is added to its end."""
    at = text.find(name)
    after = text[at + len(name) : at + len(name) + 1]
    return at >= 0 and not (after and after in MARKS)
