"""Tables that intake keeps beside the cleaned ones: what was sent back, scored and settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.tables.cleaned import AS_OF, FISCAL_YEAR, KEY, QUARTER

if TYPE_CHECKING:
    from evallib.tables.cleaned import Entry

_COUNT = {"nullable": False, "low": 0}
_SHARE = {"low": 0, "high": 1}
_BAHT = {"nullable": False, "low": 0, "unit": "baht"}
_CHANCE = ("probability", "float", "ความน่าจะเป็น", "probability", {"nullable": False, **_SHARE})
_STATE = ("state", "str", "ผลการตรวจ", "state of review",
          {"nullable": False, "allowed": ("OPEN", "CONFIRMED", "REJECTED")})  # fmt: skip

MERGED_FROM = 0.9  # probability from which a pair that nobody decided on counts as one project
INTAKE: dict[str, Entry] = {
    "corrections": {
        "th": "บันทึกการแก้ไขรายช่อง", "en": "changelog of cells that agencies corrected",
        "key": ("correction_id",),
        "columns": (
            ("correction_id", "str", "รหัสการแก้ไข", "correction", KEY),
            ("file", "str", "ไฟล์ที่แก้", "file that holds the cell", KEY),
            ("sheet", "str", "แผ่นงาน", "sheet"),
            ("row", "int", "แถว", "row in the sheet", {"nullable": False, "low": 1}),
            ("column", "str", "หัวคอลัมน์", "heading of the column"),
            ("name", "str", "ชื่อคอลัมน์ในระบบ", "canonical name of the column"),
            ("old", "str", "ค่าที่ส่งมา", "value as sent"),
            ("new", "str", "ค่าที่แก้", "value as corrected"),
            ("who", "str", "หน่วยงานที่ตอบ", "agency that answered"),
            ("source", "str", "ใบแก้ไข", "correction sheet", KEY),
            ("source_row", "int", "แถวในใบแก้ไข", "row of the correction sheet",
             {"nullable": False, "low": 1}),
            ("state", "str", "ผล", "what became of it", {"nullable": False, "allowed": (
                "applied", "confirmed", "stale", "superseded")}),
            AS_OF,
        ),
    },
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
    "project_parts": {
        "th": "รายการที่เป็นส่วนหนึ่งของวงเงินรวม", "en": "lines that are parts of a lump budget",
        "key": ("parent_project_uid", "project_uid"),
        "columns": (
            ("parent_project_uid", "str", "โครงการหลัก (วงเงินรวม)", "project of the lump", KEY),
            ("project_uid", "str", "รายการย่อย", "project of the part", KEY),
            FISCAL_YEAR, _CHANCE,
            ("evidence", "str", "หลักฐาน", "evidence"),
            ("budget_approved", "baht", "งบประมาณของรายการย่อย", "budget of the part",
             {"unit": "baht"}),
            _STATE, AS_OF,
        ),
    },
    "duplicate_reviews": {
        "th": "คู่โครงการที่ให้คนตัดสิน (ไฟล์ data/review/duplicates.csv)",
        "en": "pairs of projects for a person to decide (the file data/review/duplicates.csv)",
        "key": ("relation", "project_uid", "other_uid"),
        "columns": (
            _STATE,
            ("counted", "bool", "นับเป็นโครงการเดียว/ส่วนย่อยแล้ว", "counted as one, or as a part"),
            ("relation", "str", "ความสัมพันธ์", "relation",
             {"nullable": False, "allowed": ("duplicate", "part")}),
            _CHANCE,
            ("evidence", "str", "หลักฐาน", "evidence"),
            FISCAL_YEAR,
            ("agency", "str", "หน่วยงานที่ 1", "first agency"),
            ("title_th", "str", "ชื่อโครงการที่ 1", "first title"),
            ("place", "str", "พื้นที่ที่ 1", "first place"),
            ("budget_approved", "baht", "งบประมาณที่ 1", "first budget", {"unit": "baht"}),
            ("other_agency", "str", "หน่วยงานที่ 2", "second agency"),
            ("other_title", "str", "ชื่อโครงการที่ 2", "second title"),
            ("other_place", "str", "พื้นที่ที่ 2", "second place"),
            ("other_budget", "baht", "งบประมาณที่ 2", "second budget", {"unit": "baht"}),
            ("project_uid", "str", "รหัสโครงการที่ 1", "first project", KEY),
            ("other_uid", "str", "รหัสโครงการที่ 2", "second project", KEY),
            ("province_code", "str", "รหัสจังหวัดของโครงการที่ 1", "province of the first project"),
            AS_OF,
        ),
    },
    "baht_ledger": {
        "th": "บัญชีงบประมาณที่นับแต่ละบาทครั้งเดียว", "en": "ledger that counts every baht once",
        "key": ("fiscal_year", "agency_id"),
        "columns": (
            FISCAL_YEAR,
            ("agency_id", "str", "หน่วยงาน (ตามที่เขียน เมื่อไม่มีในทะเบียน)",
             "agency (as written where the register has none)", KEY),
            ("n_rows", "int", "แถวที่ส่ง", "rows as sent", _COUNT),
            ("n_projects", "int", "โครงการที่หน่วยงานรายงาน", "projects that it reports", _COUNT),
            ("reported", "baht", "งบประมาณทุกแถวที่ส่ง", "budgets of all rows as sent", _BAHT),
            ("repeated", "baht", "หัก: โครงการเดียวกันที่ส่งซ้ำในไฟล์หรือไตรมาสอื่น",
             "less: the same project sent again", _BAHT),
            ("duplicated", "baht", "หัก: โครงการที่หน่วยงานอื่นรายงานแล้ว",
             "less: projects that another agency reports", _BAHT),
            ("contained", "baht", "หัก: ส่วนของวงเงินรวมที่แยกเป็นรายการย่อยแล้ว",
             "less: parts of lump budgets that stand for themselves", _BAHT),
            ("unique_baht", "baht", "งบประมาณที่นับครั้งเดียว", "counted once", _BAHT),
            AS_OF,
        ),
    },
}  # fmt: skip
