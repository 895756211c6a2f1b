"""One sheet as its sender sees it again: the columns that are kept, without identifiers."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.corrections.answers import written
from evallib.clean.persons.columns_of_persons import withhold_persons
from evallib.clean.persons.scrub_frames import subject_of
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.rules.rule_file import read_rules
from evallib.clean.sheets.columns import Columns
from evallib.clean.sheets.sheet import SECTION, Sheet
from evallib.clean.values.distinct_cells import HIDDEN
from evallib.tables import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evallib.clean.persons.scrub_texts import Subject
    from evallib.clean.sheets.headings import SubmissionKind
    from evallib.findings import Finding

# Findings that name no column of the sheet, and the columns in which their matter stands.
_PLACE = ("tambon", "place_raw", "tambon_code", "amphoe")
_COLUMNS_OF = {
    "intake.no_tambon": _PLACE, "intake.place_unknown": _PLACE, "intake.no_title": ("title_th",),
    "intake.no_text": ("need_text_th",), "intake.no_key": ("resp_key",),
}  # fmt: skip
_SHOWN_OF_SURVEYS = {"resp_key", "province", "amphoe", "tambon"}
_TABLES: Mapping[SubmissionKind, str] = {
    "projects": "project_submissions", "budget_items": "project_submissions", "needs": "needs",
    "survey": "beneficiary_survey", "indicators": "indicators",
    "council_report": "council_activities",
}  # fmt: skip


class Page:
    """One sheet of a file: its columns by canonical name and its rows without identifiers."""

    def __init__(self, sheet: Sheet) -> None:
        self.kind = sheet.kind
        self.sheet = sheet
        self.known = set(sheet.frame.index)
        names = [str(c) for c in sheet.frame.columns if c != SECTION]
        self.place = dict(zip(names, sheet.places, strict=True))  # heading -> column of the sheet
        self.columns = Columns(sheet) if self.kind != "unknown" else None
        self.names = {
            h.column: h.canonical
            for h in sheet.headings
            if h.canonical and h.canonical != "personal"
        }

    def heading_of(self, finding: Finding) -> str:
        """Return the heading that a finding is about, ``""`` when it names none of the sheet."""
        candidates = (finding.place.column, *_COLUMNS_OF.get(finding.code, ()))
        for name in candidates:
            if name in self.names:
                return name
            if self.columns is not None and name in self.columns:
                return self.columns.heading(name).column
        return ""

    def instead_of(self, code: str, heading: str) -> list[str]:
        """Return the headings of the other columns that a broken rule looks at."""
        if self.columns is None:
            return []
        others = [
            self.columns.heading(name).column
            for name in _columns_of_rules().get(code, ())
            if name in self.columns
        ]
        return [
            other for other in dict.fromkeys(others) if other != heading and other in self.names
        ]

    def rows(self, wanted: set[int]) -> dict[int, dict[str, str]]:
        """Return rows as sent, heading -> text, of the columns that evallib keeps."""
        whole = self.sheet.frame.loc[sorted(wanted), list(self.names)]
        withheld, _ = withhold_persons(self.sheet)
        shown = _without_identifiers(whole, self.names, self.kind)
        for heading, texts in shown.items():
            kept = withheld.frame.loc[whole.index, heading].tolist()
            shown[heading] = [
                HIDDEN if k is None and c is not None else t
                for c, k, t in zip(whole[heading].tolist(), kept, texts, strict=True)
            ]
        return {
            int(row): {heading: shown[heading][i] for heading in shown}
            for i, row in enumerate(whole.index)
        }

    def shown_headings(self, asked: Collection[str]) -> dict[int, str]:
        """Return the columns that are shown; of a survey only those asked about and the place."""
        return {
            self.place[heading]: heading
            for heading, name in self.names.items()
            if self.kind != "survey" or name in _SHOWN_OF_SURVEYS or heading in asked
        }


def shown_name(sheet: Sheet) -> str:
    """Return the name of a sheet as findings show it."""
    return _scrubbed_name(sheet.name)


@lru_cache(maxsize=4096)  # thousands of files have the same few sheets
def _scrubbed_name(name: str) -> str:
    return str(scrub_identifiers(pd.Series([name], dtype="object"))[0].iloc[0])


def _without_identifiers(
    rows: pd.DataFrame, names: Mapping[str, str], kind: SubmissionKind
) -> dict[str, list[str]]:
    """Return columns as text; numbers of a column of numbers cannot name anybody and stay.

    What columns of one subject hold is searched at once.
    """
    texts = {heading: [written(cell) for cell in rows[heading].tolist()] for heading in names}
    by_subject: dict[Subject, list[str]] = {}
    for heading, name in names.items():
        by_subject.setdefault(subject_of(name, _TABLES.get(kind, "")), []).append(heading)
    for subject, headings in by_subject.items():
        cells = [text for heading in headings for text in texts[heading]]
        clean = iter(scrub_identifiers(pd.Series(cells, dtype="object"), of=subject)[0].tolist())
        for heading in headings:
            numeric = names[heading] in _numbers()
            texts[heading] = [
                text if numeric and not isinstance(cell, str) else str(scrubbed)
                for cell, text, scrubbed in zip(  # the iterator goes on with the next column
                    rows[heading].tolist(), texts[heading], clean, strict=False
                )
            ]
    return texts


@cache
def _numbers() -> frozenset[str]:
    """Return the columns that any table keeps as numbers or dates."""
    kinds = {"int", "float", "baht", "date"}
    return frozenset(c.name for t in tables().values() for c in t.columns if c.kind in kinds)


@cache
def _columns_of_rules() -> Mapping[str, tuple[str, ...]]:
    """Return code of a rule -> every column that it looks at."""
    return {
        rule.code: tuple(
            dict.fromkeys(
                [
                    *rule.lefts,
                    *(o.column for o in rule.right if o.column),
                    *(c.left for c in rule.when),
                ]
            )
        )
        for rule in read_rules()
        if rule.operator != "not empty"
    }
