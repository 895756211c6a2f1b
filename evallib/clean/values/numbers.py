"""Numbers in digits with separators, and numbers in Thai words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evallib.thai.text import thai_digits_to_arabic

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d*)?")
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9]\d{0,2}\.\d{3}")

_ONES = {
    word: value
    for value, words in enumerate(
        ("ศูนย์", "หนึ่ง เอ็ด", "สอง ยี่", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
    )
    for word in words.split()
}
_PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
_WORDS = re.compile("|".join([*_ONES, *_PLACES, "ล้าน"]))
_SPELT = re.compile(rf"(?:(?:{_WORDS.pattern})+)")


def read_number(text: str, *, decimal_point_sure: bool = False) -> Decimal | None:
    """Read a number in Arabic digits; ``None`` where separators could mean two numbers.

    Parameters
    ----------
    text : str
        Digits with separators; brackets or a leading minus make it negative.
    decimal_point_sure : bool, default False
        Whether ``1.200`` must be one point two, as before ล้าน or in kilometres. Otherwise three
        digits after a point could be thousands.

    Examples
    --------
    >>> [str(read_number(n)) for n in ("1,200,000", "(1 500)", "538800.0000", "1.200", "1,5")]
    ['1200000', '-1500', '538800.0000', 'None', 'None']
    """
    text = text.strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    elif text.startswith(("(", "+", "-")) or text.endswith(")"):
        negative = text.startswith("-")
        if text[0] == "(" or text[-1] == ")":
            return None
        text = text[1:].strip()
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    if not decimal_point_sure and _THOUSANDS_OR_DECIMALS.fullmatch(text):
        return None
    number = Decimal(re.sub("[, ]", "", text).rstrip("."))
    return -number if negative else number


def read_number_words(text: str) -> Decimal | None:
    """Read an amount in Thai words with its satang, or ``None`` where it is no such amount.

    Examples
    --------
    >>> read_number_words("หนึ่งล้านสองแสนบาทถ้วน"), read_number_words("ยี่สิบเอ็ดบาทห้าสิบสตางค์")
    (Decimal('1200000'), Decimal('21.5'))
    """
    text = re.sub(r"\s", "", text).removesuffix("ถ้วน")
    negative = text.startswith("ลบ")
    baht, _, satang = text.removeprefix("ลบ").partition("บาท")
    cents = satang.removesuffix("สตางค์")
    if not _SPELT.fullmatch(baht) or (cents and not _SPELT.fullmatch(cents)):
        return None
    whole, part = _value(baht), _value(cents) if cents else 0
    if whole is None or part is None or part > 99:
        return None
    number = Decimal(whole) + (Decimal(part) / 100 if part else 0)
    return -number if negative else number


def _value(words: str) -> int | None:
    """Return the value of number words; places must fall from left to right."""
    millions, below, ones, last = 0, 0, None, 10**6
    for word in _WORDS.findall(words):
        if word in _ONES:
            if ones is not None:
                return None
            ones = _ONES[word]
        elif word == "ล้าน":
            total = millions * 10**6 + below + (ones or 0)
            millions, below, ones, last = total or 1, 0, None, 10**6
        elif _PLACES[word] >= last:
            return None
        else:
            last = _PLACES[word]
            below, ones = below + (1 if ones is None else ones) * last, None
    return millions * 10**6 + below + (ones or 0)


# At most 15 digits, so that no two such numbers share a float, and at most two after the point,
# so that no point can be one of thousands. A lone comma always has three digits behind it.
_PLAINLY = re.compile(
    r"((?:[1-9]\d{0,2}(?:,\d{3}){1,3}|0|[1-9]\d{0,11})(?:\.\d{1,2})?)( ?บาท)?", re.ASCII
)
MOST = 2.0**53  # floats below it hold every whole number
_NOT_PLAIN = (float("nan"), 0, 0)


class PlainNumbers(NamedTuple):
    """Numbers of the cells that are plainly numbers, ``nan`` for all others, and how they came."""

    numbers: NDArray[np.float64]
    typed: NDArray[np.bool_]
    in_baht: NDArray[np.bool_]


def read_plain_numbers(values: pd.Series) -> PlainNumbers:
    """Return what needs no rule to be read: numbers, and texts such as ``1,234,500.00``.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells of any type.

    Returns
    -------
    numbers : ndarray of float64, shape (n,)
        Finite, or ``nan`` where a cell is missing or must be read by the rules of its column.
    typed : ndarray of bool, shape (n,)
        Where the cell was a number of the spreadsheet, no text.
    in_baht : ndarray of bool, shape (n,)
        Where บาท stands behind the number.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.Series([12.5, "1,200", "๑,๒๐๐ บาท", "1.200"], dtype=object)
    >>> read_plain_numbers(cells).numbers.tolist()
    [12.5, 1200.0, 1200.0, nan]
    """
    if values.dtype.kind in "iuf" and isinstance(values.dtype, np.dtype):
        numbers = values.to_numpy("float64")
        finite = np.abs(numbers) < MOST
        return PlainNumbers(np.where(finite, numbers, np.nan), finite, np.zeros(len(values), bool))
    cells = values.tolist()
    texts = {text: _read_text(text) for text in dict.fromkeys(c for c in cells if type(c) is str)}
    found = [_read_cell(cell, texts) for cell in cells]
    numbers, typed, in_baht = np.array(found, dtype="float64").reshape(-1, 3).T
    return PlainNumbers(numbers, typed == 1, in_baht == 1)


def _read_cell(cell: object, texts: dict[str, tuple[float, int, int]]) -> tuple[float, int, int]:
    """Return number, whether it came as a number, and whether บาท stands behind it."""
    kind = type(cell)
    if kind is str:
        return texts[cell]  # type: ignore[index]
    if (kind is float or kind is int) and abs(cell) < MOST:  # type: ignore[arg-type]
        return float(cell), 1, 0  # type: ignore[arg-type]
    return _NOT_PLAIN


def _read_text(text: str) -> tuple[float, int, int]:
    """Read one text; Thai and full-width digits are digits."""
    match = _PLAINLY.fullmatch(text if text.isascii() else thai_digits_to_arabic(text))
    if match is None:
        return _NOT_PLAIN
    return float(match[1].replace(",", "")), 0, int(match[2] is not None)
