"""Publish one executed notebook: page, notebook and manifest, each whole or not at all."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from datetime import date
from errno import EACCES
from html import unescape
from typing import TYPE_CHECKING, Any

from evallib.config import read_settings
from evallib.drafts import draft_of
from evallib.errors import DisclosureError
from evallib.i18n import LANGUAGES, text
from evallib.privacy.rounding import STEP
from evallib.runner.batch.key import MANIFEST
from evallib.runner.files import hash_bytes, write_draft, write_whole
from evallib.store.state import flush
from evallib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evallib.runner.batch.plan import Job

REPORT_HTML, REPORT_NOTEBOOK = "report.html", "report.ipynb"
FAILED, FAILED_NOTEBOOK = "failed.json", "failed.ipynb"


def render(
    job: Job, notebook: dict[str, Any], *, parts: dict[str, str], run_id: str
) -> dict[str, bytes]:
    """Return the files of a report, scanned, by name; nothing is written yet.

    Raises
    ------
    DisclosureError
        A file holds something that looks like a person's identifier.
    """
    from evallib.report import blocks_of, render_html

    language = dict(job.parameters)["language"]
    blocks = blocks_of(notebook)
    manifest = _describe(job, blocks, parts=parts, run_id=run_id)
    colophon = {text("runner.run_id", language): run_id}
    page = render_html(blocks, language=language, title=manifest["title"], meta=colophon)
    outputs = {REPORT_HTML: page.encode(), REPORT_NOTEBOOK: _as_json(notebook)}
    manifest["outputs"] = {name: hash_bytes(content) for name, content in outputs.items()}
    outputs[MANIFEST] = _as_json(manifest)
    for name, content in outputs.items():
        refuse_identifiers(job, name, content)
    return outputs


@contextmanager
def drafted(job: Job, outputs: dict[str, bytes]) -> Iterator[Callable[[], None]]:
    """Write the files of a report beside their places, and give what puts them there.

    All that can fail for want of space or of rights fails on entry, when nobody has been told
    anything yet; what is not put in its place goes on exit. The manifest comes last: it holds the
    hashes of the others, so that a report of two editions is known and made again.
    """
    places = {job.folder / name: outputs[name] for name in (REPORT_HTML, REPORT_NOTEBOOK, MANIFEST)}
    job.folder.mkdir(parents=True, exist_ok=True)
    drafts: dict[Path, Path] = {}

    def put() -> None:
        for file, draft in drafts.items():
            draft.replace(file)
        flush(job.folder)
        clear_failure(job)

    try:
        for file, content in places.items():
            _refuse_irreplaceable(file)
            drafts[file] = write_draft(file, content)
        flush(job.folder)
        yield put
    finally:
        for file in places:
            draft_of(file).unlink(missing_ok=True)


def _refuse_irreplaceable(file: Path) -> None:
    """Raise where another file cannot take this one's place: it is a folder, or locked.

    Rights of the file itself do not matter where those of its folder decide.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)))
    except FileNotFoundError:
        return
    except PermissionError as error:
        if os.name != "posix" or error.errno != EACCES:
            raise


def refuse_identifiers(job: Job, name: str, content: bytes) -> None:
    """Raise when a finished file holds a structured identifier of a person."""
    from evallib.privacy import scan_text

    shown = content.decode()
    found = scan_text(shown) or scan_text(unescape(shown))
    if found:
        kinds = ", ".join(sorted({finding.code for finding in found}))
        raise DisclosureError(
            "runner.identifier_in_output", job=job.name, file=name, count=len(found), kinds=kinds
        )


def keep_failed(job: Job, problem: str, notebook: dict[str, Any] | None = None) -> None:
    """Leave a mark of a failure beside the last good report, with the half-run notebook if any."""
    from evallib.privacy import scan_text

    if not scan_text(problem):
        write_whole(job.folder / FAILED, _as_json({"job": job.name, "problem": problem}))
    if notebook is not None:
        content = _as_json(notebook)
        if not scan_text(content.decode()):
            write_whole(job.folder / FAILED_NOTEBOOK, content)


def clear_failure(job: Job) -> None:
    """Take the marks of an earlier failure away."""
    for name in (FAILED, FAILED_NOTEBOOK):
        (job.folder / name).unlink(missing_ok=True)


def _describe(job: Job, blocks: list[Any], *, parts: dict[str, str], run_id: str) -> dict[str, Any]:
    """Return what the index and ``evallib explain`` want to know of a report."""
    from evallib.report import Cover, FindingList, edition_of, scope_name

    parameters, settings = dict(job.parameters), read_settings()
    cover = next(block for block in blocks if isinstance(block, Cover))
    listed = [f for block in blocks if isinstance(block, FindingList) for f in block.findings]
    severities = [finding.severity for finding in listed]
    return {
        "notebook": job.notebook.stem,
        "title": cover.title,
        "scope": job.scope,
        "scope_name": {name: scope_name(job.scope, language=name) for name in LANGUAGES},
        "period": str(job.period),
        "as_of": parameters["as_of"],
        "language": parameters["language"],
        "edition": edition_of(job.period, date.fromisoformat(parameters["as_of"])),
        "state": "ok",
        "run_id": run_id,
        "version": __version__,
        "parameters": parameters,
        "key_parts": parts,
        "findings": {kind: severities.count(kind) for kind in ("error", "warning", "info")},
        "people": {
            "threshold": settings.threshold,
            "threshold_set_by": settings.threshold_set_by,
            "rounded_to": STEP,
        },
        "outputs": {},
    }


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
