"""The files beside the database in which persons decide: on pairs of projects, links and labels."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from evallib.errors import EvallibError, SchemaError
from evallib.findings import Finding
from evallib.runner.files import hash_value, write_whole
from evallib.thai.file_names import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.needs.links.review import LinkReview
    from evallib.register import Review

METHOD = "statements"  # how a sector was found, in the register
TRIES = 4  # a program that saves or a person who closes a file is waited for so often
PAUSE = 0.5  # seconds between two tries
_LIKE = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods"}  # what a spreadsheet saves
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """One file in which persons decide, as it lies on disk.

    Parameters
    ----------
    path : pathlib.Path
    locked : str
        Code of the error when another program holds it.
    """

    path: Path
    locked: str = "decision.locked"

    def read(self) -> bytes | None:
        """Return what it holds, or None where there is none.

        Raises
        ------
        SchemaError
            ``decision.other_name``: decisions lie there under another name, and would be lost.
        EvallibError
            Another program holds the file.
        """
        content = self._patiently(self._content)
        if content is None:
            for other in self.others():
                raise SchemaError("decision.other_name", needed=self.path.name, found=other.name)
        return content

    def renew(self, compose: Callable[[bytes | None], bytes | None]) -> bool:
        """Write the file anew, whole or not at all, from what it holds at that moment.

        Parameters
        ----------
        compose : callable
            Content of now -> content to be; None: the file stays as it is.

        Returns
        -------
        bool
            Whether the file was written.

        Raises
        ------
        EvallibError
            Another program holds the file open.
        """

        def written() -> bool:
            held = self._content()
            content = compose(held)
            if content is None or content == held:
                return False
            if mark := self.open_mark():
                raise PermissionError(mark)
            write_whole(self.path.resolve(), content)  # a link to a share stays one
            return True

        return self._patiently(written)

    def open_mark(self) -> str:
        """Return the name of the file by which Excel or LibreOffice says that it is open, or ""."""
        marks = (f"~${self.path.name}", f".~lock.{self.path.name}#")
        return next((mark for mark in marks if self.path.with_name(mark).exists()), "")

    def others(self) -> list[Path]:
        """Return files that begin with its name, as copies and workbooks do: nobody reads them."""
        if not self.path.parent.is_dir():
            return []
        return sorted(
            file
            for file in self.path.parent.iterdir()
            if file.suffix.lower() in _LIKE
            and re.match(rf"{self.path.stem}(?![a-z0-9])", file.name.lower())
            and file.is_file()
            and not (self.path.exists() and file.samefile(self.path))
        )

    def _content(self) -> bytes | None:
        if self.path.is_file():
            return self.path.read_bytes()
        if self.path.is_symlink() or self.path.exists():  # a share that is away, a folder, a pipe
            raise SchemaError("decision.no_content", found=self.path.name)
        return None

    def _patiently(self, action: Callable[[], Answer]) -> Answer:
        for _ in range(TRIES - 1):
            try:
                return action()
            except PermissionError:
                time.sleep(PAUSE)
        try:
            return action()
        except PermissionError as error:
            if mark := self.open_mark():
                raise EvallibError("decision.open_copy", found=self.path.name, mark=mark) from error
            raise EvallibError(self.locked, found=self.path.name) from error


def review_file(settings: Settings) -> Path:
    """Return the file of decisions: ``data/review/duplicates.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "duplicates.csv"


def link_review_file(settings: Settings) -> Path:
    """Return the file of decisions: ``data/review/links.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "links.csv"


def labels_file(settings: Settings) -> Path:
    """Return the file of labels: ``data/review/labels.csv`` for ``data/processed``."""
    return settings.store.parent / "review" / "labels.csv"


def _pairs(settings: Settings) -> DecisionFile:
    return DecisionFile(review_file(settings), "duplicate.review_locked")


def _links(settings: Settings) -> DecisionFile:
    return DecisionFile(link_review_file(settings), "links.review_locked")


def files_not_read(settings: Settings) -> list[Finding]:
    """Return a finding for each file beside a file of decisions that bears its name all but."""
    files = (_pairs(settings), _links(settings), DecisionFile(labels_file(settings)))
    return [
        Finding("decision.not_read", "warning", shown_name(other.name), file.path.name)
        for file in files for other in file.others()
    ]  # fmt: skip


def _of_last_ingest(settings: Settings, table: str) -> pd.DataFrame | None:
    """Return a table of the database, or None where there is none that can be read."""
    from evallib.store import Store

    try:
        return Store(settings.store).read(table)
    except EvallibError:
        return None


def _key(decided: Iterable[list[str]], findings: Iterable[Finding]) -> str:
    """Return a hash of what is decided, however it is written, and of what is wrong with it."""
    return hash_value([list(decided), [[f.code, f.where] for f in findings]])


def _key_of_states(
    decisions: Iterable[tuple[tuple[str, ...], str]], findings: Iterable[Finding]
) -> str:
    return _key(sorted([*key, state] for key, state in decisions), findings)


def read_decisions(settings: Settings) -> Review:
    """Read what persons decided on pairs; from the database when the file cannot be read at all.

    A broken file must not undo what was decided before: the last ingest kept it.
    """
    from evallib.register import read_review  # brings the cleaning; `status` needs none of it
    from evallib.register.review import review_of_table

    review = read_review(_pairs(settings).read())
    if not review.findings or review.rows:
        return review
    table = _of_last_ingest(settings, "duplicate_reviews")
    return review if table is None else review_of_table(table, review.findings)


def decisions_key(review: Review) -> str:
    """Return a hash of what the decisions say and of what is wrong with the file."""
    return _key_of_states(review.decisions.items(), review.findings)


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
    from evallib.register import read_review, write_review

    def anew(content: bytes | None) -> bytes | None:
        review = read_review(content)
        return None if review.findings else write_review(table, review)

    return _pairs(settings).renew(anew)


def read_link_decisions(settings: Settings) -> LinkReview:
    """Read what persons decided on links; from the database when the file cannot be read at all.

    A broken file must not undo what was decided before: the last ingest kept it.
    """
    from evallib.needs.links.review import LinkReview, read_link_review

    review = read_link_review(_links(settings).read())
    if not review.findings or review.rows:
        return review
    links = _of_last_ingest(settings, "need_project_links")
    if links is None:
        return review
    decided = links[links["reviewer_state"] != "auto"]
    keys = zip(decided["need_id"], decided["project_uid"], strict=True)
    return LinkReview(dict(zip(keys, decided["reviewer_state"], strict=True)), {}, review.findings)


def link_decisions_key(review: LinkReview) -> str:
    """Return a hash of what the decisions say and of what is wrong with the file."""
    return _key_of_states(review.decisions.items(), review.findings)


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
    from evallib.tables.intake import MERGED_FROM

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
    from evallib.needs.links.review import read_link_review, write_link_review

    def anew(content: bytes | None) -> bytes | None:
        review = read_link_review(content)
        if review.findings:
            return None
        links, needs, projects = (
            frames[name] for name in ("need_project_links", "needs", "projects")
        )
        return write_link_review(links, needs, projects, review)

    return _links(settings).renew(anew)


def read_office_labels(settings: Settings) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return the labels that the office wrote, or None where it wrote none.

    Raises
    ------
    SchemaError
        The file is there and cannot be read.
    """
    content = DecisionFile(labels_file(settings)).read()
    if content is None:
        return None, []
    from evallib.needs import read_labels  # brings pandas; `status` needs none of it

    labels, findings = read_labels(content)
    return labels, findings


def labels_key(labels: pd.DataFrame | None, findings: list[Finding]) -> str:
    """Return a hash of what the labels say and of what is wrong with their file."""
    return _key([] if labels is None else labels.to_numpy().tolist(), findings)


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
