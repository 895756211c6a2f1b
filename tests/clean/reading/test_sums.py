"""Rows that are sums of others: by arithmetic, with any label and in any place."""

import numpy as np
import pandas as pd
import pytest

from evallib.clean.reading.sums import RowSigns, find_sums
from evallib.clean.sheets.sheet import read_sheets

ROW, BARE, TOTAL = RowSigns(numbered=True, titled=True), RowSigns(), RowSigns(says_total=True)
LABELS = ["รวม", "รวมหน่วยงาน", "ยอดรวมทั้งโครงการ", "รวมเงิน 3 โครงการ", "Total", "Sum of above",
          "ทั้งหมด", "", "สรุป"]  # fmt: skip


def amounts(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("seed", range(20))
def test_parts_and_wholes_are_found_in_tables_of_any_size(seed) -> None:
    rng = np.random.default_rng(seed)
    rows, signs, true = [], [], []
    for _ in range(int(rng.integers(2, 5))):
        part = rng.integers(1, 900, (int(rng.integers(2, 9)), 3)) * 1000.0
        rows += list(part)
        signs += [ROW] * len(part)
        true.append(len(rows))
        rows.append(part.sum(axis=0))
        signs.append(BARE)
    rows.append(np.sum([rows[at] for at in true], axis=0))
    true.append(len(rows) - 1)
    assert find_sums(np.array(rows), [*signs, BARE]) == true


def test_a_sum_that_stands_first_is_found() -> None:
    assert find_sums(
        amounts((600, 60), (100, 10), (200, 20), (300, 30)), [BARE, ROW, ROW, ROW]
    ) == [0]


@pytest.mark.parametrize(
    ("rows", "signs"),
    [
        (((100, 10), (200, 20), (300, 30)), [ROW, ROW, ROW]),  # numbered like the others
        (((100, 0), (200, 0), (300, 0)), [ROW, ROW, RowSigns(titled=True)]),  # one column, titled
        (((100, 10), (100, 10)), [ROW, BARE]),  # one row adds up to nothing
        (((100, 10), (200, 20), (0, 0)), [ROW, ROW, BARE]),
    ],
)
def test_projects_that_happen_to_add_up_stay(rows, signs) -> None:
    assert find_sums(amounts(*rows), signs) == []


def test_a_label_and_one_column_are_enough() -> None:
    assert find_sums(amounts((100,), (200,), (300,)), [ROW, ROW, TOTAL]) == [2]
    assert find_sums(amounts((100,), (200,), (310,)), [ROW, ROW, TOTAL]) == []


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_totals_with_any_label_in_any_column_are_no_projects(tmp_path, label, column) -> None:
    rows = [[1, "ขุดสระ", "ต.ตาชี", 150000, 50000], [2, "ซ่อมถนน", "ต.ปากู", 350000, 90000],
            [3, "อบรมอาชีพ", "ต.ตาชี", 80000, 0]]  # fmt: skip
    total = [None, None, None, 580000, 140000]
    total[column] = label or None
    head = ["ลำดับที่", "ชื่อโครงการ", "สถานที่ดำเนินการ", "งบประมาณ (บาท)", "เบิกจ่ายแล้ว (บาท)"]
    file = tmp_path / "p.xlsx"
    pd.DataFrame([*rows, total], columns=head).to_excel(file, index=False)
    (sheet,) = read_sheets(file)
    assert sheet.frame["ชื่อโครงการ"].tolist() == ["ขุดสระ", "ซ่อมถนน", "อบรมอาชีพ"]
    assert "header.total_rows" in [finding.code for finding in sheet.findings]


def test_a_row_that_counts_the_columns_is_no_project(tmp_path) -> None:
    head = ["ที่", "โครงการ", "งบประมาณ", "เบิกจ่ายแล้ว", "ร้อยละ", "หมายเหตุ"]
    rows = [["(1)", "(2)", "(3)", "(4)", "(5)=(4)/(3)", "(6)"],
            [1, "ขุดสระ", 100, 50, 50, None], [2, "ซ่อมถนน", 300, 30, 10, None]]  # fmt: skip
    file = tmp_path / "p.xlsx"
    pd.DataFrame(rows, columns=head).to_excel(file, index=False)
    (sheet,) = read_sheets(file)
    assert sheet.frame["โครงการ"].tolist() == ["ขุดสระ", "ซ่อมถนน"]
