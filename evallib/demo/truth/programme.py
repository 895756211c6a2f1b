"""The programme under evaluation: projects of the plan ศอ.บต.ตำบล, which make the cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evallib.demo.truth.world import NEVER, World
from evallib.demo.wording import stream, topics

PLAN = "ศอ.บต.ตำบล"
GRANTS = (300_000.0, 1_000_000.0)  # baht a tambon
SECOND_ROUND = 0.3  # of the tambons of 2564 get another grant in 2565
CANCELLED = 0.04  # of the never treated were promised a grant that was cancelled
LATEST_START = 45  # days into the quarter, so that a report of that quarter already shows it


def plan_programme(world: World) -> pd.DataFrame:
    """Return the projects of the programme, one row each.

    Returns
    -------
    pandas.DataFrame, shape (m, 8)
        ``unit``, ``known`` (position of the quarter in which it starts and is first reported),
        ``start``, ``end`` (datetime64), ``budget`` (baht), ``cancelled``, ``programme`` (True),
        ``topic`` (-1: not chosen yet). The first that is not cancelled makes the cohort.
    """
    rng = stream(world.seed, "programme")
    treated = np.flatnonzero(world.cohort != NEVER)
    of_2564 = treated[world.cohort[treated] < 8]
    again = np.sort(rng.choice(of_2564, round(SECOND_ROUND * len(of_2564)), replace=False))
    never = np.flatnonzero(world.cohort == NEVER)
    promised = np.sort(rng.choice(never, round(CANCELLED * len(never)), replace=False))
    unit = np.concatenate([treated, again, promised])
    known = np.concatenate([
        world.cohort[treated], rng.integers(8, 11, len(again)), rng.integers(5, 10, len(promised)),
    ])  # fmt: skip
    starts = np.array([q.start for q in world.quarters], dtype="datetime64[D]")[known]
    year_end = np.array([q.year.end for q in world.quarters], dtype="datetime64[D]")[known]
    start = starts + rng.integers(0, LATEST_START, len(unit))
    return pd.DataFrame({
        "unit": unit, "known": known, "start": start,
        "end": np.minimum(start + rng.integers(45, 150, len(unit)), year_end),
        "budget": np.array(GRANTS)[(rng.random(len(unit)) < 0.4).astype(int)],
        "cancelled": np.arange(len(unit)) >= len(treated) + len(again),
        "programme": True, "topic": -1,
    })  # fmt: skip


def programme_topics() -> np.ndarray:
    """Return the positions of the topics that the programme pays for."""
    allowed = {"goat", "catfish", "vegetable", "sewing", "halal", "shop"}
    return np.array([i for i, topic in enumerate(topics()) if topic.key in allowed])
