"""Single Delta tables: write one version, open one version, and say clearly why not."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from evallib.errors import EvallibError
from evallib.store.state import flush
from evallib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.dataset as ds
    from deltalake import DeltaTable

ATTEMPTS = 60
FIRST_WAIT, LONGEST_WAIT = 0.005, 0.25  # seconds between attempts; doubles up to the longest
FILES_WORTH_JOINING = 100
CONFIGURATION = {  # readers are pinned to versions: their log and files must not expire
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.checkpointInterval": "10",  # else a commit takes four times as long after a hundred
}
_SYSTEM_ERROR = re.compile(r"(?:os error|code:) (\d+)")


def write_version(
    folder: Path, rows: pa.Table, *, mode: Literal["append", "overwrite"], note: Mapping[str, str]
) -> int:
    """Write one version of a table and return its number once it is on the disk.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the table; made when missing.
    rows : pyarrow.Table, shape (n, k)
        What the version holds, or adds.
    mode : {"append", "overwrite"}
        Whether the rows stand beside those of the version before or in their place.
    note : mapping of str to str
        Kept with the version. ``commit_id`` must be unique: it tells our version from those that
        other writers make at the same moment.

    Raises
    ------
    EvallibError
        ``store.cannot_write``: the folder is read-only, the disk is full, or other writers did not
        let this one through.
    """
    from deltalake.exceptions import CommitFailedError  # costs 0.1 s; few callers write

    with writing(folder):
        for attempt in range(ATTEMPTS):
            try:
                _write(folder, rows, mode, {**note, "evallib": __version__})
                break
            except CommitFailedError:
                if attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2**attempt))
        version = _version_of(folder, note["commit_id"])
        _flush_version(folder, version)
    return version


def _write(folder: Path, rows: pa.Table, mode: Any, note: Mapping[str, str]) -> None:
    from deltalake import (  # costs 0.1 s; few callers write
        CommitProperties,
        DeltaTable,
        PostCommitHookProperties,
        write_deltalake,
    )

    write_deltalake(
        str(folder),
        rows,
        mode=mode,
        schema_mode="merge" if mode == "append" else "overwrite",
        configuration=None if DeltaTable.is_deltatable(str(folder)) else CONFIGURATION,
        commit_properties=CommitProperties(custom_metadata=dict(note)),
        post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
    )


def _version_of(folder: Path, commit_id: str) -> int:
    for version, commit in _commits(folder):
        if commit.get("commit_id") == commit_id:
            return version
    raise EvallibError("store.damaged", table=folder.name, found="commit without a version")


def _commits(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each version with what is kept about it, newest first.

    Read from the log itself: ``DeltaTable.history`` counts down from the newest version that it
    knew, and numbers its entries wrongly when another writer comes between.
    """
    for file in sorted((folder / "_delta_log").glob("*.json"), reverse=True):
        if not file.stem.isdigit():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "commitInfo" in action:
                yield int(file.stem), action["commitInfo"]


def _flush_version(folder: Path, version: int) -> None:
    """Make sure that a version outlives a loss of power: its files, its log, their folders."""
    log = folder / "_delta_log"
    written = log / f"{version:020d}.json"
    entries = map(json.loads, written.read_text(encoding="utf-8").splitlines())
    for path in [folder / e["add"]["path"] for e in entries if "add" in e]:
        flush(path)
    for path in (written, log, folder, folder.parent):
        flush(path)


def open_table(folder: Path, version: int | None = None) -> DeltaTable | None:
    """Return a table at one version, or at the newest; None where there is no table."""
    from deltalake import DeltaTable  # costs 0.1 s; a store is often opened and not read

    if not DeltaTable.is_deltatable(str(folder)):
        return None
    with reading(folder.name):
        return DeltaTable(str(folder), version=version)


def open_rows(folder: Path, version: int | None = None) -> ds.Dataset | None:
    """Return the rows of a table as a dataset that is read only as far as it is asked."""
    table = open_table(folder, version)
    if table is None:
        return None
    with reading(folder.name):
        return table.to_pyarrow_dataset()


def read_history(folder: Path) -> list[dict[str, Any]]:
    """Return what is kept with each version that evallib wrote, newest first."""
    if open_table(folder) is None:
        return []
    with reading(folder.name):
        found = [commit | {"version": version} for version, commit in _commits(folder)]
    return [commit for commit in found if "commit_id" in commit]


def join_small_files(folder: Path) -> None:
    """Rewrite a table of many small files as a few: many runs make many appends."""
    from deltalake.exceptions import CommitFailedError  # costs 0.1 s; few callers write

    table = open_table(folder)
    if table is None or len(table.file_uris()) < FILES_WORTH_JOINING:
        return
    with writing(folder):
        try:
            table.optimize.compact()
        except CommitFailedError:
            return  # somebody else is at it, and nothing depends on it


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn whatever stops a write into a message in three parts."""
    from deltalake.exceptions import DeltaError  # costs 0.1 s; few callers write

    try:
        yield
    except (OSError, DeltaError) as error:
        raise EvallibError(
            "store.cannot_write", folder=folder.parent, table=folder.name, found=_cause(error)
        ) from error


@contextmanager
def reading(table: str) -> Iterator[None]:
    """Turn whatever stops a read into a message in three parts."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read
    from deltalake.exceptions import DeltaError

    try:
        yield
    except (OSError, DeltaError, pa.ArrowInvalid) as error:
        raise EvallibError("store.damaged", table=table, found=_cause(error)) from None


def _cause(error: Exception) -> str:
    """Return the system's own words for an error, never a value out of a table."""
    number = getattr(error, "errno", None)
    if number is None:
        named = _SYSTEM_ERROR.search(str(error))
        number = int(named[1]) if named else None
    return os.strerror(number) if number else type(error).__name__
