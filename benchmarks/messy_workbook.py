"""A messy workbook of 100,000 rows, from file to clean frame, beside calamine's bare read of it.

The workbook has 20 columns under a header of two levels below title rows: titles most of which
differ, money as numbers, as text with separators and in Thai digits, dates in five forms, places
with typing errors, statuses, percentages, sections, sums, repeated headers, empty rows and a
signature. What is timed is ``read_submission``: reading, sorting of rows, every parser, places,
agencies, the removal of identifiers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import numpy as np

from evallib.i18n import THAI_MONTHS

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

ROWS, ROUNDS = 100_000, 5
HEADER = (
    ("ที่", ""), ("รหัสโครงการ", ""), ("ชื่อโครงการ/กิจกรรม", ""), ("แผนงาน", ""), ("แหล่งงบประมาณ", ""),
    ("ด้าน", ""), ("วัตถุประสงค์", ""), ("กลุ่มเป้าหมาย (ประเภท/คน)", ""), ("ตำบล", ""), ("อำเภอ", ""),
    ("จังหวัด", ""), ("การเบิกจ่ายงบประมาณ", "ได้รับอนุมัติ (บาท)"),
    ("การเบิกจ่ายงบประมาณ", "เบิก-จ่าย (บาท)"), ("ระยะเวลา", "เริ่มต้น"), ("ระยะเวลา", "สิ้นสุด"),
    ("สถานะ", ""), ("ผลการดำเนินงาน (ร้อยละ)", ""), ("ผู้รับประโยชน์ (คน)", ""),
    ("ปัญหา/อุปสรรค", ""), ("หน่วยงานรับผิดชอบ", ""),
)  # fmt: skip
SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
STATUS = (
    "แล้วเสร็จ",
    "อยู่ระหว่างดำเนินการ",
    "ยังไม่ดำเนินการ",
    "ล่าช้ากว่าแผน",
    "ยกเลิกโครงการ",
    "ดำเนินการแล้ว",
)
PROBLEMS = (
    "",
    "",
    "",
    "-",
    "ไม่มี",
    "ฝนตกหนักทำให้งานล่าช้า",
    "ผู้รับจ้างส่งงานไม่ทันกำหนด",
    "รอการโอนงบประมาณ",
)


def write(path: Path, *, seed: int = 2565) -> None:
    """Write the workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet("แบบรายงาน")
        for r, row in enumerate(lines(np.random.default_rng(seed))):
            for c, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(r, c, cell)


def lines(rng: np.random.Generator):
    """Yield the rows of the sheet from the top."""
    from evallib.agencies import read_agencies
    from evallib.demo.wording import phrases, topics
    from evallib.places import area

    places = area()[["tambon_th", "amphoe_th", "province_th"]].to_numpy()
    names = read_agencies()["name_th"].tolist()
    works = [p for topic in topics() for p in topic.titles]
    plans = ("แผนบูรณาการ จชต.", "แผนพัฒนาจังหวัด", "งบปกติ (function)", "แผน อปท.")
    goals = [f"เพื่อ{topic.goal}" for topic in topics()]
    sectors = [sector["name"] for sector in phrases()["sectors"].values()]
    yield ["แบบรายงานผลการดำเนินงานโครงการพัฒนาในพื้นที่ ข้อมูลสังเคราะห์"]
    yield ["ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3  ข้อมูล ณ วันที่ ๒๔ มิถุนายน ๒๕๖๕"]
    yield []
    upper, lower = [h for h, _ in HEADER], [h or None for _, h in HEADER]
    yield upper
    yield lower
    for i in range(ROWS):
        if i % 5_000 == 0:
            yield [f"๒.ภารกิจด้านแผนงาน ส่วนที่ {i // 5_000 + 1}"]
        if i % 2_000 == 1_999:
            yield upper
        tambon, amphoe, province = places[rng.integers(len(places))]
        baht = float(rng.integers(20, 40_000)) * 500
        spent = baht * rng.choice([0, 0.25, 0.5, 1.0])
        start = date(2021, 10, 1) + timedelta(days=int(rng.integers(0, 300)))
        title = f"{works[rng.integers(len(works))]} หมู่ที่ {rng.integers(1, 12)} ตำบล{tambon}"
        if i % 3:
            title += f" ระยะทาง {rng.integers(100, 9_999):,} เมตร"
        yield [
            i + 1, f"{rng.integers(10**9, 10**10)}", title, plans[i % 4], "งบประมาณแผ่นดิน",
            sectors[i % len(sectors)], goals[i % len(goals)], f"ประชาชน {rng.integers(10, 900)} คน",
            tambon[:-1] if i % 50 == 7 else tambon, amphoe, province, money(baht, i),
            money(spent, i + 2), day(start, i), day(start + timedelta(days=90), i),
            STATUS[rng.integers(6)], int(rng.integers(0, 101)) if i % 7 else "ร้อยละ 85",
            int(rng.integers(5, 900)) if i % 5 else f"{rng.integers(5, 900)} คน",
            PROBLEMS[i % len(PROBLEMS)], names[i % len(names)],
        ]  # fmt: skip
        if i % 997 == 0:
            yield []
    yield ["รวมทั้งสิ้น"]
    yield [None, None, "ลงชื่อ..........................................ผู้รายงาน"]


def money(baht: float, i: int) -> object:
    """Write an amount in one of the forms in which it arrives."""
    forms = (
        baht,
        baht,
        f"{baht:,.0f}",
        f"{baht:,.2f}",
        f"{baht:,.0f} บาท",
        f"{baht:,.0f}".translate(THAI),
    )
    return "-" if i % 40 == 0 else forms[i % len(forms)]


def day(when: date, i: int) -> str:
    """Write a date in one of the forms in which it arrives."""
    be = when.year + 543
    return (
        f"{when.day} {THAI_MONTHS[when.month - 1]} {be}",
        f"{when.day} {SHORT[when.month - 1]} {be % 100}",
        f"{when.day}/{when.month}/{be}",
        f"{when.day} {THAI_MONTHS[when.month - 1]} พ.ศ. {be}".translate(THAI),
        f"{when.day:02d}/{when.month:02d}/{when.year}",
    )[i % 5]


def ours(path: Path) -> int:
    """Read a submission to clean frames."""
    from evallib.clean import read_submission

    return len(read_submission(path, raw=path.parent).frames["project_submissions"])


def bare(path: Path) -> int:
    """Read every cell with calamine alone."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(path)) as book:
        return len(book.get_sheet_by_index(0).to_python())


def main() -> None:
    """Print one Markdown section; ``main once FOLDER`` is the process whose memory is measured."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "2565" / "Q3" / "messy.xlsx"
        path.parent.mkdir(parents=True)
        write(path)
        seconds: dict[str, list[float]] = {"calamine": [], "evallib": []}
        rows = {}
        for _ in range(ROUNDS + 1):  # the first round pays for imports
            for name, task in (("calamine", bare), ("evallib", ours)):
                began = time.perf_counter()
                rows[name] = task(path)
                seconds[name].append(time.perf_counter() - began)
        peak = memory_of(path)
    base, own = (median(taken[1:]) for taken in seconds.values())
    print("## A messy workbook of 100,000 rows\n")
    print("20 columns, xlsx, from file to clean frame; medians of five interleaved rounds.\n")
    print("| what | seconds | ratio | rows |\n|---|---|---|---|")
    print(f"| calamine, bare read | {base:.2f} | 1.00 | {rows['calamine']:,} |")
    print(f"| evallib, clean frame | {own:.2f} | {own / base:.2f} | {rows['evallib']:,} |")
    print(f"\nPeak memory of the parent and of the reader child: {peak}.")


def memory_of(path: Path) -> str:
    """Return peak memory of a process that reads the workbook once, and of its child."""
    code = """
import resource, sys
from pathlib import Path
from evallib.clean import read_submission
from evallib.clean.files.child import close
read_submission(Path(sys.argv[1]), raw=Path(sys.argv[1]).parent)
close()
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (0, -1)]
print("{:.0f} MB and {:.0f} MB".format(*peaks))
"""
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
