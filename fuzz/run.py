"""Fuzz the readers and the parsers for some minutes; each fault is kept with what caused it.

Inputs are damaged copies of a small corpus. One that behaves as none before it (other findings,
another shape) joins the corpus, so that damage builds on damage.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz import seeds
from fuzz.mutate import damage_bytes, damage_text
from fuzz.targets import TARGETS, Signature

SLOWEST = 10  # seconds for one input
TURN = 2.0  # seconds that one target works before the next one does
CORPUS = {"file": seeds.files, "html": seeds.files, "date": lambda: seeds.DATES,
          "baht": lambda: seeds.AMOUNTS}  # fmt: skip


class Fuzzer:
    """One target with its corpus and what was found."""

    def __init__(self, name: str, seed: int, faults: Path) -> None:
        self.name, self.faults = name, faults
        self.rng = random.Random(f"{seed} {name}")  # noqa: S311  to be repeated, not to be secret
        self.corpus: list[bytes | str] = list(CORPUS[name]())
        self.seen: set[Signature] = set()
        self.found: Counter[str] = Counter()
        self.runs = 0
        self.longest = 0.0

    def work(self, until: float) -> None:
        """Try inputs until the turn ends."""
        while time.monotonic() < until:
            origin = self.rng.choice(self.corpus)
            damage = damage_bytes if isinstance(origin, bytes) else damage_text
            self.try_one(damage(origin, self.corpus, self.rng))  # type: ignore[arg-type]

    def try_one(self, sample: bytes | str) -> None:
        """Run the target on one input and learn from it."""
        self.runs += 1
        began = time.process_time()
        signal.alarm(SLOWEST)
        try:
            signature = TARGETS[self.name](sample)
        except Exception as fault:
            signal.alarm(0)
            self._keep(sample, fault)
            return
        finally:
            signal.alarm(0)
        self.longest = max(self.longest, time.process_time() - began)
        if signature not in self.seen:
            self.seen.add(signature)
            self.corpus.append(sample)

    def _keep(self, sample: bytes | str, fault: Exception) -> None:
        frames = traceback.extract_tb(fault.__traceback__)
        ours = [f for f in frames if "evallib" in Path(f.filename).parts] or list(frames)
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        key = f"{self.name} {type(fault).__name__} {place}"
        if type(fault).__name__ == "Violation":
            key = f"{self.name} {str(fault)[:40]}"
        self.found[key] += 1
        if self.found[key] > 1:
            return
        content = sample if isinstance(sample, bytes) else sample.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(content).hexdigest()[:12]
        self.faults.mkdir(parents=True, exist_ok=True)
        (self.faults / f"{self.name}-{digest}").write_bytes(content)
        told = "".join(traceback.format_exception(fault)[-12:])
        (self.faults / f"{self.name}-{digest}.txt").write_text(told, encoding="utf-8")
        sys.stdout.write(f"{key}: {self.name}-{digest}\n")
        sys.stdout.flush()


def too_slow(*_: object) -> None:
    """Stop an input that takes too long."""
    raise TimeoutError


def main() -> int:
    """Fuzz, print one line for each target, and return 1 where a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--faults", type=Path, default=Path(__file__).parent / "faults")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, too_slow)
    fuzzers = [Fuzzer(n, options.seed, options.faults) for n in options.target or sorted(TARGETS)]
    end = time.monotonic() + 60 * options.minutes
    for fuzzer in fuzzers:
        for sample in list(fuzzer.corpus):
            fuzzer.try_one(sample)
    while time.monotonic() < end:
        for fuzzer in fuzzers:
            fuzzer.work(min(end, time.monotonic() + TURN))
    for fuzzer in fuzzers:
        sys.stdout.write(
            f"{fuzzer.name}: {fuzzer.runs:,} inputs, {len(fuzzer.seen):,} behaviours, slowest "
            f"{fuzzer.longest:.2f} s, {len(fuzzer.found)} faults\n"
        )
        for key, times in sorted(fuzzer.found.items()):
            sys.stdout.write(f"  {times} x {key}\n")
    return int(any(fuzzer.found for fuzzer in fuzzers))


if __name__ == "__main__":
    sys.exit(main())
