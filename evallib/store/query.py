"""SQL over the store: DuckDB in memory sees the tables, and nothing else of the machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evallib.errors import EvallibError, NotFound, SchemaError
from evallib.store.arrow import to_arrow, to_frame
from evallib.store.delta import reading
from evallib.store.read import pinned_rows, read_grown
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    import pandas as pd

    from evallib.store.state import Snapshot

HISTORY = "_history"
LOCKS = (
    "SET threads = 1",  # the order of groups must not hang on the machine
    "SET enable_external_access = false",  # no files, no network, no variables of Python
    "SET python_enable_replacements = false",  # says the last of these once more by its name
    "SET autoinstall_known_extensions = false",
    "SET lock_configuration = true",
)


def run_query(seen: Snapshot, query: str) -> pd.DataFrame:
    """Return the rows of one SELECT over the tables of a store."""
    import duckdb  # costs 0.1 s; most readers ask for tables

    connection = duckdb.connect(":memory:")
    try:
        _register(connection, seen, query)
        for lock in LOCKS:
            connection.execute(lock)
        statements = connection.extract_statements(query)
        if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
            found = ", ".join(s.type.name for s in statements) or "-"
            raise SchemaError("store.sql_read_only", found=found)
        return to_frame(connection.sql(query).to_arrow_table())
    except duckdb.Error as error:
        raise _explained(error, seen, query) from None
    finally:
        connection.close()


def _register(connection: Any, seen: Snapshot, query: str) -> None:
    """Show the query those tables whose names occur in it."""
    named = _words(query)
    pinned = seen.state.tables
    for name, table in tables.tables().items():
        if table.grown:
            for view, newest in ((name, True), (name + HISTORY, False)):
                if view in named:
                    connection.register(view, _rows_of_runs(seen, name, newest=newest))
        elif name in named and name in pinned:
            connection.register(name, pinned_rows(seen, name))


def _rows_of_runs(seen: Snapshot, name: str, *, newest: bool) -> Any:
    return to_arrow(read_grown(seen, name, newest=newest), name)


def _words(query: str) -> set[str]:
    return {word.lower() for word in re.findall(r"\w+", query)}


def _explained(error: Exception, seen: Snapshot, query: str) -> EvallibError:
    """Return what is wrong; DuckDB's errors about values would show values of rows."""
    import duckdb  # costs 0.1 s; most readers ask for tables

    pinned = seen.state.tables
    if not pinned and isinstance(error, duckdb.CatalogException):
        asked = ", ".join(name for name in tables.tables() if name in _words(query))
        return NotFound("store.no_table", table=asked or "-", folder=seen.root)
    about_the_query = (
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.ParserException,
        duckdb.PermissionException,
    )
    if isinstance(error, about_the_query):
        return SchemaError("store.sql_failed", found=str(error).splitlines()[0])
    for name in sorted(pinned.keys() & _words(query)):  # was it the files of a table?
        with reading(name):
            pinned_rows(seen, name).to_table()
    return SchemaError("store.sql_failed", found=type(error).__name__)
