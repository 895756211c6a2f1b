"""Cells of CSV and TSV files, in the encodings that Thai offices use."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid
from evallib.clean.files.sniff import check_size
from evallib.errors import RefusedFile
from evallib.thai.encodings import decode

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.findings import Finding

MAX_LINE = 1_000_000  # characters
_MARKS = (",", "\t", ";", "|")
_STATED = re.compile(r"sep=(.)\r?\n|sep=(.)\r", re.IGNORECASE)
_LINE_END = re.compile("[\r\n]")


def read_delimited(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return the one grid of a CSV or TSV file, and findings on its encoding.

    A first line ``sep=;`` names the separator and is no row, as in Excel. Every cell is text: one
    that begins like a formula is that text.

    Raises
    ------
    RefusedFile
        No known encoding, a quote that never ends, or lines or columns beyond the limits.
    """
    text, findings = decode(path.read_bytes())
    if "\0" in text:
        raise RefusedFile("read.not_a_table", found="\\0")
    longest = max(map(len, _LINE_END.split(text)))
    if longest > MAX_LINE:
        raise RefusedFile("read.too_wide", found=f"{longest:,}", limit=f"{MAX_LINE:,}")
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() :]
    mark = next(filter(None, stated.groups())) if stated else _separator(text)
    csv.field_size_limit(MAX_LINE)
    rows: list[list[Cell]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            width = max(width, len(row))
            check_size(len(rows) + 1, width)
            rows.append([cell if cell and not cell.isspace() else None for cell in row])
    except csv.Error as error:
        raise RefusedFile("read.damaged", found=str(error)) from error
    return [Grid("", rows)], findings


def _separator(text: str) -> str:
    """Choose the separator that the first lines hold most evenly."""
    lines = [line for line in _LINE_END.split(text[:100_000])[:60] if line.strip()][:30]
    return max(_MARKS, key=lambda mark: (_evenness(lines, mark), mark == ","))


def _evenness(lines: list[str], mark: str) -> int:
    """Return how many separators stand in lines of the most usual width."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (width - 1) * times
