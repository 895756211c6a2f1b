"""Cells of HTML tables, the form in which the councils' system exports "Excel" files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evallib.clean.files.grid import Cell, Grid, Span, spans_within
from evallib.clean.files.sniff import check_size
from evallib.errors import RefusedFile
from evallib.findings import Finding
from evallib.thai.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.html import HtmlElement

_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_OPENED = re.compile(r"<table[\s>/]", re.IGNORECASE)
_CLOSED = re.compile(r"</table\s*>", re.IGNORECASE)
_ROW = re.compile(r"<tr[\s>/]", re.IGNORECASE)
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_CHARSET = re.compile(r"charset=[\"']?[\w-]+", re.IGNORECASE)


def read_html(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return one grid for each table and what is not certain of it.

    A table that holds others keeps its own texts, often the titles of those within it.

    Raises
    ------
    RefusedFile
        The file holds no table, a table beyond the limits of rows and columns, or elements so deep
        within each other that the parser gives up.
    """
    from lxml import etree, html  # only the councils' files need it

    text, findings = decode(path.read_bytes())  # whatever encoding the page claims
    text = _CHARSET.sub("charset=utf-8", text)
    text = _ENDS.sub("", text)  # pages one after another are one page
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        tree = html.fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFile("read.damaged", found=type(error).__name__) from error
    if any(told.level >= etree.ErrorLevels.FATAL for told in parser.error_log):
        raise RefusedFile("read.damaged", found="HTML")  # the rest of the page was not read
    etree.strip_elements(tree, "script", "style", with_tail=False)
    rows: dict[HtmlElement, list[HtmlElement]] = {table: [] for table in tree.iter("table")}
    if not rows:
        raise RefusedFile("read.not_a_table", found="HTML")
    for row in tree.iter("tr"):
        owner = next(row.iterancestors("table"), None)
        if owner is not None:
            rows[owner].append(row)
    holders = {holder for table in rows for holder in table.iterancestors("table")}
    grids = [_read_table(own, holds=table in holders) for table, own in rows.items()]
    return grids, findings + _report_loss(text, sum(map(len, rows.values())))


def _report_loss(text: str, n_rows: int) -> list[Finding]:
    """Return findings on a page that ends within a table, and on rows that the parser skipped.

    A comment or a script that is never closed swallows what follows, and a browser shows as little.
    """
    seen = _UNSEEN.sub("", text)
    findings = []
    if len(_OPENED.findall(seen)) > len(_CLOSED.findall(seen)):
        findings.append(Finding("read.page_cut", "warning"))
    written = len(_ROW.findall(seen))
    if written > n_rows:
        findings.append(Finding("read.rows_unread", "warning", "", f"{written - n_rows:,}"))
    return findings


def _read_table(table_rows: list[HtmlElement], *, holds: bool) -> Grid:
    rows: list[list[Cell]] = []
    spans: list[Span] = []
    width = 0
    free: list[int] = []  # of each column, the row from which no cell above reaches into it
    for r, tr in enumerate(table_rows):
        row: list[Cell] = []
        c = 0
        for cell in tr.iterchildren("td", "th"):
            while c < len(free) and free[c] > r:
                c += 1
            down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
            width = max(width, c + across)
            check_size(r + 1, width)
            row += [None] * (c + across - len(row))
            texts = _own_texts(cell) if holds else cell.itertext()
            row[c] = " ".join("".join(texts).split()) or None
            if down > 1 or across > 1:
                spans.append((r, c, r + down - 1, c + across - 1))
                free += [0] * (c + across - len(free))
                free[c : c + across] = [r + down] * across
            c += across
        rows.append(row)
    return Grid("", rows, spans_within(spans, len(rows), width))


def _own_texts(element: HtmlElement) -> Iterator[str]:
    """Yield the texts of a cell without those of the tables within it."""
    yield element.text or ""
    for child in element:
        if child.tag != "table" and isinstance(child.tag, str):
            yield from _own_texts(child)
        yield child.tail or ""


def _span(written: str | None) -> int:
    """Return a span of 1 to 500: browsers and we ignore what is not a number."""
    written = (written or "").strip()
    if not (written.isascii() and written.isdigit()):
        return 1
    return min(max(int(written[:9]), 1), 500)
