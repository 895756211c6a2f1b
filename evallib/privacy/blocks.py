"""Numbers about the people of a province and quarter: rounded once, held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy.groups import Group, Rounded, families, linked, width
from evallib.privacy.key_columns import require_columns
from evallib.privacy.open_numbers import given_away
from evallib.privacy.rounding import digest
from evallib.privacy.told import PEOPLE, Columns, Told, name_of_category, name_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORM = "form"  # column of digests, one a form: see `form_digests`
SAID = "said"  # column of digests of answers alone: see `answer_digests`
BLOCK = ("province_code", "fiscal_year", "quarter")  # people who are asked together
DIGEST = "[0-9a-f]{32,}"  # who can guess how forms are called can work chances out
DRAWS = 100  # chances that are tried before a block is given up


class Sum(NamedTuple):
    """A rounded number over blocks, and between what a reader knows it to lie."""

    value: int
    low: float
    high: float


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
    if not rows[FORM].astype("str").str.fullmatch(DIGEST).all():
        raise SchemaError("privacy.form_names", column=FORM)
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
    """Return the rounded numbers of one block, by the first chances that leave small ones open."""
    for table in told.tables:
        if not rows[table].isin([name for (name,) in told.categories((table,), province)]).all():
            raise SchemaError("privacy.unknown_category", column=table)
    return round_together(rows, told, province, digest(rows[SAID if SAID in rows else FORM]))


def round_together(rows: pd.DataFrame, told: Told, province: str, forms: str) -> pd.DataFrame:
    """Return the rounded numbers of people who are counted together.

    Parameters
    ----------
    rows : pandas.DataFrame
        With the columns of the tables, ``people`` and the measures.
    told : Told
    province : str
        Where places lie; any text when people are not told apart by places.
    forms : str
        What decides the chances, see `evallib.privacy.rounding.chance`.

    Raises
    ------
    DisclosureError
        ``privacy.block_not_safe``
    """
    groups = [
        Group(table, category, forms, numbers)
        for table in told.all_tables
        for category, numbers in _count(rows, table, told, province)
    ]
    rounded = _round_groups(groups, told)
    figures = [
        (name_of_table(group.table), name_of_category(group.category), name, value,
         *values.reach(name, told))
        for group, values in zip(groups, rounded, strict=True)
        for name, value in values.numbers.items()
    ]  # fmt: skip
    return pd.DataFrame(figures, columns=["table", "category", "measure", "value", "low", "high"])


def _count(
    rows: pd.DataFrame, table: Columns, told: Told, province: str
) -> Iterator[tuple[tuple[Any, ...], dict[str, int]]]:
    """Yield each category of a table with its number of people and its points."""
    names = [PEOPLE, *told.measures]
    if not table:
        yield (), {name: int(rows[name].sum()) for name in names}
        return
    sums = rows.groupby(list(table), observed=True)[names].sum()
    counted = {
        key if isinstance(key, tuple) else (key,): dict(zip(names, map(int, found), strict=True))
        for key, found in zip(sums.index, sums.to_numpy().tolist(), strict=True)
    }
    nobody = dict.fromkeys(names, 0)
    for category in told.categories(table, province):
        yield category, counted.get(category, nobody)


def _round_groups(groups: Sequence[Group], told: Told) -> list[Rounded]:
    """Return the numbers of all groups; those by which a small one is given away are drawn again.

    Raises
    ------
    DisclosureError
        ``privacy.block_not_safe``
    """
    true = [number for group in groups for number in group.with_others(told)]
    salts = [0] * len(groups)
    near = _relatives(groups, told)
    for draw in range(1, DRAWS + 1):
        rounded = [group.rounded(told, salt) for group, salt in zip(groups, salts, strict=True)]
        closed = given_away(linked(groups, rounded, told), true)
        if not closed:
            return rounded
        for at in sorted({other for number in closed for other in near[number // width(told)]}):
            salts[at] = draw
    raise DisclosureError("privacy.block_not_safe", found=DRAWS)


def _relatives(groups: Sequence[Group], told: Told) -> list[set[int]]:
    """Return for each group those with which it adds up, itself among them."""
    near: list[set[int]] = [{at} for at in range(len(groups))]
    for whole, parts in families(groups, told):
        for at in (whole, *parts):
            near[at] |= {whole, *parts}
    return near


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
