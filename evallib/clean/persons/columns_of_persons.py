"""Columns that hold persons are emptied before anything is parsed, and numbers that are no number."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evallib.clean.persons.names.lexicon import is_known_person
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.persons.suspects import may_identify
from evallib.clean.values.distinct_cells import HIDDEN
from evallib.findings import Finding, Where
from evallib.tables import tables
from evallib.thai.citizen_numbers import is_citizen_number
from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from evallib.clean.sheets.sheet import Sheet

_SAMPLE, _FEWEST = 200, 5  # cells looked at in a column, and from which on it is judged
_MOSTLY = 0.5  # share of cells that are identifiers from which a column goes as a whole
_REST = 0.4  # share of its letters that a cell may keep and still be an identifier
_JUDGED_BY_HEADING = {
    "tambon", "amphoe", "province", "tambon_code", "agency_raw", "status", "order_no",
    "agency_project_code", "budget_code", "emenscr_code", "resp_key", "item_id",
}  # fmt: skip
_TWO_WORDS = re.compile(r"[ก-ฮเ-ไ][ก-์]+ [ก-ฮเ-ไ][ก-์]+")
_LETTERS = re.compile(r"[\w\u0E01-\u0E4E]")
_SHORTEST = 9  # digits of a telephone number
_DIGIT = "[0-9๐-๙０-９]"
_NINE_DIGITS = f"{_DIGIT}(?:[^0-9๐-๙０-９]*{_DIGIT}){{{_SHORTEST - 1}}}"
_OTHER_NUMBERS = {"target_group", "duration", "order_no"}  # parsed as numbers or dates as well


def withhold_persons(sheet: Sheet) -> tuple[Sheet, list[Finding]]:
    """Empty the columns of a sheet that hold persons, and cells of numbers that identify one.

    Parameters
    ----------
    sheet : Sheet
        As `read_sheets` returns it.

    Returns
    -------
    sheet : Sheet
        The same rows and columns; what was withheld is missing. Columns whose heading is personal
        are emptied here and reported by `Columns`.
    findings : list of Finding
        Warning ``identifier.column_dropped`` for a column whose content is mostly identifiers;
        ``value`` is the number of its cells. Warning ``identifier.removed`` for each cell of a
        column of numbers that holds a citizen number or a telephone number.
    """
    findings: list[Finding] = []
    emptied: dict[str, pd.Series] = {}
    for heading in sheet.headings:
        column = sheet.frame[heading.column]
        filled = column.notna().to_numpy()
        if not filled.any():
            continue
        if heading.canonical == "personal":
            emptied[heading.column] = _blank(column, filled)
        elif heading.canonical in _numbers():
            hits = _numbers_of_persons(column)
            if hits.any():
                emptied[heading.column] = _blank(column, hits)
                findings += [
                    Finding("identifier.removed", "warning",
                            Where(sheet.source, sheet.name, row, heading.column), "number 1")
                    for row in column.index[hits]
                ]  # fmt: skip
        elif heading.canonical not in _JUDGED_BY_HEADING and _holds_persons(column[filled]):
            emptied[heading.column] = _blank(column, filled)
            findings.append(
                Finding("identifier.column_dropped", "warning",
                        Where(sheet.source, sheet.name, None, heading.column),
                        str(int(filled.sum())))
            )  # fmt: skip
    if not emptied:
        return sheet, findings
    return replace(sheet, frame=sheet.frame.assign(**emptied)), findings


@cache
def _numbers() -> frozenset[str]:
    """Return the columns that any contract knows as numbers or dates."""
    kinds = ("int", "float", "baht", "date")
    known = {c.name for table in tables().values() for c in table.columns if c.kind in kinds}
    return frozenset(known | _OTHER_NUMBERS)


def _blank(column: pd.Series, where: np.ndarray) -> pd.Series:
    cells = column.to_numpy(dtype="object", copy=True)
    cells[where] = None
    return pd.Series(cells, column.index, dtype="object", name=column.name)


def _numbers_of_persons(column: pd.Series) -> np.ndarray:
    """Tell which cells of a column of numbers are a citizen number or a telephone number."""
    cells = column.tolist()
    long = [c for c in dict.fromkeys(cells) if type(c) is str and len(c) >= _SHORTEST]
    flags = pc.match_substring_regex(pa.array(long, pa.large_string()), _NINE_DIGITS)
    numbers = {long[i] for i in pc.indices_nonzero(flags).to_pylist() if _is_identifier(long[i])}
    hits = np.zeros(len(cells), dtype="bool")
    for i, cell in enumerate(cells):
        if type(cell) is str:
            hits[i] = cell in numbers
        elif (type(cell) is float or type(cell) is int) and 1e12 <= cell < 1e13:
            hits[i] = is_citizen_number(str(int(cell)))
    return hits


def _is_identifier(cell: str) -> bool:
    """Tell whether a cell is nothing but one number of a person, however it is written."""
    digits = re.sub(r"[\s()._/–—-]", "", thai_digits_to_arabic(normalise_thai(cell)))
    if digits.isdigit() and len(digits) == 13:
        return is_citizen_number(digits)
    return re.fullmatch(r"(?:0|\+66|66)[2-9]\d{7,8}", digits) is not None


def _holds_persons(cells: pd.Series) -> bool:
    """Tell whether most cells of a column are identifiers and little else."""
    texts = [cell for cell in cells.tolist() if isinstance(cell, str)]
    if len(texts) < _FEWEST or 2 * len(texts) < len(cells):
        return False
    step = max(1, len(texts) // _SAMPLE)
    sample = texts[::step]
    enough = _MOSTLY * len(sample)
    named = sum(1 for text in sample if _TWO_WORDS.fullmatch(text.strip()))
    if named >= enough:
        words = (text.split() for text in sample if _TWO_WORDS.fullmatch(text.strip()))
        if sum(is_known_person(given, family) for given, family in words) >= enough:
            return True
    suspects = [text for text, flag in zip(sample, may_identify(sample), strict=True) if flag]
    if len(suspects) < enough:
        return False
    scrubbed, _ = scrub_identifiers(pd.Series(suspects, dtype="object"))
    pairs = zip(suspects, scrubbed.tolist(), strict=True)
    gone = sum(new != old and _rest(new) <= _REST * _rest(old) for old, new in pairs)
    return bool(gone >= enough)


def _rest(text: str) -> int:
    return len(_LETTERS.findall(text.replace(HIDDEN, "")))
