"""Columns of one sheet under their canonical names, parsed, with every finding placed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.sheets.headings import UNDERSTOOD, Heading
from evallib.clean.sheets.sheet import SECTION, Sheet
from evallib.clean.sheets.texts import clean_texts
from evallib.clean.values.amounts import find_unit, parse_baht, stated_unit
from evallib.clean.values.quantities import parse_counts
from evallib.findings import Finding, Where

if TYPE_CHECKING:
    from datetime import date

Parser = Callable[[pd.Series], tuple[pd.Series, list[Finding]]]
_DIGIT = re.compile(r"[0-9๐-๙０-９]")
_REPORTED = {  # codes of headings that a reader of the findings should know of
    "personal": ("header.personal_column", "warning"),
    "": ("header.heading_unknown", "info"),
    UNDERSTOOD: ("header.heading_not_kept", "info"),
}


class Columns:
    """Access to the columns of a sheet by canonical name; ``findings`` grows as they are read.

    Parameters
    ----------
    sheet : Sheet
        As `read_sheets` returns it.
    quarter : int, default 0
        In a sheet with blocks of quarters, the quarter whose results count; 0 for the last one.
    """

    def __init__(self, sheet: Sheet, quarter: int = 0) -> None:
        self.sheet = sheet
        self.frame = sheet.frame
        self.index = sheet.frame.index
        self.findings: list[Finding] = []
        self._texts: dict[str, pd.Series] = {}
        self._chosen = self._choose(sheet.headings, quarter)

    def __contains__(self, name: str) -> bool:
        return name in self._chosen

    def raw(self, name: str) -> pd.Series:
        """Return a column as it was sent, or one of missing values."""
        if name == SECTION and SECTION in self.frame:
            return self.frame[SECTION]
        if name not in self._chosen:
            return pd.Series(None, index=self.index, dtype="object", name=name)
        return self.frame[self._chosen[name].column].rename(name)

    def text(self, name: str) -> pd.Series:
        """Return a column as repaired text; missing words such as "-" are missing."""
        if name not in self._texts:
            raw = self.raw(name)
            self._texts[name] = clean_texts(raw) if name in self else raw
        return self._texts[name]

    def heading(self, name: str) -> Heading:
        """Return the heading of a column, an empty one when the sheet lacks it."""
        return self._chosen.get(name, Heading("", name))

    def parse(self, name: str, parser: Parser, *, empty: str) -> pd.Series:
        """Parse a column; a column that is absent becomes missing values of dtype ``empty``."""
        if name not in self:
            return pd.Series(index=self.index, dtype=empty, name=name)
        values, findings = parser(self.raw(name))
        self.report(findings, column=self._chosen[name].column)
        return values

    def parse_money(self, *names: str) -> dict[str, pd.Series]:
        """Return columns of money in baht; those of one unit are parsed in one go."""
        parsed = {n: pd.Series(index=self.index, dtype="float64") for n in names}
        by_unit: dict[str, list[str]] = {}
        for name in names:
            if name in self:
                by_unit.setdefault(self._money_unit(name), []).append(name)
        for unit, same in by_unit.items():
            cells = [cell for name in same for cell in self.raw(name).tolist()]
            amounts, findings = parse_baht(pd.Series(cells, dtype="object"), unit=unit)
            self.report((self._placed(f, same) for f in findings), placed=True)
            for i, name in enumerate(same):
                part = amounts.to_numpy()[i * len(self.index) : (i + 1) * len(self.index)]
                parsed[name] = pd.Series(part, self.index)
        return parsed

    def _placed(self, finding: Finding, names: list[str]) -> Finding:
        """Say row and heading of a finding whose place counts through columns read as one."""
        column, row = divmod(int(finding.where), len(self.index))
        where = Where("", "", self.index[row], self.heading(names[column]).column)
        return replace(finding, where=str(where))

    def count(self, name: str, *, unit: str = "คน") -> pd.Series:
        """Return a column of counts; a cell of words alone names a group and counts nobody."""
        if name not in self:
            return pd.Series(index=self.index, dtype="Int64")
        raw = self.raw(name).tolist()
        counted = {
            cell: None if isinstance(cell, str) and not _DIGIT.search(cell) else cell
            for cell in dict.fromkeys(raw)
        }
        cells = [counted[cell] for cell in raw]
        counts, findings = parse_counts(pd.Series(cells, self.index, dtype="object"), unit=unit)
        self.report(findings, column=self.heading(name).column)
        return counts

    def keep(
        self, values: Mapping[str, object], as_of: date, *, needed: Mapping[str, str]
    ) -> tuple[pd.DataFrame, list[Finding]]:
        """Make the frame of a sheet in one step, without the rows that lack a needed column.

        Parameters
        ----------
        values : mapping of str to Series or scalar
            Columns of the frame.
        as_of : datetime.date
            Date of the data.
        needed : mapping of str to str
            Code of the finding for a row left out -> column that it lacks.
        """
        place = {"file": self.sheet.source, "sheet": self.sheet.name, "row": self.index}
        dated = {"as_of": pd.Timestamp(as_of).as_unit("s")}
        frame = pd.DataFrame({**place, **values, **dated}, index=self.index)
        for code, name in needed.items():
            lacking = frame[name].isna().to_numpy()
            if lacking.any():
                rows = frame.index[lacking]
                self.report(
                    (Finding(code, "error", str(row)) for row in rows),
                    column=self.heading(name).column,
                )
                frame = frame[~lacking]
        return frame, self.findings

    def _money_unit(self, name: str) -> str:
        """Return the unit of money: of the heading, else of the title rows, else baht."""
        heading = self.heading(name).column
        stated = (find_unit(heading) or stated_unit(heading), *map(stated_unit, self.sheet.titles))
        return next((unit for unit in stated if unit), "บาท")

    def report(
        self, findings: Iterable[Finding], *, column: str = "", placed: bool = False
    ) -> None:
        """Keep findings whose ``where`` is a row label, or a place without file when ``placed``.

        Those for the record become one for each code and column.
        """
        source, name = self.sheet.source, self.sheet.name
        noted: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            of_row = not placed and finding.where.isdigit()  # else it is about the whole column
            row, heading = int(finding.where) if of_row else None, column
            if placed:
                row, heading = finding.place.row, finding.place.column
            where = Where(source, name, row, heading)
            here = Finding(finding.code, finding.severity, where, finding.value)
            if finding.severity == "info":
                noted.setdefault((finding.code, heading), []).append(here)
            else:
                self.findings.append(here)
        for (code, heading), same in noted.items():
            where = Where(source, name, None, heading)
            many = Finding(code, "info", where, f"{same[0].value} (× {len(same)})")
            self.findings.append(same[0] if len(same) == 1 else many)

    def _choose(self, headings: Iterable[Heading], quarter: int) -> dict[str, Heading]:
        """Return one heading for each canonical name, and report what is left over."""
        chosen: dict[str, Heading] = {}
        for heading in headings:
            name = heading.canonical
            if name in _REPORTED and not heading.quarter:
                if "แผน" not in heading.column and not heading.column.startswith("("):
                    code, severity = _REPORTED[name]
                    self._note(code, severity, heading.column)
                continue
            if heading.guessed:
                self._note("header.heading_guessed", "info", heading.column, name)
            held = chosen.get(name)
            if held is None or _preferred(heading, held, quarter):
                chosen[name] = heading
            elif not heading.quarter and not held.quarter:
                self._note("header.heading_doubled", "warning", heading.column, name)
        return {name: heading for name, heading in chosen.items() if name}

    def _note(self, code: str, severity: str, column: str, value: str = "") -> None:
        where = Where(self.sheet.source, self.sheet.name, None, column)
        self.findings.append(Finding(code, severity, where, value))  # type: ignore[arg-type]


def _preferred(new: Heading, held: Heading, quarter: int) -> bool:
    """Tell whether a block of a quarter serves better than the one held."""
    if not new.quarter:
        return False
    if quarter:
        return new.quarter == quarter and held.quarter != quarter
    return new.quarter > held.quarter
