"""No identifier leaves a file: all texts, findings and names of files are scrubbed first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.persons.names.lexicon import is_known_person
from evallib.clean.persons.scrub_texts import Subject, scrub_identifiers
from evallib.clean.persons.suspects import may_identify
from evallib.clean.sheets.headings import LEVELS
from evallib.clean.values.distinct_cells import HIDDEN
from evallib.findings import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What evallib itself writes and no sender can: paths are concealed by `conceal_name`.
OURS = ("file", "tambon_code", "amphoe_code", "province_code")
_CODES = ("agency_project_code", "budget_code", "emenscr_code", "egp_project_id", "resp_key")
_WORKS = ("project_submissions", "council_activities")
_KNOWN_LIMIT = 200_000
# Of earlier files: most texts come every quarter.
_harmless: dict[Subject, set[str]] = {"text": set(), "works": set(), "code": set()}
_TWO_WORDS = re.compile(r"(?<![ก-๎])([ก-ฮเ-ไ][ก-์]+) ([ก-ฮเ-ไ][ก-์]+)(?![ก-๎])")

Texts = dict[Subject, dict[str, tuple[str, list[Finding]]]]
_BARS = re.compile(r"\s*\|\s*")  # between the parts of a place in findings


def scrub_rows(
    frames: Mapping[str, pd.DataFrame], findings: Sequence[Finding]
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Remove identifiers from all texts of frames and from findings.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Table -> rows with ``file``, ``sheet`` and ``row``. Every column of text is scrubbed,
        whatever its name, but for those of ``OURS``.
    findings : sequence of Finding
        Their values and places (but for the path of the file) are scrubbed too.

    Returns
    -------
    frames : dict of str to pandas.DataFrame
    findings : list of Finding
        Those given and one for each text and kind of identifier removed; it says where and of what
        kind, never what.
    """
    wanted: dict[Subject, dict[str, None]] = {"text": {}, "works": {}, "code": {}}
    for name, frame in frames.items():
        for column, subject in _texts_of(frame, name).items():
            distinct = frame[column].unique().tolist()
            wanted[subject].update((t, None) for t in distinct if isinstance(t, str))
    places = [f.place for f in findings]
    parts = dict.fromkeys(p.sheet for p in places if p.sheet)
    parts |= dict.fromkeys(x for c in {p.column: None for p in places} for x in c.split(LEVELS))
    wanted["text"] |= parts | dict.fromkeys(f.value for f in findings)
    removed = {subject: _scrub_texts(texts, subject) for subject, texts in wanted.items()}
    if not any(removed.values()):
        return dict(frames), list(findings)
    kept = [_scrub_finding(f, removed["text"]) for f in findings]
    scrubbed = {}
    for name, frame in frames.items():
        scrubbed[name], found = _scrub_frame(frame, name, removed)
        kept += found
    return scrubbed, kept


def conceal_name(file: str, sha256: str) -> str:
    """Return the path of a submission without identifiers, stable and still to be found.

    Parts that name somebody become ``[ปกปิด]``, and a bar, which findings put between the parts of
    a place, a dash; the first 8 characters of the hash of the content then stand before the
    extension, so that whoever holds the file can find it.

    Examples
    --------
    >>> conceal_name("2565/Q3/คำขอ นายสมมุติ ใจดี.xlsx", "1a2b3c4d5e6f")
    '2565/Q3/คำขอ [ปกปิด] 1a2b3c4d.xlsx'
    >>> conceal_name("2565/Q3/ความต้องการ_อ.ยะรัง.csv", "1a2b3c4d5e6f")
    '2565/Q3/ความต้องการ_อ.ยะรัง.csv'
    """
    path = PurePosixPath(file)
    parts = [*path.parts[:-1], path.stem]
    spaced = [part.replace("_", " ") for part in parts]
    clean = [_BARS.sub(" - ", _conceal_words(text)) for text in spaced]
    if clean == spaced:
        return file
    shown = [c if c != s else p for c, s, p in zip(clean, spaced, parts, strict=True)]
    suffix = path.suffix if re.fullmatch(r"\.[A-Za-z]{1,5}", path.suffix) else ""
    return "/".join([*shown[:-1], f"{shown[-1]} {sha256[:8]}{suffix}"])


def _conceal_words(text: str) -> str:
    """Hide identifiers, and two words that are a given and a family name."""
    scrubbed = str(scrub_identifiers(pd.Series([text], dtype="object"))[0].iloc[0])
    return _TWO_WORDS.sub(lambda m: HIDDEN if is_known_person(m[1], m[2]) else m[0], scrubbed)


def _texts_of(frame: pd.DataFrame, table: str) -> dict[str, Subject]:
    """Return the columns of text in a frame, and what each is about."""
    return {
        name: subject_of(name, table)
        for name in map(str, frame.columns)
        if name not in OURS and str(frame[name].dtype) in ("object", "str")
    }


def subject_of(name: str, table: str) -> Subject:
    """Return what a column of text is about: an agency's codes, its works, or anything.

    Examples
    --------
    >>> subject_of("budget_code", "project_submissions"), subject_of("need_text_th", "needs")
    ('code', 'text')
    """
    if name in _CODES:
        return "code"
    return "works" if table in _WORKS else "text"


def _scrub_texts(texts: Iterable[str], subject: Subject) -> dict[str, tuple[str, list[Finding]]]:
    """Return each text that holds an identifier, without it, and the findings about it."""
    harmless = _harmless[subject]
    if len(harmless) > _KNOWN_LIMIT:
        harmless.clear()
    new = [text for text in texts if text not in harmless]
    suspects = [text for text, flag in zip(new, may_identify(new), strict=True) if flag]
    removed: dict[str, tuple[str, list[Finding]]] = {}
    if suspects:
        after, noted = scrub_identifiers(pd.Series(suspects, dtype="object"), of=subject)
        clean = after.tolist()
        for finding in noted:
            at = int(finding.where)
            removed.setdefault(suspects[at], (clean[at], []))[1].append(finding)
    harmless.update(text for text in new if text not in removed)
    return removed


def _scrub_finding(finding: Finding, removed: Mapping[str, tuple[str, list[Finding]]]) -> Finding:
    def clean(text: str) -> str:
        return removed[text][0] if text in removed else text

    at = finding.place
    sheet = None if at.sheet is None else clean(at.sheet)
    column = LEVELS.join(map(clean, at.column.split(LEVELS)))
    where = str(Where(at.file, sheet, at.row, column))
    return replace(finding, where=where, value=clean(finding.value))


def _scrub_frame(
    frame: pd.DataFrame, table: str, removed: Texts
) -> tuple[pd.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    place = None
    for name, subject in _texts_of(frame, table).items():
        gone = removed[subject]
        cells = frame[name].tolist() if gone else []
        hits = [i for i, cell in enumerate(cells) if cell in gone]
        if not hits:
            continue
        if place is None:
            place = frame.reindex(columns=["file", "sheet", "row"]).astype("object").fillna("")
        for i in hits:
            file, sheet, row = place.iloc[i]
            for of in ("text", subject):
                sheet = removed[of][sheet][0] if sheet in removed[of] else sheet
            where = str(Where(file, sheet, None if row == "" else row, name))
            cells[i], found = gone[cells[i]]
            findings += [replace(f, where=where) for f in found]
        frame = frame.assign(**{name: pd.Series(cells, frame.index, dtype="object")})
    return frame, findings
