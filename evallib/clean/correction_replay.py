"""Corrections replayed: the answered cell takes the place of the sent one before reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.clean.correction_answers import Answer, written
from evallib.clean.distinct import HIDDEN
from evallib.clean.grid import Factored, Grid
from evallib.clean.identifiers import scrub_identifiers
from evallib.findings import Finding
from evallib.tables import conform, empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from evallib.clean.grid import Cell, Span
    from evallib.clean.submission import Submission


def settle_answers(
    submissions: Iterable[Submission],
) -> tuple[dict[str, tuple[Answer, ...]], list[Answer], list[Finding]]:
    """Choose one answer for each cell, by the hash of the file that holds it.

    Returns
    -------
    chosen : dict of str to tuple of Answer
        Hash of a submission that is there -> its answers, to be replayed.
    settled : list of Answer
        Those that will not be: ``superseded`` by a later answer, ``stale`` when their file is gone.
    findings : list of Finding
        ``correction.superseded`` and ``correction.stale`` (warning).
    """
    known = sorted(submissions, key=lambda s: s.file)
    books = {s.sha256: s for s in reversed(known) if s.answers}  # the same bytes count once
    there = {s.sha256 for s in known if s.kind != "corrections"}
    answers = [a for s in books.values() for a in s.answers]
    answers.sort(key=lambda a: (*a.target, a.when, a.source, a.source_row))
    last = {answer.target: answer for answer in answers}
    chosen: dict[str, list[Answer]] = {}
    settled: list[Answer] = []
    findings: list[Finding] = []
    for answer in answers:
        if answer.sha256 not in there:
            settled.append(replace(answer, state="stale"))
            findings.append(Finding("correction.stale", "warning", _place(answer)))
        elif last[answer.target] is answer:
            chosen.setdefault(answer.sha256, []).append(answer)
        else:
            settled.append(replace(answer, state="superseded"))
            if answer.shown != last[answer.target].shown:
                value = last[answer.target].source
                findings.append(Finding("correction.superseded", "warning", _place(answer), value))
    return {sha256: tuple(some) for sha256, some in sorted(chosen.items())}, settled, findings


def replay_corrections(
    files: Sequence[Path],
    submissions: Sequence[Submission],
    read: Callable[[Path, tuple[Answer, ...]], Submission],
) -> tuple[list[Submission], pd.DataFrame, list[Finding]]:
    """Read again the files of which agencies corrected cells.

    Parameters
    ----------
    files : sequence of Path
        The files of ``submissions``, in their order.
    submissions : sequence of Submission
        As sent, correction sheets among them.
    read : callable
        Reads one file with answers.

    Returns
    -------
    submissions : list of Submission
        The same, corrected ones in the place of those sent.
    log : pandas.DataFrame
        Contract ``corrections``: the changelog of cells, which is the same whenever the same files
        lie there.
    findings : list of Finding
        ``correction.applied`` (info, one a sheet), ``correction.stale``,
        ``correction.superseded`` (warning).
    """
    chosen, settled, findings = settle_answers(submissions)
    replayed: dict[str, tuple[Answer, ...]] = {}
    corrected = []
    for file, submission in zip(files, submissions, strict=True):
        if submission.sha256 in chosen and submission.kind != "corrections":
            again = read(file, chosen[submission.sha256])
            replayed[submission.sha256] = again.answers
            corrected.append(again)
        else:
            corrected.append(submission)
    done = [answer for answers in replayed.values() for answer in answers]
    findings += [
        Finding("correction.stale", "warning", _place(a)) for a in done if a.state == "stale"
    ]
    counts: dict[str, int] = {}
    for answer in done:
        if answer.state == "applied":
            where = f"{answer.file} | {answer.sheet} |  | "
            counts[where] = counts.get(where, 0) + 1
    findings += [
        Finding("correction.applied", "info", w, str(n)) for w, n in sorted(counts.items())
    ]
    return corrected, _log([*done, *settled]), findings


def correct_cells(
    grids: Sequence[Grid], answers: Sequence[Answer]
) -> tuple[list[Grid], tuple[Answer, ...]]:
    """Put answered cells into the sheets of a file.

    A cell is replaced when its sheet, row and column are there and it still reads as the
    correction sheet says it was sent.

    Returns
    -------
    grids : list of Grid
        Those given are not changed.
    answers : tuple of Answer
        With ``state`` ``applied``, ``confirmed`` or ``stale``.
    """
    made = list(grids)
    places = [_sheet_of(made, answer) for answer in answers]
    before = [
        "" if at is None else written(_cell(made[at], a))
        for at, a in zip(places, answers, strict=True)
    ]
    clean, _ = scrub_identifiers(pd.Series(before, dtype="object"))
    settled = []
    for answer, at, was, raw in zip(answers, places, clean.tolist(), before, strict=True):
        if at is None or not _still_reads(answer.old, str(was), raw):
            settled.append(replace(answer, state="stale"))
        elif answer.new is None:
            settled.append(replace(answer, state="confirmed"))
        else:
            made[at] = _with_cell(made[at], answer)
            settled.append(replace(answer, state="applied"))
    return made, tuple(settled)


def _still_reads(old: str, scrubbed: str, raw: str) -> bool:
    return HIDDEN in old if HIDDEN in old and raw else old in {scrubbed, raw}


def _sheet_of(grids: Sequence[Grid], answer: Answer) -> int | None:
    """Return the position of the sheet that holds the answered cell, by its name as shown."""
    names = [grid.name for grid in grids]
    if answer.sheet not in names:
        names = [str(n) for n in scrub_identifiers(pd.Series(names, dtype="object"))[0]]
    if answer.sheet not in names:
        return None
    at = names.index(answer.sheet)
    inside = 0 < answer.row <= len(grids[at]) and answer.column < len(grids[at].columns)
    return at if inside else None


def _cell(grid: Grid, answer: Answer) -> Cell:
    """Return the answered cell; inside cells merged downwards, the text that stands for all."""
    span = _span_of(grid, answer)
    return grid.columns[answer.column].cell(span[0] if span else answer.row - 1)


def _span_of(grid: Grid, answer: Answer) -> Span | None:
    row = answer.row - 1
    return next(
        (s for s in grid.spans if s[0] <= row <= s[2] and s[1] == answer.column and s[2] > s[0]),
        None,
    )


def _with_cell(grid: Grid, answer: Answer) -> Grid:
    columns = list(grid.columns)
    codes, cells = columns[answer.column]
    codes = codes.copy()
    span = _span_of(grid, answer)
    if span is not None:  # what was merged is written out, so that one row of it can differ
        codes[span[0] : span[2] + 1] = codes[span[0]]
    codes[answer.row - 1] = len(cells)
    held = np.empty(len(cells) + 1, dtype=object)
    held[:-1] = cells
    held[-1] = answer.new
    columns[answer.column] = Factored(codes, held)
    spans = tuple(s for s in grid.spans if s != span)
    return Grid.of_columns(grid.name, tuple(columns), spans)


def _place(answer: Answer) -> str:
    """Return where a finding about an answer stands: in the sheet that brought it."""
    return f"{answer.source} |  | {answer.source_row} | {answer.heading}"


def _log(answers: Sequence[Answer]) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = [
        {
            "correction_id": a.correction_id, "file": a.file, "sheet": a.sheet, "row": a.row,
            "column": a.heading, "name": a.name, "old": a.old, "new": a.shown, "who": a.who,
            "source": a.source, "source_row": a.source_row, "state": a.state,
            "as_of": pd.Timestamp(a.when).as_unit("s"),
        }
        for a in sorted(answers, key=lambda a: (a.source, a.source_row))
    ]  # fmt: skip
    if not rows:
        return empty("corrections")
    accepted, _ = conform(pd.DataFrame(rows), "corrections")
    return accepted
