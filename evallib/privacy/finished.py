"""Read a finished file as the text that its reader sees, and scan it."""

from __future__ import annotations

import html
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evallib.errors import NotFound, RefusedFile
from evallib.privacy.scan import scan_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evallib.findings import Finding

TEXTS = frozenset({".csv", ".tsv", ".txt", ".md", ".svg", ".xml", ".toml", ".log", ".typ"})
PAGES = frozenset({".html", ".htm"})
TREES = frozenset({".json", ".ipynb"})
BOOKS = frozenset({".xlsx", ".docx"})
TAG = re.compile(r"<[^<>]*>")
SCANNED = TEXTS | PAGES | TREES | BOOKS


def scan_file(path: str | Path) -> list[Finding]:
    """Find what identifies a person in a finished file.

    Parameters
    ----------
    path : path
        A report, its notebook, data or workbook: HTML, JSON, ipynb, CSV, text, SVG, xlsx, docx.

    Returns
    -------
    list of Finding
        As ``scan_text`` gives them; ``where`` begins with the name of the file, without folders.

    Raises
    ------
    NotFound
        There is no such file.
    RefusedFile
        The file is of another kind, or is not what its suffix says, so that nothing can be
        vouched for.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "report.json"
    >>> _ = file.write_text('["081-234-5678"]')
    >>> scan_file(file)[0].where
    'report.json | line 1 | column 1'
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound("privacy.no_file", found=file.name)
    try:
        text = _text(file)
    except (ValueError, zipfile.BadZipFile) as error:  # undecodable, not JSON, not a workbook
        raise RefusedFile("privacy.unscannable", found=file.name) from error
    return scan_text(text, where=file.name)


def _text(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix in BOOKS:
        return "\n".join(_parts(file))
    if suffix not in SCANNED:
        raise ValueError(suffix)
    text = file.read_text(encoding="utf-8-sig")
    if suffix in PAGES:
        return html.unescape(text)
    if suffix in TREES:
        return "\n".join(_leaves(json.loads(text, parse_float=str)))
    return text


def _leaves(tree: Any) -> Iterator[str]:
    """Yield every key, text and number of a JSON value, in its order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(reversed([part for pair in node.items() for part in pair]))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
        elif node is not None:
            yield str(node)


def _parts(file: Path) -> Iterator[str]:
    """Yield the words of each part of a workbook or document; a tag ends a word."""
    with zipfile.ZipFile(file) as book:
        for name in sorted(book.namelist()):
            if name.endswith((".xml", ".rels", ".vml")):
                part = book.read(name).decode("utf-8")
                yield html.unescape(TAG.sub("\n", part))
