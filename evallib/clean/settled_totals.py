"""Totals that differ from their rows, judged only where the rows themselves are in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evallib.findings import Finding

_BAR = " | "
_PARTS = 3  # file, sheet and row; what follows is the heading, which may hold bars of its own


def settle_totals(findings: Iterable[Finding]) -> list[Finding]:
    """Withhold judgement on a total when a row above it in its column has a finding of its own.

    Such a row is what the total differs by: a missing, unreadable or wrong amount. Once it is
    mended and sent again, the total is compared again.

    Parameters
    ----------
    findings : iterable of Finding
        All findings; ``header.total_differs`` are those about totals.

    Returns
    -------
    list of Finding
        The same in the same order; ``header.total_unsettled`` (info) stands in place of a
        ``header.total_differs`` that another finding explains.
    """
    known = list(findings)
    totals = {place for f in known if f.code == "header.total_differs" and (place := _place(f))}
    wanted = {(file_sheet, heading) for file_sheet, _, heading in totals}
    first: dict[tuple[str, str], int] = {}
    for finding in known:
        place = _place(finding) if finding.severity != "info" else None
        if place is None or (place[0], place[2]) not in wanted or place in totals:
            continue
        key = place[0], place[2]
        first[key] = min(first.get(key, place[1]), place[1])
    settled = []
    for finding in known:
        place = _place(finding) if finding.code == "header.total_differs" else None
        if place is not None and first.get((place[0], place[2]), place[1]) < place[1]:
            finding = replace(finding, code="header.total_unsettled", severity="info")  # noqa: PLW2901
        settled.append(finding)
    return settled


def _place(finding: Finding) -> tuple[str, int, str] | None:
    """Return (file and sheet, row, heading) of a finding about one cell."""
    parts = finding.where.split(_BAR, _PARTS)
    if len(parts) <= _PARTS or not parts[2].isdigit():
        return None
    return _BAR.join(parts[:2]), int(parts[2]), parts[3]
