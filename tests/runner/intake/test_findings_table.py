"""The table of findings: parts of places as columns, and whom and what each is about."""

from __future__ import annotations

import pandas as pd

from evallib.findings import Finding, Where
from evallib.runner.intake.findings_table import findings_table
from evallib.tables import conform

INPUTS = pd.DataFrame(
    {
        "file": ["2565/Q3/a.xlsx", "2565/Q3/b.csv"], "agency_id": ["A01", None],
        "fiscal_year": [2565, 2565], "quarter": [3, 3], "province_code": ["94", "95"],
        "as_of": pd.to_datetime(["2022-06-24", "2022-06-30"]),
    }
)  # fmt: skip
SENT = pd.DataFrame(
    {
        "file": ["2565/Q3/a.xlsx", "2565/Q3/a.xlsx", "2565/Q3/b.csv"], "sheet": ["ส", "ส", ""],
        "row": pd.array([7, 8, 7], dtype="Int64"), "province_code": ["96", None, "90"],
    }
)  # fmt: skip


def table(*wheres: str | Where) -> pd.DataFrame:
    findings = [
        Finding("date.unreadable", "error", where, str(i)) for i, where in enumerate(wheres)
    ]
    made = findings_table(findings, INPUTS, SENT)
    return made.set_index(made["value"].astype(int)).sort_index()


def test_the_parts_of_a_place_are_columns_and_the_text_stays() -> None:
    wheres = [
        Where("2565/Q3/a.xlsx", "ส", 7, "ไตรมาส 3 | ผล"), Where("2565/Q3/b.csv", "", 7),
        Where("2565/Q3/b.csv"), Where("labels.csv", row=2), "P-2565-00000001", "",
    ]  # fmt: skip
    made = table(*wheres)

    assert made["where"].tolist() == [str(where) for where in wheres]
    parts = made[["file", "sheet", "row", "column"]].astype("object")
    assert parts.where(parts.notna(), None).to_numpy().tolist() == [
        ["2565/Q3/a.xlsx", "ส", 7, "ไตรมาส 3 | ผล"],
        ["2565/Q3/b.csv", "", 7, None],
        ["2565/Q3/b.csv", None, None, None],
        ["labels.csv", None, 2, None],
        [None, None, None, None],
        [None, None, None, None],
    ]
    assert conform(made.reset_index(drop=True), "findings")[1] == []


def test_a_finding_has_the_province_of_its_row_else_of_its_file() -> None:
    made = table(
        Where("2565/Q3/a.xlsx", "ส", 7, "x"), Where("2565/Q3/a.xlsx", "ส", 8, "x"),
        Where("2565/Q3/a.xlsx", "อื่น", 7, "x"), Where("2565/Q3/b.csv", "", 7, "x"),
        Where("2565/Q3/b.csv"), "P-2565-00000001",
    )  # fmt: skip

    provinces = made["province_code"].astype("object")
    assert provinces.where(provinces.notna(), None).tolist() == ["96", "94", "94", "90", "95", None]
    assert made["agency_id"].isna().tolist() == [False, False, False, True, True, True]


def test_a_quarter_without_findings_has_an_empty_table() -> None:
    assert len(findings_table([], INPUTS, SENT)) == 0
