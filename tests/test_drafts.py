"""Drafts bear the mark of their writer; what a dead one left goes, what a live one writes stays."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evallib.drafts import draft_of, is_left, is_running, is_written, sweep_drafts, writer_in
from evallib.runner.files import write_whole
from tests.paths import ROOT

LEAVE = """
import os, sys; from pathlib import Path
from evallib.drafts import draft_of, writer_in
place = Path(sys.argv[1])
draft_of(place / "report.html").write_text("half")
sign = writer_in(place)
sign.__enter__()
os._exit(9)
"""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """Give a folder in which a process died while it wrote."""
    subprocess.run([sys.executable, "-c", LEAVE, tmp_path], cwd=ROOT, check=False)
    assert len(list(tmp_path.iterdir())) == 2
    return tmp_path


def test_what_a_dead_writer_left_is_swept(left) -> None:
    assert all(map(is_left, left.iterdir()))
    assert not is_written(left)
    sweep_drafts(left)
    assert list(left.iterdir()) == []


def test_what_is_being_written_stays(tmp_path) -> None:
    draft = draft_of(tmp_path / "report.html")
    draft.write_text("half")
    with writer_in(tmp_path):
        sweep_drafts(tmp_path)
        assert is_written(tmp_path)
        assert draft.exists()
    assert not is_written(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system tells no beginnings")
def test_a_number_of_a_process_that_was_given_again_is_not_the_writer(tmp_path) -> None:
    draft = draft_of(tmp_path / "report.html")
    process, begun, machine = draft.name.split(".")[2].split("-")
    older = draft.with_name(f".0.{process}-{int(begun) - 1}-{machine}.part")
    assert is_left(older)
    assert not is_left(draft)


def test_drafts_of_another_machine_are_left_for_a_day(tmp_path) -> None:
    draft = tmp_path / f".0.{os.getpid()}-1-00000000.part"
    draft.touch()
    assert not is_left(draft)
    old = time.time() - 90_000
    os.utime(draft, (old, old))
    assert is_left(draft)
    ahead = time.time() + 90_000  # a clock that was set back
    os.utime(draft, (ahead, ahead))
    assert not is_left(draft)


@pytest.mark.parametrize("name", ["report.html", ".hidden", "x.part", ".a.part", ".a.1-x.part"])
def test_files_of_others_are_no_drafts(tmp_path, name) -> None:
    file = tmp_path / name
    file.touch()
    sweep_drafts(tmp_path, "**/*")
    assert file.exists()


def test_a_draft_has_a_short_name_and_a_thread_one_of_its_own(tmp_path) -> None:
    file = tmp_path / f"{'ก' * 80}.xlsx"
    write_whole(file, b"x")
    assert file.read_bytes() == b"x"
    assert len(draft_of(file).name.encode()) < 70
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(draft_of, file).result() != draft_of(file)


def test_no_process_has_an_absurd_number() -> None:
    assert is_running(os.getpid())
    assert not is_running(10**30)
