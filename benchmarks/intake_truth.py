"""Intake against the truth of the demo: defects, false findings, identifiers, places, money.

The whole demo is written anew and read as an office would read it. Definitions stand in
``tests/clean/demo_defects.py`` and ``demo_truth.py``, which the tests use on a tenth of the demo.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the definitions belong to the tests

SEED, WORKERS, SHOWN = 2565, 2, 8
TEXT = """Every file of the demo (seed {seed}) is read and assembled. A planted defect is found when
a finding of its kind stands at its row and what was kept is right or empty. A warning or error is
false when nothing planted at its place explains a finding of its kind; notes for the record (info)
are not counted. A clean row is a row in which nothing was planted.
"""


def read(file: Path, raw: Path):
    from evallib.clean import read_submission

    return read_submission(file, raw=raw)


def read_all(raw: Path) -> tuple[list[Path], list]:
    files = sorted(raw.glob("*/*/*"))
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return files, list(pool.map(read, files, [raw] * len(files), chunksize=20))


def share(part: float, whole: float) -> str:
    return f"{part / whole:.4f}" if whole else "-"


def show(measured) -> None:
    print("| planted defect | planted | found | share |\n|---|---|---|---|")
    for kind, row in measured.kinds.iterrows():
        print(f"| {kind} | {row.planted} | {row.found} | {share(row.found, row.planted)} |")
    f = measured.figures
    print(f"| all | {f['planted']} | {f['planted found']} | "
          f"{share(f['planted found'], f['planted'])} |\n")  # fmt: skip
    print("| what | count | of | share |\n|---|---|---|---|")
    for name, part, whole in (
        ("false findings, of warnings and errors", "false findings", "warnings and errors"),
        ("clean rows with a false finding", "clean rows with a false finding", "clean rows"),
        ("identifiers left in tables and findings", "identifiers left", "planted identifiers"),
        ("project rows lost", "project rows lost", "project rows"),
    ):
        print(f"| {name} | {f[part]:,} | {f[whole]:,} | {share(f[part], f[whole])} |")
    print("\n| what | precision | recall |\n|---|---|---|")
    for name in ("tambons of projects", "tambons of needs", "budgets", "duplicates merged",
                 "duplicates merged or listed"):  # fmt: skip
        print(f"| {name} | {f[f'{name}, precision']:.4f} | {f[f'{name}, recall']:.4f} |")
    show_rest(measured)


def show_rest(measured) -> None:
    if len(measured.false):
        codes = measured.false["code"].value_counts().sort_index()
        print("\nFalse: " + ", ".join(f"{code} {n}" for code, n in codes.items()) + ".")
    if len(measured.missed):
        notes = [f"{d.kind} ({d.note})" for d in measured.missed.itertuples()][:SHOWN]
        print(f"\nMissed: {'; '.join(notes)}{'; ...' if len(measured.missed) > SHOWN else '.'}")


def main() -> None:
    """Print one Markdown section."""
    from evallib.demo import write_demo
    from evallib.register import assemble
    from tests.clean.demo_truth import measure

    with tempfile.TemporaryDirectory() as home:
        demo = write_demo(Path(home) / "raw", seed=SEED)
        files, sent = read_all(demo.folder)
        measured = measure(files, sent, assemble(sent), demo.truth)
    print("## Intake against the truth of the demo\n")
    print(TEXT.format(seed=SEED))
    print(f"{len(files):,} files.\n")
    show(measured)


if __name__ == "__main__":
    main()
