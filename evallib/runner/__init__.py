"""Run the whole way: ingest what was sent, plan and execute report notebooks, publish, remember."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evallib.runner.intake import IngestReport, ingest
    from evallib.runner.plan import Job, plan_jobs
    from evallib.runner.run import JobResult, run

__all__ = ["IngestReport", "Job", "JobResult", "ingest", "plan_jobs", "run"]

_HOMES = {
    "ingest": "intake", "IngestReport": "intake",
    "plan_jobs": "plan", "Job": "plan",
    "run": "run", "JobResult": "run",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
