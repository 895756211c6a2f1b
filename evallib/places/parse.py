"""Take a written address apart: which words stand after ตำบล, อำเภอ and จังหวัด."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from evallib.places.words import fold

Kind = Literal["tambon", "amphoe", "province", "municipality"]
Names = tuple[str, ...]
MOST_WORDS = 6  # pieces into which PDF text cuts a name, or names that stand in a row

# Patterns are written in folded text. A long marker is a word; a short one ends in a dot and may
# be part of another abbreviation. "ต.ค." is a month, "จ.ส.อ." a rank: hence the look-ahead.
_MARK = re.compile(
    r"(?P<municipality>เทศบาล\s?(?:ตาบล|เมอง|นคร)|ท[ตมน]\.)"
    r"|(?P<tambon>องคการ\s?บรหาร\s?สวน\s?ต\s?า\s*บล|อ\.บ\.ต\.|ต\s?า\s*บล)"
    r"|(?P<amphoe>อ\s?า\s*เภอ)"
    r"|(?P<province>จ\s?งหว\s?ด|กร\s?งเทพ(?:มหานคร)?|กทม)"
    r"|(?P<short>อบต\.|(?<![ก-๎])อบต(?!า\s*บล)|จว\.|[ตอจ]\.(?!\s?[ก-ฮ](?:\.|\s?\d)))"
)
_SHORT: dict[str, Kind] = {"จว.": "province", "จ.": "province", "อ.": "amphoe", "ต.": "tambon"}
_EVERY = re.compile(r"(?:^|[\s(/,])(?:ใน)?(?:ทก|แตละ|ราย|ระดบ)\s?$")  # ทุกตำบล names no tambon
_NO_NAME = ("ของ", "ในพน", "ในจง", "ในเขต")  # "ทั้ง 12 อำเภอของจังหวัด..." names no amphoe
_WHOLE = re.compile(r"(?:ทง|ทก)\s?จงหวด|ทก\s?(?:ตาบล|อาเภอ|พนท)|ทงจงหวด")
_AND = re.compile(r"[,;/]|\sและ|\sกบ\s")
_LETTERS = re.compile(r"[^ก-ฮะาเแโใไฤa-z ]")


class Part(NamedTuple):
    """One marker of an address and the words that follow it, cut at the first digit or sign."""

    kind: Kind
    names: tuple[Names, ...]


class Address(NamedTuple):
    """What an address says, before anything is looked up.

    ``lead`` holds the words before the first marker; without any marker these are the whole text;
    with a tambon it stays empty. ``whole`` tells that the text speaks of all tambons, or of a whole
    province.
    """

    parts: tuple[Part, ...]
    lead: tuple[Names, ...]
    whole: bool


def parse_address(text: str) -> Address:
    """Return the parts of one written address in their order.

    Examples
    --------
    >>> parse_address("หมู่ที่ 3 ต.บานา อ.เมือง จ.ปัตตานี").parts
    (Part(kind='tambon', names=(('บานา',),)), Part(kind='amphoe', names=(('เมอง',),)),
     Part(kind='province', names=(('ปตตาน',),)))
    """
    folded = fold(text)
    marks = _marks(folded)
    parts = []
    for i, (kind, _, end, own) in enumerate(marks):
        stop = marks[i + 1][1] if i + 1 < len(marks) else len(folded)
        names = _names(own + folded[end:stop])
        if names and names[0][0] != "ละ" and not names[0][0].startswith(_NO_NAME):
            parts.append(Part(kind, names))
    if any(part.kind in {"tambon", "municipality"} for part in parts):
        return Address(tuple(parts), (), whole=False)
    lead = _names(folded[: marks[0][1]] if marks else folded, entire=True)
    return Address(tuple(parts), lead, _WHOLE.search(folded) is not None)


def _marks(folded: str) -> list[tuple[Kind, int, int, str]]:
    """Return kind, start and end of each marker that is one, and the name that it holds itself."""
    marks: list[tuple[Kind, int, int, str]] = []
    for found in _MARK.finditer(folded):
        start, end = found.span()
        kind = found.lastgroup
        own = ""
        if kind == "short":
            if not _stands_alone(folded, start, marks):
                continue
            kind = _SHORT.get(found[0], "tambon")
        elif kind == "province" and found[0][0] == "ก":
            own = "กรงเทพมหานคร "
        elif kind != "province" and _EVERY.search(folded[max(0, start - 9) : start]):
            continue
        marks.append((kind, start, end, own))  # type: ignore[arg-type]
    return marks


def _stands_alone(folded: str, start: int, marks: list[tuple[Kind, int, int, str]]) -> bool:
    """Tell whether a short marker begins a name: after a gap, or glued to the name before it."""
    before = folded[start - 1 : start]
    if not ("ก" <= before <= "๎" or before == "."):
        return True
    if not marks:
        return False
    glued = folded[marks[-1][2] : start].strip()
    return bool(glued) and " " not in glued and "." not in glued


@lru_cache(maxsize=1 << 16)
def _names(segment: str, *, entire: bool = False) -> tuple[Names, ...]:
    """Return the words of each name in a segment; "ต.บานา และตันหยงลุโละ" holds two.

    Words end at the first digit or sign; with ``entire``, a segment that has one holds no name.
    """
    names = []
    for piece in _AND.split(segment):
        written = piece.strip(" .,:()")
        stop = _LETTERS.search(written)
        if stop and entire:
            return ()
        words = written[: stop.start() if stop else None].split()
        if words and not (entire and len(words) > MOST_WORDS):
            names.append(tuple(words[:MOST_WORDS]))
    return tuple(names)
