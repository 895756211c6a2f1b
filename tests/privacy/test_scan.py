# ruff: noqa: E501
"""The last scan against identifiers in varied writing, what only looks like one, and large files."""

import json
import re
import time
import zipfile
from pathlib import Path

import pytest

from evallib.errors import NotFound, RefusedFile
from evallib.privacy import scan_file, scan_text
from evallib.thai.citizen_numbers import is_national_id

IDENTIFIERS = {
    "national_id": [
        "1101700000010", "1-1017-00000-01-0", "1 1017 00000 01 0", "๑๑๐๑๗๐๐๐๐๐๐๑๐",
        "๑-๑๐๑๗-๐๐๐๐๐-๐๑-๐", "1.1017.00000.01.0", "1-101700000010", "1-1017-00000-010",
        "1\u20111017\u201100000\u201101\u20110", "1\u00a01017\u00a000000\u00a001\u00a00",
        "１１０１７００００００１０", "เลขบัตรประชาชน 1234567890123", "เลขประจำตัว: 1 2345 67890 12 3",
        "110170\u200b0000010", "สมชาย,1101700000010,ยะลา", "(1101700000010)", "ID1: 1101700000010.",
        "ID card no. 1-2345-67890-12-3", "นาย1101700000010", "1101700000010/1234", "0011700000012",
    ],
    "phone": [
        "0812345678", "081-234-5678", "081 234 5678", "08-1234-5678", "08 1234 5678",
        "๐๘๑-๒๓๔-๕๖๗๘", "081-2345678", "081.234.5678", "+66812345678", "+66 81 234 5678",
        "+66-81-234-5678", "+66 (0)81 234 5678", "0066812345678", "โทร.0912345678",
        "โทร 073-212345", "073 212 345", "(073) 212345", "0-7321-2345", "02-123-4567", "021234567",
        "073212345", "06-1234-5678", "ติดต่อ0612345678", "0812345678,0898765432", "+66 73 212 345",
        "074\u2013212345", "０８１２３４５６７８", "tel:+66812345678", "081-234567-8", "0 2123 4567",
    ],
    "email": [
        "somchai@gmail.com", "som.chai_99@yala.go.th", "a@b.co", "SOMCHAI@HOTMAIL.COM",
        "mailto:somchai@example.org", "somchai @ gmail.com", "<somchai@ac.th>",
        "som-chai+x@mail.example.co.th", "อีเมลsomchai@gmail.com.", "somchai＠gmail.com",
    ],
    "bank_account": [
        "123-4-56789-0", "123 4 56789 0", "บัญชี 1234567890", "เลขที่บัญชี ธ.กรุงไทย 123-456789-0",
        "บัญชีเลขที่: ๑๒๓-๔-๕๖๗๘๙-๐", "พร้อมเพย์ 123456789012", "account no. 1234567890",
        "A/C 1234567890", "acct 020012345678",
    ],
}  # fmt: skip

LOOK_ALIKES = [
    "940101", "ตำบล 950203 อำเภอ 9502", "1,234,567,890", "1,234,567,890.50 บาท", "1234567890",
    "12345678901", "1234567890123", "9101700000010", "0107536000315", "1101700000011",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "a0812345678b", "sha256:0812345678abcdef0812345678abcdef", "0.0812345678", "12.0812345678901",
    "0.1101700000010", "3.141592653589793", "1.1101700000010e-05", "-0.073212345", "2565-10-01",
    "24/06/2565", "2022-06-24T09:30:15+07:00", "2022-06-24 09:30:15", "20220624T093015Z",
    "2565-Q3", "พ.ศ. 2565", "1 ต.ค. 2564 - 30 มิ.ย. 2565", "#081234", "#08123456", "color:#0a0b0c",
    "@media print", "@font-face{font-family:Sarabun}", "@page { margin: 2cm }", "logo@2x.png",
    "numpy@2.1", "pkg@1.0.0", "margin:0 20px 123px 4567px", "M 10 20 L 30 40 50 60",
    "M0.812 345.678 L081.5 234.25", "viewBox=\"0 0 720 345\"", "550e8400-e29b-41d4-a716-446655440000",
    "00000000-0000-4000-8000-000000000000", "run-20220624-093015-95", "P-2565-0a1b2c3d",
    "งบประมาณตามบัญชี 1,234,567,890 บาท", "งบประมาณตามบัญชี 1234567890 บาท", "บัญชีแนบท้าย 3",
    "รายการบัญชี ปี 2565", "ร้อยละ 12.5", "15 (12–18)", "n = 1,024", "[0.12, 0.98]", "66812345678",
    "10.1002/9781118348239", "https://doi.org/10.1162/003355304772839588", "ISBN 978-616-123",
    "สายด่วน 1567", "โทร 191", "หมู่ที่ 3 ตำบล 2", "6.5410 101.2803", "100 200 300 400 500",
    "0 0 0 0 0 0 0 0 0 0", "project_0812345678", "v0.1.0-0812345678",
]  # fmt: skip

WRITTEN = [(kind, text) for kind, texts in IDENTIFIERS.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
@pytest.mark.parametrize("around", ["{}", "ชื่อ {} ค่ะ", "<td>{}</td>", "a,{},b", "x\n{}\ny", '"{}"'])
def test_identifiers_are_found_however_they_are_written(kind: str, text: str, around: str) -> None:
    found = scan_text(around.format(text))
    assert {f.code for f in found} == {f"privacy.scan_{kind}"}
    assert all(f.severity == "error" for f in found)


@pytest.mark.parametrize("text", LOOK_ALIKES)
@pytest.mark.parametrize("around", ["{}", "ชื่อ {} ค่ะ", "<td>{}</td>", "a,{},b", "x\n{}\ny", '"{}"'])
def test_ordinary_contents_of_a_report_are_left_alone(text: str, around: str) -> None:
    assert scan_text(around.format(text)) == []


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_findings_never_repeat_what_they_found(kind: str, text: str) -> None:
    for finding in scan_text(text):
        assert not re.search(r"[^\W_]", finding.value.replace("x", ""))
        assert finding.message("th")
        assert finding.message("en")


def test_a_finding_says_where() -> None:
    found = scan_text("first\nsecond 081-234-5678 and\n\n  a@b.co", where="report.html")
    assert [f.where for f in found] == [
        "report.html | line 2 | column 8", "report.html | line 4 | column 3",
    ]  # fmt: skip


def test_one_number_is_one_finding() -> None:
    text = "เลขประจำตัวประชาชน 1-1017-00000-01-0 บัญชี 123-4-56789-0"
    assert [f.code for f in scan_text(text)] == [
        "privacy.scan_national_id", "privacy.scan_bank_account",
    ]  # fmt: skip


def test_check_digit_by_hand() -> None:
    # 13*1 + 12*1 + 11*0 + 10*1 + 9*7 + 2*1 = 100; 100 mod 11 = 1; 11 - 1 = 10; last digit 0
    assert is_national_id("1101700000010")
    assert [d for d in "0123456789" if is_national_id("110170000001" + d)] == ["0"]
    assert not is_national_id("9101700000010")  # no person's number begins with 9
    assert not is_national_id("0107536000315")  # a firm
    assert not is_national_id("110170000001")
    assert sum(is_national_id(f"1{p:02d}0000000010") for p in range(100)) <= 10


BIG = 5_000_000


def big_report() -> str:
    blob = "iVBORw0KGgo" + "Ab0/8+1234567890Zz" * 150_000
    rows = "".join(
        f"<tr><td>94{i % 9999:04d}</td><td>{i * 7919:,}</td><td>โครงการ {i / 7:.15f}</td></tr>\n"
        for i in range(36_000)
    )
    return f"<html><img src='data:image/png;base64,{blob}'/>{rows}</html>"


def test_five_megabytes_hold_nothing_that_looks_like_a_person() -> None:
    text = big_report()
    assert len(text) > BIG
    assert scan_text(text) == []


@pytest.mark.parametrize(
    "part", ["1234567890", "1 2 3 4 ", "0-8", "0", "a@", "บัญชี ", " 0812345", "AB+/"]
)
def test_no_text_makes_the_scan_slower_than_linear(part: str) -> None:
    def work(n: int) -> float:
        text = part * (n // len(part))
        start = time.process_time()
        scan_text(text)
        return time.process_time() - start

    work(50_000)
    small = min(work(100_000) for _ in range(3))
    large = min(work(800_000) for _ in range(2))
    assert large < 8 * 4 * small + 0.05  # a quadratic scan takes 64 times as long


def test_files_are_read_as_their_reader_sees_them(tmp_path: Path) -> None:
    number = "081-234-5678"
    (tmp_path / "a.html").write_text("<p>081&nbsp;234&#45;5678</p>", encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"โทร\n0812345678": 1, "x": [0.0812345678]}))
    (tmp_path / "c.csv").write_text(f"name,tel\nx,{number}\n", encoding="utf-8-sig")
    cells = [{"outputs": [{"data": {"text/plain": ["a\n", "๐๘๑-๒๓๔-๕๖๗๘"]}}], "id": "0a1b2c3d"}]
    (tmp_path / "d.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst><si><t>{number}</t></si></sst>")
        book.writestr("xl/worksheets/sheet1.xml", "<c r='A1'><v>940101</v></c><c><v>7</v></c>")
    for file in sorted(tmp_path.iterdir()):
        found = scan_file(file)
        assert [f.code for f in found] == ["privacy.scan_phone"], file.name
        assert found[0].where.startswith(f"{file.name} | line ")
        assert str(tmp_path) not in found[0].where


def test_numbers_written_as_json_numbers_are_found(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text('{"id": 1101700000010, "budget": 1234567890.5}')
    assert [f.code for f in scan_file(file)] == ["privacy.scan_national_id"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7"), ("b.json", b"{"), ("c.csv", b"\xff\xfe\x00"), ("d.xlsx", b"PK")],
)
def test_a_file_that_cannot_be_vouched_for_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RefusedFile) as refused:
        scan_file(tmp_path / name)
    assert refused.value.code == "privacy.unscannable"


def test_an_absent_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        scan_file(tmp_path / "none.html")
