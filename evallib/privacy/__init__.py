"""The gate: what is about people leaves only after suppression, and only where it may.

The names are loaded on first use, so that ``import evallib.privacy`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evallib.privacy.audit import audit_table
    from evallib.privacy.figures import release_counts, release_means, release_shares
    from evallib.privacy.finished import scan_file
    from evallib.privacy.gate import Gate
    from evallib.privacy.scan import scan_text
    from evallib.privacy.sensitive_text import SensitiveText, conceal_text
    from evallib.privacy.suppress import suppress_table
    from evallib.privacy.suppressed import SuppressedTable

__all__ = [
    "Gate",
    "SensitiveText",
    "SuppressedTable",
    "audit_table",
    "conceal_text",
    "release_counts",
    "release_means",
    "release_shares",
    "scan_file",
    "scan_text",
    "suppress_table",
]

_HOMES = {
    "Gate": "gate",
    "SensitiveText": "sensitive_text",
    "SuppressedTable": "suppressed",
    "audit_table": "audit",
    "conceal_text": "sensitive_text",
    "release_counts": "figures",
    "release_means": "figures",
    "release_shares": "figures",
    "scan_file": "finished",
    "scan_text": "scan",
    "suppress_table": "suppress",
}


def __getattr__(name: str) -> object:
    """Import a public name from the module in which it stands."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
