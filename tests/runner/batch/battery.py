"""Faults on purpose: processes killed at any moment, full and locked disks, and what stands after.

What is done is done in children of a process that only loads modules, so that a trial costs no
imports: a process that has threads of its own must not be forked.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd  # noqa: F401  loaded before the first child is made

from evallib.needs.sectors.classifier import classifier
from evallib.periods import FiscalPeriod
from evallib.runner.batch.batch import run
from evallib.runner.batch.key import read_manifest
from evallib.runner.batch.plan import plan_jobs
from evallib.runner.files import hash_source
from evallib.runner.intake.ingestion import ingest
from evallib.store import Store, ingests, read, runs, verification  # noqa: F401  loaded as above
from evallib.store.state import read_state
from tests.runner.homes import COVER, settings_in, write_notebook

KINDS = ("ingest", "run", "worker", "kernel")
FILES = ("report.html", "report.ipynb", "manifest.json")
COUNTS = ("torn", "false done", "lost", "orphans", "scratch", "silent", "other bytes")
AVAILABLE = {FiscalPeriod.parse("2565-Q3"): date(2022, 6, 24)}
PATIENCE, ORPHAN_SECONDS = 120.0, 5.0
CELL = """
import subprocess
from pathlib import Path
import pandas as pd
from evallib.report import Prose, emit
from evallib.store.state import read_state
child = subprocess.Popen(["sleep", "300"])
fault = Path("fault.py")
exec(fault.read_text() if fault.exists() else "")
words = "{words}"
show(Prose(f"{{words}}: {{read_state(store).tables['inputs'].rows}} files"))
emit("alignment", pd.DataFrame({{"scope": [province], "indicator": ["A2"],
     "value": [len(words) / 100], "low": [0.0], "high": [1.0], "n": [12]}}))
"""
Counts = dict[str, int]


class Office:
    """Folders of one office, two versions of what agencies sent and of its notebook."""

    def __init__(self, home: Path) -> None:
        from evallib.demo import write_demo

        self.home, self.data, self.words = home, "A", "one"
        self.mounted: list[Path] = []
        self.scratch = home / "t"
        self.scratch.mkdir()
        self.told = home / "told"
        self.folder = home / "reports" / "2565-Q3" / "94"
        forked(lambda: write_demo(home / "demo", seed=11, fraction=0.02))
        sent = sorted((home / "demo" / "2565" / "Q3").glob("*.xlsx"))
        for version, files in {"A": sent[:3], "B": sent[:5]}.items():
            folder = home / version / "raw" / "2565" / "Q3"
            folder.mkdir(parents=True)
            for file in files:
                shutil.copy(file, folder)

    def settings(self) -> Any:
        return replace(settings_in(self.home), raw=self.home / self.data / "raw")

    def write_words(self, words: str) -> None:
        self.words = words
        file = self.home / "notebooks" / "quarterly_report.ipynb"
        write_notebook(file, COVER, CELL.format(words=words))

    def say(self, **words: object) -> None:
        with self.told.open("a", encoding="utf-8") as file:
            file.write(json.dumps(words) + "\n")

    def ingest(self) -> None:
        self.say(ingested=ingest(self.settings(), workers=1).run_id)

    def run(self, **chosen: Any) -> None:
        os.chdir(self.home)
        settings = replace(self.settings(), **chosen)
        jobs = plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], provinces=["94"])
        run(jobs, settings, workers=1, progress=lambda result, *_: self.say(
            state=result.state, run_id=result.run_id, problem=result.problem))  # fmt: skip

    def heard(self) -> list[dict[str, Any]]:
        """Return what was told since the last time, and forget it."""
        lines = self.told.read_text(encoding="utf-8").splitlines() if self.told.exists() else []
        self.told.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def pages(self) -> dict[str, bytes | None]:
        files = {name: self.folder / name for name in FILES}
        return {name: f.read_bytes() if f.is_file() else None for name, f in files.items()}

    def processes(self) -> set[int]:
        """Return all processes that were given the folder for passing files of this office."""
        mark, found = f"TMPDIR={self.scratch}".encode(), set()
        for place in Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "environ").read_bytes().split(b"\0")
                state = (place / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if mark in words and state != "Z":
                found.add(int(place.name))
        return found


def start(task: Callable[[], object], scratch: Path | None = None) -> int:
    """Do something in a child that leads a group of its own."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        if scratch is not None:  # a new image would show it; this one is marked by hand
            os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        task()
        code = 0
    except BaseException as error:
        if scratch is None:
            raise
        (scratch.parent / "error").write_text(f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def forked(task: Callable[[], Any]) -> Any:
    """Return the answer of a task that was done in a child, as JSON carries it."""
    handle, name = tempfile.mkstemp()
    os.close(handle)
    answer = Path(name)
    process = start(lambda: answer.write_text(json.dumps(task(), default=str)))
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    text = answer.read_text()
    answer.unlink()
    if code:
        raise RuntimeError("the child failed, see above")
    return json.loads(text)


def done(office: Office, task: Callable[[], object]) -> int:
    """Do something to its end and return its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(start(task, office.scratch), 0)[1])


def running(process: int) -> bool:
    return os.waitpid(process, os.WNOHANG) == (0, 0)


def victim(office: Office, kind: str, parent: int) -> int | None:
    """Return the process that shall be killed, when it is there."""
    if kind in {"ingest", "run"}:
        return parent
    sign = b"ipykernel_launcher" if kind == "kernel" else b"spawn_main"
    for process in office.processes():
        try:
            if sign in Path(f"/proc/{process}/cmdline").read_bytes():
                return process
        except OSError:
            continue
    return None


def kill_in(office: Office, kind: str, after: float) -> bool:
    """Start, kill the victim so many seconds after it came, and tell whether it lived until then.

    Who was not killed goes on to its end.
    """
    task = office.ingest if kind == "ingest" else office.run
    parent = start(task, office.scratch)
    aim, until = None, time.monotonic() + PATIENCE
    while aim is None and time.monotonic() < until:
        aim = victim(office, kind, parent)
        if aim is None:
            time.sleep(0.01)
            if not running(parent):
                return False
    time.sleep(after)
    hit = False
    try:
        if aim is not None and (aim == parent or aim in office.processes()):
            hit = running(parent)
            os.kill(aim, signal.SIGKILL)
    except ProcessLookupError:
        hit = False
    except ChildProcessError:
        return False
    try:
        os.waitpid(parent, 0)
    except ChildProcessError:
        return hit
    return hit


def look(office: Office) -> dict[str, Any]:
    """Return what the database says of itself."""
    store = Store(office.home / "processed")
    problems = [p.message("en") for verdict in store.verify() for p in verdict.problems]
    held = {name: sorted(set(store.read(name)["run_id"])) for name in ("runs", "alignment")}
    return {"problems": problems, "ingest": read_state(store.path).run_id,
            "fingerprint": store.fingerprint(), **held}  # fmt: skip


def left_in(office: Office) -> list[str]:
    """Return what lies about that nothing names: passing files, drafts, files of no version."""
    found = [str(f) for f in office.scratch.iterdir()]
    for folder in (office.home / "reports", office.home / "processed", office.home / "review"):
        found += [str(f) for f in folder.rglob(".*") if f.is_file()]
    for table in (office.home / "processed").iterdir():
        logs = list((table / "_delta_log").glob("*")) if table.is_dir() else []
        named = "".join(f.read_text() for f in logs if f.suffix == ".json")
        data = list(table.glob("*.parquet*")) if table.is_dir() else []
        found += [str(f) for f in data if f.name not in named]
        good = re.compile(r"\d{20}\.json|\d{20}\.checkpoint\.parquet|_last_checkpoint")
        found += [str(f) for f in logs if not good.fullmatch(f.name)]
    return found


def orphans_of(office: Office) -> int:
    """Return how many processes are there five seconds later, and end them."""
    until = time.monotonic() + ORPHAN_SECONDS
    while (left := office.processes()) and time.monotonic() < until:
        time.sleep(0.05)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return len(left)


class Truth:
    """What an office has when nothing disturbs it, by version of data and of notebook."""

    def __init__(self, office: Office) -> None:
        self.pages: dict[tuple[str, str], dict[str, bytes | None]] = {}
        self.prints: dict[str, str] = {}
        self.seconds: dict[str, float] = {}
        for office.data in ("A", "B"):
            self._take("ingest", office, office.ingest)
            self.prints[office.data] = forked(Store(office.home / "processed").fingerprint)
            for words in ("one", "three"):
                office.write_words(words)
                self._take("run", office, office.run)
                self.pages[office.data, words] = office.pages()
        assert len({p["report.html"] for p in self.pages.values()}) == 4
        assert orphans_of(office) == 0
        assert left_in(office) == [], left_in(office)
        office.heard()

    def _take(self, kind: str, office: Office, task: Callable[[], object]) -> None:
        began = time.monotonic()
        code = done(office, task)
        assert code == 0, (office.home / "error").read_text()
        self.seconds[kind] = time.monotonic() - began


def torn(office: Office, truth: Truth) -> int:
    """Return 1 when a file of the report is no whole old or new one, or they do not fit."""
    pages, manifest = office.pages(), read_manifest(office.folder)
    known = list(truth.pages.values())
    whole = all(pages[name] in {k[name] for k in known} for name in FILES)
    return int(not whole or manifest is None or pages not in known)


def judge(office: Office, truth: Truth, *, before: str, survives: bool) -> Counts:
    """Return what is wrong after a fault, before anything is done again."""
    told, seen = office.heard(), forked(lambda: look(office))
    made = [t["run_id"] for t in told if t.get("state") == "made"]
    failed = [t for t in told if t.get("state") == "failed"]
    manifest = read_manifest(office.folder) or {}
    acknowledged = [t["ingested"] for t in told if "ingested" in t] or [before]
    counts = dict.fromkeys(COUNTS, 0)
    counts["torn"] = torn(office, truth) + len(seen["problems"])
    for run_id in {*made, manifest.get("run_id", "")}:
        counts["false done"] += not (run_id in seen["runs"] and run_id in seen["alignment"])
    counts["false done"] += any(run_id != manifest.get("run_id") for run_id in made)
    counts["lost"] = int(acknowledged[-1] != before and seen["ingest"] != acknowledged[-1])
    counts["lost"] += int(seen["fingerprint"] not in truth.prints.values())
    counts["orphans"] = orphans_of(office)
    counts["silent"] = sum(not t["problem"].count("needed:") for t in failed)
    counts["silent"] += int(survives and not told)
    return counts


def again(office: Office, truth: Truth, kind: str) -> Counts:
    """Do it once more, undisturbed, and return what is wrong then."""
    code = done(office, office.ingest if kind == "ingest" else office.run)
    counts = dict.fromkeys(COUNTS, 0)
    counts["silent"] = int(code != 0)
    if kind == "ingest":
        now = forked(lambda: look(office))
        counts["lost"] = int(now["fingerprint"] != truth.prints[office.data])
        counts["torn"] = len(now["problems"])
    else:
        counts["other bytes"] = int(office.pages() != truth.pages[office.data, office.words])
    counts["orphans"] = orphans_of(office)
    counts["scratch"] = len(left_in(office))
    office.heard()
    return counts


def kill_once(office: Office, truth: Truth, kind: str, chance: random.Random) -> Counts | None:
    """Let one process be killed and the work be done again; None when it ended before."""
    if kind == "ingest":
        office.data = "B" if office.data == "A" else "A"
    else:
        office.write_words("three" if office.words == "one" else "one")
    before = forked(lambda: read_state(office.home / "processed").run_id)
    span = {"ingest": truth.seconds["ingest"], "run": truth.seconds["run"],
            "worker": 0.8 * truth.seconds["run"], "kernel": 0.5 * truth.seconds["run"]}  # fmt: skip
    hit = kill_in(office, kind, chance.uniform(0, span[kind]))
    counts = judge(office, truth, before=before, survives=kind in {"worker", "kernel"})
    rest = again(office, truth, kind)
    return {name: counts[name] + rest[name] for name in COUNTS} if hit else None


@contextmanager
def office_with_truth() -> Iterator[tuple[Office, Truth]]:
    """Give an office in a folder with a short name: a path of a socket has 107 letters."""
    hash_source()
    classifier()
    home = Path(tempfile.mkdtemp(prefix="f"))
    try:
        office = Office(home)
        yield office, Truth(office)
    finally:
        shutil.rmtree(home)
