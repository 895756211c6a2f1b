"""No process outlives the run that started it, and what a dead run left is taken away."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import tempfile
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from evallib.drafts import is_running

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKS = 1.0  # seconds between looks, where the end of a parent is not told at once
OWNER = "machine"  # file in a folder of a run: folders for passing files may be shared
_OF_A_RUN = re.compile(r"evallib-(\d+)-.+")


def end_with_parent() -> None:
    """Let this process, and what it started, end as soon as its parent is gone.

    A parent that is killed tells nobody; a worker would wait for ever for its next task.
    """
    if parent_process() is not None:
        Thread(target=_wait_for_the_end, args=(os.getppid(),), daemon=True).start()


def _wait_for_the_end(parent: int) -> None:
    known = parent_process()
    while known is not None and os.getppid() == parent:
        if wait([known.sentinel], timeout=LOOKS):
            break
    for child in children():
        with suppress(OSError):  # it may have ended by itself
            _kill(child)
    os._exit(1)


def children() -> list[int]:
    """Return the processes that this one started, where the system lists them.

    Elsewhere a kernel finds out by itself, within a second or when its cell lets go.
    """
    found: list[int] = []
    for file in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, file.read_text(encoding="ascii").split())
    return found


def _kill(child: int) -> None:
    """End a process; a kernel leads a group, and takes what a notebook started with it."""
    if os.getpgid(child) == child:
        os.killpg(child, signal.SIGKILL)
    else:
        os.kill(child, signal.SIGKILL)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder for passing files that ends with the run, or at the start of the next one."""
    sweep_scratch()
    name = f"evallib-{os.getpid()}-"
    with TemporaryDirectory(prefix=name, ignore_cleanup_errors=True) as folder:
        (Path(folder) / OWNER).write_text(platform.node(), encoding="utf-8")
        yield Path(folder)


def sweep_scratch() -> None:
    """Remove the folders of runs of this user on this machine whose process is gone."""
    if os.name != "posix":
        return  # a signal that only asks would end the process there
    for folder in Path(tempfile.gettempdir()).glob("evallib-*-*"):
        named = _OF_A_RUN.fullmatch(folder.name)
        with suppress(OSError):  # another run may sweep at the same moment
            ours = folder.lstat().st_uid == os.getuid()
            here = (folder / OWNER).read_text(encoding="utf-8") == platform.node()
            if named and ours and here and not is_running(int(named[1])):
                shutil.rmtree(folder)
