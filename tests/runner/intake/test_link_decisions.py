"""Decisions on links at ingest: written once, honoured, a part of the key, never lost."""

import csv
import io

import pandas as pd
import pytest

from evallib.needs.links.review import LinkReview
from evallib.runner.intake.decisions import link_frames, link_review_file
from evallib.runner.intake.ingestion import ingest, read_ledger
from evallib.store import Store
from evallib.tables import empty
from tests.runner.homes import settings_in

PROJECTS = ("หน่วยงาน โครงการชลประทานปัตตานี", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 2", "ข้อมูล ณ วันที่ 24/3/2565",
            "ที่,ชื่อโครงการ,สถานที่,งบประมาณ (บาท),ความก้าวหน้า (%),เบิกจ่าย (บาท),วันเริ่มต้น",
            "1,ก่อสร้างระบบประปาหมู่บ้าน,ต.เขาตูม อ.ยะรัง จ.ปัตตานี,512300,10,0,5/2/2565")  # fmt: skip
NEEDS = ("สรุปความต้องการของประชาชน ต.เขาตูม อ.ยะรัง จ.ปัตตานี", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 1",
         "ข้อมูล ณ วันที่ 24/12/2564",
         "ลำดับ,ความต้องการ,หมู่ที่,ตำบล,อำเภอ,จังหวัด", "1,น้ำประปาหมู่บ้านไม่ไหล,3,เขาตูม,ยะรัง,ปัตตานี",
         "2,ขอถนนลูกรังเข้าสวน,3,เขาตูม,ยะรัง,ปัตตานี")  # fmt: skip


@pytest.fixture(scope="session")
def ingested_home(make_once):
    def fill(home):
        settings = settings_in(home)
        for name, quarter, lines in (("p.csv", 2, PROJECTS), ("ความต้องการ.csv", 1, NEEDS)):
            file = settings.raw / "2565" / f"Q{quarter}" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(lines), encoding="utf-8")
        ingest(settings, workers=1)

    return make_once("linked", fill)


@pytest.fixture
def sent(ingested_home, settings, copy_of):
    """Give two needs and a project, ingested once."""
    copy_of(ingested_home, settings.raw.parent)
    return settings


def links(settings) -> pd.DataFrame:
    return Store(settings.store).read("need_project_links")


def decide(settings, state: str) -> bytes:
    """Write a state into the first row, as a spreadsheet saves it."""
    file = link_review_file(settings)
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    rows[1][0], rows[1][2] = state, "ตรวจแล้ว"
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    file.write_text(target.getvalue(), encoding="utf-8-sig")
    return file.read_bytes()


def test_a_second_ingest_changes_neither_the_run_nor_a_byte_of_the_file(sent) -> None:
    first = read_ledger(sent.store)
    content = link_review_file(sent).read_bytes()
    assert len(links(sent)) == 1
    assert ingest(sent, workers=1).unchanged
    assert ingest(sent, force=True, workers=1).run_id == first.run_id
    assert link_review_file(sent).read_bytes() == content


def test_a_decision_holds_and_changes_the_run(sent) -> None:
    first = read_ledger(sent.store)
    edited = decide(sent, "REJECTED")
    again = ingest(sent, workers=1)
    assert again.run_id != first.run_id
    assert links(sent)["reviewer_state"].tolist() == ["rejected"]
    assert link_review_file(sent).read_bytes() == edited
    assert ingest(sent, workers=1).unchanged


def test_a_broken_file_undoes_nothing_and_is_left_alone(sent) -> None:
    decide(sent, "CONFIRMED")
    ingest(sent, workers=1)
    link_review_file(sent).write_bytes(b"PK\3\4 saved as a workbook")
    ingest(sent, workers=1)
    assert links(sent)["reviewer_state"].tolist() == ["confirmed"]
    assert link_review_file(sent).read_bytes() == b"PK\3\4 saved as a workbook"
    assert "links.review_unreadable" in set(Store(sent.store).read("findings")["code"])


def test_a_file_that_was_lost_is_written_again(sent) -> None:
    content = link_review_file(sent).read_bytes()
    link_review_file(sent).unlink()
    assert not ingest(sent, workers=1).unchanged
    assert link_review_file(sent).read_bytes() == content


def test_a_decision_follows_a_double_and_one_without_its_rows_is_told(sent) -> None:
    store = Store(sent.store)
    frames = {name: store.read(name) for name in ("needs", "projects")}
    need, kept = links(sent)[["need_id", "project_uid"]].iloc[0]
    doubles = empty("project_duplicates").reindex([0]).assign(
        project_uid=kept, duplicate_uid="P-2565-00000000", probability=0.95, state="OPEN"
    )  # fmt: skip
    frames["project_duplicates"] = doubles
    review = LinkReview({(need, "P-2565-00000000"): "rejected", ("N-gone", kept): "confirmed"})
    told = link_frames(frames, None, review)
    found = frames["need_project_links"].set_index(["need_id", "project_uid"])
    assert found.loc[(need, kept), "reviewer_state"] == "rejected"
    assert [(f.code, f.value) for f in told] == [("links.review_gone", f"N-gone {kept}")]
