"""Under which secret respondents get their keys, and whether it is still the one of before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evallib.errors import EvallibError
from evallib.privacy.respondent_key import key_mark, settle_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evallib.clean import Submission
    from evallib.config import Settings


class Respondents(NamedTuple):
    """The secret, the mark by which it is known again, and whether it was made just now."""

    key: bytes | None = None
    mark: str = ""
    made: bool = False


def check_respondents(settings: Settings, mark: str | None, *, new: bool) -> None:
    """Refuse an ingest before it begins when the secret of the database is gone or another.

    Parameters
    ----------
    settings : Settings
    mark : str or None
        That the last ingest noted; None where its account is not there.
    new : bool
        Respondents get other keys by decision.

    Raises
    ------
    DisclosureError
        As `settle_key` does.
    """
    if mark and not new:
        settle_key(settings, mark)


def respondents_of(
    submissions: Iterable[Submission], settings: Settings, mark: str | None, *, new: bool
) -> Respondents:
    """Return the secret for these submissions; none is made before people are asked.

    Parameters
    ----------
    submissions : iterable of Submission
    settings, mark, new
        As for `check_respondents`.

    Raises
    ------
    DisclosureError
        As `settle_key` does.
    """
    from evallib.register.assembly import asks_people  # only a real ingest brings frames

    if not asks_people(submissions):
        return Respondents()
    key, made = settle_key(settings, _mark_unknown(settings) if mark is None else mark, new=new)
    return Respondents(key, key_mark(key), made)


def _mark_unknown(settings: Settings) -> str | None:
    """Return None where a database without its account holds people, else that it holds nobody."""
    from evallib.store import Store

    try:
        inputs = Store(settings.store).read("inputs")
    except EvallibError:
        return ""
    people = inputs["kind"].eq("survey") & inputs["state"].eq("read") & ~inputs["synthetic"]
    return None if people.any() else ""
