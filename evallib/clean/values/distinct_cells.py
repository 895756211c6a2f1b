"""Read each distinct cell of a column once, and say where each remark belongs."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from evallib.clean.values.written_dates import find_month
from evallib.findings import Finding, Severity
from evallib.thai.text import missing_kind, normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

HIDDEN = "[ปกปิด]"
LONGEST = 500  # characters of a cell that may hold a date, an amount or a count
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){8,}")
_LETTERS = re.compile(r"[A-Za-zก-ฮะ-ฺเ-ไๅ็-๎ฯ]+")
# Words that may be repeated in a finding, for they name no one. Months are added by `find_month`.
_KNOWN = re.compile(
    "(?:ม|ค|ก|พ|มี|เม|ย|มิ|ส|ต|ธ|ศ|น|ณ|บ|วันที่|เดือน|ปี|ปีงบประมาณ|ปีงบ|งบประมาณ|ไตรมาส|ที่|รอบ|เวลา|ถึง|หรือ|และ"
    "|บาท|สตางค์|ถ้วน|ล้าน|แสน|หมื่น|พัน|ร้อย|สิบ|ศูนย์|หนึ่ง|เอ็ด|สอง|ยี่|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|ร้อยละ|เปอร์เซ็นต์"
    "|คน|ราย|ครัวเรือน|ครอบครัว|หลังคาเรือน|กลุ่ม|แห่ง|จำนวน|รวม|จาก|ไม่|ระบุ|ทราบ|ยัง|ได้|รับ|จัดสรร|อยู่|ระหว่าง"
    "|ดำเนินการ|SUM|Q|FY|BE|AD)+"
)


class Note(NamedTuple):
    """A remark about one distinct cell; without ``value`` the cell itself is shown, masked."""

    code: str
    severity: Severity
    value: str | None = None


class Reading(NamedTuple):
    """What one distinct cell says: its value, or ``None``, and the remarks about it."""

    value: Any
    notes: tuple[Note, ...] = ()


class Column(NamedTuple):
    """Readings of the distinct cells, which of them each row holds (-1: none), and findings."""

    readings: list[Reading]
    which: NDArray[np.intp]
    findings: list[Finding]

    def spread(self, pick: Callable[[Any], Any], dtype: str, missing: Any) -> NDArray[Any]:
        """Return one element of each reading's value for every row, ``missing`` where none."""
        found = [missing if r.value is None else pick(r.value) for r in self.readings]
        return np.array([*found, missing], dtype=dtype)[self.which]


def read_distinct(values: pd.Series, read_one: Callable[[Any], Reading]) -> Column:
    """Apply ``read_one`` once to each distinct cell, so that cost grows with distinct cells.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells of any type.
    read_one : callable
        Takes a cell that is not missing for pandas.

    Returns
    -------
    Column
        The findings stand in row order, ``where`` is the index label.
    """
    if values.dtype == object and any(type(cell) is bool for cell in values):
        # True equals 1 as a key: without this, whichever stood first would speak for both.
        values = values.map(lambda cell: str(cell) if type(cell) is bool else cell)
    which, cells = pd.factorize(values, use_na_sentinel=True)
    readings = [read_one(cell) for cell in cells]
    noted = np.array([*(bool(r.notes) for r in readings), False])
    shown = [
        [(n.code, n.severity, mask_words(cell) if n.value is None else n.value) for n in r.notes]
        for cell, r in zip(cells, readings, strict=True)
    ]
    labels = values.index
    findings = [
        Finding(code, severity, str(labels[int(row)]), value)
        for row in np.flatnonzero(noted[which])
        for code, severity, value in shown[which[row]]
    ]
    return Column(readings, which, findings)


def note_missing(cell: object, *, unstated: Note | None = None) -> Reading | None:
    """Return the reading of a missing cell, or ``None`` where the cell holds something.

    A status in place of a value and a broken formula are remarked; ``unstated`` is what the
    caller says of words such as ไม่ระบุ. A text that is longer than any value is not searched for
    one: the time for that grows with the square of its length.
    """
    if isinstance(cell, str) and len(cell) > LONGEST:
        return Reading(None, (Note("text.too_long", "error", f"{len(cell):,}"),))
    kind = missing_kind(cell)
    if not kind:
        return None
    notes = {
        "status": (Note("text.status_note", "info"),),
        "formula": (Note("text.broken_formula", "warning", str(cell).strip()),),
        "unstated": () if unstated is None else (unstated,),
    }
    return Reading(None, notes.get(kind, ()))


def mask_words(cell: object) -> str:
    """Return a cell for a finding: digits, signs and the words of dates and money, at most 80.

    Every other word becomes ``…`` and nine digits on end become ``[ปกปิด]``, since a cell in the
    wrong column may hold a person's name or number.

    Examples
    --------
    >>> mask_words("31 เมษายน 2565"), mask_words("นายสมชาย 300 บาท"), mask_words("๐๘๑-2345678")
    ('31 เมษายน 2565', '… 300 บาท', '[ปกปิด]')
    """
    if isinstance(cell, date):
        return str(cell)[:10]
    text = _LONG_NUMBER.sub(HIDDEN, thai_digits_to_arabic(normalise_thai(str(cell))))
    return _LETTERS.sub(_mask_word, text)[:80]


def _mask_word(word: re.Match[str]) -> str:
    known = word[0] == HIDDEN[1:-1] or _KNOWN.fullmatch(word[0]) or find_month(word[0])[0]
    return word[0] if known else "…"
