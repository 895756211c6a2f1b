"""Correction sheets on disk: one workbook for each agency and quarter that has to look at cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evallib.runner.files import (
    hash_bytes,
    read_raw_folder,
    spread,
    tell_step,
)
from evallib.runner.intake.correction_files import store_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from evallib.clean.corrections.answers import Answer
    from evallib.clean.corrections.items import Returned
    from evallib.clean.submission import Submission
    from evallib.config import Settings
    from evallib.findings import Finding

    Progress = Callable[[str, int, int], None]
    Unit = tuple[str, str, str]  # folder of the quarter, agency or file, name

FILES_A_TASK = 20
_NEEDED = ("findings", "inputs", "project_submissions", "corrections")
_UNKNOWN_QUARTER = "ไม่ทราบไตรมาส"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 60  # characters of a name; a Thai one has three bytes


@dataclass(frozen=True, slots=True)
class SheetsReport:
    """What was written: workbooks, the cells they ask about, and those that were left alone.

    ``kept`` names workbooks that somebody filled in where they lay: they are never overwritten.
    ``out_of_time`` names files whose cells could not be shown, for reading them took too long;
    all sheets of their quarters stay as they are.
    """

    sheets: int
    items: int
    kept: tuple[str, ...]
    out_of_time: tuple[str, ...] = ()


def corrections_folder(settings: Settings) -> Path:
    """Return the folder of correction sheets, beside that of submissions and outside it."""
    return settings.raw.parent / "corrections"


def replay(
    files: Sequence[Path], submissions: Sequence[Submission], settings: Settings
) -> tuple[list[Submission], pd.DataFrame, list[Finding]]:
    """Read the files again of which agencies corrected cells.

    Returns
    -------
    submissions : list of Submission
        In the order given, the corrected ones in the place of those sent.
    log : pandas.DataFrame
        Contract ``corrections``.
    findings : list of Finding
    """
    from evallib.clean import read_submission
    from evallib.clean.replay import replay_corrections
    from evallib.clean.submission import OUT_OF_TIME
    from evallib.errors import RefusedFile
    from evallib.findings import Finding

    known = dict(zip(files, submissions, strict=True))

    def read(file: Path, answers: tuple[Answer, ...]) -> Submission:
        try:
            return read_submission(file, raw=settings.raw, answers=answers)
        except RefusedFile:  # gone since it was read as sent; the next ingest tries again
            late = Finding(OUT_OF_TIME, "error", known[file].file, "-")
            return replace(known[file], findings=(late,), answers=())

    return replay_corrections(files, submissions, read)


def write_correction_sheets(
    settings: Settings,
    frames: Mapping[str, pd.DataFrame],
    files: Mapping[str, Path],
    *,
    late: Sequence[str] = (),
    workers: int = 2,
    progress: Progress | None = None,
) -> SheetsReport:
    """Write a workbook for each agency and quarter with errors and warnings, and drop old ones.

    Parameters
    ----------
    settings : Settings
        The sheets go to ``corrections`` beside ``raw``.
    frames : mapping of str to pandas.DataFrame
        Tables ``findings``, ``inputs``, ``project_submissions`` and ``corrections`` of an ingest.
    files : mapping of str to Path
        Hash of a submission -> its file.
    late : sequence of str
        Files that were not read in time, or not with their answers.
    workers : int, default 2
        Processes that read the files again.
    progress : callable, optional
        Told (step, done, total) from time to time.

    Returns
    -------
    SheetsReport
    """
    inputs = frames["inputs"]
    known = inputs[inputs["state"] != "repeated"].set_index("file")
    tasks = [
        (file, str(known.loc[file, "sha256"]), found)
        for file, found in _findings_by_file(frames["findings"], set(known.index)).items()
    ]
    returned, not_shown = _collect(tasks, files, workers=workers, progress=progress)
    confirmed = _confirmed(frames["corrections"])
    agencies = _agencies_of_rows(frames["project_submissions"])
    units: dict[Unit, list[Returned]] = {}
    quarters = {
        file: _quarter(known.loc[file, "fiscal_year"], known.loc[file, "quarter"])
        for file in {file for file, _, _ in tasks} | (set(known.index) & set(late))
    }
    # whose cells they are is not known without them
    waiting = {quarters[file] for file in (*not_shown, *late) if file in quarters}
    for each in (each for each in returned if quarters[each.file] not in waiting):
        agency_of_file = known.loc[each.file, "agency_id"]
        own = agency_of_file if isinstance(agency_of_file, str) else ""
        for agency, part in _by_agency(each, agencies, own, confirmed):
            name = _name_of(agency) if agency else each.file
            unit = (quarters[each.file], agency or each.file, name)
            units.setdefault(unit, []).append(part)
    issued = inputs["as_of"].max().date()
    contents = _write_all(settings, units, issued, progress)
    items = sum(not i.instead for parts in units.values() for p in parts for i in p.items)
    kept = store_sheets(
        corrections_folder(settings), contents, set(inputs["sha256"]), waiting=waiting
    )
    return SheetsReport(len(contents), items, tuple(kept), not_shown)


def write_again(
    settings: Settings, *, workers: int = 2, progress: Progress | None = None
) -> SheetsReport:
    """Write the correction sheets of the last ingest anew, as if one had been deleted.

    Raises
    ------
    NotFound
        Nothing was ingested yet, or the folder of submissions is gone.
    """
    from evallib.store import Store

    store = Store(settings.store)
    frames = {name: store.read(name) for name in _NEEDED}
    files = {sha256: file for file, sha256 in read_raw_folder(settings.raw).hashes.items()}
    return write_correction_sheets(settings, frames, files, workers=workers, progress=progress)


def _findings_by_file(findings: pd.DataFrame, known: set[str]) -> dict[str, tuple[Finding, ...]]:
    """Return the errors and warnings about each file that its sender can mend.

    What names no file is the office's matter, and so is a file that ran out of time here.
    """
    from evallib.clean.submission import OUT_OF_TIME
    from evallib.findings import Finding

    mendable = findings["severity"].isin(["error", "warning"]) & (findings["code"] != OUT_OF_TIME)
    asked = findings[mendable]
    by_file: dict[str, list[Finding]] = {}
    for code, severity, where, value in zip(
        asked["code"], asked["severity"], asked["where"].fillna(""), asked["value"].fillna(""),
        strict=True,
    ):  # fmt: skip
        finding = Finding(code, severity, str(where), str(value))
        file = finding.place.file
        if file in known:
            by_file.setdefault(file, []).append(finding)
    return {file: tuple(found) for file, found in sorted(by_file.items())}


def _collect(
    tasks: Sequence[tuple[str, str, tuple[Finding, ...]]], files: Mapping[str, Path], *,
    workers: int, progress: Progress | None,
) -> tuple[list[Returned], tuple[str, ...]]:  # fmt: skip
    """Read the files again, in several processes when there are many; once more what is late."""
    full = [(file, sha, found, files.get(sha)) for file, sha, found in tasks]
    done = spread(
        _collect_some, full, each=FILES_A_TASK, workers=workers,
        tell=lambda n: tell_step(progress, "return", n, len(full)),
    )  # fmt: skip
    for place in [place for place, (_, late) in enumerate(done) if late]:
        (done[place],) = _collect_some([full[place]])
    return [returned for returned, _ in done], tuple(r.file for r, late in done if late)


def _collect_some(
    tasks: Iterable[tuple[str, str, tuple[Finding, ...], Path | None]],
) -> list[tuple[Returned, bool]]:
    """Return what goes back about each file, and whether reading it ran out of time."""
    from evallib.clean.corrections.items import collect_items  # brings the readers
    from evallib.clean.sheets.sheet import Sheet, read_sheets
    from evallib.errors import RefusedFile

    returned = []
    for file, sha256, findings, path in tasks:
        sheets: list[Sheet] = []
        late = False
        if path is not None:
            try:
                sheets = read_sheets(path, source=file)
            except RefusedFile as refused:  # its finding says why; nothing of it can be shown
                late = refused.code == "read.out_of_time"
        returned.append((collect_items(sheets, findings, file=file, sha256=sha256), late))
    return returned


def _confirmed(corrections: pd.DataFrame) -> set[tuple[str, str, int, str]]:
    """Return the cells of which an agency said that they are right as sent."""
    said = corrections[corrections["state"] == "confirmed"]
    places = zip(
        said["file"], said["sheet"].fillna(""), said["row"], said["column"].fillna(""), strict=True
    )
    return {(file, sheet, int(row), column) for file, sheet, row, column in places}


def _agencies_of_rows(submissions: pd.DataFrame) -> dict[tuple[str, str, int], str]:
    known = submissions[submissions["agency_id"].notna()]
    places = zip(
        known["file"], known["sheet"].fillna(""), known["row"], known["agency_id"], strict=True
    )
    return {(file, sheet, int(row)): agency for file, sheet, row, agency in places}


def _quarter(year: Any, quarter: Any) -> str:
    """Return the folder for the sheets about files of a quarter; either may be missing."""
    import pandas as pd  # comes with the tables

    if pd.isna(year):
        return _UNKNOWN_QUARTER
    return f"{year}/Q{quarter}" if pd.notna(quarter) else str(year)


def _by_agency(
    each: Returned, agencies: Mapping[tuple[str, str, int], str], own: str,
    confirmed: set[tuple[str, str, int, str]],
) -> Iterable[tuple[str, Returned]]:  # fmt: skip
    """Yield the parts of a file by the agency of the row, without the cells that it confirmed."""
    items = [i for i in each.items if (each.file, i.sheet, i.row, i.heading) not in confirmed]
    whose = {(r.sheet, r.row): agencies.get((each.file, r.sheet, r.row), own) for r in each.rows}
    for agency in sorted({own, *whose.values()}):
        mine = tuple(i for i in items if whose[i.sheet, i.row] == agency)
        rows = {(i.sheet, i.row) for i in mine}
        notices = each.notices if agency == own else ()
        if mine or notices:
            shown = tuple(r for r in each.rows if (r.sheet, r.row) in rows)
            yield agency, replace(each, items=mine, rows=shown, notices=notices)


def _name_of(agency: str) -> str:
    from evallib.agencies import read_agencies

    names = read_agencies().set_index("agency_id")["name_th"]
    return str(names.get(agency, agency))


def _write_all(
    settings: Settings, units: Mapping[Unit, list[Returned]], issued: object,
    progress: Progress | None,
) -> dict[str, bytes]:  # fmt: skip
    """Return path below the folder of sheets -> workbook."""
    from evallib.clean.corrections.outgoing import Addressee, make_correction_workbook
    from evallib.clean.forms.choices import read_choices

    choices = read_choices(settings)
    contents: dict[str, bytes] = {}
    for done, ((quarter, _, name), parts) in enumerate(
        sorted(units.items(), key=lambda u: u[0]), 1
    ):
        to = Addressee(name=name, period=quarter.replace("/", "-"), issued=issued)  # type: ignore[arg-type]
        stem = _UNSAFE.sub("-", name.rsplit("/", 1)[-1].rsplit(".xls", 1)[0].removesuffix(".csv"))
        path = f"{quarter}/ขอแก้ไข {stem[:_LONGEST].strip()}.xlsx"
        if path in contents:
            path = path.replace(".xlsx", f" {hash_bytes(name.encode())[:8]}.xlsx")
        contents[path] = make_correction_workbook(to, parts, choices)
        tell_step(progress, "sheets", done, len(units))
    return contents
