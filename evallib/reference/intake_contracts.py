"""Tables that intake keeps beside the cleaned ones: what was sent back, scored and settled."""

from __future__ import annotations

from evallib.reference.contracts import Entry

INTAKE: dict[str, Entry] = {}
