"""Take written addresses apart: which words stand after ตำบล, อำเภอ and จังหวัด."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from evallib.thai.keys import END, fold_all

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["tambon", "amphoe", "province", "municipality"]
Names = tuple[str, ...]
MOST_PARTS = 400  # the area has 290 tambons; a text with more markers is no address
MOST_WORDS = 6  # pieces into which PDF text cuts a name, or names that stand in a row

# Patterns are written in folded text. A long marker is a word; a short one ends in a dot and may
# be part of another abbreviation. "ต.ค." is a month, "จ.ส.อ." a rank: hence the look-ahead. The
# first one names the letters with which a marker begins: the search is three times as fast.
_MARK = re.compile(
    r"(?=[กจตทอเ])(?:"
    r"(?P<municipality>เทศบาล\s?(?:ตาบล|เมอง|นคร)|ท[ตมน]\.)"
    r"|(?P<tambon>องคการ\s?บรหาร\s?สวน\s?ต\s?า\s*บล|อ\.บ\.ต\.|ต\s?า\s*บล)"
    r"|(?P<amphoe>อ\s?า\s*เภอ|(?<![ก-๎])กง\s?อ\.)"
    r"|(?P<province>จ\s?งหว\s?ด|กร\s?งเทพ(?:มหานคร)?|กทม)"
    r"|(?P<short>อบต\.|(?<![ก-๎])อบต(?!า\s*บล)|จว\.|[ตอจ]\.(?!\s?[ก-ฮ](?:\.|\s?\d)))"
    r")"
)
_SHORT: dict[str, Kind] = {"จว.": "province", "จ.": "province", "อ.": "amphoe", "ต.": "tambon"}
_EVERY = re.compile(r"(?:^|[\s(/,])(?:ใน)?(?:ทก|แตละ|ราย|ระดบ)\s?$")  # ทุกตำบล names no tambon
_EVERY_ENDS = frozenset("กะยบ")
_NO_NAME = ("ของ", "ในพน", "ในจง", "ในเขต", "ชายแดน")  # "ทั้ง 12 อำเภอของจังหวัด", จังหวัดชายแดนใต้
_CAPITAL = re.compile(r"กร\s?งเทพ|กทม")
_WHOLE = re.compile(r"(?:ทง|ทก)\s?(?:จงหวด|อาเภอ)|ทก\s?(?:พนท|ตาบล)")
# Areas wider than a province, or counted instead of named: no row can be placed in them.
_AREA = re.compile(r"จงหวด\s?ชายแดน(?:ภาค)?\s?ใต|(?<!\d)\d{1,2}\s?(?:จงหวด|อาเภอ|ตาบล)|จชต\.?")
_LATIN = re.compile(
    r"(?<![a-z])(?:tambon|subdistrict|amphoe|amphur|district|changwat|province|[tap]\.)|,"
)
_COUNTED = re.compile(r"(?<!\d)\d{1,2}\s?(?:จงหวด\s?ชายแดน|อาเภอ\s?(?:ของ|ใน))")
_AND = re.compile(r"[,;/+]|\sและ|\sกบ\s")
_LETTERS = re.compile(r"[^ก-ฮะาเแโใไฤa-z ]")
_VILLAGE = re.compile(r"\(?(?:หม(?:ท)?|(?<![ก-๎.])ม\.)\s?\d{1,2}(?!\d)\)?|ทก\s?หม(?:บาน)?|ทง\s?ตาบล")


class Part(NamedTuple):
    """One marker of an address and the words that follow it, cut at the first digit or sign."""

    kind: Kind
    names: tuple[Names, ...]


class Address(NamedTuple):
    """What an address says, before anything is looked up.

    ``lead`` holds the words before the first marker; without any marker these are the whole text;
    with a tambon it stays empty. ``says`` is ``"code"`` when the text is a code, which is then the
    only word of ``lead``; ``"whole"`` when it speaks of all tambons or a whole province; ``"area"``
    when of a wider area; ``"village"`` when it names a village and perhaps, in ``lead``, more;
    ``"nothing"`` when it is empty.
    """

    parts: tuple[Part, ...]
    lead: tuple[Names, ...]
    says: Literal["", "code", "whole", "area", "village", "nothing"] = ""


NOTHING = Address((), (), "nothing")
_Mark = tuple[Kind, int, int]


def parse_address(text: str) -> Address:
    """Return the parts of one written address in their order.

    Examples
    --------
    >>> parse_address("หมู่ที่ 3 ต.บานา อ.เมือง จ.ปัตตานี").parts
    (Part(kind='tambon', names=(('บานา',),)), Part(kind='amphoe', names=(('เมอง',),)),
     Part(kind='province', names=(('ปตตาน',),)))
    """
    return parse_addresses([text])[0]


def parse_addresses(texts: Sequence[str]) -> list[Address]:
    """Return the parts of every text, found by one search through all of them.

    Texts that say the same share one object: most do, and a hundred thousand tuples kept alive
    would cost as much time in garbage collection as the reading itself.
    """
    joined = fold_all(texts)
    marks = _MARK.finditer(joined)
    mark = next(marks, None)
    known: dict[Address, Address] = {}
    addresses = []
    start = 0
    for _ in texts:
        stop = joined.find(END, start)
        stop = len(joined) if stop < 0 else stop
        own: list[_Mark] = []
        while mark is not None and mark.start() < stop:
            found = mark.lastgroup or "", *mark.span()
            if _counts(joined, found, own, start):
                own.append(_named(joined, found))
            mark = next(marks, None)
        address = _address(joined, start, stop, own)
        addresses.append(known.setdefault(address, address))
        start = stop + 1
    return addresses


def _counts(joined: str, mark: tuple[str, int, int], own: list[_Mark], row: int) -> bool:
    """Tell whether what looks like a marker is one; ``row`` is where its text begins."""
    kind, start, _ = mark
    if kind == "short":
        return _stands_alone(joined, start, own, row)
    if kind == "province" or start == row:
        return True
    before = joined[start - 1]
    if before == " " and start - 1 > row:
        before = joined[start - 2]
    return before not in _EVERY_ENDS or not _EVERY.search(joined[max(row, start - 9) : start])


def _stands_alone(joined: str, start: int, own: list[_Mark], row: int) -> bool:
    """Tell whether a short marker begins a name: after a gap, or glued to the name before it."""
    if start == row:
        return True
    before = joined[start - 1]
    if not ("ก" <= before <= "๎" or before == "."):
        return True
    if not own:
        return False
    glued = joined[own[-1][2] : start].strip()
    return bool(glued) and " " not in glued and "." not in glued


def _named(joined: str, mark: tuple[str, int, int]) -> _Mark:
    """Return the kind of a marker, its start, and where the name behind it begins."""
    kind, start, end = mark
    if kind == "short":
        return _SHORT.get(joined[start:end], "tambon"), start, end
    if kind == "province" and joined[start] == "ก":
        return "province", start, start  # กรุงเทพมหานคร is a marker and its own name
    return kind, start, end  # type: ignore[return-value]


def _address(joined: str, start: int, stop: int, marks: list[_Mark]) -> Address:
    """Return the address of one text; each name ends where the next marker begins."""
    if len(marks) > MOST_PARTS:
        return Address((), ())
    parts = []
    fine = False
    until = stop
    for kind, begin, end in reversed(marks):
        part = _part(kind, joined[end:until])
        until = begin
        if part is not None:
            parts.append(part)
            fine = fine or kind in {"tambon", "municipality"}
    if fine:
        return Address(tuple(parts[::-1]), ())
    first = until - start if marks else None
    return _without_tambon(joined[start:stop], first, tuple(parts[::-1]))


def _without_tambon(text: str, first: int | None, parts: tuple[Part, ...]) -> Address:
    """Return an address that names no tambon behind a marker; most texts have one."""
    bare = text.strip()
    if not bare:
        return NOTHING
    if not parts and bare[0].isdigit() and bare.replace(".", "").isdigit():
        return Address((), ((bare,),), "code")
    if bare.isascii():  # "Tambon Bana, Amphoe Mueang Pattani, Pattani": names in a row
        text = _LATIN.sub(" ", text)
    lead = _names(text if first is None else text[:first], entire=True)
    if _WHOLE.search(text):
        return Address(parts, lead, "whole")
    if _COUNTED.search(text) or (not parts and _AREA.search(text)):
        return Address((), (), "area")
    if not parts and _VILLAGE.search(bare):
        return Address((), _names(_VILLAGE.sub("", bare), entire=True), "village")
    return Address(parts, lead)


@lru_cache(maxsize=1 << 16)
def _part(kind: Kind, segment: str) -> Part | None:
    """Return one part, or None where no name follows the marker."""
    if kind == "province" and _CAPITAL.match(segment):
        segment = "กรงเทพมหานคร"
    names = _names(segment)
    if not names or names[0][0] == "ละ" or names[0][0].startswith(_NO_NAME):
        return None
    return Part(kind, names)


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
