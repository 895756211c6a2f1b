"""What a workbook would do if somebody opened it: macros and links, which are never followed."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from evallib.findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

_MACROS = ("vbaproject.bin", "xl/macrosheets/", "Basic/")
_LINKS = ("xl/externalLinks/", "xl/connections.xml", "xl/queryTables/")
_OLE2_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def report_active_content(path: Path) -> list[Finding]:
    """Return findings on macros and links to other files; the values that they left are read.

    Parameters
    ----------
    path : pathlib.Path
        A workbook in any format.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            found = _OLE2_MACROS in path.read_bytes()
            return [Finding("read.macros", "info")] if found else []
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    findings = []
    if any(name.startswith(_MACROS) or name.lower().endswith(_MACROS[0]) for name in names):
        findings.append(Finding("read.macros", "info"))
    links = sum(name.startswith(_LINKS) and name.endswith((".xml", ".bin")) for name in names)
    if links:
        findings.append(Finding("read.external_links", "info", "", str(links)))
    return findings
