"""Reports made by hand, without a kernel: what a job would have answered, and its files."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from evallib.config import Settings
from evallib.periods import FiscalPeriod
from evallib.privacy.forms import set_id, settle_forms
from evallib.runner.batch import publish as steps
from evallib.runner.batch.batch import JobResult, _finish, run_id_of
from evallib.runner.batch.plan import Job, plan_jobs
from evallib.runner.files import hash_bytes
from evallib.store import Store, runs
from tests.runner.homes import settings_in, write_notebook

AVAILABLE = {FiscalPeriod.parse("2565-Q3"): date(2022, 6, 24)}
FILES = ("report.html", "report.ipynb", "manifest.json")


def survey(n: int, *, aware: int = 1, as_of: str = "2022-06-24") -> pd.DataFrame:
    """Return forms of one province and quarter."""
    return pd.DataFrame({
        "resp_key": [f"R{i}" for i in range(n)], "tambon_code": "940101", "amphoe_code": "9401",
        "province_code": "94", "fiscal_year": 2565, "quarter": 3, "aware": aware, "as_of": as_of,
    })  # fmt: skip


def put(settings: Settings, forms: pd.DataFrame) -> None:
    """Let the store hold these forms."""
    frames = {"beneficiary_survey": forms}
    Store(settings.store).rebuild(frames, run_id="ingest", as_of="2022-06-24")


def job_of(settings: Settings) -> Job:
    write_notebook(settings.notebooks / "quarterly_report.ipynb")
    (job,) = plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], provinces=["94"])
    return job


def released(settings: Settings) -> pd.DataFrame:
    """Return what a notebook would emit of the forms that are in the store."""
    held = Store(settings.store).read("beneficiary_survey")
    settled = settle_forms(held, Store(settings.store).read("released_forms"), threshold=10).forms
    return pd.DataFrame({
        "scope": ["94"], "period": ["2565-Q3"], "province_code": ["94"], "fiscal_year": [2565],
        "quarter": [3], "set_id": [set_id(settled)],
    })  # fmt: skip


def parts_of(words: str) -> dict[str, str]:
    return {"version": "0", "words": words}


def made(job: Job, settings: Settings, words: str) -> JobResult:
    """Return what a worker would answer; the words stand in every file."""
    run_id = run_id_of(parts_of(words))
    outputs = {name: f"{name} {words}".encode() for name in FILES[:2]}
    manifest = {
        "run_id": run_id, "key_parts": parts_of(words), "state": "ok",
        "outputs": {name: hash_bytes(content) for name, content in outputs.items()},
    }  # fmt: skip
    outputs["manifest.json"] = json.dumps(manifest).encode()
    results = {"releases": released(settings)}
    return JobResult(job, "made", run_id, results=results, outputs=outputs)


def publish(home: Path, words: str, **chosen: object) -> JobResult:
    """Finish a report as a run does when its notebook is through."""
    settings = replace(settings_in(home), **chosen)
    job = job_of(settings)
    return _finish(made(job, settings, words), parts_of(words), settings)


STEPS = 12  # three drafts, the commit, its four versions, three names, the last word


def publish_until(home: Path, step: int) -> None:
    """Publish a first edition, and a second one until a step, which kills the process."""
    put(settings_in(home), survey(30))
    publish(home, "one")
    put(settings_in(home), survey(30, aware=0))
    left = step

    def or_die(act: Any, here: Callable[..., bool] = lambda *_, **__: True) -> Any:
        def acted(*args: object, **kwargs: object) -> object:
            nonlocal left
            if here(*args, **kwargs):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return act(*args, **kwargs)

        return acted

    steps.write_draft = or_die(steps.write_draft)
    steps.clear_failure = or_die(steps.clear_failure)
    runs.write_version = or_die(runs.write_version)
    Store.commit = or_die(Store.commit)
    Path.replace = or_die(Path.replace, lambda _, target: target.name in FILES)
    publish(home, "two")


if __name__ == "__main__":  # each step in a child of its own, so that modules are loaded once
    for number in range(STEPS + 1):
        child = os.fork()
        if not child:
            publish_until(Path(sys.argv[1]) / str(number), number)
            os._exit(0)
        print(number, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
