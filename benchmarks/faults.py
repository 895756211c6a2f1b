"""Faults on purpose, beside what stands afterwards: counts of what is torn, lost or left behind.

Kills strike ingests, runs, workers and kernels at random moments; the number of kills may be given
(200 when left out), and after how many minutes to stop. What a fault is and how it is judged is in
``tests/runner/batch/battery.py``.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SEED = 2565
SHORT = 4  # kills alone, one of each kind, as the tests ask for


def main() -> int:
    """Print one Markdown section; exit code 1 when any count is not zero."""
    from tests.runner.batch.battery import COUNTS, KINDS, kill_once, office_with_truth
    from tests.runner.batch.disturbances import disturbances

    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    until = time.monotonic() + 60 * float(sys.argv[2] if len(sys.argv) > 2 else 600)
    chance = random.Random(SEED)
    rows: dict[str, dict[str, int]] = {}
    try:
        with office_with_truth() as (office, truth):
            print(truth.seconds, file=sys.stderr, flush=True)
            for number in range(wanted):
                if time.monotonic() > until:
                    break
                kind = KINDS[number % len(KINDS)]
                row = rows.setdefault(f"{kind} killed", {"tried": 0} | dict.fromkeys(COUNTS, 0))
                while (counts := kill_once(office, truth, kind, chance)) is None:
                    pass
                row["tried"] += 1
                for name in COUNTS:
                    row[name] += counts[name]
                if any(counts.values()):
                    print(number, kind, counts, file=sys.stderr, flush=True)
            for name, counts in disturbances(office, truth) if wanted != SHORT else ():
                rows[name] = {"tried": 1} | counts
                if any(counts.values()):
                    print(name, counts, file=sys.stderr, flush=True)
    finally:  # what was counted is told, whatever ended it
        print("## Faults\n")
        print("| fault | tried | " + " | ".join(COUNTS) + " |")
        print("|---|" + "---|" * (1 + len(COUNTS)))
        for name, row in rows.items():
            print(f"| {name} | " + " | ".join(str(row[each]) for each in ("tried", *COUNTS)) + " |")
    return int(any(row[name] for row in rows.values() for name in COUNTS))


if __name__ == "__main__":
    sys.exit(main())
