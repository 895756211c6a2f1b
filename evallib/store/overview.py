"""What the store holds, and how it came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.store.delta import open_table, read_history
from evallib.store.read import read_grown
from evallib.store.runs import counting_commits
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from evallib.store.state import Snapshot


def list_tables(seen: Snapshot) -> pd.DataFrame:
    """Return one row for each table that the store holds."""
    pins = seen.state.tables
    rows: list[tuple[str, int, int, str | None]] = []
    for name, table in tables.tables().items():
        if name in pins:
            pin = pins[name]
            rows.append((name, pin.rows, pin.version, pin.as_of))
        elif table.grown and (stored := open_table(seen.root / name)) is not None:
            frame = read_grown(seen, name, newest=False)
            newest = frame["as_of"].max()
            day = None if pd.isna(newest) else str(newest.date())
            rows.append((name, len(frame), stored.version(), day))
    return _typed(
        pd.DataFrame(rows, columns=["name", "rows", "version", "as_of"]),
        name="str", rows="Int64", version="Int64", as_of="datetime64[s]",
    )  # fmt: skip


def list_versions(seen: Snapshot, name: str) -> pd.DataFrame:
    """Return one row for each version of a table, newest first."""
    table = tables.contract(name)
    pin = seen.state.tables.get(name)
    counting = counting_commits(seen.root) if table.grown else {}

    def is_current(entry: dict[str, Any]) -> bool:
        if table.grown:
            return entry["commit_id"] in counting
        return pin is not None and entry["version"] == pin.version

    rows = [
        (
            entry["version"], pd.Timestamp(entry["timestamp"], unit="ms"), entry["run_id"],
            entry["as_of"], int(entry["rows"]), is_current(entry),
        )
        for entry in read_history(seen.root / name)
    ]  # fmt: skip
    names = ["version", "timestamp", "run_id", "as_of", "rows", "current"]
    return _typed(
        pd.DataFrame(rows, columns=names),
        version="Int64", timestamp="datetime64[s]", run_id="str", as_of="datetime64[s]",
        rows="Int64", current="boolean",
    )  # fmt: skip


def _typed(frame: pd.DataFrame, **dtypes: str) -> pd.DataFrame:
    return frame.astype(dtypes)
