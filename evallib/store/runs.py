"""What runs make: rows are appended, and count once the ledger names their commit.

Appends of several writers never stand in each other's way, and a run that dies half-way leaves
rows that nobody sees. A run committed again is named again: its newest commit counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from evallib.errors import SchemaError
from evallib.store.arrow import conforming, to_arrow
from evallib.store.delta import announced, open_rows, open_table, reading, write_version
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

LEDGER = "_commits"
COMMIT = "_commit"
# Rows that answer one question: of several runs, the newest answers for all of these columns.
QUESTIONS = {
    "effects": ("scope", "fiscal_year", "quarter", "outcome"),
    "alignment": ("scope", "fiscal_year", "quarter", "indicator"),
    "releases": ("run_id",),
    "released_forms": ("set_id",),
    "runs": ("run_id",),
}


def commit(root: Path, frames: Mapping[str, pd.DataFrame], *, run_id: str, as_of: date) -> None:
    """Append what one run made; it counts as a whole from the moment the ledger names it."""
    made = {
        name: to_arrow(_of_run(frames[name], name, run_id, as_of), name)
        for name in grown_names(frames)
    }
    note = {"commit_id": uuid4().hex, "run_id": run_id, "as_of": str(as_of)}
    with announced(root):
        _append(root, made, note)


def _append(root: Path, made: Mapping[str, pa.Table], note: dict[str, str]) -> None:
    """Append the rows of each table, then name their commit in the ledger."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    commit_id, run_id = note["commit_id"], note["run_id"]
    for name, rows in made.items():
        marked = rows.append_column(COMMIT, pa.array([commit_id] * len(rows), pa.string()))
        write_version(root / name, marked, mode="append", note={**note, "rows": str(len(rows))})
    ledger = open_table(root / LEDGER)
    entry = pa.table({
        "commit_id": pa.array([commit_id], pa.string()),
        "run_id": pa.array([run_id], pa.string()),
        "sequence": pa.array([0 if ledger is None else ledger.version() + 1], pa.int64()),
    })  # fmt: skip
    held = json.dumps({name: len(rows) for name, rows in made.items()})
    write_version(root / LEDGER, entry, mode="append", note={**note, "rows": "1", "holds": held})


def grown_names(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the tables that a run appends to, in the order of the contracts.

    Raises
    ------
    NotFound
        A frame has the name of no table.
    SchemaError
        A frame belongs to a table that ingest makes, or there is none.
    """
    rebuilt = [name for name in frames if not tables.contract(name).grown]
    if rebuilt or not frames:
        raise SchemaError("store.rebuilt_table", found=", ".join(rebuilt) or "-")
    return [name for name in tables.tables() if name in frames]


def _of_run(frame: pd.DataFrame, table: str, run_id: str, as_of: date) -> pd.DataFrame:
    """Return the rows of a run in the form of their contract, marked with the run and its date."""
    import pandas as pd  # importing evallib.store costs no pandas

    day = pd.Timestamp(as_of)
    marked = frame.assign(
        run_id=frame.get("run_id", run_id),
        as_of=frame.get("as_of", day),
    )
    accepted = conforming(marked, table)
    if (accepted["run_id"] != run_id).any():
        raise SchemaError("store.other_run", table=table, column="run_id", found=run_id)
    if (accepted["as_of"] != day).any():
        raise SchemaError("store.other_run", table=table, column="as_of", found=as_of)
    return accepted


def counting_commits(root: Path) -> dict[str, int]:
    """Return the newest commit of each run and its place in the order of commits."""
    entries = open_rows(root / LEDGER)
    if entries is None:
        return {}
    with reading(LEDGER):
        rows = entries.to_table().to_pylist()
    newest: dict[str, tuple[int, str]] = {}
    for row in rows:
        place = (row["sequence"], row["commit_id"])
        newest[row["run_id"]] = max(place, newest.get(row["run_id"], place))
    return {commit_id: sequence for sequence, commit_id in newest.values()}


def newest_answers(frame: pd.DataFrame, table: str, order: Mapping[str, int]) -> pd.DataFrame:
    """Keep, for each question, the rows of the one run that answered it last.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows of commits that count, with the hidden column of their commit.
    table : str
        Name of the grown table.
    order : mapping of str to int
        Place of each commit, as ``counting_commits`` returns it.

    Returns
    -------
    pandas.DataFrame, shape (m, k)
        The newest by ``as_of``, then by the order of commits, then by name of the run. All rows
        that the winning run has on the question stay; those of other runs go, also where the
        winner is silent on a detail.
    """
    ranked = frame.assign(_place=frame[COMMIT].map(order).astype("int64"))
    ranked = ranked.sort_values(["as_of", "_place", "run_id"], kind="stable")
    winner = ranked.groupby(list(QUESTIONS[table]), dropna=False)[COMMIT].transform("last")
    return frame.loc[ranked.index[ranked[COMMIT] == winner].sort_values()]
