"""A run that is killed tells nobody: its workers and kernels end all the same."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evallib.runner.processes import OWNER, scratch_folder, sweep_scratch

RUNNER = """
import sys; from pathlib import Path; from datetime import date
from evallib.config import Settings; from evallib.periods import FiscalPeriod
from evallib.runner import plan_jobs, run
if __name__ == '__main__':
    home = Path(sys.argv[1])
    s = Settings(store=home / 'processed', reports=home / 'reports',
                 notebooks=home / 'notebooks')
    known = {FiscalPeriod.parse('2565-Q3'): date(2022, 6, 24)}
    jobs = plan_jobs(s, known, notebooks=['quarterly_report'], provinces=['94'])
    run(jobs, s)
"""
SPREADER = """
import os, sys, time
from pathlib import Path
from evallib.runner.files import spread
def task(items):
    Path(sys.argv[1], f"{os.getpid()}.pid").touch()
    time.sleep(300)
if __name__ == '__main__':
    spread(task, [1, 2], each=1, workers=2)
"""


@pytest.fixture
def scratch(monkeypatch) -> Iterator[Path]:
    """Give a folder for temporary files of its own; short: a socket's path has 107 letters."""
    folder = Path(tempfile.mkdtemp(prefix="t"))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


def start(home: Path, code: str) -> subprocess.Popen[bytes]:
    """Start a script of a process that others are started by."""
    script = home / "parent.py"
    script.write_text(code, encoding="utf-8")
    return subprocess.Popen([sys.executable, script, home])


def awaited(wanted: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not wanted() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(wanted())


def descendants(parent: int) -> set[int]:
    """Return all processes below one, from what the system says of each."""
    parents = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, above = file.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(file.parent.name)] = int(above)
    found, rest = set(), {parent}
    while rest:
        rest = {p for p, above in parents.items() if above in rest} - found
        found |= rest
    return found


def alive(processes: set[int]) -> set[int]:
    """Return those that still run; a zombie does not."""
    found = set()
    for process in processes:
        try:
            words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found |= {process} if words[0] != "Z" else set()
    return found


def left_of(processes: set[int]) -> set[int]:
    """Return those that still run five seconds later, and end them."""
    awaited(lambda: not alive(processes), 5)
    left = alive(processes)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the test reads /proc")
def test_a_killed_run_leaves_no_process_and_the_next_one_no_scratch(
    settings, notebook, scratch
) -> None:
    here = settings.store.parent / "started"
    notebook(
        "import subprocess, sys, time\nfrom pathlib import Path\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        f"Path({str(here)!r}).touch()\n"
        "print(sum(range(10**12)))"  # holds the interpreter, so the kernel itself cannot look
    )
    parent = start(settings.store.parent, RUNNER)
    assert awaited(here.exists, 90)
    below = descendants(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert len(below) >= 4  # two of multiprocessing, a kernel and what its notebook started
    assert left_of(below) == set()
    assert len(list(scratch.glob(f"evallib-{parent.pid}-*"))) == 1
    with scratch_folder() as folder:
        assert [f.name for f in scratch.glob("evallib-*")] == [folder.name]
    assert list(scratch.glob("evallib-*")) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the test reads /proc")
def test_workers_of_a_killed_ingest_end(tmp_path) -> None:
    parent = start(tmp_path, SPREADER)
    assert awaited(lambda: len(list(tmp_path.glob("*.pid"))) == 2, 60)
    below = descendants(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert {int(f.stem) for f in tmp_path.glob("*.pid")} <= below
    assert left_of(below) == set()


@pytest.mark.skipif(os.name != "posix", reason="nothing is swept elsewhere")
def test_only_folders_of_dead_runs_of_this_machine_are_swept(scratch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folders = {
        "dead": (f"evallib-{gone.pid}-a", platform.node()),
        "absurd": (f"evallib-{10**30}-a", platform.node()),
        "alive": (f"evallib-{os.getpid()}-a", platform.node()),
        "elsewhere": (f"evallib-{gone.pid}-b", "another machine"),
        "not ours": (f"evallib-report-{gone.pid}", platform.node()),
    }
    for name, machine in folders.values():
        (scratch / name / "deep").mkdir(parents=True)
        (scratch / name / OWNER).write_text(machine, encoding="utf-8")
    outside = scratch / "outside"
    outside.mkdir()
    (outside / OWNER).write_text(platform.node(), encoding="utf-8")
    (scratch / f"evallib-{gone.pid}-link").symlink_to(outside)
    sweep_scratch()

    kept = {name for name in folders if (scratch / folders[name][0]).exists()}
    assert kept == {"alive", "elsewhere", "not ours"}
    assert (outside / OWNER).exists()


def test_a_folder_of_a_run_names_its_process(scratch) -> None:
    with scratch_folder() as folder:
        assert folder.name.startswith(f"evallib-{os.getpid()}-")
        assert (folder / OWNER).read_text("utf-8") == platform.node()
