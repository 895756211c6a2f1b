"""One door to the readers of all formats: a file goes in, the cells of its sheets come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.clean.files.delimited import read_delimited
from evallib.clean.files.disguised import uncover
from evallib.clean.files.html import read_html
from evallib.clean.files.sniff import MAX_SHEETS, sniff
from evallib.clean.files.spreadsheetml import read_spreadsheetml
from evallib.clean.files.word import read_word
from evallib.clean.files.workbook import read_workbook
from evallib.errors import RefusedFile

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.clean.files.grid import Grid
    from evallib.findings import Finding

_READERS = {
    "workbook": read_workbook,
    "word": read_word,
    "spreadsheetml": read_spreadsheetml,
    "html": read_html,
    "delimited": read_delimited,
}


def read_grids(path: Path) -> tuple[list[Grid], list[Finding]]:
    """Return the sheets of a file, whatever its extension says, and what was left out of them.

    Only the process of ``evallib.clean.files.child`` calls this: the readers open foreign files.

    Raises
    ------
    RefusedFile
        The file is empty, damaged, protected by a password, larger than the limits, or no table.
    """
    grids, findings = _READERS[sniff(path)](path)
    filled = sum(any((column.codes >= 0).any() for column in grid.columns) for grid in grids)
    if filled > MAX_SHEETS:
        raise RefusedFile("read.too_wide", found=f"{filled:,} sheets", limit=f"{MAX_SHEETS} sheets")
    return uncover(grids, findings)
