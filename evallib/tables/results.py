"""What each table of results holds, in the same form as ``contracts``; these tables only grow."""

from __future__ import annotations

from evallib.tables.cleaned import AS_OF, FISCAL_YEAR, KEY, RUN, SCOPED_QUARTER, Entry

RESULTS: dict[str, Entry] = {
    "effects": {
        "th": "ผลการประเมินผลกระทบ", "en": "effects", "grown": True,
        "key": ("run_id", "scope", "fiscal_year", "quarter", "outcome", "method", "level", "group",
                "time", "event_time"),
        "columns": (
            RUN,
            ("scope", "str", "ขอบเขต", "scope (area or province code)", KEY),
            FISCAL_YEAR, SCOPED_QUARTER,
            ("outcome", "str", "ผลลัพธ์", "outcome", KEY),
            ("unit", "str", "หน่วย", "unit of the outcome"),
            ("estimand", "str", "สิ่งที่ประมาณ", "estimand", KEY),
            ("method", "str", "วิธี", "method", KEY),
            ("level", "str", "ระดับ", "level", {"nullable": False, "allowed": (
                "overall", "event", "group", "calendar", "group_time")}),
            ("group", "float", "รุ่นที่เริ่ม", "cohort"),
            ("time", "float", "เวลา", "time"),
            ("event_time", "float", "เวลานับจากเริ่ม", "event time"),
            ("estimate", "float", "ค่าประมาณ", "estimate"),
            ("std_error", "float", "ค่าคลาดเคลื่อนมาตรฐาน", "standard error", {"low": 0}),
            ("ci_low", "float", "ขอบล่าง", "lower limit"),
            ("ci_high", "float", "ขอบบน", "upper limit"),
            ("p_value", "float", "ค่า p", "p value", {"low": 0, "high": 1}),
            ("n_treated", "int", "จำนวนที่ได้รับ", "treated units", {"low": 0}),
            ("n_control", "int", "จำนวนเปรียบเทียบ", "comparison units", {"low": 0}),
            ("n_clusters", "int", "จำนวนกลุ่ม", "clusters", {"low": 0}),
            ("pre_trend_p", "float", "ค่า p ก่อนเริ่ม", "p value of the pre-trend test",
             {"low": 0, "high": 1}),
            ("mde", "float", "ผลน้อยสุดที่ตรวจพบได้", "minimum detectable effect"),
            ("verdict", "str", "ข้อสรุป", "verdict",
             {"allowed": ("works", "no_effect", "may_harm", "inconclusive")}),
            AS_OF,
        ),
    },
    "alignment": {
        "th": "ดัชนีความสอดคล้อง", "en": "alignment indicators", "grown": True,
        "key": ("run_id", "scope", "fiscal_year", "quarter", "indicator"),
        "columns": (
            RUN,
            ("scope", "str", "ขอบเขต", "scope (area, province, amphoe or tambon code)", KEY),
            FISCAL_YEAR, SCOPED_QUARTER,
            ("indicator", "str", "ดัชนี", "indicator (A1-A20)", KEY),
            ("value", "float", "ค่า", "value"),
            ("low", "float", "ขอบล่าง", "lower limit"),
            ("high", "float", "ขอบบน", "upper limit"),
            ("n", "int", "จำนวน", "number of needs, projects or others behind it", {"low": 0}),
            ("null_mean", "float", "ค่าที่คาดจากความบังเอิญ", "value expected by chance"),
            ("null_p", "float", "ค่า p เทียบความบังเอิญ", "p-value against chance",
             {"low": 0, "high": 1}),
            ("note", "str", "หมายเหตุ", "why it has no value, or a warning"),
            AS_OF,
        ),
    },
    "runs": {
        "th": "บันทึกการประมวลผล", "en": "runs", "grown": True, "key": ("run_id",),
        "columns": (
            RUN,
            ("notebook", "str", "โน้ตบุ๊ก", "notebook", KEY),
            ("scope", "str", "ขอบเขต", "scope", KEY),
            FISCAL_YEAR, SCOPED_QUARTER,
            ("parameters", "str", "พารามิเตอร์ (JSON)", "parameters (JSON)", KEY),
            ("version", "str", "รุ่นของ evallib", "evallib version", KEY),
            ("key", "str", "กุญแจเนื้อหา", "content key", KEY),
            AS_OF,
        ),
    },
}  # fmt: skip
