"""Panels for the tests of evallib.impact: simulated ones, and the one that papers share."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def mpdta() -> pd.DataFrame:
    """Teen employment in 500 counties x 5 years, as moderndid ships it (R package did)."""
    spec = find_spec("moderndid")  # importing it costs seconds; the data is a frame on disk
    if spec is None or spec.origin is None:
        pytest.skip("moderndid, which carries the mpdta data, is not installed")
    file = Path(spec.origin).parent / "core" / "datasets" / "mpdta_long.pkl.gz"
    if not file.exists():
        pytest.skip("this moderndid keeps mpdta elsewhere")
    return pd.read_pickle(file)


def _simulate(
    *,
    n_units: int = 120,
    n_periods: int = 6,
    n_clusters: int = 30,
    effect: float = 1.0,
    by_cluster: bool = False,
    cluster_sd: float = 0.5,
    n_treated_clusters: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return a panel with starts 3, 4 and never, errors correlated in units and clusters."""
    rng = np.random.default_rng(seed)
    unit, t = np.divmod(np.arange(n_units * n_periods), n_periods)
    t = t + 1
    cluster = np.arange(n_units) * n_clusters // n_units
    if n_treated_clusters is not None:
        start = np.full(n_clusters, np.inf)
        start[rng.permutation(n_clusters)[:n_treated_clusters]] = 4.0
        cohort = start[cluster]
    elif by_cluster:
        cohort = rng.permutation(np.resize([3.0, 4.0, np.inf, np.inf], n_clusters))[cluster]
    else:
        cohort = rng.permutation(np.resize([3.0, 4.0, np.inf, np.inf], n_units))
    x = rng.normal(size=n_units)
    shock = rng.normal(size=(n_clusters, n_periods + 1)).cumsum(axis=1) * cluster_sd
    noise = rng.normal(size=len(unit)) + rng.normal(size=n_units)[unit]
    y = 10 + t + 0.3 * x[unit] * t + shock[cluster[unit], t] + noise
    return pd.DataFrame(
        {
            "unit": unit,
            "t": t,
            "cohort": np.where(np.isinf(cohort), np.nan, cohort)[unit],
            "cluster": cluster[unit],
            "x": x[unit],
            "z": (0.5 * x + rng.normal(size=n_units))[unit],
            "w": rng.uniform(0.5, 2, size=n_units)[unit],
            "y": y + effect * (t >= cohort[unit]),
        }
    )


@pytest.fixture(scope="session")
def simulate() -> Callable[..., pd.DataFrame]:
    """Return the simulator of staggered panels."""
    return _simulate
