"""estimate_staggered beside its peers: interleaved medians, as ratios to ours.

Run with ``python benchmarks/staggered_did.py [units ...]``; prints one Markdown section.
Every tool gets the same panel of 16
periods with one covariate, doubly robust, never-treated comparison, analytic errors. Rounds are
interleaved so that a slow minute of the machine hits all alike; the first round, which pays for
imports and compilation, is shown apart. Linear algebra runs on one thread for all: on a busy
machine the threads of small products wait for each other and measure the neighbours.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # read when numpy is loaded, hence before it

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

PERIODS = 16
ROUNDS = 5
Task = Callable[[pd.DataFrame], float]


def simulate(units: int, *, seed: int = 2565) -> pd.DataFrame:
    """Return a balanced panel with starts 6, 9, 12 and never (0)."""
    rng = np.random.default_rng(seed)
    start = rng.choice([0, 6, 9, 12], units, p=[0.4, 0.2, 0.2, 0.2])
    x = rng.normal(size=units)
    unit, t = np.divmod(np.arange(units * PERIODS), PERIODS)
    t = t + 1
    y = rng.normal(size=len(unit)) + 0.1 * x[unit] * t
    y = y + ((start[unit] > 0) & (t >= start[unit]))
    return pd.DataFrame({"unit": unit, "t": t, "g": start[unit], "x": x[unit], "y": y})


def ours(frame: pd.DataFrame) -> float:
    from evallib.impact import Design, estimate_staggered

    design = Design(outcome="y", unit="unit", time="t", cohort="g", covariates=("x",))
    return estimate_staggered(frame, design).estimate


def with_csdid(frame: pd.DataFrame) -> float:
    from csdid.att_gt import ATTgt

    fit = ATTgt(
        yname="y", tname="t", idname="unit", gname="g", data=frame.copy(),
        control_group="nevertreated", xformla="y ~ x",
    ).fit(est_method="dr", bstrap=False)  # fmt: skip
    return float(fit.aggte(typec="simple", bstrap=False, cband=False).atte["overall_att"])


def with_moderndid(frame: pd.DataFrame) -> float:
    import moderndid
    import polars as pl

    cells = moderndid.att_gt(
        data=pl.from_pandas(frame), yname="y", tname="t", idname="unit", gname="g",
        xformla="~x", est_method="dr", boot=False,
    )  # fmt: skip
    return float(moderndid.aggte(cells, type="simple").overall_att)


def with_diff_diff(frame: pd.DataFrame) -> float:
    from diff_diff import CallawaySantAnna

    fit = CallawaySantAnna(estimation_method="dr").fit(
        frame, outcome="y", unit="unit", time="t", first_treat="g", covariates=["x"]
    )
    return float(fit.overall_att)


PEERS = {"csdid": with_csdid, "moderndid": with_moderndid, "diff_diff": with_diff_diff}


def measure(task: Task, frame: pd.DataFrame) -> tuple[float, float]:
    """Return seconds and the estimate, with the task's own chatter silenced."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        began = time.perf_counter()
        estimate = task(frame)
        return time.perf_counter() - began, estimate


def compare(units: int, tasks: dict[str, Task]) -> list[str]:
    """Return one Markdown row for each tool."""
    frame = simulate(units)
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    estimates: dict[str, float] = {}
    for _ in range(ROUNDS + 1):
        for name, task in tasks.items():
            spent, estimates[name] = measure(task, frame)
            seconds[name].append(spent)
    base = median(seconds["evallib"][1:])
    return [
        f"| {units:,} | {name} | {spent[0] * 1e3:.0f} | {median(spent[1:]) * 1e3:.1f} "
        f"| {median(spent[1:]) / base:.1f} | {estimates[name] - estimates['evallib']:.0e} |"
        for name, spent in seconds.items()
    ]


def main(sizes: list[int]) -> None:
    tasks: dict[str, Task] = {"evallib": ours}
    tasks |= {name: task for name, task in PEERS.items() if find_spec(name)}
    absent = [name for name in PEERS if name not in tasks]
    print("## Staggered difference-in-differences\n")
    print(f"Doubly robust, {PERIODS} periods, one covariate, analytic errors, one thread.")
    print(f"Not installed here: {', '.join(absent) or 'none'}.\n")
    print("| units | tool | first call, ms | median, ms | ratio to evallib | estimate - ours |")
    print("|---|---|---|---|---|---|")
    for units in sizes:
        print("\n".join(compare(units, tasks)), flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000])
