"""Run every benchmark and rewrite docs/benchmarks.md; each script prints one Markdown section."""

from __future__ import annotations

import compileall
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Benchmarks

Rewritten by `make bench`. Medians of interleaved runs on compiled bytecode; what counts are the
ratios, since machines differ. Python {python}, pandas {pandas}, numpy {numpy}, {cores} cores.
"""


def main() -> int:
    """Run the scripts in order of name; a script that fails leaves the page as it was."""
    compileall.compile_dir(ROOT / "evallib", quiet=1)
    sections = [
        HEAD.format(
            python=platform.python_version(), pandas=version("pandas"), numpy=version("numpy"),
            cores=os.cpu_count(),
        )
    ]  # fmt: skip
    for script in sorted(Path(__file__).parent.glob("*.py")):
        if script.name in {Path(__file__).name, "faults.py"}:  # kills for an hour, no benchmark
            continue
        print(f"running {script.name}", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, script], stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            print(f"{script.name} failed with exit code {done.returncode}", file=sys.stderr)
            return 1
        sections.append(done.stdout.strip() + "\n")
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(sections), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
