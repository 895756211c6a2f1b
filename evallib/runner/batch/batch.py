"""Run planned jobs: skip what is unchanged, execute the rest side by side, remember results."""

from __future__ import annotations

import json
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from typing import TYPE_CHECKING, Any

from evallib.config import read_settings
from evallib.drafts import sweep_drafts
from evallib.errors import EvallibError
from evallib.runner.batch.engine import NotebookFailed, execute
from evallib.runner.batch.kernel import end_noted
from evallib.runner.batch.key import changed_parts, key_parts
from evallib.runner.batch.publish import clear_failure, drafted, keep_failed, render
from evallib.runner.batch.releases import FORMS, REGISTER, forms_to_keep, require_release
from evallib.runner.batch.unknown_reports import known_runs, refuse_unknown_reports
from evallib.runner.files import PACKAGE, hash_value
from evallib.runner.processes import end_with_parent, scratch_folder
from evallib.store.leftovers import sweep_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.runner.batch.plan import Job

LOCK = PACKAGE.parent / "requirements.lock"
KERNEL_NOTICES = 2.0  # seconds; a kernel looks once a second whether its parent still lives


@dataclass(frozen=True, slots=True)
class JobResult:
    """How one job ended: ``state`` is ``made``, ``unchanged`` or ``failed``."""

    job: Job
    state: str
    run_id: str
    problem: str = ""
    results: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    outputs: dict[str, bytes] = field(default_factory=dict, repr=False)


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    workers: int = 2,
    force: bool = False,
    progress: Callable[[JobResult, int, int], None] | None = None,
) -> list[JobResult]:
    """Make the reports of all jobs; one that fails leaves the others alone.

    Parameters
    ----------
    jobs : sequence of Job
        As ``plan_jobs`` returns them.
    settings : Settings
        Store that remembers results, folder of reports, and how long a notebook may run. Reports
        are made again when what they are made from has changed, the rows of the store included.
    workers : int, default 2
        Notebooks that run at the same time.
    force : bool, default False
        Make reports again even when nothing changed.
    progress : callable, optional
        Told (result, done, total) whenever a job ends.

    Returns
    -------
    list of JobResult
        In the order of ``jobs``. Results are committed to the store when the job is ``made``.

    Raises
    ------
    EvallibError
        ``runner.interrupted``: Ctrl-C. What was made stays; running again makes the rest.
        ``store.damaged``: what the store holds cannot be told.
    DisclosureError
        ``runner.register_missing``: reports stand in the folder whose forms the register of
        releases does not know; nothing is published.
    """
    sweep_drafts(settings.reports, "**/.*.part")
    sweep_leftovers(settings.store)
    known = known_runs(settings)
    refuse_unknown_reports(settings, known)
    parts = {job: key_parts(job, settings, lock=LOCK) for job in jobs}
    todo = [
        job for job in jobs
        if force or changed_parts(job, parts[job]) or run_id_of(parts[job]) not in known
    ]  # fmt: skip
    ended: dict[Job, JobResult] = {}

    def note(result: JobResult) -> None:
        ended[result.job] = result
        if progress is not None:
            progress(result, len(ended), len(jobs))

    for job in jobs:
        if job not in todo:
            clear_failure(job)
            note(JobResult(job, "unchanged", run_id_of(parts[job])))
    try:
        for result in _execute_all(todo, parts, settings, workers=workers):
            note(_finish(result, parts[result.job], settings))
    except KeyboardInterrupt:
        raise EvallibError("runner.interrupted", done=len(ended), all=len(jobs)) from None
    _list_reports(settings, told=any(result.state == "failed" for result in ended.values()))
    return [ended[job] for job in jobs]


def _list_reports(settings: Settings, *, told: bool) -> None:
    """Write the list of reports, also where nothing changed: a killed run may have left an old one.

    A disk that takes no list has mostly refused a report before, which is told with its job.
    """
    from evallib.report import write_index  # brings jinja2

    try:
        # In the office's own language, whatever the language of the reports of this call.
        write_index(settings.reports, language=read_settings().language)
    except OSError as error:
        if not told:
            found = error.strerror or type(error).__name__
            raise EvallibError("runner.system", found=found) from error


def run_id_of(parts: dict[str, str]) -> str:
    """Return the id of a run: the first twelve characters of its content key."""
    return hash_value(parts)[:12]


def _execute_all(
    jobs: Sequence[Job], parts: dict[Job, dict[str, str]], settings: Settings, *, workers: int
) -> Iterator[JobResult]:
    """Yield each result as it comes; a worker that dies costs its own job only.

    The folder for passing files belongs to this process, so that an interrupted run leaves none,
    and what a killed run left is removed here.
    """
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    orphans: list[Job] = []
    with scratch_folder() as scratch:
        with _pool(min(workers, len(jobs)), scratch) as pool:
            waiting: dict[Future[JobResult], Job] = {
                pool.submit(make_report, job, parts[job], scratch, settings): job for job in jobs
            }
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    orphans.append(waiting[future])
        for job in orphans:
            with _pool(1, scratch) as pool:
                try:
                    yield pool.submit(make_report, job, parts[job], scratch, settings).result()
                except BrokenProcessPool:
                    died = EvallibError("runner.worker_died", job=job.name)
                    yield _failed(job, run_id_of(parts[job]), died)


@contextmanager
def _pool(workers: int, scratch: Path) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of workers that an interrupt stops at once, kernels included.

    A worker that was killed could not end its kernel, nor what the notebook had started.
    """
    pool = ProcessPoolExecutor(
        max(1, workers), mp_context=get_context("spawn"), initializer=_start_worker
    )
    try:
        yield pool
    except KeyboardInterrupt:
        for process in active_children():
            process.terminate()
            process.join()
        time.sleep(KERNEL_NOTICES)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        end_noted(scratch)


def _start_worker() -> None:
    """Let the parent alone decide what Ctrl-C means, end with it, and skip an unneeded grammar.

    jsonschema, with which notebooks are checked, takes two seconds to build the grammar of
    international addresses when it finds it; the form of notebooks holds none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def make_report(job: Job, parts: dict[str, str], scratch: Path, settings: Settings) -> JobResult:
    """Execute and render one job; whatever goes wrong is the result, never an exception."""
    from evallib.report import blocks_of, results_of

    run_id = run_id_of(parts)
    try:
        notebook = execute(job, scratch, settings)
        results = results_of(notebook)
        require_release(job, blocks_of(notebook), results)
        outputs = render(job, notebook, parts=parts, run_id=run_id)
        return JobResult(job, "made", run_id, results=results, outputs=outputs)
    except NotebookFailed as failure:
        return _failed(job, run_id, failure, failure.notebook)
    except EvallibError as refusal:
        return _failed(job, run_id, refusal)
    except Exception as error:  # one bad job must not stop the others
        unknown = EvallibError("runner.job_broke", job=job.name, found=type(error).__name__)
        return _failed(job, run_id, unknown)


def _failed(
    job: Job, run_id: str, problem: EvallibError, notebook: dict[str, Any] | None = None
) -> JobResult:
    """Return a failure, and leave its mark where the report would stand if that is possible."""
    with suppress(OSError):  # the folder may be what failed; the caller is told all the same
        keep_failed(job, str(problem), notebook)
    return JobResult(job, "failed", run_id, str(problem))


def _finish(result: JobResult, parts: dict[str, str], settings: Settings) -> JobResult:
    """Write the report beside its place, commit what its job declared, then put it there.

    What cannot be written is known before anything enters the store. A report that stands there is
    never without its results, nor without its entry in the register of releases, on which later
    editions rest. A crash before the last step costs another run, which commits the same rows
    under the same id.
    """
    if result.state != "made":
        return result
    from evallib.store import Store

    job = result.job
    parameters = dict(job.parameters)
    shared: dict[str, Any] = {
        "run_id": result.run_id,
        "fiscal_year": job.period.fiscal_year,
        "quarter": job.period.quarter,
        "as_of": parameters["as_of"],
    }
    frames = {
        name: frame.assign(**(shared if name != REGISTER else _of_run(shared)))
        for name, frame in result.results.items()
    }
    frames["runs"] = _run_row(job, parts, shared, settings)
    try:
        if REGISTER in frames:
            kept = forms_to_keep(job, frames[REGISTER], settings, run_id=result.run_id)
            frames[FORMS] = kept.assign(**_of_run(shared))
        with drafted(job, result.outputs) as put:
            Store(settings.store).commit(frames, run_id=result.run_id, as_of=parameters["as_of"])
            put()
    except EvallibError as refusal:
        return _failed(job, result.run_id, refusal)
    except OSError as error:
        found = error.strerror or type(error).__name__
        return _failed(
            job, result.run_id, EvallibError("runner.job_broke", job=job.name, found=found)
        )
    return result


def _of_run(shared: dict[str, Any]) -> dict[str, Any]:
    """Return what marks rows of a run that are about periods of their own."""
    return {name: shared[name] for name in ("run_id", "as_of")}


def _run_row(
    job: Job, parts: dict[str, str], shared: dict[str, Any], settings: Settings
) -> pd.DataFrame:
    import pandas as pd  # only runs that made something need it

    return pd.DataFrame([
        shared | {
            "notebook": job.notebook.stem,
            "scope": job.scope,
            "parameters": json.dumps(dict(job.parameters), ensure_ascii=False, sort_keys=True),
            "version": parts["version"],
            "key": hash_value(parts),
            "threshold": settings.threshold,
            "threshold_set_by": settings.threshold_set_by,
        }
    ])  # fmt: skip
