"""Which dimension of quality a finding speaks of, and which agency and quarter it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evallib.clean.rules import Rule
    from evallib.findings import Finding

ROW = ["file", "sheet", "row"]
_GROUP = ["agency_id", "fiscal_year", "quarter"]
_CONTRADICTIONS = ("header.total_differs", "intake.period_conflict", "period.")
_BAR = " | "


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
    file, sheet, row = [*finding.where.split(_BAR), "", ""][:3]
    return file, sheet, row if row.isdigit() else ""
