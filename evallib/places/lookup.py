"""The gazetteer: names of a scope looked up exactly, else by similarity with a clear lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from evallib.places.parse import Names
from evallib.places.register import LEVELS, _area, _register
from evallib.places.words import fold, skeleton

ACCEPT, LEAD, WORTH_A_LOOK = 85.0, 4.0, 70.0  # measured on real address text, see 2-data.md
MOST_CANDIDATES = 5
_CODE = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{7,8})(?:\.0)?")
_NO_MATCH = float("nan")
Scope = Names | None


@dataclass(frozen=True, slots=True)
class Place:
    """What one name may mean.

    ``options`` are the codes that the text says: one, or several when several places bear the
    name. ``candidates`` are codes that it perhaps says. ``score`` and ``margin`` are of the best.
    """

    options: Names = ()
    candidates: Names = ()
    score: float = _NO_MATCH
    margin: float = _NO_MATCH

    @property
    def code(self) -> str | None:
        """The code, when there is exactly one."""
        return self.options[0] if len(self.options) == 1 else None

    @property
    def in_doubt(self) -> bool:
        """Something was named that is not certain, and not far from a name."""
        return self.code is None and (bool(self.options) or self.score >= WORTH_A_LOOK)

    def within(self, other: Place | None) -> Place:
        """Return what agrees with something stated elsewhere; a conflict leaves candidates only."""
        if other is None or not other.options or not self.options:
            return self
        agreeing = tuple(c for c in self.options if _inside(c, other.options))
        if agreeing == self.options:
            return self
        if agreeing:
            return replace(self, options=agreeing)
        return Place(candidates=self.options + other.options)

    def at_most(self, other: Place | None) -> Place:
        """Return the place, no more certain than what it lies in."""
        if other is None or other.code is None or not self.options:
            return self
        if self.score <= other.score and self.margin <= other.margin:
            return self
        return replace(
            self, score=min(self.score, other.score), margin=min(self.margin, other.margin)
        )

    def row(self) -> tuple[object, ...]:
        """Return place_code, level, score, margin and candidates."""
        seen = ";".join((self.options or self.candidates)[:MOST_CANDIDATES]) or None
        level = LEVELS[len(self.code)] if self.code else None
        return self.code, level, self.score, self.margin, seen


def _inside(code: str, scope: Names) -> bool:
    return any(code.startswith(s) or s.startswith(code) for s in scope)


class Gazetteer:
    """Names of the country by level, and which of them belong to the area."""

    def __init__(self, provinces: Names, amphoe: Names) -> None:
        self.area: set[str] = set()
        self.names: dict[str, dict[str, Names]] = {}
        for level in LEVELS.values():
            column = f"{level}_code"
            self.area |= set(_area(provinces, amphoe)[column])
            self.names[level] = _names_of(level)
        self.code_exists = {c for codes in map(_codes_of, LEVELS.values()) for c in codes}

    def find(self, level: str, words: Names, scope: Scope = None) -> Place:
        """Look up the name that the first words make, within codes of a wider level or the area."""
        joined = ["".join(words[:n]) for n in range(len(words), 0, -1)]
        elsewhere: Names = ()
        for key in joined:
            bearers = self.names[level].get(key, ())
            codes = tuple(c for c in bearers if self._holds(c, scope))
            if len(codes) == 1:
                return Place(codes, score=100.0, margin=100.0 - self._runner_up(codes[0], scope))
            if codes:
                return Place(codes, score=100.0, margin=0.0)
            elsewhere = elsewhere or bearers
        near = self._nearest(level, joined, scope)
        if not elsewhere:
            return near
        seen = near.options + near.candidates + (elsewhere if scope is None else ())
        return Place(candidates=seen, score=near.score, margin=near.margin)

    def _nearest(self, level: str, joined: list[str], scope: Scope) -> Place:
        """Return the most similar name of the scope, accepted only with a clear lead."""
        from rapidfuzz import fuzz, process  # only misspelt names need it

        keys, codes = self._choices(level, scope)
        if not keys:
            return Place()
        queries = joined[-3:]  # the first word, the first two, the first three
        scores = process.cdist(queries, keys, scorer=fuzz.ratio).max(axis=0)
        order = sorted(range(len(keys)), key=lambda i: (-scores[i], codes[i]))
        best = float(scores[order[0]])
        margin = best - float(scores[order[1]]) if len(order) > 1 else best
        if best >= ACCEPT and margin >= LEAD:
            return Place((codes[order[0]],), score=best, margin=margin)
        near = [codes[i] for i in order[:MOST_CANDIDATES] if scores[i] >= WORTH_A_LOOK]
        return Place(candidates=tuple(near), score=best, margin=margin)

    def find_bare(self, words: Names) -> Place:
        """Look up a name that stands alone in its cell, or tambon, amphoe and province in a row."""
        key = "".join(words)
        same = {
            level: tuple(c for c in self.names[level].get(key, ()) if c in self.area)
            for level in LEVELS.values()
        }
        found = same["tambon"] + same["amphoe"]
        if same["province"]:
            found += same["province"]
            if not key.isascii():  # a Thai road, school or hospital may bear this name
                return Place(candidates=found, score=100.0, margin=0.0)
        if found:
            return Place(found, score=100.0, margin=100.0 if len(found) == 1 else 0.0)
        return self._unmarked(words) if len(words) > 1 else self._latin(key)

    def _unmarked(self, words: Names) -> Place:
        """Read "บานา เมือง ปัตตานี": every name exact, and each inside the next."""
        scope: Scope = None
        place = Place()
        left = words
        for level in ("province", "amphoe", "tambon"):
            if not left:
                break
            taken = left if level == "tambon" else left[-1:]
            codes = tuple(c for c in self.names[level].get("".join(taken), ())
                          if self._holds(c, scope))  # fmt: skip
            if not codes:
                if level == "province":
                    continue
                return Place()
            scope, left = codes, left[: -len(taken)]
            place = Place(codes, score=100.0, margin=0.0 if len(codes) > 1 else 100.0)
        return place if scope and len(scope[0]) > 2 and not left else Place()

    def _latin(self, key: str) -> Place:
        """Read a romanised province whose spelling differs between sources."""
        return self._nearest("province", [key], None) if key.isascii() and key else Place()

    def read_code(self, written: str) -> Place | None:
        """Read a code of the register; eight digits are a tambon and a village number."""
        form = _CODE.fullmatch(fold(written).strip())
        if form is None:
            return None
        code = form[1][:6]
        known = (code,) if code in self.code_exists else ()
        return Place(known, score=100.0 if known else _NO_MATCH, margin=100.0 if known else 0.0)

    def _holds(self, code: str, scope: Scope) -> bool:
        return code in self.area if scope is None else any(code.startswith(s) for s in scope)

    @cache  # noqa: B019  one gazetteer lives as long as the process
    def _choices(self, level: str, scope: Scope) -> tuple[list[str], list[str]]:
        """Return keys and codes of a level inside a scope, one key a code."""
        pairs = [(k, c) for k, c in _keys_of(level) if self._holds(c, scope)]
        return [k for k, _ in pairs], [c for _, c in pairs]

    @cache  # noqa: B019
    def _runner_up(self, code: str, scope: Scope) -> float:
        """Return how similar the most similar other name of the scope is."""
        from rapidfuzz import fuzz, process  # deferred with the search above

        keys, codes = self._choices(LEVELS[len(code)], scope)
        others = [k for k, c in zip(keys, codes, strict=True) if c != code]
        own = [k for k, c in zip(keys, codes, strict=True) if c == code]
        if not others or not own:
            return 0.0
        return float(process.cdist(own[:1], others, scorer=fuzz.ratio).max())


@cache
def gazetteer(provinces: Names, amphoe: Names) -> Gazetteer:
    """Return the gazetteer of an area."""
    return Gazetteer(provinces, amphoe)


@cache
def _keys_of(level: str) -> tuple[tuple[str, str], ...]:
    """Return (Thai key, code) of every place of a level."""
    places = _register().drop_duplicates(f"{level}_code")
    return tuple(
        (_letters(th), code)
        for th, code in zip(places[f"{level}_th"], places[f"{level}_code"], strict=True)
    )


def _codes_of(level: str) -> list[str]:
    return [code for _, code in _keys_of(level)]


def _names_of(level: str) -> dict[str, Names]:
    """Return key -> codes, in Thai and English; เมือง is the capital amphoe of any province."""
    places = _register().drop_duplicates(f"{level}_code")
    codes: dict[str, list[str]] = {}
    for th, en, code in zip(
        places[f"{level}_th"], places[f"{level}_en"], places[f"{level}_code"], strict=True
    ):
        keys = [_letters(th), _letters(en)]
        if level == "amphoe" and code.endswith("01") and th.startswith("เมือง"):
            keys.append(skeleton("เมือง"))
        if level == "amphoe" and th.startswith("เขต"):
            keys.append(_letters(th.removeprefix("เขต")))
        for key in dict.fromkeys(keys):
            codes.setdefault(key, []).append(code)
    return {key: tuple(found) for key, found in codes.items()}


def _letters(name: str) -> str:
    """Return the key of a name of the register: its skeleton, letters only."""
    return "".join(c for c in skeleton(name) if c.isalpha())
