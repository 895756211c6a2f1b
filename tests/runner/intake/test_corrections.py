"""Correction sheets as an office uses them: written, filled in, dropped back, replayed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from evallib.clean.corrections.outgoing import COVER, ITEMS
from evallib.clean.files.child import read_in_child
from evallib.clean.forms.form import read_mark
from evallib.runner.intake.corrections import corrections_folder, write_again
from evallib.runner.intake.ingestion import ingest
from evallib.store import Store
from tests.clean.filled import fill
from tests.runner.homes import settings_in

TABLES = ("findings", "project_submissions", "corrections", "inputs", "projects", "needs")
ASKED = {"budget_approved", "start_date", "end_date"}  # of which the truth of the demo knows all


@pytest.fixture(scope="session")
def asked_home(make_once, demo_raw) -> Path:
    """Ingest the projects of two quarters once, linked so that nothing is copied."""

    def fill(home: Path) -> None:
        settings = settings_in(home)
        sent = sorted((demo_raw / "2565").glob("Q[34]/*.xlsx"))
        for file in (f for f in sent if not f.name.startswith("ตัวชี้วัด")):
            target = settings.raw / file.relative_to(demo_raw)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(file)
        told = ingest(settings, workers=1)
        kept = {name: getattr(told, name) for name in ("sheets", "rows_read", "rows_accepted")}
        (home / "first.json").write_text(json.dumps(kept))

    return make_once("asked", fill)


@pytest.fixture(scope="session")
def answered_home(make_once, asked_home, demo_raw, copy_of) -> Path:
    """Answer all sheets from the truth and ingest the answers, once."""

    def fill(home: Path) -> None:
        copy_of(asked_home, home)
        answered = sorted(answer_all(settings_in(home), Truth(demo_raw)))
        (home / "answered.json").write_text(json.dumps(answered))
        told = ingest(settings_in(home), workers=1)
        kept = {n: getattr(told, n) for n in ("corrected", "rows_read", "rows_accepted")}
        (home / "second.json").write_text(json.dumps(kept))

    return make_once("answered", fill)


@pytest.fixture
def asked(asked_home, settings, copy_of) -> None:
    copy_of(asked_home, settings.raw.parent)


def told(home: Path, name: str):
    return json.loads((home / f"{name}.json").read_text())


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


def test_answers_from_the_truth_mend_what_was_asked_and_nothing_else(
    asked_home, answered_home, demo_raw
) -> None:
    first, second = told(asked_home, "first"), told(answered_home, "second")
    assert first["sheets"] == len(sheets(settings_in(asked_home))) > 3
    before, after = tables(settings_in(asked_home)), tables(settings_in(answered_home))
    truth = Truth(demo_raw)
    answered = {tuple(place) for place in told(answered_home, "answered")}
    assert len(answered) >= 8
    assert {name for *_, name in answered} == ASKED
    assert second["corrected"] == len(answered) == len(after["corrections"])
    assert set(after["corrections"]["state"]) == {"applied"}
    for rows in ("rows_read", "rows_accepted"):
        assert second[rows] == first[rows]

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


def test_a_second_ingest_changes_nothing(settings, answered_home, copy_of) -> None:
    copy_of(answered_home, settings.raw.parent)
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


def test_what_somebody_filled_in_where_it_lay_is_never_overwritten(settings, asked) -> None:
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


def test_a_sheet_without_a_matter_is_taken_away(settings, asked) -> None:
    written = sheets(settings)
    gone = next(iter(written))
    for file in (settings.raw / gone).parent.iterdir():
        file.unlink()
    ingest(settings, workers=1)
    assert gone not in sheets(settings)
    assert set(sheets(settings)) < set(written)


@pytest.mark.slow
def test_sheets_of_a_quarter_wait_for_a_file_that_is_late(settings, asked, monkeypatch) -> None:
    from evallib.clean.sheets import sheet as module
    from evallib.errors import RefusedFile

    before = sheets(settings)
    late = sorted(f for f in settings.raw.rglob("*.xlsx") if "Q3" in f.parts)
    read = module.read_sheets
    there = {path for path in before if path.startswith("2565/Q3/")}
    assert there
    assert there < set(before)

    def starved(path: Path, **named: object):
        if path in late:
            raise RefusedFile("read.out_of_time", found="4 s")
        return read(path, **named)

    monkeypatch.setattr(module, "read_sheets", starved)
    told_of = write_again(settings, workers=1)
    assert set(told_of.out_of_time) <= {f.relative_to(settings.raw).as_posix() for f in late}
    assert told_of.out_of_time
    assert told_of.kept == ()
    assert sheets(settings) == before

    monkeypatch.setattr(module, "read_sheets", read)
    (corrections_folder(settings) / min(there)).unlink()
    assert write_again(settings, workers=1).out_of_time == ()
    assert sheets(settings) == before
