"""Cells of CSV and TSV files, in the encodings that Thai offices use."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from evallib.clean.grid import Cell, Grid
from evallib.clean.sniff import MAX_COLUMNS, MAX_ROWS
from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from pathlib import Path

MAX_LINE = 1_000_000  # characters
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = (",", "\t", ";", "|")
_THAI = range(0x0E01, 0x0E5C)


def read_delimited(path: Path) -> list[Grid]:
    """Return the one grid of a CSV or TSV file.

    Raises
    ------
    RefusedFile
        No known encoding, a quote that never ends, or lines or columns beyond the limits.
    """
    text = decode(path.read_bytes())
    if "\0" in text:
        raise RefusedFile("read.not_a_table", found="\\0")
    longest = max(map(len, text.splitlines()), default=0)
    if longest > MAX_LINE:
        raise RefusedFile("read.too_wide", found=f"{longest:,}", limit=f"{MAX_LINE:,}")
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True):
            if len(row) > MAX_COLUMNS or len(rows) >= MAX_ROWS:
                raise RefusedFile(
                    "read.too_wide", found=f"{len(rows):,} x {len(row):,}",
                    limit=f"{MAX_ROWS:,} x {MAX_COLUMNS:,}",
                )  # fmt: skip
            rows.append([cell if cell and not cell.isspace() else None for cell in row])
    except csv.Error as error:
        raise RefusedFile("read.damaged", found=str(error)) from error
    return [Grid("", rows)]


def decode(content: bytes) -> str:
    """Decode by BOM, else strict UTF-8, else cp874 when it yields Thai.

    Detectors of encodings fail on short Thai texts, so the order is fixed.

    Raises
    ------
    RefusedFile
        None of the three fits.

    Examples
    --------
    >>> decode("ปัตตานี".encode("cp874")), decode("ยะลา".encode("utf-16"))
    ('ปัตตานี', 'ยะลา')
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            try:
                return content[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise RefusedFile("read.encoding", found=encoding) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = content.decode("cp874", errors="replace")
    foreign = [ord(character) for character in text if ord(character) > 127]
    if sum(code in _THAI for code in foreign) * 2 < len(foreign):
        raise RefusedFile("read.encoding", found="?")
    return text


def _dialect(text: str) -> type[csv.Dialect]:
    """Choose the separator that the first lines hold most evenly."""
    lines = [line for line in text[:100_000].splitlines()[:30] if line.strip()]
    best = max(_MARKS, key=lambda mark: (_evenness(lines, mark), mark == ","))

    class Submitted(csv.excel):
        delimiter = best

    return Submitted


def _evenness(lines: list[str], mark: str) -> int:
    """Return how many separators stand in lines of the most usual width."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (width - 1) * times
