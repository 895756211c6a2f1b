"""What the cells of a column are, where two headings that mean different things are alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evallib.clean.values.statuses import is_status

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 0.6  # share of distinct cells that decide
_DIGIT = re.compile(r"[0-9๐-๙]")


def holds_statuses(cells: Sequence[object]) -> bool:
    """Tell whether a column holds words about the state of works, not numbers.

    Examples
    --------
    >>> holds_statuses(["แล้วเสร็จ", "กำลังดำเนินการ", None]), holds_statuses([50, "80 %"])
    (True, False)
    """
    told = {str(cell).strip() for cell in cells if cell is not None and str(cell).strip(" -")}
    words = [text for text in told if not _DIGIT.search(text)]
    return bool(told) and len(words) > MOST * len(told) and _share(words) >= MOST


def _share(words: Sequence[str]) -> float:
    return sum(map(is_status, words)) / len(words) if words else 0.0
