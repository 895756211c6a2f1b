"""read_sheets: the content decides, and what cannot be a table is refused with a reason."""

from pathlib import Path

import pytest

from evallib.clean import read_sheets
from evallib.clean.files.sniff import OLE2
from evallib.errors import RefusedFile
from tests.clean.parts import TABLE, sheet, write_xlsx

LINES = "บัญชีความต้องการ\nลำดับที่,ตำบล,ความต้องการของประชาชน\n1,ตาชี,ซ่อมถนน\n2,เขาตูม,ประปา\n"
ENCODINGS = {
    "utf-8": LINES.encode(),
    "utf-8 with BOM": LINES.encode("utf-8-sig"),
    "utf-16": LINES.replace(",", "\t").encode("utf-16"),
    "cp874": LINES.encode("cp874"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["needs.csv", "needs.xls", "needs"])
def test_delimited_text_in_every_thai_encoding_whatever_its_name(encoding, name, tmp_path) -> None:
    file = tmp_path / name
    file.write_bytes(ENCODINGS[encoding])
    (sheet,) = read_sheets(file)

    assert sheet.titles == ("บัญชีความต้องการ",)
    assert sheet.frame.index.tolist() == [3, 4]  # rows of the sheet, from 1
    assert sheet.frame["ความต้องการของประชาชน"].tolist() == ["ซ่อมถนน", "ประปา"]


def test_html_named_xls_keeps_rows_under_spans(council_page, tmp_path) -> None:
    file = tmp_path / "report.xls"
    row = "<tr><td>1</td><td>เลี้ยงแพะ</td><td>10,000</td><td>5,000</td>" + "<td></td>" * 5 + "</tr>"
    file.write_text(council_page(row), encoding="utf-8")
    (sheet,) = read_sheets(file)

    assert sheet.titles[1] == "สภาสันติสุขตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี"
    assert sheet.frame.columns[2:4].tolist() == [
        "การเบิกจ่ายงบประมาณ | ได้รับอนุมัติ", "การเบิกจ่ายงบประมาณ | เบิก-จ่าย"]  # fmt: skip
    assert sheet.frame.iloc[0, :4].tolist() == ["1", "เลี้ยงแพะ", "10,000", "5,000"]


def workbook(path: Path, sheet_xml: str) -> Path:
    return write_xlsx(path, sheet_xml)


def far_cell(path: Path) -> Path:
    return workbook(path, sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TABLE))


def far_dimension(path: Path) -> Path:
    return workbook(path, sheet("", before='<dimension ref="A1:XFD1048576"/>'))


def bomb(path: Path) -> Path:
    return workbook(path, "<worksheet>" + " " * 30_000_000)


def truncated(path: Path) -> Path:
    whole = workbook(path, "<worksheet/>").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def written(content: bytes):
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


REFUSED = {
    "empty": (written(b""), "read.empty"),
    "cut short": (truncated, "read.damaged"),
    "encrypted": (written(OLE2 + "EncryptedPackage".encode("utf-16-le") * 9), "read.password"),
    "damaged OLE2": (written(OLE2 + b"\1" * 600), "read.damaged"),
    "cell at the last column and row": (far_cell, "read.beyond_limits"),
    "dimension to the last column and row": (far_dimension, "read.too_wide"),
    "zip bomb": (bomb, "read.bomb"),
    "zip of documents": (written(b"PK\5\6" + b"\0" * 18), "read.not_a_table"),
    "pdf": (written(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\0\0" + b"\0" * 90), "read.not_a_table"),
    "html without a table": (written(b"<html><body>hello</body></html>"), "read.not_a_table"),
    "prose": (written("สวัสดี\nวันนี้ฝนตก".encode()), "read.no_header"),
    "not Thai": (written(bytes(range(0x81, 0xA0)) * 9), "read.encoding"),
    "a million columns": (written(b"a," * 1_100_000), "read.too_wide"),
    "5,000 columns": (written(b"a,b\n" + b"1," * 5_000), "read.too_wide"),
    "endless quote": (written('ที่,ตำบล\n1,"ตาชี\n'.encode()), "read.damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_and_broken_files_are_refused_with_a_reason_in_both_languages(
    kind, tmp_path
) -> None:
    make, code = REFUSED[kind]
    file = make(tmp_path / "file.xlsx")
    with pytest.raises(RefusedFile) as refused:
        read_sheets(file)

    assert refused.value.code == code
    for language in ("th", "en"):
        needed, found, do = refused.value.message(language).splitlines()
        assert all("{" not in x and x.split(":", 1)[1].strip() for x in (needed, found, do))


def test_a_folder_and_an_absent_file_are_refused(tmp_path) -> None:
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(RefusedFile, match=path.name):
            read_sheets(path)


def test_a_hidden_sheet_is_left_out_and_reported(tmp_path) -> None:
    import xlsxwriter

    file = tmp_path / "two.xlsx"
    book = xlsxwriter.Workbook(str(file))
    for name in ("เปิด", "ซ่อน"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["ที่", "ตำบล", "อำเภอ"])
        sheet.write_row(1, 0, [1, "ตาชี", "ยะหา"])
    sheet.hide()
    book.close()

    (sheet,) = read_sheets(file)
    assert sheet.name == "เปิด"
    assert [(f.code, f.where) for f in sheet.findings] == [
        ("read.hidden_sheet", "two.xlsx | ซ่อน |  | ")]  # fmt: skip
