"""Which versions of the tables belong together: one small file, replaced in one step.

Read with the standard library alone, so that asking whether anything changed costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evallib.drafts import draft_of
from evallib.errors import EvallibError

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE_FILE = "_state.json"
FORMAT = 1
SUM = "sha256"
KEYS = {"format", "run_id", "as_of", "tables"}
LARGEST = 2**63  # what Delta and Arrow count with


@dataclass(frozen=True, slots=True)
class Pin:
    """The version of one table that readers see, and what it holds."""

    version: int
    rows: int
    content: str
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The versions that one ingest made and that belong together."""

    run_id: str = ""
    as_of: str = ""
    tables: Mapping[str, Pin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A store as it was at one moment: its folder and the versions that belonged together."""

    root: Path
    state: State


def read_state(root: str | Path) -> State:
    """Return the state that readers of a store see; an empty one where there is no store.

    Parameters
    ----------
    root : str or pathlib.Path
        Folder of the store.

    Raises
    ------
    EvallibError
        ``store.damaged``: the file is not a state that this edition of evallib reads.

    Examples
    --------
    >>> read_state("no/such/folder").tables
    {}
    """
    file = Path(root) / STATE_FILE
    try:
        entry = json.loads(file.read_text(encoding="utf-8"))
        noted = entry.pop(SUM, None)
        if entry["format"] != FORMAT:
            raise EvallibError("store.damaged", table=STATE_FILE, found=f"format {entry['format']}")
        if noted not in {None, _sum(entry)} or set(entry) != KEYS:
            raise EvallibError("store.damaged", table=STATE_FILE, found="sha256 ≠")
        tables = {name: _pin(pin) for name, pin in entry["tables"].items()}
        return State(run_id=entry["run_id"], as_of=entry["as_of"], tables=tables)
    except (FileNotFoundError, NotADirectoryError):
        return State()
    except (AttributeError, KeyError, TypeError, ValueError, OSError, RecursionError) as error:
        raise EvallibError("store.damaged", table=STATE_FILE, found=type(error).__name__) from error


def _pin(written: dict[str, Any]) -> Pin:
    """Return a pin whose numbers can be a version and a count; others would fail far from here."""
    pin = Pin(**written)
    numbers = (pin.version, pin.rows)
    if not all(type(n) is int and 0 <= n < LARGEST for n in numbers):
        raise EvallibError("store.damaged", table=STATE_FILE, found="version, rows")
    if not isinstance(pin.content, str) or not isinstance(pin.as_of, str | None):
        raise EvallibError("store.damaged", table=STATE_FILE, found="content, as_of")
    return pin


def _sum(entry: Mapping[str, Any]) -> str:
    """Return the hash of what a state says, however it is laid out."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def write_state(root: str | Path, state: State) -> None:
    """Replace the state: readers see the old one or the new one, never a part of it."""
    folder = Path(root)
    entry = {"format": FORMAT, **asdict(state)}
    text = json.dumps(entry | {SUM: _sum(entry)}, ensure_ascii=False, indent=1, sort_keys=True)
    draft = draft_of(folder / STATE_FILE)
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / STATE_FILE)
    finally:
        draft.unlink(missing_ok=True)
    flush(folder)


def flush(path: Path) -> None:
    """Make the machine write a file or a folder to its disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fingerprint(root: str | Path) -> str:
    """Return a hash of what the last ingest put into the store, without reading the data.

    Equal rows give an equal fingerprint whatever their order and whenever they came. Results of
    runs are not part of it, so a run does not make itself out of date.

    Parameters
    ----------
    root : str or pathlib.Path
        Folder of the store.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> len(fingerprint("no/such/folder"))
    64
    """
    return fingerprint_of(read_state(root))


def fingerprint_of(state: State) -> str:
    """Return the hash of the rows that a state pins."""
    contents = {name: pin.content for name, pin in state.tables.items()}
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
