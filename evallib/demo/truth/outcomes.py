"""The outcome of the programme: household income, with an effect that is known exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evallib.demo.truth.world import NEVER, World
from evallib.demo.wording import stream

MEAN_INCOME = 14_000.0  # baht per household per month
TREND, SEASON = 45.0, (0.0, 120.0, -60.0, 40.0)  # baht a quarter; by quarter of the fiscal year
RHO = 0.5  # autocorrelation of the noise of a tambon
NOISE_SD, AMPHOE_SD = 550.0, 150.0  # baht: innovation of a tambon; shock of an amphoe
FIRST_EFFECT, EFFECT_GROWTH = 100.0, 60.0  # baht in the first quarter; more in each one after it


def effect_at(event_time: np.ndarray) -> np.ndarray:
    """Return the true effect in baht, ``event_time`` quarters after the start; 0 before it.

    Examples
    --------
    >>> effect_at(np.array([-2, -1, 0, 1, 7])).tolist()
    [0.0, 0.0, 100.0, 160.0, 520.0]
    """
    event_time = np.asarray(event_time)
    return np.where(event_time >= 0, FIRST_EFFECT + EFFECT_GROWTH * event_time, 0.0)


def event_times(world: World) -> np.ndarray:
    """Return quarters since the start, shape (n, T); -99 for tambons that are never treated."""
    t = np.arange(len(world.quarters))
    since = t[None, :] - world.cohort[:, None]
    return np.where(world.cohort[:, None] == NEVER, -99, since)


def income_panel(world: World, *, noise: float = 1.0) -> np.ndarray:
    """Return mean monthly income of households, baht, shape (n tambons, T quarters).

    Tambon level, common trend and season, autoregressive noise of the tambon, shock of the amphoe
    in the quarter, and the effect. Nobody anticipates, and trends are parallel by construction.

    Parameters
    ----------
    world : World
        Tambons, quarters and cohorts.
    noise : float, default 1
        Multiplies both kinds of noise; 0 leaves levels, periods and the effect.
    """
    rng = stream(world.seed, "income")
    n, quarters = len(world.tambons), len(world.quarters)
    period = TREND * np.arange(quarters) + np.array([SEASON[q.quarter - 1] for q in world.quarters])
    shocks = rng.normal(0, NOISE_SD, (n, quarters))
    drift = np.empty((n, quarters))
    drift[:, 0] = shocks[:, 0] / np.sqrt(1 - RHO**2)
    for t in range(1, quarters):
        drift[:, t] = RHO * drift[:, t - 1] + shocks[:, t]
    amphoe = world.tambons["amphoe_code"].factorize()[0]
    common = rng.normal(0, AMPHOE_SD, (amphoe.max() + 1, quarters))[amphoe]
    panel: np.ndarray = (
        MEAN_INCOME + world.level[:, None] + period
        + noise * (drift + common) + effect_at(event_times(world))
    )  # fmt: skip
    return panel


def indicator_frame(world: World) -> pd.DataFrame:
    """Return all indicators, one row a tambon and quarter: income, population, households, pupils.

    Columns ``unit``, ``t`` (positions) and ``income``, ``population``, ``households``,
    ``out_of_school``, all whole numbers.
    """
    rng = stream(world.seed, "indicators")
    income = income_panel(world)
    n, quarters = income.shape
    base = np.clip(np.exp(rng.normal(8.6, 0.45, n)), 1_500, 30_000)
    population: np.ndarray = np.outer(base, 1 + 0.0022 * np.arange(quarters))
    households: np.ndarray = population / rng.uniform(3.8, 4.8, (n, 1))
    away: np.ndarray = population * 0.18 * rng.uniform(0.01, 0.05, (n, 1))
    unit, t = np.divmod(np.arange(n * quarters), quarters)
    return pd.DataFrame({
        "unit": unit, "t": t, "income": income.ravel().round().astype(int),
        "population": population.ravel().round().astype(int),
        "households": households.ravel().round().astype(int),
        "out_of_school": rng.poisson(away).ravel(),
    })  # fmt: skip
