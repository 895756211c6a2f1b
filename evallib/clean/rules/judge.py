"""Rules held against the rows of a table; every row that breaks one becomes a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.rules.mended_texts import report_read_through
from evallib.clean.rules.operators import find_broken, show_broken
from evallib.clean.rules.rule import Rule, Stage
from evallib.clean.rules.rule_file import read_rules
from evallib.clean.rules.values import Values
from evallib.clean.values.dates_in_periods import check_dates_in_periods
from evallib.findings import Finding, Where
from evallib.thai.text import is_missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from evallib.clean.sheets.columns import Columns

__all__ = ["Rule", "check_rules", "judge_projects", "judge_register", "judge_sheet", "read_rules"]

OFFICE = "rule.office"  # code of every rule of an office; its own words stand in the value


def check_rules(
    frame: pd.DataFrame, table: str, rules: Iterable[Rule] | None = None
) -> list[Finding]:
    """Return a finding for every row of a table that breaks a rule.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows in the columns of the contract; ``file``, ``sheet`` and ``row`` say where they stand.
        A rule about a column that is absent is silent. Not modified.
    table : str
        Name of the contract, which chooses the rules.
    rules : iterable of Rule, optional
        Those to check; by default all of the package.

    Returns
    -------
    list of Finding
        Code and severity of the rule; ``where`` is ``file | sheet | row | column``; ``value`` is
        what stands there and what it was held against, never anybody's words. By rule, then row.

    Examples
    --------
    >>> rows = pd.DataFrame({"file": ["a.xlsx"], "sheet": ["1"], "row": [7],
    ...                      "budget_approved": [500_000.0], "disbursed_cum": [510_000.0]})
    >>> rules = [rule for rule in read_rules() if rule.operator == "<="]
    >>> finding = check_rules(rows, "project_submissions", rules)[0]
    >>> finding.where, finding.value
    ('a.xlsx | 1 | 7 | disbursed_cum', '510,000 > 500,000')
    """
    chosen = [r for r in (read_rules() if rules is None else rules) if r.table == table]
    values = Values(frame)
    return [f for rule, rows in _broken(chosen, values) for f in _findings(rule, rows, values)]


def judge_sheet(
    columns: Columns, frame: pd.DataFrame, table: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Hold the package's rules against the rows of one sheet, and leave out values that are errors.

    What was read through a misspelling is reported with them.

    Parameters
    ----------
    columns : Columns
        The sheet as sent: it tells an empty cell from one that could not be read, which has a
        finding already, and knows the headings.
    frame : pandas.DataFrame, shape (n, k)
        Rows made from it; index is the row of the sheet.
    table : str
        Name of the contract.

    Returns
    -------
    frame : pandas.DataFrame, shape (n, k)
        With values that break an ``error`` left empty.
    findings : list of Finding
        All findings of the sheet, these included.
    """
    report_read_through(columns)
    rules = [r for r in _of(table, "sheet") if any(name in columns for name in r.lefts)]
    lefts = {name for r in rules if r.operator == "not empty" for name in r.lefts}
    kept = columns.index.isin(frame.index)
    errors = _rows_with_errors(columns)
    filled = {
        name: _answered(columns, name, errors)[kept] for name in sorted(lefts) if name in columns
    }
    values = Values(frame, filled)
    refused = False
    for rule, rows in _broken(rules, values):
        refused = refused or rule.severity == "error"
        headings = [columns.heading(name).column for name in rule.lefts if name in columns]
        columns.report(
            (
                Finding(rule.code, rule.severity, Where("", "", label, headings[0]), value)
                for label, value in zip(
                    frame.index[rows], show_broken(rule, values, rows), strict=True
                )
            ),
            placed=True,
        )
    if refused:
        _drop_doubts(columns, {rule.code for rule in rules if rule.severity == "error"})
        held = {rule.left for rule in rules if rule.severity == "error"}
        frame = frame.assign(
            **{n: pd.Series(values.column(n), frame.index) for n in sorted(held) if n in frame}
        )
    return frame, columns.findings


def judge_register(
    tables: Mapping[str, pd.DataFrame], office: Sequence[Rule] = ()
) -> list[Finding]:
    """Hold against all rows what can be told only when all files are together, and office rules.

    Values that broke a rule in their own sheet are no yardstick for other quarters.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Name of the contract -> its rows of all files. From ``indicators`` comes the ``population``
        that projects and needs are held against: the latest of each tambon.
    office : sequence of Rule, default none
        Rules of the office, as `read_rules` reads them from its file.

    Returns
    -------
    list of Finding
        As `check_rules` returns them.
    """
    people = _population(tables.get("indicators"))
    found: list[Finding] = []
    for name, frame in tables.items():
        held = frame
        if people is not None and "tambon_code" in frame and name != "indicators":
            held = frame.assign(population=frame["tambon_code"].map(people).astype("float64"))
        found += _judge_all(held, name, office)
    return found + _meetings_outside(tables.get("council_meetings"))


def _meetings_outside(meetings: pd.DataFrame | None) -> list[Finding]:
    """Return the meetings of councils that lie outside the quarter that their report names."""
    if meetings is None or meetings.empty:
        return []
    labels = [str(Where(file, "", None, "meeting_date")) for file in meetings["file"]]
    years, quarters = meetings["fiscal_year"].tolist(), meetings["quarter"].tolist()
    periods = [f"{year}-Q{quarter}" for year, quarter in zip(years, quarters, strict=True)]
    days = pd.Series(meetings["meeting_date"].astype("datetime64[s]").to_numpy(), labels)
    return check_dates_in_periods(pd.Series(periods, labels, dtype="object"), days)


def judge_projects(
    projects: pd.DataFrame, submissions: pd.DataFrame, office: Sequence[Rule] = ()
) -> list[Finding]:
    """Hold rules against the register of projects once their sectors are known.

    Parameters
    ----------
    projects, submissions : pandas.DataFrame
        Contracts ``projects`` and ``project_submissions``.
    office : sequence of Rule, default none
        Rules of the office.

    Returns
    -------
    list of Finding
        Placed at the last row in which the project was sent.
    """
    order = ["as_of", "file", "sheet", "row"]
    last = submissions.sort_values(order, kind="stable").drop_duplicates("project_uid", keep="last")
    rows = last.set_index("project_uid")[["file", "sheet", "row"]]
    return _judge_all(projects.join(rows, on="project_uid"), "projects", office)


def _population(indicators: pd.DataFrame | None) -> pd.Series | None:
    if indicators is None or indicators.empty:
        return None
    told = indicators[indicators["indicator_id"] == "population"]
    return told.sort_values("as_of", kind="stable").groupby("tambon_code")["value"].last()


def _judge_all(frame: pd.DataFrame, table: str, office: Sequence[Rule]) -> list[Finding]:
    values = Values(frame)
    suspects = [r for r in _of(table, "sheet") if r.operator not in {"not empty", "unique"}]
    for _ in _broken([r for r in suspects if r.severity != "info"], values):
        pass  # marks the suspect values
    rules = [*_of(table, "register"), *(r for r in office if r.table == table)]
    return [f for rule, rows in _broken(rules, values) for f in _findings(rule, rows, values)]


def _of(table: str, stage: Stage) -> list[Rule]:
    return [rule for rule in read_rules() if rule.table == table and rule.stage == stage]


def _drop_doubts(columns: Columns, codes: set[str]) -> None:
    """Leave out doubts about how a cell was read whose value is refused: one cell, one message."""
    refused = {f.where for f in columns.findings if f.code in codes}
    columns.findings = [
        f for f in columns.findings if f.severity != "warning" or f.where not in refused
    ]


def _rows_with_errors(columns: Columns) -> Mapping[str, Collection[int]]:
    """Return heading -> rows of the sheet whose cell has an error already."""
    rows: dict[str, set[int]] = {}
    for place in (f.place for f in columns.findings if f.severity == "error"):
        if place.row is not None:
            rows.setdefault(place.column, set()).add(place.row)
    return rows


def _answered(
    columns: Columns, name: str, errors: Mapping[str, Collection[int]]
) -> NDArray[np.bool_]:
    """Tell which cells of a column are filled, or have an error already: one cell, one message."""
    which, distinct = pd.factorize(columns.raw(name))  # a missing cell is -1
    filled = np.array([*(not is_missing(cell) for cell in distinct), False])[which]
    rows = errors.get(columns.heading(name).column)
    return filled | columns.index.isin(rows) if rows else filled


def _broken(rules: Iterable[Rule], values: Values) -> Iterable[tuple[Rule, NDArray[np.intp]]]:
    """Yield each rule that is broken and the positions of the rows, marking what is suspect."""
    for rule in rules:
        if rule.operator != "not empty" and rule.left not in values:
            continue
        if any(name not in values.frame for name in rule.by):
            continue
        broken = find_broken(rule, values)
        if not broken.any():
            continue
        yield rule, np.flatnonzero(broken)
        if rule.severity != "info" and rule.operator != "not empty":
            held = values.suspect.get(rule.left, np.zeros(len(values), dtype=bool))
            values.suspect[rule.left] = held | broken
        if rule.severity == "error":
            values.refuse(rule.left, broken)


def _where(place: tuple[Any, ...], column: str) -> Where:
    """Return file, sheet and row of a table with a column; a frame may know none of them."""
    file, sheet, row = (None if pd.isna(part) else part for part in place)
    return Where(file or "", sheet or "", None if row is None else int(row), column)


def _findings(rule: Rule, rows: NDArray[np.intp], values: Values) -> list[Finding]:
    places = values.frame.reindex(columns=["file", "sheet", "row"]).iloc[rows]
    shown = show_broken(rule, values, rows)
    return [
        Finding(
            OFFICE if rule.of_office else rule.code,
            rule.severity,
            _where(place, rule.lefts[0]),
            f"{rule.code}: {rule.th} / {rule.en} {value}".strip() if rule.of_office else value,
        )
        for place, value in zip(places.itertuples(index=False, name=None), shown, strict=True)
    ]
