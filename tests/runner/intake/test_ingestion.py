"""Ingest as a command of its own: empty folders, repeated calls, unreadable files."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from evallib.errors import EvallibError, NotFound, RefusedFile
from evallib.runner.files import list_submissions
from evallib.runner.intake.ingestion import IngestReport, ingest, read_ledger
from evallib.store import Store
from tests.runner.homes import settings_in


def link_quarter(demo_raw: Path, raw: Path) -> Path:
    """Link some files of each kind of a quarter of the demo, so that nothing is copied."""
    quarter = Path("2565") / "Q3"
    (raw / quarter).mkdir(parents=True)
    for kind, step in (("*.xlsx", 3), ("*.csv", 3), ("*.xls", 30)):
        for file in sorted((demo_raw / quarter).glob(kind))[::step]:
            (raw / quarter / file.name).hardlink_to(file)
    return raw


@pytest.fixture
def raw(demo_raw: Path, settings) -> Path:
    return link_quarter(demo_raw, settings.raw)


@pytest.fixture(scope="session")
def ingested_home(make_once, demo_raw) -> Path:
    """Ingest that quarter once for all tests here, and write down the answer."""

    def fill(home: Path) -> None:
        settings = settings_in(home)
        link_quarter(demo_raw, settings.raw)
        (home / "answer.json").write_text(json.dumps(asdict(ingest(settings, workers=1))))

    return make_once("ingested", fill)


@pytest.fixture
def ingested(ingested_home, settings, copy_of):
    """Give a copy of it, and what was answered."""
    copy_of(ingested_home, settings.raw.parent)
    said = json.loads((ingested_home / "answer.json").read_text())
    return IngestReport(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()})


@pytest.mark.parametrize("make", [False, True])
def test_a_missing_or_empty_folder_says_what_to_do(settings, make) -> None:
    if make:
        settings.raw.mkdir()
        (settings.raw / "README.md").write_text("notes", encoding="utf-8")
    with pytest.raises(NotFound, match="evallib demo"):
        ingest(settings)


def test_lock_files_and_notes_are_no_submissions(settings) -> None:
    folder = settings.raw / "2565" / "Q3"
    folder.mkdir(parents=True)
    for name in ("~$open.xlsx", ".hidden.csv", "README.txt", "projects.xlsx", "tab.txt"):
        (folder / name).write_bytes(b"x")
    outside = settings.raw.parent / "private.csv"
    outside.write_bytes(b"x")
    (folder / "link.csv").symlink_to(outside)
    assert [f.name for f in list_submissions(settings.raw)] == ["projects.xlsx", "tab.txt"]


def test_a_second_ingest_changes_nothing_and_a_new_file_does(settings, ingested) -> None:
    first, raw = ingested, settings.raw
    assert not first.unchanged
    assert first.rows_accepted > 0
    again = ingest(settings, workers=1)
    assert again.unchanged
    assert again.run_id == first.run_id == read_ledger(settings.store).run_id

    (raw / "2565" / "Q3" / "late.csv").write_bytes("ที่,ชื่อ\n1,ก\n".encode("cp874"))
    later = ingest(settings, workers=1)
    assert not later.unchanged
    assert later.run_id != first.run_id


def test_an_unreadable_file_is_a_finding_and_stays_where_it_is(settings, raw) -> None:
    bad = raw / "2565" / "Q3" / "broken.xlsx"
    bad.write_bytes(b"PK\x03\x04 torn")
    report = ingest(settings, workers=1)
    assert report.refused == ("2565/Q3/broken.xlsx",)
    assert bad.read_bytes() == b"PK\x03\x04 torn"
    store = Store(settings.store)
    refused = store.read("inputs").set_index("file").loc["2565/Q3/broken.xlsx"]
    assert refused["state"] == "refused"
    findings = store.read("findings")
    assert findings["where"].str.startswith("2565/Q3/broken.xlsx").any()


def test_the_number_of_workers_does_not_change_the_tables(settings, ingested, monkeypatch) -> None:
    monkeypatch.setattr("evallib.runner.intake.ingestion.FILES_A_TASK", 3)
    one = ingested
    before = Store(settings.store).read("projects")
    two = ingest(settings, workers=2, force=True)
    assert (one.run_id, one.tables) == (two.run_id, two.tables)
    assert Store(settings.store).read("projects").equals(before)


def test_a_broken_ledger_only_costs_another_ingest(settings, ingested) -> None:
    (settings.store / "_ingest.json").write_text("{", encoding="utf-8")
    assert not ingest(settings, workers=1).unchanged


def test_an_account_in_which_a_digit_changed_is_not_believed(settings, ingested) -> None:
    file = settings.store / "_ingest.json"
    known = read_ledger(settings.store)
    content = file.read_text(encoding="utf-8")
    day = next(iter(known.periods.values()))
    other = f"{day[:-1]}{(int(day[-1]) + 1) % 10}"
    file.write_text(content.replace(day, other, 1), encoding="utf-8")
    assert read_ledger(settings.store) is None
    assert not ingest(settings, workers=1).unchanged
    assert read_ledger(settings.store).periods == known.periods


def test_a_damaged_table_is_rebuilt_though_no_file_changed(settings, ingested) -> None:
    before = Store(settings.store).read("projects")
    for file in (settings.store / "projects").glob("*.parquet"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 4
        file.write_bytes(content)
    with pytest.raises(EvallibError, match="projects"):
        Store(settings.store).read("projects")
    again = ingest(settings, workers=1)
    assert (again.unchanged, again.run_id) == (False, ingested.run_id)
    assert Store(settings.store).read("projects").equals(before)


def test_a_lost_table_is_rebuilt_though_no_file_changed(settings, ingested) -> None:
    first = ingested
    rows = len(Store(settings.store).read("projects"))
    shutil.rmtree(settings.store / "projects")
    again = ingest(settings, workers=1)
    assert not again.unchanged
    assert again.run_id == first.run_id
    assert len(Store(settings.store).read("projects")) == rows > 0


def test_ingest_scores_the_quality_of_each_report_and_obeys_the_rules_of_the_office(
    settings, ingested, tmp_path
) -> None:
    scores = Store(settings.store).read("quality_scores")
    sent = Store(settings.store).read("project_submissions")
    assert set(scores["agency_id"]) == set(sent["agency_id"].dropna())
    assert scores["n_rows"].sum() == sent["agency_id"].notna().sum()

    rules = tmp_path / "rules.csv"
    head = "rule,table,stage,left,operator,right,by,when,tolerance,severity,dimension,th,en"
    rules.write_text(
        f"{head}\no.small,project_submissions,register,budget_approved,<=,1,,,,warning,"
        "consistency,งบสูง,a large budget",
        encoding="utf-8",
    )
    stated = replace(settings, rules=rules)
    assert not ingest(stated, workers=1).unchanged  # rules are part of what an ingest rests on
    found = Store(settings.store).read("findings")
    assert "rule.office" in set(found["code"])
    stricter = Store(settings.store).read("quality_scores")
    assert (stricter["consistency"] < scores["consistency"]).all()
    with pytest.raises(NotFound):
        ingest(replace(settings, rules=tmp_path / "absent.csv"), workers=1)


@pytest.fixture
def starved(monkeypatch) -> dict[str, int]:
    """Let files run out of time: name -> how many more times."""
    from evallib.clean import submission

    left: dict[str, int] = {}
    readers = submission.read_in_child

    def reader(path: Path):
        if left.get(path.name, 0) > 0:
            left[path.name] -= 1
            raise RefusedFile("read.out_of_time", found="2 s")
        return readers(path)

    monkeypatch.setattr(submission, "read_in_child", reader)
    return left


def test_a_file_that_ran_out_of_time_once_is_read_alone(settings, ingested, starved) -> None:
    victim = next(f for f in list_submissions(settings.raw) if f.suffix == ".csv")
    calm = ingested
    starved[victim.name] = 1
    report = ingest(settings, workers=1, force=True)
    assert report == calm
    assert starved[victim.name] == 0


def test_a_file_that_stays_out_of_time_is_tried_again_and_never_asked_of_its_sender(
    settings, raw, starved
) -> None:
    victim = next(f for f in list_submissions(raw) if f.suffix == ".csv")
    name = victim.relative_to(settings.raw).as_posix()
    starved[victim.name] = 2
    first = ingest(settings, workers=1)
    assert first.out_of_time == (name,)
    findings = Store(settings.store).read("findings")
    assert (findings.loc[findings["where"] == name, "code"] == "refused.out_of_time").all()
    sheets = settings.raw.parent / "corrections"
    assert not [f for f in sheets.rglob("*.xlsx") if victim.stem in f.name]

    second = ingest(settings, workers=1)  # nothing changed, and still it is not "unchanged"
    assert not second.unchanged
    assert second.out_of_time == ()
    assert second.rows_accepted > first.rows_accepted
    assert ingest(settings, workers=1).unchanged


def test_a_fuller_database_is_not_replaced_by_one_without_a_late_file(
    settings, ingested, starved
) -> None:
    full, raw = ingested, settings.raw
    before = {name: len(Store(settings.store).read(name)) for name in full.tables}
    victim = next(f for f in list_submissions(raw) if f.suffix == ".csv")
    starved[victim.name] = 2
    (raw / "2565" / "Q3" / "late.csv").write_bytes("ที่,ชื่อ\n1,ก\n".encode("cp874"))
    held = ingest(settings, workers=1)
    assert held.held_back
    assert held.out_of_time == (victim.relative_to(settings.raw).as_posix(),)
    assert {name: len(Store(settings.store).read(name)) for name in full.tables} == before

    later = ingest(settings, workers=1)
    assert not later.held_back
    assert later.files == full.files + 1


def test_files_out_of_time_make_the_exit_code_one(settings, raw, starved) -> None:
    from click.testing import CliRunner

    from evallib.cli import main

    victim = next(f for f in list_submissions(raw) if f.suffix == ".csv")
    call = ["ingest", "--raw", str(settings.raw), "--store", str(settings.store), "-j", "1"]
    starved[victim.name] = 2
    late = CliRunner().invoke(main, call)
    assert late.exit_code == 1
    assert "not read in time, call again when the machine is less busy: " in late.stderr
    assert victim.name in late.stderr
    assert CliRunner().invoke(main, call).exit_code == 0


def test_a_newer_version_that_is_late_does_not_replace_the_older_one(
    settings, raw, starved
) -> None:
    full = ingest(settings, workers=1)
    victim = next(f for f in list_submissions(raw) if f.suffix == ".csv")
    content = victim.read_bytes()
    victim.unlink()  # the files of the demo are linked, not copied
    victim.write_bytes(content + b"\r\n")
    starved[victim.name] = 2
    assert ingest(settings, workers=1).held_back
    assert len(Store(settings.store).read("inputs")) == full.files


@pytest.mark.parametrize("ledger", ["", "{", '{"run_id": "x", "files": 1, "of_a_later_year": 1}'])
def test_without_its_account_a_fuller_database_is_held_all_the_same(
    ledger, settings, raw, starved
) -> None:
    full = ingest(settings, workers=1)
    (settings.store / "_ingest.json").write_text(ledger, encoding="utf-8")
    victim = next(f for f in list_submissions(raw) if f.suffix == ".csv")
    starved[victim.name] = 2
    held = ingest(settings, workers=1)
    assert held.held_back
    assert held.tables["needs"] == full.tables["needs"]
    assert ingest(settings, workers=1).rows_accepted == full.rows_accepted


def test_an_account_of_a_later_version_is_read(settings, raw) -> None:
    import json

    first = ingest(settings, workers=1)
    file = settings.store / "_ingest.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    del told["sha256"]
    file.write_text(json.dumps(told | {"of_a_later_year": 1}), encoding="utf-8")
    assert read_ledger(settings.store) == first
