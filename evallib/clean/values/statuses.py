"""The status of a project, from the words that officials use to the agreed ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.clean.values.distinct_cells import Note, Reading, read_distinct
from evallib.thai.days import tidy
from evallib.thai.text import is_missing
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.findings import Finding
    from evallib.thai.text_columns import Cells

# The first that matches counts; what stands outside brackets goes before what stands inside.
_STATUS_WORDS: tuple[tuple[str, str], ...] = (
    ("cancelled", "ยกเลิก|ยุติโครงการ|^ไม่(?:ได้)?ดำเนินการ|ไม่ดำเนินโครงการ|คืนงบประมาณ|cancel"),
    ("suspended", "ระงับ|ชะลอ|พักโครงการ|หยุดดำเนินการ|suspend|on hold"),
    ("delayed", "ล่าช้า|ช้ากว่าแผน|ไม่เป็นไปตามแผน|ขยายเวลา|ขยายระยะเวลา|delay"),
    (
        "planned",
        "ยังไม่(?:ได้)?(?:ดำเนินการ|เริ่ม|ดำเนินโครงการ)|เตรียมการ|อยู่ในแผน|รอดำเนินการ|รออนุมัติ"
        "|ระหว่างขออนุมัติ|เสนอขอ|^แผน$|ยังไม่ทำ|^planned$|not (?:yet )?started|pipeline|pending",
    ),
    (
        "ongoing",
        "ระหว่าง(?:การ)?ดำเนิน|กำลังดำเนินการ|ไม่(?:แล้ว)?เสร็จ|ไม่สำเร็จ|ดำเนินการอยู่|ต่อเนื่อง|เป็นไปตามแผน"
        "|ระหว่าง(?:การ)?(?:ก่อสร้าง|จัดซื้อ)|on.?going|in progress|^active$|under ?way|กำลังทำ|ทำอยู่",
    ),
    (
        "completed",
        "แล้วเสร็จ|เสร็จสิ้น|เสร็จเรียบร้อย|เรียบร้อยแล้ว|ดำเนินการ(?:แล้ว|ครบ|เสร็จ)|สำเร็จ|^เสร็จ$"
        "|^completed?$|^done$|^finished$|^closed$|เสร็จแล้ว",
    ),
    ("approved", "อนุมัติแล้ว|ได้รับ(?:การ)?(?:อนุมัติ|จัดสรร)|^อนุมัติ$|^approved$"),
)
_NOT_APPROVED = re.compile(r"ยังไม่ได้รับ(?:การ)?(?:อนุมัติ|จัดสรร)|ไม่อนุมัติ")
_STATUS_PATTERNS = [(status, re.compile(words)) for status, words in _STATUS_WORDS]


def is_status(text: str) -> bool:
    """Tell whether a text is a status as officials write it.

    Examples
    --------
    >>> is_status("อยู่ระหว่างดำเนินการ"), is_status("ต.ตาชี")
    (True, False)
    """
    return any(pattern.search(tidy(text).lower()) for _, pattern in _STATUS_PATTERNS)


def parse_status(values: Cells) -> tuple[pd.Series, list[Finding]]:
    """Read the status of a project as one of the agreed words.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells such as ``แล้วเสร็จ``, ``อยู่ระหว่างดำเนินการ``, ``ยังไม่ดำเนินการ(ติดปัญหา Covid 19)``.

    Returns
    -------
    status : pandas.Series of str, shape (n,)
        planned, approved, ongoing, completed, delayed, suspended or cancelled; missing where none.
    findings : list of Finding
        ``status.unknown`` (error).

    Examples
    --------
    >>> raw = pd.Series(["แล้วเสร็จ", "ยังไม่ดำเนินการ(ติดปัญหา Covid 19)", "ไม่ดำเนินการ"])
    >>> parse_status(raw)[0].tolist()
    ['completed', 'planned', 'cancelled']
    """
    values = as_column(values)
    column = read_distinct(values, _read_status)
    found = column.spread(str, "object", None)
    return pd.Series(found, index=values.index, name=values.name, dtype="str"), column.findings


def _read_status(cell: Any) -> Reading:
    """Read one distinct cell as a status."""
    text = tidy(str(cell))
    if _NOT_APPROVED.search(text):
        return Reading("planned")
    for part in (re.sub(r"\(.*", "", text).strip(), text):
        for status, pattern in _STATUS_PATTERNS:
            if part and pattern.search(part):
                return Reading(status)
    return Reading(None) if is_missing(cell) else Reading(None, (Note("status.unknown", "error"),))
