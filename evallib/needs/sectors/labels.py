"""Statements whose topic a person wrote down: those of the package and those of an office."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import StringIO
from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import SchemaError
from evallib.findings import Finding, Where
from evallib.needs.sectors.topics import sector_codes, topic_codes
from evallib.needs.sectors.words import even_out

if TYPE_CHECKING:
    from pathlib import Path

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


def read_labels(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    r"""Read the labels that an office adds; the classifier follows them.

    Parameters
    ----------
    path : pathlib.Path
        CSV in UTF-8 or Thai Windows with the columns ``text`` and ``label``: a code of a topic
        (``WAT-PIP``) or of a sector (``WAT``). Other columns are the office's own.

    Returns
    -------
    labels : pandas.DataFrame, shape (n, 2)
        ``text`` (in even spelling) and ``label``, one row a text, sorted.
    findings : list of Finding
        ``needs.label_unknown``: a code that is none; ``needs.label_empty``: a row without text;
        ``needs.label_conflict``: one text with two labels. Such rows are not used.

    Raises
    ------
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
    rows = _rows(path)
    rows["text"] = rows["text"].fillna("").map(even_out)
    rows["label"] = rows["label"].fillna("").str.strip().str.upper()
    known = rows["label"].isin([*topic_codes(), *sector_codes()])
    empty = rows["text"].eq("")
    findings = [_told(path, row, "label_empty", "") for row in rows.index[empty]]
    unknown = rows[~known & ~empty]
    findings += [
        _told(path, row, "label_unknown", label)
        for row, label in zip(unknown.index, unknown["label"], strict=True)
    ]
    rows = rows[known & ~empty].drop_duplicates()
    twice = rows["text"].duplicated(keep=False)
    findings += [_told(path, row, "label_conflict", "") for row in rows.index[twice]]
    return rows[~twice].sort_values("text", ignore_index=True), findings


def _rows(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    try:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:  # Excel in Thailand saves CSV so
            text = content.decode("cp874")
        rows = pd.read_csv(StringIO(text), dtype="str", keep_default_na=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise SchemaError("needs.labels_unreadable", file=path.name) from None
    absent = [name for name in COLUMNS if name not in rows]
    if absent:
        raise SchemaError(
            "needs.labels_columns", needed=", ".join(COLUMNS), found=", ".join(rows.columns),
        )  # fmt: skip
    rows.index = pd.RangeIndex(2, len(rows) + 2)  # lines of the file, for its reader
    return rows[list(COLUMNS)]


def _told(path: Path, row: int, what: str, value: str) -> Finding:
    return Finding(f"needs.{what}", "warning", Where(path.name, row=row), value)
