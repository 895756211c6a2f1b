"""Cells of HTML tables, the form in which the councils' system exports "Excel" files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evallib.clean.decoding import decode
from evallib.clean.grid import Cell, Grid, Span, spans_within
from evallib.clean.sniff import MAX_COLUMNS, MAX_ROWS
from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.html import HtmlElement

    from evallib.findings import Finding

_CHARSET = re.compile(r"charset=[\"']?[\w-]+", re.IGNORECASE)


def read_html(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid for each table that holds no other table, and findings on the encoding.

    Raises
    ------
    RefusedFile
        The file holds no table, or a table beyond the limits of rows and columns.
    """
    from lxml import etree, html  # only the councils' files need it

    text, findings = decode(path.read_bytes())  # whatever encoding the page claims
    text = _CHARSET.sub("charset=utf-8", text)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        tree = html.fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    tables = [t for t in tree.iter("table") if next(t.iterdescendants("table"), None) is None]
    if not tables:
        raise RefusedFile("read.not_a_table", found="HTML")
    return [_read_table(table) for table in tables], findings


def _read_table(table: HtmlElement) -> Grid:
    rows: list[list[Cell]] = []
    spans: list[Span] = []
    free: list[int] = []  # of each column, the row from which no cell above reaches into it
    for r, tr in enumerate(table.iter("tr")):
        if r >= MAX_ROWS:
            raise RefusedFile("read.too_wide", found=f"> {MAX_ROWS:,}", limit=f"{MAX_ROWS:,}")
        row: list[Cell] = []
        c = 0
        for cell in tr.iterchildren("td", "th"):
            while c < len(free) and free[c] > r:
                c += 1
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            if c + across > MAX_COLUMNS:
                raise RefusedFile("read.too_wide", found=f"> {MAX_COLUMNS:,}", limit="columns")
            row += [None] * (c + across - len(row))
            row[c] = " ".join("".join(cell.itertext()).split()) or None
            if down > 1 or across > 1:
                spans.append((r, c, r + down - 1, c + across - 1))
                free += [0] * (c + across - len(free))
                free[c : c + across] = [r + down] * across
            c += across
        rows.append(row)
    width = max(map(len, rows), default=0)
    return Grid("", rows, spans_within(spans, len(rows), width))


def _span(written: str | None) -> int:
    """Return a span of 1 to 500: browsers and we ignore what is not a number."""
    if written is None or not written.strip().isdigit():
        return 1
    return min(max(int(written), 1), 500)
