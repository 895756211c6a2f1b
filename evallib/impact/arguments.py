"""Refuse arguments of estimators that mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_choice(name: str, value: object, known: Sequence[str]) -> None:
    """Refuse a word that is not known.

    Raises
    ------
    SchemaError
        ``impact.unknown_choice``.
    """
    if value not in known:
        raise SchemaError(
            "impact.unknown_choice", name=name, found=repr(value), known=", ".join(known)
        )


def check_numbers(*, level: float, **counts: int) -> None:
    """Refuse a level outside 0 to 1, and counts that are negative or not whole.

    Raises
    ------
    SchemaError
        ``impact.bad_level``, ``impact.not_a_count``.
    """
    for name, number in counts.items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise SchemaError("impact.not_a_count", name=name, found=repr(number))
    if not 0 < level < 1:
        raise SchemaError("impact.bad_level", found=repr(level))
