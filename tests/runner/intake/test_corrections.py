"""Correction sheets as an office uses them: written, filled in, dropped back, replayed."""

from pathlib import Path

import pandas as pd
import pytest

from evallib.clean.corrections.outgoing import COVER, ITEMS
from evallib.clean.files.child import read_in_child
from evallib.clean.forms.form import read_mark
from evallib.demo import write_demo
from evallib.runner.intake.corrections import corrections_folder, write_again
from evallib.runner.intake.ingestion import ingest
from evallib.store import Store
from tests.clean.filled import fill

TABLES = ("findings", "project_submissions", "corrections", "inputs", "projects", "needs")
ASKED = {"budget_approved", "start_date", "end_date"}  # of which the truth of the demo knows all


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    raw = tmp_path_factory.mktemp("demo") / "raw"
    write_demo(raw, seed=11, fraction=0.1)
    return raw


@pytest.fixture
def raw(demo: Path, settings) -> Path:
    """Give the projects of two quarters, linked so that nothing is copied."""
    for file in sorted((demo / "2565").glob("Q[34]/*.xlsx")):
        target = settings.raw / file.relative_to(demo)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(file)
    return settings.raw


def sheets(settings) -> dict[str, bytes]:
    folder = corrections_folder(settings)
    return {
        f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*.xlsx"))
    }


def items(file: Path) -> list[tuple[int, dict[str, object]]]:
    """Return the lines of a correction sheet with their rows from 0; answers stand in column 7."""
    page = next((g for g in read_in_child(file)[0] if g.name == ITEMS), None)
    if page is None:
        return []
    rows = page.rows
    top = next(r for r, row in enumerate(rows) if any(read_mark(cell) for cell in row))
    assert read_mark(rows[top][7]).column == "answer"
    names = [mark.column if (mark := read_mark(cell)) else "" for cell in rows[top]]
    return [
        (top + 1 + i, dict(zip(names, row, strict=False))) for i, row in enumerate(rows[top + 1 :])
    ]


class Truth:
    """The truth of the demo about a cell that a correction sheet asks about."""

    def __init__(self, demo: Path) -> None:
        folder = demo.with_name("raw_truth")
        sent = pd.read_csv(folder / "submissions.csv")
        places = zip(sent["file"], sent["sheet"], sent["row"], strict=True)
        self.of = dict(zip(places, sent["true_project_id"], strict=True))
        self.projects = pd.read_csv(folder / "projects.csv").set_index("true_project_id")

    def value(self, file: str, sheet: str, row: int, name: str):
        project = self.projects.loc[self.of[file, sheet, row]]
        if name == "budget_approved":
            return float(project["budget"])
        return pd.Timestamp(project[name])

    def typed(self, line: dict[str, object]) -> str | float | None:
        """Return what an agency that knows it types into the answer."""
        name = str(line["name"])
        if name not in ASKED or str(line["todo"]).startswith("หรือ"):
            return None
        value = self.value(str(line["file"]), str(line["sheet"]), int(line["row"]), name)
        if isinstance(value, float):
            return value / 1e6 if "ล้านบาท" in str(line["heading"]) else value
        return f"{value.day}/{value.month}/{value.year + 543}"


def answer_all(settings, truth: Truth) -> set[tuple[str, str, int, str]]:
    """Fill in every sheet from the truth and drop it back under another name."""
    folder = corrections_folder(settings)
    answered = set()
    for number, path in enumerate(sheets(settings)):
        cells = {}
        for row, line in items(folder / path):
            typed = truth.typed(line)
            if typed is not None:
                cells[row, 7] = typed
                answered.add((line["file"], line["sheet"], int(line["row"]), line["name"]))
        if cells:
            content = fill((folder / path).read_bytes(), ITEMS, cells)
            content = fill(content, COVER, {(4, 2): "1 พฤศจิกายน 2565"})
            (settings.raw / path).with_name(f"ตอบ {number}.xlsx").write_bytes(content)
    return answered


def tables(settings) -> dict[str, pd.DataFrame]:
    return {name: Store(settings.store).read(name) for name in TABLES}


def test_answers_from_the_truth_mend_what_was_asked_and_nothing_else(settings, raw, demo) -> None:
    first = ingest(settings, workers=1)
    assert first.sheets == len(sheets(settings)) > 3
    before = tables(settings)
    truth = Truth(demo)
    answered = answer_all(settings, truth)
    assert len(answered) >= 8
    assert {name for *_, name in answered} == ASKED
    second = ingest(settings, workers=1)
    after = tables(settings)
    assert second.corrected == len(answered) == len(after["corrections"])
    assert set(after["corrections"]["state"]) == {"applied"}
    assert (second.rows_read, second.rows_accepted) == (first.rows_read, first.rows_accepted)

    rows = after["project_submissions"].set_index(["file", "sheet", "row"])
    for file, sheet, row, name in answered:
        assert rows.loc[(file, sheet, row), name] == truth.value(file, sheet, row, name)
    headings = after["corrections"].set_index(["file", "sheet", "row", "name"])["column"]
    asked = {f"{f} | {s} | {r} | {headings[f, s, r, n]}" for f, s, r, n in answered}
    findings = after["findings"]
    left = findings[findings["where"].isin(asked) & findings["severity"].ne("info")]
    assert left["code"].isin(["intake.budget_outlier", "intake.budget_jumps"]).all()
    assert before["findings"]["where"].isin(asked).sum() >= len(answered)

    touched = {(f, s, r) for f, s, r, _ in answered}
    old = before["project_submissions"].set_index(["file", "sheet", "row"])
    same = [place for place in old.index if place not in touched]
    columns = ["title_th", "budget_approved", "start_date", "status", "physical_pct", "tambon_code"]
    pd.testing.assert_frame_equal(rows.loc[same, columns], old.loc[same, columns])


def test_a_second_ingest_changes_nothing(settings, raw, demo) -> None:
    ingest(settings, workers=1)
    answer_all(settings, Truth(demo))
    ingest(settings, workers=1)
    before, written = tables(settings), sheets(settings)
    assert ingest(settings, workers=1).unchanged
    ingest(settings, workers=1, force=True)
    for name, table in tables(settings).items():
        pd.testing.assert_frame_equal(table, before[name])
    assert sheets(settings) == written
    next(corrections_folder(settings).rglob("*.xlsx")).unlink()
    report = write_again(settings, workers=1)
    assert (report.sheets, report.kept) == (len(written), ())
    assert sheets(settings) == written


def test_what_somebody_filled_in_where_it_lay_is_never_overwritten(settings, raw, demo) -> None:
    ingest(settings, workers=1)
    folder = corrections_folder(settings)
    path = next(p for p in sheets(settings) if items(folder / p))
    row, _ = items(folder / path)[0]
    filled = fill((folder / path).read_bytes(), ITEMS, {(row, 7): "1/12/2564"})
    (folder / path).write_bytes(filled)
    report = ingest(settings, workers=1, force=True)
    assert report.kept == (path,)
    assert (folder / path).read_bytes() == filled
    (settings.raw / path).with_name("ตอบกลับ.xlsx").write_bytes(filled)
    report = ingest(settings, workers=1)
    assert report.kept == ()
    assert sheets(settings).get(path) != filled


def test_a_sheet_without_a_matter_is_taken_away(settings, raw) -> None:
    ingest(settings, workers=1)
    written = sheets(settings)
    gone = next(iter(written))
    for file in (settings.raw / gone).parent.iterdir():
        file.unlink()
    ingest(settings, workers=1)
    assert gone not in sheets(settings)
    assert set(sheets(settings)) < set(written)
