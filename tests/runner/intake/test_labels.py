"""Labels of the office at ingest: followed, a part of the key, told where they are wrong."""

import pytest

from evallib.errors import SchemaError
from evallib.runner.intake.decisions import labels_file
from evallib.runner.intake.ingestion import ingest
from evallib.store import Store

HEAD = ("หน่วยงาน โครงการชลประทานปัตตานี", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 1", "ข้อมูล ณ วันที่ 24/12/2564",
        "ที่,ชื่อโครงการ,สถานที่,งบประมาณ (บาท),ความก้าวหน้า (%),เบิกจ่าย (บาท),วันเริ่มต้น",
        "1,กรงนกเขาชวาเสียง,ต.เขาตูม อ.ยะรัง จ.ปัตตานี,512300,10,0,5/1/2565")  # fmt: skip


@pytest.fixture
def sent(settings):
    file = settings.raw / "2565" / "Q1" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(HEAD), encoding="utf-8")
    return settings


def label(settings, *rows: str) -> None:
    file = labels_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["text,label", *rows]), encoding="utf-8")


def test_a_label_decides_and_changing_it_makes_ingest_run_again(sent) -> None:
    first = ingest(sent, workers=1)
    label(sent, "กรงนกเขาชวาเสียง,REL-FES")
    second = ingest(sent, workers=1)
    assert second.run_id != first.run_id
    project = Store(sent.store).read("projects").iloc[0]
    assert project[["sector_code", "sector_conf", "sector_method"]].tolist() == [
        "REL", 1.0, "statements",
    ]  # fmt: skip
    assert ingest(sent, workers=1).unchanged


def test_a_label_that_is_no_code_is_a_finding_at_its_line(sent) -> None:
    label(sent, "กรงนก,BIRD")
    ingest(sent, workers=1)
    told = Store(sent.store).read("findings").query("code == 'needs.label_unknown'")
    assert told[["where", "value"]].to_numpy().tolist() == [["labels.csv | 2", "BIRD"]]


def test_a_file_without_its_columns_stops_before_anything_is_read(sent) -> None:
    labels_file(sent).parent.mkdir(parents=True)
    labels_file(sent).write_text("a,b\n", encoding="utf-8")
    with pytest.raises(SchemaError) as refused:
        ingest(sent, workers=1)
    assert refused.value.code == "needs.labels_columns"
    assert not sent.store.exists()
