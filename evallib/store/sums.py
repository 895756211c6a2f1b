"""What each file of a table was when it was written: a sha256 beside it, checked before reading.

The files of a Delta table never change once they are written, so a sum is written once. It stands
in a file of its own: writers need no lock, and a damaged sum is told as surely as a damaged file.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from evallib.drafts import draft_of
from evallib.errors import EvallibError
from evallib.store.state import flush

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SUMS = "_sums"
ENDING = ".sha256"
DIFFERS, MISSING = "sha256 ≠", "–"


def note_sums(folder: Path, files: Iterable[Path]) -> None:
    """Write the sums of files of a table; whoever reads meanwhile sees a whole sum or none."""
    place = folder / SUMS
    place.mkdir(exist_ok=True)
    for file in files:
        draft = draft_of(place / file.name)
        draft.write_text(f"{_sum(file)}\n", encoding="ascii")
        flush(draft)
        draft.replace(place / f"{file.name}{ENDING}")
    flush(place)


def is_noted(folder: Path, file: Path) -> bool:
    """Tell whether a file has a sum; those that earlier editions of evallib wrote have none."""
    return (folder / SUMS / f"{file.name}{ENDING}").is_file()


def noted_names(folder: Path) -> list[str]:
    """Return the names of the files of a table that have a sum, sorted."""
    return sorted(f.name.removesuffix(ENDING) for f in (folder / SUMS).glob(f"*{ENDING}"))


def damage(folder: Path, file: Path) -> str:
    """Return what is wrong with a file of a table, or nothing; one without a sum is believed."""
    if not file.is_file():
        return f"{file.name}: {MISSING}"
    try:
        noted = (folder / SUMS / f"{file.name}{ENDING}").read_bytes()
    except FileNotFoundError:
        return ""
    return "" if noted == f"{_sum(file)}\n".encode() else f"{file.name}: {DIFFERS}"


def check_sums(folder: Path, files: Iterable[Path]) -> None:
    """Refuse a file that is not what it was when it was written.

    Raises
    ------
    EvallibError
        ``store.damaged``: a file is missing or differs from its sum.
    """
    for file in files:
        if wrong := damage(folder, file):
            raise EvallibError("store.damaged", table=folder.name, found=wrong)


def _sum(file: Path) -> str:
    known = file.stat()
    return _sum_of(str(file), known.st_size, known.st_mtime_ns)


@lru_cache(maxsize=100_000)
def _sum_of(path: str, _size: int, _changed: int) -> str:
    """Return the sha256 of a file; one that looks untouched is read once in a process."""
    with open(path, "rb") as stream:  # noqa: PTH123  a text is the key of the cache
        return hashlib.file_digest(stream, "sha256").hexdigest()
