"""The file ``duplicates.csv`` beside the database, in which persons decide on pairs of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import EvallibError
from evallib.findings import Finding
from evallib.runner.files import hash_value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.needs.links.review import LinkReview
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
    from evallib.runner.files import write_whole

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
    from evallib.runner.files import write_whole

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


METHOD = "statements"  # how a sector was found, in the register


def labels_file(settings: Settings) -> Path:
    """Return the file of labels: ``data/review/labels.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "labels.csv"


def read_office_labels(settings: Settings) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return the labels that the office wrote, or None where it wrote none.

    Raises
    ------
    SchemaError
        The file is there and cannot be read.
    """
    file = labels_file(settings)
    if not file.is_file():
        return None, []
    from evallib.needs import read_labels  # brings pandas; `status` needs none of it

    labels, findings = read_labels(file)
    return labels, findings


def labels_key(labels: pd.DataFrame | None, findings: list[Finding]) -> str:
    """Return a hash of what the labels say and of what is wrong with their file."""
    rows = [] if labels is None else labels.to_numpy().tolist()
    return hash_value([rows, [[finding.code, finding.where] for finding in findings]])


def classify_frames(frames: dict[str, pd.DataFrame], labels: pd.DataFrame | None) -> None:
    """Give needs and projects their sectors, in place of those in ``frames``."""
    from evallib.needs import classify_needs

    needs, projects = frames["needs"], frames["projects"]
    stated = classify_needs(needs["need_text_th"], labels=labels)
    frames["needs"] = needs.assign(
        sector_code=stated["sector_code"], sector_conf=stated["confidence"]
    )
    described = classify_needs(
        projects["title_th"].str.cat(projects["objective_th"].fillna(""), sep=" "), labels=labels
    )
    frames["projects"] = projects.assign(
        sector_code=described["sector_code"], sector_conf=described["confidence"],
        sector_method=METHOD,
    )  # fmt: skip
