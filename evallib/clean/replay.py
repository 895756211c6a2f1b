"""Corrections replayed: the answered cell takes the place of the sent one before reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.values.distinct_cells import HIDDEN
from evallib.findings import Finding, Where
from evallib.tables import conform, empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from evallib.clean.corrections.answers import Answer
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
        late = submission.out_of_time  # what could not be read as sent is not read with answers
        if submission.sha256 in chosen and submission.kind != "corrections" and not late:
            again = read(file, chosen[submission.sha256])
            if again.out_of_time:  # once more, as when it was read first
                again = read(file, chosen[submission.sha256])
            if again.out_of_time:  # what it says as sent is known, and the next ingest tries again
                again = replace(submission, findings=(*submission.findings, *again.findings))
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
            where = str(Where(answer.file, answer.sheet))
            counts[where] = counts.get(where, 0) + 1
    findings += [
        Finding("correction.applied", "info", w, str(n)) for w, n in sorted(counts.items())
    ]
    return corrected, _log([*done, *settled]), findings


def _place(answer: Answer) -> Where:
    """Return where a finding about an answer stands: in the sheet that brought it."""
    return Where(answer.source, "", answer.source_row, answer.heading)


def _kept(answer: Answer, cell: str) -> str:
    """Return a cell as the changelog keeps it: a form number would say whose row it is."""
    return HIDDEN if answer.name == "resp_key" and cell else cell


def _log(answers: Sequence[Answer]) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = [
        {
            "correction_id": a.correction_id, "file": a.file, "sheet": a.sheet, "row": a.row,
            "column": a.heading, "name": a.name, "old": _kept(a, a.old),
            "new": _kept(a, a.shown), "who": a.who,
            "source": a.source, "source_row": a.source_row, "state": a.state,
            "as_of": pd.Timestamp(a.when).as_unit("s"),
        }
        for a in sorted(answers, key=lambda a: (a.source, a.source_row))
    ]  # fmt: skip
    if not rows:
        return empty("corrections")
    accepted, _ = conform(pd.DataFrame(rows), "corrections")
    return accepted
