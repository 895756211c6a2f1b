"""Quality of what each agency sent in a quarter: complete, in time, consistent, correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.clean.rules.operators import find_broken
from evallib.clean.rules.rule_file import read_rules
from evallib.clean.rules.values import Values
from evallib.periods import FiscalPeriod

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evallib.clean.rules.judge import Rule
    from evallib.findings import Finding

UNDATED = "intake.as_of_assumed"  # finding about a file that does not say how old its data are
GROUP = ["agency_id", "fiscal_year", "quarter"]
SCORES = ["completeness", "timeliness", "consistency", "correctness"]
_PROJECTS = "project_submissions"


def score_quality(
    inputs: pd.DataFrame,
    submissions: pd.DataFrame,
    findings: Iterable[Finding],
    office: Sequence[Rule] = (),
) -> pd.DataFrame:
    r"""Score the reports of projects of each agency and quarter (indicator A20).

    Parameters
    ----------
    inputs, submissions : pandas.DataFrame
        Contracts ``inputs`` and ``project_submissions``. The quarter of a row is that of its file.
        Rows of an unknown agency belong to nobody and are not scored.
    findings : iterable of Finding
        Of intake. Those for the record (info) lower no score.
    office : sequence of Rule, default none
        Rules of the office beside those of the package.

    Returns
    -------
    pandas.DataFrame
        Contract ``quality_scores``, one row for each agency and quarter, by key. Scores between 0
        and 1, NaN where undefined; ``overall`` is the mean of those that are defined.

    Notes
    -----
    - Completeness: of the cells that must be filled (a rule ``not empty`` that is more than a note,
      for each row), the share that holds a usable value. A cell that need not be filled in a row,
      such as progress of a project not begun, counts as filled, so that no gap raises the score.
    - Timeliness: of the projects reported, the share whose first report says that its data are of a
      day up to `FiscalPeriod.due`, the 25th of the month after the quarter. That day is the only
      evidence of arrival: a report cannot arrive before it. A correction sent later costs nothing;
      a file that names no day is not judged.
    - Consistency and correctness: the share of rows without a finding that they contradict
      themselves, another quarter or their total, and without one that a cell or the row could not
      be used as it stands. What concerns a total or a whole sheet counts as one more row.
    - An agency that reported earlier in the fiscal year and not in a later quarter, once that is
      due, is 0 complete and 0 in time; the rest is undefined.

    Examples
    --------
    >>> from evallib.tables import empty
    >>> score_quality(empty("inputs"), empty("project_submissions"), []).shape
    (0, 15)
    """
    known = list(findings)
    files = _files(inputs, known)
    rows = _rows(submissions, files)
    rules = [*read_rules(), *office]
    placed = place_findings(known, rows, files, rules)
    scores = _counts(rows).join(_completeness(rows, rules)).join(_timeliness(rows))
    for name, count in (("consistency", "n_inconsistent"), ("correctness", "n_incorrect")):
        scores = scores.join(_sound(rows, placed[placed["dimension"] == name], name, count))
    scores = pd.concat([scores, _absent(scores, files)])
    scores["overall"] = scores[SCORES].mean(axis=1)  # of those that are defined
    scores[_COUNTS] = scores[_COUNTS].fillna(0).astype("int64")
    return scores.reset_index()[_COLUMNS].sort_values(GROUP, ignore_index=True)


_COUNTS = ["n_files", "n_rows", "n_missing", "n_late", "n_inconsistent", "n_incorrect"]
_COLUMNS = [*GROUP, *_COUNTS, *SCORES, "overall", "as_of"]


def _files(inputs: pd.DataFrame, findings: Sequence[Finding]) -> pd.DataFrame:
    """Return the files that were read: agency, quarter, and whether they say how old they are."""
    undated = {f.place.file for f in findings if f.code == UNDATED}
    read = inputs[(inputs["state"] == "read") & inputs["quarter"].notna()]
    files = read[["file", *GROUP, "as_of"]].astype({"fiscal_year": "int64", "quarter": "int64"})
    return files.assign(dated=~files["file"].isin(undated))


def _rows(submissions: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of known agencies with the quarter of their file."""
    rows = submissions.drop(columns=["fiscal_year", "quarter"]).merge(
        files[["file", "fiscal_year", "quarter", "dated"]], on="file"
    )
    rows = rows.assign(
        sheet=rows["sheet"].fillna("").astype("object"), row=rows["row"].astype("str")
    )
    return rows[rows["agency_id"].notna()].reset_index(drop=True)


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(GROUP).agg(
        n_files=("file", "nunique"), n_rows=("file", "size"), as_of=("as_of", "max")
    )


def _completeness(rows: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Return cells that are missing, and the share of those asked for that are not."""
    asked = [
        rule for rule in rules
        if rule.table == _PROJECTS and rule.operator == "not empty" and rule.severity != "info"
    ]  # fmt: skip
    values = Values(rows)
    missing = sum((find_broken(rule, values) for rule in asked), np.zeros(len(rows), dtype="int64"))
    grouped = rows[GROUP].assign(n_missing=missing).groupby(GROUP)["n_missing"]
    lacking = grouped.sum()
    share = 1 - lacking / (grouped.size() * len(asked)) if asked else lacking * np.nan
    return pd.DataFrame({"n_missing": lacking, "completeness": share})


def _timeliness(rows: pd.DataFrame) -> pd.DataFrame:
    """Return projects that were late, and the share that was not, of those with a dated report."""
    dated = rows[rows["dated"].to_numpy(dtype=bool)]
    first = dated.groupby([*GROUP, "project_uid"])["as_of"].min().reset_index()
    periods = first[["fiscal_year", "quarter"]].drop_duplicates()
    due = {key: _due(*key) for key in periods.itertuples(index=False, name=None)}
    keys = zip(first["fiscal_year"], first["quarter"], strict=True)
    days = pd.Series([due[key] for key in keys], first.index, dtype="datetime64[s]")
    grouped = first.assign(late=first["as_of"] > days).groupby(GROUP)["late"]
    return pd.DataFrame({"n_late": grouped.sum(), "timeliness": 1 - grouped.mean()})


def _due(year: int, quarter: int) -> pd.Timestamp:
    return pd.Timestamp(FiscalPeriod(year, quarter).due).as_unit("s")


def _sound(rows: pd.DataFrame, bad: pd.DataFrame, name: str, count: str) -> pd.DataFrame:
    """Return places with a finding, and the share of rows and such places that have none."""
    size = rows.groupby(GROUP).size()
    broken = bad.groupby(GROUP).size().reindex(size.index, fill_value=0)
    beside = bad[~bad["of_row"].to_numpy(dtype=bool)].groupby(GROUP).size()
    units = size + beside.reindex(size.index, fill_value=0)
    return pd.DataFrame({count: broken, name: 1 - broken / units})


def _absent(scores: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each report that was due and expected, and is not there."""
    empty = scores.iloc[:0]
    if scores.empty:
        return empty
    sent = scores.index.to_frame(index=False)
    first = sent.groupby(["agency_id", "fiscal_year"], as_index=False)["quarter"].min()
    latest = sent.groupby("fiscal_year")["quarter"].max().to_dict()
    newest = files["as_of"].max()
    wanted = [
        (agency, year, quarter)
        for agency, year, begin in first.itertuples(index=False, name=None)
        for quarter in range(begin + 1, latest[year] + 1)
        if _due(year, quarter) <= newest
    ]
    index = pd.MultiIndex.from_tuples(wanted, names=GROUP) if wanted else empty.index
    index = index.difference(scores.index)
    absent = empty.reindex(index).assign(completeness=0.0, timeliness=0.0)
    absent["as_of"] = pd.Series(
        [_due(year, quarter) for _, year, quarter in index], index, dtype="datetime64[s]"
    )
    return absent


ROW = ["file", "sheet", "row"]
_GROUP = ["agency_id", "fiscal_year", "quarter"]
_CONTRADICTIONS = ("header.total_differs", "intake.period_conflict", "period.")


def place_findings(
    findings: Iterable[Finding], rows: pd.DataFrame, files: pd.DataFrame, rules: Sequence[Rule]
) -> pd.DataFrame:
    """Return each place that has a finding of a dimension once, with whom it concerns.

    Parameters
    ----------
    findings : iterable of Finding
        Of intake.
    rows : pandas.DataFrame
        Rows as sent with ``file``, ``sheet``, ``row`` (str), agency and quarter.
    files : pandas.DataFrame
        ``file`` with the agency and quarter of the whole file: of a finding that is about no row.
    rules : sequence of Rule
        Known rules; each states its dimension.

    Returns
    -------
    pandas.DataFrame, shape (n, 8)
        ``dimension`` (consistency or correctness), place, agency, quarter, and ``of_row``: whether
        a row of ``rows`` stands there.
    """
    stated = {rule.code: rule.dimension for rule in rules}
    told = [
        (dimension, *_place(finding))
        for finding in findings
        if finding.severity != "info" and (dimension := dimension_of(finding, stated))
    ]
    bad = pd.DataFrame(told, columns=["dimension", *ROW]).astype("object").drop_duplicates()
    bad = bad.merge(rows[[*ROW, *_GROUP]], on=ROW, how="left")
    whole = bad[["file"]].merge(files[["file", *_GROUP]], on="file", how="left")
    of_row = bad["agency_id"].notna()
    bad[_GROUP] = bad[_GROUP].where(of_row, whole[_GROUP])
    return bad.assign(of_row=of_row).dropna(subset=_GROUP)


def dimension_of(finding: Finding, stated: dict[str, str]) -> str:
    """Return ``consistency`` or ``correctness``, or "" for what is scored otherwise.

    Examples
    --------
    >>> from evallib.findings import Finding
    >>> [dimension_of(Finding(code, "warning"), {"intake.budget_missing": "completeness"})
    ...  for code in ("intake.budget_missing", "header.total_differs", "date.unreadable")]
    ['', 'consistency', 'correctness']
    """
    code = finding.value.split(":", 1)[0] if finding.code == "rule.office" else finding.code
    if code in stated:
        return stated[code] if stated[code] == "consistency" else ""
    return "consistency" if code.startswith(_CONTRADICTIONS) else "correctness"


def _place(finding: Finding) -> tuple[str, str, str]:
    """Return file, sheet and row of a finding; row is "" for a whole sheet or file."""
    at = finding.place
    return at.file, at.sheet or "", "" if at.row is None else str(at.row)
