"""Store: the evaluation database as people and notebooks meet it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evallib.store import state
from evallib.thai.days import read_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from evallib.periods import FiscalPeriod
    from evallib.store.verification import Verdict


class Store:
    """The evaluation database in one folder of Delta tables.

    Two kinds of tables: those that each ingest rebuilds as one whole (register, needs, indicators),
    and those that each run adds to (effects, alignment, runs). Readers and writers in several
    processes need no server and no lock; what a writer was told is kept stays kept.

    Parameters
    ----------
    path : str or pathlib.Path
        Folder of the database, such as ``data/processed``. Opening it reads nothing.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(folder)
    ...     needs = pd.DataFrame({"need_id": ["N-1"], "need_text_th": ["น้ำประปา"],
    ...         "tambon_code": ["940101"], "province_code": ["94"], "as_of": ["2022-06-24"]})
    ...     changed = store.rebuild({"needs": needs}, run_id="ingest-1", as_of="2022-06-24")
    ...     store.read("needs", province="94", columns=["need_id", "need_text_th"])
      need_id need_text_th
    0     N-1     น้ำประปา
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._state: state.State | None = None

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def snapshot(self) -> Store:
        """Return a store whose ingested tables stay as they are now, whatever is ingested later.

        A report that reads several tables, one after the other, reads them from a snapshot.
        """
        fixed = Store(self.path)
        fixed._state = self._seen().state
        return fixed

    def _seen(self) -> state.Snapshot:
        now = state.read_state(self.path) if self._state is None else self._state
        return state.Snapshot(self.path, now)

    def rebuild(
        self, frames: Mapping[str, pd.DataFrame], *, run_id: str, as_of: str | date
    ) -> list[str]:
        """Replace what ingest made before, as one whole.

        Parameters
        ----------
        frames : mapping of str to pandas.DataFrame
            Rows by name of the table, in the form of their contracts; a rebuilt table that is not
            among them becomes empty. Not modified.
        run_id : str
            Name of the ingest; kept with each version.
        as_of : str or datetime.date
            Date up to which the submissions speak, ISO or as Thai offices write it.

        Returns
        -------
        list of str
            Tables whose rows changed. The others were not written again.

        Raises
        ------
        SchemaError
            A frame breaks its contract, or belongs to a table that runs make.
        NotFound
            A frame has the name of no table.
        EvallibError
            ``store.cannot_write``. The former tables stay as they were.
        """
        from evallib.store.ingests import Ingest, rebuild  # pandas and Arrow come with it

        return rebuild(self.path, frames, Ingest(run_id=run_id, as_of=_day(as_of)))

    def commit(self, frames: Mapping[str, pd.DataFrame], *, run_id: str, as_of: str | date) -> None:
        """Add what one run made, as one whole; again under the same name, in its place.

        Parameters
        ----------
        frames : mapping of str to pandas.DataFrame
            Rows by name of the table: ``effects``, ``alignment``, ``runs``. ``run_id`` and
            ``as_of`` may be absent. Not modified.
        run_id : str
            Name of the run.
        as_of : str or datetime.date
            Date up to which the data of the run speak, ISO or as Thai offices write it.

        Raises
        ------
        SchemaError
            A frame breaks its contract, belongs to a table that ingest makes, or names another run
            or date.
        NotFound
            A frame has the name of no table.
        EvallibError
            ``store.cannot_write``. Nothing of the run counts then.
        """
        from evallib.store.runs import commit  # pandas and Arrow come with it

        commit(self.path, frames, run_id=run_id, as_of=_day(as_of))

    def read(
        self,
        table: str,
        *,
        period: str | FiscalPeriod | None = None,
        province: str | None = None,
        as_of: str | date | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return rows of one table, sorted by its key.

        Parameters
        ----------
        table : str
            Name of a contract, such as ``"projects"``.
        period : str or FiscalPeriod, optional
            ``"2565"`` for the year with all its quarters, ``"2565-Q3"`` for that quarter. A table
            without quarters is filtered by its year, needs by the time over which they were stated.
        province : str, optional
            Two-digit code. Results are filtered by their scope; tables without a place (progress,
            duplicates, votes, links) by the project or need they belong to. A row whose province is
            unknown belongs to none.
        as_of : str or datetime.date, optional
            Keeps what was known on this date. Of results that were restated, the newest known then.
        columns : sequence of str, optional
            Columns to return, in this order; all when absent.

        Returns
        -------
        pandas.DataFrame, shape (n, k)
            dtypes of the contract: ``str``, ``Int64``, ``float64`` (baht too), ``datetime64[s]``,
            ``boolean``.

        Raises
        ------
        NotFound
            There is no table of that name, or nothing was ingested yet.
        SchemaError
            A column, period, province or date cannot be read, or does not apply to the table.

        Notes
        -----
        Of several runs on the same scope, period and outcome (of alignment: indicator), the one
        with the newest ``as_of`` counts, then the one committed last, with all its rows.
        """
        from evallib.store.read import Wanted, read_table  # pandas and Arrow come with it

        day = None if as_of is None else _day(as_of)
        wanted = Wanted(period=period, province=province, as_of=day, columns=columns)
        return read_table(self._seen(), table, wanted)

    def sql(self, query: str, *, seconds: float = 60, gigabytes: float = 2) -> pd.DataFrame:
        """Return the rows of one SELECT over the tables, in DuckDB's dialect.

        Parameters
        ----------
        query : str
            One statement that only reads. ``effects``, ``alignment`` and ``runs`` show what
            ``read`` shows; ``effects_history`` and so on show every run.
        seconds : float, default 60
            Time on the clock after which the query is given up.
        gigabytes : float, default 2
            Memory that the query may take; its answer may have a quarter of that.

        Returns
        -------
        pandas.DataFrame, shape (n, k)
            dtypes as in ``read``.

        Raises
        ------
        SchemaError
            The query writes, reads files, holds several statements, or DuckDB refuses it.
        EvallibError
            ``store.sql_time`` or ``store.sql_memory``: it reached a limit.
        """
        from evallib.store.query import run_query  # pandas, Arrow and DuckDB come with it

        return run_query(self._seen(), query, seconds=seconds, gigabytes=gigabytes)

    def tables(self) -> pd.DataFrame:
        """Return what the store holds: ``name``, ``rows``, ``version``, newest ``as_of``.

        Returns
        -------
        pandas.DataFrame, shape (n, 4)
            One row a table, in the order of the contracts; none where there is no store.
        """
        from evallib.store.overview import list_tables  # pandas and Arrow come with it

        return list_tables(self._seen())

    def history(self, table: str) -> pd.DataFrame:
        """Return the versions of one table, newest first.

        Returns
        -------
        pandas.DataFrame, shape (n, 6)
            ``version``, ``timestamp`` (UTC), ``run_id``, ``as_of``, ``rows`` (held by a rebuilt
            table, added to a grown one) and ``current``: whether readers see it now.

        Raises
        ------
        NotFound
            There is no table of that name.
        """
        from evallib.store.overview import list_versions  # pandas and Arrow come with it

        return list_versions(self._seen(), table)

    def verify(self) -> list[Verdict]:
        """Check all of the database: hashes, contracts, numbers of rows, versions and commits.

        Returns
        -------
        list of Verdict
            ``table``, ``rows``, ``files``, ``unnoted`` (files that an earlier edition wrote without
            a hash) and ``problems``: of the state, of each table and of the ledger of runs.
        """
        from evallib.store.verification import verify  # pandas and Arrow come with it

        return verify(self.path)

    def fingerprint(self) -> str:
        """Return a hash of what ingest put in: equal rows, equal hash. Reads no data."""
        return state.fingerprint_of(self._seen().state)


def _day(written: str | date) -> date:
    return read_day(written, code="store.date_unreadable")
