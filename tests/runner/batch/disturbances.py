"""Faults that do not kill: full and locked disks, clocks, cells that hang, memory that is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evallib.store.state import read_state
from tests.runner.batch.battery import COUNTS, Counts, Office, Truth, again, done, judge

HANG = "import time; time.sleep(300)"
KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
GREEDY = (
    "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); bytearray(10**10)"
)
FREE = 4096  # bytes that a full disk still has


@contextmanager
def cell_does(office: Office, code: str) -> Iterator[None]:
    file = office.home / "fault.py"
    file.write_text(code)
    yield
    file.unlink()


@contextmanager
def full_disk(office: Office, name: str) -> Iterator[None]:
    """Let a folder lie on a disk of its own without space, until the fault is over."""
    folder, kept = office.home / name, office.home / f"{name}-kept"
    shutil.copytree(folder, kept)
    held = sum(
        4096 + file.stat().st_size for file in kept.rglob("*")
    )  # after many kills it is more
    size = f"size={2 * held + (16 << 20)}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", folder], check=True)
    office.mounted.append(folder)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    filler = folder / "filler"
    with filler.open("wb") as file:
        file.write(b"x" * (os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - FREE))
    yield
    filler.unlink()
    shutil.rmtree(kept)


@contextmanager
def read_only(office: Office, name: str) -> Iterator[None]:
    folder = office.home / name
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    yield
    subprocess.run(["umount", folder], check=True)


@contextmanager
def clock_set_back(office: Office) -> Iterator[None]:
    """Let all files be of a time that is still to come."""
    later = time.time() + 400 * 86_400
    for path in office.home.rglob("*"):
        os.utime(path, (later, later), follow_symlinks=False)
    yield


def disturb(office: Office, truth: Truth, fault, *, fails: bool = True, **chosen: int) -> Counts:
    """Run under a fault, judge what stands, and run again without it."""
    office.write_words("three" if office.words == "one" else "one")
    state = read_state(office.home / "processed").run_id
    pages = office.pages()
    with fault:
        code = done(office, lambda: office.run(**chosen))
        told = office.told.read_text("utf-8") if office.told.exists() else ""
        counts = judge(office, truth, before=state, survives=True)
        counts["silent"] += int(('"failed"' if fails else '"made"') not in told) + int(code != 0)
        counts["torn"] += int(fails and office.pages() != pages)
    rest = again(office, truth, "run")
    for folder in office.mounted:
        kept = folder.with_name(f"{folder.name}-kept")
        shutil.copytree(folder, kept)
        subprocess.run(["umount", folder], check=True)
        shutil.rmtree(folder)
        kept.rename(folder)
    office.mounted.clear()
    return {name: counts[name] + rest[name] for name in COUNTS}


def may_mount(home: Path) -> bool:
    place = home / "mount"
    place.mkdir()
    tried = subprocess.run(
        ["mount", "-t", "tmpfs", "none", place], capture_output=True, check=False
    )
    if tried.returncode == 0:
        subprocess.run(["umount", place], check=True)
    place.rmdir()
    return tried.returncode == 0


def disturbances(office: Office, truth: Truth) -> Iterator[tuple[str, Counts]]:
    """Yield each fault with what was wrong after it."""
    if may_mount(office.home):
        for name in ("reports", "processed"):
            yield f"full disk, {name}", disturb(office, truth, full_disk(office, name))
            yield f"read-only, {name}", disturb(office, truth, read_only(office, name))
    yield "clock set back", disturb(office, truth, clock_set_back(office), fails=False)
    yield "cell hangs", disturb(office, truth, cell_does(office, HANG), cell_seconds=3)
    yield "report hangs", disturb(office, truth, cell_does(office, HANG), job_seconds=20)
    yield "kernel killed in a cell", disturb(office, truth, cell_does(office, KILL))
    yield "no memory in a cell", disturb(office, truth, cell_does(office, GREEDY))
