"""Money as officials write it, in whole baht."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.values.distinct_cells import (
    Note,
    Reading,
    mask_words,
    note_missing,
    read_distinct,
)
from evallib.clean.values.numbers import read_number, read_number_words, read_plain_numbers
from evallib.errors import SchemaError
from evallib.thai.text import missing_kind, normalise_thai, thai_digits_to_arabic
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.findings import Finding
    from evallib.thai.text_columns import Cells

SLIP = 10_000  # million baht: ten times the dearest project of the area
MOST_BAHT = 10**13  # three times the budget of the whole state: no amount of a project
SMALL = 100  # baht: less than any project costs, but what millions without their unit look like
_SMALL = {"": 1, "สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
_SCALE = r"((?:สิบ|ร้อย|พัน|หมื่น|แสน)?(?:ล้าน)?)"
_UNITS_WRITTEN = {
    "ลบ": "ล้านบาท", "ลบท": "ล้านบาท", "millionbaht": "ล้านบาท", "millionthb": "ล้านบาท",
    "mthb": "ล้านบาท", "thbmillion": "ล้านบาท", "mb": "ล้านบาท", "พบ": "พันบาท",
    "thousandbaht": "พันบาท", "thousandthb": "พันบาท", "kthb": "พันบาท", "thb": "บาท",
    "baht": "บาท",
}  # fmt: skip
_WRITTEN_UNIT = (
    r"(?:สิบ|ร้อย|พัน|หมื่น|แสน)?\s*(?:ล้าน)?\s*บาท|ล\.\s?บ\.?(?:ท\.)?|ลบ\.?|พ\.?บ\.|"
    r"(?:million|thousand|m|k)\s*(?:baht|thb)|thb\s*million|mb|thb|baht"
)
_STATED = re.compile(
    rf"(?:หน่วย(?!งาน)(?:เงิน|นับ)?|เป็น|units?|amounts?\s+in|in)\s*[:：=]?\s*\(?\s*(?P<called>{_WRITTEN_UNIT})(?![ก-๙a-z])"
    rf"|[(\[]\s*(?:หน่วย\s*[:：]?\s*)?(?P<bracketed>{_WRITTEN_UNIT})\s*[)\]]",
    re.IGNORECASE,
)
_UNIT_IN_TEXT = re.compile(r"(?:สิบ|ร้อย|พัน|หมื่น|แสน)?(?:ล้าน)?บาท")
_SHARE = re.compile(r"\(\s*(?:ร้อยละ\s*[\d.,]+|[\d.,]+\s*(?:%|เปอร์เซ็นต์))\s*\)$")
_LEAD = re.compile(
    r"^(?:(?:งบประมาณ|วงเงิน|จำนวนเงิน|จำนวน|เป็นเงิน|รวมเป็นเงิน|ทั้งสิ้น|เงิน|ประมาณการ)\s*:?\s*)+|^(?:฿|thb|baht)\s*"
)
_CELL = re.compile(
    rf"(?P<number>[-+(]?\s*[\d., ]*\d[\d., ]*\)?)\s*{_SCALE}\s*"
    r"(?P<baht>บาท|บ\.|฿|baht|thb)?(?:ถ้วน)?"
)
_IN_WORDS_TOO = re.compile(r"^(.*\d.*?)\s*\(\s*([ก-์\s]+)\)$")
_NIL_SATANG = re.compile(r"\.\s?[-=]+(?=\s|บาท|$|\))")
_SEVERAL = re.compile(r"\d\s*(?:-|–|—|~|ถึง|/|และ|\+)\s*\d|^=|ประมาณ|ไม่เกิน|อย่างน้อย|\d\s*-$")
_DIGITS_AND_SIGNS = re.compile(r"[\s\d.,%()'+=/-]*\d[\s\d.,%()'+=/-]*")
_REVIEW = Reading(None, (Note("amount.review", "warning"),))
_UNREADABLE = Reading(None, (Note("amount.unreadable", "error"),))


def parse_baht(values: Cells, *, unit: str = "บาท") -> tuple[pd.Series, list[Finding]]:
    """Read money in baht, whatever unit the heading or the cell names.

    Understood are separators, Thai and full-width digits, ``.-``, ``บาท``, ``฿``, multiples such
    as ``ล้าน`` and ``พันบาท``, amounts in words, brackets as a minus and a share in brackets after
    the amount, which is left aside. A unit in the cell goes before that of the heading. What could
    mean two amounts is never guessed at.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet: strings, numbers or missing. The index is kept.
    unit : str, default "บาท"
        Unit of cells that name none, alone or inside a heading: ``"งบประมาณ (ล้านบาท)"``.

    Returns
    -------
    amounts : pandas.Series of float64, shape (n,)
        Baht, to the satang; same index and name as ``values``. Zero is a value, missing is ``nan``.
    findings : list of Finding
        Error: ``amount.unreadable``. Warning, all ``nan``: ``amount.review`` (a range, several
        amounts, unclear separators such as ``1.200.000``, a trailing minus, a formula, or words
        and digits that differ) and ``amount.unit_slip`` (10,000 million baht and more: baht that
        stand under ล้านบาท; which of the two is wrong cannot be seen). Warning, value used:
        ``amount.unit_differs`` (the cell names another unit than the heading), ``amount.small``
        (above zero and below 100 baht: perhaps millions whose unit was left out). Info:
        ``amount.said_none`` (ไม่มี: missing, not zero), ``text.status_note``.

    Raises
    ------
    SchemaError
        ``unit`` names no unit of money.

    Examples
    --------
    >>> raw = pd.Series(["๑,๒๐๐.-", "1.5 ล้านบาท (39%)", "หนึ่งแสนบาทถ้วน", "(1,500)", "1.200.000"])
    >>> amounts, findings = parse_baht(raw)
    >>> amounts.tolist()
    [1200.0, 1500000.0, 100000.0, -1500.0, nan]
    >>> [(f.code, f.where) for f in findings]
    [('amount.review', '4')]
    >>> parse_baht(pd.Series([12.5]), unit="งบประมาณ (ล้านบาท)")[0].tolist()
    [12500000.0]
    """
    values = as_column(values)
    found = find_unit(unit)
    if found is None:
        raise SchemaError("amount.unknown_unit", found=unit)
    scale = scale_of(found)
    amounts, sure = _read_plain(values, scale)
    column = read_distinct(values[~sure], partial(read_baht, scale=scale))
    amounts[~sure] = column.spread(float, "float64", np.nan)
    return pd.Series(amounts, index=values.index, name=values.name), column.findings


def _read_plain(values: pd.Series, scale: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return baht of plain numbers and where they are beyond doubt and beneath remark.

    With m = 100 times the scale, a power of ten, x is taken where ``round(x m) / m == x`` and
    x m has at most 15 digits: then x is the float nearest to that decimal, no other decimal of
    15 digits is, and baht follow from whole satang as they do from the decimal itself.
    """
    plain = read_plain_numbers(values)
    with np.errstate(over="ignore"):
        satang = np.rint(plain.numbers * (100.0 * scale))
    baht = satang / 100
    size = np.abs(baht)
    most = SLIP * 1_000_000 if scale >= 1_000_000 else MOST_BAHT
    sure = (satang / (100.0 * scale) == plain.numbers) & (size < most)
    sure &= (size >= SMALL) | (size == 0)
    if scale > 1:
        sure &= ~plain.in_baht
    return baht, sure


def find_unit(text: str) -> str | None:
    """Return the unit of money that a heading or a title row names, or ``None``.

    Examples
    --------
    >>> [find_unit(text) for text in ("งบประมาณ (ล้านบาท)", "หน่วย : พันบาท", "ล้าน", "จำนวน (คน)")]
    ['ล้านบาท', 'พันบาท', 'ล้านบาท', None]
    """
    text = normalise_thai(text).replace(" ", "")
    if match := _UNIT_IN_TEXT.search(text):
        return match[0]
    bare = text.strip("().:฿") if "฿" not in text else ""
    if bare == "" and "฿" in text:
        return "บาท"
    return f"{bare}บาท" if bare and re.fullmatch(_SCALE, bare) else None


def stated_unit(text: str) -> str | None:
    """Return the unit of money that a text says amounts are in, wherever it stands in it.

    Only what is called a unit counts, or stands in brackets: a title may name an amount.

    Examples
    --------
    >>> [stated_unit(text) for text in ("หน่วยงาน : อบต.ตาชี   หน่วย : ล้านบาท", "Unit: million baht",
    ...     "สรุปงบประมาณ (พันบาท)", "งบ 5 ล้านบาท", "หน่วยงาน กรมป่าไม้", "ยอดเบิกจ่าย (ลบ.)")]
    ['ล้านบาท', 'ล้านบาท', 'พันบาท', None, None, 'ล้านบาท']
    """
    found = _STATED.search(normalise_thai(text))
    if found is None:
        return None
    written = "".join((found["called"] or found["bracketed"]).lower().replace(".", "").split())
    return _UNITS_WRITTEN.get(written, written)


def scale_of(unit: str) -> int:
    """Return how many baht one unit is.

    Examples
    --------
    >>> scale_of("ล้านบาท"), scale_of("พันล้านบาท"), scale_of("บาท")
    (1000000, 1000000000, 1)
    """
    words = unit.removesuffix("บาท").strip()
    return _SMALL[words.removesuffix("ล้าน")] * (1_000_000 if words.endswith("ล้าน") else 1)


def read_baht(cell: Any, *, scale: int) -> Reading:
    """Read one distinct cell as baht; ``scale`` is that of `scale_of`."""
    if missing := note_missing(cell):
        said_none = missing_kind(cell) == "none"
        return Reading(None, (Note("amount.said_none", "info"),)) if said_none else missing
    if not isinstance(cell, str):
        return _read_object(cell, scale=scale)
    text = re.sub("[‐-―−]", "-", thai_digits_to_arabic(normalise_thai(cell)).lower()).lstrip("'")
    if match := _IN_WORDS_TOO.match(text):
        return _read_both(match[1], match[2], scale=scale)
    return _read_text(text, scale=scale)


def _read_both(digits: str, words: str, *, scale: int) -> Reading:
    """Read an amount in digits with the same amount in words behind it."""
    shown, spelt = _read_text(digits, scale=scale), read_number_words(words)
    if shown.value is None or spelt is None:
        return _REVIEW
    if shown.value == float(spelt):
        return shown
    return _REVIEW


def _read_text(text: str, *, scale: int) -> Reading:
    """Read a tidied cell that holds one amount."""
    text = _LEAD.sub("", _SHARE.sub("", text).strip() or text).strip()
    text = re.sub(r"^(?:฿|thb|baht)\s*", "", _NIL_SATANG.sub("", text)).strip()
    match = _CELL.fullmatch(text)
    if match is None:
        spelt = read_number_words(text)
        if spelt is not None:
            return _reading(spelt, 1, scale)
        unclear = _SEVERAL.search(text) or _DIGITS_AND_SIGNS.fullmatch(text)
        return _REVIEW if unclear else _UNREADABLE
    own = match[2]
    factor = scale_of(own) if own or match["baht"] else scale
    number = read_number(match["number"], decimal_point_sure=factor > 1)
    if number is None:
        return _REVIEW
    return _reading(number, factor, scale)


def _read_object(cell: Any, *, scale: int) -> Reading:
    """Read a number of the spreadsheet, whose separators are beyond doubt."""
    if isinstance(cell, (int, float, Decimal, np.number)) and math.isfinite(cell):
        return _reading(Decimal(str(cell)), scale, scale)
    return _UNREADABLE


def _reading(number: Decimal, factor: int, scale: int) -> Reading:
    """Return baht to the satang, with remarks on the unit."""
    if factor >= 1_000_000 and abs(number) * factor >= SLIP * 1_000_000:
        return Reading(None, (Note("amount.unit_slip", "warning", mask_words(f"{number:f}")),))
    if abs(number) * factor >= MOST_BAHT:
        return _UNREADABLE
    baht = float(round(number * factor, 2))
    differs = scale not in (factor, 1)
    codes = ("amount.unit_differs",) * differs + ("amount.small",) * (0 < abs(baht) < SMALL)
    return Reading(baht, tuple(Note(code, "warning") for code in codes))
