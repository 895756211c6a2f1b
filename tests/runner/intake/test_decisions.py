"""The file of decisions at ingest: written once, honoured, a part of the key, never lost."""

import csv
import io

import pytest

from evallib.errors import EvallibError
from evallib.runner.intake.decisions import read_decisions, review_file, write_decisions
from evallib.runner.intake.ingestion import ingest, read_ledger
from evallib.store import Store
from tests.runner.homes import settings_in

HEAD = ("หน่วยงาน {agency}", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ {quarter}", "ข้อมูล ณ วันที่ {day}",
        "ที่,ชื่อโครงการ,สถานที่,งบประมาณ (บาท),ความก้าวหน้า (%),เบิกจ่าย (บาท),วันเริ่มต้น")  # fmt: skip
PLACE = "ต.เขาตูม อ.ยะรัง จ.ปัตตานี"


def report(settings, name, agency, quarter, day, *titles):
    """Write a report of projects of one agency."""
    head = "\n".join(HEAD).format(agency=agency, quarter=quarter, day=day)
    rows = [f"{i},{title},{PLACE},512300,10,0,5/1/2565" for i, title in enumerate(titles, 1)]
    file = settings.raw / "2565" / f"Q{quarter}" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([head, *rows]), encoding="utf-8")


@pytest.fixture(scope="session")
def ingested_home(make_once):
    def fill(home):
        settings = settings_in(home)
        report(settings, "a.csv", "โครงการชลประทานปัตตานี", 1, "24/12/2564",
               "ปรับปรุงระบบส่งน้ำ ต.เขาตูม")  # fmt: skip
        report(settings, "b.csv", "อบต.เขาตูม", 2, "24/3/2565", "โครงการปรับปรุงระบบส่งน้ำ")
        ingest(settings, workers=1)

    return make_once("doubles", fill)


@pytest.fixture
def sent(ingested_home, settings, copy_of):
    """Give two agencies that report the same project, ingested once."""
    copy_of(ingested_home, settings.raw.parent)
    return settings


def decide(settings, state):
    """Write a state and a note into the first row, as a spreadsheet saves it."""
    file = review_file(settings)
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    rows[1][0], rows[1][2] = state, "ตรวจแล้ว"
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    file.write_text(target.getvalue(), encoding="utf-8-sig")
    return file.read_bytes()


def n_projects(settings):
    return len(Store(settings.store).read("projects"))


def test_a_second_ingest_changes_neither_the_run_nor_a_byte_of_the_file(sent) -> None:
    first = read_ledger(sent.store)
    content = review_file(sent).read_bytes()
    assert b"[state]" in content
    assert n_projects(sent) == 1
    again = ingest(sent, workers=1)
    assert again.unchanged
    forced = ingest(sent, force=True, workers=1)
    assert forced.run_id == again.run_id == first.run_id
    assert review_file(sent).read_bytes() == content


def test_a_decision_is_honoured_by_the_next_ingest_and_by_all_after_it(sent) -> None:
    first = read_ledger(sent.store)
    decide(sent, "REJECTED")
    second = ingest(sent, workers=1)
    assert not second.unchanged
    assert second.run_id != first.run_id
    assert n_projects(sent) == 2
    content = review_file(sent).read_bytes()
    assert "ตรวจแล้ว".encode() in content
    assert ingest(sent, workers=1).unchanged
    report(sent, "c.csv", "อบต.เขาตูม", 3, "24/6/2565", "โครงการปรับปรุงระบบส่งน้ำ", "ทุนการศึกษา")
    ingest(sent, workers=1)
    assert n_projects(sent) == 3
    assert list(read_decisions(sent).decisions.values()) == ["REJECTED"]
    assert "ตรวจแล้ว".encode() in review_file(sent).read_bytes()


def test_a_broken_file_is_a_finding_and_is_not_touched(sent) -> None:
    broken = decide(sent, "ใช่")
    found = ingest(sent, workers=1)
    assert not found.unchanged
    assert review_file(sent).read_bytes() == broken
    told = Store(sent.store).read("findings")
    row = told[told["code"] == "duplicate.review_state_unknown"].iloc[0]
    assert (row["severity"], row["where"]) == ("error", "duplicates.csv |  | 2 | ")
    assert ingest(sent, workers=1).unchanged


def test_a_file_that_cannot_be_read_undoes_no_decision(sent) -> None:
    decide(sent, "REJECTED")
    ingest(sent, workers=1)
    review_file(sent).write_bytes(b"PK\3\4 saved as a workbook")
    ingest(sent, workers=1)
    assert n_projects(sent) == 2
    assert review_file(sent).read_bytes() == b"PK\3\4 saved as a workbook"
    assert "duplicate.review_unreadable" in set(Store(sent.store).read("findings")["code"])


def test_a_file_that_is_gone_is_written_again(sent) -> None:
    content = review_file(sent).read_bytes()
    review_file(sent).unlink()
    assert not ingest(sent, workers=1).unchanged
    assert review_file(sent).read_bytes() == content


def test_a_failed_write_leaves_what_a_person_wrote(sent, monkeypatch) -> None:
    edited = decide(sent, "CONFIRMED")
    table = Store(sent.store).read("duplicate_reviews")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_decisions(sent, table)
    assert review_file(sent).read_bytes() == edited
    left = sorted(f.name for f in review_file(sent).parent.iterdir())
    assert left == ["duplicates.csv", "links.csv"]


def test_what_a_person_writes_while_an_ingest_is_at_work_stays(sent) -> None:
    table = Store(sent.store).read("duplicate_reviews")
    decide(sent, "REJECTED")  # after the ingest had read the file as open
    assert write_decisions(sent, table)
    assert list(read_decisions(sent).decisions.values()) == ["REJECTED"]
    assert "ตรวจแล้ว".encode() in review_file(sent).read_bytes()
    assert not ingest(sent, workers=1).unchanged


def test_a_file_that_a_spreadsheet_holds_open_says_what_to_do(sent, monkeypatch) -> None:
    edited = decide(sent, "CONFIRMED")

    def held(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.replace", held)
    with pytest.raises(EvallibError, match=r"duplicates\.csv"):
        write_decisions(sent, Store(sent.store).read("duplicate_reviews"))
    assert review_file(sent).read_bytes() == edited


def test_the_ledger_of_the_database_counts_each_baht_once(sent) -> None:
    ledger = Store(sent.store).read("baht_ledger")
    assert ledger["reported"].sum() == 1_024_600
    assert ledger["duplicated"].sum() == 512_300
    projects = Store(sent.store).read("projects")
    assert ledger["unique_baht"].sum() == projects["budget_approved"].sum() == 512_300


def test_a_file_that_a_person_holds_open_stops_nothing_else(sent, monkeypatch) -> None:
    monkeypatch.setattr("evallib.runner.intake.decisions.PAUSE", 0.0)
    decide(sent, "OPEN")
    report(sent, "c.csv", "สำนักงานพัฒนาชุมชนจังหวัดปัตตานี", 2, "24/3/2565", "ปรับปรุงระบบส่งน้ำ สะดาวา")
    mark = review_file(sent).with_name(".~lock.duplicates.csv#")
    mark.touch()
    before = review_file(sent).read_bytes()
    with pytest.raises(EvallibError) as told:
        ingest(sent, workers=1)
    assert told.value.code == "decision.open_copy"
    assert review_file(sent).read_bytes() == before
    ledger = read_ledger(sent.store)
    assert ledger is not None
    assert (ledger.files, ledger.not_written) == (3, ("duplicates.csv",))

    mark.unlink()
    again = ingest(sent, workers=1)
    assert (again.unchanged, again.not_written) == (False, ())
    assert review_file(sent).read_bytes() != before
    assert ingest(sent, workers=1).unchanged
