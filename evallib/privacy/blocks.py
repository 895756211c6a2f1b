"""Numbers about the people of a province and quarter: rounded once, held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy.key_columns import require_columns
from evallib.privacy.open_numbers import Linked, given_away
from evallib.privacy.rounding import (
    ENOUGH,
    STEP,
    Bounds,
    bounds_of,
    chance,
    digest,
    first_multiple,
    round_by_chance,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORM = "form"  # column of digests, one a form: see `form_digests`
SAID = "said"  # column of digests of answers alone: see `answer_digests`
BLOCK = ("province_code", "fiscal_year", "quarter")  # people who are asked together
PLACES = ("amphoe_code", "tambon_code")
AMPHOE_DIGITS = 4
PEOPLE, EVERYONE = "people", ""
DRAWS = 100  # chances that are tried before a block is given up
HALF = 0.5  # points are brought to whole numbers first


class Sum(NamedTuple):
    """A rounded number over blocks, and between what a reader knows it to lie."""

    value: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Told:
    """What is told about people.

    Parameters
    ----------
    tables : mapping of str to tuple
        Column by which they are told apart -> all its categories, also those that nobody is in; of
        places those that lie in the province of a block.
    measures : mapping of str to int
        Column of points -> the most that one person can have, at least 1: 1 for yes, 4 for
        answers from 1 to 5 of which 1 has been taken off.
    count : str, optional
        Column of the number of people of a row; a row is one person when left out.
    threshold : int
        Numbers of people up to this must stay open.
    """

    tables: Mapping[str, tuple[Any, ...]]
    measures: Mapping[str, int]
    threshold: int
    count: str | None = None

    def categories(self, table: str, province: str) -> tuple[Any, ...]:
        """Return the categories of a table that people of a province can be in."""
        if table not in PLACES:
            return self.tables[table]
        return tuple(code for code in self.tables[table] if str(code).startswith(province))

    def grain(self, measure: str) -> tuple[int, int]:
        """Return the step of a measure, and up to what it is small."""
        if measure == PEOPLE:
            return STEP, self.threshold
        most = self.measures[measure]
        return ENOUGH * most, self.threshold * most


def round_blocks(rows: pd.DataFrame, told: Told) -> pd.DataFrame:
    """Return the numbers of each block, rounded.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, k)
        With `FORM`, the columns of `BLOCK`, those of the tables and measures, none missing. Chances
        rest on `SAID` where it is there, else on `FORM`. Not modified.
    told : Told

    Returns
    -------
    pandas.DataFrame
        The columns of `BLOCK`, ``table``, ``category``, ``measure``, and as int64 ``value``,
        ``low`` and ``high``, in their order. Everyone of a block is table and category ``""``; the
        measure ``people`` is their number.

    Raises
    ------
    SchemaError
        A column is absent, a form occurs twice, a number is negative or no whole number, or a
        category is none of those that there are.
    DisclosureError
        ``privacy.block_not_safe``: no chance was found that leaves every small number open.
    """
    numbers = [PEOPLE, *told.measures]
    require_columns(rows, [FORM, *BLOCK, *told.tables, *told.measures])
    if rows[FORM].isna().any() or rows[FORM].duplicated().any():
        raise SchemaError("privacy.forms_twice", column=FORM)
    people = 1 if told.count is None else rows[told.count]
    rows = rows.assign(**{PEOPLE: people})
    for name in numbers:
        column = rows[name].astype("float64")
        if column.isna().any() or (column < 0).any() or (column % 1 != 0).any():
            raise SchemaError("privacy.bad_counts", column=name, found=int(column.isna().sum()))
    made = [
        _round_block(part, told, str(block[0])).assign(**_of_block(block))
        for block, part in rows.groupby(list(BLOCK), sort=True)
    ]
    columns = [*BLOCK, "table", "category", "measure", "value", "low", "high"]
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    return pd.concat(made, ignore_index=True)[columns] if made else empty


def _of_block(block: Any) -> dict[str, Any]:
    return dict(zip(BLOCK, block, strict=True))


def _round_block(rows: pd.DataFrame, told: Told, province: str) -> pd.DataFrame:
    """Return the rounded numbers of one block, by the first chance that leaves small ones open."""
    parts: list[tuple[str, Any, pd.DataFrame]] = [(EVERYONE, EVERYONE, rows)]
    for table in told.tables:
        names = told.categories(table, province)
        if not rows[table].isin(names).all():
            raise SchemaError("privacy.unknown_category", column=table)
        parts += [(table, name, rows[rows[table] == name]) for name in names]
    forms = digest(rows[SAID if SAID in rows else FORM])
    groups = [
        Group(table, category, forms,
              {name: int(part[name].sum()) for name in (PEOPLE, *told.measures)})
        for table, category, part in parts
    ]  # fmt: skip
    true = [number for group in groups for number in group.with_others(told)]
    for salt in range(DRAWS):
        rounded = [group.rounded(told, salt) for group in groups]
        if not given_away(linked(groups, rounded, told), true):
            figures = [
                (group.table, group.category, name, value, *values.reach(name, told))
                for group, values in zip(groups, rounded, strict=True)
                for name, value in values.numbers.items()
            ]
            columns = ["table", "category", "measure", "value", "low", "high"]
            return pd.DataFrame(figures, columns=columns)
    raise DisclosureError("privacy.block_not_safe", found=DRAWS)


@dataclass(frozen=True, slots=True)
class Group:
    """People of one category: their number, and points of each kind.

    ``forms`` is a digest of all forms of the block: whether somebody is in a category decides its
    chance no more than who.
    """

    table: str
    category: Any
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
        people = self.numbers[PEOPLE]
        step, small = told.grain(PEOPLE)
        draw = chance(self.forms, self.table, self.category, PEOPLE, salt)
        base = round_by_chance(people, draw, step=step, small=small)
        shown = Rounded({PEOPLE: base})
        found = {PEOPLE: base}
        for name, most in told.measures.items() if shown.has_base(told) else ():
            step, small = told.grain(name)
            points = self.numbers[name]
            draw = chance(self.forms, self.table, self.category, name, salt)
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
    members: dict[tuple[Any, ...], dict[int, float]] = {}
    for group, values in zip(groups, rounded, strict=True):
        people = len(bounds)
        bounds.append(Bounds(*values.reach(PEOPLE, told)))
        small.append(told.threshold)
        places = {PEOPLE: people}
        for name, most in told.measures.items():
            at, few = len(bounds), told.grain(name)[1]
            places[name] = at
            small += [few, few]
            told_of = name in values.numbers
            least = few + 1 if told_of and values.is_middling(name, told) else 0
            bounds += [Bounds(least, inf), Bounds(least, inf)]
            if told_of:
                low, high = (end / values.base for end in values.reach(name, told))
                limits += [{at: 1.0, people: -high}, {at: -1.0, people: low}]
            equal.append({at: 1.0, at + 1: 1.0, people: -float(most)})
        for name, at in places.items():
            for whole, sign in _wholes(group, told):
                members.setdefault((*whole, name), {})[at] = sign
    equal += members.values()
    return Linked(tuple(bounds), tuple(small), tuple(equal), tuple(limits))


def _wholes(group: Group, told: Told) -> list[tuple[tuple[str, Any], float]]:
    """Return the sums in which a group stands: as a part (1) or as the whole (-1).

    Every table adds up to everyone, and the tambons of an amphoe to the amphoe.
    """
    if group.table == EVERYONE:
        return [((table, EVERYONE), -1.0) for table in told.tables]
    found: list[tuple[tuple[str, Any], float]] = [((group.table, EVERYONE), 1.0)]
    amphoe, tambon = PLACES
    if {amphoe, tambon} <= set(told.tables):
        if group.table == amphoe:
            found.append(((tambon, group.category), -1.0))
        elif group.table == tambon:
            found.append(((tambon, str(group.category)[:AMPHOE_DIGITS]), 1.0))
    return found


def sum_blocks(rounded: pd.DataFrame, table: str, category: Any, measure: str) -> tuple[Sum, Sum]:
    """Return one number over all blocks that tell it, and the number of people in these blocks.

    Parameters
    ----------
    rounded : pandas.DataFrame
        As `round_blocks` returns it.
    table, category, measure
        Of the number; a category that nobody is in is nought in every block.
    """
    part = rounded[rounded["table"].eq(table) & rounded["category"].eq(category)]
    number, people = (part[part["measure"] == name] for name in (measure, PEOPLE))
    with_it = people.merge(number[list(BLOCK)], on=list(BLOCK))
    return _sum(number), _sum(with_it)


def _sum(part: pd.DataFrame) -> Sum:
    return Sum(int(part["value"].sum()), float(part["low"].sum()), float(part["high"].sum()))
