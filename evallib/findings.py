"""Finding: everything noticed and not raised, in one shape, so that one table shows it all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

from evallib.i18n import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["SEVERITIES", "Finding", "Severity", "findings_frame"]

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was noticed in data, in a design or in a run.

    Parameters
    ----------
    code : str
        Stable code, ``<subject>.<what>``; the Thai and English words stand in ``evallib/locale``.
    severity : {"error", "warning", "info"}
        error: a value or a row could not be used; warning: used, but look; info: for the record.
    where : str
        Where it is: row label, ``file | sheet | row | column``, cohort or cluster.
    value : str
        What was found there. Never a person's name or words.

    Examples
    --------
    >>> Finding("date.short_year", "info", "row 7", "15/06/65").message("en")
    'row 7: the year has two digits and was read as 25xx: 15/06/65'
    """

    code: str
    severity: Severity
    where: str = ""
    value: str = ""

    def message(self, language: str = "th") -> str:
        """Return the words of this finding in Thai or English."""
        words = text(self.code, language, where=self.where, value=self.value)
        return f"{self.where}: {words}" if self.where else words


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a frame, errors first, then by code and place.

    Parameters
    ----------
    findings : iterable of Finding
        Any number, also none.

    Returns
    -------
    pandas.DataFrame, shape (n, 4)
        Columns ``code``, ``severity``, ``where``, ``value``, all str.

    Examples
    --------
    >>> findings_frame([Finding("date.short_year", "info", "3", "1/1/65")]).iloc[0].tolist()
    ['date.short_year', 'info', '3', '1/1/65']
    """
    import pandas as pd  # findings are made by the thousand before anyone needs a frame

    names = [field.name for field in fields(Finding)]
    ranked = sorted(
        findings, key=lambda f: (SEVERITIES.index(f.severity), f.code, f.where, f.value)
    )
    return pd.DataFrame([asdict(finding) for finding in ranked], columns=names, dtype="str")
