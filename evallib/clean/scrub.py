"""No identifier leaves a file: free texts and findings are scrubbed before they are handed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.identifiers import scrub_identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evallib.findings import Finding

FREE_TEXT = (
    "title_th", "need_text_th", "objective_th", "target_group", "problem_text", "place_raw",
    "agency_raw", "sector_reported", "plan_source", "fund_source", "budget_type", "budget_code",
    "agency_project_code", "source_section", "resp_key", "sheet",
)  # fmt: skip
_BAR = " | "
_KNOWN_LIMIT = 200_000
_harmless: set[str] = set()  # texts of earlier files without identifiers: most come every quarter


def scrub_rows(
    frames: Mapping[str, pd.DataFrame], findings: Sequence[Finding]
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Remove identifiers from free texts and from findings.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Rows with ``file``, ``sheet`` and ``row``; the columns of ``FREE_TEXT`` are scrubbed.
    findings : sequence of Finding
        Their values and places (but for the path of the file) are scrubbed too.

    Returns
    -------
    frames : dict of str to pandas.DataFrame
    findings : list of Finding
        Those given and one for each text and kind of identifier removed; it says where and of what
        kind, never what.
    """
    texts = [t for f in frames.values() for name in FREE_TEXT if name in f for t in f[name]]
    values = [f.value for f in findings]
    places = [f.where.partition(_BAR)[2] for f in findings]
    clean, removed = _scrub_texts([*texts, *values, *places])
    if not removed:
        return dict(frames), list(findings)
    kept: list[Finding] = []
    for f in findings:
        file, bar, place = f.where.partition(_BAR)
        where, value = f"{file}{bar}{clean.get(place, place)}", clean.get(f.value, f.value)
        kept.append(replace(f, where=where, value=value))
    scrubbed = {}
    for name, frame in frames.items():
        scrubbed[name], found = _scrub_frame(frame, clean, removed)
        kept += found
    return scrubbed, kept


def _scrub_texts(texts: Iterable[object]) -> tuple[dict[str, str], dict[str, list[Finding]]]:
    """Return text -> text without identifiers, and text -> what was removed, where it was."""
    if len(_harmless) > _KNOWN_LIMIT:
        _harmless.clear()
    new = [t for t in dict.fromkeys(texts) if isinstance(t, str) and t and t not in _harmless]
    if not new:
        return {}, {}
    after, noted = scrub_identifiers(pd.Series(new, dtype="object"))
    removed: dict[str, list[Finding]] = {}
    for finding in noted:
        removed.setdefault(new[int(finding.where)], []).append(finding)
    _harmless.update(text for text in new if text not in removed)
    clean = {old: text for old, text in zip(new, after, strict=True) if old in removed}
    return clean, removed


def _scrub_frame(
    frame: pd.DataFrame, clean: Mapping[str, str], removed: Mapping[str, list[Finding]]
) -> tuple[pd.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    for name in FREE_TEXT:
        cells = frame[name].tolist() if name in frame else []
        hits = [i for i, cell in enumerate(cells) if cell in removed]
        if not hits:
            continue
        place = frame.reindex(columns=["file", "sheet", "row"]).astype("object").fillna("")
        for i in hits:
            file, sheet, row = place.iloc[i]
            where = f"{file} | {clean.get(sheet, sheet)} | {row} | {name}"
            findings += [replace(f, where=where) for f in removed[cells[i]]]
        texts = [clean.get(cell, cell) for cell in cells]
        frame = frame.assign(**{name: pd.Series(texts, frame.index, dtype="object")})
    return frame, findings
