"""Frames to Arrow and back: the kinds of the contracts as they lie in the Delta tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import SchemaError
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

LARGEST_BAHT = 2.0**46  # up to here a float tells every satang from the next


def arrow_types() -> dict[str, pa.DataType]:
    """Return the Arrow type of each kind of column."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    return {
        "str": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "baht": pa.decimal128(18, 2),
        "date": pa.date32(),
        "bool": pa.bool_(),
    }


def conforming(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a frame in the form of its contract; the database holds no other rows.

    Raises
    ------
    SchemaError
        A row breaks the contract.
    """
    accepted, findings = tables.conform(frame, table)
    if findings:
        raise SchemaError(
            "store.rows_refused", table=table, n=len(frame) - len(accepted),
            where=findings[0].where, rule=findings[0].value,
        )  # fmt: skip
    return accepted


def to_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    """Return a frame that meets a contract as an Arrow table, sorted so that equal rows are equal.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, columns of the contract)
        Rows as ``evallib.tables.conform`` returns them.
    table : str
        Name of the contract.

    Returns
    -------
    pyarrow.Table, shape (n, columns of the contract)
        Sorted by the key, else by all columns; missing values are null.

    Raises
    ------
    SchemaError
        An amount is too large to be kept to the satang, or a date has a time of day.
    """
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    agreed = tables.contract(table)
    types = arrow_types()
    fields = [pa.field(c.name, types[c.kind]) for c in agreed.columns]
    arrays = [_to_array(frame[c.name], c, table) for c in agreed.columns]
    made = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    return sort_rows(made, agreed.key or agreed.names)


def sort_rows(rows: pa.Table, by: Sequence[str]) -> pa.Table:
    """Return rows sorted by some columns and then by the others: the order is the rows' own."""
    others = [name for name in rows.column_names if name not in by]
    return rows.sort_by([(name, "ascending") for name in (*by, *others)]).combine_chunks()


def _to_array(values: pd.Series, column: tables.Column, table: str) -> pa.Array:
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    if column.kind == "baht":
        return _to_decimals(values, column.name, table)
    if column.kind == "date":
        if (values.notna() & (values != values.dt.normalize())).any():
            raise SchemaError("store.time_of_day", table=table, column=column.name)
        return pa.array(values, pa.timestamp("s"), from_pandas=True).cast(pa.date32())
    array = pa.array(values, arrow_types()[column.kind], from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _to_decimals(values: pd.Series, column: str, table: str) -> pa.Array:
    """Return baht as decimals; up to the largest amount the nearest decimal is the one meant."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    if (values.abs() > LARGEST_BAHT).any():
        raise SchemaError(
            "store.amount_too_large", table=table, column=column, limit=f"{LARGEST_BAHT:,.0f}"
        )
    return pa.array(values.round(2), pa.float64(), from_pandas=True).cast(arrow_types()["baht"])


def to_frame(rows: pa.Table) -> pd.DataFrame:
    """Return an Arrow table as a frame of the dtypes that contracts use.

    Parameters
    ----------
    rows : pyarrow.Table, shape (n, k)
        Columns as ``to_arrow`` or a query made them.

    Returns
    -------
    pandas.DataFrame, shape (n, k)
        ``str``, ``Int64``, ``float64`` (also for decimals), ``datetime64[s]`` and ``boolean``.
    """
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    dtypes = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    plain = pa.Table.from_arrays([_plain(c) for c in rows.columns], names=rows.column_names)
    frame: pd.DataFrame = plain.to_pandas(types_mapper=dtypes.get)
    return frame


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column in a type that pandas holds exactly."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    kind = column.type
    if pa.types.is_decimal(kind):
        if kind.scale == 0:
            return column.cast(pa.int64())
        # a cast to float64 multiplies by 0.01, which is off by one bit; text is read exactly
        return column.cast(pa.string()).cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("s"))
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return column.cast(pa.int64())
    return column


def content_hash(rows: pa.Table) -> str:
    """Return a hash of the names, types and values of an Arrow table, in its order of rows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> one, other = pa.table({"a": [1, None]}), pa.table({"a": [None, 1]})
    >>> content_hash(one) == content_hash(one.slice(0)), content_hash(one) == content_hash(other)
    (True, False)
    """
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read
    import pyarrow.compute as pc

    digest = hashlib.sha256()
    for field, column in zip(rows.schema, rows.columns, strict=True):
        digest.update(f"{field.name}\0{field.type}\0{len(column)}\0".encode())
        digest.update(pc.is_null(column).cast(pa.uint8()).to_numpy().tobytes())
        texts = column.cast(pa.string()).fill_null("")
        digest.update(pc.binary_length(texts).to_numpy().astype("<i4").tobytes())
        digest.update("".join(texts.to_pylist()).encode())
    return digest.hexdigest()
