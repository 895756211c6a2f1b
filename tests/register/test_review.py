"""The file of decisions: what a person wrote is honoured, and safe when the file is broken."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import NotFound
from evallib.i18n import catalog
from evallib.register import read_review, write_review
from evallib.register.carried_decisions import carry_decisions
from evallib.register.projects import build_register
from evallib.register.review import Review, columns, heading, review_of_table
from evallib.tables import conform, empty
from tests.saved_forms import FORMS, rows_of, saved

DAY = pd.to_datetime(["2021-12-24", "2022-03-24"])
BOM = b"\xef\xbb\xbf"


def line(row, title, agency, *, baht=512_300.0, tambon="941002", quarter=1, start="2022-01-05"):
    """Return a row of a report as `build_register` takes it."""
    return {
        "file": f"{agency}.xlsx", "sheet": "", "row": row, "title_th": title, "agency_id": agency,
        "agency_raw": agency, "agency_project_code": None, "budget_code": None,
        "budget_approved": baht, "start_date": pd.Timestamp(start), "end_date": pd.NaT,
        "fiscal_year": 2565, "reported_year": 2565, "quarter": quarter, "as_of": DAY[quarter - 1],
        "tambon_code": tambon, "amphoe_code": "9410", "province_code": "94",
        "location_precision": 3 if tambon else 4, "status": None, "physical_pct": 10.0,
        "disbursed_cum": 0.0, "beneficiaries_actual": None, "problem_text": None, "target_n": None,
        "objective_th": None, "plan_source": None,
    }  # fmt: skip


ONE = line(5, "ปรับปรุงระบบส่งน้ำ ต.สะดาวา", "RID-94")
SURE = line(6, "โครงการปรับปรุงระบบส่งน้ำ", "PAO-94", quarter=2)
UNSURE = line(7, "ปรับปรุงระบบส่งน้ำสายหลัก", "CDD-94", quarter=2, start="2022-02-19", baht=515_000.0)


def register(*rows, review=None):
    return build_register(pd.DataFrame(list(rows)), review)


def table(*rows, review=None):
    found, refused = conform(register(*rows, review=review).duplicate_reviews, "duplicate_reviews")
    assert refused == []
    return found


def lines_of(content):
    """Return the rows of a file by the names in brackets of its headings."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    names = [cell[cell.rfind("[") + 1 : -1] if "[" in cell else cell for cell in rows[0]]
    return [dict(zip(names, row, strict=True)) for row in rows[1:]]


def edited(content, *, line=0, **changes):
    """Return a file in which a person changed cells of one line."""
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for name, value in changes.items():
        at = next(i for i, cell in enumerate(rows[0]) if cell.endswith(f"[{name}]"))
        rows[line + 1][at] = value
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return BOM + target.getvalue().encode()


def delimited(text, mark):
    """Return a CSV text with another mark between its cells."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=mark).writerows(csv.reader(io.StringIO(text, newline="")))
    return target.getvalue()


def test_the_file_is_for_excel_and_says_both_sides_and_the_evidence_in_thai() -> None:
    content = write_review(table(ONE, SURE), Review())
    (row,) = lines_of(content)
    assert content.startswith(BOM)
    assert (row["state"], row["who"], row["note"]) == ("OPEN", "", "")
    assert row["counted"] == "นับครั้งเดียวแล้ว"
    assert {row["title_th"], row["other_title"]} == {ONE["title_th"], SURE["title_th"]}
    assert {row["budget_approved"], row["other_budget"]} == {"512300.00"}
    assert {row["place"], row["other_place"]} == {"ต.สะดาวา อ.ยะรัง จ.ปัตตานี"}
    assert "ชื่องานคล้ายกัน 100%" in row["evidence"]
    assert "วงเงินเท่ากัน" in row["evidence"]
    assert heading("state").endswith("[state]")


def test_every_field_of_evidence_has_words() -> None:
    from evallib.register.likeness import FIELDS

    assert {f"duplicate.field_{name}" for name in FIELDS} <= set(catalog())


def test_the_same_table_gives_the_same_bytes_and_reading_them_back_changes_nothing() -> None:
    rows = table(ONE, SURE, UNSURE)
    first = write_review(rows, Review())
    again = write_review(rows, read_review(first))
    assert len(rows) == 3
    assert first == again == write_review(table(UNSURE, SURE, ONE), read_review(again))


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.encode("cp874"),
        lambda text: text.encode(),
        lambda text: text.replace("\r\n", "\n").encode("utf-8-sig"),
        lambda text: delimited(text, "\t").encode("utf-16"),
        lambda text: delimited(text, ";").encode("utf-8-sig"),
        lambda text: "\n".join(f"{row},," for row in text.splitlines()).encode("utf-8-sig"),
    ],
)
def test_a_file_that_a_spreadsheet_saved_in_its_own_way_is_read(saved) -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state=" confirmed ")
    review = read_review(saved(content.decode("utf-8-sig")))
    assert review.findings == ()
    assert list(review.decisions.values()) == ["CONFIRMED"]


@pytest.mark.parametrize("form", FORMS, ids="-".join)
def test_every_form_of_a_spreadsheet_gives_the_same_decisions_and_bytes(form) -> None:
    rows, now = rows_of(write_review(NOW, Review())), NOW
    rows[1][:3] = ["ปฏิเสธ", "ปลัด", "=คนละงาน; ดูแล้ว"]
    first = write_review(now, read_review(saved(rows)))
    review = read_review(saved(rows, form))
    assert (list(review.decisions.values()), review.findings) == (["REJECTED"], ())
    assert write_review(now, review) == first
    assert rows_of(first)[1][:3] == ["REJECTED", "ปลัด", "'=คนละงาน; ดูแล้ว"]


def test_a_path_is_read_and_one_to_nothing_is_told(tmp_path) -> None:
    file = tmp_path / "duplicates.csv"
    file.write_bytes(SAVED)
    assert read_review(file) == read_review(str(file)) == read_review(SAVED) != Review()
    with pytest.raises(NotFound):
        read_review(tmp_path / "none.csv")


def test_rejected_is_never_merged_and_confirmed_always_is() -> None:
    before = register(ONE, SURE)
    content = write_review(before.duplicate_reviews, Review())
    assert len(before.projects) == 1
    apart = register(ONE, SURE, review=read_review(edited(content, state="REJECTED")))
    assert len(apart.projects) == 2
    assert apart.project_duplicates["state"].tolist() == ["REJECTED"]

    unsure = register(ONE, UNSURE)
    content = write_review(unsure.duplicate_reviews, Review())
    assert len(unsure.projects) == 2
    joined = register(ONE, UNSURE, review=read_review(edited(content, state="CONFIRMED")))
    assert len(joined.projects) == 1
    assert joined.baht_ledger["unique_baht"].sum() == 512_300
    assert joined.baht_ledger["duplicated"].sum() == 515_000


def test_what_a_person_wrote_stays_whatever_the_data_become() -> None:
    content = write_review(table(ONE, SURE), Review())
    content = edited(content, state="REJECTED", who="หัวหน้ากลุ่มแผน", note='คนละงาน, ดู "แบบ"\nหน้า 2')
    review = read_review(content)
    (kept,) = lines_of(write_review(table(ONE, SURE, review=review), review))
    (gone,) = lines_of(write_review(table(ONE, review=review), review))
    for row in (kept, gone):
        assert (row["state"], row["who"]) == ("REJECTED", "หัวหน้ากลุ่มแผน")
        assert row["note"] == 'คนละงาน, ดู "แบบ"\nหน้า 2'
    assert gone["counted"] == "ไม่อยู่ในข้อมูลชุดนี้แล้ว"
    back = read_review(write_review(table(ONE, review=review), review))
    assert len(register(ONE, SURE, review=back).projects) == 2  # found again: still rejected


def test_an_open_pair_that_is_gone_leaves_the_file_unless_a_person_wrote_there() -> None:
    content = write_review(table(ONE, SURE), Review())
    assert lines_of(write_review(table(ONE), read_review(content))) == []
    noted = read_review(edited(content, note="รอถาม อบจ."))
    assert [r["note"] for r in lines_of(write_review(table(ONE), noted))] == ["รอถาม อบจ."]


def test_a_column_that_a_person_added_is_kept() -> None:
    text = write_review(table(ONE, SURE), Review()).decode("utf-8-sig").splitlines()
    content = "\r\n".join([f"{text[0]},ลำดับ", f"{text[1]},๑"]).encode("utf-8-sig")
    (row,) = lines_of(write_review(table(ONE, SURE), read_review(content)))
    assert row["ลำดับ"] == "๑"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "ซ้ำ"}, "duplicate.review_state_unknown"),
        ({"relation": "x"}, "duplicate.review_no_key"),
        ({"other_uid": ""}, "duplicate.review_no_key"),
    ],
)
def test_a_broken_row_is_a_finding_without_its_words_and_decides_nothing(change, code) -> None:
    content = write_review(table(ONE, SURE), Review())
    review = read_review(edited(content, note="ความลับ", **change))
    (finding,) = review.findings
    assert (finding.code, finding.severity) == (code, "error")
    assert finding.where == "duplicates.csv |  | 2 | "
    assert "ซ้ำ" not in finding.value
    assert "ความลับ" not in finding.value
    assert review.decisions == {}
    told = register(ONE, SURE, review=review).findings
    assert code in {f.code for f in told}


def test_a_column_without_a_heading_stops_the_file_from_being_written_anew() -> None:
    text = write_review(table(ONE, SURE), Review()).decode("utf-8-sig").splitlines()
    broken = "\r\n".join([text[0].replace(",", ",,", 1), text[1].replace(",", ",คำ,", 1)])
    review = read_review(broken.encode())
    assert [f.code for f in review.findings] == ["duplicate.review_unreadable"]


def test_two_rows_that_contradict_each_other_decide_nothing() -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state="CONFIRMED").decode()
    head, row = content.splitlines()
    both = "\n".join([head, row, row.replace("CONFIRMED", "REJECTED")]).encode()
    review = read_review(both)
    assert [f.code for f in review.findings] == ["duplicate.review_contradicts"]
    assert review.decisions == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\3\4 a workbook",
        "ไม่มีหัวคอลัมน์".encode(),
        b'"never ends',
        b"a,a\n1,2",
    ],
)
def test_a_file_that_is_none_is_a_finding(content) -> None:
    review = read_review(content)
    assert [f.code for f in review.findings] == ["duplicate.review_unreadable"]
    assert (review.decisions, review.rows) == ({}, {})


def test_decisions_of_a_broken_file_come_from_the_table_of_the_last_ingest() -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state="REJECTED")
    decided = table(ONE, SURE, review=read_review(content))
    broken = read_review(b"PK\3\4")
    again = review_of_table(decided, broken.findings)
    assert list(again.decisions.values()) == ["REJECTED"]
    assert again.findings == broken.findings


def test_no_cell_is_a_formula_in_a_spreadsheet() -> None:
    bad = SURE | {"title_th": '=HYPERLINK("x")ปรับปรุงระบบส่งน้ำ'}
    content = edited(write_review(table(ONE, bad), Review()), note="+1", who="-")
    (row,) = lines_of(write_review(table(ONE, bad), read_review(content)))
    assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
    assert (row["note"], row["who"]) == ("'+1", "-")


def test_a_decision_outlives_a_title_that_changed_a_little() -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state="REJECTED", who="ผู้ตรวจ")
    review = read_review(content)
    drifted = SURE | {"title_th": "โครงการปรับปรุงระบบส่งน้ำำ"}
    now = register(ONE, drifted, review=review)
    old = {u for key in review.rows for u in key[1:]}
    assert set(now.projects["project_uid"]) != old  # the id did change
    assert len(now.projects) == 2
    codes = [f.code for f in now.findings if f.code.startswith("duplicate.")]
    assert codes == ["duplicate.decision_carried"]

    after = write_review(now.duplicate_reviews, review)
    (row,) = lines_of(after)
    assert (row["state"], row["who"]) == ("REJECTED", "ผู้ตรวจ")
    assert {row["project_uid"], row["other_uid"]} == old
    assert drifted["title_th"] in {row["title_th"], row["other_title"]}
    again = read_review(after)
    assert again.decisions == review.decisions
    assert write_review(register(ONE, drifted, review=again).duplicate_reviews, again) == after


@pytest.mark.parametrize(
    "other",
    [
        SURE | {"title_th": "โครงการปรับปรุงระบบส่งน้ำ ระยะที่ 2"},
        SURE | {"title_th": "ทุนการศึกษา"},
        SURE | {"title_th": "โครงการปรับปรุงระบบส่งน้ำำ", "agency_id": "DGR", "agency_raw": "DGR"},
        SURE | {"title_th": "โครงการปรับปรุงระบบส่งน้ำำ", "tambon_code": "941012"},
    ],
)
def test_a_decision_is_not_carried_to_another_project(other) -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state="CONFIRMED")
    now = register(ONE, other, review=read_review(content))
    waits = [f for f in now.findings if f.code == "duplicate.decision_waits"]
    assert len(waits) == 1
    assert waits[0].severity == "info"


def test_of_two_projects_that_a_row_may_mean_none_is_taken() -> None:
    content = edited(write_review(table(ONE, SURE), Review()), state="CONFIRMED")
    one = register(ONE, SURE | {"title_th": "โครงการปรับปรุงระบบส่งน้ำา"}).projects
    two = pd.concat([one, one.assign(project_uid="P-2565-x")])
    assert carry_decisions(read_review(content), two).decisions == {}


def test_parts_of_a_lump_are_decided_in_the_same_file() -> None:
    whole = line(5, "พัฒนาแหล่งน้ำ อ.ยะรัง", "PAO-94", baht=900_000.0, tambon=None)
    parts = [line(6, "พัฒนาแหล่งน้ำ ต.สะดาวา", "PAO-94", baht=5e5),
             line(7, "พัฒนาแหล่งน้ำ ต.เขาตูม", "PAO-94", baht=4e5, tambon="941012")]  # fmt: skip
    found = register(whole, *parts)
    content = write_review(found.duplicate_reviews, Review())
    assert [r["relation"] for r in lines_of(content)] == ["part", "part"]
    assert found.baht_ledger["unique_baht"].tolist() == [900_000]
    assert {f.code for f in found.findings} >= {"duplicate.part_counted"}
    review = read_review(edited(content, state="REJECTED"))
    assert len(register(whole, *parts, review=review).projects) == 3
    ledger = register(whole, *parts, review=review).baht_ledger
    assert ledger["contained"].item() in {4e5, 5e5}


def test_a_project_without_budget_takes_that_of_its_double_with_a_finding() -> None:
    found = register(ONE | {"budget_approved": None}, SURE | {"start_date": ONE["start_date"]})
    assert found.projects["budget_approved"].tolist() == [512_300]
    assert [f.value for f in found.findings if f.code == "duplicate.budget_taken"] == ["512,300.00"]
    assert found.baht_ledger["unique_baht"].sum() == 512_300


def test_columns_of_the_file_are_those_of_the_table_and_of_the_person() -> None:
    assert columns()[:3] == ["state", "who", "note"]
    assert len(set(columns())) == len(columns())


def test_mess_case_of_a_row_that_an_export_holds_twice_is_one_project_with_a_finding() -> None:
    found = register(ONE, ONE | {"row": 6})
    assert len(found.projects) == 1
    assert [f.code for f in found.findings] == ["intake.row_repeated"]
    line = found.baht_ledger.iloc[0]
    assert line[["reported", "repeated", "unique_baht"]].tolist() == [1_024_600, 512_300, 512_300]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_the_bytes_no_row_of_a_person_is_lost_or_an_ingest_ended(data) -> None:
    """Cut, doubled and overwritten files: what is not understood is a finding, the rest is kept."""
    whole = bytearray(SAVED)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    review = read_review(bytes(whole))
    if review.findings:
        assert {f.severity for f in review.findings} == {"error"}
        return
    again = read_review(write_review(empty("duplicate_reviews"), review))
    assert again.findings == ()
    assert again.decisions == review.decisions


SAVED = edited(write_review(table(ONE, SURE), Review()), state="CONFIRMED", note="ดูแล้ว")
NOW = table(ONE, SURE)


def test_of_two_rows_about_one_pair_nothing_that_a_person_wrote_is_lost() -> None:
    lines = rows_of(write_review(table(ONE, UNSURE), Review()))
    head, row = [*lines[0], "ของฉัน"], lines[1]
    content = saved(
        [head, ["CONFIRMED", "ก", "", *row[3:], "ค"], ["CONFIRMED", "", "ข", *row[3:], ""]],
        FORMS[0],
    )
    review = read_review(content)
    assert review.findings == ()
    (kept,) = lines_of(write_review(table(ONE, UNSURE), review))
    assert (kept["who"], kept["note"], kept["ของฉัน"]) == ("ก", "ข", "ค")
