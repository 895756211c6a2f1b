"""A day as a Thai office writes it, given as an argument: day first, Buddhist Era, in words."""

from __future__ import annotations

import re
from datetime import date

from evallib.errors import SchemaError
from evallib.i18n import ENGLISH_MONTHS, THAI_MONTHS

BUDDHIST_ERA = 543
FIRST_YEAR, LAST_YEAR = 2400, 2700
COMMON_YEARS = range(1900, 2101)
BUDDHIST_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
SHORT_YEARS = range(40, 100)  # two digits: 2540 to 2599

_SPOKEN = (
    "มกรา", "กุมภา", "มีนา", "เมษา", "พฤษภา", "มิถุนา", "กรกฎา", "สิงหา", "กันยา", "ตุลา",
    "พฤศจิกา", "ธันวา",
    "มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค",
)  # fmt: skip
MONTHS: dict[str, int] = {
    name.lower(): i % 12 + 1
    for i, name in enumerate(
        [*THAI_MONTHS, *_SPOKEN, *ENGLISH_MONTHS, *(m[:3] for m in ENGLISH_MONTHS)]
    )
} | {"sept": 9}

_ERA = r"(?P<era>พ\.? ?ศ\.?|พุทธศักราช|b\.?e\.?|ค\.? ?ศ\.?|a\.?d\.?)?\s?"
_ISO = re.compile(r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}")
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})\s?([-/.])\s?(?P<month>\d{{1,2}})\s?\2\s?{_ERA}(?P<year>\d{{4}}|\d{{2}})",
        rf"(?P<day>\d{{1,2}})[-/ ]?(?:เดือน\s?)?(?P<month>[ก-๎a-z][ก-๎a-z.]*?)[-/, ]?\s?{_ERA}"
        r"(?P<year>\d{4}|\d{2})",
    )
)


def tidy(text: str) -> str:
    """Return a text with Arabic digits, lower case, one kind of dash and single spaces."""
    from evallib.thai.text import normalise_thai, thai_digits_to_arabic  # a plain form needs none

    return re.sub("[‐-―−]", "-", thai_digits_to_arabic(normalise_thai(text)).lower())


def read_day(written: str | date, *, code: str) -> date:
    """Return the day that an argument names.

    Parameters
    ----------
    written : str or datetime.date
        A date; ISO text (``2022-06-24``, also with a Buddhist-Era year); or a day as Thai offices
        write it: ``24/6/2565``, ``24 มิ.ย. 65``, ``๒๔ มิถุนายน พ.ศ. ๒๕๖๕``. The day comes first, and
        two digits from 40 to 99 are the year 25xx.
    code : str
        Code of the error, which says where a day was asked for.

    Raises
    ------
    SchemaError
        There is no such day, the year is not certain, or a date holds a Buddhist-Era year.

    Examples
    --------
    >>> [str(read_day(day, code="runner.as_of")) for day in ("๒๔ มิถุนายน ๒๕๖๕", "24/6/65")]
    ['2022-06-24', '2022-06-24']
    """
    # a timestamp that is missing is an instance of date, too
    day = _read_text(str(written)[:10] if isinstance(written, date) else written)
    era_of_object = isinstance(written, date) and written.year >= FIRST_YEAR
    if day is None or era_of_object:
        raise SchemaError(code, found=repr(written))
    return day


def _read_text(written: object) -> date | None:
    """Return the day of a text, None where it has none."""
    if not isinstance(written, str):
        return None
    if _ISO.fullmatch(written) and int(written[:4]) in COMMON_YEARS:
        try:
            return date.fromisoformat(written)
        except ValueError:
            return None
    text = tidy(written).strip().removeprefix("วันที่").strip(" .")
    match = next((m for m in (form.fullmatch(text) for form in _FORMS) if m), None)
    if match is None:
        return None
    found = match.groupdict()
    month = found["month"].replace(".", "").replace("ฏ", "ฎ")
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    try:
        return date(_year(found["year"], found.get("era") or ""), number, int(found["day"]))
    except ValueError:
        return None


def _year(digits: str, era: str) -> int:
    """Return the Common Era year, 0 where it is not certain."""
    year, label = int(digits), era.replace(".", "").replace(" ", "")
    common, buddhist = label in ("คศ", "ad"), label in ("พศ", "พุทธศักราช", "be")
    if len(digits) == 2:
        return 2500 + year - BUDDHIST_ERA if year in SHORT_YEARS and not common else 0
    if year in BUDDHIST_YEARS:
        return 0 if common else year - BUDDHIST_ERA
    return year if year in COMMON_YEARS and not buddhist else 0
