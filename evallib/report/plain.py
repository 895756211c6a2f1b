"""Plain text: what a page, a label or a cell may hold."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from typing import Any

import pandas as pd

# Controls, lone surrogates and marks that reorder text have no place on a page.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN, NaT or NA."""
    nothing = value is None or value is pd.NA or value is pd.NaT
    return nothing or (isinstance(value, float) and math.isnan(value))


def exact_text(value: object) -> str:
    r"""Return plain text: no markup-bearing subclass of ``str``, no control characters.

    Examples
    --------
    >>> exact_text("น้ำ\x00ประปา"), exact_text(None), exact_text(12)
    ('น้ำประปา', '', '12')
    """
    if is_missing(value):
        return ""
    return _UNPRINTABLE.sub("", "".join(value if isinstance(value, str) else str(value)))


class Plain:
    """Make every text of a frozen dataclass plain when it is built."""

    def __post_init__(self) -> None:
        """Replace each text, also within tuples, by plain text."""
        for each in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            object.__setattr__(self, each.name, plain(getattr(self, each.name)))


def plain(value: Any) -> Any:
    """Return a value whose texts, also within tuples, are plain."""
    if isinstance(value, str):
        return exact_text(value)
    if isinstance(value, (tuple, list)):
        return tuple(plain(item) for item in value)
    return value
