"""Single Delta tables: write one version, open one version, and say clearly why not."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlparse
from uuid import uuid4

from evallib.drafts import writer_in
from evallib.errors import EvallibError
from evallib.store.state import flush
from evallib.store.sums import check_sums, note_sums
from evallib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    import pyarrow.dataset as ds
    from deltalake import DeltaTable

    from evallib.store.state import Pin

ATTEMPTS = 60
FIRST_WAIT, LONGEST_WAIT = 0.005, 0.25  # seconds between attempts; doubles up to the longest
FILES_WORTH_JOINING = 100
LOG = "_delta_log"
SINGLE_ANSWERS = ("beneficiary_survey", "released_forms")  # a row is what one person said
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
        let this one through. ``store.damaged``: the log is not what it was; a version on top of it
        would hide that.
    """
    from deltalake.exceptions import CommitFailedError  # costs 0.1 s; few callers write

    with writing(folder):
        if (newest := newest_version(folder)) is not None:
            check_sums(folder, log_of(folder, newest))
        for attempt in range(ATTEMPTS):
            try:
                _write(folder, rows, mode, {**note, "evallib": __version__})
                break
            except CommitFailedError:
                if attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2**attempt))
        version = _version_of(folder, "commit_id", note["commit_id"])
        _seal_version(folder, version)
        if folder.name in SINGLE_ANSWERS:
            _close_to_others(folder)
    return version


def _close_to_others(folder: Path) -> None:
    """Let the owner alone read a table; where a system knows no such rights, nothing changes."""
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a draft of another writer
            path.chmod(0o700 if path.is_dir() else 0o600)


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


def _version_of(folder: Path, key: str, value: str) -> int:
    for version, commit in read_commits(folder):
        if commit.get(key) == value:
            return version
    raise EvallibError("store.damaged", table=folder.name, found="commit without a version")


def read_commits(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each version with what is kept about it, newest first.

    Read from the log itself: ``DeltaTable.history`` counts down from the newest version that it
    knew, and numbers its entries wrongly when another writer comes between.
    """
    for version in reversed(versions_of(folder)):
        for action in read_actions(folder, version):
            if "commitInfo" in action:
                yield version, action["commitInfo"]


def read_actions(folder: Path, version: int) -> list[dict[str, Any]]:
    """Return the entries of the log about one version."""
    content = log_file(folder, version).read_text(encoding="utf-8")
    return [json.loads(line) for line in content.splitlines()]


def versions_of(folder: Path) -> list[int]:
    """Return the versions whose log is there, oldest first; none where there is no table."""
    return sorted(int(f.stem) for f in (folder / LOG).glob("*.json") if f.stem.isdigit())


def newest_version(folder: Path) -> int | None:
    """Return the newest version of a table, or None where there is no table."""
    return max(versions_of(folder), default=None)


def log_file(folder: Path, version: int) -> Path:
    """Return the file of the log about one version."""
    return folder / LOG / f"{version:020d}.json"


def checkpoints_of(folder: Path) -> dict[int, Path]:
    """Return the files that sum up the log until a version."""
    files = (folder / LOG).glob("*.checkpoint.parquet")
    return {int(f.name.partition(".")[0]): f for f in files}


def log_of(folder: Path, version: int) -> list[Path]:
    """Return the files of the log on which a version rests: what came after a sum, and the sum."""
    sums = {at: file for at, file in checkpoints_of(folder).items() if at <= version}
    start = max(sums, default=-1)
    after = [log_file(folder, v) for v in versions_of(folder) if start < v <= version]
    return ([sums[start]] if sums else []) + after


def added_files(folder: Path, version: int) -> list[Path]:
    """Return the data files that one version brought."""
    actions = read_actions(folder, version)
    return [folder / unquote(a["add"]["path"]) for a in actions if "add" in a]


def is_intact(folder: Path, pin: Pin) -> bool:
    """Tell whether the files of a rebuilt table are what they were; needs no Arrow.

    Each version of a rebuilt table replaces the one before, so its own files are all it has.
    """
    try:
        check_sums(folder, log_of(folder, pin.version))
        check_sums(folder, files_of(folder, pin.version))
    except (EvallibError, OSError):
        return False
    return True


def files_of(folder: Path, version: int) -> list[Path]:
    """Return the files of one version of a rebuilt table: its log, then its data."""
    log = log_file(folder, version)
    try:
        return [log, *added_files(folder, version)]
    except (OSError, ValueError, KeyError, TypeError):  # a log that cannot be read is not sound
        return [log]


def _seal_version(folder: Path, version: int) -> None:
    """Make sure that a version outlives a loss of power, and that damage to it will be told."""
    written = log_file(folder, version)
    data = added_files(folder, version)
    checkpoint = checkpoints_of(folder).get(version)
    for path in data:
        flush(path)
    for path in (written, written.parent, folder, folder.parent):
        flush(path)
    note_sums(folder, [*data, written, *([checkpoint] if checkpoint else [])])


def open_table(folder: Path, version: int | None = None) -> DeltaTable | None:
    """Return a table at one version, or at the newest; None where there is no table.

    Raises
    ------
    EvallibError
        ``store.damaged``: the log is not what it was when it was written, or has no such version.
    """
    from deltalake import DeltaTable  # costs 0.1 s; a store is often opened and not read

    versions = versions_of(folder)
    if not versions:
        return None
    wanted = versions[-1] if version is None else version
    if wanted not in versions:
        raise EvallibError("store.damaged", table=folder.name, found=f"version {wanted}: –")
    with reading(folder.name):
        check_sums(folder, log_of(folder, wanted))
        return DeltaTable(str(folder), version=wanted)


def open_rows(folder: Path, version: int | None = None) -> ds.Dataset | None:
    """Return the rows of a table as a dataset that is read only as far as it is asked.

    Raises
    ------
    EvallibError
        ``store.damaged``: a file is missing or is not what it was when it was written.
    """
    table = open_table(folder, version)
    if table is None:
        return None
    with reading(folder.name):
        check_sums(folder, data_files(table))
        return table.to_pyarrow_dataset()


def data_files(table: DeltaTable) -> list[Path]:
    """Return the files that hold the rows of an open table."""
    return [Path(unquote(urlparse(uri).path or uri)) for uri in table.file_uris()]


def read_history(folder: Path) -> list[dict[str, Any]]:
    """Return what is kept with each version that evallib wrote, newest first."""
    with reading(folder.name):
        check_sums(folder, [log_file(folder, v) for v in versions_of(folder)])
        found = [commit | {"version": version} for version, commit in read_commits(folder)]
    return [commit for commit in found if "commit_id" in commit]


def join_small_files(folder: Path) -> None:
    """Rewrite a table of many small files as a few: many runs make many appends."""
    from deltalake import CommitProperties  # costs 0.1 s; few callers write
    from deltalake.exceptions import CommitFailedError

    try:
        table = open_table(folder)
        if table is None or len(table.file_uris()) < FILES_WORTH_JOINING:
            return
        check_sums(folder, data_files(table))
    except EvallibError:
        return  # whoever reads the table is told; joined files would hide it
    name = {"join_id": uuid4().hex}
    with writing(folder):
        try:
            table.optimize.compact(commit_properties=CommitProperties(custom_metadata=name))
        except CommitFailedError:
            return  # somebody else is at it, and nothing depends on it
        _seal_version(folder, _version_of(folder, "join_id", name["join_id"]))


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
def announced(root: Path) -> Iterator[None]:
    """Let others see that this process writes in a store; only that may fail here."""
    with ExitStack() as stack:
        with writing(root / "_writer"):
            stack.enter_context(writer_in(root))
        yield


@contextmanager
def reading(table: str) -> Iterator[None]:
    """Turn whatever stops a read into a message in three parts."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read
    from deltalake.exceptions import DeltaError

    try:
        yield
    except EvallibError:
        raise
    except (OSError, DeltaError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        raise EvallibError("store.damaged", table=table, found=_cause(error)) from None


def _cause(error: Exception) -> str:
    """Return the system's own words for an error, never a value out of a table."""
    number = getattr(error, "errno", None)
    if number is None:
        named = _SYSTEM_ERROR.search(str(error))
        number = int(named[1]) if named else None
    return os.strerror(number) if number else type(error).__name__
