"""The command line as a new user meets it: exit codes, three-part messages, machine output."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evallib.cli import main


def call(*arguments: str | Path):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def three_parts(output: str) -> bool:
    return all(word in output for word in ("ต้องการ:", "พบ:", "ให้ทำ:", "needed:", "found:", "do:"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest",),
        ("ingest", "--raw", "nowhere"),
        ("corrections",),
        ("run",),
        ("run", "--period", "2565-Q3"),
        ("db", "tables"),
        ("db", "sql", "select 1 from projects"),
    ],
)
def test_nothing_there_yet_is_a_wrong_call_with_three_parts(here, arguments) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert three_parts(result.stderr)
    assert "Traceback" not in result.output
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("arguments", [("run", "--periode", "2565"), ("rum",), ("run", "-j", "0")])
def test_a_misspelt_option_or_verb_is_a_wrong_call(here, arguments) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_status_of_nothing_is_no_error(here) -> None:
    result = call("status")
    assert (result.exit_code, json.loads(call("status", "--json").stdout)) == (0, [])
    assert "no reports" in result.stdout


def test_demo_refuses_a_folder_that_holds_something(here) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "own.xlsx").write_bytes(b"mine")
    result = call("demo", "--out", "mine", "--fraction", "0.03")
    assert result.exit_code == 2
    assert three_parts(result.stderr)
    assert [f.name for f in (here / "mine").iterdir()] == ["own.xlsx"]
    assert call("demo", "--out", "mine", "--if-empty").exit_code == 0


def test_an_error_is_json_for_machines_and_words_for_people(here) -> None:
    result = call("run", "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)["error"]
    assert told["code"] == "runner.no_data"
    assert told["en"].startswith("needed:")
    assert three_parts(result.stderr)


def test_a_file_in_the_place_of_a_folder_is_said_and_not_a_traceback(here) -> None:
    (here / "raw").write_bytes(b"x")
    (here / "raw_truth").write_bytes(b"x")
    result = call("demo", "--out", "raw", "--fraction", "0.03")
    assert result.exit_code == 2
    assert three_parts(result.stderr)


@pytest.mark.parametrize("written", ["06/24/2565", "24/06/22", "soon"])
def test_a_cut_off_in_another_form_is_refused_at_the_door(here, written) -> None:
    folder = here / "data" / "processed"
    folder.mkdir(parents=True)
    ledger = {"run_id": "r", "as_of": "2022-06-24", "files": 1, "refused": [], "rows_read": 1,
              "rows_accepted": 1, "findings": {}, "tables": {},
              "periods": {"2565-Q3": "2022-06-24"}, "unchanged": False}  # fmt: skip
    (folder / "_ingest.json").write_text(json.dumps(ledger), encoding="utf-8")
    result = call("run", "--as-of", written)
    assert result.exit_code == 2
    assert "2022-06-24" in result.stderr


@pytest.mark.parametrize("written", ["2022-06-24", "24/6/2565", "24 มิ.ย. 65", "๒๔ มิถุนายน ๒๕๖๕"])
@pytest.mark.parametrize("period", ["2565-Q3", "Q3/65", "ไตรมาส 3/2565"])
def test_a_run_takes_periods_and_days_as_people_write_them(here, written, period) -> None:
    folder = here / "data" / "processed"
    folder.mkdir(parents=True)
    ledger = {"run_id": "r", "as_of": "2022-06-24", "files": 1, "refused": [], "rows_read": 1,
              "rows_accepted": 1, "findings": {}, "tables": {},
              "periods": {"2565-Q3": "2022-06-24"}, "unchanged": False}  # fmt: skip
    (folder / "_ingest.json").write_text(json.dumps(ledger), encoding="utf-8")
    result = call("run", "nonsense", "--period", period, "--as-of", written)
    assert result.exit_code == 2  # it was read, and the notebook is what is missing
    assert "nonsense.ipynb" in result.stderr


def test_a_form_takes_a_period_as_people_write_it(here) -> None:
    first, second = (
        json.loads(call("template", "needs", "--out", out, "--period", period, "--json").stdout)
        for out, period in (("one", "2565-Q3"), ("two", "ไตรมาสที่ 3 ปีงบประมาณ พ.ศ. 2565"))
    )
    assert Path(first[0]).read_bytes() == Path(second[0]).read_bytes()


def test_forms_are_written_for_some_provinces_and_wrong_ones_refused(here) -> None:
    wanted = ("template", "needs", "indicators", "--out", "out", "--province")
    result = call(*wanted, "ยะลา", "--json")
    assert result.exit_code == 0
    written = json.loads(result.stdout)
    assert [Path(f).read_bytes()[:2] for f in written] == [b"PK", b"PK"]
    first = [Path(f).read_bytes() for f in written]
    assert call(*wanted, "95").exit_code == 0
    assert [Path(f).read_bytes() for f in written] == first
    result = call("template", "--province", "เชียงใหม่")
    assert result.exit_code == 2
    assert three_parts(result.stderr)
    assert call("template", "--period", "2565-Q9").exit_code == 2
    assert call("template", "roads").exit_code == 2
