"""What is told about people: by which columns they are told apart, and which numbers are sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from evallib.privacy.rounding import ENOUGH, STEP

if TYPE_CHECKING:
    from collections.abc import Mapping

PEOPLE, EVERYONE = "people", ""
PLACES = ("amphoe_code", "tambon_code")
AMPHOE_DIGITS = 4
CROSS = " × "  # between the columns of a crossing, and between its categories

Columns: TypeAlias = tuple[str, ...]  # by which a table tells people apart; () is everyone


@dataclass(frozen=True)
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
    threshold : int
        Numbers of people up to this must stay open.
    count : str, optional
        Column of the number of people of a row; a row is one person when left out.
    crossings : tuple of tuple of str
        Columns of ``tables`` by which people are told apart together.
    nested : mapping of str to (str, mapping)
        Column of ``tables`` -> a wider one, and in which of its categories each category lies.
    """

    tables: Mapping[str, tuple[Any, ...]]
    measures: Mapping[str, int]
    threshold: int
    count: str | None = None
    crossings: tuple[Columns, ...] = ()
    nested: Mapping[str, tuple[str, Mapping[Any, Any]]] = field(default_factory=dict)

    @cached_property
    def all_tables(self) -> tuple[Columns, ...]:
        """Everyone, each column by itself, then the crossings."""
        return ((), *((name,) for name in self.tables), *self.crossings)

    def categories(self, table: Columns, province: str) -> list[tuple[Any, ...]]:
        """Return the categories of a table that people of a province can be in."""
        return list(product(*(self._of_column(name, province) for name in table)))

    def _of_column(self, column: str, province: str) -> tuple[Any, ...]:
        if column not in PLACES:
            return self.tables[column]
        return tuple(code for code in self.tables[column] if str(code).startswith(province))

    def grain(self, measure: str) -> tuple[int, int]:
        """Return the step of a measure, and up to what it is small."""
        if measure == PEOPLE:
            return STEP, self.threshold
        most = self.measures[measure]
        return ENOUGH * most, self.threshold * most

    @cached_property
    def wholes(self) -> Mapping[Columns, tuple[Columns, ...]]:
        """For each table the next wider ones: its numbers add up to theirs."""
        wider = {
            table: [
                each for each in self.all_tables if each != table and self._adds_up(table, each)
            ]
            for table in self.all_tables
        }
        return {
            table: tuple(w for w in found if not any(w in wider[other] for other in found))
            for table, found in wider.items()
        }

    def _adds_up(self, narrow: Columns, wide: Columns) -> bool:
        """Tell whether each category of a table lies in one of a wider table."""
        known, left = set(narrow), list(narrow)
        while left:
            wider, _ = self.nested.get(left.pop(), (None, {}))
            if wider is not None:
                known.add(wider)
                left.append(wider)
        return known.issuperset(wide)

    def lies_in(self, table: Columns, category: tuple[Any, ...], wide: Columns) -> tuple[Any, ...]:
        """Return the category of a wider table in which a category lies.

        Examples
        --------
        >>> told = Told(tables={"amphoe": ("1",), "tambon": ("1a",)}, measures={}, threshold=10,
        ...     nested={"tambon": ("amphoe", {"1a": "1"})})
        >>> told.lies_in(("tambon",), ("1a",), ("amphoe",))
        ('1',)
        """
        known, left = dict(zip(table, category, strict=True)), list(table)
        while left:
            column = left.pop()
            if column in self.nested:
                wider, of = self.nested[column]
                known[wider] = of[known[column]]
                left.append(wider)
        return tuple(known[name] for name in wide)


def nested_places(tables: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """Return how tambons lie in amphoe, where people are told apart by both."""
    amphoe, tambon = PLACES
    if not {amphoe, tambon} <= tables.keys():
        return {}
    return {tambon: (amphoe, {code: str(code)[:AMPHOE_DIGITS] for code in tables[tambon]})}


def name_of_table(columns: Columns) -> str:
    """Return the name by which a table is found: of a crossing, its columns."""
    return CROSS.join(columns)


def name_of_category(category: tuple[Any, ...]) -> Any:
    """Return the name of a category within its table: of a crossing, a text."""
    if len(category) == 1:
        return category[0]
    return CROSS.join(map(str, category))
