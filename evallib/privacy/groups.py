"""One group of people: its numbers, what is printed of them, and what that tells a reader."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from evallib.privacy.open_numbers import Linked
from evallib.privacy.rounding import (
    Bounds,
    bounds_of,
    chance,
    first_multiple,
    round_by_chance,
)
from evallib.privacy.told import PEOPLE, Columns, Told, name_of_category, name_of_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HALF = 0.5  # points are brought to whole numbers first


@dataclass(frozen=True, slots=True)
class Group:
    """People of one category: their number, and points of each kind.

    ``forms`` is a digest of all forms of the block: whether somebody is in a category decides its
    chance no more than who.
    """

    table: Columns
    category: tuple[Any, ...]
    forms: str
    numbers: Mapping[str, int]

    def with_others(self, told: Told) -> list[int]:
        """Return the numbers, each kind of points followed by those that were not had."""
        people = self.numbers[PEOPLE]
        found = [people]
        for name, most in told.measures.items():
            found += [self.numbers[name], most * people - self.numbers[name]]
        return found

    def rounded(self, told: Told, salt: int) -> Rounded:
        """Return the numbers rounded by a chance."""
        about = (name_of_table(self.table), name_of_category(self.category))
        people = self.numbers[PEOPLE]
        step, small = told.grain(PEOPLE)
        draw = chance(self.forms, *about, PEOPLE, salt)
        base = round_by_chance(people, draw, step=step, small=small)
        shown = Rounded({PEOPLE: base})
        found = {PEOPLE: base}
        for name, most in told.measures.items() if shown.has_base(told) else ():
            step, small = told.grain(name)
            points = self.numbers[name]
            draw = chance(self.forms, *about, name, salt)
            others, whole = most * people - points, most * base
            scaled = round(points * base / people)
            if points > small and (others <= small or whole - scaled <= small):
                few = others if others <= small else whole - scaled
                found[name] = whole - round_by_chance(few, draw, step=step, small=small)
            else:
                few = points if points <= small else scaled
                found[name] = round_by_chance(few, draw, step=step, small=small)
        return Rounded(found)


@dataclass(frozen=True, slots=True)
class Rounded:
    """The rounded numbers of a group; of points there are none where people may be too few.

    Points are so many as the rounded number of people have: a mean is not moved by how its base was
    rounded. Where few have points, or few have not, these few are rounded as they are.
    """

    numbers: Mapping[str, int]

    @property
    def base(self) -> int:
        """The rounded number of people."""
        return self.numbers[PEOPLE]

    def has_base(self, told: Told) -> bool:
        """Tell whether there are so many people that never both ends are few."""
        step, small = told.grain(PEOPLE)
        return bounds_of(self.base, step=step, small=small).low > 2 * told.threshold

    def reach(self, name: str, told: Told) -> tuple[float, float]:
        """Return between what a number lies; points for the rounded number of people."""
        value, (step, small) = self.numbers[name], told.grain(name)
        known = bounds_of(value, step=step, small=small)
        if name == PEOPLE:
            return known
        whole, top = told.measures[name] * self.base, first_multiple(step, small)
        least = bounds_of(self.base, step=told.grain(PEOPLE)[0], small=told.threshold).low
        end = min(value, whole - value)  # how far from where all have points, or none
        few = bounds_of(end, step=step, small=small).high + HALF
        few = max(few, small * self.base / least)
        if value <= top:
            return 0.0, min(few, whole)
        if end <= top:
            return max(0.0, whole - few), whole
        return value - step + HALF, value + step - HALF

    def is_middling(self, name: str, told: Told) -> bool:
        """Tell whether points show that neither few have them nor few have them not."""
        top = first_multiple(*told.grain(name))
        whole = told.measures[name] * self.base
        return top < self.numbers[name] < whole - top


def linked(groups: Sequence[Group], rounded: Sequence[Rounded], told: Told) -> Linked:
    """Return what a reader knows of the numbers of a block: bounds, and how they hang together.

    Its numbers are those of `Group.with_others`, group by group.
    """
    bounds: list[Bounds] = []
    small: list[int] = []
    equal: list[dict[int, float]] = []
    limits: list[dict[int, float]] = []
    for values in rounded:
        people = len(bounds)
        bounds.append(Bounds(*values.reach(PEOPLE, told)))
        small.append(told.threshold)
        for name, most in told.measures.items():
            at, few = len(bounds), told.grain(name)[1]
            small += [few, few]
            told_of = name in values.numbers
            least = few + 1 if told_of and values.is_middling(name, told) else 0
            bounds += [Bounds(least, inf), Bounds(least, inf)]
            if told_of:
                low, high = (end / values.base for end in values.reach(name, told))
                limits += [{at: 1.0, people: -high}, {at: -1.0, people: low}]
            equal.append({at: 1.0, at + 1: 1.0, people: -float(most)})
    equal += _sums(groups, told)
    return Linked(tuple(bounds), tuple(small), tuple(equal), tuple(limits))


def width(told: Told) -> int:
    """Return how many numbers `Group.with_others` gives."""
    return 1 + 2 * len(told.measures)


def families(groups: Sequence[Group], told: Told) -> list[tuple[int, list[int]]]:
    """Return the position of each group that others add up to, and the positions of these."""
    at = {(group.table, group.category): i for i, group in enumerate(groups)}
    parts: dict[tuple[int, Columns], list[int]] = {}
    for i, group in enumerate(groups):
        for wide in told.wholes[group.table]:
            whole = at[wide, told.lies_in(group.table, group.category, wide)]
            parts.setdefault((whole, group.table), []).append(i)
    return [(whole, members) for (whole, _), members in parts.items()]


def _sums(groups: Sequence[Group], told: Told) -> list[dict[int, float]]:
    """Return which numbers add up to which: of people, and of points of each kind."""
    wide = width(told)
    return [
        {whole * wide + kind: -1.0} | {part * wide + kind: 1.0 for part in parts}
        for whole, parts in families(groups, told)
        for kind in (0, *range(1, wide, 2))
    ]
