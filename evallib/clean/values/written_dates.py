"""One written date: from the text of a cell to first day, last day and the guess that was made."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from evallib.i18n import THAI_MONTHS
from evallib.thai.days import (
    BUDDHIST_ERA,
    BUDDHIST_YEARS,
    COMMON_YEARS,
    MONTHS,
    SHORT_YEARS,
    tidy,
)
from evallib.thai.text import skeleton

UNREADABLE = "date.unreadable"
NULL_DAYS = (date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1))
_SERIAL_ORIGIN = date(1899, 12, 30)  # as Excel counts from March 1900 on

_SKELETONS = [skeleton(name).replace("ฏ", "ฎ") for name in THAI_MONTHS]

ERA = r"(?:(พ\.? ?ศ\.?|ค\.? ?ศ\.?|b\.?e\.?|a\.?d\.?|ปี)\s*)?"
WORD = r"[ก-์a-z](?:[ก-์a-z. ]{0,24}?[ก-์a-z.])?"
_WORDED = re.compile(rf"(?:(\d{{1,2}})[-/. ]*(?:เดือน\s*)?)?({WORD})[-/.,' ]*{ERA}(\d{{2,4}})")
_NUMERIC = re.compile(rf"(\d{{1,2}})\s?([/.-])\s?(\d{{1,2}})\s?\2\s?{ERA}(\d{{2,4}})")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SERIAL = re.compile(r"(\d{5,6})(?:\.\d+)?")
_TIME = re.compile(
    r"\s*(?:เวลา.*|[t ,]\d{1,2}:\d{2}.*"
    r"|[ ,]\d{1,2}[.:]\d{2}\s*(?:-\s*\d{1,2}[.:]\d{2}\s*)?น\.?)$"
)
_LEAD = re.compile(
    r"^(?:(?:เมื่อ|ณ|ใน)?\s*วันที่\s*|เมื่อ\s*|ณ\s+)?"
    r"(?:(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)\s*(?:ที่\s*)?)?"
)
_EITHER_MONTH = re.compile(rf"(?:\d{{1,2}} ?)?({WORD}) ?(?:/|,|หรือ|และ) ?({WORD}) ?{ERA}\d{{2,4}}")


class Written(NamedTuple):
    """A date as written: both days are one unless a whole month was written; code of the guess."""

    first: date | None
    last: date | None
    code: str = ""


NOTHING = Written(None, None, UNREADABLE)


def read_written(text: str) -> Written:
    """Read one date, or one month of a year, from a text that holds nothing else."""
    text = _LEAD.sub("", _TIME.sub("", tidy(text))).strip(" .,'")
    if match := _NUMERIC.fullmatch(text):
        day, _, month, era, year = match.groups()
        return _build(int(day), int(month), *read_year(year, era))
    if match := _WORDED.fullmatch(text):
        return _read_worded(match)
    return _read_rarer(text)


def _read_worded(match: re.Match[str]) -> Written:
    """Read a day, or none, with the name of a month."""
    month, code = find_month(match[2])
    year, year_code = read_year(match[4], match[3])
    if match[1] is None:
        return _build(0, month, year, "date.month_only")
    return _build(int(match[1]), month, year, code or year_code)


def _read_rarer(text: str) -> Written:
    """Read ISO and English forms, serials, and see whether one of two months is meant."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, code = read_year(match[1])
        era_code = "date.era" if int(match[1]) in BUDDHIST_YEARS else code
        return _build(int(match[4]), int(match[3]), year, era_code)
    if match := _MONTH_FIRST.fullmatch(text):
        return _build(int(match[2]), find_month(match[1])[0], *read_year(match[3]))
    if match := _SERIAL.fullmatch(text):
        return read_serial(int(match[1]))
    either = _EITHER_MONTH.fullmatch(text)
    if either and all(find_month(month)[0] for month in either.group(1, 2)):
        return Written(None, None, "date.ambiguous")
    return NOTHING


def find_month(word: str) -> tuple[int, str]:
    """Return the number of a month, 0 when it is none, and ``date.month_spelling`` when mended.

    Full names may miss vowels and tone marks or have one wrong consonant, as long as one month
    only is that near; abbreviations must be exact, for มี.ค. and มิ.ย. differ by little.

    Examples
    --------
    >>> find_month("มิ.ย."), find_month("กรกฏาคม"), find_month("สมชาย")
    ((6, ''), (7, 'date.month_spelling'), (0, ''))
    """
    word = re.sub(r"[. ]|^เดือน", "", word.strip()).lower()
    if month := MONTHS.get(word):
        return month, ""
    bones = skeleton(word).replace("ฏ", "ฎ")
    if len(bones) < 5 or bones.isascii():
        return 0, ""
    from rapidfuzz.distance import Levenshtein  # only misspelt months need it

    near = [Levenshtein.distance(bones, known, score_cutoff=1) for known in _SKELETONS]
    best = min(near)
    if best > 1 or near.count(best) > 1:
        return 0, ""
    return near.index(best) + 1, "date.month_spelling"


def read_year(digits: str, era: str | None = None) -> tuple[int, str]:
    """Return the Common Era year, 0 when there is none, -1 for a null year, and the guess made.

    Four digits from 2400 to 2700 are Buddhist Era, from 1900 to 2100 Common Era; two digits from
    40 to 99 are 25xx. A label of the other era is contradicted and remarked as ``date.era``.
    """
    year, label = int(digits), (era or "").replace(".", "").replace(" ", "")
    if len(digits) == 4 and year in BUDDHIST_YEARS:
        return year - BUDDHIST_ERA, "date.era" if label in ("คศ", "ad") else ""
    if len(digits) == 4 and year in COMMON_YEARS:
        return year, "date.era" if label in ("พศ", "be") else ""
    if len(digits) == 2 and year in SHORT_YEARS and label not in ("คศ", "ad"):
        return 2500 + year - BUDDHIST_ERA, "date.short_year"
    return (-1 if year in (1, BUDDHIST_ERA, BUDDHIST_ERA + 1) and len(digits) > 2 else 0), ""


def read_serial(days: int) -> Written:
    """Read an Excel serial of the years that projects have, also one of a Buddhist-Era year."""
    if not 0 <= days < 400_000:
        return NOTHING
    day = _SERIAL_ORIGIN + timedelta(days=days)
    if day in NULL_DAYS:
        return Written(None, None, "date.null_date")
    if 1950 <= day.year <= COMMON_YEARS[-1]:
        return Written(day, day, "date.serial")
    return read_day(day) if day.year in BUDDHIST_YEARS else NOTHING


def read_day(day: date) -> Written:
    """Read a cell that already is a date; years 543 ahead come back to the Common Era."""
    if isinstance(day, datetime):
        day = day.date()
    if day in NULL_DAYS or day.year == BUDDHIST_ERA + 1:
        return Written(None, None, "date.null_date")
    if day.year in BUDDHIST_YEARS:
        return _build(day.day, day.month, day.year - BUDDHIST_ERA, "date.era")
    return Written(day, day) if day.year in COMMON_YEARS else NOTHING


def _build(day: int, month: int, year: int, code: str) -> Written:
    """Return the day, or the whole month for day 0, when the calendar has it."""
    if year == -1 or (year, month, day) == (1900, 1, 1):
        return Written(None, None, "date.null_date")
    if not (year and 1 <= month <= 12):
        return NOTHING
    length = calendar.monthrange(year, month)[1]
    if day > length or (day == 0) != (code == "date.month_only"):
        return NOTHING
    return Written(date(year, month, day or 1), date(year, month, day or length), code)
