"""What each table holds: (column, kind, Thai, English, limits). Read through ``evallib.tables``."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]

KEY = {"nullable": False}
LATER = {"later": True}
SECTORS = (
    "AGR", "LIV", "WAT", "ROD", "ENE", "HOU", "HEA", "SOC", "EDU",
    "REL", "YOU", "DRU", "SEC", "ENV", "JUS", "TOU", "OTH",
)  # fmt: skip
STATUSES = (
    "planned", "approved", "ongoing", "completed", "delayed", "suspended", "cancelled",
)  # fmt: skip
PLANS = (
    "แผนบูรณาการ จชต.", "แผนพัฒนาจังหวัด", "แผนกลุ่มจังหวัด", "งบปกติ (function)", "แผน อปท.",
    "งบกลาง", "ศอ.บต.ตำบล", "อื่นๆ",
)  # fmt: skip

INDICATOR_SOURCES = ("จปฐ", "กชช.2ค", "TPMAP", "สสจ.", "ศธจ.", "VIIRS", "GFMIS", "สำรวจ")

FISCAL_YEAR = ("fiscal_year", "int", "ปีงบประมาณ (พ.ศ.)", "fiscal year (BE)",
               {"nullable": False, "low": 2400, "high": 2700, "unit": "BE year"})  # fmt: skip
QUARTER = ("quarter", "int", "ไตรมาส", "quarter", {"nullable": False, "low": 1, "high": 4})
AS_OF = ("as_of", "date", "ข้อมูล ณ วันที่", "date on which this was known", KEY)
SCOPED_QUARTER = ("quarter", "int", "ไตรมาส (0 = ทั้งปี)", "quarter (0 = whole year)",
                  {"nullable": False, "low": 0, "high": 4})  # fmt: skip
FILE = ("file", "str", "ไฟล์", "file", KEY)
RUN = ("run_id", "str", "รหัสการประมวลผล", "run", KEY)
PLACE = (
    ("tambon_code", "str", "รหัสตำบล", "tambon code"),
    ("amphoe_code", "str", "รหัสอำเภอ", "amphoe code"),
    ("province_code", "str", "รหัสจังหวัด", "province code"),
)
TAMBON = (
    ("tambon_code", "str", "รหัสตำบล", "tambon code", KEY),
    ("amphoe_code", "str", "รหัสอำเภอ", "amphoe code", KEY),
    ("province_code", "str", "รหัสจังหวัด", "province code", KEY),
)
PRECISION = ("location_precision", "int",
             "ความละเอียดที่ตั้ง (1 จุด 2 หมู่บ้าน 3 ตำบล 4 อำเภอ 5 จังหวัด 9 ไม่ทราบ)",
             "precision of the place (1 point 2 village 3 tambon 4 amphoe 5 province 9 unknown)",
             {"nullable": False, "low": 1, "high": 9})  # fmt: skip
PROJECT = (
    ("title_th", "str", "ชื่อโครงการ", "project title", KEY),
    ("agency_id", "str", "หน่วยงาน", "agency"),
    FISCAL_YEAR,
    ("plan_source", "str", "แผนงาน/แหล่งที่มาของแผน", "plan that the project comes from"),
    ("fund_source", "str", "แหล่งงบประมาณ", "source of funds"),
    ("budget_type", "str", "ประเภทงบ", "type of budget"),
    ("objective_th", "str", "วัตถุประสงค์", "objective"),
    ("target_group", "str", "กลุ่มเป้าหมาย", "target group"),
    ("target_n", "int", "จำนวนเป้าหมาย", "people targeted", {"low": 0, "unit": "people"}),
    ("target_households", "int", "จำนวนครัวเรือน", "households targeted",
     {"low": 0, "unit": "households"}),
    ("budget_approved", "baht", "งบประมาณที่ได้รับอนุมัติ", "approved budget",
     {"low": 0, "unit": "baht"}),
    ("start_date", "date", "วันเริ่มต้น", "start"),
    ("end_date", "date", "วันสิ้นสุด", "end"),
    ("status", "str", "สถานะ", "status", {"allowed": STATUSES}),
    ("public_notice_date", "date", "วันที่แจ้งประชาชน", "date of public notice"),
    *PLACE,
    PRECISION,
)  # fmt: skip
PROGRESS = (
    ("physical_pct", "float", "ผลการดำเนินงาน (ร้อยละ)", "physical progress, cumulative",
     {"low": 0, "high": 100, "unit": "percent"}),
    ("disbursed_cum", "baht", "เบิกจ่ายสะสม", "disbursed, cumulative", {"low": 0, "unit": "baht"}),
    ("beneficiaries_actual", "int", "ผู้รับประโยชน์จริง", "people reached",
     {"low": 0, "unit": "people"}),
    ("problem_text", "str", "ปัญหา/อุปสรรค", "obstacles"),
)  # fmt: skip

CLEANED: dict[str, Entry] = {
    "inputs": {
        "th": "ไฟล์ที่ได้รับ", "en": "files received", "key": ("file",),
        "columns": (
            FILE,
            ("sha256", "str", "ค่าแฮชของไฟล์", "hash of the file", KEY),
            ("bytes", "int", "ขนาด", "size", {"nullable": False, "low": 0, "unit": "bytes"}),
            ("kind", "str", "ชนิดข้อมูล", "kind of submission", {"allowed": (
                "projects", "needs", "council_report", "survey", "indicators", "budget_items",
                "corrections", "unknown")}),
            ("agency_id", "str", "หน่วยงาน", "agency"),
            ("fiscal_year", "int", "ปีงบประมาณ (พ.ศ.)", "fiscal year (BE)"),
            ("quarter", "int", "ไตรมาส", "quarter", {"low": 1, "high": 4}),
            ("province_code", "str", "รหัสจังหวัด", "province code"),
            AS_OF,
            ("rows_read", "int", "แถวที่อ่าน", "rows read", {"low": 0}),
            ("rows_accepted", "int", "แถวที่รับ", "rows accepted", {"low": 0}),
            ("synthetic", "bool", "ข้อมูลสังเคราะห์", "synthetic data"),
            ("state", "str", "ผลการรับ", "state",
             {"nullable": False, "allowed": ("read", "refused", "repeated")}),
        ),
    },
    "project_submissions": {
        "th": "แถวโครงการตามที่ส่ง", "en": "project rows as sent", "key": ("submission_id",),
        "columns": (
            ("submission_id", "str", "รหัสแถว", "row id", KEY),
            ("project_uid", "str", "รหัสโครงการ", "project", KEY),
            FILE,
            ("sheet", "str", "แผ่นงาน", "sheet"),
            ("row", "int", "แถว", "row in the sheet"),
            QUARTER,
            ("agency_raw", "str", "หน่วยงานตามที่เขียน", "agency as written"),
            ("agency_project_code", "str", "รหัสโครงการของหน่วยงาน", "agency's own code"),
            ("budget_code", "str", "รหัสงบประมาณ", "budget code"),
            ("sector_reported", "str", "ด้านตามที่รายงาน", "sector as reported"),
            ("place_raw", "str", "สถานที่ตามที่เขียน", "place as written"),
            *PROJECT, *PROGRESS, AS_OF,
        ),
    },
    "projects": {
        "th": "ทะเบียนโครงการ", "en": "register of projects", "key": ("project_uid",),
        "columns": (
            ("project_uid", "str", "รหัสโครงการ", "project", KEY),
            *PROJECT,
            ("sector_code", "str", "ด้าน", "sector", {"nullable": False, "allowed": SECTORS}),
            ("sector_method", "str", "วิธีจัดด้าน", "how the sector was found"),
            ("sector_conf", "float", "ความเชื่อมั่นของด้าน", "confidence in the sector",
             {"low": 0, "high": 1}),
            ("agencies", "str", "หน่วยงานที่รายงาน (คั่นด้วย ;)", "agencies that report it"),
            ("n_submissions", "int", "จำนวนแถวที่ส่ง", "rows as sent", {"low": 1}),
            AS_OF,
        ),
    },
    "project_duplicates": {
        "th": "คู่โครงการที่น่าจะซ้ำ", "en": "pairs of submissions that look like one project",
        "key": ("project_uid", "duplicate_uid"),
        "columns": (
            ("project_uid", "str", "โครงการที่คงไว้", "project kept", KEY),
            ("duplicate_uid", "str", "โครงการที่ซ้ำ", "its double", KEY),
            FISCAL_YEAR,
            ("probability", "float", "ความน่าจะเป็น", "probability",
             {"nullable": False, "low": 0, "high": 1}),
            ("evidence", "str", "หลักฐาน", "evidence"),
            ("budget_approved", "baht", "งบประมาณของรายการที่ซ้ำ", "budget of the double",
             {"unit": "baht"}),
            ("state", "str", "สถานะ", "state",
             {"nullable": False, "allowed": ("OPEN", "CONFIRMED", "REJECTED")}),
            AS_OF,
        ),
    },
    "project_progress": {
        "th": "ความก้าวหน้าของโครงการ", "en": "progress of projects",
        "key": ("project_uid", "fiscal_year", "quarter"),
        "columns": (
            ("project_uid", "str", "รหัสโครงการ", "project", KEY),
            FISCAL_YEAR, QUARTER, *PROGRESS,
            ("status", "str", "สถานะ", "status", {"allowed": STATUSES}),
            AS_OF,
        ),
    },
    "council_meetings": {
        "th": "การประชุมสภาสันติสุขตำบล", "en": "meetings of the councils", "key": ("meeting_id",),
        "columns": (
            ("meeting_id", "str", "รหัสการประชุม", "meeting", KEY),
            *TAMBON, FISCAL_YEAR, QUARTER,
            ("meeting_date", "date", "วันที่ประชุม", "date of the meeting"),
            ("n_members_present", "int", "กรรมการที่เข้าประชุม", "members present",
             {"low": 0, "unit": "people"}),
            ("n_public", "int", "ประชาชนที่ร่วม", "public present", {"low": 0, "unit": "people"}),
            ("n_women", "int", "สตรีที่ร่วม", "women present", {"low": 0, "unit": "people"}),
            ("n_youth", "int", "เยาวชนที่ร่วม", "youth present", {"low": 0, "unit": "people"}),
            FILE, AS_OF,
        ),
    },
    "council_activities": {
        "th": "กิจกรรมที่สภาสันติสุขตำบลรายงาน", "en": "activities that councils report",
        "key": ("activity_id",),
        "columns": (
            ("activity_id", "str", "รหัสกิจกรรม", "activity", KEY),
            *TAMBON, FISCAL_YEAR, QUARTER,
            ("title_th", "str", "กิจกรรม", "activity", KEY),
            ("budget_approved", "baht", "ได้รับอนุมัติ", "approved", {"low": 0, "unit": "baht"}),
            ("disbursed_cum", "baht", "เบิกจ่าย", "disbursed", {"low": 0, "unit": "baht"}),
            ("target_n", "int", "กลุ่มเป้าหมาย", "people targeted", {"low": 0, "unit": "people"}),
            ("income_earned", "baht", "รายได้จากกิจกรรม", "income earned",
             {"low": 0, "unit": "baht"}),
            FILE, AS_OF,
        ),
    },
    "needs": {
        "th": "ความต้องการของประชาชน", "en": "needs that people stated", "key": ("need_id",),
        "columns": (
            ("need_id", "str", "รหัสความต้องการ", "need", KEY),
            *TAMBON[:1], *PLACE[1:],
            ("village_no", "int", "หมู่ที่", "village number", {"low": 0}),
            ("need_text_th", "str", "ความต้องการ", "the need in people's words", KEY),
            ("source_section", "str", "ที่มา", "source"),
            ("sector_code", "str", "ด้าน", "sector", {"allowed": SECTORS}),
            ("sector_conf", "float", "ความเชื่อมั่นของด้าน", "confidence in the sector",
             {"low": 0, "high": 1}),
            ("people_affected", "int", "ผู้ได้รับผลกระทบ", "people affected",
             {"low": 0, "unit": "people"}),
            ("first_stated", "str", "เสนอครั้งแรก", "first stated (period)"),
            ("last_stated", "str", "เสนอครั้งล่าสุด", "last stated (period)"),
            ("as_of", "date", "ข้อมูล ณ วันที่", "date on which this was known"),
        ),
    },
    "need_votes": {
        "th": "ลำดับและคะแนนของความต้องการ", "en": "ranks and votes of needs",
        "key": ("need_id", "fiscal_year", "quarter"),
        "columns": (
            ("need_id", "str", "รหัสความต้องการ", "need", KEY),
            FISCAL_YEAR, QUARTER,
            ("rank", "int", "ลำดับความสำคัญ", "rank (1 = first)", {"low": 1}),
            ("votes", "int", "คะแนน", "votes", {"low": 0}),
            FILE, AS_OF,
        ),
    },
    "need_project_links": {
        "th": "ความเชื่อมโยงความต้องการกับโครงการ", "en": "links between needs and projects",
        "key": ("need_id", "project_uid"),
        "columns": (
            ("need_id", "str", "รหัสความต้องการ", "need", KEY),
            ("project_uid", "str", "รหัสโครงการ", "project", KEY),
            ("score", "float", "ความน่าจะเป็นที่ตรงกัน", "probability of a match",
             {"nullable": False, "low": 0, "high": 1}),
            ("method", "str", "วิธี", "method"),
            ("evidence", "str", "หลักฐาน", "evidence (matched terms)"),
            ("time_ok", "bool", "เวลาสอดคล้อง", "project follows the need"),
            ("reviewer_state", "str", "ผลการตรวจ", "state of review",
             {"nullable": False, "allowed": ("auto", "confirmed", "rejected")}),
            AS_OF,
        ),
    },
    "beneficiary_survey": {
        "th": "แบบสำรวจไม่ระบุตัวตน", "en": "anonymous survey", "key": ("resp_key",),
        "columns": (
            ("resp_key", "str", "รหัสสุ่มของแบบสอบถาม", "random key of the form", KEY),
            *TAMBON, FISCAL_YEAR, QUARTER,
            ("age_band", "str", "ช่วงอายุ", "age band",
             {"allowed": ("15–24", "25–39", "40–59", "60+")}),
            ("sex", "str", "เพศ", "sex", {"allowed": ("หญิง", "ชาย", "ไม่ระบุ")}),
            ("aware", "int", "ทราบว่ามีโครงการ", "knows of the projects", {"low": 0, "high": 1}),
            ("used", "int", "ได้ใช้ประโยชน์", "used a project", {"low": 0, "high": 1}),
            ("benefit", "int", "ได้รับประโยชน์ (1-5)", "benefit (1-5)", {"low": 1, "high": 5}),
            ("satisfaction", "int", "ความพึงพอใจ (1-5)", "satisfaction (1-5)",
             {"low": 1, "high": 5}),
            ("trust_process", "int", "ความเชื่อมั่นในกระบวนการ (1-5)", "trust in the process (1-5)",
             {"low": 1, "high": 5}),
            ("need_rank_1", "str", "ความต้องการลำดับ 1", "first need", {"allowed": SECTORS}),
            ("harm_any", "int", "ได้รับผลเสีย", "was harmed", {"low": 0, "high": 1}),
            ("official_present", "int", "มีเจ้าหน้าที่อยู่ด้วย", "an official was present",
             {"low": 0, "high": 1}),
            AS_OF,
        ),
    },
    "indicators": {
        "th": "ตัวชี้วัดรายตำบลรายไตรมาส", "en": "indicators by tambon and quarter",
        "key": ("indicator_id", "tambon_code", "fiscal_year", "quarter"),
        "columns": (
            ("indicator_id", "str", "ตัวชี้วัด", "indicator", KEY),
            *TAMBON, FISCAL_YEAR, QUARTER,
            ("value", "float", "ค่า", "value", KEY),
            ("source", "str", "แหล่งข้อมูล", "source", {"allowed": INDICATOR_SOURCES}),
            FILE, AS_OF,
        ),
    },
    "findings": {
        "th": "ข้อสังเกต", "en": "findings", "key": (), "grown": False,
        "columns": (
            ("code", "str", "รหัส", "code", KEY),
            ("severity", "str", "ระดับ", "severity",
             {"nullable": False, "allowed": ("error", "warning", "info")}),
            ("where", "str", "ที่", "where"),
            ("file", "str", "ไฟล์", "file", LATER),
            ("sheet", "str", "แผ่นงาน (ว่างเปล่าเมื่อไฟล์มีตารางเดียว)",
             "sheet (empty text where a file has only one table)", LATER),
            ("row", "int", "แถว", "row", LATER),
            ("column", "str", "คอลัมน์", "column", LATER),
            ("value", "str", "สิ่งที่พบ", "what was found"),
            ("agency_id", "str", "หน่วยงาน", "agency"),
            ("fiscal_year", "int", "ปีงบประมาณ (พ.ศ.)", "fiscal year (BE)"),
            ("quarter", "int", "ไตรมาส", "quarter"),
            ("province_code", "str", "รหัสจังหวัด", "province code"),
            AS_OF,
        ),
    },
}  # fmt: skip
