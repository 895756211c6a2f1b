"""What holds for every test: one thread of BLAS a process, and the longest tests first."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["tests.sent_files"]

# Workers share the cores: threads of BLAS that wait for each other took two thirds of all time.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def office_secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give every worker the same secret of respondents, away from that of the user."""
    folder = tmp_path_factory.mktemp("config")
    file = folder / "evallib" / "respondents.key"
    file.parent.mkdir(mode=0o700)
    file.touch(mode=0o600)
    file.write_text("5a" * 32)
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    return file


MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Return what makes a folder once for all workers; whoever comes later waits for it.

    What it holds is for reading: a test that writes takes a copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done, failed = (shared / f"{name}{end}" for end in ("", ".done", ".failed"))
        try:
            folder.mkdir()
        except FileExistsError:
            while not done.exists():
                if failed.exists():
                    pytest.fail(f"another worker could not make {name}")
                time.sleep(0.1)
            return folder
        try:
            fill(folder)
        except BaseException:
            failed.touch()
            raise
        done.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def demo_raw(make_once: MakeOnce) -> Path:
    """Give the synthetic submissions of a tenth of the tambons; their truth lies beside."""
    from evallib.demo import write_demo  # after the threads of BLAS are limited

    def fill(folder: Path) -> None:
        write_demo(folder / "raw", seed=11, fraction=0.1)

    return make_once("demo", fill) / "raw"


@pytest.fixture(scope="session")
def copy_of() -> Callable[[Path, Path], Path]:
    """Return what copies a folder that was made once to where a test may write."""
    return lambda source, target: shutil.copytree(source, target, dirs_exist_ok=True)
