"""The command line as a new user meets it: exit codes, three-part messages, machine output."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from evallib import cli
from evallib.cli import main
from evallib.store.state import State, write_state
from tests.paths import ROOT


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


def ingested(here: Path) -> None:
    """Leave what an ingest of one quarter leaves, without its tables."""
    folder = here / "data" / "processed"
    folder.mkdir(parents=True)
    write_state(folder, State(run_id="r", as_of="2022-06-24"))
    ledger = {"run_id": "r", "as_of": "2022-06-24", "files": 1, "refused": [], "rows_read": 1,
              "rows_accepted": 1, "findings": {}, "tables": {},
              "periods": {"2565-Q3": "2022-06-24"}, "unchanged": False}  # fmt: skip
    (folder / "_ingest.json").write_text(json.dumps(ledger), encoding="utf-8")


@pytest.mark.parametrize("written", ["06/24/2565", "24/06/22", "soon"])
def test_a_cut_off_in_another_form_is_refused_at_the_door(here, written) -> None:
    ingested(here)
    result = call("run", "--as-of", written)
    assert result.exit_code == 2
    assert "2022-06-24" in result.stderr


@pytest.mark.parametrize("written", ["2022-06-24", "24/6/2565", "24 มิ.ย. 65", "๒๔ มิถุนายน ๒๕๖๕"])
@pytest.mark.parametrize("period", ["2565-Q3", "Q3/65", "ไตรมาส 3/2565"])
def test_a_run_takes_periods_and_days_as_people_write_them(here, written, period) -> None:
    ingested(here)
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


@pytest.mark.parametrize("name", ["", " ", "a\x1b[2J"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("demo", "--out"), ("ingest", "--raw"), ("ingest", "--store"), ("corrections", "--raw"),
        ("run", "--store"), ("run", "--reports"), ("status", "--reports"),
        ("db", "tables", "--store"),
        ("db", "sql", "select 1", "--store"), ("template", "--out"),
    ],
)  # fmt: skip
def test_a_folder_without_a_name_is_a_wrong_call(here, arguments, name) -> None:
    result = call(*arguments, name)
    assert result.exit_code == 2
    assert three_parts(result.stderr)
    assert "\x1b" not in result.output
    assert list(here.iterdir()) == []
    told = json.loads(call(*arguments, name, "--json").stdout)
    assert told["error"]["code"] == "config.folder"


def test_settings_that_cannot_be_are_told_without_their_control_characters(here) -> None:
    (here / "evallib.toml").write_text('"\\u001b]0;a\\u0007" = 1', encoding="utf-8")
    result = call("status")
    assert result.exit_code == 2
    assert three_parts(result.stderr)
    assert "\\x1b]0;a\\x07" in result.stderr
    assert not {"\x1b", "\x07"} & set(result.output)


def test_names_of_folders_that_are_listed_are_printable(here) -> None:
    folder = here / "reports" / "2565-Q3" / "9\x1b[31m\u202e4"
    folder.mkdir(parents=True)
    (folder / "failed.json").write_text("{}", encoding="utf-8")
    result = call("status")
    assert "9\\x1b[31m\\u202e4" in result.stdout
    assert json.loads(call("status", "--json").stdout)[0]["job"] == f"2565-Q3/{folder.name}"
    assert not {"\x1b", "\u202e"} & set(result.output + call("status", "--json").stdout)


def test_nothing_in_the_command_line_speaks_but_through_one_function() -> None:
    source = "".join(f.read_text(encoding="utf-8") for f in Path(cli.__file__).parent.glob("*.py"))
    assert len(re.findall(r"\b(?:echo|secho|print|stdout\.write|stderr\.write)\(", source)) == 1


def test_a_query_that_does_not_end_is_told_in_three_parts(here) -> None:
    endless = "select count(*) from range(3000000000) a, range(1000) b"
    for options, code in ((("--seconds", "0.3"), "time"), (("--seconds", "nan"), "limits"),
                          (("--gigabytes", "0"), "limits")):  # fmt: skip
        result = call("db", "sql", endless, *options, "--json")
        assert result.exit_code == 2
        assert three_parts(result.stderr)
        assert json.loads(result.stdout)["error"]["code"] == f"store.sql_{code}"


@pytest.mark.parametrize("encoding", ["ascii", "cp874", "cp1252"])
def test_a_terminal_of_few_letters_ends_no_call(here, encoding) -> None:
    def told(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "evallib", *arguments], check=False, capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    (here / "reports" / "2565-Q3" / "x\u4e00😀").mkdir(parents=True)
    (here / "reports" / "2565-Q3" / "x\u4e00😀" / "failed.json").write_text("{}", encoding="utf-8")
    assert rb"x\u4e00\U0001f600" in told("status").stdout
    assert json.loads(told("status", "--json").stdout)[0]["job"] == "2565-Q3/x\u4e00😀"
    wrong = told("ingest", "--raw", "")
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr
