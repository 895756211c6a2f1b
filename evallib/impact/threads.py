"""One BLAS thread while an estimator runs, since its products are small."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock, local
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold numpy's linear algebra to one thread, and give back what was set before.

    Notes
    -----
    BLAS hands a product to all cores and its threads then wait for one another: on a machine that
    has other work, for as long as that work keeps a core. Most BLAS libraries have one setting
    for the whole process, so that a product of another Python thread meanwhile has one too.

    Examples
    --------
    >>> import numpy as np
    >>> with one_blas_thread():
    ...     print(np.eye(2) @ np.eye(2))
    [[1. 0.]
     [0. 1.]]
    """
    _pools.hold()
    try:
        yield
    finally:
        _pools.release()


class Library:
    """A BLAS library, how many estimators hold it, and the threads that it had before them.

    Estimators of several Python threads end in any order: the first notes what was set, the last
    restores it. A limiter of threadpoolctl would note the one of another thread and leave that.

    Parameters
    ----------
    control : LibController of threadpoolctl
    """

    def __init__(self, control: Any) -> None:
        self._control = control
        # the threads of OpenMP belong to the Python thread that asks, others to the process
        own = getattr(control, "threading_layer", None) == "openmp"
        self._state: Any = local() if own else SimpleNamespace()

    def hold(self) -> None:
        """Leave one thread."""
        holders = getattr(self._state, "holders", 0)
        if holders == 0:
            self._state.before = self._control.get_num_threads()
            self._set(1)
        self._state.holders = holders + 1

    def release(self) -> None:
        """Restore what was before the first that holds, unless somebody else set more since."""
        self._state.holders -= 1
        if self._state.holders == 0 and self._control.get_num_threads() == 1:
            self._set(self._state.before)

    def _set(self, threads: int) -> None:
        # threadpoolctl 3.8 obeys only the Python thread that set a limit first, and says nothing
        forget = getattr(self._control, "clear_controlling_thread", lambda **_: None)
        forget(force=True)
        self._control.set_num_threads(threads)
        forget(force=True)


class Pools:
    """The BLAS libraries of this process, looked for when first needed."""

    def __init__(self, find: Callable[[], list[Library]]) -> None:
        self._find = find
        self._libraries: list[Library] | None = None
        self._lock = Lock()

    def hold(self) -> None:
        """Leave one thread to each library."""
        with self._lock:
            if self._libraries is None:
                self._libraries = self._find()
            for library in self._libraries:
                library.hold()

    def release(self) -> None:
        """Restore what the libraries had, when nobody holds them any more."""
        with self._lock:
            for library in self._libraries or ():
                library.release()


def _loaded_libraries() -> list[Library]:
    """Return the libraries loaded so far, that of numpy among them; it takes milliseconds.

    That of scipy may come later: its threads do nothing here, as all products are numpy's.
    """
    from threadpoolctl import ThreadpoolController  # 3 ms that a mere import need not pay

    found = ThreadpoolController().select(user_api="blas")
    return [Library(control) for control in found.lib_controllers]


_pools = Pools(_loaded_libraries)
