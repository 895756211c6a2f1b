"""Reading: rebuilt tables at the versions that belong together, grown ones at what counts now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from evallib.errors import EvallibError, NotFound, SchemaError
from evallib.store.arrow import arrow_types, sort_rows, to_frame
from evallib.store.conditions import (
    PLACED_BY,
    among,
    check_province,
    choose_columns,
    in_period,
    in_province,
    known_by,
)
from evallib.store.delta import open_rows, reading
from evallib.store.runs import COMMIT, counting_commits, newest_answers
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as ds

    from evallib.periods import FiscalPeriod
    from evallib.store.state import Snapshot


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for; None asks for all."""

    period: str | FiscalPeriod | None = None
    province: str | None = None
    as_of: date | None = None
    columns: Sequence[str] | None = None


def read_table(seen: Snapshot, name: str, wanted: Wanted) -> pd.DataFrame:
    """Return the rows that were asked for, sorted by the key of the table."""
    table = tables.contract(name)
    columns = choose_columns(table, wanted.columns)
    conditions = _conditions(seen, table, wanted)
    if table.grown:
        return read_grown(seen, name, conditions)[columns]
    dataset = pinned_rows(seen, name)
    where = reduce(and_, conditions) if conditions else None
    split = len(list(dataset.get_fragments())) > 1  # files of one table come in no set order
    with reading(name):
        rows = dataset.to_table(columns=table.names if split else columns, filter=where)
    if split:
        rows = sort_rows(rows, table.key or table.names).select(columns)
    return to_frame(rows)


def _conditions(seen: Snapshot, table: tables.Table, wanted: Wanted) -> list[ds.Expression]:
    conditions = []
    if wanted.period is not None:
        conditions.append(in_period(table, wanted.period))
    if wanted.province is not None and table.name in PLACED_BY:
        check_province(wanted.province)
        column, home = PLACED_BY[table.name]
        there = read_table(seen, home, Wanted(province=wanted.province, columns=[column]))
        conditions.append(among(column, there[column]))
    elif wanted.province is not None:
        conditions.append(in_province(table, wanted.province))
    if wanted.as_of is not None:
        conditions.append(known_by(wanted.as_of))
    return conditions


def pinned_rows(seen: Snapshot, name: str) -> ds.Dataset:
    """Return a rebuilt table at the version that the state names.

    Columns that came into the contract later (``Column.later``) are missing in older tables.

    Raises
    ------
    NotFound
        Nothing was ingested.
    SchemaError
        The table was written under another contract.
    EvallibError
        ``store.damaged``: the files cannot be read.
    """
    pin = seen.state.tables.get(name)
    dataset = None if pin is None else open_rows(seen.root / name, pin.version)
    if pin is None:
        raise NotFound("store.no_table", table=name, folder=seen.root)
    if dataset is None:
        raise EvallibError("store.damaged", table=name, found="-")
    types = arrow_types()
    columns = tables.contract(name).columns
    agreed = {c.name: types[c.kind] for c in columns}
    stored = {field.name: field.type for field in dataset.schema}
    gained = {c.name: types[c.kind] for c in columns if c.later and c.name not in stored}
    if agreed != stored | gained:
        differing = sorted(
            column for column in {**agreed, **stored} if agreed.get(column) != stored.get(column)
        )
        raise SchemaError("store.other_contract", table=name, found=", ".join(differing))
    return dataset.replace_schema(_schema(agreed)) if gained else dataset


def _schema(types: Mapping[str, pa.DataType]) -> pa.Schema:
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    return pa.schema(list(types.items()))


def read_grown(
    seen: Snapshot, name: str, conditions: Sequence[ds.Expression] = (), *, newest: bool = True
) -> pd.DataFrame:
    """Return rows of runs: the newest answer to each question, or every run's.

    Raises
    ------
    NotFound
        There is neither an ingest nor a run.
    """
    import pandas as pd  # importing evallib.store costs no pandas

    table = tables.contract(name)
    order = counting_commits(seen.root)
    dataset = open_rows(seen.root / name)
    if not order and not seen.state.tables:
        raise NotFound("store.no_table", table=name, folder=seen.root)
    if dataset is None or not order:
        return tables.empty(name)
    where = reduce(and_, conditions, among(COMMIT, order))
    stored = [c for c in (*table.names, COMMIT) if c in dataset.schema.names]
    with reading(name):
        rows = dataset.to_table(columns=stored, filter=where)
    frame = to_frame(sort_rows(_agreed(rows, table), table.key))
    if newest:
        frame = newest_answers(frame, name, order)
    return pd.DataFrame(frame[table.names]).reset_index(drop=True)


def _agreed(rows: pa.Table, table: tables.Table) -> pa.Table:
    """Add the columns that the contract gained since the rows were written, as missing."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    types = arrow_types()
    for column in table.columns:
        if column.name not in rows.column_names:
            empty = pa.nulls(len(rows), types[column.kind])
            rows = rows.append_column(column.name, empty)
    return rows
