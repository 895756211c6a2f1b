"""The errors that a caller can mend: each says what was needed, what was found and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.characters import escaped
from evallib.i18n import three_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "DesignError", "DisclosureError", "EvallibError", "NotFound", "RefusedFile", "SchemaError",
]  # fmt: skip


class EvallibError(Exception):
    """Root of every error that evallib raises on purpose.

    Parameters
    ----------
    code : str
        Stable code of the message, such as ``"places.unknown_province"``; its Thai and English
        words stand in ``evallib/locale``.
    **values : object
        What the words mention: names, counts, columns; never a person or a person's words.

    Examples
    --------
    >>> error = NotFound("places.unknown_province", found="99", known="94, 95")
    >>> print(error.message("en"))
    needed: a province of the area: 94, 95
    found:  99
    do:     use a code or a name from the list
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def message(self, language: str = "th") -> str:
        """Return the three parts in one language, ``"th"`` or ``"en"``.

        Characters of a name that are no text are written out, so that it can always be printed.
        """
        return escaped(three_parts(self.code, language, **self.values), lines=True)

    def __str__(self) -> str:
        return f"{self.message('th')}\n{self.message('en')}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.values)


class SchemaError(EvallibError, ValueError):
    """A table or an argument does not have the agreed form."""


class DesignError(EvallibError, ValueError):
    """An estimator was asked a question that the design cannot answer."""


class DisclosureError(EvallibError):
    """Publishing would let somebody work out what is about a person."""


class RefusedFile(EvallibError):  # noqa: N818  the noun that intake reports
    """A submitted file cannot be read; it stays where it is and becomes a finding."""


class NotFound(EvallibError, LookupError):  # noqa: N818  the field says "not found"
    """A name, code, file or table does not exist."""


def with_nearest(found: object, known: Iterable[str]) -> str:
    """Return a name that is not known, with the nearest that is, for the message that refuses it.

    Examples
    --------
    >>> with_nearest("projcts", ["needs", "projects"]), with_nearest("?", ["needs"])
    ('projcts (~ projects)', '?')
    """
    from difflib import get_close_matches  # only a wrong call pays for it

    near = get_close_matches(str(found), list(known), n=1)
    return f"{found} (~ {near[0]})" if near else str(found)


def _rebuild(kind: type[EvallibError], code: str, values: dict[str, object]) -> EvallibError:
    """Restore an error that crossed a process border."""
    return kind(code, **values)
