"""The content key of a job: equal keys mean that the report would come out the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evallib import __version__
from evallib.runner.fingerprint import hash_file, hash_source, hash_value
from evallib.runner.plan import read_notebook

if TYPE_CHECKING:
    from evallib.config import Settings
    from evallib.runner.plan import Job

MANIFEST = "manifest.json"


def key_parts(job: Job, settings: Settings, *, data: str, lock: Path) -> dict[str, str]:
    """Return the hash of each thing that a report is made from.

    Parameters
    ----------
    job : Job
        The report to make.
    settings : Settings
        What the office chose: threshold, outcome, programme, scope. Folders are left out.
    data : str
        Run id of the ingest whose tables the notebook reads.
    lock : pathlib.Path
        The file of pinned versions; its absence is part of the key.
    """
    cells = [
        [cell["cell_type"], "".join(cell["source"]), sorted(cell["metadata"].get("tags", []))]
        for cell in read_notebook(job.notebook)["cells"]
    ]
    return {
        "notebook": hash_value(cells),
        "parameters": hash_value(dict(job.parameters)),
        "settings": hash_value(
            {name: value for name, value in asdict(settings).items() if not isinstance(value, Path)}
        ),
        "data": data,
        "source": hash_source(),
        "lock": hash_file(lock) if lock.is_file() else "-",
        "version": __version__,
    }


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a finished report, or None."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest


def changed_parts(job: Job, parts: dict[str, str]) -> list[str]:
    """Return what differs from the finished report: names of parts, or ``["missing"]``."""
    manifest = read_manifest(job.folder)
    if manifest is None or not all((job.folder / name).is_file() for name in manifest["outputs"]):
        return ["missing"]
    before = manifest["key_parts"]
    return sorted(name for name in parts if parts[name] != before.get(name))
