"""What an ingest makes: every table that is not grown, replaced as one whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from evallib.errors import EvallibError, SchemaError
from evallib.store.arrow import conforming, content_hash, to_arrow
from evallib.store.delta import (
    LOG,
    announced,
    files_of,
    is_intact,
    join_small_files,
    log_of,
    newest_version,
    write_version,
    writing,
)
from evallib.store.runs import LEDGER
from evallib.store.state import Pin, State, read_state, write_state
from evallib.store.sums import check_sums, is_noted, noted_names
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Ingest:
    """Name and date of one ingest, as they are kept with every version."""

    run_id: str
    as_of: date


def rebuild(root: Path, frames: Mapping[str, pd.DataFrame], ingest: Ingest) -> list[str]:
    """Replace what ingest made before; return the tables that changed.

    New versions are written beside the old ones, and only then does the state name them. Whoever
    reads meanwhile, or after a failure on the way, sees all of the former tables.
    """
    made = {name: _check(frames, name) for name in rebuilt_names(frames)}
    with announced(root):
        changed = _replace(root, made, ingest)
        for name in [n for n, table in tables.tables().items() if table.grown] + [LEDGER]:
            join_small_files(root / name)
    return changed


def _replace(root: Path, made: Mapping[str, pa.Table], ingest: Ingest) -> list[str]:
    """Write the tables that differ, then the state; return the names of these tables."""
    former = _former(root)
    pins, changed = {}, []
    for name, rows in made.items():
        content, pin = content_hash(rows), former.get(name)
        if pin is None or pin.content != content or not _is_sound(root / name, pin):
            pin = _write(root / name, rows, content, ingest)
            changed.append(name)
        pins[name] = pin
    with writing(root / "_state"):
        write_state(root, State(run_id=ingest.run_id, as_of=str(ingest.as_of), tables=pins))
    return changed


def rebuilt_names(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the tables that an ingest replaces, in the order of the contracts.

    Raises
    ------
    NotFound
        A frame has the name of no table.
    SchemaError
        A frame belongs to a table that runs make.
    """
    grown = [name for name in frames if tables.contract(name).grown]
    if grown:
        raise SchemaError("store.grown_table", found=", ".join(grown))
    return [name for name, table in tables.tables().items() if not table.grown]


def _former(root: Path) -> Mapping[str, Pin]:
    """Return the former pins; a state that cannot be read is made anew, which is its remedy."""
    try:
        return read_state(root).tables
    except EvallibError:
        return {}


def _is_sound(folder: Path, pin: Pin) -> bool:
    """Tell whether a version is whole and has its sums; one of earlier editions gains them."""
    files = files_of(folder, pin.version)
    return is_intact(folder, pin) and all(is_noted(folder, file) for file in files)


def _check(frames: Mapping[str, pd.DataFrame], name: str) -> pa.Table:
    """Return the rows of one table; one that ingest did not make is empty."""
    frame = conforming(frames[name], name) if name in frames else tables.empty(name)
    return to_arrow(frame, name)


def _write(folder: Path, rows: pa.Table, content: str, ingest: Ingest) -> Pin:
    note = {
        "commit_id": uuid4().hex, "run_id": ingest.run_id, "as_of": str(ingest.as_of),
        "rows": str(len(rows)), "content": content,
    }  # fmt: skip
    with writing(folder):
        _put_damaged_aside(folder)
    version = write_version(folder, rows, mode="overwrite", note=note)
    return Pin(version=version, rows=len(rows), content=content, as_of=_newest_day(rows))


def _put_damaged_aside(folder: Path) -> None:
    """Make place for a new table where the log of the old one is lost or damaged.

    It is kept under another name: nobody can build on such a log, but a person may want its rows.
    """
    newest = newest_version(folder)
    lost = [n for n in noted_names(folder) if n.endswith(".json") and not _log(folder, n).is_file()]
    try:
        check_sums(folder, [] if newest is None else log_of(folder, newest))
    except EvallibError:
        lost.append("-")
    if lost:
        folder.rename(folder.with_name(f"_damaged-{folder.name}-{uuid4().hex[:8]}"))


def _log(folder: Path, name: str) -> Path:
    return folder / LOG / name


def _newest_day(rows: pa.Table) -> str | None:
    import pyarrow.compute as pc  # costs 0.1 s; a store is often opened and not read

    newest = pc.max(rows["as_of"]).as_py()
    return str(newest) if newest else None
