"""The small files and cells from which fuzzing starts: one of each form that agencies send."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import xlsxwriter

from tests.clean.files.binary_parts import xls, xlsb_parts, xlsb_sheet

HEAD = ["ที่", "ชื่อโครงการ/กิจกรรม", "ตำบล", "อำเภอ", "จังหวัด", "งบประมาณ (บาท)", "วันเริ่มต้น", "สถานะ"]
TITLES = ["แบบรายงาน ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 3", "ข้อมูล ณ วันที่ 24 มิถุนายน 2565"]
ROWS = [
    ["1", "ซ่อมถนน", "เขาตูม", "ยะรัง", "ปัตตานี", "100,000", "1 ต.ค. 2564", "แล้วเสร็จ"],
    ["2", "ประปาหมู่บ้าน", "ตาชี", "ยะหา", "ยะลา", "๕๐,๐๐๐.-", "15/06/65", "-"],
    ["รวม", "", "", "", "", "150,000", "", ""],
    ["ลงชื่อ............................ผู้รายงาน", *[""] * 7],
]
NEEDS = (
    "บัญชีความต้องการ ตำบลตาชี 2565 ไตรมาส 3\nลำดับที่,ตำบล,ความต้องการของประชาชน,คะแนน\n1,ตาชี,ซ่อมถนน,40\n"
)

DATES = [
    "1 ต.ค. 2564", "15/06/65", "๑๕ มิ.ย. ๒๕๖๕", "2566-01-01", "44835",
    "1-15 มิ.ย. 65", "ไตรมาส 3/2565", "ต.ค. 2564 – มี.ค. 2565", "29/2/2567",
    "ไม่ระบุ", "วันที่ 24 มิถุนายน พ.ศ. 2565 เวลา 09.30 น.", "Jun 24, 2022",
    "30.9.65", "ปีงบประมาณ 2565", "รอบ 6 เดือน ปี 2565",
    "24 มิถุนายน 2565 - 30 กันยายน 2565", "FY2022", "20220624",
]  # fmt: skip
AMOUNTS = [
    "100,000", "๑,๒๐๐.-", "1.5 ล้านบาท (39%)", "หนึ่งแสนบาทถ้วน", "(1,500)",
    "1.200.000", "500,000 บาท", "-", "ห้าล้านสามแสนบาทห้าสิบสตางค์", "1,500.50",
    "100-200 บาท", "๑.๕ ล้าน", "฿ 2,000", "1 ล้าน 5 แสนบาท", "0",
    "งบ 300000 บาท/ปี", "=SUM(D5:D9)", "10,000 (หนึ่งหมื่นบาทถ้วน)", "1e6",
    "2 พันบาท", "12 ครัวเรือน", "5 ไร่ 2 งาน",
]  # fmt: skip


def files() -> list[bytes]:
    """Return the files: delimited in every encoding, HTML, SpreadsheetML, workbooks."""
    lines = [*([title] for title in TITLES), HEAD, *ROWS]
    csv = "\r\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in r) for r in lines)
    tabs = "\n".join("\t".join(line) for line in lines)
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in lines)
    spans = (
        '<tr><th rowspan="2">ที่</th><th colspan="2">งบประมาณ</th></tr>'
        "<tr><th>แผน</th><th>ผล</th></tr>"
    )
    html = f'<html><meta charset="tis-620"><body><table border=1>{cells}</table>'
    return [
        csv.encode(), csv.encode("utf-8-sig"), csv.encode("cp874"), tabs.encode("utf-16"),
        NEEDS.encode("utf-16-le"), f"sep=;\n{NEEDS}".replace(",", ";").encode(),
        html.encode(), f"<table>{spans}{cells}<table><tr><td>x</table></table>".encode("cp874"),
        _spreadsheetml(lines), _xlsx(lines), _ods(lines),
        xls(), _xlsb(),
    ]  # fmt: skip


def _spreadsheetml(lines: list[list[str]]) -> bytes:
    cells = "".join(
        f'<Row>{"".join(f"""<Cell><Data ss:Type="String">{c}</Data></Cell>""" for c in row)}</Row>'
        for row in lines
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="ก">'
        f'<Table><Column ss:Hidden="0"/>{cells}'
        '<Row ss:Index="20"><Cell ss:Index="3" ss:MergeDown="1">'
        '<Data ss:Type="Number">5</Data></Cell></Row></Table></Worksheet></Workbook>'
    ).encode()


def _xlsx(lines: list[list[str]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        book.set_properties({"created": datetime(2022, 6, 24, tzinfo=UTC)})
        page = book.add_worksheet("รายงาน")
        for r, line in enumerate(lines):
            page.write_row(r, 0, line)
        page.write_formula(9, 5, "=F4+F5", None, "")
        page.write_number(4, 5, 50_000)
        page.merge_range(0, 0, 0, 7, TITLES[0])
        page.set_column(7, 7, None, None, {"hidden": True})
        page.set_row(4, None, None, {"hidden": True})
    return held.getvalue()


def _xlsb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in xlsb_parts(xlsb_sheet()).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def _ods(lines: list[list[str]]) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in line
        )
        + "</table:table-row>"
        for line in lines
    )
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="ก">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"}
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()
