"""Which rows a reader asked for: period, province and date, as conditions on stored columns."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from evallib.errors import SchemaError
from evallib.periods import as_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import pyarrow.dataset as ds

    from evallib.periods import FiscalPeriod
    from evallib.tables import Table

# Tables without a place of their own lie where another table says.
PLACED_BY = {
    "project_duplicates": ("project_uid", "projects"),
    "project_parts": ("project_uid", "projects"),
    "project_progress": ("project_uid", "projects"),
    "need_votes": ("need_id", "needs"),
    "need_project_links": ("need_id", "needs"),
}
_PROVINCE = re.compile(r"[0-9]{2}")


def choose_columns(table: Table, columns: Sequence[str] | None) -> list[str]:
    """Return the columns to read, all when none are named.

    Raises
    ------
    SchemaError
        A name is not a column of the table; the message offers the nearest names.
    """
    if columns is None:
        return table.names
    wanted = [columns] if isinstance(columns, str) else list(columns)
    unknown = [name for name in wanted if name not in table.names]
    if unknown or not wanted:
        near = [n for name in unknown for n in get_close_matches(str(name), table.names, n=3)]
        raise SchemaError(
            "store.unknown_column", table=table.name, found=", ".join(map(str, unknown)) or "-",
            known=", ".join(near or table.names),
        )  # fmt: skip
    return wanted


def in_period(table: Table, period: str | FiscalPeriod) -> ds.Expression:
    """Return the condition that a row belongs to a fiscal year or a quarter.

    A need belongs to every period from the one in which it was first stated to the last.

    Raises
    ------
    SchemaError
        The period cannot be read, or the table knows no periods.
    """
    import pyarrow.compute as pc  # costs 0.1 s; a store is often opened and not read
    import pyarrow.dataset as ds

    wanted = as_period(period)
    if "fiscal_year" in table.names:
        condition = ds.field("fiscal_year") == wanted.fiscal_year
        if wanted.quarter and "quarter" in table.names:
            condition &= ds.field("quarter") == wanted.quarter
        return condition
    if "first_stated" in table.names:
        first, last = str(wanted.quarters[0]), str(wanted.quarters[-1])
        until = pc.coalesce(ds.field("last_stated"), ds.field("first_stated"))
        return (ds.field("first_stated") <= last) & (until >= first)
    raise SchemaError("store.no_filter", table=table.name, filter="period")


def in_province(table: Table, province: str) -> ds.Expression:
    """Return the condition that a row lies in a province.

    Raises
    ------
    SchemaError
        The code has not two digits, or the table knows no places.
    """
    import pyarrow.compute as pc  # costs 0.1 s; a store is often opened and not read
    import pyarrow.dataset as ds

    check_province(province)
    if "province_code" in table.names:
        return ds.field("province_code") == province
    for column in ("scope", "tambon_code"):
        if column in table.names:
            return pc.starts_with(ds.field(column), pattern=province)
    raise SchemaError("store.no_filter", table=table.name, filter="province")


def check_province(province: str) -> None:
    """Refuse what is not a two-digit code.

    Raises
    ------
    SchemaError
        The code has another form.
    """
    if not isinstance(province, str) or not _PROVINCE.fullmatch(province):
        raise SchemaError("store.province_code", found=repr(province))


def known_by(day: date) -> ds.Expression:
    """Return the condition that a row was known on a date; a row without a date was not."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read
    import pyarrow.dataset as ds

    return ds.field("as_of") <= pa.scalar(day, pa.date32())


def among(column: str, values: Iterable[str]) -> ds.Expression:
    """Return the condition that a column holds one of some values."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read
    import pyarrow.dataset as ds

    return ds.field(column).isin(pa.array(list(values), pa.string()))
