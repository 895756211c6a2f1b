"""The secret of respondents: where it may lie, who may read it, what never happens by itself."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evallib.config import Settings, read_settings
from evallib.errors import DisclosureError
from evallib.privacy.respondent_key import (
    MADE_UP_KEY,
    choose_key,
    key_mark,
    key_path,
    make_key,
    read_key,
    settle_key,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of files are those of Unix")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """Give a home without a secret, and work in an empty project beside it."""
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "home"


def refused(call) -> DisclosureError:
    with pytest.raises(DisclosureError) as error:
        call()
    for language in ("th", "en"):
        assert len(error.value.message(language).splitlines()) == 3
    return error.value


def test_it_lies_in_the_home_of_the_user_or_where_the_system_says(home, monkeypatch) -> None:
    assert key_path(Settings()) == home / ".config" / "evallib" / "respondents.key"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    assert key_path(Settings()) == home / "elsewhere" / "evallib" / "respondents.key"
    monkeypatch.setenv("XDG_CONFIG_HOME", "no/whole/path")
    assert key_path(Settings()) == home / ".config" / "evallib" / "respondents.key"


def test_a_setting_names_another_place(home) -> None:
    file = home.parent / "project" / "evallib.toml"
    for written, meant in (("~/safe/k.key", home / "safe" / "k.key"),
                           ("../safe/k.key", home.parent / "safe" / "k.key")):  # fmt: skip
        file.write_text(f'key_file = "{written}"', encoding="utf-8")
        assert key_path(read_settings()) == meant


@posix
def test_it_is_made_once_for_its_owner_alone(home) -> None:
    key, made = settle_key(Settings(), "")
    file = key_path(Settings())
    assert (made, len(key), settle_key(Settings(), "")) == (True, 32, (key, False))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [f.name for f in file.parent.iterdir()] == ["respondents.key"]


def test_of_many_calls_at_once_all_get_one_secret(home) -> None:
    file = home / "respondents.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: make_key(file), range(24)))
    assert keys == {read_key(file)}


@pytest.mark.parametrize("inside", ["raw", "store", "reports", "notebooks"])
def test_it_may_lie_in_no_folder_of_the_project_whatever_leads_there(home, inside) -> None:
    folder = getattr(Settings(), inside)
    folder.mkdir(parents=True)
    link = home.parent / "link"
    link.symlink_to(folder.resolve(), target_is_directory=True)
    for file in (folder / "deep" / "k", folder / ".." / folder.name / "k", link / "k"):
        error = refused(lambda file=file: settle_key(Settings(key_file=file), ""))
        assert (error.code, error.values["inside"]) == ("privacy.key_inside", inside)
    assert not list(folder.iterdir())


def test_it_may_lie_in_no_repository(home) -> None:
    subprocess.run(["git", "init", "-q", home.parent / "work"], check=True)
    error = refused(lambda: settle_key(Settings(key_file=home.parent / "work" / "a" / "k"), ""))
    assert error.code == "privacy.key_inside"
    (home.parent / "tree").mkdir()
    (home.parent / "tree" / ".git").write_text("gitdir: elsewhere", encoding="utf-8")
    error = refused(lambda: settle_key(Settings(key_file=home.parent / "tree" / "k"), ""))
    assert error.code == "privacy.key_inside"


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o644])
def test_a_secret_that_others_may_read_or_change_is_refused(home, mode) -> None:
    settle_key(Settings(), "")
    file = key_path(Settings())
    file.chmod(mode)
    assert refused(lambda: settle_key(Settings(), "")).code == "privacy.key_open"
    file.chmod(0o600)
    file.parent.chmod(0o770)  # who may write the folder may put another secret there
    error = refused(lambda: settle_key(Settings(), ""))
    assert (error.code, error.values["command"]) == (
        "privacy.key_open",
        f"chmod 700 '{file.parent}'",
    )


@pytest.mark.parametrize("content", [b"", b"ab" * 31, b"ab" * 33, b"zz" * 32, b"\xff" * 64,
                                     b"ab" * 5000])  # fmt: skip
def test_a_damaged_secret_is_refused_and_never_shown_or_replaced(home, content) -> None:
    settle_key(Settings(), "")
    file = key_path(Settings())
    file.write_bytes(content)
    error = refused(lambda: settle_key(Settings(), ""))
    assert error.code == "privacy.key_damaged"
    assert error.__cause__ is None
    assert not content or content.decode("latin-1")[:8] not in str(error)
    assert file.read_bytes() == content


def test_a_lost_or_another_secret_is_told_and_not_made_anew(home) -> None:
    key, _ = settle_key(Settings(), "")
    file, mark = key_path(Settings()), key_mark(key)
    assert settle_key(Settings(), mark) == (key, False)
    kept = file.rename(file.with_name("kept"))
    assert refused(lambda: settle_key(Settings(), mark)).code == "privacy.key_lost"
    assert refused(lambda: settle_key(Settings(), None)).code == "privacy.key_lost"
    assert not file.exists()
    other, made = settle_key(Settings(), mark, new=True)
    assert (made, other != key) == (True, True)
    error = refused(lambda: settle_key(Settings(), mark))
    assert (error.code, error.values["mark"]) == ("privacy.key_changed", mark)
    kept.replace(file)
    assert settle_key(Settings(), mark) == (key, False)


@posix
def test_a_place_that_cannot_be_written_is_told(home) -> None:
    if os.geteuid() == 0:
        (home / "x").parent.mkdir(parents=True)
        (home / "x").write_text("a file where a folder should be", encoding="utf-8")
        file = home / "x" / "k"
    else:
        home.mkdir(mode=0o500)
        file = home / "deep" / "k"
    assert refused(lambda: make_key(file)).code == "privacy.key_not_written"


def test_only_made_up_people_get_the_secret_that_all_know() -> None:
    assert choose_key(b"office", people=False) == choose_key(None, people=False) == MADE_UP_KEY
    assert choose_key(b"office", people=True) == b"office"
    assert refused(lambda: choose_key(None, people=True)).code == "privacy.key_needed"
