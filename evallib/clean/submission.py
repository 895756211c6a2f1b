"""One submitted file as frames: recognised, parsed and free of identifiers, or refused."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.corrections.answers import Answer, is_correction_workbook, read_answers
from evallib.clean.corrections.cells import correct_cells
from evallib.clean.files.child import read_in_child
from evallib.clean.files.time_limit import processor_limit
from evallib.clean.kinds.budget_items import bill_context, read_budget_items
from evallib.clean.kinds.councils import read_council_report
from evallib.clean.kinds.indicators import read_indicators
from evallib.clean.kinds.months import latest_months, split_by_month
from evallib.clean.kinds.needs import read_needs
from evallib.clean.kinds.projects import read_projects
from evallib.clean.kinds.survey import read_survey
from evallib.clean.persons.forbidden import admit_sheets
from evallib.clean.persons.scrub_frames import conceal_name, scrub_rows
from evallib.clean.sheets.headings import SubmissionKind, is_heading
from evallib.clean.sheets.hidden import heed_marks
from evallib.clean.sheets.sheet import Sheet, sheets_of
from evallib.clean.sheets.title_rows import Context, folder_period, month_named, read_context
from evallib.errors import RefusedFile
from evallib.findings import Finding, Where
from evallib.thai.file_names import shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evallib.clean.files.grid import Grid
    from evallib.periods import FiscalPeriod

_TABLES = {
    "projects": ("project_submissions", read_projects),
    "budget_items": ("project_submissions", read_budget_items),
    "needs": ("needs", read_needs),
    "survey": ("beneficiary_survey", read_survey),
    "indicators": ("indicators", read_indicators),
}

SYNTHETIC = "ข้อมูลสังเคราะห์"
OUT_OF_TIME = "refused.out_of_time"
_REFUSALS = {  # code of an error -> code of the finding that tells it in one line
    "read.empty": "refused.empty",
    "read.too_large": "refused.too_large",
    "read.too_wide": "refused.too_wide",
    "read.bomb": "refused.bomb",
    "read.password": "refused.password",
    "read.damaged": "refused.damaged",
    "read.not_a_table": "refused.not_a_table",
    "read.encoding": "refused.encoding",
    "read.no_header": "refused.no_header",
    "read.beyond_limits": "refused.beyond_limits",
    "read.out_of_time": OUT_OF_TIME,
    "read.fault": "refused.unforeseen",
    "intake.kind_unknown": "refused.kind_unknown",
    "intake.no_period": "refused.no_period",
    "intake.forbidden": "refused.forbidden",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one file holds. Made in a worker process and handed on, so it is plain data.

    Parameters
    ----------
    file : str
        Path below the folder of submissions, with ``/``.
    sha256 : str
        Hash of its bytes.
    bytes : int
        Its size.
    state : {"read", "refused"}
        A refused file has no frames and one finding, ``refused.<reason>``.
    kind : str
        Kind of submission, ``"unknown"`` when refused.
    agency_id, province_code : str or None
        When the whole file is about one agency, or one province.
    period : FiscalPeriod or None
        Quarter reported.
    as_of : datetime.date or None
        Day on which the data were true.
    frames : dict of str to pandas.DataFrame
        Contract name -> rows in canonical columns. ``needs`` holds each statement with ``rank``
        and ``votes``; `assemble` tells needs and votes apart.
    findings : tuple of Finding
    rows_read, rows_accepted : int
        Data rows below headers, and those that reached a frame.
    synthetic : bool
        Whether a title row says that the data are synthetic; every report then says so too.
    answers : tuple of Answer
        Of a correction sheet: what it says about cells of other files. Of a file that was
        corrected: what became of each answer about it.
    """

    file: str
    sha256: str
    bytes: int
    state: str = "read"
    kind: SubmissionKind = "unknown"
    agency_id: str | None = None
    province_code: str | None = None
    period: FiscalPeriod | None = None
    as_of: date | None = None
    frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    rows_read: int = 0
    rows_accepted: int = 0
    synthetic: bool = False
    answers: tuple[Answer, ...] = field(default=(), repr=False)

    @property
    def out_of_time(self) -> bool:
        """Whether the file was refused for time, which may be the machine's fault, not its own."""
        return any(finding.code == OUT_OF_TIME for finding in self.findings)


def read_submission(
    path: str | Path, *, raw: str | Path, answers: Sequence[Answer] = ()
) -> Submission:
    """Read one submitted file; content that cannot be read becomes findings, never an error.

    Parameters
    ----------
    path : path
        The file.
    raw : path
        Folder of submissions, below which the file lies; a file outside it goes by its own name.
    answers : sequence of Answer, default none
        Corrections of cells of this file, put in before anything is read.

    Returns
    -------
    Submission
        Picklable. No identifier that `scrub_identifiers` knows is left in any frame or finding.

    Raises
    ------
    RefusedFile
        There is no such file, or it cannot be opened.
    """
    path, raw = Path(path), Path(raw)
    if not path.is_file():
        raise RefusedFile("read.no_file", found=path.name)
    sha256, size = _identity(path)
    file = shown_name(path.relative_to(raw) if path.is_relative_to(raw) else path.name)
    file = conceal_name(file, sha256)  # a name that names a person would reach every table
    empty = Submission(file=file, sha256=sha256, bytes=size)
    try:
        grids, noticed = read_in_child(path)
        with processor_limit(sum(map(len, grids))):
            grids, hidden = heed_marks(grids)
            if is_correction_workbook(grids):
                return _answered(empty, grids)
            grids, replayed = correct_cells(grids, answers) if answers else (grids, ())
            read = _read(empty, sheets_of(grids, [*noticed, *hidden], file))
            frames, findings = scrub_rows(read.frames, read.findings)
            return replace(read, frames=frames, findings=tuple(findings), answers=replayed)
    except RefusedFile as error:
        found = str(error.values.get("found", ""))
        return _refused(empty, _REFUSALS.get(error.code, "refused.damaged"), found)
    except Exception as error:  # a fault of ours in one file must not stop the others
        return _refused(empty, "refused.unforeseen", type(error).__name__)


def _answered(empty: Submission, grids: list[Grid]) -> Submission:
    """Return a correction sheet that came back; it is about no quarter of its own."""
    answers, findings = read_answers(grids, empty.file)
    _, findings = scrub_rows({}, findings)
    return replace(empty, kind="corrections", answers=tuple(answers), findings=tuple(findings))


def _refused(empty: Submission, code: str, found: str) -> Submission:
    _, findings = scrub_rows({}, [Finding(code, "error", empty.file, found)])
    period = folder_period(empty.file)
    return replace(empty, state="refused", findings=tuple(findings), period=period)


def _read(empty: Submission, sheets: list[Sheet]) -> Submission:
    sheets, barred = admit_sheets(sheets)
    kinds = [sheet.kind for sheet in sheets]
    unknown: SubmissionKind = "unknown"
    kind = next((k for k in kinds if k != unknown), unknown)
    findings: list[Finding] = [*barred, *(f for sheet in sheets for f in sheet.findings)]
    frames: dict[str, list[pd.DataFrame]] = {}
    monthly: list[pd.DataFrame] = []
    contexts: list[Context] = []
    rows = 0
    for sheet, found in zip(sheets, kinds, strict=True):
        if found == "unknown":
            findings.append(_unknown(sheet))
            continue
        context = bill_context(sheet) if found == "budget_items" else read_context(sheet)
        contexts.append(context)
        rows += len(sheet.frame)
        for name, frame in _read_sheet(sheet, found, context, findings).items():
            months = split_by_month(sheet, frame) if found == "projects" else [frame]
            of_month = len(months) > 1 or (found == "projects" and month_named(sheet.name))
            (monthly if of_month else frames.setdefault(name, [])).extend(months)
    if not contexts:
        known = [c for sheet in sheets for c in map(str, sheet.frame.columns) if is_heading(c)]
        raise RefusedFile("intake.kind_unknown", found=", ".join(known) or "-")
    if monthly:
        latest, told = latest_months(monthly)
        frames.setdefault("project_submissions", []).extend(latest)
        findings += told
    findings += dict.fromkeys(f for context in contexts for f in context.findings)
    whole = {
        name: pd.concat(parts) if len(parts) > 1 else parts[0] for name, parts in frames.items()
    }
    accepted = sum(_count_rows(f) for name, f in whole.items() if name != "council_meetings")
    newest = max(contexts, key=lambda context: (context.period.ordinal, context.as_of))
    return replace(
        empty, kind=kind, period=newest.period, as_of=newest.as_of,
        agency_id=_only(whole, "agency_id"), province_code=_only(whole, "province_code"),
        frames=whole, findings=tuple(findings), rows_read=rows, rows_accepted=accepted,
        synthetic=any(SYNTHETIC in title for sheet in sheets for title in sheet.titles),
    )  # fmt: skip


def _unknown(sheet: Sheet) -> Finding:
    where = Where(sheet.source, sheet.name)
    return Finding("intake.sheet_unknown", "warning", where, str(len(sheet.frame)))


def _read_sheet(
    sheet: Sheet, kind: SubmissionKind, context: Context, findings: list[Finding]
) -> dict[str, pd.DataFrame]:
    if kind == "council_report":
        frames, found = read_council_report(sheet, context)
    else:
        table, reader = _TABLES[kind]
        frame, found = reader(sheet, context)
        frames = {table: frame}
    findings += found
    return frames


def _count_rows(frame: pd.DataFrame) -> int:
    """Count the rows of the sheets behind a frame; an indicator row becomes several."""
    return int((~frame.duplicated(["sheet", "row"])).sum())


def _only(frames: dict[str, pd.DataFrame], column: str) -> str | None:
    """Return the one value that a column has in all frames, or None."""
    values = {v for _, f in frames.items() if column in f for v in f[column]}
    known = [v for v in values if isinstance(v, str)]
    return known[0] if len(known) == 1 else None


def _identity(path: Path) -> tuple[str, int]:
    """Return hash and size of a file."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return digest, os.fstat(stream.fileno()).st_size
    except OSError as error:  # gone or closed since it was looked at
        raise RefusedFile("read.no_file", found=path.name) from error
