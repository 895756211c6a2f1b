"""A cell that hangs, a report that takes too long, a kernel that ends: told, and ended for good."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evallib.periods import FiscalPeriod
from evallib.runner.batch.batch import run
from evallib.runner.batch.engine import number_of
from evallib.runner.batch.kernel import KERNELS, Watch, end_noted
from evallib.runner.batch.plan import plan_jobs
from tests.runner.batch.test_killed_runs import alive, awaited, left_of

AVAILABLE = {FiscalPeriod.parse("2565-Q3"): date(2022, 6, 24)}
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the test reads /proc")
SLEEPER = '[sys.executable, "-c", "import time; time.sleep(300)"]'
HANG = f"""
import os, subprocess, sys, time
from pathlib import Path
if province == "95":
    child = subprocess.Popen({SLEEPER})
    Path(HERE).write_text(f"{{os.getpid()}} {{child.pid}}")
    print(sum(range(10**12)))
"""
KILL_WORKER = f"""
import os, signal, subprocess, sys
from pathlib import Path
if not Path(HERE).exists():
    child = subprocess.Popen({SLEEPER})
    Path(HERE).write_text(f"{{os.getpid()}} {{child.pid}}")
    os.kill(os.getppid(), signal.SIGKILL)
    print(sum(range(10**12)))
"""
LEAVE_CHILD = f"""
import subprocess, sys
from pathlib import Path
Path(HERE).write_text(str(subprocess.Popen({SLEEPER}).pid))
"""
KILLED = """
import os, signal
if province == "95":
    os.kill(os.getpid(), signal.SIGKILL)
"""
OUT_OF_MEMORY = """
import resource
if province == "95":
    resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))
    held = bytearray(10**10)
"""


@pytest.fixture
def here(settings) -> Path:
    """Give the file in which a notebook notes its processes."""
    return settings.store.parent / "started"


def processes_in(here: Path) -> set[int]:
    return set(map(int, here.read_text().split()))


def results_of(settings, *provinces: str):
    jobs = plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], provinces=provinces)
    return {result.job.scope: result for result in run(jobs, settings, workers=1)}


def in_three_parts(problem: str) -> bool:
    words = ("ต้องการ:", "พบ:", "ให้ทำ:", "needed:", "found:", "do:")
    return all(problem.count(word) == 1 for word in words)


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(("limit", "seconds"), [("cell_seconds", 2), ("job_seconds", 30)])
def test_what_hangs_is_ended_and_named_and_the_others_go_on(
    settings, notebook, here, limit, seconds
) -> None:
    notebook(HANG.replace("HERE", repr(str(here))))
    results = results_of(replace(settings, **{limit: seconds}), "95", "94")
    told = results["95"].problem
    assert (results["94"].state, results["95"].state) == ("made", "failed")
    assert in_three_parts(told)
    assert f"longer than {seconds} s, {limit}" in told
    assert f"{seconds} วินาที ({limit})" in told
    assert "cell 3" in told
    assert "เซลล์ที่ 3" in told
    assert left_of(processes_in(here)) == set()
    half = json.loads((results["95"].job.folder / "failed.ipynb").read_text(encoding="utf-8"))
    assert [bool(cell["execution_count"]) for cell in half["cells"][:3]] == [True] * 3


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(("cell", "words"), [
    (KILLED, "the kernel ended by itself, perhaps for want of memory, in cell 3"),
    (OUT_OF_MEMORY, "no memory was left in cell 3"),
])  # fmt: skip
def test_a_kernel_without_memory_is_told_as_such(settings, notebook, cell, words) -> None:
    notebook(cell, "after = 1")
    results = results_of(settings, "95", "94")
    assert (results["94"].state, results["95"].state) == ("made", "failed")
    assert words in results["95"].problem
    assert in_three_parts(results["95"].problem)
    assert not (results["95"].job.folder / "report.html").exists()


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("cell", [KILL_WORKER, LEAVE_CHILD])
def test_what_a_notebook_started_ends_with_it(settings, notebook, here, cell) -> None:
    notebook(cell.replace("HERE", repr(str(here))))
    assert results_of(settings, "94")["94"].state == "made"  # a killed worker costs a second try
    assert left_of(processes_in(here)) == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="groups of processes are those of Unix")
def test_noted_kernels_are_ended_with_their_group(tmp_path) -> None:
    leader = os.fork()
    if not leader:
        os.setsid()
        signal.pause()
    assert awaited(lambda: os.getpgid(leader) == leader, 5)
    Watch(tmp_path, 60).note_kernel(leader)
    assert [f.name for f in (tmp_path / KERNELS).iterdir()] == [str(leader)]
    assert alive({leader}) == {leader}
    end_noted(tmp_path)
    assert os.waitstatus_to_exitcode(os.waitpid(leader, 0)[1]) == -signal.SIGKILL
    assert list((tmp_path / KERNELS).iterdir()) == []


def test_cells_are_counted_as_in_the_notebook_that_was_written(settings, notebook) -> None:
    notebook("a = 1", "b = 2")
    (job,) = plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], provinces=["94"])
    # executed: parameters, injected parameters, cover, a, b
    assert [number_of(job, place) for place in range(5)] == [1, 1, 2, 3, 4]
