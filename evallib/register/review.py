"""The file in which persons decide on pairs: read with care, never losing what they wrote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evallib.decisions import (
    STATES,
    DecisionRow,
    merge_cells,
    read_content,
    read_state,
    read_table,
    write_table,
)
from evallib.errors import SchemaError
from evallib.findings import Finding, Where
from evallib.i18n import text
from evallib.register.duplicates import pair_key
from evallib.register.pairs_in_words import DUPLICATE, PART
from evallib.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    import pandas as pd

REVIEW_FILE = "duplicates.csv"
OWN = ("state", "who", "note")  # columns that a person fills
KEY = ("relation", "project_uid", "other_uid")
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


def read_review(content: bytes | str | PathLike[str] | None) -> Review:
    """Read the file of decisions; nothing at all where there is none.

    Parameters
    ----------
    content : bytes or path, optional
        The file or where it lies, as `evallib.decisions.read_table` reads it: UTF-8, UTF-16 or
        cp874, with commas, semicolons or tabs.

    Returns
    -------
    Review
        A row that cannot be understood decides nothing and is a finding (error):
        ``duplicate.review_unreadable``, ``duplicate.review_no_key``,
        ``duplicate.review_state_unknown``, ``duplicate.review_contradicts``; and
        ``decision.characters_lost`` for a file with damaged characters.

    Raises
    ------
    NotFound
        There is no file at the path.
    """
    if content is None:
        return Review()
    bytes_of_file = read_content(content)
    try:
        table = read_table(
            bytes_of_file, needed=(*OWN, *KEY), known=columns(), file=REVIEW_FILE
        )  # fmt: skip
    except SchemaError as error:
        line = None if error.code == "decision.unreadable" else 1
        return Review(findings=(_finding("unreadable", line),))
    if table.unnamed:
        return Review(findings=(_finding("unreadable", 1),))
    review = _read_rows(table.rows)
    extra = tuple(name for name in table.columns if name not in columns())
    return replace(review, extra=extra, findings=(*review.findings, *table.findings))


def review_of_table(table: pd.DataFrame, findings: tuple[Finding, ...]) -> Review:
    """Return the decisions that a table ``duplicate_reviews`` holds, for a file that is broken."""
    names = list(map(str, table.columns))
    rows = [
        DecisionRow(line, dict(zip(names, map(str, cells), strict=True)))
        for line, cells in enumerate(table.itertuples(index=False), 2)
    ]
    return replace(_read_rows(rows), findings=findings)


def _read_rows(lines: Iterable[DecisionRow]) -> Review:
    decisions: dict[Key, str] = {}
    rows: dict[Key, Mapping[str, str]] = {}
    findings = []
    for line in lines:
        row, number = line.cells, line.line
        relation, a, b = (row.get(name, "").strip() for name in KEY)
        state = read_state(row.get("state", ""))
        key = review_key(relation, a, b)
        ours = relation in {DUPLICATE, PART} and a.startswith("P-") and b.startswith("P-")
        if not ours or line.beyond:
            findings.append(_finding("no_key", number))
        elif state is None:
            findings.append(_finding("state_unknown", number))
        elif key in rows and decisions.get(key, "OPEN") != state:
            findings.append(_finding("contradicts", number))
            decisions.pop(key, None)
        else:
            persons = [name for name in row if name in OWN[1:] or name not in columns()]
            rows[key] = merge_cells(rows[key], row, persons=persons) if key in rows else row
            if state != "OPEN":
                decisions[key] = state
    return Review(decisions, rows, (), tuple(findings))


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
    headings = {name: heading(name) for name in columns()} | {name: name for name in review.extra}
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
    return write_table(headings, lines)


def _cell(name: str, value: object) -> str:
    """Return a value as a person reads it."""
    if value is None or value != value:  # noqa: PLR0124  NaN
        return ""
    if name == "counted":
        return text("duplicate.counted" if value else "duplicate.not_counted", "th")
    if name in {"budget_approved", "other_budget"}:
        return f"{value:.2f}"
    return f"{value:%Y-%m-%d}" if name == "as_of" else str(value)
