"""The process in which foreign files are opened, with limits of memory, time and disk.

A workbook of 1.5 kB can abort the process that reads it, and a parser is where a hostile file
would take hold. So no file is opened in the process that does the work: a child opens it and hands
back cells. When the child dies or goes beyond a limit, the file is refused and the next file gets a
new child.

Time is that of the processor and counts from the moment the child says that its readers are loaded,
so that other work on the machine refuses no file. The clock ends only a child that stands still.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.clean.files.grid import Grid
    from evallib.findings import Finding

MEMORY = 2_000_000_000  # bytes of address space
SECONDS, SECONDS_A_MEGABYTE = 4.0, 1.0  # processor time for one file; twice what hostile ones need
STILL = 60.0  # seconds on the clock in which a child neither answers nor works
LOOK = 1.0  # seconds between two looks at a child that is silent
LAST_WORD = 10.0  # seconds until the system says how a child ended whose pipe is closed
MOST_BYTES = 2_000_000_000  # of an answer
FILES_A_CHILD = 2_000  # a child is renewed before what readers leak adds up
_LENGTH = struct.Struct("<Q")
_BLOCK = 1 << 20
_READY = b"\x06"  # acknowledged: the readers are loaded
# How a child ends that is out of time, and one that somebody else ends, as a system does that is
# out of memory; a file beyond our own limit of memory shows as a MemoryError or an abort.
_NOT_OF_THE_FILE = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL", "SIGTERM")
                    if hasattr(signal, name)}  # fmt: skip
_one_at_a_time = threading.RLock()
_START = "from evallib.clean.files.child import serve; serve()"


@dataclass(slots=True)
class _Child:
    """A running child, the process that started it, whether it is ready, and its files so far."""

    process: subprocess.Popen[bytes]
    parent: int
    ready: bool = False
    files: int = 0


_children: list[_Child] = []  # at most one


def read_in_child(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return the grids of a file and what its reader noticed, without opening it here.

    Raises
    ------
    RefusedFile
        Whatever the readers refuse; ``read.beyond_limits`` when the child ended before it had
        read the file: too much memory, or a fault of the reader; ``read.out_of_time`` when it
        took more processor time than a file of that size may, stood still, never began, or was
        ended from outside.
    """
    with _one_at_a_time:  # threads of a process share its child, and answers bear no name
        child = _running()
        try:
            return _ask(child, path)
        except RefusedFile:
            raise
        except BaseException:  # an interrupt leaves an answer in the pipe, which is the next file's
            close()
            raise


def _ask(child: _Child, path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return what the child answers about one file; one that answers nonsense is taken away."""
    from evallib.clean.files.packing import unpack  # brings pyarrow, which a call for help does not

    try:
        size = path.stat().st_size
    except OSError:  # gone since it was looked at
        raise RefusedFile("read.no_file", found=path.name) from None
    allowed = SECONDS + SECONDS_A_MEGABYTE * size / 1_000_000
    order = json.dumps({"path": os.fspath(path.resolve()), "seconds": allowed})
    try:
        _await_ready(child)
        _send(child, order.encode() + b"\n")
        parts = _receive(child, allowed)
        refused = json.loads(parts[0]).get("refused")
        if refused:
            raise RefusedFile(str(refused[0]), **{str(k): str(v) for k, v in refused[1].items()})
        return unpack(parts)
    except (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError) as failure:
        raise _ended(child, failure, allowed) from None


def _ended(child: _Child, failure: Exception, allowed: float) -> RefusedFile:
    """Take a child away that gave no answer, and say why it gave none."""
    if isinstance(failure, (EOFError, BrokenPipeError)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(LAST_WORD)  # its pipe closes before the system says how it ended
    in_vain = isinstance(failure, TimeoutError) or child.process.returncode in _NOT_OF_THE_FILE
    ready = child.ready
    close()
    if in_vain or not ready:
        found = str(failure) if isinstance(failure, TimeoutError) else f"{allowed:.0f} s"
        if not ready and not in_vain:  # no matter of time; installing evallib anew may help
            found = f"reader process ended at its start, exit code {child.process.returncode}"
        return RefusedFile("read.out_of_time", found=found)
    return RefusedFile("read.beyond_limits", found="ended")


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
    _children.append(_Child(process, os.getpid()))
    return _children[0]


def _await_ready(child: _Child) -> None:
    """Wait until the readers are loaded, however long a busy machine takes for it."""
    if not child.ready:
        with _Source(child, None) as source:
            child.ready = source.read(len(_READY)) == _READY
    child.files += 1


def _send(child: _Child, order: bytes) -> None:
    if child.process.stdin is None:
        raise EOFError
    child.process.stdin.write(order)
    child.process.stdin.flush()


def _receive(child: _Child, allowed: float) -> list[bytes]:
    """Return the parts of an answer: their number, then each with its length before it."""
    with _Source(child, allowed) as source:
        (n_parts,) = _LENGTH.unpack(source.read(_LENGTH.size))
        parts = []
        for _ in range(n_parts):
            (length,) = _LENGTH.unpack(source.read(_LENGTH.size))
            if length > MOST_BYTES:
                raise EOFError
            parts.append(bytes(source.read(length)))
        return parts


class _Source:
    """What a child writes, read for as long as it works and within its processor time."""

    def __init__(self, child: _Child, allowed: float | None) -> None:
        if child.process.stdout is None:
            raise EOFError
        self._pipe = child.process.stdout.fileno()
        self._pid = child.process.pid
        self._allowed = allowed
        self._began: float | None = None
        self._worked = 0.0
        self._moved = time.monotonic()
        self._selector = selectors.DefaultSelector()
        self._selector.register(child.process.stdout, selectors.EVENT_READ)

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()

    def read(self, length: int) -> bytearray:
        """Return so many bytes.

        Raises
        ------
        TimeoutError
            The child used up its time, or stood still for `STILL` seconds.
        EOFError
            It ended.
        """
        held = bytearray()
        while len(held) < length:
            if not self._selector.select(LOOK):
                self._look()
                continue
            block = os.read(self._pipe, min(_BLOCK, length - len(held)))
            if not block:
                raise EOFError
            self._moved = time.monotonic()
            held += block
        return held

    def _look(self) -> None:
        """Notice whether a silent child worked since the last look, and for how long in all."""
        worked = _processor_time(self._pid)
        if self._began is None:
            self._began = worked
        if self._allowed is not None and worked - self._began > self._allowed + LOOK:
            raise TimeoutError(f"{self._allowed:.0f} s")
        if worked > self._worked:
            self._worked, self._moved = worked, time.monotonic()
        elif time.monotonic() - self._moved > STILL:
            raise TimeoutError(f"{STILL:.0f} s without work")


def _processor_time(pid: int) -> float:
    """Return the seconds that a process has worked; 0 for one that is gone."""
    import psutil  # only for a file that takes longer than most

    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def serve() -> None:
    """Read files as ordered on standard input until it ends; runs in the child."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # readers may print
    from evallib.clean.files.readers import (
        read_grids,  # every reader, loaded before memory is limited
    )

    gc.disable()  # a sheet is two million cells without a cycle: looking for one costs a second
    _limit_once()
    answer.write(_READY)
    answer.flush()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        _limit_time(float(order["seconds"]))
        _answer(answer, read_grids, Path(order["path"]))


def _answer(answer: BinaryIO, read_grids: object, path: Path) -> None:
    from evallib.clean.files.packing import pack  # loaded with the readers

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
