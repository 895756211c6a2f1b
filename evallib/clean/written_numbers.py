"""Numbers in digits with separators, and numbers in Thai words."""

from __future__ import annotations

import re
from decimal import Decimal

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
