"""Tables that intake keeps beside the cleaned ones: what was sent back, scored and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evallib.reference.contracts import Entry

INTAKE: dict[str, Entry] = {}
