"""Every CSV in which people decide: read however a spreadsheet saved it, written one way.

People open these files in Excel and LibreOffice, in Thailand and elsewhere, and save them as those
programs please. What they wrote is read in any of these forms, and a file that cannot be read is
refused with what to do, never taken for an empty one.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evallib.errors import NotFound, RefusedFile, SchemaError
from evallib.findings import Finding
from evallib.i18n import text
from evallib.thai.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

__all__ = [
    "STATES", "DecisionRow", "DecisionTable", "State", "guard", "merge_cells", "read_content",
    "read_state", "read_table", "unguard", "write_table",
]  # fmt: skip

State = Literal["OPEN", "CONFIRMED", "REJECTED"]
STATES: tuple[State, ...] = ("OPEN", "CONFIRMED", "REJECTED")
_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\w\r\n])"?[,;\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_CODE = re.compile(r"^\[([^]]*)\]|\[([^]]*)\]$")  # "[state] words" or "words [state]"
_FORMULA = re.compile(r"'*[=+\-@\t\r].", re.DOTALL)  # what a spreadsheet would calculate
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # saved as .xlsx, .ods or .xls under our name
_LOST = ("read.characters_lost", "read.mojibake_lost")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One row that holds something.

    Parameters
    ----------
    line : int
        Its number as a spreadsheet shows it: blank rows count, line breaks in cells do not.
    cells : mapping of column to text
        Every column of the table; a cell that is absent is empty.
    beyond : bool
        Whether there is text to the right of the last heading.
    """

    line: int
    cells: Mapping[str, str]
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """What stands in a file in which people decide.

    Parameters
    ----------
    columns : tuple of str
        In the order of the file: ours by their names, those of others by their headings.
    rows : tuple of DecisionRow
    unnamed : bool
        Whether a column without a heading, left of the last heading, holds text.
    findings : tuple of Finding
        ``decision.characters_lost`` (error): writing the file anew would lose what stood there.
    """

    columns: tuple[str, ...]
    rows: tuple[DecisionRow, ...] = ()
    unnamed: bool = False
    findings: tuple[Finding, ...] = ()


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guard("=1+1"), guard("-"), unguard(guard("=1+1")), unguard(guard("'=1+1"))
    ("'=1+1", '-', '=1+1', "'=1+1")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return what `guard` was given; see there."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_state(cell: str) -> State | None:
    """Return the state that a person wrote, in Thai or English and in any case; None for no state.

    Examples
    --------
    >>> read_state(" Confirmed "), read_state("ปฏิเสธ"), read_state(""), read_state("maybe")
    ('CONFIRMED', 'REJECTED', 'OPEN', None)
    """
    written = cell.strip().upper() or "OPEN"
    for state in STATES:
        if written == state:
            return state
    thai = {text(f"decision.state_{state.lower()}", "th"): state for state in STATES}
    return thai.get(written)


def read_content(source: bytes | str | PathLike[str]) -> bytes:
    r"""Return the bytes of a file, or those that are given.

    Raises
    ------
    NotFound
        ``decision.no_file``: there is no such file.

    Examples
    --------
    >>> read_content(b"state\n")
    b'state\n'
    """
    if isinstance(source, bytes):
        return source
    path = Path(source)
    if not path.is_file():
        raise NotFound("decision.no_file", found=path.name)
    return path.read_bytes()


def read_table(
    content: bytes, *, needed: Sequence[str], known: Sequence[str] = (), file: str = ""
) -> DecisionTable:
    r"""Read a file in which people decide.

    Parameters
    ----------
    content : bytes
        CSV in UTF-8 or UTF-16 with or without mark, or in cp874, with commas, semicolons, tabs or
        what a line ``sep=`` names.
    needed : sequence of str
        Names of columns without which the file is none of ours.
    known : sequence of str, optional
        Names of further columns of ours. A heading bears a name of ours alone or in brackets before
        or after its words, in any case.
    file : str, optional
        Name of the file, for messages.

    Raises
    ------
    SchemaError
        ``decision.unreadable``: empty, a workbook, no CSV, or in an unknown encoding;
        ``decision.columns``: a needed column is absent; ``decision.column_twice``: a column of ours
        stands there twice.

    Examples
    --------
    >>> table = read_table("[State] ผล;ID\r\nยืนยัน;'=1\r\n".encode("cp874"), needed=["state", "id"])
    >>> table.columns, table.rows[0].line, table.rows[0].cells
    (('state', 'id'), 2, {'state': 'ยืนยัน', 'id': '=1'})
    """
    written, findings = _decoded(content, file)
    separator = _SEPARATOR_LINE.match(written)
    written = written[separator.end() :] if separator else written
    ours = {name.casefold(): name for name in (*needed, *known)}
    delimiters = dict.fromkeys((*(separator[1] if separator else ""), *_DELIMITERS))
    headings = {sign: _headings(written, sign, ours) for sign in delimiters}
    fitting = [sign for sign, names in headings.items() if {*needed} <= {*names}]
    if not fitting:
        most = max(headings.values(), key=len)
        shown = ", ".join(filter(None, most))
        code = "decision.columns" if shown else "decision.unreadable"
        raise SchemaError(code, file=file, needed=", ".join(needed), found=shown)
    names = headings[delimiter := fitting[0]]
    twice = [name for name in ours.values() if names.count(name) > 1]
    if twice:
        raise SchemaError("decision.column_twice", file=file, found=", ".join(twice))
    names = _apart(names)
    try:
        rows, unnamed = _rows(_records(written, delimiter), names)
    except csv.Error:
        raise SchemaError("decision.unreadable", file=file) from None
    return DecisionTable(tuple(filter(None, names)), rows, unnamed, findings)


def merge_cells(
    first: Mapping[str, str], second: Mapping[str, str], *, persons: Iterable[str]
) -> dict[str, str]:
    """Return one row for two about the same thing: what persons wrote into either stays.

    Parameters
    ----------
    first, second : mapping of column to text
        The rows, in the order of the file.
    persons : iterable of str
        Columns that persons fill; of all others the cells of ``second`` count.

    Examples
    --------
    >>> merge_cells({"who": "A", "note": ""}, {"who": "", "note": "b"}, persons=("who", "note"))
    {'who': 'A', 'note': 'b'}
    >>> merge_cells({"note": "a"}, {"note": "b"}, persons=("note",))
    {'note': 'a / b'}
    """
    merged = {**first, **second}
    for name in persons:
        said = (first.get(name, "").strip(), second.get(name, "").strip())
        merged[name] = " / ".join(dict.fromkeys(filter(None, said)))
    return merged


def _decoded(content: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    unreadable = SchemaError("decision.unreadable", file=file)
    if content.startswith(_WORKBOOKS):
        raise unreadable
    try:
        written, findings = decode(content)
    except RefusedFile:
        raise unreadable from None
    written = written.lstrip("\ufeff")
    if not written.strip():
        raise unreadable
    lost = [finding.value for finding in findings if finding.code in _LOST]
    told = [Finding("decision.characters_lost", "error", file, value) for value in lost]
    return written, tuple(told)


def _records(written: str, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    """Yield the rows that hold something, with their numbers."""
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    for line, record in enumerate(reader, 1):
        if any(map(str.strip, record)):
            yield line, record


def _headings(written: str, delimiter: str, ours: Mapping[str, str]) -> list[str]:
    """Return the names of the columns; "" for one without a heading, none at the end.

    There are none where quotes show that another sign stands between the cells.
    """
    try:
        cells = next(iter(_records(written, delimiter)), (0, []))[1]
    except csv.Error:
        return []
    names = []
    for cell in cells:
        heading = unguard(cell.strip())
        code = _CODE.search(heading)
        codes = [code[1] or code[2] or "", heading] if code else [heading]
        keys = ["_".join(part.casefold().split()) for part in codes]
        names.append(next((ours[key] for key in keys if key in ours), heading))
    while names and not names[-1]:  # columns that a spreadsheet left behind
        names.pop()
    return names


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are alike, so that no column hides another."""
    apart: list[str] = []
    for name in names:
        number, other = 1, name
        while other and (other in apart or (number > 1 and other in names)):
            number += 1
            other = f"{name} ({number})"
        apart.append(other)
    return apart


def _rows(
    records: Iterable[tuple[int, list[str]]], names: Sequence[str]
) -> tuple[tuple[DecisionRow, ...], bool]:
    """Return the rows below the headings, and whether a column without one holds text."""
    rows, unnamed = [], False
    for line, record in list(records)[1:]:
        cells = dict.fromkeys(filter(None, names), "")
        for name, cell in zip(names, record, strict=False):
            if name:
                cells[name] = unguard(cell)
            unnamed |= bool(not name and cell.strip())
        rows.append(DecisionRow(line, cells, any(map(str.strip, record[len(names) :]))))
    return tuple(rows), unnamed


def write_table(
    headings: Mapping[str, str], rows: Iterable[Mapping[str, str]], *, quote_all: bool = False
) -> bytes:
    r"""Return a file in which people decide, as Excel opens it in Thai.

    Parameters
    ----------
    headings : mapping of str to str
        Name of a column -> its heading, in the order of the file.
    rows : iterable of mapping of str to str
        Cells by the names of columns; an absent one is empty.
    quote_all : bool, default False
        Whether quotes stand around every cell and lines end in a line feed alone.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark and commas. No cell is a formula.

    Examples
    --------
    >>> write_table({"state": "ผล [state]"}, [{"state": "OPEN"}]).decode("utf-8-sig")
    'ผล [state]\r\nOPEN\r\n'
    """
    target = io.StringIO(newline="")
    if quote_all:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
    else:  # only with this line end does the module put quotes around each kind of line break
        writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(map(guard, headings.values()))
    writer.writerows([guard(row.get(name, "")) for name in headings] for row in rows)
    return target.getvalue().encode("utf-8-sig")
