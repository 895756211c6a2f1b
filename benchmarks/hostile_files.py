"""Hostile files through the public door, beside calamine's bare read of the workbooks among them.

The files are those of ``tests/clean/files/hostile.py``. What is timed is ``read_submission``, the
start of a new reader child after one that ended within it. Calamine reads each workbook in a
process of its own with the same limit of memory, so that what ends the process is counted and ends
nothing else.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LIMIT, SECONDS = 2_000_000_000, 5
BARE = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))
from python_calamine import CalamineWorkbook
try:
    with CalamineWorkbook.from_path(sys.argv[1]) as book:
        [book.get_sheet_by_index(i).to_python() for i in range(len(book.sheet_names))]
except Exception:
    sys.exit(3)
"""


def ours(groups: dict[str, dict[str, tuple[bytes, str]]], home: Path) -> list[str]:
    """Return a line of the table for each group."""
    from evallib.clean import read_submission

    lines = []
    for group, files in groups.items():
        states: Counter[str] = Counter()
        taken: dict[str, float] = {}
        for number, (name, (content, _)) in enumerate(files.items()):
            path = home / "2565" / "Q3" / f"{number}.xlsx"
            path.write_bytes(content)
            began = time.perf_counter()
            sent = read_submission(path, raw=home)
            taken[name] = time.perf_counter() - began
            states[sent.state if sent.findings else "silent"] += 1
        slowest = max(taken, key=lambda name: taken[name])
        middle = sorted(taken.values())[len(taken) // 2]
        lines.append(
            f"| {group} | {len(files)} | {states['refused']} | {states['read']} | "
            f"{states['silent']} | {middle:.2f} | {taken[slowest]:.2f} ({slowest}) |"
        )
    return lines


def bare(files: dict[str, tuple[bytes, str]], home: Path) -> Counter[str]:
    """Return how calamine alone ends on these files."""
    ends: Counter[str] = Counter()
    path = home / "bare.xlsx"
    for content, _ in files.values():
        path.write_bytes(content)
        try:
            code = subprocess.run(
                [sys.executable, "-c", BARE, path],
                capture_output=True, timeout=SECONDS, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            ends["time"] += 1
            continue
        ends[{0: "read", 3: "error"}.get(code, "ended")] += 1
    return ends


def main() -> None:
    """Print one Markdown section."""
    from evallib.clean.files.child import close
    from tests.clean.files.hostile_binaries import BINARIES
    from tests.clean.files.hostile_ods import SHEETS
    from tests.clean.files.hostile_texts import TEXTS
    from tests.clean.files.hostile_workbooks import WORKBOOKS

    groups = {
        "xlsx": WORKBOOKS, "ods": SHEETS, "xls, xlsb, no tables": BINARIES,
        "delimited, HTML, SpreadsheetML": TEXTS,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "2565" / "Q3").mkdir(parents=True)
        lines = ours(groups, home)
        close()
        peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (0, -1)]
        ends = bare(WORKBOOKS, home)
    print("## Hostile files\n")
    print("Each through `read_submission`; a file without a finding would be silent.\n")
    print("| files | number | refused | read, with findings | silent | median s | longest s |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(lines))
    print(f"\nPeak memory: parent {peaks[0]:.0f} MB, reader child {peaks[1]:.0f} MB.")
    print(
        f"\ncalamine alone on the {len(WORKBOOKS)} xlsx, with 2 GB and {SECONDS} s each: "
        f"{ends['read']} read, {ends['error']} errors, {ends['ended']} end the process, "
        f"{ends['time']} take longer."
    )


if __name__ == "__main__":
    main()
