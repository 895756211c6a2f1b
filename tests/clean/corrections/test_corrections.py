"""Correction sheets: what goes back, what comes back, and what a replay makes of it."""

import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from evallib.clean import read_sheets, read_submission
from evallib.clean.corrections.answers import Answer, is_correction_workbook, read_answers, written
from evallib.clean.corrections.cells import correct_cells
from evallib.clean.corrections.items import collect_items, what_to_do
from evallib.clean.corrections.outgoing import (
    COVER,
    ITEMS,
    NOTICES,
    ROWS,
    Addressee,
    make_correction_workbook,
)
from evallib.clean.files.child import read_in_child
from evallib.clean.files.grid import Grid
from evallib.clean.forms.choices import read_choices
from evallib.clean.forms.form import form_columns
from evallib.clean.forms.templates import DATA_SHEET, make_template
from evallib.clean.replay import replay_corrections, settle_answers
from evallib.clean.submission import Submission
from evallib.findings import Finding
from evallib.periods import FiscalPeriod
from tests.clean.filled import fill

NAMES = [column.name for column in form_columns("projects")]
FIRST, ANSWER, CONFIRMED, DAY = 5, 7, 8, (4, 2)  # page of items: rows and columns from 0
TO = Addressee(name="กรมการปกครอง", period="2565-Q3", issued=date(2022, 6, 24))
# row of the form -> what is wrong in it
WRONG = {
    0: {"start_date": "31/2/2565", "problem_text": "ติดต่อ นายสมมุติ ใจดี โทร 081-234-5678"},
    1: {"budget_approved": "=1+1 หรือ 250,000", "physical_pct": 157.0},
    2: {"status": "แล้วเสร็จ", "physical_pct": 60.0, "tambon": "เขาตูมม่วงใหญ่"},
}


def send(tmp_path, wrong=WRONG, name="ส่งงาน.xlsx") -> Submission:
    """Send a filled form with some cells as they should not be."""
    cells = {(4, 2): "24 มิถุนายน 2565"}
    for r in range(4):
        for c, column in enumerate(form_columns("projects")):
            cell = column.example or None
            if column.name == "order_no":
                cell = float(r + 1)
            elif column.name == "title_th":
                cell = f"โครงการที่ {r + 1} {column.example}"
            elif column.name == "agency_project_code":
                cell = None
            elif cell and column.kind in {"number", "baht", "percent"}:
                cell = float(cell)
            cells[9 + r, c] = wrong.get(r, {}).get(column.name, cell)
    content = make_template("projects", agency=TO.name, period=FiscalPeriod.parse("2565-Q3"))
    folder = tmp_path / "2565" / "Q3"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(fill(content, DATA_SHEET, cells))
    return read_submission(folder / name, raw=tmp_path)


def returned(tmp_path, sent: Submission):
    asked = [f for f in sent.findings if f.severity != "info"]
    return collect_items(
        read_sheets(tmp_path / sent.file, source=sent.file), asked,
        file=sent.file, sha256=sent.sha256,
    )  # fmt: skip


def workbook(tmp_path, sent: Submission) -> bytes:
    return make_correction_workbook(TO, [returned(tmp_path, sent)], read_choices())


def come_back(tmp_path, content: bytes, name="อะไรก็ได้.xlsx", day="15 ก.ค. 2565") -> Submission:
    """Drop a filled sheet among the submissions, under any name."""
    file = tmp_path / "2565" / "Q3" / name
    file.write_bytes(fill(content, COVER, {DAY: day}))
    return read_submission(file, raw=tmp_path)


def items_of(tmp_path, sent):
    return list(returned(tmp_path, sent).items)


def line_of(items, name, row) -> int:
    """Return the row of the page of items that asks about a cell."""
    return FIRST + next(i for i, x in enumerate(items) if (x.name, x.row) == (name, row))


def grids_of(content: bytes, tmp_path) -> list[Grid]:
    file = tmp_path / "look.xlsx"
    file.write_bytes(content)
    return read_in_child(file)[0]


def texts_of(grids) -> list[str]:
    return [str(cell) for grid in grids for row in grid.rows for cell in row if cell is not None]


def test_every_finding_is_an_item_or_a_notice_and_the_row_is_as_it_was_sent(tmp_path) -> None:
    sent = send(tmp_path)
    back = returned(tmp_path, sent)
    asked = [f for f in sent.findings if f.severity != "info"]
    told = sum(len(item.problem.split("\n")) for item in back.items if not item.instead)
    assert told + len(back.notices) == len(asked)
    direct = {(i.name, i.row): i for i in back.items if not i.instead}
    assert set(direct) >= {("start_date", 10), ("budget_approved", 11), ("physical_pct", 11)}
    assert direct["start_date", 10].old == "31/2/2565"
    assert direct["start_date", 10].severity == "error"
    assert "31/2/2565" in direct["start_date", 10].problem
    first = next(r for r in back.rows if r.row == 10)
    headings = back.headings[DATA_SHEET]
    shown = {headings[c]: text for c, text in first.cells.items()}
    assert shown["งบประมาณที่ได้รับอนุมัติ (บาท)"] == "250000"
    assert shown["ตำบล"] == "เขาตูม"
    assert {f.code for f in back.notices} == {"identifier.removed"}


def test_a_rule_over_two_cells_asks_about_both(tmp_path) -> None:
    items = [i for i in items_of(tmp_path, send(tmp_path)) if i.row == 12]
    assert [(i.name, i.instead) for i in items if i.code == "intake.completed_below_100"] == [
        ("physical_pct", False), ("status", True),
    ]  # fmt: skip
    assert what_to_do(items[-1], "projects").startswith("หรือแก้ที่ช่องนี้: ")


def test_the_workbook_holds_no_identifier_and_nothing_that_begins_a_formula(tmp_path) -> None:
    content = workbook(tmp_path, send(tmp_path))
    grids = grids_of(content, tmp_path)
    texts = texts_of(grids)
    assert not [t for t in texts if "สมมุติ" in t or "081" in t or "5678" in t]
    assert any("[ปกปิด]" in t for t in texts)
    assert "=1+1 หรือ 250,000" in texts
    with zipfile.ZipFile(BytesIO(content)) as archive:
        pages = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
    assert not [page for page in pages if b"<f>" in page or b"<hyperlink" in page]
    assert {grid.name for grid in grids} >= {COVER, ITEMS, ROWS, NOTICES}
    assert workbook(tmp_path, send(tmp_path)) == content


def test_a_sheet_that_nobody_filled_in_says_nothing(tmp_path) -> None:
    got = come_back(tmp_path, workbook(tmp_path, send(tmp_path)))
    assert (got.kind, got.state, got.answers, got.findings) == ("corrections", "read", (), ())
    assert got.period is None


def test_an_answer_takes_the_place_of_the_cell_before_it_is_read(tmp_path) -> None:
    sent = send(tmp_path)
    items = items_of(tmp_path, sent)
    cells = {
        (line_of(items, "start_date", 10), ANSWER): "1/12/2564",
        (line_of(items, "budget_approved", 11), ANSWER): 260_000.0,
        (line_of(items, "physical_pct", 11), ANSWER): "๕๗",
    }
    book = come_back(tmp_path, fill(workbook(tmp_path, sent), ITEMS, cells))
    assert [a.when for a in book.answers] == [date(2022, 7, 15)] * 3
    assert {a.who for a in book.answers} == {TO.name}
    chosen, settled, findings = settle_answers([sent, book])
    assert (settled, findings) == ([], [])
    again = read_submission(tmp_path / sent.file, raw=tmp_path, answers=chosen[sent.sha256])
    assert [a.state for a in again.answers] == ["applied"] * 3
    frame = again.frames["project_submissions"]
    assert frame["start_date"].iloc[0] == pd.Timestamp("2021-12-01")
    assert frame["budget_approved"].tolist() == [250_000, 260_000, 250_000, 250_000]
    assert frame["physical_pct"].tolist() == [45, 57, 60, 45]
    answered = {("start_date", 10), ("budget_approved", 11), ("physical_pct", 11)}
    gone = {f"{row} | {next(i.heading for i in items if i.name == name)}" for name, row in answered}
    assert not [
        f
        for f in again.findings
        if f.severity != "info" and f.where[-60:].split(f"{DATA_SHEET} | ")[-1] in gone
    ]
    before = sent.frames["project_submissions"].drop(
        columns=["start_date", "budget_approved", "physical_pct"]
    )
    pd.testing.assert_frame_equal(frame[before.columns], before)


def test_the_log_is_the_same_whenever_the_same_files_lie_there(tmp_path) -> None:
    sent = send(tmp_path)
    items = items_of(tmp_path, sent)
    line = line_of(items, "start_date", 10)
    book = come_back(tmp_path, fill(workbook(tmp_path, sent), ITEMS, {(line, ANSWER): "1/12/2564"}))

    def read(file, answers):
        return read_submission(file, raw=tmp_path, answers=answers)

    files = [tmp_path / sent.file, tmp_path / book.file]
    corrected, log, findings = replay_corrections(files, [sent, book], read)
    turned, again, _ = replay_corrections(files[::-1], [book, sent], read)
    pd.testing.assert_frame_equal(log, again)
    assert [s.file for s in corrected] == [s.file for s in turned[::-1]]
    row = log.iloc[0].to_dict()
    assert {k: row[k] for k in ("file", "row", "old", "new", "who", "source", "state")} == {
        "file": sent.file, "row": 10, "old": "31/2/2565", "new": "1/12/2564", "who": TO.name,
        "source": book.file, "state": "applied",
    }  # fmt: skip
    assert row["as_of"] == pd.Timestamp("2022-07-15")
    assert [(f.code, f.severity, f.value) for f in findings] == [
        ("correction.applied", "info", "1")
    ]


def answer(sha256="a" * 64, **changes) -> Answer:
    made = Answer(
        sha256=sha256, file="2565/Q3/a.xlsx", sheet="s", heading="งบ", row=2, column=1,
        name="budget_approved", old="5", new="6", shown="6", who="X", when=date(2022, 7, 1),
        source="2565/Q3/b.xlsx", source_row=6,
    )  # fmt: skip
    return replace(made, **changes)


def bring(*answers: Answer, file="b.xlsx", sha256="b" * 64) -> Submission:
    return Submission(file=file, sha256=sha256, bytes=1, kind="corrections", answers=answers)


TARGET = Submission(file="2565/Q3/a.xlsx", sha256="a" * 64, bytes=1, kind="projects")


@pytest.mark.parametrize("failures", [1, 2])
def test_a_file_that_is_late_in_replay_is_tried_once_more_and_keeps_what_it_says(
    failures: int,
) -> None:
    tries = []
    late = Finding("refused.out_of_time", "error", TARGET.file, "4 s")
    done = replace(TARGET, answers=(replace(answer(), state="applied"),))

    def read(file: Path, answers: tuple[Answer, ...]) -> Submission:
        tries.append(answers)
        return (
            replace(TARGET, state="refused", findings=(late,)) if len(tries) <= failures else done
        )

    (corrected, _), log, _ = replay_corrections(["a", "b"], [TARGET, bring(answer())], read)
    assert len(tries) == 2
    assert corrected.state == "read"
    assert corrected.out_of_time == (failures == 2)  # so that the next ingest tries again
    assert log["state"].tolist() == (["applied"] if failures == 1 else [])


def test_of_two_answers_the_later_counts_and_the_other_is_told(tmp_path) -> None:
    early = bring(answer(shown="9", new="9", source="z.xlsx"), file="z.xlsx", sha256="c" * 64)
    late = bring(answer(when=date(2022, 7, 2)))
    for order in ([TARGET, early, late], [late, early, TARGET]):
        chosen, settled, findings = settle_answers(order)
        assert [a.new for a in chosen["a" * 64]] == ["6"]
        assert [(a.new, a.state) for a in settled] == [("9", "superseded")]
        assert [(f.code, f.value) for f in findings] == [
            ("correction.superseded", "2565/Q3/b.xlsx")
        ]
    same = bring(answer(source="z.xlsx"), file="z.xlsx", sha256="c" * 64)
    assert settle_answers([TARGET, same, late])[2] == []


def test_the_same_sheet_sent_twice_counts_once() -> None:
    twice = [TARGET, bring(answer()), bring(answer(source="c.xlsx"), file="c.xlsx")]
    chosen, settled, findings = settle_answers(twice)
    assert (len(chosen["a" * 64]), settled, findings) == (1, [], [])


def test_an_answer_about_a_file_that_is_gone_is_stale() -> None:
    chosen, settled, findings = settle_answers([bring(answer(sha256="d" * 64))])
    assert chosen == {}
    assert [a.state for a in settled] == ["stale"]
    assert [(f.code, f.where) for f in findings] == [
        ("correction.stale", "2565/Q3/b.xlsx |  | 6 | งบ")
    ]


@pytest.mark.parametrize(
    "changes", [{"old": "7"}, {"sheet": "other"}, {"row": 9}, {"row": 0}, {"column": 5}]
)
def test_an_answer_that_does_not_fit_the_cell_changes_nothing(changes) -> None:
    grid = Grid("s", [["ที่", "งบ"], [1.0, 5.0]])
    grids, settled = correct_cells([grid], [answer(**changes)])
    assert [a.state for a in settled] == ["stale"]
    assert grids[0].head(2) == grid.head(2)


@pytest.mark.parametrize("new", ["6", 6.0, datetime(2022, 6, 30)])
def test_a_cell_is_replaced_by_what_was_typed_and_the_sheet_as_sent_stays(new) -> None:
    grid = Grid("s", [["ที่", "งบ"], [1.0, 5.0], [2.0, 5.0]])
    grids, settled = correct_cells([grid], [answer(new=new)])
    assert [a.state for a in settled] == ["applied"]
    assert [list(row) for row in grids[0].rows] == [["ที่", "งบ"], [1.0, new], [2.0, 5.0]]
    assert grid.rows == [["ที่", "งบ"], [1.0, 5.0], [2.0, 5.0]]


def test_one_row_of_a_merged_cell_is_corrected_alone() -> None:
    rows = [["ที่", "ตำบล"], [1.0, "ก"], [2.0, None], [3.0, None]]
    grid = Grid("s", rows, ((1, 1, 3, 1),))
    grids, settled = correct_cells([grid], [answer(row=3, old="ก", new="ข")])
    assert [a.state for a in settled] == ["applied"]
    assert [row[1] for row in grids[0].rows] == ["ตำบล", "ก", "ข", "ก"]
    assert grids[0].spans == ()


def test_two_answers_about_one_column_both_count() -> None:
    grid = Grid("s", [["ที่", "งบ"], [1.0, 5.0], [2.0, 5.0]])
    grids, _ = correct_cells([grid], [answer(), answer(row=3, new="7")])
    assert [row[1] for row in grids[0].rows] == ["งบ", "6", "7"]


def test_a_value_confirmed_is_logged_and_changes_nothing(tmp_path) -> None:
    sent = send(tmp_path)
    items = items_of(tmp_path, sent)
    line = line_of(items, "physical_pct", 12)
    book = come_back(tmp_path, fill(workbook(tmp_path, sent), ITEMS, {(line, CONFIRMED): "ใช่"}))
    chosen, _, _ = settle_answers([sent, book])
    again = read_submission(tmp_path / sent.file, raw=tmp_path, answers=chosen[sent.sha256])
    assert [(a.state, a.shown) for a in again.answers] == [("confirmed", "60")]
    assert again.findings == sent.findings


def test_damaged_keys_are_refused_and_other_sheets_said(tmp_path) -> None:
    sent = send(tmp_path)
    content = workbook(tmp_path, sent)
    columns = {name: c for c, name in enumerate(_marks(content, tmp_path))}
    damaged = {(FIRST, ANSWER): "1/12/2564", (FIRST, columns["sha256"]): "0"}
    got = come_back(tmp_path, fill(content, ITEMS, damaged), day=None)
    assert got.answers == ()
    assert [(f.code, f.severity) for f in got.findings] == [("correction.refused", "warning")]
    answered = come_back(tmp_path, fill(content, ITEMS, {(FIRST, ANSWER): "1/12/2564"}), day=None)
    assert [(f.code, f.value) for f in answered.findings] == [("correction.undated", "2022-06-24")]
    grids = [*grids_of(content, tmp_path), Grid("ของฉัน", [["ก"], ["ข"]])]
    assert is_correction_workbook(grids)
    assert [f.code for f in read_answers(grids, "x.xlsx")[1]] == ["correction.sheet_ignored"]


def _marks(content: bytes, tmp_path) -> list[str]:
    page = next(g for g in grids_of(content, tmp_path) if g.name == ITEMS)
    return [str(cell).rsplit(":", 1)[-1] for cell in page.rows[FIRST - 1]]


def test_an_answer_is_scrubbed_like_any_cell(tmp_path) -> None:
    sent = send(tmp_path)
    line = line_of(items_of(tmp_path, sent), "start_date", 10)
    typed = {(line, ANSWER): "ถามนายสมมุติ ใจดี 081-234-5678"}
    book = come_back(tmp_path, fill(workbook(tmp_path, sent), ITEMS, typed))
    assert "สมมุติ" not in book.answers[0].shown
    assert "5678" not in book.answers[0].shown
    chosen, _, _ = settle_answers([sent, book])
    again = read_submission(tmp_path / sent.file, raw=tmp_path, answers=chosen[sent.sha256])
    assert not [f for f in again.findings if "สมมุติ" in f.value or "5678" in f.value]


def test_a_refused_file_goes_back_as_a_notice(tmp_path) -> None:
    finding = Finding("refused.damaged", "error", "2565/Q3/x.xlsx", "BadZipFile")
    back = collect_items([], [finding], file="2565/Q3/x.xlsx", sha256="e" * 64)
    texts = texts_of(grids_of(make_correction_workbook(TO, [back], read_choices()), tmp_path))
    assert any("ชำรุด" in t for t in texts)
    assert ITEMS not in texts


def test_of_a_survey_only_the_place_and_what_is_asked_is_shown(tmp_path) -> None:
    cells = {(4, 2): "24 มิถุนายน 2565"}
    columns = form_columns("survey")
    for c, column in enumerate(columns):
        cells[9, c] = "K1" if column.name == "resp_key" else column.example
    cells[9, [x.name for x in columns].index("satisfaction")] = "มากๆ"
    folder = tmp_path / "2565" / "Q3"
    folder.mkdir(parents=True)
    content = make_template("survey", period=FiscalPeriod.parse("2565-Q3"))
    (folder / "s.xlsx").write_bytes(fill(content, DATA_SHEET, cells))
    sent = read_submission(folder / "s.xlsx", raw=tmp_path)
    back = returned(tmp_path, sent)
    assert [i.name for i in back.items] == ["satisfaction"]
    assert list(back.headings[DATA_SHEET].values()) == [
        "รหัสแบบสอบถาม", "จังหวัด", "อำเภอ", "ตำบล", "ความพึงพอใจ (1-5)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        ((2022, 6, 24), (2022, 7, 25)),
        ((2022, 7, 11), (2022, 7, 25)),
        ((2022, 7, 12), (2022, 8, 25)),
        ((2022, 12, 20), (2023, 1, 25)),
        ((2024, 1, 31), (2024, 2, 25)),
    ],
)
def test_answers_are_due_on_a_25th_two_weeks_away_at_least(issued, due) -> None:
    assert replace(TO, issued=date(*issued)).due == date(*due)


def test_a_date_cell_is_shown_in_the_buddhist_era() -> None:
    assert written(datetime(2565, 6, 30)) == "30/6/2565"
