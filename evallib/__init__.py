"""Evaluate public development projects in Thailand's southern border provinces.

Five nouns carry the library: a frame that meets a contract of ``evallib.tables``, ``FiscalPeriod``,
a place code, ``Finding`` and ``Effect``. Functions are the verbs between them: read, clean, link,
estimate, suppress, store, report.

Examples
--------
>>> import evallib as ev
>>> ev.FiscalPeriod.parse("2565-Q3").label("en")
'quarter 3, fiscal year 2565 (2021/22)'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from evallib import agencies, clean, demo, impact, needs, places, privacy, report, runner
    from evallib.config import Settings, read_settings
    from evallib.errors import (
        DesignError,
        DisclosureError,
        EvallibError,
        NotFound,
        RefusedFile,
        SchemaError,
    )
    from evallib.findings import Finding, findings_frame
    from evallib.impact import Design, Effect
    from evallib.periods import FiscalPeriod
    from evallib.store import Store

_HOMES = {
    "Design": "impact",
    "DesignError": "errors",
    "DisclosureError": "errors",
    "Effect": "impact",
    "EvallibError": "errors",
    "Finding": "findings",
    "FiscalPeriod": "periods",
    "NotFound": "errors",
    "RefusedFile": "errors",
    "SchemaError": "errors",
    "Settings": "config",
    "Store": "store",
    "findings_frame": "findings",
    "read_settings": "config",
}
_ROOMS = (
    "agencies", "clean", "demo", "impact", "needs", "places", "privacy", "report", "runner",
)  # fmt: skip

__all__ = [
    "Design",
    "DesignError",
    "DisclosureError",
    "Effect",
    "EvallibError",
    "Finding",
    "FiscalPeriod",
    "NotFound",
    "RefusedFile",
    "SchemaError",
    "Settings",
    "Store",
    "__version__",
    "agencies",
    "clean",
    "demo",
    "findings_frame",
    "impact",
    "needs",
    "places",
    "privacy",
    "read_settings",
    "report",
    "runner",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use: importing evallib alone costs milliseconds."""
    if name in _HOMES:
        return getattr(import_module(f"evallib.{_HOMES[name]}"), name)
    if name in _ROOMS:
        return import_module(f"evallib.{name}")
    raise AttributeError(f"module 'evallib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
