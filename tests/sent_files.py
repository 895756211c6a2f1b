"""The same projects written in the five forms that agencies use, and other files as sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

Rows = list[list[Any]]
Span = tuple[int, int, int, int]
TITLES = [
    ["แบบรายงานผลการดำเนินงานโครงการ"],
    ["หน่วยงาน โครงการชลประทานปัตตานี ประจำปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3"],
    ["ข้อมูล ณ วันที่ 24 มิถุนายน 2565"],
]
MONTHS = ["", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
          "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]  # fmt: skip
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# title, tambon, amphoe, province, code of the tambon, baht, start, end, status, percent, disbursed
PROJECTS = [
    ("ปรับปรุงระบบส่งน้ำคลองมะกรูด", "เขาตูม", "ยะรัง", "ปัตตานี", "941012",
     500_000, (2021, 10, 1), (2022, 9, 30), "แล้วเสร็จ", 100, 500_000),
    ("ก่อสร้างถนนคอนกรีตสายบ้านบน", "สะดาวา", "ยะรัง", "ปัตตานี", "941002",
     1_250_000, (2021, 12, 15), (2022, 8, 31), "อยู่ระหว่างดำเนินการ", 60, 700_000),
    ("ฝึกอาชีพกลุ่มสตรีตัดเย็บ", "ตะโละแมะนา", "ทุ่งยางแดง", "ปัตตานี", "940601",
     300_000, (2022, 1, 5), (2022, 6, 30), "อยู่ระหว่างดำเนินการ", 45, 120_000),
    ("ขุดลอกคลองตันหยง", "บ่อทอง", "หนองจิก", "ปัตตานี", "940307",
     80_500, (2022, 3, 1), (2022, 5, 31), "ยังไม่ดำเนินการ", 0, 0),
]  # fmt: skip
STATUS = {"แล้วเสร็จ": "completed", "อยู่ระหว่างดำเนินการ": "ongoing", "ยังไม่ดำเนินการ": "planned"}


def write_workbook(path: Path, sheets: dict[str, tuple[Rows, list[Span]]]) -> Path:
    """Write sheets of rows with merged areas; a tuple is a date cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "d/m/yyyy"})
    for name, (rows, spans) in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell)
        for r0, c0, r1, c1 in spans:
            sheet.merge_range(r0, c0, r1, c1, rows[r0][c0], day)
    book.close()
    return path


def long_date(day: tuple[int, int, int]) -> str:
    return f"{day[2]} {MONTHS[day[1]]} {day[0] + 543}"


def form_a() -> dict[str, tuple[Rows, list[Span]]]:
    head = ["ที่", "รหัสโครงการ", "ชื่อโครงการ/กิจกรรม", "แผนงาน", "ตำบล", "อำเภอ", "จังหวัด",
            "งบประมาณที่ได้รับอนุมัติ (บาท)", "วันเริ่มต้น", "วันสิ้นสุด", "สถานะ",
            "ผลการดำเนินงาน (ร้อยละ)", "เบิก-จ่าย (บาท)", "กลุ่มเป้าหมาย (ประเภท/คน)",
            "ปัญหา/อุปสรรค", "หมายเหตุ"]  # fmt: skip
    rows: Rows = [*TITLES, head]
    for i, (title, t, a, p, _, baht, start, end, status, pct, paid) in enumerate(PROJECTS, 1):
        rows.append([i, f"RID-{i:03d}", title, "ศอ.บต. ตำบล", t, a, p, baht, long_date(start),
                     long_date(end), status, pct, paid, "กลุ่มสตรี 30 คน เยาวชน 20 คน", "-",
                     None])  # fmt: skip
    rows.append([5])
    rows.append(["รวมทั้งสิ้น", *[None] * 6, 2_130_500, *[None] * 4, 1_320_000])
    rows.append(["ลงชื่อ..............................ผู้รายงาน"])
    rows.append(["(นายสมมติ นามแฝง)"])
    rows.append(["หมายเหตุ : ส่งทุกวันที่ 25"])
    return {"Sheet1": (rows, [(0, 0, 0, 15), (9, 0, 9, 6)])}


def form_b() -> dict[str, tuple[Rows, list[Span]]]:
    top = ["ที่", "ชื่อโครงการ/กิจกรรม", "พื้นที่ดำเนินการ", "การเบิกจ่ายงบประมาณ", None, "ระยะเวลา", None,
           "สถานะ", "ผลการดำเนินงาน (ร้อยละ)"]  # fmt: skip
    low = [None, None, None, "ได้รับอนุมัติ", "เบิก-จ่าย", "เริ่มต้น", "สิ้นสุด"]
    rows: Rows = [*TITLES, top, low]
    for i, (title, t, a, p, _, baht, start, end, status, pct, paid) in enumerate(PROJECTS, 1):
        days = [f"{d[2]} {MONTHS[d[1]]} {(d[0] + 543) % 100}" for d in (start, end)]
        texts = [f"หมู่ที่ 3 ต.{t} อ.{a} จ.{p}", f"{baht:,}", f"{paid:,}", *days]
        rows.append([str(i), title, *(x.translate(THAI_DIGITS) for x in texts), status, pct])
        if i == 2:
            rows.extend([top, low])
    spans = [(3, c, 4, c) for c in (0, 1, 2, 7, 8)] + [(3, 3, 3, 4), (3, 5, 3, 6)]
    return {"รายงาน": (rows, spans)}


def form_c() -> dict[str, tuple[Rows, list[Span]]]:
    head = ["ลำดับ", "โครงการ/กิจกรรม", "พื้นที่ดำเนินการ", "งบประมาณ (ล้านบาท)", "เบิกจ่าย (ล้านบาท)",
            "ผลการดำเนินงาน (ร้อยละ)", "วันเริ่มต้น", "วันสิ้นสุด", "สถานะ"]  # fmt: skip
    rows: Rows = [*TITLES, head]
    number = 0
    for amphoe in ("ยะรัง", "ทุ่งยางแดง", "หนองจิก"):
        part = [p for p in PROJECTS if p[2] == amphoe]
        rows.append([f"อำเภอ{amphoe}"])
        for title, t, _, _, _, baht, start, end, status, pct, paid in part:
            number += 1
            rows.append([number, title, f"ต.{t}", baht / 1e6, paid / 1e6, pct, long_date(start),
                         long_date(end), status])  # fmt: skip
        rows.append([None, f"รวม อ.{amphoe}", None, sum(p[5] for p in part) / 1e6,
                     sum(p[10] for p in part) / 1e6])  # fmt: skip
    rows.append([None, "รวมทั้งสิ้น", None, 2.1305, 1.32])
    return {"ปัตตานี": (rows, [])}


def form_d() -> dict[str, tuple[Rows, list[Span]]]:
    top = ["ที่", "ชื่อโครงการ/กิจกรรม", "พื้นที่ดำเนินการ", "งบประมาณที่ได้รับอนุมัติ (บาท)", "วันเริ่มต้น",
           "วันสิ้นสุด"]  # fmt: skip
    spans: list[Span] = [(3, c, 5, c) for c in range(6)]
    middle: list[Any] = [None] * 6
    low: list[Any] = [None] * 6
    for q in (1, 2, 3, 4):
        c = len(top)
        top += [f"ไตรมาสที่ {q}", None, None, None]
        middle += ["ผลการดำเนินงาน (ร้อยละ)", None, "เบิก-จ่าย (บาท)", None]
        low += ["แผน", "ผล", "แผน", "ผล"]
        spans += [(3, c, 3, c + 3), (4, c, 4, c + 1), (4, c + 2, 4, c + 3)]
    top.append("สถานะ")
    spans.append((3, 22, 5, 22))
    rows: Rows = [*TITLES, top, middle, low]
    for i, (title, t, a, p, _, baht, start, end, status, pct, paid) in enumerate(PROJECTS, 1):
        blocks = [0, 1, 2, 3, 0, 2, 4, 5, 90, pct, 99, paid, 100, None, baht, None]
        rows.append([i, title, f"ตำบล{t}อำเภอ{a}จังหวัด{p}", baht, long_date(start),
                     long_date(end), *blocks, status])  # fmt: skip
    return {"แผนผล": (rows, spans)}


def form_e() -> dict[str, tuple[Rows, list[Span]]]:
    head = ["เลขที่โครงการ", "โครงการ", "หน่วยงานรับผิดชอบ", "สถานที่", "งบประมาณ", "เบิกจ่าย",
            "ความก้าวหน้า (%)", "วันเริ่มต้น", "วันสิ้นสุด", "สถานะ"]  # fmt: skip
    rows: Rows = [TITLES[2], ["ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3"], head]
    for i, (title, t, a, p, _, baht, start, end, status, pct, paid) in enumerate(PROJECTS, 1):
        days = [f"{d[2]}/{d[1]}/{d[0] + 543}" for d in (start, end)]
        rows.append([f"E{i}", title, "โครงการชลประทานปัตตานี", f"ต.{t} อ.{a} จ.{p}",
                     f"{baht:,} บาท", f"{paid:,} บาท", f"{pct}%", *days, status])  # fmt: skip
    return {"data": (rows, [])}


FORMS: dict[str, Callable[[], dict[str, tuple[Rows, list[Span]]]]] = {
    "A": form_a, "B": form_b, "C": form_c, "D": form_d, "E": form_e,
}  # fmt: skip
COUNCIL_HTML = """<html><head><meta charset="utf-8"><style>.table{{width:100%}}</style></head><body>
<table class="table table-bordered">
<tr><th colspan="9">แบบรายงานผลการดำเนินงาน ไตรมาสที่ 3 ปีงบประมาณ พ.ศ. 2565</th></tr>
<tr><th colspan="9">สภาสันติสุขตำบล{tambon} อำเภอ{amphoe} จังหวัด{province}</th></tr>
<tr><th colspan="9">ประชุมครั้งที่ 3 เมื่อวันที่ 12 มิถุนายน 2565 กรรมการเข้าประชุม 12 คน
 ประชาชน 45 คน (สตรี 20 คน เยาวชน 5 คน)</th></tr>
<tr><th rowspan="2">ที่</th><th rowspan="2">ชื่อโครงการ/กิจกรรม</th>
<th colspan="2">การเบิกจ่ายงบประมาณ</th><th rowspan="2">กลุ่มเป้าหมาย (ประเภท/คน)</th>
<th rowspan="2">รายได้ที่ได้รับจากกิจกรรม (บาท)</th><th rowspan="2">คุณภาพชีวิตกลุ่มเป้าหมาย</th>
<th rowspan="2">ปัญหา/อุปสรรค/ข้อเสนอแนะ</th><th rowspan="2">หมายเหตุ</th></tr>
<tr><th>ได้รับอนุมัติ</th><th>เบิก-จ่าย</th></tr>
{rows}</table></body></html>"""


@pytest.fixture(scope="session")
def forms() -> dict[str, Callable[[], dict[str, tuple[Rows, list[Span]]]]]:
    return FORMS


@pytest.fixture(scope="session")
def write() -> Callable[[Path, dict[str, tuple[Rows, list[Span]]]], Path]:
    return write_workbook


@pytest.fixture(scope="session")
def projects() -> list[tuple[Any, ...]]:
    return [(*p[:8], STATUS[p[8]], *p[9:]) for p in PROJECTS]


@pytest.fixture(scope="session")
def council_page() -> Callable[..., str]:
    def page(*activities: str, tambon: str = "เขาตูม", amphoe: str = "ยะรัง") -> str:
        return COUNCIL_HTML.format(
            tambon=tambon, amphoe=amphoe, province="ปัตตานี", rows="".join(activities)
        )

    return page
