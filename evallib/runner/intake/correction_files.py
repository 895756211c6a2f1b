"""Correction sheets in their folder: written whole, taken away when done, never over an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from evallib.runner.files import hash_bytes, hash_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

LEDGER = "_sheets.json"


def store_sheets(
    folder: Path,
    contents: Mapping[str, bytes],
    returned: set[str],
    *,
    waiting: Collection[str] = (),
) -> list[str]:
    """Write workbooks and delete those without a matter; keep what somebody filled in there.

    A workbook that was changed since it was written is replaced only when the same bytes lie among
    the submissions: its answers have arrived. One that another program holds open is kept too.
    Workbooks in the folders that are ``waiting`` stay, whatever they hold.
    """
    if not contents and not folder.is_dir():
        return []
    written = _read_ledger(folder)
    left = {path: digest for path, digest in written.items() if path.rpartition("/")[0] in waiting}
    kept = []
    for path in sorted({*written, *contents} - {*left}):
        file = folder / path
        held = hash_file(file) if file.is_file() else None
        new = contents.get(path)
        foreign = held is not None and held not in {written.get(path), *returned}
        if foreign and (new is None or held != hash_bytes(new)):
            kept.append(path)
            continue
        try:
            if new is None:
                file.unlink(missing_ok=True)
            elif held != hash_bytes(new):
                write_whole(file, new)
        except PermissionError:
            kept.append(path)
    ledger = {path: hash_bytes(content) for path, content in sorted(contents.items())}
    ledger |= {path: written.get(path, "") for path in kept} | left
    text = json.dumps(ledger, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / LEDGER, text.encode())
    return kept


def _read_ledger(folder: Path) -> dict[str, str]:
    try:
        ledger = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    inside = folder.resolve()
    return {
        str(path): str(digest)
        for path, digest in (ledger.items() if isinstance(ledger, dict) else ())
        if (folder / str(path)).resolve().is_relative_to(inside)
    }
