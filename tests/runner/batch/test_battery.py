"""A few of the kills of ``benchmarks/faults.py``, one of each kind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_a_kill_of_each_kind_loses_tears_and_leaves_nothing() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "faults.py", "4"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = [line for line in done.stdout.splitlines() if " killed |" in line]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row.split("|")[2].strip() for row in rows] == ["1"] * 4
