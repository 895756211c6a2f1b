"""SQL over the store: DuckDB in memory sees the tables, and nothing else of the machine."""

from __future__ import annotations

import contextlib
import re
import threading
from typing import TYPE_CHECKING, Any

from evallib.errors import EvallibError, NotFound, SchemaError
from evallib.store.arrow import to_arrow, to_frame
from evallib.store.delta import reading
from evallib.store.read import pinned_rows, read_grown
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import pyarrow as pa

    from evallib.store.state import Snapshot

HISTORY = "_history"
SECONDS, MOST_SECONDS = 60.0, 86_400.0  # on the clock; somebody waits for the answer
GIGABYTES, MOST_GIGABYTES = 2.0, 1_000.0
_ROWS_A_BATCH = 100_000
_ROOM_OF_ANSWER = 4  # as a frame an answer takes up to four times its size
_KIND = re.compile("[A-Z][A-Za-z ]+ Error(?=:)")  # what DuckDB's errors begin with
LOCKS = (
    "SET threads = 1",  # the order of groups must not hang on the machine
    "SET temp_directory = ''",  # nothing of a table is laid down elsewhere for want of memory
    "SET enable_external_access = false",  # no files, no network, no variables of Python
    "SET python_enable_replacements = false",  # says the last of these once more by its name
    "SET autoinstall_known_extensions = false",
    "SET lock_configuration = true",
)


def run_query(
    seen: Snapshot, query: str, *, seconds: float = SECONDS, gigabytes: float = GIGABYTES
) -> pd.DataFrame:
    """Return the rows of one SELECT over the tables of a store, within limits."""
    import duckdb  # costs 0.1 s; most readers ask for tables

    if not (0 < seconds <= MOST_SECONDS and 0 < gigabytes <= MOST_GIGABYTES):
        raise SchemaError(
            "store.sql_limits", seconds=f"{MOST_SECONDS:.0f}", gigabytes=f"{MOST_GIGABYTES:.0f}",
            found=f"{seconds}, {gigabytes}",
        )  # fmt: skip
    connection = duckdb.connect(":memory:")
    late = threading.Event()
    try:
        _register(connection, seen, query)
        for lock in (f"SET memory_limit = '{gigabytes * 1e6:.0f}KB'", *LOCKS):
            connection.execute(lock)
        statements = connection.extract_statements(query)
        if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
            found = ", ".join(s.type.name for s in statements) or "-"
            raise SchemaError("store.sql_read_only", found=found)
        with _interrupted_after(seconds, connection, late):
            rows = _fetch(connection, query, int(gigabytes * 1e9 / _ROOM_OF_ANSWER))
        return to_frame(rows)
    except MemoryError:
        raise EvallibError("store.sql_memory", limit=f"{gigabytes:g}") from None
    except duckdb.Error as error:
        if late.is_set():
            raise EvallibError("store.sql_time", limit=f"{seconds:g}") from None
        if isinstance(error, duckdb.OutOfMemoryException):
            raise EvallibError("store.sql_memory", limit=f"{gigabytes:g}") from None
        raise _explained(error, seen, query) from None
    finally:
        connection.close()


@contextlib.contextmanager
def _interrupted_after(seconds: float, connection: Any, late: threading.Event) -> Iterator[None]:
    """Interrupt what a connection does when the time is over."""

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # it must not meet a connection that is closed


def _fetch(connection: Any, query: str, most_bytes: int) -> pa.Table:
    """Return the answer, fetched in batches, for DuckDB does not count what it handed over.

    Raises
    ------
    MemoryError
        It is too large.
    duckdb.Error
        Whatever is wrong with the query; what Arrow tells while rows come shows values of them, so
        that only its kind is kept.
    """
    import duckdb  # costs 0.1 s; most readers ask for tables
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    held = 0
    try:
        reader = connection.sql(query).to_arrow_reader(_ROWS_A_BATCH)
        for batch in reader:
            batches.append(batch)
            held += batch.nbytes
            if held > most_bytes:
                raise MemoryError
        return pa.Table.from_batches(batches, reader.schema)
    except (OSError, RuntimeError, pa.ArrowException) as error:
        kind = _KIND.match(str(error))
        if kind and kind[0] == "Out of Memory Error":
            raise MemoryError from None
        raise duckdb.Error(kind[0] if kind else type(error).__name__) from None


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
    told = str(error) if type(error) is duckdb.Error else type(error).__name__
    return SchemaError("store.sql_failed", found=told)
