"""The kernel of one job under watch: which cell runs, for how long, and what is left of it."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KERNELS = "kernels"  # folder of empty files, each named by the process of a kernel that runs


class Watch:
    """What is known of a kernel while its notebook runs.

    Parameters
    ----------
    scratch : pathlib.Path
        Folder of the run, where a kernel is noted for whoever outlives this process.
    seconds : int
        Time for the whole notebook.
    """

    def __init__(self, scratch: Path, seconds: int) -> None:
        self.noted = scratch / KERNELS
        self.seconds = seconds
        self.cell, self.began, self.over = 0, 0.0, False
        self.kernels: set[int] = set()

    def note(self, cell_index: int, **_: Any) -> None:
        """Note that a cell begins; the engine calls this."""
        self.cell, self.began = cell_index, time.monotonic()

    def ran(self) -> float:
        """Return for how many seconds the cell has been running."""
        return time.monotonic() - self.began

    def manager(self) -> type[Any]:
        """Return the class that starts a kernel and notes its process at once."""
        from jupyter_client.manager import AsyncKernelManager  # comes with the notebook machinery

        watch = self

        class Noted(AsyncKernelManager):
            async def _async_launch_kernel(self, kernel_cmd: list[str], **rest: Any) -> None:
                await super()._async_launch_kernel(kernel_cmd, **rest)
                watch.note_kernel(getattr(self.provisioner, "pid", None))

            _launch_kernel = _async_launch_kernel

        return Noted

    def note_kernel(self, process: int | None) -> None:
        """Note the process of a kernel, here and for others."""
        if process is None:  # a machinery of kernels on other machines
            return
        self.kernels.add(process)
        self.noted.mkdir(exist_ok=True)
        (self.noted / str(process)).touch()
        if self.over:
            end_group(process)

    def _end(self) -> None:
        self.over = True
        for kernel in list(self.kernels):
            end_group(kernel)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """End the kernel when the time is up, and afterwards what a notebook left running."""
        alarm = Timer(self.seconds, self._end)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            for kernel in self.kernels:
                end_group(kernel)
                (self.noted / str(kernel)).unlink(missing_ok=True)


def end_group(leader: int) -> None:
    """End a kernel and, where processes have groups, all that its notebook started."""
    with suppress(OSError):  # it may have ended by itself
        if os.name == "posix":
            os.killpg(leader, signal.SIGKILL)
        else:
            os.kill(leader, signal.SIGTERM)


def end_noted(scratch: Path) -> None:
    """End the kernels of workers that were killed: nobody else knows them any more."""
    for file in (scratch / KERNELS).glob("*"):
        end_group(int(file.name))
        file.unlink(missing_ok=True)
