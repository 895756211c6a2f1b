"""The gazetteer: names of a scope looked up exactly, else by similarity with a clear lead."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from evallib.places import names
from evallib.places.codes import LEVELS, _area, name_of
from evallib.places.parse import Names
from evallib.places.place import MOST_CANDIDATES, WORTH_A_LOOK, Place, Reason, Used, nested
from evallib.thai.keys import fold, single

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPT, LEAD = 85.0, 4.0  # of real budget items, none was wrong at these: docs/benchmarks.md
ANYWHERE: Names = ("",)  # every code of the country begins so
_CODE = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{7,8})(?:\.0)?")
_REMEMBERED = 1 << 16
Scope = Names | None


class Gazetteer:
    """Names of the country by level, and which of them belong to the area."""

    def __init__(self, provinces: Names, amphoe: Names) -> None:
        self.key = provinces, amphoe
        columns = (_area(provinces, amphoe)[f"{level}_code"] for level in LEVELS.values())
        self.area = frozenset(code for column in columns for code in column)
        self.find = lru_cache(_REMEMBERED)(self._find)
        self.others = lru_cache(_REMEMBERED)(self._others)
        self.choices = cache(self._choices)
        self.runner_up = cache(self._runner_up)

    def _find(self, level: str, words: Names, scope: Scope = None) -> Place:
        """Look up the name that the first words make, within codes of a wider level or the area."""
        joined = ["".join(words[:n]) for n in range(len(words), 0, -1)]
        known = names.codes_of(level)
        elsewhere: Names = ()
        for key in joined:
            bearers = known.get(key, ())
            codes = tuple(c for c in bearers if self.holds(c, scope))
            if codes:
                longer = joined[: joined.index(key)]
                return self._longer(level, key, longer, codes, scope) or self._exact(
                    key, codes, scope
                )
            elsewhere = elsewhere or bearers
        former = self._former(level, joined, scope)
        if former is not None:
            return former
        if not elsewhere:
            return self._doubled(level, joined, scope) or self._nearest(level, joined, scope)
        near = self._nearest(level, joined, scope)
        seen = near.options + near.candidates
        if scope is None:
            return Place((), seen + elsewhere, near.score, near.margin, "outside")
        return Place((), seen, near.score, near.margin, "conflict")

    def _exact(self, key: str, codes: Names, scope: Scope) -> Place:
        if len(codes) > 1:
            return Place(codes, score=100.0, margin=0.0, reason="ambiguous")
        margin = 100.0 - self.runner_up(codes[0], scope)
        return Place(codes, score=100.0, margin=margin, used=(Used(key, codes[0], 100.0),))

    def _others(self, level: str, words: Names, code: str, scope: Scope) -> Names:
        """Return the places that stand behind a name and share its marker.

        "ตำบลบานา ตันหยงลุโละ" names two, "ตำบลบานา เมือง ปัตตานี" one and what it lies in.
        """
        wider = names.wider_keys(code)
        at = _length(names.codes_of(level), words)
        found: list[str] = []
        while at < len(words):
            taken, codes = self._next(level, words[at:], wider, scope)
            if not codes:
                break
            found += codes
            at += taken
        return tuple(dict.fromkeys(other for other in found if other != code))

    def _next(
        self, level: str, words: Names, wider: frozenset[str], scope: Scope
    ) -> tuple[int, Names]:
        """Return how many words make the next name of the scope, and its codes; none if none do."""
        for n in range(len(words), 0, -1):
            key = "".join(words[:n])
            if key in wider:
                break
            bearers = names.codes_of(level).get(key, ())
            codes = tuple(code for code in bearers if self.holds(code, scope))
            if codes:
                return n, codes
        return 0, ()

    def narrowed(self, words: Names, place: Place) -> Place:
        """Choose between places of one name by the amphoe and province behind it, if they are."""
        ends = range(2, len(words) + 1)
        after = {"".join(words[i:j]) for j in ends for i in range(1, j)}
        told = {code: len(after & names.wider_keys(code)) for code in place.options}
        most = max(told.values(), default=0)
        fitting = tuple(code for code, n in told.items() if n == most)
        return Place(fitting, (), 100.0, 100.0) if most and len(fitting) == 1 else place

    def _longer(
        self, level: str, key: str, longer: list[str], codes: Names, scope: Scope
    ) -> Place | None:
        """Doubt a name whose next words make another: "ตะโละ กาโป" is perhaps ตะโละกาโปร์."""
        from rapidfuzz import fuzz  # as below

        choices = self.choices(level, scope, _script(key)) if longer else ()
        begun = [(k, c) for k, c in choices if k.startswith(key) and c not in codes]
        near = [c for k, c in begun if any(fuzz.ratio(k, words) >= ACCEPT for words in longer)]
        return Place((), (*near, *codes), 100.0, 0.0, "unknown") if near else None

    def _former(self, level: str, joined: list[str], scope: Scope) -> Place | None:
        """Look up a name that the register has given up: its successor, if there is one."""
        for key in joined:
            meant = [f for f in names.former_of(level).get(key, ()) if self.holds(f.code, scope)]
            after = tuple(dict.fromkeys(code for former in meant for code in former.successors))
            if len(after) == 1:
                used = (Used(key, after[0], 100.0),)
                return Place(after, (), 100.0, 100.0, "abolished", used, meant[0].code)
            if after:
                return Place((), after, 100.0, 0.0, "abolished")
        return None

    def _doubled(self, level: str, joined: list[str], scope: Scope) -> Place | None:
        """Look up a name with a letter typed twice, where one name of the scope fits.

        เ typed twice looks like แ, and was folded to it. The score is the mean of the similarity as
        written and of that without doubled letters.
        """
        from rapidfuzz import fuzz  # only misspelt names need it

        known = names.doubled_of(level)
        for key in joined:
            once = single(key)
            fitting = known.get(once, ()) or known.get(once.replace("แ", "เ"), ())
            codes = tuple(c for c in fitting if self.holds(c, scope))
            if len(codes) == 1:
                own = {c: k for k, c in self.choices(level, scope)}[codes[0]]
                score = (fuzz.ratio(key, own) + 100.0) / 2
                margin = score - self.runner_up(codes[0], scope)
                if score >= ACCEPT and margin >= LEAD:
                    used = (Used(key, codes[0], score),)
                    return Place(codes, (), score, margin, "similar", used)
        return None

    def _nearest(self, level: str, joined: list[str], scope: Scope) -> Place:
        """Return the most similar name of the scope, accepted only with a clear lead."""
        from rapidfuzz import fuzz, process  # as above

        choices = self.choices(level, scope, _script(joined[0]))
        if not choices:
            return Place(reason="unknown")
        table = process.cdist(joined, [key for key, _ in choices], scorer=fuzz.ratio)
        scores = table.max(axis=0)
        order = (-scores).argsort(kind="stable")[: MOST_CANDIDATES + 1].tolist()  # ties: by code
        best, first = float(scores[order[0]]), order[0]
        margin = best - float(scores[order[1]]) if len(order) > 1 else best
        if best >= ACCEPT and margin >= LEAD:
            code = choices[first][1]
            used = (Used(joined[int(table[:, first].argmax())], code, best),)
            return Place((code,), (), best, margin, "similar", used)
        near = [choices[i][1] for i in order[:MOST_CANDIDATES] if scores[i] >= WORTH_A_LOOK]
        return Place((), tuple(near), best, margin, "unknown")

    def find_bare(self, words: Names) -> Place:
        """Look up a name that stands alone in its cell, or tambon, amphoe and province in a row."""
        key = "".join(words)
        same = {
            level: tuple(c for c in names.codes_of(level).get(key, ()) if c in self.area)
            for level in LEVELS.values()
        }
        found = same["tambon"] + same["amphoe"]
        if same["province"] and not key.isascii():  # a Thai road, school or hospital may bear it
            return Place((), found + same["province"], 100.0, 0.0, "unknown")
        found += same["province"]
        if found:
            return one_level(found, key)
        joined = names.joined_of(*self.key).get(key, ())
        if joined:
            place = one_level(joined, key)
            return replace(place, used=_chain_used(place.code) if place.code else ())
        if len(words) > 2:
            return self._unmarked(words)
        return self._latin(key)

    def _unmarked(self, words: Names) -> Place:
        """Read a misspelt tambon before an amphoe and a province that are written without marks."""
        province = names.codes_of("province").get(words[-1], ())
        for n in range(1, len(words) - 1):
            key = "".join(words[-1 - n : -1])
            amphoe = tuple(
                c for c in names.codes_of("amphoe").get(key, ()) if c[:2] in province
            )  # fmt: skip
            if amphoe:
                return self.find("tambon", words[: -1 - n], amphoe)
        return Place(reason="unknown")

    def _latin(self, key: str) -> Place:
        """Read a romanised province whose spelling differs between sources."""
        if key.isascii() and key:
            return self._nearest("province", [key], None)
        return Place(reason="unknown")

    def read_code(self, written: str) -> Place | None:
        """Read a code of the register; eight digits are a tambon and a village number."""
        form = _CODE.fullmatch(fold(written).strip())
        if form is None:
            return None
        code = form[1][:6]
        if code in names.all_codes():
            return Place((code,), score=100.0, margin=100.0)
        former = names.former_codes().get(code)
        if former is None:
            return Place(margin=0.0, reason="unknown")
        if len(former.successors) == 1:
            return Place(former.successors, (), 100.0, 100.0, "abolished", former=code)
        return Place((), former.successors, 100.0, 0.0, "abolished", former=code)

    def holds(self, code: str, scope: Scope) -> bool:
        """Tell whether a code lies in the scope, or in the area when there is none."""
        if scope is None:
            return code in self.area or (code[:4] in self.area and code in names.former_codes())
        return any(code.startswith(s) for s in scope)

    def _choices(
        self, level: str, scope: Scope, script: names.Script = "th"
    ) -> tuple[tuple[str, str], ...]:
        """Return key and code of the places of a level inside a scope, in order of code."""
        if scope is None:
            return tuple(pair for pair in names.keys_of(level, script) if pair[1] in self.area)
        within = names.keys_within(level, script)
        found = {pair for s in scope for pair in within.get(s, ())}
        return tuple(sorted(found, key=lambda pair: pair[1]))

    def _runner_up(self, code: str, scope: Scope) -> float:
        """Return how similar the most similar other name of the scope is."""
        from rapidfuzz import fuzz, process  # as above

        choices = self.choices(LEVELS[len(code)], scope)
        others = [key for key, c in choices if c != code]
        own = [key for key, c in choices if c == code]
        if not others or not own:
            return 0.0
        return float(process.cdist(own[:1], others, scorer=fuzz.ratio).max())


def _length(known: Mapping[str, Names], words: Names) -> int:
    """Return how many of the first words make the longest name, all if they make none."""
    lengths = (n for n in range(len(words), 0, -1) if "".join(words[:n]) in known)
    return next(lengths, len(words))


def _script(key: str) -> names.Script:
    return "en" if key.isascii() else "th"


def one_level(found: Names, key: str) -> Place:
    """Return places of one name: the only one, or the widest if it holds the others."""
    ordered = nested(found)
    if not ordered:
        return Place(found, score=100.0, margin=0.0, reason="ambiguous")
    reason: Reason = "nested" if len(ordered) > 1 else ""
    return Place(ordered, (), 100.0, 100.0, reason, (Used(key, ordered[-1], 100.0),))


def _chain_used(code: str) -> tuple[Used, ...]:
    """Return the names that stand in a row in a text without markers."""
    codes = [code[:n] for n in (6, 4, 2) if len(code) >= n]
    return tuple(Used(names.letters_of(name_of(c)), c, 100.0) for c in codes)


@cache
def gazetteer(provinces: Names, amphoe: Names) -> Gazetteer:
    """Return the gazetteer of an area."""
    return Gazetteer(provinces, amphoe)
