"""The file ``links.csv`` beside the database, in which persons decide on links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import EvallibError
from evallib.findings import Finding
from evallib.runner.fingerprint import hash_value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.needs.links.review import LinkReview


def link_review_file(settings: Settings) -> Path:
    """Return the file of decisions: ``data/review/links.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "links.csv"


def read_link_decisions(settings: Settings) -> LinkReview:
    """Read what persons decided; from the database when the file cannot be read at all.

    A broken file must not undo what was decided before: the last ingest kept it.
    """
    from evallib.needs.links.review import LinkReview, read_link_review
    from evallib.store import Store

    file = link_review_file(settings)
    review = read_link_review(file.read_bytes() if file.is_file() else None)
    if not review.findings or review.rows:
        return review
    try:
        links = Store(settings.store).read("need_project_links")
    except EvallibError:
        return review
    decided = links[links["reviewer_state"] != "auto"]
    keys = zip(decided["need_id"], decided["project_uid"], strict=True)
    return LinkReview(dict(zip(keys, decided["reviewer_state"], strict=True)), {}, review.findings)


def link_decisions_key(review: LinkReview) -> str:
    """Return a hash of what the decisions say and of what is wrong with the file."""
    decided = sorted([*key, state] for key, state in review.decisions.items())
    return hash_value([decided, [[f.code, f.where] for f in review.findings]])


def link_frames(
    frames: dict[str, pd.DataFrame], labels: pd.DataFrame | None, review: LinkReview
) -> list[Finding]:
    """Link needs and projects, in place of the table in ``frames``."""
    from evallib.needs import link_projects
    from evallib.tables import conform

    needs, projects = frames["needs"], frames["projects"]
    now = review.moved(_kept_projects(frames["project_duplicates"], projects))
    links = link_projects(needs, projects, labels=labels, review=now)
    frames["need_project_links"], findings = conform(links, "need_project_links")
    here = set(zip(links["need_id"], links["project_uid"], strict=True))
    gone = sorted(key for key in review.decisions if key not in here)
    moved = {key for key in gone if any(k[0] == key[0] for k in now.decisions if k in here)}
    told = [
        Finding("links.review_gone", "info", "links.csv", " ".join(key))
        for key in gone if key not in moved
    ]  # fmt: skip
    return [*review.findings, *findings, *told]


def _kept_projects(duplicates: pd.DataFrame, projects: pd.DataFrame) -> dict[str, str]:
    """Return double -> project that was kept for it, for doubles that are no longer there."""
    from evallib.needs.measures.duplication import MERGED_FROM

    sure = duplicates["state"].eq("CONFIRMED") | (
        duplicates["state"].eq("OPEN") & (duplicates["probability"] >= MERGED_FROM)
    )
    here = set(projects["project_uid"])
    pairs = duplicates[sure.to_numpy(dtype=bool)]
    return {
        double: kept
        for kept, double in zip(pairs["project_uid"], pairs["duplicate_uid"], strict=True)
        if double not in here and kept in here
    }


def write_link_decisions(settings: Settings, frames: dict[str, pd.DataFrame]) -> bool:
    """Write the least certain links into the file, unless it says the same or waits to be mended.

    Returns
    -------
    bool
        Whether the file was written.

    Raises
    ------
    EvallibError
        Another program holds the file open.
    """
    from evallib.needs.links.review import write_link_review
    from evallib.runner.publish import write_whole  # brings the reports' side

    file, review = link_review_file(settings), read_link_decisions(settings)
    if review.findings:
        return False
    content = write_link_review(
        frames["need_project_links"], frames["needs"], frames["projects"], review
    )
    if file.is_file() and file.read_bytes() == content:
        return False
    try:
        write_whole(file, content)
    except PermissionError as error:
        raise EvallibError("links.review_locked", found=file.name) from error
    return True
