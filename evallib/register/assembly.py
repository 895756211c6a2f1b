"""All submissions of an office brought together into the frames of the evaluation database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.rules.judge import judge_register
from evallib.clean.sheets.totals import settle_totals
from evallib.findings import Finding
from evallib.privacy.respondent_key import choose_key
from evallib.register.projects import TABLES, build_register, where_of
from evallib.tables import DTYPES, conform, contract, empty
from evallib.tables.ids import hashed
from evallib.thai.keys import text_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evallib.clean.rules.judge import Rule
    from evallib.clean.submission import Submission
    from evallib.register.review import Review

_EPOCH = date(1970, 1, 1)  # for a folder in which no file could be dated
_PLACED = ["file", "sheet", "row"]


@dataclass(frozen=True, slots=True)
class Intake:
    """What all files together say.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Contract name -> frame that meets the contract: ``inputs``, ``project_submissions``,
        ``projects``, ``project_duplicates``, ``project_progress``, ``council_meetings``,
        ``council_activities``, ``needs``, ``need_votes``, ``beneficiary_survey``, ``indicators``,
        ``project_parts``, ``duplicate_reviews``, ``baht_ledger``.
    findings : tuple of Finding
        Of every file and of bringing them together, without repetition.
    """

    frames: Mapping[str, pd.DataFrame] = field(repr=False)
    findings: tuple[Finding, ...]


def assemble(
    submissions: Iterable[Submission], *, rules: Sequence[Rule] = (),
    review: Review | None = None, respondent_key: bytes | None = None,
) -> Intake:  # fmt: skip
    """Bring submissions together; their order does not matter.

    A file with the bytes of another is counted once (state ``repeated``). Where files differ, the
    later date of the data wins, and every row as sent stays in ``project_submissions``.

    Parameters
    ----------
    submissions : iterable of Submission
        As `read_submission` returns them.
    rules : sequence of Rule, default none
        Rules of the office beside those of the package.
    review : Review, optional
        What persons decided on pairs of projects, as `read_review` returns it.
    respondent_key : bytes, optional
        The office's secret under which respondents get their keys; needed as soon as one survey is
        not synthetic, and not used before.

    Returns
    -------
    Intake

    Raises
    ------
    DisclosureError
        ``privacy.key_needed``: there are forms of people, and no secret.
    """
    known = _mark_repeated(sorted(submissions, key=lambda s: s.file))
    findings = [f for s in known for f in s.findings]
    counted = [s for s in known if s.state == "read"]
    rows = {name: _concat(counted, name) for name in _SORTED}
    made: dict[str, pd.DataFrame] = {"inputs": _inputs(known)}
    for name, frame in rows.items():
        rows[name], beyond = within_limits(frame, name)
        findings += beyond
    register = build_register(rows["project_submissions"], review)
    findings += register.findings
    findings += judge_register(rows | {"project_submissions": register.project_submissions}, rules)
    made |= {name: getattr(register, name) for name in TABLES}
    made |= _needs(rows["needs"], findings)
    made |= _councils(rows, findings)
    made["beneficiary_survey"] = _newest(
        _rekey(rows["beneficiary_survey"], choose_key(respondent_key, people=asks_people(known))),
        ["resp_key"], "survey.repeated_key", findings,
    )  # fmt: skip
    key = list(contract("indicators").key)
    made["indicators"] = _newest(rows["indicators"], key, "indicator.restated", findings, "value")
    frames = {}
    for name, frame in made.items():
        frames[name], refused = conform(frame.reset_index(drop=True), name)
        findings += _placed(refused, frame.reset_index(drop=True))
    return Intake(frames, tuple(dict.fromkeys(settle_totals(findings))))


# The tables that files hold, and the columns that order their rows.
_SORTED = {
    "project_submissions": ["as_of", *_PLACED],
    "needs": ["as_of", *_PLACED],
    "council_meetings": ["as_of", "file"],
    "council_activities": ["as_of", *_PLACED],
    "beneficiary_survey": ["as_of", *_PLACED],
    "indicators": ["as_of", *_PLACED, "indicator_id"],
}


def _mark_repeated(submissions: Sequence[Submission]) -> list[Submission]:
    """Mark every file that has the bytes of an earlier one; its findings give way to one."""
    first: dict[str, str] = {}
    marked = []
    for submission in submissions:
        original = first.setdefault(submission.sha256, submission.file)
        if original != submission.file and submission.state == "read":
            again = Finding("intake.repeated_file", "info", submission.file, original)
            submission = replace(submission, state="repeated", findings=(again,))  # noqa: PLW2901
        marked.append(submission)
    return marked


def _concat(submissions: Sequence[Submission], name: str) -> pd.DataFrame:
    """Return the rows of one table of all files, in an order that files alone decide."""
    frames = []
    for submission in submissions:
        frame = submission.frames.get(name)
        if frame is not None and len(frame):
            if name == "project_submissions":
                progress = submission.kind != "budget_items" and submission.period is not None
                year = submission.period.fiscal_year if progress and submission.period else None
                frame = frame.assign(reported_year=pd.Series(year, frame.index, dtype="Int64"))
            frames.append(frame)
    if not frames:
        return empty(name).assign(reported_year=pd.Series(dtype="Int64"))
    whole = pd.concat(frames, ignore_index=True)
    absent = {
        column.name: pd.Series(index=whole.index, dtype=DTYPES[column.kind])
        for column in contract(name).columns
        if column.name not in whole
    }
    return whole.assign(**absent).sort_values(_SORTED[name], kind="stable", ignore_index=True)


def within_limits(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Blank values outside the limits of their contract, each with a finding, and keep the row."""
    findings: list[Finding] = []
    frame = frame.copy()
    for column in contract(name).columns:
        if column.name not in frame or not column.nullable:
            continue
        values = frame[column.name]
        beyond = pd.Series(data=False, index=frame.index)
        if column.low is not None:
            beyond |= (values < column.low).fillna(value=False).astype(bool)
        if column.high is not None:
            beyond |= (values > column.high).fillna(value=False).astype(bool)
        if beyond.any():
            limits = f"{'-∞' if column.low is None else f'{column.low:g}'} – " + (
                "∞" if column.high is None else f"{column.high:g}"
            )
            findings += [
                Finding("intake.out_of_range", "error", where_of(frame, i, column.name),
                        f"{values[i]:g} ({limits})")
                for i in frame.index[beyond]
            ]  # fmt: skip
            frame[column.name] = values.mask(beyond)
    return frame, findings


def _inputs(submissions: Sequence[Submission]) -> pd.DataFrame:
    latest = max((s.as_of for s in submissions if s.as_of), default=_EPOCH)
    return pd.DataFrame(
        [
            {
                "file": s.file, "sha256": s.sha256, "bytes": s.bytes, "kind": s.kind,
                "agency_id": s.agency_id, "province_code": s.province_code,
                "fiscal_year": s.period.fiscal_year if s.period else None,
                "quarter": (s.period.quarter or None) if s.period else None,
                "as_of": pd.Timestamp(s.as_of or latest).as_unit("s"),
                "rows_read": s.rows_read, "rows_accepted": s.rows_accepted, "state": s.state,
                "synthetic": s.synthetic,
            }
            for s in submissions
        ],
        columns=contract("inputs").names,
    ).astype({"fiscal_year": "Int64", "quarter": "Int64"})  # fmt: skip


def _needs(rows: pd.DataFrame, findings: list[Finding]) -> dict[str, pd.DataFrame]:
    """Tell needs from their votes: a need restated in a later quarter is the same need."""
    if rows.empty:
        return {"needs": empty("needs"), "need_votes": empty("need_votes")}
    rows = identify_needs(rows)
    rows["stated"] = rows["fiscal_year"].astype("str") + "-Q" + rows["quarter"].astype("str")
    votes = ["need_id", "fiscal_year", "quarter"]
    again = rows.duplicated([*votes, "file"])
    findings += [
        Finding("intake.need_repeated", "info", where_of(rows, i), str(rows["need_id"].loc[i]))
        for i in rows.index[again]
    ]
    grouped = rows.groupby("need_id", sort=True)
    needs = grouped.last()
    needs["as_of"] = grouped["as_of"].min()  # when the need became known
    needs["first_stated"], needs["last_stated"] = grouped["stated"].min(), grouped["stated"].max()
    ranked = rows.assign(rank=rows["rank"].mask(rows["rank"] < 1)).groupby(votes, sort=True)
    stated = ranked.agg(
        rank=("rank", "min"), votes=("votes", "max"), file=("file", "last"), as_of=("as_of", "last")
    )
    return {"needs": needs.reset_index(), "need_votes": stated.reset_index()}


def identify_needs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return needs with the ``need_id`` that their tambon and their words give."""
    keys = rows["need_text_th"].map(lambda text: text_key(str(text)))
    ids = hashed("N-", 10, (rows["tambon_code"] + "|" + keys).tolist())
    return rows.assign(need_id=ids)


def asks_people(submissions: Iterable[Submission]) -> bool:
    """Tell whether some survey is not synthetic, so that its respondents exist."""
    return any(
        len(s.frames.get("beneficiary_survey", ())) and s.state == "read" and not s.synthetic
        for s in submissions
    )


def _rekey(rows: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """Give each form a key of ours: forms of other provinces and quarters may bear its number.

    Under a secret, for numbers of forms are short, and who knows one could find its row.
    """
    names = ("province_code", "fiscal_year", "quarter", "resp_key")
    parts = zip(*(rows[name] for name in names), strict=True)
    keys = hashed("R-", 12, ("|".join(map(str, p)) for p in parts), key=key)
    return rows.assign(resp_key=keys)


def _councils(rows: Mapping[str, pd.DataFrame], findings: list[Finding]) -> dict[str, pd.DataFrame]:
    """Give meetings and activities their ids; of two reports of one quarter the later counts."""
    meetings, activities = rows["council_meetings"], rows["council_activities"]
    key = ["tambon_code", "fiscal_year", "quarter"]
    if not meetings.empty:
        meetings = _newest(
            meetings.assign(sheet="", row=None), key, "intake.report_replaced", findings
        )
        meetings["meeting_id"] = "M-" + _quarter_key(meetings)
    if not activities.empty:
        activities = activities[activities["file"].isin(meetings["file"])].copy()
        ordinal = activities.groupby("file").cumcount() + 1
        activities["activity_id"] = (
            "A-" + _quarter_key(activities) + "-" + ordinal.astype("str").str.zfill(2)
        )
    return {"council_meetings": meetings, "council_activities": activities}


def _quarter_key(frame: pd.DataFrame) -> pd.Series:
    year, quarter = frame["fiscal_year"].astype("str"), frame["quarter"].astype("str")
    return frame["tambon_code"] + "-" + year + "Q" + quarter


def _newest(
    rows: pd.DataFrame, key: list[str], code: str, findings: list[Finding], value: str | None = None
) -> pd.DataFrame:
    """Keep the last row of each key; report those that it replaces (only where a value differs)."""
    replaced = rows.duplicated(key, keep="last")
    if replaced.any():
        shown = replaced
        if value is not None:
            shown = replaced & (rows[value] != rows.groupby(key)[value].transform("last"))
        findings += [Finding(code, "warning", where_of(rows, i)) for i in rows.index[shown]]
    return rows[~replaced].reset_index(drop=True)


def _placed(refused: Iterable[Finding], frame: pd.DataFrame) -> list[Finding]:
    """Say where in the files a refused row stands, when its frame still knows."""
    if not {*_PLACED} <= {*frame.columns}:
        return list(refused)
    placed = []
    for finding in refused:
        at = finding.place
        placed.append(replace(finding, where=str(where_of(frame, at.row, at.column))))
    return placed
