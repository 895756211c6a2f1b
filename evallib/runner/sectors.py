"""Sectors of needs and projects at ingest, by the package's statements and the office's labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.runner.fingerprint import hash_value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings
    from evallib.findings import Finding

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
