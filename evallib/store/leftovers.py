"""What a writer that died left in the database: files that no version names, and their drafts.

Nobody reads them, but they would stay for ever. They may be removed only while nobody writes, as a
file is on the disk before the version that names it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from evallib.drafts import is_written, sweep_drafts
from evallib.errors import EvallibError
from evallib.store.delta import LOG, added_files, checkpoints_of, log_file, versions_of
from evallib.store.state import read_state
from evallib.store.sums import SUMS, is_noted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HINT = "_last_checkpoint"  # Delta's own note of where the log is summed up; needs no sum


def sweep_leftovers(root: Path) -> list[Path]:
    """Remove what writers that are gone left in a store, and return it.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the store; one that is missing stays missing.

    Returns
    -------
    list of pathlib.Path
        Files that were removed. None while another process writes here.
    """
    sweep_drafts(root)
    # First what is there, then who writes, then what is named: a file of a writer that lives is
    # seen with its sign, and one of a writer that was done meanwhile with its version.
    found = {folder: list(_suspects(folder)) for folder in root.glob("*") if folder.is_dir()}
    suspects = {folder: files for folder, files in found.items() if files}
    if not suspects or is_written(root):
        return []
    from evallib.store.runs import LEDGER  # pandas and Arrow come with it; few sweeps find anything
    from evallib.tables.contracts import tables

    removed = []
    for folder in suspects.keys() & {root / name for name in (*tables(), LEDGER)}:
        files, named = suspects[folder], _named(folder)
        for file in files:
            if file not in named:
                with suppress(OSError):  # what cannot be removed does no harm
                    file.unlink()
                    removed.append(file)
    return removed


def _suspects(folder: Path) -> Iterator[Path]:
    """Yield the files of a table that nothing says to be whole."""
    for file in folder.glob("*"):
        if file.is_file() and not is_noted(folder, file):
            yield file
    for file in (folder / SUMS).glob(".*"):
        yield file
    for file in (folder / LOG).glob("*"):
        if file.is_file() and file.name != HINT and not is_noted(folder, file):
            yield file


def _named(folder: Path) -> set[Path]:
    """Return the files that the versions of a table name, and those of its log.

    A log that is damaged may have named anything, so that all files of its table stay.
    """
    versions = versions_of(folder)
    try:
        brought = {f for version in versions for f in added_files(folder, version)}
        lost = versions != list(range(len(versions))) or not (versions or _is_new(folder))
    except (OSError, ValueError, KeyError, TypeError):
        lost = True
    if lost:
        return set(folder.rglob("*"))
    logs = {log_file(folder, version) for version in versions}
    return brought | logs | {*checkpoints_of(folder).values()}


def _is_new(folder: Path) -> bool:
    """Tell whether a table without versions never had one."""
    try:
        return folder.name not in read_state(folder.parent).tables
    except EvallibError:
        return False
