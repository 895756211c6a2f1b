"""The process in which foreign files are opened, with limits of memory, time and disk.

A workbook of 1.5 kB can abort the process that reads it, and a parser is where a hostile file
would take hold. So no file is opened in the process that does the work: a child opens it and hands
back cells. When the child dies or goes beyond a limit, the file is refused and the next file gets a
new child.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import selectors
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.grid import Grid
    from evallib.findings import Finding

MEMORY = 2_000_000_000  # bytes of address space
SECONDS, SECONDS_A_MEGABYTE = 2.0, 1.0  # processor time for one file
WAITING = 2.0  # seconds on the clock beyond that: the child may just begin, or share its processor
MOST_BYTES = 2_000_000_000  # of an answer
FILES_A_CHILD = 2_000  # a child is renewed before what readers leak adds up
_LENGTH = struct.Struct("<Q")
_BLOCK = 1 << 20
_START = "from evallib.clean.child import serve; serve()"


@dataclass(slots=True)
class _Child:
    """A running child, how many files it has read, and the process that started it."""

    process: subprocess.Popen[bytes]
    parent: int
    files: int = 0


_children: list[_Child] = []  # at most one


def read_in_child(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return the grids of a file and what its reader noticed, without opening it here.

    Raises
    ------
    RefusedFile
        Whatever the readers refuse, and ``read.beyond_limits`` when the child ended before it had
        read the file: too much memory or time, or a fault of the reader.
    """
    from evallib.clean.wire import unpack  # brings pyarrow, which `evallib --help` does without

    child = _running()
    allowed = SECONDS + SECONDS_A_MEGABYTE * path.stat().st_size / 1_000_000
    order = json.dumps({"path": os.fspath(path.resolve()), "seconds": allowed})
    try:
        _send(child, order.encode() + b"\n")
        parts = _receive(child, time.monotonic() + allowed + WAITING)
        refused = json.loads(parts[0]).get("refused")
        if refused:
            raise RefusedFile(str(refused[0]), **{str(k): str(v) for k, v in refused[1].items()})
        return unpack(parts)
    except (OSError, EOFError, TimeoutError, ValueError) as failure:
        if isinstance(failure, RefusedFile):
            raise
        close()
        reason = "time" if isinstance(failure, TimeoutError) else "ended"
        raise RefusedFile("read.beyond_limits", found=f"{reason}, {allowed:.0f} s") from None


def close() -> None:
    """End the child, if there is one."""
    while _children:
        child = _children.pop()
        if child.parent != os.getpid():  # it belongs to the process that we were forked from
            continue
        child.process.kill()
        for pipe in (child.process.stdin, child.process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        child.process.wait()


def _running() -> _Child:
    """Return the child of this process, a new one when there is none or it has worked enough."""
    if _children:
        child = _children[0]
        alive = child.parent == os.getpid() and child.process.poll() is None
        if alive and child.files < FILES_A_CHILD:
            child.files += 1
            return child
        close()
    quiet = {
        "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  our own interpreter with our own words
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, **quiet, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    if not _children:
        atexit.register(close)
    _children.append(_Child(process, os.getpid(), 1))
    return _children[0]


def _send(child: _Child, order: bytes) -> None:
    if child.process.stdin is None:
        raise EOFError
    child.process.stdin.write(order)
    child.process.stdin.flush()


def _receive(child: _Child, deadline: float) -> list[bytes]:
    """Return the parts of an answer: their number, then each with its length before it."""
    if child.process.stdout is None:
        raise EOFError
    with selectors.DefaultSelector() as selector:
        selector.register(child.process.stdout, selectors.EVENT_READ)
        source = child.process.stdout.fileno()
        (n_parts,) = _LENGTH.unpack(_exactly(source, _LENGTH.size, selector, deadline))
        parts = []
        for _ in range(n_parts):
            (length,) = _LENGTH.unpack(_exactly(source, _LENGTH.size, selector, deadline))
            if length > MOST_BYTES:
                raise EOFError
            parts.append(bytes(_exactly(source, length, selector, deadline)))
        return parts


def _exactly(
    source: int, length: int, selector: selectors.BaseSelector, deadline: float
) -> bytearray:
    held = bytearray()
    while len(held) < length:
        if not selector.select(max(deadline - time.monotonic(), 0)):
            raise TimeoutError
        block = os.read(source, min(_BLOCK, length - len(held)))
        if not block:
            raise EOFError
        held += block
    return held


def serve() -> None:
    """Read files as ordered on standard input until it ends; runs in the child."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # readers may print
    from evallib.clean.formats import read_grids  # every reader, loaded before memory is limited

    gc.disable()  # a sheet is two million cells without a cycle: looking for one costs a second
    _limit_once()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        _limit_time(float(order["seconds"]))
        _answer(answer, read_grids, Path(order["path"]))


def _answer(answer: BinaryIO, read_grids: object, path: Path) -> None:
    from evallib.clean.wire import pack  # loaded with the readers

    try:
        parts: Sequence[bytes] = pack(*read_grids(path))  # type: ignore[operator]
    except RefusedFile as error:
        told = {name: str(value) for name, value in error.values.items()}
        parts = [json.dumps({"refused": [error.code, told]}).encode()]
    except MemoryError:
        parts = [json.dumps({"refused": ["read.beyond_limits", {"found": "memory"}]}).encode()]
    except Exception as fault:  # of ours, in one file: its kind is told, never its words
        parts = [json.dumps({"refused": ["read.fault", {"found": type(fault).__name__}]}).encode()]
    answer.write(_LENGTH.pack(len(parts)))
    for part in parts:
        answer.write(_LENGTH.pack(len(part)))
        answer.write(part)
    answer.flush()


def _limit_once() -> None:
    """Limit memory, and forbid files and core dumps; where the system has no limits, time alone."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in (("RLIMIT_AS", MEMORY), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0)):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, kind), (limit, limit))


def _limit_time(seconds: float) -> None:
    """Let the system end this process when it has worked that much longer."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))
