"""An address read from its markers: each tambon inside its amphoe, each amphoe in its province."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from evallib.places.gazetteer import ANYWHERE, Gazetteer, one_level
from evallib.places.parse import Address, Kind, Names, parse_address
from evallib.places.place import NO_MATCH, Place
from evallib.thai.keys import fold

Stated = str | None
FINEST_FIRST: tuple[frozenset[Kind], ...] = (
    frozenset({"tambon", "municipality"}), frozenset({"amphoe"}), frozenset({"province"}),
)  # fmt: skip


class Resolver:
    """Resolve one address at a time; what is stated beside it is looked up once.

    Parameters
    ----------
    known : Gazetteer
        Names of the country, and the area.
    level : str, optional
        What a name without a marker is taken for first.
    """

    def __init__(self, known: Gazetteer, level: str | None = None) -> None:
        self.known = known
        self.level = level
        self.stated = cache(self._stated)

    def __call__(self, address: Address, province: Stated, amphoe: Stated) -> Place:
        """Return the place that an address names within what is stated beside it."""
        in_province = self.stated("province", province, None)
        in_amphoe = self.stated("amphoe", amphoe, in_province)
        for place in (in_amphoe, in_province):
            if place is not None and not place.options:
                return place
        if address.parts:
            return self._chain(address, in_province, in_amphoe)
        return self._bare(address, in_province, in_amphoe)

    def _stated(self, level: str, written: Stated, province: Place | None) -> Place | None:
        """Look up what another column says; None when it says nothing."""
        if written is None or not written.strip():
            return None
        scope = province.options if province else _anywhere(level)
        coded = self.known.read_code(written)
        if coded is not None:
            return coded.within(province)
        found = [self.known.find(level, names, scope) for names in names_in(written)]
        for names, place in zip(names_in(written), tuple(found), strict=True):
            if len(names) > 1 and place.code and place.score == 100:
                codes = self.known.others(level, names, place.code, scope)
                found += [Place((other,), score=100.0, margin=100.0) for other in codes]
        certain = tuple(dict.fromkeys(place.code for place in found if place.code))
        if len(certain) > 1:  # "ปัตตานี/ยะลา": the place lies in one of them
            return Place(certain, (), 100.0, 0.0, "list").within(province)
        return _one_of(found).within(province)

    def _bare(self, address: Address, province: Place | None, amphoe: Place | None) -> Place:
        """Read a text without markers: a code, a name alone in its cell, or names in a row."""
        stated = amphoe or province
        if address.says == "nothing":
            return stated or Place()
        if address.says == "code":
            coded = self.known.read_code(address.lead[0][0])
            return coded.within(stated) if coded else Place(reason="unknown")
        if address.says == "area":
            return Place(reason="area")
        if address.says == "whole":
            return replace(stated or Place(), reason="whole")
        if address.says == "village":
            return self._beside_village(address, province, amphoe)
        named = [self._one_bare(words, province, amphoe) for words in address.lead]
        return _one_of(named) if named else Place(reason="unknown")

    def _beside_village(
        self, address: Address, province: Place | None, amphoe: Place | None
    ) -> Place:
        """Read what stands beside a village number: a tambon if it is exactly one, else nothing."""
        for words in address.lead[:1]:
            place = self._one_bare(words, province, amphoe)
            if place.code and place.score == 100:
                return place
        return replace(amphoe or province or Place(), reason="village")

    def _one_bare(self, words: Names, province: Place | None, amphoe: Place | None) -> Place:
        """Read one name without a marker inside what is stated."""
        stated = amphoe or province
        scope = stated.options if stated else None
        if self.level:
            place = self.known.find(self.level, words, scope)
            if place.code and place.score == 100:
                return place.at_most(stated)
        if stated is None:
            return self.known.find_bare(words)
        tambon = self.known.find("tambon", words, scope)
        if amphoe is None:
            wider = (self.known.find(level, words, scope) for level in ("amphoe", "province"))
            exact = [p for p in (tambon, *wider) if p.options and p.score == 100]
            if len(exact) > 1:  # 24 tambons bear the name of their amphoe, one of its province
                return one_level(tuple(c for p in exact for c in p.options), "".join(words))
            tambon = exact[0] if exact else tambon
        if not tambon.code and len(words) > 1:  # "บานา เมือง" beside a column of provinces
            joined = self.known.find_bare(words).within(stated)
            if joined.code:
                return joined
        return tambon.at_most(stated)

    def _chain(self, address: Address, province: Place | None, amphoe: Place | None) -> Place:
        """Read the markers: every tambon with its amphoe, else every amphoe, else the province."""
        kinds = {part.kind for part in address.parts}
        finest = next(level for level in FINEST_FIRST if level & kinds)
        found = []
        for i, part in enumerate(address.parts):
            if part.kind not in finest:
                continue
            within = self._scope_of(address, i, province, amphoe)
            level = "tambon" if part.kind == "municipality" else part.kind
            looked = [self._look_up(level, names, within) for names in part.names]
            found += [looked[0], *(p for p in looked[1:] if p.options and p.score == 100)]
            for names, place in zip(part.names, looked, strict=True):
                if len(names) > 1 and place.code and place.score == 100:
                    found += self._sharing(level, names, place.code, within)
        place = _one_of(found)
        if "municipality" in finest & kinds:
            seen = place.options or place.candidates
            return replace(place, options=(), candidates=seen, reason="municipality")
        if finest == {"amphoe"} and place.code and address.lead:
            tambon = self.known.find("tambon", address.lead[0], place.options)
            if tambon.score == 100 and tambon.code:
                return tambon.at_most(place)
        if address.says == "whole" and place.code and not place.reason:
            return replace(place, reason="whole")
        return place

    def _sharing(
        self, level: str, names: Names, code: str, within: tuple[Place | None, Place | None]
    ) -> list[Place]:
        """Return places that share a marker with the name before them."""
        scope = ANYWHERE if level == "province" else _scope(within[1] or within[0])
        codes = self.known.others(level, names, code, scope)
        return [Place((other,), score=100.0, margin=100.0) for other in codes]

    def _scope_of(
        self, address: Address, i: int, province: Place | None, amphoe: Place | None
    ) -> tuple[Place | None, Place | None]:
        """Return the province and the amphoe of one part: as written beside it, else as stated."""
        kind = address.parts[i].kind
        near = None if kind == "province" else _nearest(address, i, "province")
        if near is not None:
            written = self.known.find("province", near, ANYWHERE)
            if written.options:
                province = written.within(province)
        near = None if kind in {"amphoe", "province"} else _nearest(address, i, "amphoe")
        if near is not None:
            amphoe = self.known.find("amphoe", near, _scope(province)).within(amphoe)
        return province, amphoe

    def _look_up(
        self, level: str, names: Names, within: tuple[Place | None, Place | None]
    ) -> Place:
        """Look one name up inside its province and amphoe."""
        province, amphoe = within
        if level == "province":
            return self.known.find("province", names, ANYWHERE).within(province)
        if province is not None and not province.options:
            return Place(candidates=province.candidates, reason="conflict")
        if level == "amphoe":
            place = self.known.find("amphoe", names, _scope(province)).within(amphoe)
        elif amphoe is None or amphoe.options:
            place = self.known.find("tambon", names, _scope(amphoe or province))
            if place.reason == "ambiguous" and len(names) > 1:
                place = self.known.narrowed(names, place)
        else:  # the amphoe cannot be read: show what the tambon alone would give
            place = self.known.find("tambon", names, _scope(province))
            seen = place.options or place.candidates
            place = Place(candidates=seen, score=amphoe.score, reason=amphoe.reason)
        return place.at_most(amphoe).at_most(province)


def _scope(place: Place | None) -> Names | None:
    return place.options if place else None


def _anywhere(level: str) -> Names | None:
    return ANYWHERE if level == "province" else None


def _one_of(found: list[Place]) -> Place:
    """Return the one place that all parts name; else their codes as candidates."""
    certain = [p for p in found if p.code]
    if len({p.code for p in certain}) == 1 and not any(p.in_doubt for p in found):
        return max(certain, key=lambda p: p.score)
    if len(found) < 2:
        return found[0] if found else Place(reason="unknown")
    seen = dict.fromkeys(code for p in found for code in p.options or p.candidates)
    scores = [p.score for p in found if p.score == p.score]
    doubtful = [p.reason or "unknown" for p in found if not p.code]
    reason = doubtful[0] if doubtful else "list"
    score = max(scores, default=NO_MATCH)
    return Place(candidates=tuple(seen), score=score, margin=0.0, reason=reason)


def _nearest(address: Address, i: int, kind: str) -> Names | None:
    """Return the amphoe or province that belongs to part ``i``: the next one, or the last one.

    An address climbs from the tambon to the province. Where it descends, what belongs to a tambon
    stands before it.
    """
    kinds = [p.kind for p in address.parts]
    later = [j for j in range(i + 1, len(kinds)) if kinds[j] == kind]
    earlier = [j for j in range(i) if kinds[j] == kind]
    descends = bool(earlier) and kinds[0] == kind and kinds[-1] != kind
    chosen = earlier[-1:] if descends or not later else later[:1]
    return address.parts[chosen[0]].names[0] if chosen else None


@cache
def names_in(written: str) -> tuple[Names, ...]:
    """Return the words of each name in a column of its own, without its marker."""
    address = parse_address(written)
    if address.parts:
        return address.parts[0].names
    return address.lead or (tuple(fold(written).split()) or ("",),)
