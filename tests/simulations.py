"""How often a simulation repeats itself: few runs in `make test`, many in `make simulations`."""

from __future__ import annotations

import pytest


def repeated(few: int, many: int) -> pytest.MarkDecorator:
    """Run a test twice: with few repetitions, which a broken rule fails, and with many."""
    return pytest.mark.parametrize("runs", [few, pytest.param(many, marks=pytest.mark.simulation)])


def slack(share: float, runs: int) -> float:
    """Return three standard errors of a share of runs: what chance alone may do.

    >>> round(slack(0.95, 400), 4)
    0.0327
    """
    return 3 * (share * (1 - share) / runs) ** 0.5


def limits(low: float, high: float, *, share: float, measured: int, runs: int) -> list[float]:
    """Return limits that were set for a number of runs; fewer widen them by what chance adds.

    >>> limits(0.92, 0.98, share=0.95, measured=400, runs=400)
    [0.92, 0.98]
    """
    more = max(0.0, slack(share, runs) - slack(share, measured))
    return [low - more, high + more]
