"""The file in which persons decide on pairs: read with care, never losing what they wrote."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evallib.errors import RefusedFile
from evallib.findings import Finding, Where
from evallib.i18n import text
from evallib.register.duplicates import pair_key
from evallib.register.pairs_in_words import DUPLICATE, PART
from evallib.tables import contract
from evallib.thai.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

REVIEW_FILE = "duplicates.csv"
STATES = ("OPEN", "CONFIRMED", "REJECTED")
OWN = ("state", "who", "note")  # columns that a person fills
KEY = ("relation", "project_uid", "other_uid")
_DELIMITERS = (",", ";", "\t")
_RISKY = ("=", "+", "-", "@", "\t")  # what a spreadsheet would take for a formula
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Review:
    """What stands in the file.

    Parameters
    ----------
    decisions : mapping of (relation, id, id) to {"CONFIRMED", "REJECTED"}
    rows : mapping of (relation, id, id) to (mapping of column to text)
        Every row as a person left it, by its key.
    extra : tuple of str
        Headings that are not ours; they are kept.
    findings : tuple of Finding
        What could not be read. As long as there is any, the file is left as it is.
    """

    decisions: Mapping[Key, str] = field(default_factory=dict)
    rows: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of(self, relation: str) -> dict[tuple[str, str], str]:
        """Return the decisions on one relation, by sorted pair of ids."""
        return {(a, b): state for (name, a, b), state in self.decisions.items() if name == relation}


def columns() -> list[str]:
    """Return the columns of the file in their order."""
    told = {"state", "province_code"}  # the first is a person's, the second stands in the place
    shown = [name for name in contract("duplicate_reviews").names if name not in told]
    return [*OWN, *shown]


def heading(name: str) -> str:
    """Return the heading of a column: its Thai words, and its name in brackets to read it by."""
    known = {column.name: column.th for column in contract("duplicate_reviews").columns}
    words = known.get(name) or text(f"duplicate.heading_{name}", "th")
    if name == "state":
        words += " OPEN/CONFIRMED/REJECTED"
    return f"{words} [{name}]"


def review_key(relation: str, a: str, b: str) -> Key:
    """Return the key of a row, whichever of the two projects was reported first."""
    return (relation, *pair_key(a, b))


def read_review(content: bytes | None) -> Review:
    """Read the file of decisions; nothing at all where there is none.

    Parameters
    ----------
    content : bytes, optional
        The file as it is on disk: UTF-8, UTF-16 or cp874, with commas, semicolons or tabs.

    Returns
    -------
    Review
        A row that cannot be understood decides nothing and is a finding (error):
        ``duplicate.review_unreadable``, ``duplicate.review_no_key``,
        ``duplicate.review_state_unknown``, ``duplicate.review_contradicts``.
    """
    if content is None:
        return Review()
    try:
        written, _ = decode(content)
        first = written.split("\n", 1)[0]
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
        head, *lines = [line for line in reader if any(map(str.strip, line))]
    except (RefusedFile, csv.Error, ValueError):
        return Review(findings=(_finding("unreadable"),))
    names = [cell[cell.rfind("[") + 1 : -1] if cell.endswith("]") else cell
             for cell in map(str.strip, head)]  # fmt: skip
    while names and not names[-1]:  # columns that a spreadsheet left behind
        names.pop()
    if not {*OWN, *KEY} <= {*names} or "" in names or len({*names}) < len(names):
        return Review(findings=(_finding("unreadable", 1),))
    return _read_rows(lines, names)


def review_of_table(table: pd.DataFrame, findings: tuple[Finding, ...]) -> Review:
    """Return the decisions that a table ``duplicate_reviews`` holds, for a file that is broken."""
    lines = [[str(cell) for cell in row] for row in table.itertuples(index=False)]
    return replace(_read_rows(lines, list(table.columns)), findings=findings)


def _read_rows(lines: list[list[str]], names: list[str]) -> Review:
    decisions: dict[Key, str] = {}
    rows: dict[Key, Mapping[str, str]] = {}
    findings = []
    for number, line in enumerate(lines, 2):
        row = dict(zip(names, line, strict=False))
        relation, a, b = (row.get(name, "").strip() for name in KEY)
        state = row.get("state", "").strip().upper() or "OPEN"
        key = review_key(relation, a, b)
        beyond = any(map(str.strip, line[len(names) :]))
        ours = relation in {DUPLICATE, PART} and a.startswith("P-") and b.startswith("P-")
        if not ours or beyond:
            findings.append(_finding("no_key", number))
        elif state not in STATES:
            findings.append(_finding("state_unknown", number))
        elif key in rows and decisions.get(key, "OPEN") != state:
            findings.append(_finding("contradicts", number))
            decisions.pop(key, None)
        else:
            rows[key] = row
            if state != "OPEN":
                decisions[key] = state
    extra = tuple(name for name in names if name not in columns())
    return Review(decisions, rows, extra, tuple(findings))


def _finding(what: str, line: int | None = None) -> Finding:
    """Return a finding without what the cell holds: it may be anything that a person typed."""
    where = Where(REVIEW_FILE, "", line)
    return Finding(f"duplicate.review_{what}", "error", where, " / ".join(STATES))


def write_review(table: pd.DataFrame, review: Review) -> bytes:
    """Return the file anew: the pairs of now with what persons wrote, and decided pairs of before.

    Parameters
    ----------
    table : pandas.DataFrame
        Contract ``duplicate_reviews``; its states play no part.
    review : Review
        What stands in the file: states, reviewers and notes are taken from it alone.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, for Excel. The same table and review give the same bytes, and
        so does reading them back.
    """
    names = [*columns(), *review.extra]
    lines: list[dict[str, str]] = []
    seen = set()
    for values in table.to_dict("records"):
        row = {str(name): value for name, value in values.items()}
        key = review_key(*(str(row[name]) for name in KEY))
        kept = review.rows.get(key, {})
        seen.add(key)
        shown = {name: _cell(name, row[name]) for name in columns() if name in row}
        person = {name: kept.get(name, "") for name in (*OWN[1:], *review.extra)}
        lines.append(shown | person | {"state": review.decisions.get(key, "OPEN")})
    gone = [(key, row) for key, row in sorted(review.rows.items()) if key not in seen]
    for key, left in gone:
        state = review.decisions.get(key, "OPEN")
        if state != "OPEN" or any(left.get(n, "").strip() for n in (*OWN[1:], *review.extra)):
            lines.append(dict(left) | {"state": state, "counted": text("duplicate.pair_gone")})
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*(heading(name) for name in columns()), *review.extra])
    writer.writerows([_safe(line.get(name, "")) for name in names] for line in lines)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _cell(name: str, value: object) -> str:
    """Return a value as a person reads it."""
    if value is None or value != value:  # noqa: PLR0124  NaN
        return ""
    if name == "counted":
        return text("duplicate.counted" if value else "duplicate.not_counted", "th")
    if name in {"budget_approved", "other_budget"}:
        return f"{value:.2f}"
    return f"{value:%Y-%m-%d}" if name == "as_of" else str(value)


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if len(cell) > 1 and cell.startswith(_RISKY) else cell
