"""Tables that intake keeps beside the cleaned ones: what was sent back, scored and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.reference.contracts import AS_OF, FISCAL_YEAR, KEY, QUARTER

if TYPE_CHECKING:
    from evallib.reference.contracts import Entry

_COUNT = {"nullable": False, "low": 0}
_SHARE = {"low": 0, "high": 1}

INTAKE: dict[str, Entry] = {
    "quality_scores": {
        "th": "คะแนนคุณภาพข้อมูลของหน่วยงานรายไตรมาส (A20)",
        "en": "quality of what each agency sent in a quarter (A20)",
        "key": ("agency_id", "fiscal_year", "quarter"),
        "columns": (
            ("agency_id", "str", "หน่วยงาน", "agency", KEY),
            FISCAL_YEAR, QUARTER,
            ("n_files", "int", "จำนวนไฟล์ (0 = ครบกำหนดแล้วไม่ได้ส่ง)",
             "files (0 = due and not sent)", _COUNT),
            ("n_rows", "int", "จำนวนแถวโครงการ", "rows of projects", _COUNT),
            ("n_missing", "int", "ช่องที่ต้องกรอกแต่ไม่มีค่าที่ใช้ได้",
             "cells that must be filled and hold no usable value", _COUNT),
            ("n_late", "int", "โครงการที่รายงานหลังกำหนด",
             "projects first reported after the due day", _COUNT),
            ("n_inconsistent", "int", "แถวที่ขัดกันเอง", "rows that contradict something", _COUNT),
            ("n_incorrect", "int", "แถวที่มีค่าซึ่งใช้ตามที่ส่งไม่ได้",
             "rows with what cannot be used as sent", _COUNT),
            ("completeness", "float", "ความครบถ้วน", "completeness", _SHARE),
            ("timeliness", "float", "ความทันเวลา", "timeliness", _SHARE),
            ("consistency", "float", "ความสอดคล้อง", "consistency", _SHARE),
            ("correctness", "float", "ความถูกต้อง", "correctness", _SHARE),
            ("overall", "float", "คะแนนรวม (เฉลี่ยมิติที่คำนวณได้)",
             "overall (mean of what is defined)", _SHARE),
            AS_OF,
        ),
    },
}  # fmt: skip
