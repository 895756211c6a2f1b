"""Settings: the file, what wins, what is refused."""

from pathlib import Path

import pytest

from evallib.characters import is_printable
from evallib.config import Settings, read_settings
from evallib.errors import NotFound, SchemaError


def test_a_file_beats_the_defaults_and_a_call_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "evallib.toml"
    file.write_text('language = "en"\nthreshold = 20\nraw = "in"\n', encoding="utf-8")

    settings = read_settings(file, threshold=15, language=None)
    assert (settings.language, settings.threshold) == ("en", 15)
    assert settings.raw == tmp_path / "in"  # relative to the file, wherever it is read from
    assert settings.seed == Settings().seed


def test_the_file_here_is_found_without_being_named(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "evallib.toml").write_text('provinces = ["95"]', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_settings().provinces == ("95",)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert read_settings().provinces == ("95",)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("langauge = 'en'", r"langauge \(~ language\)"),
        ("language = 'fr'", "language th or en"),
        ("threshold = 'ten'", "threshold as int"),
        ("threshold = ", "TOML"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, written: str, message: str) -> None:
    file = tmp_path / "evallib.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SchemaError, match=message):
        read_settings(file)


def read(folder: Path, written: str) -> Settings:
    file = folder / "evallib.toml"
    file.write_text(written, encoding="utf-8")
    return read_settings(file)


@pytest.mark.parametrize(
    "written",
    [
        'provinces = ["../../x"]', 'provinces = ["94/../.."]', 'provinces = ["/tmp"]',
        'provinces = ["9"]', 'provinces = ["940"]', 'provinces = ["04"]', 'provinces = ["๙๔"]',
        'provinces = ["94\\n"]', 'provinces = ["area"]', 'provinces = "94"', "provinces = 94",
        'provinces = ["96", "95", "96"]', "provinces = []", "provinces = [true]",
        'provinces = [["94"]]', 'amphoe = ["94"]', 'amphoe = ["../9"]', 'amphoe = ["9003", "9003"]',
        'amphoe = "9003"', "amphoe = {a = 1}",
        "threshold = 4", "threshold = 0", "threshold = -10", "threshold = nan", "threshold = inf",
        "threshold = 10.0", "threshold = true", "threshold = 100000000000000000000",
        "threshold = 5", "threshold = 9", 'threshold = 7\nthreshold_set_by = ""',
        'threshold = 7\nthreshold_set_by = " Default "', 'threshold = 7\nthreshold_set_by = "-"',
        'threshold = 7\nthreshold_set_by = "\\u200b"',
        "seed = -1", "seed = 4294967296", "seed = 1e3", "seed = false", "seed = 1979-05-27",
        'outcome = ""', 'outcome = "  "', 'outcome = "a\\u001b[31m"', "outcome = 5",
        'treatment = "a\\u0007"', 'treatment = "\\u202egnp"', 'threshold_set_by = "a\\nb"',
        f'treatment = "{"x" * 201}"', "language = []", "language = {}", "language = 1",
        'store = ""', 'raw = " "', 'reports = "\\t"', 'notebooks = "a\\u0000b"', "rules = 3",
        "reports = []", f"seed = {'9' * 5000}", f"provinces = {'[' * 5000}",
    ],
)  # fmt: skip
def test_a_value_that_no_setting_can_have_is_refused_when_read(tmp_path: Path, written) -> None:
    with pytest.raises(SchemaError) as refused:
        read(tmp_path, written)
    for language in ("th", "en"):
        message = refused.value.message(language)
        assert len(message.splitlines()) == 3
        assert is_printable(message.replace("\n", ""))
        assert "{" not in message.replace("{}", "").replace("{'a': 1}", "")


def test_a_lower_threshold_needs_somebody_who_set_it(tmp_path: Path) -> None:
    settings = read(tmp_path, 'threshold = 5\nthreshold_set_by = "ผอ. สำนักงาน"')
    assert (settings.threshold, settings.threshold_set_by) == (5, "ผอ. สำนักงาน")
    with pytest.raises(SchemaError, match="threshold_set_by"):
        read_settings(threshold=6)


def test_what_an_office_may_well_write_is_taken(tmp_path: Path) -> None:
    settings = read(tmp_path, "\ufeffprovinces = ['90', 94]\namphoe = []\nraw = '.'\nseed = 0")
    assert settings.provinces == ("90", "94")
    assert (settings.amphoe, settings.seed) == ((), 0)
    assert settings.raw == tmp_path


@pytest.mark.parametrize("name", ["raw", "store", "reports", "notebooks", "rules"])
@pytest.mark.parametrize("value", ["", "  ", "a\x1b[2J", "a\udca1", None, 5])
def test_an_empty_or_odd_folder_of_a_call_is_refused(name: str, value) -> None:
    if value is None:  # not said
        assert getattr(read_settings(**{name: value}), name) == getattr(Settings(), name)
        return
    with pytest.raises(SchemaError, match=name):
        read_settings(**{name: value})


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("name", ["cell_seconds", "job_seconds"])
@pytest.mark.parametrize("written", ["0", "-1", "604801", "1.5", '"600"', "true"])
def test_a_deadline_is_a_whole_number_of_seconds_up_to_a_week(tmp_path, name, written) -> None:
    with pytest.raises(SchemaError, match=name):
        read(tmp_path, f"{name} = {written}")


def test_deadlines_have_defaults_and_can_be_chosen(tmp_path) -> None:
    assert (Settings().cell_seconds, Settings().job_seconds) == (600, 3600)
    chosen = read(tmp_path, "cell_seconds = 1\njob_seconds = 604800")
    assert (chosen.cell_seconds, chosen.job_seconds) == (1, 604_800)
