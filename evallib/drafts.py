"""Files on their way: each bears the mark of who writes it, so that what a dead one left can go."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FORGOTTEN = 86_400.0  # seconds; a file of another machine that is older has no writer any more
_MARK = re.compile(r"\.(\d+)-(\d+)-([0-9a-f]{8})\.part")


@cache
def _mark_of(process: int) -> str:
    return f"{process}-{_begun(process)}-{_machine()}"


def draft_of(file: Path) -> Path:
    """Return the name beside a file under which this thread writes it first.

    It is short, whatever the name of the file: systems allow 255 bytes, of Thai 85 characters.

    Examples
    --------
    >>> draft = draft_of(Path("reports/report.html"))
    >>> draft.parent.name, draft.suffix, draft == draft_of(Path("reports/report.html"))
    ('reports', '.part', True)
    """
    name = f"{file.name} {get_ident()}".encode("utf-8", "surrogatepass")
    return file.with_name(f".{_digest(name)}.{_mark_of(os.getpid())}.part")


def sweep_drafts(folder: Path, pattern: str = ".*.part") -> None:
    """Remove the drafts whose writer is gone; those of others who write now stay.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that is missing holds none.
    pattern : str
        Of their names; ``"**/.*.part"`` looks below, too.
    """
    for draft in list(folder.glob(pattern)):
        if is_left(draft):
            with suppress(OSError):  # somebody else sweeps, or the folder lets nobody
                draft.unlink()


def is_left(draft: Path) -> bool:
    """Tell whether the process that wrote a draft is gone.

    One of another machine, which may share the folder, is gone when nobody touched it for a day.
    """
    marked = _MARK.search(draft.name)
    if marked is None:
        return False
    if marked[3] == _machine():
        return not _is_the_one(int(marked[1]), int(marked[2]))
    try:
        return time.time() - draft.lstat().st_mtime > FORGOTTEN
    except OSError:
        return False


@contextmanager
def writer_in(folder: Path) -> Iterator[None]:
    """Let others see that this process writes in a folder, until it is done or dead."""
    folder.mkdir(parents=True, exist_ok=True)
    sign = folder / f".writer-{os.urandom(4).hex()}.{_mark_of(os.getpid())}.part"
    try:
        sign.touch()
        yield
    finally:
        sign.unlink(missing_ok=True)


def is_written(folder: Path) -> bool:
    """Tell whether any process that lives writes in a folder; signs of the dead are removed."""
    sweep_drafts(folder, ".writer-*.part")
    return any(folder.glob(".writer-*.part"))


def is_running(process: int) -> bool:
    """Tell whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_the_one(process: int, begun: int) -> bool:
    """Tell whether a process runs and is the one that was meant: numbers are given again."""
    if os.name != "posix":
        return process == os.getpid()  # a signal that only asks would end the process there
    return is_running(process) and _begun(process) == begun


def _begun(process: int) -> int:
    """Return when a process began, in the units of the system; 0 where it does not say."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[19])


@cache
def _machine() -> str:
    """Return a mark of the machine and of its space of process numbers: a container has its own."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return _digest(f"{platform.node()} {space}".encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]
