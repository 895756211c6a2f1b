"""The agency of each row, as it was in the year reported, and what is said of it."""

from datetime import date

import pandas as pd

from evallib.clean.kinds.agencies import name_agencies
from evallib.clean.sheets.columns import Columns
from evallib.clean.sheets.sheet import Sheet
from evallib.clean.sheets.title_rows import Context
from evallib.periods import FiscalPeriod


def named(cells: list[str | None], year: int = 2567, title: str | None = None):
    """Return agency_raw, agency_id and (code, severity, value) of the findings."""
    rows = {"ชื่อโครงการ": "ถนน", "หน่วยงาน": cells, "งบประมาณ (บาท)": "1000"}
    frame = pd.DataFrame(rows, index=range(5, 5 + len(cells)), dtype="object")
    columns = Columns(Sheet("a.xlsx", "s", (), frame, (), kind="projects"))
    context = Context(FiscalPeriod(year, 3), date(2024, 6, 24), title, None, None, None, ())
    found = name_agencies(columns, context)
    told = [(f.code.removeprefix("intake.agency_"), f.severity, f.value) for f in columns.findings]
    return found["agency_raw"].tolist(), found["agency_id"].tolist(), told


def test_the_column_serves_first_and_then_the_title() -> None:
    raw, ids, told = named(["ศอ.บต.", None, "-"], title="กรมประมง")
    assert (raw, ids) == (["ศอ.บต.", "กรมประมง", "กรมประมง"], ["SBPAC", "DOF", "DOF"])
    assert told == []


def test_rows_without_an_agency_are_counted() -> None:
    raw, ids, told = named(["ศอ.บต.", None, "-"])
    assert (raw, ids) == (["ศอ.บต.", None, None], ["SBPAC", None, None])
    assert told == [("unstated", "warning", "2")]


def test_an_unknown_agency_is_reported_once_and_never_guessed() -> None:
    raw, ids, told = named(["สำนักงานประมงจังหวัดพัทลุง"] * 3)
    assert (raw[0], ids) == ("สำนักงานประมงจังหวัดพัทลุง", [None] * 3)
    assert told == [("unknown", "warning", "สำนักงานประมงจังหวัดพัทลุง")]


def test_an_agency_that_has_ended_gives_way_to_its_successor_on_record() -> None:
    name = "สำนักงานส่งเสริมการเรียนรู้จังหวัดยะลา"
    assert named(["กศน.ยะลา"])[1:] == (
        ["DOLE-95"], [("successor", "info", f"กศน.ยะลา → {name} (DOLE-95)")],
    )  # fmt: skip
    assert named(["กศน.ยะลา"], 2565)[1:] == (["ONIE-95"], [])
    assert named(["สกร.ยะลา"], 2565)[1:] == (["DOLE-95"], [("early", "info", "สกร.ยะลา")])
    assert named(["สพม.15"])[1:] == (["SESA-Z15"], [("ended", "warning", "สพม.15")])
