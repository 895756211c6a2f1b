"""The whole way: synthetic submissions, ingest, five reports, and the same again unchanged.

The peer of a report is papermill's own command on the same notebook and store.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
EVALLIB = [sys.executable, "-m", "evallib"]
PAPERMILL = [
    sys.executable, "-m", "papermill", str(ROOT / "notebooks" / "quarterly_report.ipynb"),
    "out.ipynb", "-p", "province", "95", "-p", "period", "2565-Q4", "--no-progress-bar",
    "-k", "python3",
]  # fmt: skip


def seconds(command: list[str], home: str, times: int = 1) -> float:
    """Return the median wall time of a command."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, cwd=home, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return median(taken)


def main() -> None:
    """Print one Markdown section."""
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "evallib.toml").write_text(f'notebooks = "{ROOT / "notebooks"}"\n')
        rows = [
            ("evallib --help", seconds([*EVALLIB, "--help"], home, 5)),
            ("evallib demo (3,609 files)", seconds([*EVALLIB, "demo"], home)),
            ("evallib ingest, first", seconds([*EVALLIB, "ingest"], home)),
            ("evallib ingest, unchanged", seconds([*EVALLIB, "ingest"], home, 5)),
            ("evallib run, five reports, first", seconds([*EVALLIB, "run"], home)),
            ("evallib run, unchanged", seconds([*EVALLIB, "run"], home, 5)),
        ]
        ours = [*EVALLIB, "run", "quarterly_report", "--province", "95", "--force"]
        pairs = [(seconds(ours, home), seconds(PAPERMILL, home)) for _ in range(3)]
    ours_one, theirs_one = (median(side) for side in zip(*pairs, strict=True))
    rows.append(("evallib run, one report, published", ours_one))
    rows.append(("papermill alone on the same notebook", theirs_one))
    print("## The whole way\n\nWall seconds; one report and papermill interleaved three times.\n")
    print("| what | seconds |\n|---|---|")
    for what, taken in rows:
        print(f"| {what} | {taken:.2f} |")
    print(f"\nOne published report takes {ours_one / theirs_one:.2f} of papermill's time alone.")


if __name__ == "__main__":
    main()
