"""Statements whose topic a person wrote down: those of the package and those of an office."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evallib.decisions import read_content, read_table
from evallib.errors import SchemaError
from evallib.findings import Finding, Where
from evallib.needs.sectors.topics import sector_codes, topic_codes
from evallib.needs.sectors.words import even_out

if TYPE_CHECKING:
    from os import PathLike

LABELS_FILE = "labels.csv"
COLUMNS = ("text", "label")


def read_statements() -> pd.DataFrame:
    """Return the labelled statements from which sectors and topics are learnt.

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        ``writer`` (one hand, whose sentences resemble one another), ``kind`` (``need`` or
        ``title``), ``topic_code``, ``second_topic_code`` (of a sentence with two needs, else
        missing) and ``text``; all str. Made up for this library: no sentence was said by anybody.
    """
    return _package().copy()


@cache
def _package() -> pd.DataFrame:
    file = resources.files("evallib") / "reference" / "labelled_statements.csv"
    with file.open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype="str")


def read_labels(path: str | PathLike[str] | bytes) -> tuple[pd.DataFrame, list[Finding]]:
    r"""Read the labels that an office adds; the classifier follows them.

    Parameters
    ----------
    path : path or bytes
        Where the file lies, or what it holds, as `evallib.decisions.read_table` reads it, with the
        columns ``text`` and ``label``: a code of a topic (``WAT-PIP``) or of a sector (``WAT``).
        Other columns are the office's own.

    Returns
    -------
    labels : pandas.DataFrame, shape (n, 2)
        ``text`` (in even spelling) and ``label``, one row a text, sorted.
    findings : list of Finding
        ``needs.label_unknown``: a code that is none; ``needs.label_empty``: a row without text;
        ``needs.label_conflict``: one text with two labels. Such rows are not used.
        ``decision.no_heading`` and ``decision.characters_lost``: text that may be meant otherwise.

    Raises
    ------
    NotFound
        There is no such file.
    SchemaError
        A column is absent, or the file is no CSV.

    Examples
    --------
    >>> import tempfile; from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "labels.csv"
    ...     _ = path.write_text("text,label\nขอรั้วกูโบร์,REL-KUB\nขอรถ,XYZ\n", encoding="utf-8")
    ...     labels, findings = read_labels(path)
    >>> labels.values.tolist(), [finding.code for finding in findings]
    ([['ขอรั้วกูโบร์', 'REL-KUB']], ['needs.label_unknown'])
    """
    file = LABELS_FILE if isinstance(path, bytes) else Path(path).name
    rows, damaged = _rows(read_content(path), file)
    rows["text"] = rows["text"].map(even_out)
    rows["label"] = rows["label"].str.strip().str.upper()
    known = rows["label"].isin([*topic_codes(), *sector_codes()])
    empty = rows["text"].eq("")
    findings = [_told(file, row, "label_empty", "") for row in rows.index[empty]]
    unknown = rows[~known & ~empty]
    findings += [
        _told(file, row, "label_unknown", label)
        for row, label in zip(unknown.index, unknown["label"], strict=True)
    ]
    rows = rows[known & ~empty].drop_duplicates()
    twice = rows["text"].duplicated(keep=False)
    findings += [_told(file, row, "label_conflict", "") for row in rows.index[twice]]
    return rows[~twice].sort_values("text", ignore_index=True), [*findings, *damaged]


def _rows(content: bytes, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows by their lines in the file, and what is damaged in it."""
    try:
        table = read_table(content, needed=COLUMNS, file=file)
    except SchemaError as error:
        if error.code == "decision.unreadable":
            raise SchemaError("needs.labels_unreadable", file=file) from None
        if error.code == "decision.columns":
            raise SchemaError("needs.labels_columns", **error.values) from None
        raise
    rows = pd.DataFrame(
        [[row.cells[name] for name in COLUMNS] for row in table.rows],
        index=pd.Index([row.line for row in table.rows], dtype="int64"),
        columns=list(COLUMNS), dtype="str",
    )  # fmt: skip
    beyond = [row.line for row in table.rows if row.beyond]
    told = [Finding("decision.no_heading", "warning", Where(file, row=line)) for line in beyond]
    return rows, [*table.findings, *told]


def _told(file: str, row: int, what: str, value: str) -> Finding:
    return Finding(f"needs.{what}", "warning", Where(file, row=row), value)
