"""What a written name may mean, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from evallib.places.codes import LEVELS

if TYPE_CHECKING:
    from evallib.places.parse import Names

MOST_CANDIDATES = 5
WORTH_A_LOOK = 70.0  # similarity below which nobody would see the name that was meant
NO_MATCH = float("nan")
Reason = Literal[
    "", "similar", "abolished", "nested", "whole", "village", "area", "ambiguous", "list",
    "municipality", "conflict", "outside", "unknown",
]  # fmt: skip


class Used(NamedTuple):
    """A name that was looked up: its key as written, the code found, and how alike they are."""

    key: str
    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """What one name may mean.

    ``options`` are the codes that the text says: one, or several when several places bear the
    name. ``candidates`` are codes that it perhaps says. ``score`` and ``margin`` are of the best.
    ``reason`` says why a code is missing, or what is to be known of the code that was accepted.
    ``former`` is the abolished code that was written or meant.
    """

    options: Names = ()
    candidates: Names = ()
    score: float = NO_MATCH
    margin: float = NO_MATCH
    reason: Reason = ""
    used: tuple[Used, ...] = ()
    former: str = ""

    @property
    def code(self) -> str | None:
        """The code, when there is exactly one, or when one of them holds the others."""
        if len(self.options) == 1:
            return self.options[0]
        return self.options[-1] if self.reason == "nested" else None

    @property
    def in_doubt(self) -> bool:
        """Something was named that is not certain, and not far from a name."""
        return self.code is None and (bool(self.options) or self.score >= WORTH_A_LOOK)

    def within(self, other: Place | None) -> Place:
        """Return what agrees with something stated elsewhere; a conflict leaves candidates only."""
        if other is None or not other.options or not self.options:
            return self
        if self.former and lies_in(self.former, other.options):
            return self
        agreeing = tuple(c for c in self.options if lies_in(c, other.options))
        if agreeing == self.options:
            return self
        if agreeing:
            reason = self.reason if len(agreeing) > 1 or self.reason != "ambiguous" else ""
            return replace(self, options=agreeing, reason=reason)
        return Place(candidates=self.options + other.options, reason="conflict")

    def at_most(self, other: Place | None) -> Place:
        """Return the place, no more certain than what it lies in, whose name was read as well."""
        if other is None or other.code is None or not self.options:
            return self
        used = self.used + tuple(u for u in other.used if u not in self.used)
        reason = self.reason or ("similar" if other.reason == "similar" else "")
        if self.score <= other.score and self.margin <= other.margin:
            return replace(self, used=used, reason=reason)
        score, margin = min(self.score, other.score), min(self.margin, other.margin)
        return replace(self, score=score, margin=margin, used=used, reason=reason)

    def row(self) -> tuple[str | None, str | None, float, float, str | None, str]:
        """Return place_code, level, score, margin, candidates and reason."""
        code = self.code
        most = None if self.reason == "list" else MOST_CANDIDATES
        seen = ";".join((self.options or self.candidates)[:most]) or None
        level = LEVELS[len(code)] if code else None
        return code, level, self.score, self.margin, seen, self.reason


def nested(options: Names) -> Names:
    """Return codes from the finest to the one that holds them all, or none if none does.

    Examples
    --------
    >>> nested(("941001", "9410")), nested(("941001", "940101"))
    (('941001', '9410'), ())
    """
    ordered = tuple(sorted(options, key=lambda code: (-len(code), code)))
    widest = ordered[-1] if ordered else ""
    return ordered if all(code.startswith(widest) for code in ordered) else ()


def lies_in(code: str, scope: Names) -> bool:
    """Tell whether a place lies in one of the scope, or holds one of it."""
    return any(code.startswith(s) or s.startswith(code) for s in scope)
