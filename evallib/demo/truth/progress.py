"""How far each project is at each cut-off: physical progress, money, people, status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evallib.demo.wording import stream

if TYPE_CHECKING:
    import pandas as pd

    from evallib.demo.truth.projects import Projects
    from evallib.demo.truth.world import World

SLOW = 0.2  # share of projects that run late
SUSPENDED, CANCELLED = 0.02, 0.01
NEVER_STOPS = 99


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """Cumulative state of each series at the cut-off of each quarter of its year.

    All arrays have the shape (series, 4): ``physical`` percent, ``disbursed`` baht,
    ``beneficiaries`` people, ``status`` code, ``planned`` percent that the schedule asks for.
    ``as_of`` has the shape (agencies, T), datetime64.
    """

    physical: np.ndarray
    disbursed: np.ndarray
    beneficiaries: np.ndarray
    status: np.ndarray
    planned: np.ndarray
    as_of: np.ndarray
    target: np.ndarray


def run_projects(world: World, plan: Projects, series: pd.DataFrame) -> Progress:
    """Let every project run; what is reported never falls from one quarter to the next."""
    rng = stream(world.seed, "progress")
    as_of = _cut_offs(world, int(series["agency"].max()) + 1)
    year = series["known"].to_numpy() // 4
    quarter = year[:, None] * 4 + np.arange(4)
    day = as_of[series["agency"].to_numpy()[:, None], quarter]
    start, end = (series[c].to_numpy().astype("datetime64[D]") for c in ("start", "end"))
    length = np.maximum((end - start).astype(float), 1.0)[:, None]
    traits = _traits(plan, series, rng)
    stopped = np.maximum(quarter - traits["stop"][:, None], 0)  # quarters of standstill
    elapsed = np.maximum((day - start[:, None]).astype(float) - 91 * stopped, 0) / length
    done = np.minimum(1, elapsed * traits["speed"][:, None])
    done[traits["void"]] = 0
    done = np.maximum.accumulate(done, axis=1)
    physical = np.floor(done * 20 + 1e-9) * 5
    spent = np.where(physical == 100, traits["final"][:, None], done * traits["lag"][:, None])
    target = traits["target"]
    return Progress(
        physical=physical,
        disbursed=np.floor(series["budget"].to_numpy()[:, None] * spent / 100) * 100,
        beneficiaries=np.floor(target[:, None] * physical / 100 * traits["reach"][:, None]),
        status=_status(physical, day, start, end, quarter, traits),
        planned=np.floor(np.clip((day - start[:, None]).astype(float) / length, 0, 1) * 20) * 5,
        as_of=as_of,
        target=target,
    )


def _cut_offs(world: World, agencies: int) -> np.ndarray:
    """Return the day of each report: between the 20th and the 28th of the last month."""
    rng = stream(world.seed, "as of")
    month = np.array([q.end.replace(day=20) for q in world.quarters], dtype="datetime64[D]")
    days: np.ndarray = month[None, :] + rng.integers(0, 9, (agencies, len(month)))
    return days


def _traits(
    plan: Projects, series: pd.DataFrame, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return what a project keeps, whoever reports it: speed, thrift, reach, fate."""
    m = len(plan.projects)
    programme = plan.projects["programme"].to_numpy()
    slow = (rng.random(m) < SLOW) & ~programme
    fate = np.where(programme, 1.0, rng.random(m))
    known = plan.projects["known"].to_numpy()
    stop = np.where(fate < SUSPENDED + CANCELLED, known + rng.integers(0, 3, m), NEVER_STOPS)
    traits = {
        "speed": np.where(slow, rng.uniform(0.4, 0.85, m), 1.0),
        "lag": rng.uniform(0.7, 0.95, m),
        "final": rng.uniform(0.96, 1.0, m),
        "reach": rng.uniform(0.75, 1.1, m),
        "target": rng.integers(2, 60, m) * 5,
        "stop": np.where(plan.projects["cancelled"], known, stop),
        "void": plan.projects["cancelled"].to_numpy(),
        "cancelled": plan.projects["cancelled"].to_numpy() | (fate < CANCELLED),
        "approved": rng.random(m) < 0.5,
        "slow": slow,
    }
    return {name: values[series["project"].to_numpy()] for name, values in traits.items()}


def _status(
    physical: np.ndarray,
    day: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    quarter: np.ndarray,
    traits: dict[str, np.ndarray],
) -> np.ndarray:
    """Return the status that agrees with the progress, shape (series, 4)."""
    column = {name: values[:, None] for name, values in traits.items()}
    stopped = quarter >= column["stop"]
    late = (day > end[:, None]) | (column["slow"] & (day > start[:, None] + 60))
    status: np.ndarray = np.select(
        [stopped & column["cancelled"], physical == 100, stopped, day < start[:, None], late],
        ["cancelled", "completed", "suspended",
         np.where(column["approved"], "approved", "planned"), "delayed"],
        default="ongoing",
    )  # fmt: skip
    return status
