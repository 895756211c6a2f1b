"""Words in Thai and English, and the way numbers, money and dates are written in each."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from importlib import resources
from math import isnan
from string import Formatter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from importlib.resources.abc import Traversable

LANGUAGES = ("th", "en")

_ONE = re.compile(r"1(?: \(.*\))?", re.DOTALL)  # "1", or "1 (row 7)"

THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
PARTS = {
    "th": ("ต้องการ: ", "พบ:      ", "ให้ทำ:    "),
    "en": ("needed: ", "found:  ", "do:     "),
}


Entry = dict[str, Any]  # language -> words, or language -> needed, found and do


@cache
def catalog() -> dict[str, Entry]:
    """Return every entry of ``evallib/locale`` and every rule: code -> language -> words.

    For tests and listings: one sentence reads the file of its family alone.
    """
    entries: dict[str, Entry] = {}
    for word in sorted(_files()):
        entries |= _family(word)
    return entries | _rules()


@cache
def _files() -> dict[str, Traversable]:
    folder = resources.files("evallib") / "locale"
    names = {file.name: file for file in folder.iterdir()}
    return {name.removesuffix(".json"): names[name] for name in names if name.endswith(".json")}


@cache
def _family(word: str) -> dict[str, Entry]:
    """Return the codes that begin with the word of one catalog."""
    entries: dict[str, Entry] = json.loads(_files()[word].read_text(encoding="utf-8"))
    return entries


@cache
def _rules() -> dict[str, Entry]:
    """Return the words of the rules, which stand beside what they demand."""
    file = resources.files("evallib") / "reference" / "rules.csv"
    rules = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {rule["rule"]: {language: rule[language] for language in LANGUAGES} for rule in rules}


def _entry(code: str) -> Entry:
    word = code.partition(".")[0]  # of a stranger too, hence looked up and never opened as a path
    family = _family(word) if word in _files() else {}
    return family.get(code) or _rules()[code]


def text(code: str, language: str = "th", /, **values: object) -> str:
    """Return the words of a code in one language, with values filled in.

    Parameters
    ----------
    code : str
        Key of the catalog, such as ``"report.cover.title"``.
    language : {"th", "en"}
        Language of the words.
    **values : object
        Fills the ``{placeholders}`` of the words and chooses between the forms of ``{n:row|rows}``:
        the first for the number one, written ``1`` or ``1 (row 7)`` too, the second for all else.

    Raises
    ------
    KeyError
        The catalog has no such code or language.

    Examples
    --------
    >>> text("report.area", "en")
    'southern border area'
    >>> text("index.count", "en", n=1), text("index.count", "en", n="1,234")
    ('1 report', '1,234 reports')
    """
    words = _entry(code)[language]
    if not isinstance(words, str):
        raise KeyError(f"{code} is a message in three parts")
    return _Tolerant().format(words, **values)


def three_parts(code: str, language: str = "th", /, **values: object) -> str:
    """Return needed, found and do, one a line."""
    entry = _entry(code)[language]
    lines = (
        label + _Tolerant().format(entry[part], **values)
        for label, part in zip(PARTS[language], ("needed", "found", "do"), strict=True)
    )
    return "\n".join(lines)


def plural(value: object, one: str, other: str) -> str:
    """Return the English form that agrees with a number as it is written.

    This is the rule of Unicode for English: one is the integer 1 without decimals. Thai has no
    plural forms, so a Thai sentence asks for none.

    Examples
    --------
    >>> [plural(n, "row", "rows") for n in (0, 1, 2, "1", "1.0", "1 (row 7)", "1,234")]
    ['rows', 'row', 'rows', 'row', 'rows', 'row', 'rows']
    """
    return one if _ONE.fullmatch(str(value)) else other


def counted(number: int, noun: str) -> str:
    """Return a whole number, with separators, and a regular English noun that agrees with it.

    Examples
    --------
    >>> counted(1, "row"), counted(1234, "row")
    ('1 row', '1,234 rows')
    """
    return f"{number:,} {plural(number, noun, noun + 's')}"


class _Tolerant(Formatter):
    """Choose between the forms of ``{n:one|other}``.

    A placeholder without a value stays visible, rather than hide a message behind a KeyError.
    """

    def format_field(self, value: Any, format_spec: str) -> Any:
        one, bar, other = format_spec.partition("|")
        if bar:
            return plural(value, one, other)
        return super().format_field(value, format_spec)

    def get_value(self, key: Any, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key, f"{{{key}}}") if isinstance(key, str) else args[key]


def format_number(value: float | None, language: str = "th", *, decimals: int = 0) -> str:
    """Write a number with separators; a dash where there is none.

    Examples
    --------
    >>> format_number(1234567.5, decimals=1)
    '1,234,567.5'
    >>> format_number(None)
    '–'
    """
    del language  # Thai reports use Arabic digits and the same separators
    if value is None or isnan(value):
        return "–"
    shown = f"{value:,.{decimals}f}"
    if shown.strip("-0.,") == "":
        shown = shown.lstrip("-")
    return shown.replace("-", "\N{MINUS SIGN}")


def format_baht(value: float | None, language: str = "th") -> str:
    """Write money: whole baht, or million baht from one million on.

    Examples
    --------
    >>> format_baht(1_500_000), format_baht(1_500_000, "en"), format_baht(900)
    ('1.50 ล้านบาท', '1.50 million baht', '900 บาท')
    """
    if value is None or isnan(value):
        return "–"
    if abs(value) >= 1e6:
        unit = "ล้านบาท" if language == "th" else "million baht"
        return f"{format_number(value / 1e6, decimals=2)} {unit}"
    return f"{format_number(value)} {'บาท' if language == 'th' else 'baht'}"


def format_percent(share: float | None, language: str = "th", *, decimals: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> format_percent(0.125), format_percent(0.125, "en")
    ('ร้อยละ 12.5', '12.5%')
    """
    if share is None or isnan(share):
        return "–"
    shown = format_number(100 * share, decimals=decimals)
    return f"ร้อยละ {shown}" if language == "th" else f"{shown}%"


def format_date(day: date, language: str = "th") -> str:
    """Write a date: Buddhist Era in Thai, Common Era in English.

    Examples
    --------
    >>> from datetime import date
    >>> format_date(date(2022, 6, 24)), format_date(date(2022, 6, 24), "en")
    ('24 มิถุนายน 2565', '24 June 2022')
    """
    if language == "th":
        return f"{day.day} {THAI_MONTHS[day.month - 1]} {day.year + 543}"
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
