"""Uploads that went wrong: a file sent twice, a file cut off on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.demo.wording import stream

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.demo.files.workbooks import Submission
    from evallib.demo.truth.ledger import Ledger

SENT_TWICE, CUT_OFF = 3, 2  # files of the whole demo


def spoil_uploads(folder: Path, submissions: list[Submission], ledger: Ledger, seed: int) -> int:
    """Add exact copies under another name, and the first half of some workbooks.

    The whole file is there each time too, so nothing is lost when the copy is set aside. Copies
    sort after their originals.
    """
    rng = stream(seed, "uploads")
    chosen = rng.choice(len(submissions), SENT_TWICE + CUT_OFF, replace=False)
    for i, position in enumerate(chosen):
        file = submissions[position].file
        content = (folder / file).read_bytes()
        if i < SENT_TWICE:
            copy, kind = file.replace(".xlsx", "_สำเนา.xlsx"), "file_repeated"
        else:
            copy, kind = file.replace(".xlsx", "_ส่งใหม่.xlsx"), "file_cut_off"
            content = content[: len(content) // 2]
        (folder / copy).write_bytes(content)
        ledger.defect(copy, "", 0, kind, file)
    return SENT_TWICE + CUT_OFF
