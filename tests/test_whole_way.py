"""The whole way on a small synthetic world, against its truth: submissions in, reports out.

One world serves every test of this file: it is made, ingested and reported once.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

import evallib as ev
from evallib.cli import main
from evallib.report.sections.impact import ways_table
from tests.paths import ROOT

SEED, FRACTION = 11, 0.15
pytestmark = pytest.mark.slow


class World:
    """Folders of one small world, and what the commands said."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "evallib.toml").write_text(
            f'notebooks = "{ROOT / "notebooks"}"\n', encoding="utf-8"
        )
        self.call("demo", "--seed", SEED, "--fraction", FRACTION)
        self.ingested = json.loads(self.call("ingest", "--json").stdout)
        self.store = ev.Store(home / "data" / "processed")

    def call(self, *arguments: object, code: int = 0):
        before = Path.cwd()
        os.chdir(self.home)
        try:
            result = CliRunner().invoke(main, [str(a) for a in arguments])
        finally:
            os.chdir(before)
        assert result.exit_code == code, result.output
        return result

    def truth(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.home / "data" / "raw_truth" / f"{name}.csv", dtype="str")

    def page(self, job: str) -> BeautifulSoup:
        text = (self.home / "reports" / job / "report.html").read_text(encoding="utf-8")
        return BeautifulSoup(text, "lxml")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def reported(world: World) -> list[dict[str, str]]:
    """Make the newest quarter of Yala in English, and the newest year."""
    return json.loads(world.call("run", "--json", "--province", "95", "--language", "en").stdout)


@pytest.fixture(scope="module")
def matched(world: World) -> pd.DataFrame:
    """Return the submitted project rows beside the truth about each."""
    rows = world.truth("submissions").astype({"row": "int64"}).astype({"row": "Int64"})
    joined = world.store.read("project_submissions").merge(rows, on=["file", "sheet", "row"])
    return joined.merge(world.truth("projects"), on="true_project_id", suffixes=("", "_true"))


def test_every_row_that_was_sent_is_a_row_or_a_finding(world, matched) -> None:
    assert len(matched) == len(world.truth("submissions"))
    account = world.ingested
    assert account["rows_accepted"] <= account["rows_read"]
    assert account["rows_accepted"] > 0.99 * account["rows_read"]
    cut_off = world.truth("defects").query("kind == 'file_cut_off'")["file"]
    assert sorted(account["refused"]) == sorted(cut_off)


def test_places_are_right_or_left_open(matched) -> None:
    known = matched["tambon_code"].notna()
    assert (matched["tambon_code"] == matched["tambon_code_true"])[known].all()
    stated = matched["tambon_code_true"].notna()
    assert known[stated].mean() >= 0.97


def test_a_project_sent_in_several_quarters_and_by_two_agencies_is_one(world, matched) -> None:
    per_uid = matched.groupby("project_uid")["true_project_id"].nunique()
    assert (per_uid > 1).mean() <= 0.002
    per_truth = matched.groupby("true_project_id")["project_uid"].nunique()
    assert (per_truth > 1).mean() <= 0.02


def test_no_planted_identifier_is_anywhere_in_the_tables(world) -> None:
    planted = world.truth("identifiers")["value"]
    assert len(planted) > 50
    for name in world.store.tables()["name"]:
        frame = world.store.read(name)
        words = "\n".join(
            "\n".join(frame[c].dropna().astype(str)) for c in frame if frame[c].dtype == "str"
        )
        left = [value for value in planted if value in words]
        assert left == [], name


def test_cohorts_are_those_that_were_planted(world) -> None:
    found = ev.impact.find_cohorts(world.store.read("projects"), plan_source="ศอ.บต.ตำบล")
    mine = {code: str(cohort) for code, cohort in found.itertuples(index=False)}
    planted = world.truth("cohorts").dropna()
    assert mine == dict(planted[["tambon_code", "cohort"]].itertuples(index=False))


def test_the_planted_effect_lies_in_the_interval(world) -> None:
    evidence = ev.report.read_evidence(world.store, "2565-Q4")
    signal = ev.report.impact_signal(evidence)
    units = signal.panel.drop_duplicates("tambon_code").dropna(subset="cohort")
    last = ev.FiscalPeriod.parse("2565-Q4").ordinal
    planted = world.truth("effects").astype({"event_time": int, "effect": float})
    by_event = planted.groupby("event_time")["effect"].first()
    received = [by_event.loc[: int(last - cohort)].tolist() for cohort in units["cohort"]]
    truth = pd.Series([effect for each in received for effect in each]).mean()
    assert signal.effect.ci_low <= truth <= signal.effect.ci_high
    assert signal.effect.n_treated == len(units)


def test_the_chapter_on_impact_shows_the_effect_in_other_ways(world) -> None:
    evidence = ev.report.read_evidence(world.store, "2565-Q4", language="en")
    signal = ev.report.impact_signal(evidence)
    table = ways_table(evidence, signal)
    assert signal.effect.se_type == "cr2"  # a small world has few amphoe
    assert table["name"].tolist() == [
        "as reported", "errors CR1", "errors CR3 (jackknife)", "wild cluster bootstrap",
        "imputation (Borusyak, Jaravel and Spiess)",
    ]  # fmt: skip
    estimates = [signal.effect.estimate] * 4 + [signal.imputed.estimate]
    assert table["estimate"].tolist() == estimates
    assert (table["ci_low"] < table["estimate"]).all()
    assert table["std_error"].iloc[1] < table["std_error"].iloc[0] < table["std_error"].iloc[2]


def test_a_past_quarter_holds_the_projects_that_were_known_then(world) -> None:
    truth = world.truth("projects").query("fiscal_year == '2565' and province_code == '95'")
    for quarter in ("2565-Q1", "2565-Q3", "2565-Q4"):
        known = (truth["first_quarter"] <= quarter).sum()
        found = len(ev.report.read_evidence(world.store, quarter, province="95").projects)
        assert found == pytest.approx(known, rel=0.02), quarter
    meeting = ev.report.read_evidence(world.store, "2565-Q3", province="95", as_of="2022-06-30")
    later = ev.report.read_evidence(world.store, "2565-Q4", province="95")
    assert 0 < len(meeting.projects) < len(later.projects)
    assert (meeting.projects["as_of"] <= "2022-06-30").all()


def test_reports_are_whole_pages_without_network_and_code(reported, world) -> None:
    assert [(job["job"], job["state"]) for job in reported] == [
        ("2565-Q4/95", "made"), ("2565/area", "made"),
    ]  # fmt: skip
    for job in reported:
        page = world.page(job["job"])
        assert page.html["lang"] == "en"
        assert len(page.find_all("figure")) >= 6
        assert all(image.get("alt") for image in page.find_all("img"))
        assert all(image["src"].startswith("data:") for image in page.find_all("img"))
        assert page.find("script") is None
        assert page.find(string=lambda s: s and "read_evidence" in s) is None
        assert "synthetic" in page.get_text()
    index = (world.home / "reports" / "index.html").read_text(encoding="utf-8")
    assert "2565-Q4/95/report.html" in index


def test_no_words_of_a_respondent_reach_a_report(reported, world) -> None:
    said = world.store.read("needs")["need_text_th"]
    long = said[said.str.len() >= 20].drop_duplicates()
    for job in reported:
        folder = world.home / "reports" / job["job"]
        for name in ("report.html", "report.ipynb", "manifest.json"):
            text = (folder / name).read_text(encoding="utf-8")
            assert [words for words in long if words in text] == [], name


def test_results_are_remembered_once_and_a_second_run_does_nothing(reported, world) -> None:
    again = json.loads(world.call("run", "--json", "--province", "95", "--language", "en").stdout)
    assert [job["state"] for job in again] == ["unchanged", "unchanged"]
    assert len(world.store.read("runs")) == 2
    effects = world.store.read("effects")
    assert set(effects["quarter"]) == {0, 4}
    assert (effects.query("level == 'overall'").groupby("run_id").size() == 1).all()
    coverage = world.store.read("alignment").query("scope == '95'").set_index("indicator")["value"]
    assert coverage["A2"] + coverage["A9"] == pytest.approx(1, abs=1e-12)
    assert json.loads(world.call("ingest", "--json").stdout)["unchanged"]


def test_an_early_quarter_without_treatment_still_gets_its_report(world) -> None:
    made = json.loads(
        world.call("run", "quarterly_report", "--json", "--province", "ยะลา", "--period",
                   "2563-Q1").stdout
    )  # fmt: skip
    assert [(job["job"], job["state"]) for job in made] == [("2563-Q1/95", "made")]
    assert "ยังสรุปไม่ได้" in world.page("2563-Q1/95").get_text()


def test_papermill_alone_runs_the_notebook(world, tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "papermill", ROOT / "notebooks" / "quarterly_report.ipynb",
         tmp_path / "out.ipynb", "-p", "province", "95", "-p", "period", "2565-Q3",
         "--no-progress-bar", "-k", "python3"],
        cwd=world.home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    executed = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    assert len(ev.report.blocks_of(executed)) > 20


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_notebook_on_impact_runs_for_people(world, tmp_path, language) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "papermill", ROOT / "notebooks" / "explore_impact.ipynb",
         tmp_path / "out.ipynb", "-p", "language", language, "--no-progress-bar", "-k", "python3"],
        cwd=world.home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    cells = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = [out for cell in cells if cell["cell_type"] == "code" for out in cell["outputs"]]
    pictures = [out for out in shown if "image/png" in out.get("data", {})]
    assert len(pictures) == 3
    assert any("ATT" in "".join(out.get("text", "")) for out in shown)


def test_wrong_calls_are_refused_before_any_kernel_starts(world, reported) -> None:
    before = sorted((world.home / "reports").rglob("*"))
    for arguments, message in [
        (("--province", "เชียงใหม่"), "เชียงใหม่"),
        (("--period", "2570-Q1"), "2563-Q1 - 2565-Q4"),
        (("-p", "langauge", "en"), "nearest: language"),
        (("--as-of", "6/24/2565"), "a date such as 2022-06-24"),
        (("--shard", "3/2"), "3/2"),
        (("weekly_report",), "quarterly_report"),
    ]:
        refused = world.call("run", *arguments, code=2)
        assert message in refused.stderr
        assert "ให้ทำ:" in refused.stderr
    assert sorted((world.home / "reports").rglob("*")) == before
