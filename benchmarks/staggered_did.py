"""estimate_staggered beside its peers: interleaved medians, as ratios to ours.

Run with ``python benchmarks/staggered_did.py [units ...]``; prints one Markdown section. Every
tool gets the same panel of 16 periods with one covariate, doubly robust, never-treated
comparison. Rounds are interleaved so that a slow minute of the machine hits all alike; the first
round, which pays for imports and compilation, is shown apart. Linear algebra runs on one thread
for all: on a busy machine the threads of small products wait for each other and measure the
neighbours. A user's script sets nothing, so one table is made with nothing set, alone and beside
busy loops; ``python benchmarks/staggered_did.py as_users_do [units]`` prints it alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
if sys.argv[1:2] != ["nothing_set"]:
    for variable in VARIABLES:
        os.environ.setdefault(variable, "1")  # read when numpy is loaded, hence before it

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

PERIODS = 16
ROUNDS = 5
DRAWS = 999
SLOW = 10_000  # units beyond which only the fastest peer is measured
LOOPS = (0, 1, 4)  # busy loops for each core beside the run with nothing set
HEADINGS = (
    "| units | run | tool | first call, ms | median, ms | ratio to evallib | estimate - ours |\n"
    "|---|---|---|---|---|---|---|"
)
Task = Callable[[pd.DataFrame], float]


def simulate(units: int, *, seed: int = 2565) -> pd.DataFrame:
    """Return a balanced panel with starts 6, 9, 12 and never (0), in clusters of 200 units."""
    rng = np.random.default_rng(seed)
    start = rng.choice([0, 6, 9, 12], units, p=[0.4, 0.2, 0.2, 0.2])
    x = rng.normal(size=units)
    unit, t = np.divmod(np.arange(units * PERIODS), PERIODS)
    t = t + 1
    y = rng.normal(size=len(unit)) + 0.1 * x[unit] * t
    y = y + ((start[unit] > 0) & (t >= start[unit]))
    return pd.DataFrame({"unit": unit, "t": t, "g": start[unit], "x": x[unit], "y": y,
                         "c": unit % max(50, units // 200)})  # fmt: skip


def ours(frame: pd.DataFrame, *, cluster: str | None = None, **call: object) -> float:
    from evallib.impact import Design, estimate_staggered

    design = Design(
        outcome="y", unit="unit", time="t", cohort="g", covariates=("x",), cluster=cluster
    )
    return estimate_staggered(frame, design, **call).estimate


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


def with_diff_diff(frame: pd.DataFrame, **call: object) -> float:
    from diff_diff import CallawaySantAnna

    fit = CallawaySantAnna(estimation_method="dr", **call).fit(
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


def compare(what: str, frame: pd.DataFrame, tasks: dict[str, Task]) -> list[str]:
    """Return one Markdown row for each tool."""
    units = frame["unit"].nunique()
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    estimates: dict[str, float] = {}
    for _ in range(ROUNDS + 1):
        for name, task in tasks.items():
            spent, estimates[name] = measure(task, frame)
            seconds[name].append(spent)
    base = median(seconds["evallib"][1:])
    return [
        f"| {units:,} | {what} | {name} | {spent[0] * 1e3:.0f} | {median(spent[1:]) * 1e3:.1f} "
        f"| {median(spent[1:]) / base:.1f} | {estimates[name] - estimates['evallib']:.0e} |"
        for name, spent in seconds.items()
    ]


def floor(frame: pd.DataFrame) -> float:
    """Return seconds of what no tool can do without: one pass, codes and a Gram product."""
    began = time.perf_counter()
    unit, ids = pd.factorize(frame["unit"].to_numpy())
    period, days = pd.factorize(frame["t"].to_numpy())
    wide = np.empty((len(days), len(ids)))
    wide[period, unit] = frame["y"].to_numpy()
    for column in ("g", "x"):
        frame[column].to_numpy().sum()
    wide @ wide.T
    return time.perf_counter() - began


def variants(units: int) -> list[str]:
    """Return rows of every kind of run at one size."""
    frame = simulate(units)
    gaps = frame.sample(frac=0.9, random_state=1)
    installed = {name: task for name, task in PEERS.items() if find_spec(name)}
    if units > SLOW:
        installed = {name: task for name, task in installed.items() if name == "diff_diff"}
    rows = compare("plain", frame, {"evallib": ours, **installed})
    if "diff_diff" not in installed:
        return rows
    rows += compare("rows in any order", frame.sample(frac=1, random_state=2),
                    {"evallib": ours, "diff_diff": with_diff_diff})  # fmt: skip
    rows += compare(f"{DRAWS} clustered draws", frame, {
        "evallib": lambda f: ours(f, cluster="c", draws=DRAWS),
        "diff_diff": lambda f: with_diff_diff(f, cluster="c", n_bootstrap=DRAWS, seed=1),
    })  # fmt: skip
    rows += compare("10 % missing", gaps, {"evallib": ours, "diff_diff": with_diff_diff})
    rows += compare("10 % missing, as cross-sections", gaps, {
        "evallib": lambda f: ours(f, panel=False),
        "diff_diff": lambda f: with_diff_diff(f, allow_unbalanced_panel=True),
    })  # fmt: skip
    return rows


def nothing_set(units: int, loops: int) -> None:
    """Print rows of this process, in which numpy chose its threads, beside busy loops."""
    beside = f"{loops} busy loops" if loops else "nothing"
    frame = simulate(units)
    loop = [sys.executable, "-c", f"import os\nwhile os.getppid() == {os.getpid()}: pass"]
    busy = [subprocess.Popen(loop) for _ in range(loops)]
    try:
        rows = compare(f"plain, beside {beside}", frame, {
            "evallib": ours, "diff_diff": with_diff_diff,
        })  # fmt: skip
        rows += compare(f"{DRAWS} clustered draws, beside {beside}", frame, {
            "evallib": lambda f: ours(f, cluster="c", draws=DRAWS),
            "diff_diff": lambda f: with_diff_diff(f, cluster="c", n_bootstrap=DRAWS, seed=1),
        })  # fmt: skip
    finally:
        for process in busy:
            process.kill()
            process.wait()
    print("\n".join(rows))


def as_users_do(units: int) -> None:
    """Print one table of runs in new processes whose environment names no threads."""
    free = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    load = os.getloadavg()[0]
    print("With nothing set in the environment, as a user's script runs, alone and beside busy "
          f"loops; load of the machine before it: {load:.1f}.\n")  # fmt: skip
    print(HEADINGS)
    for loops in LOOPS:
        told = subprocess.run(
            [sys.executable, __file__, "nothing_set", str(units),
             str(loops * (os.cpu_count() or 1))],
            capture_output=True, text=True, check=True, env=free,
        )  # fmt: skip
        print(told.stdout.strip(), flush=True)


def alone(name: str, units: int) -> None:
    """Print seconds from here to a result, and peak memory in MB above the frame's process."""
    frame = simulate(units)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak until here
    before = peak_kilobytes()
    began = time.perf_counter()
    measure({"evallib": ours, **PEERS}[name], frame)
    spent = time.perf_counter() - began
    print(f"{spent:.2f} {(peak_kilobytes() - before) / 1024:.0f}")


def peak_kilobytes() -> int:
    """Return the peak memory of this process; getrusage would count that of its parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def cold(name: str, units: int) -> tuple[float, float, float]:
    """Return seconds of a whole process, of its estimate, and MB that the estimate added."""
    began = time.perf_counter()
    told = subprocess.run([sys.executable, __file__, "alone", name, str(units)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    whole = time.perf_counter() - began
    spent, added = told.stdout.split()[-2:]
    return whole, float(spent), float(added)


def main(sizes: list[int]) -> None:
    absent = [name for name in PEERS if not find_spec(name)]
    print("## Staggered difference-in-differences\n")
    print(f"Doubly robust, {PERIODS} periods, one covariate, one thread; errors analytic or drawn.")
    print(f"Not installed here: {', '.join(absent) or 'none'}.\n")
    print(HEADINGS)
    for units in sizes:
        print("\n".join(variants(units)), flush=True)
    largest = simulate(sizes[-1])
    least = median(floor(largest) for _ in range(ROUNDS))
    mine = median(measure(ours, largest)[0] for _ in range(ROUNDS))
    print(f"\nOne pass over the columns, codes and a Gram product, without which no tool can do, "
          f"take {least * 1e3:.0f} ms at {sizes[-1]:,} units: evallib takes {mine / least:.1f} "
          "times that.\n")  # fmt: skip
    if find_spec("diff_diff"):
        as_users_do(SLOW)
        print()
    print("From a new process to a result (medians of 3), and memory that the estimate adds:\n")
    print("| units | tool | process, s | of it the estimate, s | memory added, MB |")
    print("|---|---|---|---|---|")
    tools = ["evallib", *(name for name in PEERS if find_spec(name))]
    runs = [(sizes[0], name) for name in tools]
    runs += [(sizes[-1], name) for name in tools if name in ("evallib", "diff_diff")]
    for units, name in [*runs, (1_000_000, "evallib")]:
        found = [cold(name, units) for _ in range(3)]
        whole, spent, added = (median(each) for each in zip(*found, strict=True))
        print(f"| {units:,} | {name} | {whole:.2f} | {spent:.2f} | {added:.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        alone(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == ["nothing_set"]:
        nothing_set(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["as_users_do"]:
        as_users_do(int(sys.argv[2]) if sys.argv[2:] else SLOW)
    else:
        main([int(size) for size in sys.argv[1:]] or [1000, 10_000, 100_000])
