"""The file ``duplicates.csv`` beside the database, in which persons decide on pairs of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import EvallibError
from evallib.runner.fingerprint import hash_value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.register import Review


def review_file(settings: Settings) -> Path:
    """Return the file of decisions: ``data/review/duplicates.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "duplicates.csv"


def read_decisions(settings: Settings) -> Review:
    """Read what persons decided; from the database when the file cannot be read at all.

    A broken file must not undo what was decided before: the last ingest kept it.
    """
    from evallib.register import read_review  # brings the cleaning; `status` needs none of it
    from evallib.register.review import review_of_table
    from evallib.store import Store

    file = review_file(settings)
    review = read_review(file.read_bytes() if file.is_file() else None)
    if not review.findings or review.rows:
        return review
    try:
        table = Store(settings.store).read("duplicate_reviews")
    except EvallibError:
        return review
    return review_of_table(table, review.findings)


def decisions_key(review: Review) -> str:
    """Return a hash of what the decisions say and of what is wrong with the file."""
    decided = sorted([*key, state] for key, state in review.decisions.items())
    return hash_value([decided, [[f.code, f.where] for f in review.findings]])


def write_decisions(settings: Settings, table: pd.DataFrame) -> bool:
    """Write the pairs of now into the file, unless it says the same or waits to be mended.

    The file is read once more: what a person wrote while the ingest was at work stays in it, and
    changes the key of the next ingest.

    Returns
    -------
    bool
        Whether the file was written.

    Raises
    ------
    EvallibError
        Another program holds the file open.
    """
    from evallib.register import write_review
    from evallib.runner.publish import write_whole  # brings the reports' side

    file, review = review_file(settings), read_decisions(settings)
    if review.findings:
        return False
    content = write_review(table, review)
    if file.is_file() and file.read_bytes() == content:
        return False
    try:
        write_whole(file, content)
    except PermissionError as error:
        raise EvallibError("duplicate.review_locked", found=file.name) from error
    return True
