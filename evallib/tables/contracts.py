"""The column contracts: one a table, from which checks and the data dictionary are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from evallib.errors import NotFound, SchemaError, with_nearest
from evallib.findings import Finding
from evallib.tables.cleaned import CLEANED
from evallib.tables.intake import INTAKE
from evallib.tables.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandera.pandas as pa

Kind = Literal["str", "int", "float", "baht", "date", "bool"]
DTYPES: Mapping[Kind, Any] = {
    "str": "str",
    "int": "Int64",
    "float": "float64",
    "baht": "float64",
    "date": "datetime64[s]",
    "bool": "boolean",
}
CODE_PATTERNS = {
    "province_code": r"^[0-9]{2}\Z",
    "amphoe_code": r"^[0-9]{4}\Z",
    "tambon_code": r"^[0-9]{6}\Z",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract: name, kind, unit, limits, and its words in both languages.

    A ``later`` column of a rebuilt table came after databases had been written without it: there it
    reads as missing until the next ingest.
    """

    name: str
    kind: Kind
    th: str
    en: str
    unit: str = ""
    nullable: bool = True
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    later: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the evaluation database.

    ``key`` names the columns that no two rows share. A ``grown`` table is appended to by each
    run; the others are rebuilt by each ingest.
    """

    name: str
    th: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    grown: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in their order."""
        return [column.name for column in self.columns]


@cache
def tables() -> Mapping[str, Table]:
    """Return every contract by its name.

    Examples
    --------
    >>> tables()["needs"].key
    ('need_id',)
    """
    return {
        name: _read_contract(name, entry) for name, entry in (CLEANED | INTAKE | RESULTS).items()
    }


def _read_contract(name: str, entry: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(*row[:4], **(row[4] if len(row) > 4 else {})) for row in entry["columns"]
    )
    return Table(
        name=name, th=entry["th"], en=entry["en"], key=tuple(entry["key"]), columns=columns,
        grown=entry.get("grown", False),
    )  # fmt: skip


def contract(name: str) -> Table:
    """Return one contract.

    Raises
    ------
    NotFound
        There is no table of that name.
    """
    try:
        return tables()[name]
    except KeyError:
        found = with_nearest(name, tables())
        raise NotFound("tables.unknown", found=found, known=", ".join(tables())) from None


def empty(name: str) -> pd.DataFrame:
    """Return a frame of no rows that meets a contract."""
    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in contract(name).columns})


def conform(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Bring a frame to a contract: order, types, limits and key.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows as cleaning made them; nullable columns may be absent. Not modified.
    name : str
        Name of the contract, such as ``"projects"``.

    Returns
    -------
    accepted : pandas.DataFrame, shape (m, columns of the contract)
        The rows that meet the contract, in the given order, with a fresh index.
    findings : list of Finding
        ``tables.row_refused`` (error), one for each row and column that breaks the contract; such
        rows are left out. ``where`` is ``<table> | <row label> | <column>``.

    Raises
    ------
    SchemaError
        A column that must not be empty is absent, or a column cannot be read as its type.

    Examples
    --------
    >>> accepted, findings = conform(pd.DataFrame({"need_id": ["N1"], "need_text_th": ["น้ำ"],
    ...     "tambon_code": ["9401"]}), "needs")
    >>> len(accepted), findings[0].where
    (0, 'needs | 0 | tambon_code')
    """
    table = contract(name)
    absent = [c.name for c in table.columns if not c.nullable and c.name not in frame]
    if absent:
        raise SchemaError(
            "tables.columns_absent", table=name, absent=", ".join(absent),
            found=", ".join(map(str, frame.columns)) or "-",
        )  # fmt: skip
    typed = pd.DataFrame({c.name: _cast(frame, c, name) for c in table.columns}, index=frame.index)
    typed = typed.reset_index(drop=True)  # labels of a caller may occur twice, positions do not
    broken = _failures(typed, table)
    findings = [
        Finding("tables.row_refused", "error", f"{name} | {frame.index[row]} | {column}", rule)
        for row, column, rule in broken
    ]
    refused = [row for row, _, _ in broken]
    return typed.drop(index=refused).reset_index(drop=True), findings


def _cast(frame: pd.DataFrame, column: Column, table: str) -> pd.Series:
    """Return one column in the dtype of its kind; an absent column is empty."""
    if column.name not in frame:
        return pd.Series(index=frame.index, dtype=DTYPES[column.kind])
    values = frame[column.name]
    try:
        if column.kind == "str":
            return values.astype("object").where(values.notna(), None).astype("str")
        if column.kind == "baht":
            return values.astype("float64").round(2)
        return values.astype(DTYPES[column.kind])
    except (TypeError, ValueError):
        raise SchemaError(
            "tables.wrong_type",
            table=table,
            column=column.name,
            kind=column.kind,
            found=str(values.dtype),
        ) from None  # fmt: skip  (the cause would show values of rows)


def _failures(frame: pd.DataFrame, table: Table) -> list[tuple[int, str, str]]:
    """Return (position of the row, column, rule) for every broken rule, in row order."""
    from pandera.errors import SchemaErrors  # pandera costs half a second to import

    found: list[tuple[int, str, str]] = []
    try:
        schema(table.name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        found = [
            (int(row), str(column), str(rule))
            for row, column, rule in zip(
                cases["index"], cases["column"], cases["check"], strict=True
            )
        ]
    # a row that is refused anyway must not take its double with it
    sound = frame.drop(index=[row for row, _, _ in found])
    if table.key:
        doubled = sound.index[sound.duplicated(list(table.key))]
        found += [(int(row), ", ".join(table.key), "key occurs twice") for row in doubled]
    return sorted(set(found))


@cache
def schema(name: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a contract."""
    import pandera.pandas as pa  # costs half a second to import

    def checks(column: Column) -> list[pa.Check]:
        rules = []
        if column.low is not None:
            rules.append(pa.Check.ge(column.low))
        if column.high is not None:
            rules.append(pa.Check.le(column.high))
        if column.allowed:
            rules.append(pa.Check.isin(list(column.allowed)))
        if column.name in CODE_PATTERNS:
            rules.append(pa.Check.str_matches(CODE_PATTERNS[column.name]))
        return rules

    return pa.DataFrameSchema(
        {c.name: pa.Column(checks=checks(c), nullable=c.nullable) for c in contract(name).columns}
    )
