"""What a crash leaves: the old page or the new one, and no page without what it rests on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evallib.drafts import sweep_drafts
from evallib.errors import EvallibError
from evallib.privacy import form_digests
from evallib.runner.batch import publish as steps
from evallib.runner.batch.key import changed_parts, standing_sets
from evallib.store import Store
from tests.paths import ROOT
from tests.runner.batch.made_by_hand import (
    FILES,
    STEPS,
    job_of,
    parts_of,
    publish,
    put,
    released,
    survey,
)
from tests.runner.homes import settings_in

FULL = OSError(28, "No space left on device")


def pages(home: Path) -> dict[str, str]:
    folder = home / "reports" / "2565-Q3" / "94"
    return {f.name: f.read_text("utf-8") for f in folder.glob("*") if f.name in FILES}


def hidden(home: Path) -> list[Path]:
    return [f for f in (home / "reports").rglob(".*") if f.is_file()]


@pytest.fixture(scope="session")
def killed(make_once) -> tuple[Path, dict[str, str]]:
    """Give a home for each step at which a run was killed while it published."""

    def fill(folder: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tests.runner.batch.made_by_hand", str(folder)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        (folder / "ends").write_text(done.stdout)

    folder = make_once("killed", fill)
    lines = (folder / "ends").read_text().splitlines()
    return folder, dict(line.split() for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="each step is a child")
@pytest.mark.parametrize("step", range(STEPS + 1))
def test_a_crash_at_any_step_leaves_old_or_new_and_the_rerun_the_same_bytes(
    killed, copy_of, tmp_path, step
) -> None:
    folder, ends = killed
    home, whole = copy_of(folder / str(step), tmp_path), pages(folder / str(STEPS))
    assert ends[str(step)] == ("0" if step == STEPS else "-9")
    settings, after = settings_in(home), pages(home)
    words = {name: "two" if after[name] == whole[name] else "one" for name in FILES}
    store = Store(settings.store)
    assert [p for verdict in store.verify() for p in verdict.problems] == []
    new_names = [name for name in FILES if words[name] == "two"]
    assert new_names == list(FILES[: len(new_names)])  # the manifest last
    runs = set(store.read("runs")["run_id"])
    two = json.loads(whole["manifest.json"])["run_id"]
    forms = store.read("released_forms")
    if new_names:  # somebody may read the page: its results and what it rests on are there
        assert two in runs
        assert set(released(settings)["set_id"]) <= set(forms["set_id"])
    if two not in runs:
        assert set(forms["aware"]) == {1}
    if words["manifest.json"] == "one":
        assert changed_parts(job_of(settings), parts_of("two")) != []

    sweep_drafts(settings.reports, "**/.*.part")
    assert hidden(home) == []
    assert publish(home, "two").state == "made"
    assert pages(home) == whole
    assert set(store.read("released_forms")["aware"]) == {0, 1}  # both editions are remembered


def test_what_cannot_be_written_is_told_and_nothing_enters_the_store(tmp_path, monkeypatch) -> None:
    settings = settings_in(tmp_path)
    put(settings, survey(30))

    def full(file: Path, content: bytes) -> Path:
        if file.name == "manifest.json":
            raise FULL
        return write(file, content)

    write = steps.write_draft
    with monkeypatch.context() as patch:
        patch.setattr(steps, "write_draft", full)
        result = publish(tmp_path, "one")
    assert result.state == "failed"
    assert "No space left" in result.problem
    assert not (settings.store / "runs").exists()
    assert hidden(tmp_path) == []
    assert publish(tmp_path, "one").state == "made"
    assert set(Store(settings.store).read("runs")["run_id"]) == {result.run_id}


@pytest.mark.parametrize("blocked", FILES)
def test_a_place_that_cannot_be_taken_is_found_before_the_store(tmp_path, blocked) -> None:
    settings = settings_in(tmp_path)
    put(settings, survey(30))
    (job_of(settings).folder / blocked).mkdir(parents=True)
    result = publish(tmp_path, "one")
    assert (result.state, "directory" in result.problem) == ("failed", True)
    assert not (settings.store / "runs").exists()
    assert hidden(tmp_path) == []


def test_a_read_only_page_is_replaced_since_its_folder_decides(tmp_path) -> None:
    put(settings_in(tmp_path), survey(30))
    publish(tmp_path, "one")
    (tmp_path / "reports" / "2565-Q3" / "94" / "report.html").chmod(0o444)
    assert publish(tmp_path, "two").state == "made"
    assert pages(tmp_path)["report.html"] == "report.html two"


def test_results_that_are_refused_leave_the_old_page(tmp_path, monkeypatch) -> None:
    put(settings_in(tmp_path), survey(30))
    publish(tmp_path, "one")
    before = pages(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise EvallibError("store.cannot_write", folder="f", table="runs", found="disk full")

    monkeypatch.setattr(Store, "commit", refuse)
    assert publish(tmp_path, "two").state == "failed"
    assert pages(tmp_path) == before
    assert hidden(tmp_path) == []


def test_a_report_made_again_keeps_the_forms_that_it_rests_on(tmp_path) -> None:
    settings = settings_in(tmp_path)
    put(settings, survey(30))
    for _ in range(3):
        publish(tmp_path, "one")
        assert len(Store(settings.store).read("released_forms")) == 30


def test_the_register_counts_only_where_it_changes_what_is_said(tmp_path) -> None:
    settings = settings_in(tmp_path)
    job = job_of(settings)
    put(settings, survey(30))
    assert standing_sets(job, settings) == "-"
    publish(tmp_path, "one")
    assert standing_sets(job, settings) == "-"  # it rests on what it registered itself

    put(settings, survey(30).assign(aware=[0] * 3 + [1] * 27))  # too few were corrected
    standing = standing_sets(job, settings)
    assert standing != "-"
    publish(tmp_path, "two")
    assert standing_sets(job, settings) == standing

    held = Store(settings.store).read("beneficiary_survey").sort_values("resp_key")
    nearer = held.assign(aware=held["aware"].where(held["resp_key"] != "R0", 1), set_id="other")
    rows = nearer.assign(form=form_digests(nearer)).drop(columns="as_of")
    Store(settings.store).commit({"released_forms": rows}, run_id="r", as_of="2022-06-24")
    assert standing_sets(job, settings) not in {"-", standing}


def test_a_register_of_another_period_changes_nothing(tmp_path) -> None:
    settings = settings_in(tmp_path)
    put(settings, survey(30))
    other = survey(30, aware=0).assign(quarter=2, set_id="s")
    rows = other.assign(form=other["resp_key"]).drop(columns="as_of")
    Store(settings.store).commit({"released_forms": rows}, run_id="r", as_of="2022-06-24")
    assert standing_sets(job_of(settings), settings) == "-"
