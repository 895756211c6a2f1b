"""What else lies in the folder of submissions: told, never opened, and the others are read."""

import os
import socket
import sys
from pathlib import Path

import pytest

from evallib.characters import is_printable
from evallib.errors import NotFound
from evallib.findings import Finding
from evallib.runner import files as runner_files
from evallib.runner.files import list_submissions, read_raw_folder
from evallib.runner.intake import ingestion
from evallib.runner.intake.corrections import write_again
from evallib.runner.intake.ingestion import ingest, read_ledger
from evallib.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs files of Unix")
ROW = "ตำบล,อำเภอ,จังหวัด,ชื่อโครงการ,งบประมาณ\nบานา,เมืองปัตตานี,ปัตตานี,ขุดบ่อ {},100000\n"
ODD = [  # file names on the disk
    "บ่อน้ำ.csv".encode("cp874"), "บ่อน้ำ.csv".encode(), b"\xff\xfe.csv", b"a\x1b[2J\x07\n.csv",
    "\u202evsc.บ่อ.csv".encode(), "ไตรมาสสี่".encode("cp874") + b"/x.csv",
]  # fmt: skip


@pytest.fixture
def quarter(settings) -> Path:
    folder = settings.raw / "2565" / "Q4"
    folder.mkdir(parents=True)
    (folder / "ดี.csv").write_text(ROW.format(0), encoding="utf-8")
    return folder


def told(settings) -> dict[str, str]:
    """Return code -> file of the findings about what was not read."""
    found = Store(settings.store).read("findings")
    here = found[found["code"].str.match(r"intake\.(?:link|not)_")]
    return dict(zip(here["where"].str.removeprefix("2565/Q4/"), here["code"], strict=True))


def test_files_are_read_whatever_bytes_their_names_are(settings, quarter) -> None:
    for number, name in enumerate(ODD, start=1):
        path = quarter / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(ROW.format(number), encoding="utf-8")
    torn = quarter / os.fsdecode("งบเสีย.xlsx".encode("cp874"))
    torn.write_bytes(b"PK\x03\x04 torn")
    report = ingest(settings, workers=1)

    inputs = Store(settings.store).read("inputs")
    assert (report.files, report.rows_accepted) == (len(ODD) + 2, len(ODD) + 1)
    assert inputs["file"].is_unique
    assert inputs["file"].map(is_printable).all()
    assert inputs["file"].str.startswith("2565/Q4/บ่อน้ำ").sum() == 2
    (refused,) = report.refused
    assert refused.startswith("2565/Q4/งบเสีย [")
    assert read_ledger(settings.store).refused == report.refused
    assert ingest(settings, workers=1).unchanged
    again = write_again(settings, workers=1)
    assert again.sheets == report.sheets == len(ODD) + 2  # no agency is stated in any
    assert torn.read_bytes() == b"PK\x03\x04 torn"


def test_the_same_names_cross_to_other_processes(settings, quarter, monkeypatch) -> None:
    monkeypatch.setattr(ingestion, "FILES_A_TASK", 1)
    (quarter / os.fsdecode(ODD[0])).write_text(ROW.format(1), encoding="utf-8")
    assert ingest(settings, workers=2).rows_accepted == 2


def test_what_is_no_file_is_told_and_never_opened(settings, quarter, monkeypatch) -> None:
    os.mkfifo(quarter / "pipe.csv")
    os.mkfifo(quarter / os.fsdecode("ท่อ.csv".encode("cp874")))
    monkeypatch.chdir(quarter)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door.csv")
    (quarter / "nowhere.csv").symlink_to("absent")
    (quarter / "round.csv").symlink_to("round.csv")
    (quarter / "zero.csv").symlink_to("/dev/zero")
    (quarter / "etc").symlink_to("/etc")
    (quarter / "up").symlink_to("..")
    (quarter / "same.csv").symlink_to("ดี.csv")
    (quarter / "โทร 0800001234.csv").symlink_to("absent")
    report = ingest(settings, workers=1)

    assert report.files == 2  # the good one, and the link to it
    codes = told(settings)
    (pipe,) = [where for where in codes if where.startswith("ท่อ [")]
    (person,) = [where for where in codes if where.startswith("โทร [ปกปิด]")]
    assert codes == {
        "pipe.csv": "intake.not_a_file", pipe: "intake.not_a_file", "up": "intake.not_a_file",
        "door.csv": "intake.not_a_file", "nowhere.csv": "intake.link_broken",
        "round.csv": "intake.link_broken", person: "intake.link_broken",
        "zero.csv": "intake.link_outside", "etc": "intake.link_outside",
    }  # fmt: skip
    assert ingest(settings, workers=1).unchanged
    (quarter / "pipe.csv").unlink()
    assert not ingest(settings, workers=1).unchanged  # what is told is part of the tables
    assert "pipe.csv" not in told(settings)


def test_a_folder_of_nothing_that_can_be_read_says_what_to_do(settings, quarter) -> None:
    (quarter / "ดี.csv").unlink()
    os.mkfifo(quarter / "pipe.csv")
    for look in (list_submissions, read_raw_folder):
        with pytest.raises(NotFound, match="evallib demo"):
            look(settings.raw)


def test_a_file_that_may_not_be_read_is_told(settings, quarter, monkeypatch) -> None:
    (quarter / "closed.csv").write_text(ROW.format(1), encoding="utf-8")
    really = os.open

    def refuse(path, *rest, **more):  # nothing is closed to root, who may run the tests
        if str(path).endswith("closed.csv"):
            raise PermissionError(13, "Permission denied")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert ingest(settings, workers=1).files == 1
    assert told(settings) == {"closed.csv": "intake.not_opened"}
    monkeypatch.undo()
    assert ingest(settings, workers=1).files == 2
    assert told(settings) == {}


def test_a_pipe_that_takes_the_place_of_a_listed_file_is_not_waited_for(
    settings, quarter, monkeypatch
) -> None:
    late = quarter / "late.csv"
    late.write_text(ROW.format(1), encoding="utf-8")
    listing = runner_files._look_through(settings.raw)
    late.unlink()
    os.mkfifo(late)
    monkeypatch.setattr(runner_files, "_look_through", lambda _: listing)
    folder = read_raw_folder(settings.raw)
    assert list(folder.hashes) == [quarter / "ดี.csv"]
    assert [finding.code for finding in folder.findings] == ["intake.not_opened"]


@pytest.mark.parametrize("moment", ["before it is opened", "while it is read"])
def test_a_file_that_goes_meanwhile_is_told_and_read_when_it_is_back(
    settings, quarter, monkeypatch, moment
) -> None:
    fleeting = quarter / "fleeting.csv"
    fleeting.write_text(ROW.format(1), encoding="utf-8")
    import evallib.clean.submission as reading

    if moment == "before it is opened":
        really = ingestion._read_all
        monkeypatch.setattr(
            ingestion, "_read_all",
            lambda *a, **k: (fleeting.unlink(), really(*a, **k))[1],
        )  # fmt: skip
    else:
        read = reading.read_in_child

        def gone(path: Path) -> object:
            if path == fleeting:
                fleeting.unlink()
            return read(path)

        monkeypatch.setattr(reading, "read_in_child", gone)
    report = ingest(settings, workers=1)
    assert report.files == 1
    assert told(settings) == {"fleeting.csv": "intake.not_opened"}

    monkeypatch.undo()
    fleeting.write_text(ROW.format(1), encoding="utf-8")  # as it was when it was listed
    later = ingest(settings, workers=1)
    assert (later.unchanged, later.files) == (False, 2)
    assert told(settings) == {}


def test_all_files_may_go(settings, quarter, monkeypatch) -> None:
    monkeypatch.setattr(ingestion, "_read_some", lambda files, _=None, **__: [None for _ in files])
    with pytest.raises(NotFound):
        ingest(settings, workers=1)
    assert not settings.store.exists()


def test_words_about_them_are_whole_in_both_languages() -> None:
    for code in ("link_broken", "link_outside", "not_a_file", "not_opened"):
        for language in ("th", "en"):
            assert "{" not in Finding(f"intake.{code}", "warning", "a.csv", "-").message(language)
