"""Files of decisions at ingest, however they were saved, named or held open by a person."""

import pytest

from evallib.errors import EvallibError, SchemaError
from evallib.runner.intake import decisions
from evallib.runner.intake.decisions import (
    DecisionFile,
    decisions_key,
    files_not_read,
    labels_file,
    labels_key,
    link_decisions_key,
    link_review_file,
    read_decisions,
    read_link_decisions,
    read_office_labels,
    review_file,
)
from evallib.runner.intake.ingestion import ingest
from evallib.store import Store
from tests.saved_forms import FORMS, rows_of, saved

PLACE = "ต.เขาตูม อ.ยะรัง จ.ปัตตานี"
HEAD = "ที่,ชื่อโครงการ,สถานที่,งบประมาณ (บาท),ความก้าวหน้า (%),เบิกจ่าย (บาท),วันเริ่มต้น"
SENT = {
    "a.csv": ("หน่วยงาน โครงการชลประทานปัตตานี", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 1",
              "ข้อมูล ณ วันที่ 24/12/2564", HEAD,
              f"1,ปรับปรุงระบบประปาหมู่บ้าน ต.เขาตูม,{PLACE},512300,10,0,5/1/2565"),
    "b.csv": ("หน่วยงาน อบต.เขาตูม", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 2",
              "ข้อมูล ณ วันที่ 24/3/2565", HEAD,
              f"1,โครงการปรับปรุงระบบประปาหมู่บ้าน,{PLACE},512300,10,0,5/1/2565"),
    "ความต้องการ.csv": (f"สรุปความต้องการของประชาชน {PLACE}", "ปีงบประมาณ พ.ศ. 2565 ไตรมาสที่ 1",
                       "ข้อมูล ณ วันที่ 24/12/2564", "ลำดับ,ความต้องการ,หมู่ที่,ตำบล,อำเภอ,จังหวัด",
                       "1,น้ำประปาหมู่บ้านไม่ไหล,3,เขาตูม,ยะรัง,ปัตตานี"),
}  # fmt: skip
LABEL = "น้ำประปาหมู่บ้านไม่ไหล"


@pytest.fixture
def sent(settings):
    """Give two agencies that report one project, and a need that it answers."""
    for name, lines in SENT.items():
        file = settings.raw / "2565" / "Q1" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines), encoding="utf-8")
    return settings


@pytest.fixture
def impatient(monkeypatch):
    """Wait for nobody."""
    monkeypatch.setattr(decisions, "PAUSE", 0.0)


def decided(settings) -> dict[str, list[list[str]]]:
    """Return the three files as a person fills them in: both pairs rejected, one label."""
    files = {"labels.csv": [["text", "label", "ผู้บันทึก"], [LABEL, "ROD", "ปลัด"]]}
    for file in (review_file(settings), link_review_file(settings)):
        rows = rows_of(file.read_bytes())
        rows[1][:3] = ["Rejected", "ปลัด อบต.", "=คนละงาน; ดูแล้ว"]
        files[file.name] = [[*rows[0], "ของฉัน"], *([*row, "ไม่หาย"] for row in rows[1:])]
    return files


def save(settings, files, form) -> None:
    for name, rows in files.items():
        review_file(settings).with_name(name).write_bytes(saved(rows, form))


def keys(settings) -> list[str]:
    return [
        decisions_key(read_decisions(settings)),
        link_decisions_key(read_link_decisions(settings)),
        labels_key(*read_office_labels(settings)),
    ]


def honoured(settings) -> bool:
    """Tell whether the database follows the three decisions."""
    read = Store(settings.store).read
    states = set(read("need_project_links")["reviewer_state"])
    sectors = read("needs")["sector_code"].tolist()
    return len(read("projects")) == 2 and "rejected" in states and sectors == ["ROD"]


def test_ingest_honours_decisions_in_every_form_and_the_form_changes_nothing(sent) -> None:
    ingest(sent, workers=1)
    files = decided(sent)
    save(sent, files, ("cp874", "semicolon", ""))  # as Excel in Thailand saves them
    open_keys = keys(sent)
    first = ingest(sent, workers=1)
    assert not first.unchanged
    assert honoured(sent)
    for file in (review_file(sent), link_review_file(sent)):
        rows = rows_of(file.read_bytes())
        assert rows[0][-1] == "ของฉัน"
        assert [row[2] for row in rows[1:] if row[0] == "REJECTED"] == ["'=คนละงาน; ดูแล้ว"]
        assert "ไม่หาย" in rows[-1]
    for form in FORMS:
        save(sent, files, form)
        assert keys(sent) == open_keys, form
    save(sent, files, ("utf-16 with mark", "tab", ""))
    assert ingest(sent, workers=1).unchanged


@pytest.mark.parametrize("content", [b"", b"state;need_id\nREJECTED;N1\n"])
def test_a_broken_file_undoes_nothing_and_is_left_alone(sent, content) -> None:
    ingest(sent, workers=1)
    save(sent, decided(sent), ("utf-8", "comma", ""))
    ingest(sent, workers=1)
    for file in (review_file(sent), link_review_file(sent)):
        file.write_bytes(content)
    ingest(sent, workers=1)
    assert honoured(sent)
    assert {review_file(sent).read_bytes(), link_review_file(sent).read_bytes()} == {content}
    told = set(Store(sent.store).read("findings")["code"])
    assert {"duplicate.review_unreadable", "links.review_unreadable"} <= told


def test_damaged_characters_count_and_stay_where_they_are(sent) -> None:
    ingest(sent, workers=1)
    save(sent, decided(sent), ("cp874", "comma", ""))
    file = link_review_file(sent)
    damaged = file.read_bytes().replace("ปลัด".encode("cp874"), b"\xff\xfc")
    file.write_bytes(damaged)
    ingest(sent, workers=1)
    assert honoured(sent)
    assert file.read_bytes() == damaged
    assert "decision.characters_lost" in set(Store(sent.store).read("findings")["code"])


@pytest.mark.parametrize("name", ["links.xlsx", "LINKS.CSV", "links.csv.csv", "labels.ods"])
def test_decisions_under_another_name_are_refused_not_read_as_none(sent, name) -> None:
    file = link_review_file(sent).with_name(name)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"decided")
    with pytest.raises(SchemaError) as refused:
        ingest(sent, workers=1)
    assert refused.value.code == "decision.other_name"
    assert name in refused.value.message("en")
    assert not sent.store.exists()


def test_another_name_and_a_copy_beside_the_file_are_told(sent) -> None:
    folder = labels_file(sent).parent
    folder.mkdir(parents=True)
    labels_file(sent).write_bytes(f"text,label\n{LABEL},WAT\n".encode())
    for name in ("Labels.XLSX", "labels (1).csv", "README.md", "old.csv", "~$labels.xlsx"):
        (folder / name).write_bytes(b"x")
    assert [(f.code, f.where, f.value) for f in files_not_read(sent)] == [
        ("decision.not_read", "Labels.XLSX", "labels.csv"),
        ("decision.not_read", "labels (1).csv", "labels.csv"),
    ]


def renewed(path, content: bytes) -> bool:
    return DecisionFile(path).renew(lambda _: content)


@pytest.mark.parametrize("mark", ["~$a.csv", ".~lock.a.csv#"])
def test_an_open_copy_is_waited_for_and_then_told(tmp_path, monkeypatch, mark) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"of a person")
    (tmp_path / mark).touch()
    pauses: list[float] = []
    monkeypatch.setattr(decisions.time, "sleep", pauses.append)
    with pytest.raises(EvallibError, match=r"a\.csv") as told:
        renewed(file, b"new")
    assert told.value.code == "decision.open_copy"
    assert mark in told.value.message("en")
    assert file.read_bytes() == b"of a person"
    assert pauses == [decisions.PAUSE] * (decisions.TRIES - 1)
    assert not renewed(file, b"of a person")  # nothing to write: nobody is in the way


def test_what_a_person_saves_while_being_waited_for_is_what_is_renewed(
    tmp_path, monkeypatch
) -> None:
    file, mark = tmp_path / "a.csv", tmp_path / "~$a.csv"
    file.write_bytes(b"before")
    mark.touch()

    def close(_: float) -> None:
        file.write_bytes(b"saved")
        mark.unlink()

    monkeypatch.setattr(decisions.time, "sleep", close)
    assert DecisionFile(file).renew(lambda held: (held or b"") + b" and ours")
    assert file.read_bytes() == b"saved and ours"


def test_a_file_that_cannot_be_opened_for_now_is_no_empty_file(
    tmp_path, monkeypatch, impatient
) -> None:
    file = tmp_path / "labels.csv"
    file.write_bytes(b"text,label\n")
    answers = iter([PermissionError(), PermissionError(), b"read"])

    def held(_: object) -> bytes:
        answer = next(answers, PermissionError())
        if isinstance(answer, PermissionError):
            raise answer
        return answer

    monkeypatch.setattr("pathlib.Path.read_bytes", held)
    assert DecisionFile(file).read() == b"read"
    with pytest.raises(EvallibError) as told:
        DecisionFile(file).read()
    assert told.value.code == "decision.locked"
