"""A limit of processor time for what is done with the cells of one file, once they were read.

Cells come out of the reader child in time, and patterns that search them may still take the square
of their length. Time is that of the processor, so that a busy machine refuses no file.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS, SECONDS_A_ROW = 3.0, 0.002  # a hundred times what rows need that offices send


class _Late(BaseException):
    """Raised wherever the work stands; nothing on its way up may take it for a fault of a cell."""


@contextmanager
def processor_limit(rows: int) -> Iterator[None]:
    """Stop the work of a ``with`` statement that takes longer than a file of that size may.

    Only the main thread of a process on Unix can be stopped; elsewhere there is no limit. A limit
    within another one takes its place for its time.

    Parameters
    ----------
    rows : int
        Rows that are worked on.

    Raises
    ------
    RefusedFile
        ``read.out_of_time``.

    Examples
    --------
    >>> with processor_limit(10):
    ...     print("in time")
    in time
    """
    possible = threading.current_thread() is threading.main_thread()
    if not possible or not hasattr(signal, "setitimer"):
        yield
        return
    seconds = SECONDS + SECONDS_A_ROW * rows
    working = True

    def stop(*_: object) -> None:
        if working:
            raise _Late

    before = signal.signal(signal.SIGVTALRM, stop)
    outer, _ = signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    except _Late:
        raise RefusedFile("read.out_of_time", found=f"{seconds:.0f} s") from None
    finally:
        working = False
        signal.setitimer(signal.ITIMER_VIRTUAL, outer)
        signal.signal(signal.SIGVTALRM, before)
