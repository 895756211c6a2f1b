"""Tables of a Word document (.docx), each under the paragraphs that stand before it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid, Span, spans_within
from evallib.clean.files.sniff import MAX_COLUMNS, MAX_ROWS, WORD_PART, check_size
from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element

    from evallib.findings import Finding

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_SPAN = 63  # columns that one cell of Word can take
MOST_TITLES = 12  # paragraphs before a table that belong to it
NAME = "ตาราง "


def read_word(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid a table, the paragraphs before it as its first rows.

    Tables within tables are not read; what was deleted under tracked changes is not there.

    Raises
    ------
    RefusedFile
        The document is no well-formed XML, declares entities of its own, holds no table, or a
        table is beyond the limits of rows and columns.
    """
    grids: list[Grid] = []
    titles: list[str] = []
    for block in _body(path):
        if block.tag == f"{_W}p":
            titles += [text] if (text := _text(block)) else []
        elif block.tag == f"{_W}tbl":
            grids.append(_read_table(f"{NAME}{len(grids) + 1}", block, titles[-MOST_TITLES:]))
            titles = []
    if not grids:
        raise RefusedFile("read.not_a_table", found="docx")
    return grids, []


def _body(path: Path) -> _Element:
    from lxml import etree  # only documents need it

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        with zipfile.ZipFile(path) as archive:
            root = etree.fromstring(archive.read(WORD_PART), parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    if root.getroottree().docinfo.doctype:
        raise RefusedFile("read.damaged", found="DOCTYPE")
    body = root.find(f"{_W}body")
    if body is None:
        raise RefusedFile("read.not_a_table", found="docx")
    return body


def _read_table(name: str, table: _Element, titles: list[str]) -> Grid:
    rows: list[list[Cell]] = [[title] for title in titles]
    spans: list[Span] = []
    merged: dict[int, Span] = {}  # column -> cell that reaches down so far
    for written in table.iterchildren(f"{_W}tr"):
        row: list[Cell] = []
        for cell in written.iterchildren(f"{_W}tc"):
            width, down = _extent(cell)
            c, r = len(row), len(rows)
            if down == "continue" and c in merged:
                r0, c0, _, c1 = merged[c]
                merged[c] = (r0, c0, r, c1)
                row += [None] * width
                continue
            if c in merged:
                spans.append(merged.pop(c))
            row += [_text(cell) or None, *[None] * (width - 1)]
            if down == "restart" or width > 1:
                merged[c] = (r, c, r, c + width - 1)
        rows.append(row)
        if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
            check_size(len(rows), len(row))
    spans += merged.values()
    width = max(map(len, rows), default=0)
    kept = [s for s in spans if s[2] > s[0] or s[3] > s[1]]
    return Grid(name, rows, spans_within(kept, len(rows), width))


def _extent(cell: _Element) -> tuple[int, str]:
    """Return over how many columns a cell reaches, and whether it begins or goes on downwards."""
    properties = cell.find(f"{_W}tcPr")
    if properties is None:
        return 1, ""
    span, down = properties.find(f"{_W}gridSpan"), properties.find(f"{_W}vMerge")
    said = (span.get(f"{_W}val") or "1") if span is not None else "1"
    width = min(int(said), _MOST_SPAN) if said.isdigit() else 1
    return max(1, width), "" if down is None else down.get(f"{_W}val") or "continue"


def _text(block: _Element) -> str:
    """Return the words of a paragraph or a cell, a line for each paragraph."""
    paragraphs = [block] if block.tag == f"{_W}p" else list(block.iterchildren(f"{_W}p"))
    lines = []
    for paragraph in paragraphs:
        pieces = paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br")
        words = ((p.text or "") if p.tag == f"{_W}t" else " " for p in pieces)
        lines.append("".join(words).strip())
    return "\n".join(line for line in lines if line)
