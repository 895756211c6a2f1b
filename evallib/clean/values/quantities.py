"""Percentages, counts of people and households, and statuses, as officials write them."""

from __future__ import annotations

import math
import re
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.values.distinct_cells import Note, Reading, note_missing, read_distinct
from evallib.clean.values.numbers import read_number
from evallib.clean.values.statuses import parse_status
from evallib.findings import Finding
from evallib.thai.days import tidy
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.thai.text_columns import Cells

__all__ = [
    "parse_counts",
    "parse_counts_of_target",
    "parse_percent",
    "parse_status",
    "split_target",
]

PEOPLE, HOUSEHOLDS = "คน", "ครัวเรือน"
_UNITS = {
    **dict.fromkeys(("คน", "ราย", "ท่าน"), PEOPLE),
    **dict.fromkeys(("ครัวเรือน", "ครอบครัว", "หลังคาเรือน"), HOUSEHOLDS),
    **dict.fromkeys(("หมู่บ้าน", "กลุ่ม", "แห่ง", "ครั้ง", "ตัว", "หลัง", "ไร่", "รุ่น", "ชุด"), "other"),
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT_WORDS = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNT = re.compile(rf"(?P<group>[^\d,;]*?)\s*(?P<n>{_NUMBER})\s*(?P<unit>{_UNIT_WORDS})?(?!\d)")
_RANGE = re.compile(r"\d\s*(?:-|~|ถึง(?!\s*$))\s*\d|\d+(?:[.,]\d+){2,}(?<!,\d{3})")
_OF_TARGET = re.compile(r"(?:จาก|เป้าหมาย|ตั้งไว้|แผน)")
_NOT_COUNTED = re.compile(
    r"(?:หมู่(?:ที่)?|ม\.|รุ่นที่|ครั้งที่|ระยะที่)\s*\d+(?:\s*[-,]\s*\d+(?!\s*คน))?"
    r"|(?:อายุ\s*)?\d+(?:\s*-\s*\d+)?\s*ปี(?:ขึ้นไป)?"
)
_TOTAL = re.compile(r"รวม|ทั้งหมด|ทั้งสิ้น")
_IN_BRACKETS = re.compile(r"\(([^()]*\d[^()]*)\)")
_GROUP_LEAD = re.compile(
    r"^(?:กลุ่มเป้าหมาย\s*(?:\([^)]*\))?\s*:?|จำนวน|รวม|ทั้งหมด|ทั้งสิ้น|และ|ประมาณ|[\s/:.+()\d-])+"
)

_SHARE = re.compile(rf"(?:ร้อยละ|เปอร์เซ็นต์)\s*({_NUMBER})|({_NUMBER})\s*(?:%|เปอร์เซ็นต์)")
MOST_PEOPLE = 10**10


def parse_percent(values: Cells) -> tuple[pd.Series, list[Finding]]:
    """Read percentages as numbers from 0 to 100.

    Spreadsheets store 85 % as 0.85 without a sign. When all cells without a sign are 0 to 1 and
    one lies strictly between, the whole column is taken as shares, with one finding.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet: ``ร้อยละ 85``, ``85 %``, ``เบิกจ่าย 100 %``, 85. The index is
        kept.

    Returns
    -------
    percent : pandas.Series of float64, shape (n,)
        0 to 100, in percent; same index and name as ``values``.
    findings : list of Finding
        ``percent.unreadable`` and ``percent.out_of_range`` (error, ``nan``), ``percent.review``
        (warning, several percentages in a cell, ``nan``), ``percent.as_share`` (warning, once for
        the column, multiplied by 100).

    Examples
    --------
    >>> parse_percent(pd.Series(["ร้อยละ 85", "๘๕ %", "เบิกจ่าย 100 %", "12.5", 120]))[0].tolist()
    [85.0, 85.0, 100.0, 12.5, nan]
    >>> parse_percent(pd.Series([0.85, 1.0, 0.0]))[0].tolist()
    [85.0, 100.0, 0.0]
    """
    values = as_column(values)
    column = read_distinct(values, _read_percent)
    signed = column.spread(itemgetter(1), "bool", missing=True)
    found = column.spread(itemgetter(0), "float64", np.nan)
    bare = found[~signed]
    findings = column.findings
    if bare.size and (bare <= 1).all() and ((bare > 0) & (bare < 1)).any():
        found = np.where(signed, found, found * 100).round(10)
        where = "" if values.name is None else str(values.name)
        findings = [*findings, Finding("percent.as_share", "warning", where, str(bare.size))]
    return pd.Series(found, index=values.index, name=values.name), findings


def parse_counts(values: Cells, *, unit: str | None = None) -> tuple[pd.Series, list[Finding]]:
    """Read counts of people, households or things.

    Several groups in a cell are added up; a breakdown in brackets behind a total is not. Where a
    cell tells how many were reached and how many were planned, the first is read.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells as read from a sheet: 120, ``120 คน``, ``กลุ่มสตรี 30 คน เยาวชน 20 คน``.
    unit : {"คน", "ครัวเรือน"}, optional
        What is counted; numbers of other things are left aside. Without it a cell may count one
        kind of thing only.

    Returns
    -------
    counts : pandas.Series of Int64, shape (n,)
        Same index and name as ``values``.
    findings : list of Finding
        Error: ``count.unreadable``. Warning: ``count.review`` (range, fraction, several kinds, or
        a breakdown that does not add up: missing), ``count.other_unit`` (only other things are
        counted: missing). Info: ``count.summed``, ``count.of_target``, ``text.status_note``.

    Examples
    --------
    >>> counts, findings = parse_counts(pd.Series(["120 คน", "กลุ่มสตรี 30 คน เยาวชน 20 คน", "-"]))
    >>> counts.tolist(), [f.code for f in findings]
    ([120, 50, <NA>], ['count.summed'])
    """
    values = as_column(values)
    column = read_distinct(values, partial(_read_bounded_count, unit=unit))
    found = column.spread(itemgetter(0), "object", None)
    return pd.Series(found, index=values.index, name=values.name, dtype="Int64"), column.findings


def parse_counts_of_target(values: Cells) -> tuple[pd.Series, pd.Series, list[Finding]]:
    """Read how many were reached and how many were planned, where a cell tells both.

    Returns
    -------
    actual, target : pandas.Series of Int64, shape (n,)
        ``target`` is missing where the cell holds one number; same index as ``values``.
    findings : list of Finding
        As ``parse_counts``.

    Examples
    --------
    >>> raw = pd.Series(["จำนวน 120 คน จากที่ตั้งไว้ 150 คน", "80 คน"])
    >>> actual, target, _ = parse_counts_of_target(raw)
    >>> actual.tolist(), target.tolist()
    ([120, 80], [150, <NA>])
    """
    values = as_column(values)
    column = read_distinct(values, partial(_read_bounded_count, unit=None))
    actual, target = (
        pd.Series(
            column.spread(itemgetter(at), "object", None),
            index=values.index, name=name, dtype="Int64",
        )
        for at, name in enumerate(("actual", "target"))
    )  # fmt: skip
    return actual, target, column.findings


def split_target(text: str) -> list[tuple[str, int]]:
    """Return groups and people of a cell ``กลุ่มเป้าหมาย (ประเภท/คน)``.

    Examples
    --------
    >>> split_target("กลุ่มสตรี 30 คน เยาวชน 20 คน"), split_target("เกษตรกร/45")
    ([('กลุ่มสตรี', 30), ('เยาวชน', 20)], [('เกษตรกร', 45)])
    """
    found = []
    for match in _COUNT.finditer(_tidy_target(text)):
        number = read_number(match["n"], decimal_point_sure=True)
        if number is not None and _UNITS.get(match["unit"] or PEOPLE) == PEOPLE:
            found.append((_GROUP_LEAD.sub("", match["group"]).strip(" /:()"), int(number)))
    return found


def _read_percent(cell: Any) -> Reading:
    """Read one distinct cell as (percent, whether a sign or a word said so)."""
    if missing := note_missing(cell):
        return missing
    if isinstance(cell, (int, float, np.number)):
        return _percent(float(cell), signed=False) if math.isfinite(cell) else _error("percent")
    text = tidy(str(cell))
    shares = {a or b for a, b in _SHARE.findall(text)}
    number = read_number(text, decimal_point_sure=True) if not shares else None
    if number is not None:
        return _percent(float(number), signed=False)
    if len(shares) > 1 or _RANGE.search(text):
        return Reading(None, (Note("percent.review", "warning"),))
    number = read_number(shares.pop(), decimal_point_sure=True) if shares else None
    return _error("percent") if number is None else _percent(float(number), signed=True)


def _percent(number: float, *, signed: bool) -> Reading:
    if not 0 <= number <= 100:
        return Reading(None, (Note("percent.out_of_range", "error"),))
    return Reading((number, signed))


def _read_bounded_count(cell: Any, *, unit: str | None) -> Reading:
    """Read one distinct cell; more than all people on earth is no count."""
    reading = _read_count(cell, unit=unit)
    if reading.value is not None and max(n or 0 for n in reading.value) > MOST_PEOPLE:
        return _error("count")
    return reading


def _read_count(cell: Any, *, unit: str | None) -> Reading:
    """Read one distinct cell as (count, target or None)."""
    if missing := note_missing(cell):
        return missing
    if isinstance(cell, (int, float, np.number)):
        whole = math.isfinite(cell) and float(cell).is_integer() and cell >= 0
        return Reading((int(cell), None)) if whole else _review("count")
    text = _tidy_target(cell)
    if _RANGE.search(text):
        return _review("count")
    target_at = next((m.start() for m in _OF_TARGET.finditer(text) if m.start()), None)
    if target_at is not None and re.search(r"\d", text[:target_at]):
        actual, target = _sum(text[:target_at], unit), _sum(text[target_at:], unit)
        if actual.value is not None and target.value is not None:
            note = Note("count.of_target", "info")
            return Reading((actual.value[0], target.value[0]), (note,))
    return _sum(text, unit)


def _sum(text: str, unit: str | None) -> Reading:
    """Add up the counts of a tidied text."""
    inner = _IN_BRACKETS.search(text)
    if inner and re.search(r"\d", text[: inner.start()]):
        return _with_breakdown(text, inner, unit)
    counts = [(m["n"], _UNITS.get(m["unit"] or "", ""), m["group"]) for m in _COUNT.finditer(text)]
    if not counts:
        return _error("count")
    named = [kind for _, kind, _ in counts if kind]
    wanted = unit or (named[0] if named else "")
    if unit is None and len(set(named)) > 1:
        return _review("count")
    kept = [(n, group) for n, kind, group in counts if kind in (wanted, "")]
    if not kept or (named and wanted not in named):
        return Reading(None, (Note("count.other_unit", "warning"),))
    return _add_up(kept)


def _add_up(counts: list[tuple[str, str]]) -> Reading:
    """Add up numbers, each with the words before it; one of them may be their total."""
    numbers = [read_number(n, decimal_point_sure=True) for n, _ in counts]
    if any(n is None or n != n.to_integral_value() for n in numbers):
        return _review("count")
    whole = [int(n) for n in numbers if n is not None]
    totals = [n for n, (_, group) in zip(whole, counts, strict=True) if _TOTAL.search(group)]
    if len(totals) == 1 and len(whole) > 1:
        return Reading((totals[0], None)) if 2 * totals[0] == sum(whole) else _review("count")
    return Reading((sum(whole), None), (Note("count.summed", "info"),) if len(whole) > 1 else ())


def _with_breakdown(text: str, inner: re.Match[str], unit: str | None) -> Reading:
    """Read a total with its parts in brackets; the parts must add up to it."""
    total = _sum(text[: inner.start()] + text[inner.end() :], unit)
    parts = _sum(inner[1], unit)
    if total.value is None or parts.value is None or total.value == parts.value:
        return total
    single = len(_COUNT.findall(inner[1])) == 1
    return total if single else _review("count")


def _tidy_target(cell: Any) -> str:
    """Return a cell without village numbers and ages, which are not counts."""
    return _NOT_COUNTED.sub("", tidy(str(cell)))


def _error(subject: str) -> Reading:
    return Reading(None, (Note(f"{subject}.unreadable", "error"),))


def _review(subject: str) -> Reading:
    return Reading(None, (Note(f"{subject}.review", "warning"),))
