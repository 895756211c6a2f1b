"""Forbidden content is left out with a count, good content beside it stays. All persons are invented."""  # noqa: E501

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from evallib.clean import read_submission
from evallib.clean.persons.columns_of_persons import withhold_persons
from evallib.clean.persons.scrub_frames import OURS, conceal_name, scrub_rows
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.sheets.sheet import Sheet
from evallib.config import Settings
from evallib.tables import tables

COUNCIL = ["ที่", "ชื่อโครงการ/กิจกรรม", "ได้รับอนุมัติ", "เบิก-จ่าย", "กลุ่มเป้าหมาย (ประเภท/คน)",
           "รายได้ที่ได้รับจากกิจกรรม (บาท)", "คุณภาพชีวิตกลุ่มเป้าหมาย"]  # fmt: skip
TITLES = [
    ["แบบรายงานผลการดำเนินงาน ไตรมาสที่ 3 ปีงบประมาณ พ.ศ. 2565"],
    ["สภาสันติสุขตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี"],
    ["ประชุมครั้งที่ 3 เมื่อวันที่ 12 มิถุนายน 2565 กรรมการเข้าประชุม 12 คน"],
]
NEEDS = ["ที่", "ความต้องการของประชาชน", "ตำบล", "อำเภอ", "จังหวัด", "คะแนน", "ที่มา"]
PLACE = ["เขาตูม", "ยะรัง", "ปัตตานี"]


def write(path: Path, **sheets: list[list[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(r, c, cell)
    return path


def read(tmp_path: Path, **sheets: list[list[object]]):
    raw = tmp_path / "raw"
    return read_submission(write(raw / "2565/Q3/file.xlsx", **sheets), raw=raw)


def counts(submission) -> dict[str, str]:
    return {f.code: f.value for f in submission.findings if f.code.startswith("forbidden.")}


def activity(title: str, n: int = 1) -> list[object]:
    return [n, title, 20000, 10000, "ประชาชน 20 คน", 500, "ดีขึ้น"]


def need(text: str, source: str = "ประชาคม") -> list[object]:
    return [1, text, *PLACE, 12, source]


ATTENDANCE = [
    ["รายชื่อผู้เข้าร่วมประชุม"],
    ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "ลายมือชื่อ"],
    [1, "สมมุติ ทดสอบ", "ประธาน", ""],
    [2, "ตัวอย่าง สมมติ", "กรรมการ", ""],
]
HOUSEHOLD = [
    ["แบบสำรวจข้อมูลครัวเรือน"],
    ["ลำดับ", "ชื่อ-สกุล", "เลขประจำตัวประชาชน", "โรคประจำตัว", "ความต้องการ"],
    [1, "สมมุติ ทดสอบ", "1234567890121", "เบาหวาน", "รถเข็น"],
]
INCIDENTS = [
    ["รายงานเหตุการณ์ความไม่สงบในพื้นที่"],
    ["ลำดับ", "วันเกิดเหตุ", "ผู้ต้องสงสัย", "รายละเอียด"],
    [1, "1 มิ.ย. 65", "ชาย 2 คน", "ก"],
]


@pytest.mark.parametrize(
    ("rows", "code"),
    [(ATTENDANCE, "attendance"), (HOUSEHOLD, "household"), (INCIDENTS, "security")],
)
def test_a_forbidden_sheet_does_not_stop_a_good_one(tmp_path, rows, code) -> None:
    good = [*TITLES, COUNCIL, activity("ขุดลอกคลอง")]
    submission = read(tmp_path, รายงาน=good, อื่น=rows)

    assert submission.state == "read"
    assert submission.frames["council_activities"]["title_th"].tolist() == ["ขุดลอกคลอง"]
    assert counts(submission) == {f"forbidden.{code}": str(len(rows) - 2)}


@pytest.mark.parametrize("rows", [ATTENDANCE, HOUSEHOLD, INCIDENTS])
def test_a_file_only_of_forbidden_content_is_refused(tmp_path, rows) -> None:
    submission = read(tmp_path, แผ่น1=rows)

    assert submission.state == "refused"
    assert [f.code for f in submission.findings] == ["refused.forbidden"]
    assert not submission.frames
    assert "ให้หน่วยงานส่งใหม่" in submission.findings[0].message("th")
    assert "send" in submission.findings[0].message("en")


def test_the_security_mission_of_a_report_is_not_ingested(tmp_path) -> None:
    rows = [
        *TITLES, COUNCIL, ["๑. ภารกิจด้านความมั่นคง"], activity("จัดเวรยามหมู่บ้าน"),
        ["1.2 กิจกรรมเสริม"], activity("ประชุมชุดปฏิบัติการ", 2),
        ["๒. ภารกิจด้านแผนงานและเศรษฐกิจ"], activity("ขุดลอกคลอง", 3),
        activity("เพาะปลาเพื่อความมั่นคงทางอาหาร", 4), activity("ปิดล้อมตรวจค้นบ้านเป้าหมาย", 5),
    ]  # fmt: skip
    submission = read(tmp_path, รายงาน=rows)

    assert submission.frames["council_activities"]["title_th"].tolist() == [
        "ขุดลอกคลอง", "เพาะปลาเพื่อความมั่นคงทางอาหาร",
    ]  # fmt: skip
    assert counts(submission) == {"forbidden.security": "3"}


def test_a_block_of_attendance_below_a_report_is_left_out(tmp_path) -> None:
    block = [["รายชื่อผู้เข้าร่วมประชุม"], ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "ลายมือชื่อ"],
             [1, "สมมุติ ทดสอบ", "ประธาน", "x"], [2, "ตัวอย่าง สมมติ", "กรรมการ", "x"]]  # fmt: skip
    submission = read(tmp_path, รายงาน=[*TITLES, COUNCIL, activity("ขุดลอกคลอง"), *block])

    assert submission.frames["council_activities"]["title_th"].tolist() == ["ขุดลอกคลอง"]
    assert "forbidden.attendance" in counts(submission)


def test_needs_for_safety_stay_and_words_on_suspects_go(tmp_path) -> None:
    kept = ["ขอกล้อง CCTV หน้าโรงเรียน", "ติดไฟส่องสว่างจุดเสี่ยง", "ซ่อมป้อม ชรบ.", "เยาวชนติดยาเสพติด ขอค่ายบำบัด",  # noqa: E501
            "เยียวยาผู้ได้รับผลกระทบจากเหตุการณ์ความไม่สงบ"]  # fmt: skip
    gone = ["มีผู้ต้องสงสัยเข้ามาในหมู่บ้าน", "เกิดเหตุระเบิดเมื่อคืน", "จัดเวรยามไม่ครบ", "มีคนค้ายาท้ายหมู่บ้าน"]
    blank = ["ตำบล", "ประธานกรรมการ", "(ระบุ)"]
    rows = [*TITLES[:1], NEEDS, *[need(text) for text in [*kept, *gone, *blank]],
            need("ขอไฟทางหน้ามัสยิด", "ด้านความมั่นคง"), need("ตั้งชุดเฝ้าระวัง", "ด้านความมั่นคง")]  # fmt: skip
    submission = read(tmp_path, ความต้องการ=rows)

    assert submission.frames["needs"]["need_text_th"].tolist() == [*kept, "ขอไฟทางหน้ามัสยิด"]
    assert counts(submission) == {"forbidden.security": "5", "forbidden.blank_rows": "3"}


def test_plans_of_agencies_may_bear_such_words(tmp_path) -> None:
    rows = [["ปีงบประมาณ 2565 ไตรมาส 3"], ["ที่", "ชื่อโครงการ", "งบประมาณ", "สถานะ"],
            [1, "โครงการแก้ไขปัญหาความไม่สงบในจังหวัดชายแดนภาคใต้", 100000, "แล้วเสร็จ"]]  # fmt: skip
    submission = read(tmp_path, แผน=rows)
    assert len(submission.frames["project_submissions"]) == 1
    assert counts(submission) == {}


def sheet_of(**columns: list[object]) -> Sheet:
    frame = pd.DataFrame(columns, dtype="object")
    return Sheet("f.xlsx", "s", (), frame, (), kind="projects")


def test_a_column_mostly_of_identifiers_goes_under_any_heading() -> None:
    names = ["สมพร ทองดี", "อารี แก้วมณี", "ประสิทธิ์ ทองดี", "สุดารัตน์ สุวรรณ", "อาลี อาแว"]
    phones = [f"080-000-123{i}" for i in range(5)]
    goals = ["ขุดคลอง", "ทำถนน", "เจาะบ่อ", "ปลูกป่า", "สร้างฝาย"]
    sheet = sheet_of(สถานที่=phones, กลุ่มเป้าหมาย=names, ชื่อโครงการ=goals)
    kept, findings = withhold_persons(sheet)

    assert kept.frame["สถานที่"].isna().all()
    assert kept.frame["ชื่อโครงการ"].tolist() == goals
    assert ("identifier.column_dropped", "5") in [(f.code, f.value) for f in findings]


def test_numbers_of_persons_in_columns_of_money_go() -> None:
    cells = ["0800001234", "1-2345-67890-12-1", 1234567890121.0, "1,250,000", 2500000, "080,000"]
    kept, findings = withhold_persons(sheet_of(งบประมาณ=cells))

    assert kept.frame["งบประมาณ"].tolist() == [None, None, None, "1,250,000", 2500000, "080,000"]
    assert [f.code for f in findings] == ["identifier.removed"] * 3


@pytest.mark.parametrize("table", sorted(tables()))
def test_every_column_of_text_of_every_contract_is_scrubbed(table: str) -> None:
    texts = [c.name for c in tables()[table].columns if c.kind == "str" and c.name not in OURS]
    frame = pd.DataFrame({name: ["นายสมมุติ ทดสอบ โทร 080-000-1234"] for name in texts})
    scrubbed, _ = scrub_rows({table: frame}, [])
    assert [name for name in texts if "สมมุติ" in scrubbed[table][name].iloc[0]] == []


def test_a_file_named_for_a_person_is_concealed_and_found_again() -> None:
    sha = "1a2b3c4d" + "0" * 56
    assert (
        conceal_name("2565/Q3/รายงาน_นายสมมุติ_ใจดี.xlsx", sha)
        == "2565/Q3/รายงาน [ปกปิด] 1a2b3c4d.xlsx"
    )
    assert conceal_name("2565/Q3/สมพร ทองดี.xlsx", sha) == "2565/Q3/[ปกปิด] 1a2b3c4d.xlsx"
    assert conceal_name("2565/Q3/บัญชี | ถนน.xlsx", sha) == "2565/Q3/บัญชี - ถนน 1a2b3c4d.xlsx"
    assert conceal_name("2565/Q3/โทร 0800001234/a.csv", sha) == "2565/Q3/โทร [ปกปิด]/a 1a2b3c4d.csv"
    assert conceal_name("2565/Q3/สภาสันติสุข_ต.จะแนะ_อ.จะแนะ.xls", sha).endswith("อ.จะแนะ.xls")


NAME, PHONE, CARD = "นายลับมาก ห้ามเก็บ", "080-000-9876", "1234567890121"
PLANT = f"{NAME} {PHONE} {CARD}"
SECRETS = ("ลับมาก", "ห้ามเก็บ", "000-9876", "0800009876", CARD)


def plant_everywhere(raw: Path) -> None:
    """Write files of every form with a person in every position."""
    quarter = raw / "2565/Q3"
    head = ["ที่", "ชื่อโครงการ", f"ผู้ดูแล {NAME}", "หน่วยงาน", "สถานที่", "งบประมาณ", "เบิกจ่าย", "สถานะ", "วันเริ่มต้น",  # noqa: E501
            "ปัญหา/อุปสรรค", "กลุ่มเป้าหมาย", "แผนงาน", "รหัสโครงการ", "ร้อยละ", "ผู้รับประโยชน์", "เบอร์โทร"]  # fmt: skip  # noqa: E501
    good = [1, "ซ่อมถนน", "", "กรมชลประทาน", "ต.เขาตูม อ.ยะรัง จ.ปัตตานี", 1000, 10, "แล้วเสร็จ", "1 ต.ค. 64",  # noqa: E501
            "", "ประชาชน", "แผนพัฒนาจังหวัด", "A1", 50, 10, PHONE]  # fmt: skip
    rows: list[list[object]] = [
        [f"ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3 {PLANT}"],
        [f"หน่วยงาน {NAME}"],
        head,
        good,
    ]
    for c in range(len(head)):
        for secret in (PLANT, NAME, PHONE, CARD, int(CARD), PHONE.replace("-", "")):
            rows.append([*good[:c], secret, *good[c + 1 :]])
    rows += [[None, f"รวมทั้งสิ้น {PLANT}", None, None, None, 5], [f"หมายเหตุ: {PLANT}"],
             [None, f"ลงชื่อ ........ ({NAME})"], [f"({NAME})"]]  # fmt: skip
    path = write(
        quarter / f"โครงการ {NAME}.xlsx", **{f"ของ {NAME}"[:31]: rows, "แผ่นลับ": ATTENDANCE}
    )
    with xlsxwriter.Workbook(str(quarter / "ซ่อน.xlsx")) as book:
        sheet = book.add_worksheet("แบบ")
        for r, row in enumerate(rows[:20]):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
        sheet.set_column(9, 9, None, None, {"hidden": True})
        sheet.write_comment(3, 1, PLANT)
        sheet.set_footer(PLANT)
        book.set_properties({"author": NAME})
    cells = "".join(f"<td>{c}</td>" for c in activity(f"ซ่อมบ้าน {PLANT}"))
    top = "".join(f"<tr><th colspan='7'>{t[0]} {PLANT}</th></tr>" for t in TITLES)
    heads = "".join(f"<th>{h}</th>" for h in COUNCIL)
    page = f"<html><table>{top}<tr>{heads}</tr><tr>{cells}</tr><tr><td colspan=7>ลงชื่อ {NAME}</td></tr></table></html>"  # noqa: E501
    (quarter / f"สภา_{NAME}.xls").write_text(page, encoding="utf-8")
    with (quarter / "needs.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerows([NEEDS, need("ขอประปา"), need(f"ขอรถเข็นให้ {PLANT}", PLANT)])
        out.writerows([*need("ขอฝาย")[:c], PLANT, *need("ขอฝาย")[c + 1 :]] for c in range(7))
    table = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in rows[:40]
    )
    (quarter / "spreadsheetml.xls").write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'  # noqa: E501
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="'
        f'{NAME}"><Table>{table}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )
    assert path.exists()


def stored_texts(store: Path) -> str:
    """Return every byte written, as text, and every cell of every table."""
    import pyarrow.parquet as pq

    parts = []
    for file in sorted(f for f in store.rglob("*") if f.is_file()):
        parts += [str(file.relative_to(store)), file.read_bytes().decode("utf-8", errors="replace")]
        if file.suffix == ".parquet":
            whole = pq.ParquetFile(file)
            parts.append(json.dumps(whole.read().to_pylist(), default=str, ensure_ascii=False))
            parts.append(str(whole.metadata.to_dict()))
    return "\n".join(parts)


def test_no_identifier_planted_anywhere_reaches_the_disk(tmp_path, capfd, caplog) -> None:
    from evallib.runner.intake.ingestion import ingest

    plant_everywhere(tmp_path / "raw")
    settings = Settings(
        raw=tmp_path / "raw", store=tmp_path / "store", reports=tmp_path / "reports"
    )
    report = ingest(settings, workers=1)
    outside = [d for d in sorted(tmp_path.iterdir()) if d.name != "raw"]
    written = "\n".join(stored_texts(d) if d.is_dir() else d.read_text() for d in outside)
    spoken = "".join(capfd.readouterr()) + caplog.text + repr(report)

    assert report.rows_accepted > 50
    assert "ซ่อมถนน" in written
    assert [secret for secret in SECRETS if secret in written] == []
    assert [secret for secret in SECRETS if secret in spoken] == []
    assert scrub_identifiers(pd.Series([PLANT]))[0].str.contains("ลับมาก").sum() == 0
