"""estimate_twoway beside pyfixest: 1.6 million rows, unit and period effects, clustered errors.

Run with ``python benchmarks/twoway.py [units]``; prints one Markdown section. Rounds are
interleaved; the first call of a tool, which pays for imports and compilation, is shown apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from importlib.util import find_spec
from statistics import median

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from typing import TYPE_CHECKING  # noqa: E402

from staggered_did import simulate  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

ROUNDS = 5


def build(units: int, *, gaps: bool) -> pd.DataFrame:
    """Return the panel of the other benchmark, without a tenth of its rows or whole."""
    frame = simulate(units)
    frame["d"] = ((frame["g"] > 0) & (frame["t"] >= frame["g"])).astype(float)
    return frame.sample(frac=0.9, random_state=1) if gaps else frame


def ours(frame: pd.DataFrame) -> tuple[float, float]:
    from evallib.impact import Design, estimate_twoway

    design = Design(outcome="y", unit="unit", time="t", treated="d")
    found = estimate_twoway(frame, design, draws=999)
    return found.estimate, found.std_error


def with_pyfixest(frame: pd.DataFrame) -> tuple[float, float]:
    import pyfixest

    fit = pyfixest.feols("y ~ d | unit + t", frame, vcov={"CRV1": "unit"})
    return float(fit.coef().iloc[0]), float(fit.se().iloc[0])


def timed(task, frame: pd.DataFrame) -> tuple[float, tuple[float, float]]:
    """Return seconds and what was found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        began = time.perf_counter()
        found = task(frame)
        return time.perf_counter() - began, found


def main(units: int) -> None:
    tools = {"evallib": ours}
    if find_spec("pyfixest"):
        tools["pyfixest"] = with_pyfixest
    print("## Regressions with fixed effects\n")
    print(f"{units:,} units, 16 periods, effects of units and periods, errors clustered by unit.\n")
    print("| panel | tool | first call, s | median, s | ratio to evallib | estimate | error |")
    print("|---|---|---|---|---|---|---|")
    for gaps in (False, True):
        frame = build(units, gaps=gaps)
        seconds: dict[str, list[float]] = {name: [] for name in tools}
        found = {}
        for _ in range(ROUNDS + 1):
            for name, task in tools.items():
                spent, found[name] = timed(task, frame)
                seconds[name].append(spent)
        base = median(seconds["evallib"][1:])
        for name, spent in seconds.items():
            warm = median(spent[1:])
            print(f"| {'10 % missing' if gaps else 'balanced'} | {name} | {spent[0]:.2f} "
                  f"| {warm:.3f} | {warm / base:.1f} | {found[name][0]:.10f} "
                  f"| {found[name][1]:.8f} |", flush=True)  # fmt: skip
    print("\nFrom a new process to a result, simulation of the panel left out (median of 3):\n")
    print("| tool | s |\n|---|---|")
    for name in tools:
        told = [
            subprocess.run([sys.executable, __file__, "alone", name, str(units)],
                           capture_output=True, text=True, check=True).stdout
            for _ in range(3)
        ]  # fmt: skip
        print(f"| {name} | {median(float(text.split()[-1]) for text in told):.2f} |")


def alone(name: str, units: int) -> None:
    """Print seconds of imports and the estimate in this process."""
    frame = build(units, gaps=False)
    print(timed({"evallib": ours, "pyfixest": with_pyfixest}[name], frame)[0])


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        alone(sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
