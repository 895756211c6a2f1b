"""Each kind of file has the form that the agreement with the readers describes."""

from __future__ import annotations

import pytest
from python_calamine import CalamineWorkbook

LAYOUTS = {  # file -> cells that the header must hold, on as many rows
    "ศอ.บต._ไตรมาส": [{"ที่", "ชื่อโครงการ/กิจกรรม", "แผนงาน", "ตำบล", "หมายเหตุ"}],
    "(แบบ บ.": [{"การเบิกจ่ายงบประมาณ", "ระยะเวลา", "พื้นที่ดำเนินการ"},
                {"ได้รับอนุมัติ", "เบิก-จ่าย", "เริ่มต้น", "สิ้นสุด"}],
    "บัญชีโครงการ": [{"งบประมาณ (ล้านบาท)", "เบิกจ่าย (ล้านบาท)"}],
    "แผน-ผล": [{"ไตรมาสที่ 1", "ไตรมาสที่ 4"}, {"ผลการดำเนินงาน (ร้อยละ)"}, {"แผน", "ผล"}],
    "export_": [{"โครงการ", "งบประมาณ", "หน่วยงานรับผิดชอบ", "สถานที่", "ความก้าวหน้า (%)"}],
}  # fmt: skip


@pytest.mark.parametrize("mark", LAYOUTS)
def test_each_layout_opens_and_has_its_header(demo, mark: str) -> None:
    files = {key[:2] for key in demo.rows if mark in key[0] and key[0].endswith(".xlsx")}
    assert len({file for file, _ in files}) >= 12
    for file, sheet in files:
        grid = [
            set(map(str, demo.rows[file, sheet, r]))
            for r in range(1, 10)
            if (file, sheet, r) in demo.rows
        ]
        first = next(i for i, cells in enumerate(grid) if cells >= LAYOUTS[mark][0])
        for level, wanted in enumerate(LAYOUTS[mark]):
            assert grid[first + level] >= wanted


def test_millions_have_one_sheet_a_province_and_no_province_column(demo) -> None:
    sheets = {key[1] for key in demo.rows if "บัญชีโครงการ" in key[0]}
    assert sheets == {"ปัตตานี", "ยะลา", "นราธิวาส", "สงขลา"}
    labels = {str(c[0]) for k, c in demo.rows.items() if "บัญชีโครงการ" in k[0]}
    assert any(label.startswith("รวม ") for label in labels)
    assert any(label.startswith(("อำเภอ", "ยุทธศาสตร์")) for label in labels)


def test_quarters_after_the_one_reported_have_no_result(demo) -> None:
    for note in demo.truth("submissions").itertuples():
        if "แผน-ผล" not in note.file:
            continue
        cells = demo.rows[note.file, note.sheet, note.row]
        quarter = int(note.quarter[-1])
        results = [cells[8 + 4 * q + 1] for q in range(4)]
        assert all(result == "" for result in results[quarter:])
        assert all(result != "" for result in results[: quarter - 1])


def test_merged_areas_are_kept(demo) -> None:
    folder = demo.report.folder
    file = next(p for p in sorted(folder.rglob("*.xlsx")) if "(แบบ บ." in p.name)
    assert CalamineWorkbook.from_path(file).get_sheet_by_index(0).merged_cell_ranges


def test_lists_of_needs_are_in_the_old_code_page(demo) -> None:
    for file in demo.report.folder.rglob("ความต้องการ_*.csv"):
        with pytest.raises(UnicodeDecodeError):
            file.read_bytes().decode("utf-8")
    heads = {tuple(c) for k, c in demo.rows.items() if "ความต้องการ_" in k[0] and k[2] == 3}
    assert {head[4] for head in heads} == {"ลำดับความสำคัญ", "คะแนน/จำนวนผู้เห็นชอบ"}
    assert {head[:4] for head in heads} == {("ลำดับที่", "ตำบล", "หมู่ที่", "ความต้องการของประชาชน")}


def test_councils_send_html_that_pretends_to_be_a_workbook(demo) -> None:
    files = sorted(demo.report.folder.rglob("*.xls"))
    quarters = 12 * len(demo.truth("cohorts"))
    assert 0.7 < len(files) / quarters < 0.9
    for file in files:
        assert file.read_bytes().startswith("<!-- ข้อมูลสังเคราะห์".encode())
    activities = [c for k, c in demo.rows.items() if k[0].endswith(".xls") and k[2] > 5]
    assert {len(cells) for cells in activities} == {9}


def test_survey_has_a_byte_order_mark_and_random_keys(demo) -> None:
    files = list(demo.report.folder.rglob("แบบสำรวจ*.csv"))
    assert len(files) == 48
    assert all(file.read_bytes().startswith(b"\xef\xbb\xbf") for file in files)
    keys = [c[0] for k, c in demo.rows.items() if "แบบสำรวจ" in k[0] and k[2] > 3]
    assert len(keys) == len(set(keys))


def test_indicators_list_every_tambon_each_quarter(demo) -> None:
    rows = {k: c for k, c in demo.rows.items() if "ตัวชี้วัด" in k[0] and k[2] > 4}
    codes = demo.truth("cohorts")["tambon_code"].tolist()
    assert sorted(c[0] for c in rows.values()) == sorted(codes * 12)
    incomes = [c[3] for c in rows.values() if isinstance(c[3], float)]
    assert 13_000 < sum(incomes) / len(incomes) < 15_500
