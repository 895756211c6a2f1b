"""Finding: everything noticed and not raised, in one shape, and Where: the place it is about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

from evallib.i18n import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["SEVERITIES", "Finding", "Severity", "Where", "findings_frame"]

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
BAR = " | "  # between the parts of a place as findings write it
_LONGEST_ROW = 18  # digits; a longer one is no row of anything


@dataclass(frozen=True, slots=True)
class Where:
    """Where a finding stands: a file, a sheet of it, a row, a column.

    ``str`` writes it as findings show it and `Where.read` is the only reader of that text.

    Parameters
    ----------
    file : str
        Path below the folder of submissions, or the name of a file or table of the office.
    sheet : str or None, default None
        Name of the sheet; "" for the only table of a file. None where nothing is said of sheets:
        the whole file, or a row of a file or table that has none.
    row : int or None, default None
        Row as its file is shown, from 1; None when no single row is meant.
    column : str, default ""
        Heading or name of the column. A heading may hold bars of its own, for it stands last; files
        and sheets hold none, since intake takes them out of names. One that holds " | " all the
        same, or a column with bars of a place without a sheet, is written and not read back.

    Examples
    --------
    >>> str(Where("a.xlsx", "แผ่น 1", 7, "งบประมาณ"))
    'a.xlsx | แผ่น 1 | 7 | งบประมาณ'
    >>> str(Where("a.xlsx")), str(Where("a.xlsx", "ส")), str(Where("links.csv", row=7))
    ('a.xlsx', 'a.xlsx | ส |  | ', 'links.csv | 7')
    """

    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        row = "" if self.row is None else self.row
        if self.sheet is not None:
            return f"{self.file} | {self.sheet} | {row} | {self.column}"
        if self.column:
            return f"{self.file} | {row} | {self.column}"
        return self.file if self.row is None else f"{self.file} | {row}"

    @classmethod
    def read(cls, text: str) -> Where:
        """Return the place that a text names; never raises.

        Parameters
        ----------
        text : str
            ``file``, ``file | row``, ``file | row | column`` or ``file | sheet | row | column``;
            in the forms without a sheet, what is no number and stands for a row is a sheet.

        Examples
        --------
        >>> Where.read("a.xlsx | แผ่น 1 |  | ไตรมาส 3 | ผล")
        Where(file='a.xlsx', sheet='แผ่น 1', row=None, column='ไตรมาส 3 | ผล')
        >>> Where.read("labels.csv | 2").row, Where.read("a.csv |  | 5 | ").sheet
        (2, '')
        """
        file, *parts = text.split(BAR, 3)
        if not parts:
            return cls(file)
        if len(parts) < 3:
            row, column = (*parts, "")[:2]
            whole = _row_of(row)
            named = None if whole is not None or not row else row
            return cls(file, named, whole, column)
        return cls(file, parts[0], _row_of(parts[1]), parts[2])


def _row_of(text: str) -> int | None:
    known = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ROW
    return int(text) if known else None


@dataclass(frozen=True, slots=True, init=False)
class Finding:
    """One thing that was noticed in data, in a design or in a run.

    Parameters
    ----------
    code : str
        Stable code, ``<subject>.<what>``; the Thai and English words stand in ``evallib/locale``.
    severity : {"error", "warning", "info"}
        error: a value or a row could not be used; warning: used, but look; info: for the record.
    where : str or Where
        Where it is: row label, ``file | sheet | row | column``, cohort or cluster. Kept as text.
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

    def __init__(
        self, code: str, severity: Severity, where: str | Where = "", value: str = ""
    ) -> None:
        put = object.__setattr__  # as a frozen dataclass does; only that a Where becomes its text
        put(self, "code", code)
        put(self, "severity", severity)
        put(self, "where", str(where))
        put(self, "value", value)

    @property
    def place(self) -> Where:
        """The parts of ``where``, for a finding about a place in a file."""
        return Where.read(self.where)

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
