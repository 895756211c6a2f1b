"""Tables of counts whose forms are not at hand: all cells and all sums, protected together."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.config import DEFAULT_THRESHOLD
from evallib.errors import DisclosureError
from evallib.privacy.blocks import round_together
from evallib.privacy.rounding import digest
from evallib.privacy.suppression.suppress import check_threshold, checked_counts
from evallib.privacy.told import PEOPLE, Columns, Told
from evallib.thai.text_columns import as_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHORTEST_SECRET = 16  # characters


def round_table(
    table: pd.DataFrame,
    *,
    counts: str,
    rows: str | Sequence[str],
    columns: str | Sequence[str] = (),
    secret: str,
    threshold: int = DEFAULT_THRESHOLD,
) -> pd.DataFrame:
    """Round counts of people and all their sums to tens, so that none gives another away.

    For tables of which several levels or several directions are published: tambons beside their
    amphoe, sex beside age beside both together. `suppress_table` protects one table with its own
    totals only; two such tables of the same people undo each other.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, k)
        One row for each cell. Not modified.
    counts : str
        Column of the number of people, whole numbers of at least 0 without gaps.
    rows : str or sequence of str
        Columns of nested levels, the widest first: amphoe, then tambon.
    columns : str or sequence of str, optional
        Columns of traits by which people are told apart within each level and all together.
    secret : str
        What decides the chances together with the table, 16 characters or more; keep it where
        nobody reads it who reads the tables, and use the same again for the same table.
    threshold : int, default 10
        Numbers up to this stay open, at least 5.

    Returns
    -------
    pandas.DataFrame, shape (cells and sums, levels + traits + 3)
        The key columns, in which a missing value means all; ``value`` (people, a multiple of 10),
        ``low`` and ``high`` (people): between what a reader who knows the rules knows the number
        to lie. For every number up to ``threshold`` all from 0 to ``threshold`` are possible.

    Raises
    ------
    SchemaError
        A column is absent or named twice, a key is missing or a cell double, or a count is not a
        whole number of people.
    DisclosureError
        ``secret`` is too short, ``threshold`` is below 5, or no chance was found that leaves every
        small number open.

    Notes
    -----
    A pair of a narrowest level and traits that has no row is a cell of nobody, and is printed as
    any small number is. Editions of a table that differ by fewer than ``threshold`` people must
    not both be published.

    Examples
    --------
    >>> cells = pd.DataFrame({"amphoe": list("AABB"), "tambon": list("abcd"),
    ...     "people": [41, 6, 38, 27]})
    >>> told = round_table(cells, counts="people", rows=["amphoe", "tambon"],
    ...     secret="only for this example")
    >>> len(told), (told["value"] % 10 == 0).all()
    (7, np.True_)
    """
    check_threshold(threshold)
    if len(secret) < SHORTEST_SECRET:
        raise DisclosureError("privacy.short_secret", needed=SHORTEST_SECRET, found=len(secret))
    levels, traits = tuple(as_names(rows)), tuple(as_names(columns))
    people = checked_counts(table, counts=counts, keys=[*levels, *traits])
    named = {level: _paths(table, levels[: i + 1]) for i, level in enumerate(levels)}
    cells = table[list(traits)].assign(
        **{level: at for level, (at, _) in named.items()}, **{PEOPLE: people}
    )
    places = {level: found for level, (_, found) in named.items()}
    told = _told(cells, places, traits, threshold)
    forms = digest([secret, *map(str, table[[*levels, *traits, counts]].to_numpy().tolist())])
    return _laid_out(round_together(cells, told, "", forms), told, places, traits)


def _paths(table: pd.DataFrame, levels: Columns) -> tuple[list[int], list[tuple[Any, ...]]]:
    """Return for each row the number of its place, and the path to each place from the widest."""
    paths = [tuple(path) for path in table[list(levels)].to_numpy().tolist()]
    places = sorted(set(paths), key=str)
    at = {place: number for number, place in enumerate(places)}
    return [at[path] for path in paths], places


def _told(
    cells: pd.DataFrame,
    places: Mapping[str, list[tuple[Any, ...]]],
    traits: Columns,
    threshold: int,
) -> Told:
    """Return all tables that a table of cells has: each level and everyone, by any traits."""
    levels = tuple(places)
    several = [names for n in range(len(traits) + 1) for names in combinations(traits, n)]
    tables = [
        (*level, *names) for level in ((), *((each,) for each in levels)) for names in several
    ]
    return Told(
        tables={level: tuple(range(len(places[level]))) for level in levels}
        | {trait: tuple(sorted(set(cells[trait]), key=str)) for trait in traits},
        measures={}, threshold=threshold,
        crossings=tuple(table for table in tables if len(table) > 1),
        nested={
            narrow: (wide, _wider_places(places[narrow], places[wide]))
            for wide, narrow in pairwise(levels)
        },
    )  # fmt: skip


def _wider_places(narrow: list[tuple[Any, ...]], wide: list[tuple[Any, ...]]) -> dict[int, int]:
    at = {place: number for number, place in enumerate(wide)}
    return {number: at[path[:-1]] for number, path in enumerate(narrow)}


def _laid_out(
    rounded: pd.DataFrame, told: Told, places: Mapping[str, list[tuple[Any, ...]]], traits: Columns
) -> pd.DataFrame:
    """Return rounded numbers with a column for each key."""
    keys: list[dict[str, Any]] = []
    for table in told.all_tables:
        for category in told.categories(table, ""):
            key: dict[str, Any] = dict.fromkeys((*places, *traits), pd.NA)
            for name, value in zip(table, category, strict=True):
                if name in places:
                    key |= dict(zip(places, places[name][value], strict=False))
                else:
                    key[name] = value
            keys.append(key)
    return pd.concat([pd.DataFrame(keys), rounded[["value", "low", "high"]]], axis=1)
