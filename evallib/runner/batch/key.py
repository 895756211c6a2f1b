"""The content key of a job: equal keys mean that the report would come out the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evallib.config import DEADLINES
from evallib.runner.batch.plan import read_notebook
from evallib.runner.batch.releases import standing_sets
from evallib.runner.files import hash_file, hash_source, hash_value
from evallib.store.state import fingerprint
from evallib.version import __version__

if TYPE_CHECKING:
    from evallib.config import Settings
    from evallib.runner.batch.plan import Job

MANIFEST = "manifest.json"


def key_parts(job: Job, settings: Settings, *, lock: Path) -> dict[str, str]:
    """Return the hash of each thing that a report is made from.

    Parameters
    ----------
    job : Job
        The report to make.
    settings : Settings
        What the office chose: threshold, outcome, programme, scope. Folders and deadlines are
        left out.
    lock : pathlib.Path
        The file of pinned versions; its absence is part of the key.
    """
    cells = [
        [cell["cell_type"], "".join(cell["source"]), sorted(cell["metadata"].get("tags", []))]
        for cell in read_notebook(job.notebook)["cells"]
    ]
    return {
        "notebook": hash_value(cells),
        "parameters": hash_value({k: v for k, v in job.parameters if k != "store"}),
        "settings": hash_value(
            {
                name: value
                for name, value in asdict(settings).items()
                if not isinstance(value, Path) and name not in DEADLINES
            }
        ),
        "data": fingerprint(settings.store),
        "released": standing_sets(job, settings),
        "source": hash_source(),
        "lock": hash_file(lock) if lock.is_file() else "-",
        "version": __version__,
    }


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a finished report, or None when there is none that can be used."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        usable = isinstance(manifest["outputs"], dict) and isinstance(manifest["key_parts"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return manifest if usable else None


def _whole(folder: Path, outputs: dict[str, str]) -> bool:
    """Tell whether every file of a report is there as it was written."""
    files = {folder / name: digest for name, digest in outputs.items()}
    return all(f.is_file() and hash_file(f) == digest for f, digest in files.items())


def changed_parts(job: Job, parts: dict[str, str]) -> list[str]:
    """Return what differs from the finished report: names of parts, or ``["missing"]``."""
    manifest = read_manifest(job.folder)
    if manifest is None or not _whole(job.folder, manifest["outputs"]):
        return ["missing"]
    before = manifest["key_parts"]
    return sorted(name for name in parts if parts[name] != before.get(name))
