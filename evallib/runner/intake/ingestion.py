"""Ingest: read every submission, clean, assemble, classify, link, and rebuild the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from evallib.config import Settings
from evallib.drafts import sweep_drafts
from evallib.errors import EvallibError, NotFound, RefusedFile
from evallib.periods import known_quarters
from evallib.runner.files import (
    hash_file,
    hash_source,
    hash_value,
    not_opened,
    read_raw_folder,
    spread,
    tell_step,
    write_whole,
)
from evallib.runner.intake.corrections import corrections_folder, replay, write_correction_sheets
from evallib.runner.intake.decisions import (
    classify_frames,
    decisions_key,
    files_not_read,
    labels_key,
    link_decisions_key,
    link_frames,
    link_review_file,
    read_decisions,
    read_link_decisions,
    read_office_labels,
    review_file,
    write_decisions,
    write_link_decisions,
)
from evallib.runner.intake.findings_table import findings_table
from evallib.runner.intake.respondents import Respondents, check_respondents, respondents_of
from evallib.store.leftovers import sweep_leftovers

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from evallib.clean import Submission
    from evallib.clean.rules.judge import Rule
    from evallib.findings import Finding
    from evallib.needs.links.review import LinkReview
    from evallib.register import Review

Progress = Callable[[str, int, int], None]
LEDGER = "_ingest.json"
FILES_A_TASK = 40


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did: counts of files, rows and findings, and whether it had to do anything.

    ``periods`` names the quarters that hold data, each with the newest date on which it was known.
    ``sheets`` counts the correction sheets, ``kept`` names those that somebody filled in where they
    lay, and ``corrected`` counts the cells that agencies corrected. ``out_of_time`` names files
    that were given up for time, which a busy machine can cause: the next ingest tries them again.
    ``held_back`` is True when the database held such a file already, and was left as it was.
    ``not_written`` names files of decisions that a person held open; the next ingest writes them.
    ``respondents`` is the mark of the secret under which people of surveys got their keys, "" where
    nobody was asked and None where that is not known any more; ``key_made`` is True when it was
    made just now.
    """

    run_id: str
    as_of: str
    files: int
    refused: tuple[str, ...]
    rows_read: int
    rows_accepted: int
    findings: dict[str, int]
    tables: dict[str, int]
    periods: dict[str, str]
    unchanged: bool = False
    sheets: int = 0
    kept: tuple[str, ...] = ()
    corrected: int = 0
    out_of_time: tuple[str, ...] = ()
    held_back: bool = False
    not_written: tuple[str, ...] = ()
    respondents: str | None = ""
    key_made: bool = False


def ingest(
    settings: Settings, *, force: bool = False, new_key: bool = False, workers: int = 2,
    progress: Progress | None = None,
) -> IngestReport:  # fmt: skip
    """Read what agencies sent and rebuild the tables of the evaluation database.

    Parameters
    ----------
    settings : Settings
        ``raw`` is read and never written; ``store`` is rebuilt.
    force : bool, default False
        Work even when neither the files nor evallib changed since the last time.
    new_key : bool, default False
        Take the secret that lies at ``settings.key_file`` now, or make one where none lies, though
        the database was made under another: all respondents of surveys then get other keys.
    workers : int, default 2
        Processes that read files.
    progress : callable, optional
        Told (step, done, total) from time to time.

    Returns
    -------
    IngestReport
        ``unchanged`` is True when the last ingest already covers these files.

    Raises
    ------
    NotFound
        The raw folder is missing or holds no submission.
    EvallibError
        A person holds a file of decisions open; all else is done, and the next call writes it.
    DisclosureError
        The secret of respondents is gone, another, open to others or in a folder of the project.
    """
    _sweep(settings)
    folder = read_raw_folder(settings.raw)
    review, links = read_decisions(settings), read_link_decisions(settings)
    labels = read_office_labels(settings)
    beside = [*folder.findings, *files_not_read(settings)]
    decided = [decisions_key(review), labels_key(*labels), link_decisions_key(links)]
    key = _content_key(settings, folder.hashes, decided, beside)
    previous = read_ledger(settings.store)
    check_respondents(settings, mark := getattr(previous, "respondents", None), new=new_key)
    if previous and not (force or new_key) and _up_to_date(previous, settings, key[:12]):
        return replace(previous, unchanged=True)

    read = _read_all(list(folder.hashes), settings, workers=workers, progress=progress)
    if gone := [file for file in folder.hashes if file not in read]:
        beside += [not_opened(file, settings.raw) for file in gone]
        key = _content_key(settings, {f: folder.hashes[f] for f in read}, decided, beside)
    submissions, log, replayed = replay(list(read), list(read.values()), settings)
    late = tuple(s.file for s in submissions if s.out_of_time)
    if _held(settings, [s for s in submissions if s.out_of_time]):
        report = replace(previous or _account(settings), out_of_time=late)
        _write_ledger(settings.store, report)
        return replace(report, held_back=True)
    report, frames = _remember(
        submissions, settings, review=review, links=links, labels=labels, log=log,
        people=respondents_of(submissions, settings, mark, new=new_key),
        noticed=[*replayed, *beside], run_id=key[:12], progress=progress,
    )  # fmt: skip
    held = _write_decision_files(settings, frames)
    by_hash = {s.sha256: file for file, s in read.items()}
    sheets = write_correction_sheets(
        settings, frames, by_hash, late=late, workers=workers, progress=progress
    )
    late += tuple(file for file in sheets.out_of_time if file not in late)
    report = replace(
        report, sheets=sheets.sheets, kept=sheets.kept, out_of_time=late, not_written=tuple(held)
    )
    _write_ledger(settings.store, report)
    for error in held.values():
        raise error
    return report


def _sweep(settings: Settings) -> None:
    """Remove what an ingest that was killed left on its way."""
    sweep_leftovers(settings.store)
    sweep_drafts(corrections_folder(settings), "**/.*.part")
    for file in (review_file(settings), link_review_file(settings)):
        sweep_drafts(file.parent)


def _up_to_date(previous: IngestReport, settings: Settings, run_id: str) -> bool:
    """Tell whether the last ingest made all that this one would make."""
    files_there = review_file(settings).is_file() and link_review_file(settings).is_file()
    whole = not previous.out_of_time and not previous.not_written
    known = previous.run_id == run_id == _stored_run(settings)
    return whole and known and files_there


def _content_key(
    settings: Settings, hashes: dict[Path, str], decided: list[str], beside: list[Finding]
) -> str:
    """Return a hash of all that the tables are made from."""
    files = hash_value({f.relative_to(settings.raw).as_posix(): h for f, h in hashes.items()})
    scope = {"provinces": settings.provinces, "amphoe": settings.amphoe, "seed": settings.seed}
    rules = hash_file(settings.rules) if settings.rules.is_file() else ""
    told = [finding.where for finding in beside]
    return hash_value([files, hash_source(), scope, rules, *decided, told])


def _write_decision_files(
    settings: Settings, frames: dict[str, pd.DataFrame]
) -> dict[str, EvallibError]:
    """Renew the files of decisions; return why one was not: a person has it open."""
    held: dict[str, EvallibError] = {}
    try:
        write_decisions(settings, frames["duplicate_reviews"])
    except EvallibError as error:
        held[review_file(settings).name] = error
    try:
        write_link_decisions(settings, frames)
    except EvallibError as error:
        held[link_review_file(settings).name] = error
    return held


def _held(settings: Settings, late: list[Submission]) -> bool:
    """Tell whether the database holds what one of these files says, which must not get lost."""
    from evallib.store import Store

    if not late:
        return False
    try:
        inputs = Store(settings.store).read("inputs")
    except EvallibError:
        return False
    read = inputs[inputs["state"] == "read"]
    same = {s.sha256 for s in late} & set(read["sha256"])
    return bool(same or {s.file for s in late} & set(read["file"]))  # also a newer version of it


def _account(settings: Settings) -> IngestReport:
    """Return what the database tells of the ingest that filled it, whose own account is lost."""
    from evallib.store import Store

    store = Store(settings.store)
    inputs, findings = store.read("inputs"), store.read("findings")["severity"]
    tables = store.tables()
    return IngestReport(
        run_id=_stored_run(settings), as_of=f"{inputs['as_of'].max():%Y-%m-%d}", files=len(inputs),
        refused=tuple(inputs.loc[inputs["state"] == "refused", "file"]),
        rows_read=int(inputs["rows_read"].sum()), rows_accepted=int(inputs["rows_accepted"].sum()),
        findings={name: int((findings == name).sum()) for name in ("error", "warning", "info")},
        tables=dict(zip(tables["name"], map(int, tables["rows"]), strict=True)),
        periods=_periods(inputs), respondents=None,
    )  # fmt: skip


def _stored_run(settings: Settings) -> str:
    """Return the run that filled the database, or nothing when a table is gone or damaged."""
    from evallib.store.delta import is_intact
    from evallib.store.state import read_state

    try:
        state = read_state(settings.store)
    except EvallibError:
        return ""
    whole = all(is_intact(settings.store / name, pin) for name, pin in state.tables.items())
    return state.run_id if whole else ""


def _read_all(
    files: list[Path], settings: Settings, *, workers: int, progress: Progress | None
) -> dict[Path, Submission]:
    """Read files in several processes; the order of the result is that of the files.

    A file that ran out of time beside others is read once more, alone. One that is gone since it
    was listed is left out.
    """
    found = spread(
        partial(_read_some, settings=settings), files, each=FILES_A_TASK, workers=workers,
        tell=lambda done: tell_step(progress, "read", done, len(files)),
    )  # fmt: skip
    for place in [place for place, sent in enumerate(found) if sent and sent.out_of_time]:
        (found[place],) = _read_some([files[place]], settings)
    read = {file: sent for file, sent in zip(files, found, strict=True) if sent}
    if not read:
        raise NotFound("runner.raw_empty", found=str(settings.raw))
    return read


def _read_some(files: list[Path], settings: Settings) -> list[Submission | None]:
    """Return each file as it was sent, or None for one that is gone."""
    from evallib.clean import read_submission  # brings the readers; only workers need them

    def read(file: Path) -> Submission | None:
        try:
            sent = read_submission(file, raw=settings.raw)
        except RefusedFile:  # it went before it was opened
            return None
        return sent if sent.state == "read" or file.is_file() else None

    return [read(file) for file in files]


def _remember(
    submissions: list[Submission], settings: Settings, *, review: Review, links: LinkReview,
    labels: tuple[pd.DataFrame | None, list[Finding]], log: pd.DataFrame, people: Respondents,
    noticed: list[Finding], run_id: str, progress: Progress | None,
) -> tuple[IngestReport, dict[str, pd.DataFrame]]:  # fmt: skip
    """Assemble, classify, link and store; return the account of it and the tables."""
    from evallib.clean.rules.judge import judge_projects
    from evallib.register import assemble
    from evallib.register.quality import score_quality
    from evallib.store import Store

    tell_step(progress, "assemble", 0, 3)
    office = _office_rules(settings)
    office_labels, label_findings = labels
    intake = assemble(submissions, rules=office, review=review, respondent_key=people.key)
    tell_step(progress, "link", 1, 3)
    frames = dict(intake.frames)
    classify_frames(frames, office_labels)
    link_findings = link_frames(frames, office_labels, links)
    findings = [*intake.findings, *label_findings, *link_findings, *noticed]
    frames["corrections"] = log
    findings += judge_projects(frames["projects"], frames["project_submissions"], office)
    scores = score_quality(frames["inputs"], frames["project_submissions"], findings, office)
    frames["quality_scores"] = scores
    frames["findings"] = findings_table(findings, frames["inputs"], frames["project_submissions"])
    as_of = f"{frames['inputs']['as_of'].max():%Y-%m-%d}"
    tell_step(progress, "store", 2, 3)
    Store(settings.store).rebuild(frames, run_id=run_id, as_of=as_of)
    tell_step(progress, "store", 3, 3)
    severities = [finding.severity for finding in findings]
    report = IngestReport(
        run_id=run_id,
        as_of=as_of,
        files=len(submissions),
        refused=tuple(frames["inputs"].query("state == 'refused'")["file"]),
        rows_read=int(frames["inputs"]["rows_read"].sum()),
        rows_accepted=int(frames["inputs"]["rows_accepted"].sum()),
        findings={name: severities.count(name) for name in ("error", "warning", "info")},
        tables={name: len(frame) for name, frame in sorted(frames.items())},
        periods=_periods(frames["inputs"]),
        corrected=int((log["state"] == "applied").sum()),
        respondents=people.mark,
        key_made=people.made,
    )
    return report, frames


def _office_rules(settings: Settings) -> tuple[Rule, ...]:
    """Return the rules of the office; only a file that the settings name must be there."""
    from evallib.clean.rules.judge import read_rules  # only a real ingest needs the rules

    if settings.rules == Settings().rules and not settings.rules.is_file():
        return ()
    return read_rules(settings.rules)


def _periods(inputs: pd.DataFrame) -> dict[str, str]:
    """Return the newest date known for each quarter that a readable file is about."""
    known = inputs[(inputs["state"] == "read") & inputs["quarter"].notna()]
    quarters = known_quarters(known["fiscal_year"], known["quarter"], known["as_of"].dt.date)
    return {str(quarter): day.isoformat() for quarter, day in quarters.items()}


def known_ingest(settings: Settings) -> IngestReport | None:
    """Return the account of the ingest that filled the database, or None when nothing did.

    The account beside the tables is written after them. One that is of another ingest, or lost,
    is drawn up from the tables themselves.

    Raises
    ------
    EvallibError
        ``store.damaged``: the database cannot say what filled it.
    """
    from evallib.store.state import read_state

    run_id = read_state(settings.store).run_id
    if not run_id:
        return None
    ledger = read_ledger(settings.store)
    return ledger if ledger and ledger.run_id == run_id else _account(settings)


def read_ledger(store: Path) -> IngestReport | None:
    """Return the account of the last ingest, or None when there is none that can be read."""
    try:
        ledger = json.loads((store / LEDGER).read_text(encoding="utf-8"))
        if ledger.pop("sha256", None) not in {None, hash_value(ledger)}:
            return None  # its periods decide which reports are made, and up to which day
        lists = ("refused", "kept", "out_of_time", "not_written")
        names = {name: tuple(ledger.get(name, ())) for name in lists} | {"key_made": False}
        known = {field.name for field in fields(IngestReport)}  # a newer version may write more
        return IngestReport(**{n: v for n, v in (ledger | names).items() if n in known})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write_ledger(store: Path, report: IngestReport) -> None:
    told = json.loads(json.dumps(asdict(report)))  # as it will be read
    told["sha256"] = hash_value(told)
    content = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(store / LEDGER, content.encode())
