"""Findings as rows of a table: one row a code, errors first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from evallib.findings import SEVERITIES, Finding
from evallib.i18n import text
from evallib.report.plain import exact_text

if TYPE_CHECKING:
    from evallib.report.document import FindingList

SHOWN = 3


def findings_view(block: FindingList) -> dict[str, Any]:
    """Return rows of severity, up to three messages, how many more, and how many in all."""
    ranked = sorted(
        block.findings, key=lambda f: (SEVERITIES.index(f.severity), f.code, f.where, f.value)
    )
    groups = [list(group) for _, group in groupby(ranked, key=lambda f: (f.severity, f.code))]
    return {
        "rows": [
            {
                "severity": group[0].severity,
                "label": text(f"frame.severity.{group[0].severity}", block.language),
                "code": exact_text(group[0].code),
                "messages": [_message(finding, block.language) for finding in group[:SHOWN]],
                "more": max(0, len(group) - SHOWN),
                "count": len(group),
            }
            for group in groups
        ]
    }


def _message(finding: Finding, language: str) -> str:
    """Return the words of a finding; a code without words still shows what was found."""
    try:
        return exact_text(finding.message(language))
    except KeyError:
        return exact_text(": ".join(filter(None, (finding.where, finding.code, finding.value))))
