"""Settings: the file, what wins, what is refused."""

from pathlib import Path

import pytest

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


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_settings(tmp_path / "nowhere.toml")
