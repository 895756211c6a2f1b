"""The file of decisions on links: read with care, written anew, nothing lost."""

import csv
import io

import pandas as pd
import pytest

from evallib.errors import NotFound
from evallib.needs.links.review import (
    MOST_OPEN,
    LinkReview,
    read_link_review,
    write_link_review,
)
from tests.saved_forms import FORMS, rows_of, saved

HEAD = "state,who,note,need_id,project_uid\n"
NEEDS = pd.DataFrame({
    "need_id": ["N1", "N2"], "need_text_th": ["=ขอประปา", "ขอถนน"], "sector_code": ["WAT", "ROD"],
    "tambon_code": "941012",
})  # fmt: skip
PROJECTS = pd.DataFrame({"project_uid": ["P1", "P2"], "title_th": ["ประปา", "ถนน"]})
LINKS = pd.DataFrame({
    "need_id": ["N1", "N1", "N2"], "project_uid": ["P1", "P2", "P2"], "score": [0.95, 0.4, 0.6],
    "evidence": "place tambon", "reviewer_state": "auto",
})  # fmt: skip


def rows(content: bytes) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    heads = [head[1:].split("]")[0] for head in lines[0]]
    return [dict(zip(heads, line, strict=True)) for line in lines[1:]]


def test_decisions_are_read_and_open_rows_are_none() -> None:
    review = read_link_review(
        f"{HEAD}confirmed,ปลัด,,N1,P1\nOPEN,,,N1,P2\nRejected,,x,N2,P2\n".encode()
    )
    assert review.decisions == {("N1", "P1"): "confirmed", ("N2", "P2"): "rejected"}
    assert review.findings == ()
    assert read_link_review(None) == LinkReview()


@pytest.mark.parametrize("content", [b"PK\x03\x04\xff", b"", b"a,b\n1,2\n", b'"open'])
def test_a_file_that_is_no_list_is_told(content: bytes) -> None:
    review = read_link_review(content)
    assert [f.code for f in review.findings] == ["links.review_unreadable"]
    assert review.rows == {}


def test_rows_that_cannot_be_used_are_told_at_their_line() -> None:
    review = read_link_review(f"{HEAD}maybe,,,N1,P1\nCONFIRMED,,,,P2\n,,,,\n".encode())
    assert [(f.code, f.where) for f in review.findings] == [
        ("links.review_state", "links.csv | 2"), ("links.review_state", "links.csv | 3"),
    ]  # fmt: skip
    assert review.decisions == {}


def test_two_decisions_on_one_pair_count_as_rejected() -> None:
    review = read_link_review(f"{HEAD}CONFIRMED,,,N1,P1\nREJECTED,,,N1,P1\n".encode())
    assert review.decisions == {("N1", "P1"): "rejected"}
    assert [f.code for f in review.findings] == ["links.review_conflict"]


def test_the_least_certain_come_first_and_decided_pairs_stay() -> None:
    decided = read_link_review(f"{HEAD}CONFIRMED,ปลัด,ดูแล้ว,N1,P1\nREJECTED,นายก,,N8,P9\n".encode())
    content = write_link_review(LINKS, NEEDS, PROJECTS, decided)
    found = rows(content)
    assert [(r["state"], r["need_id"], r["project_uid"]) for r in found] == [
        ("OPEN", "N1", "P2"), ("OPEN", "N2", "P2"), ("CONFIRMED", "N1", "P1"),
        ("REJECTED", "N8", "P9"),
    ]  # fmt: skip
    assert (found[2]["who"], found[2]["note"]) == ("ปลัด", "ดูแล้ว")
    assert found[0]["need"] == "'=ขอประปา"  # no formula
    again = read_link_review(content)
    assert again.decisions == decided.decisions
    assert write_link_review(LINKS, NEEDS, PROJECTS, again) == content


def test_no_more_open_pairs_than_a_person_looks_at() -> None:
    many = pd.DataFrame({
        "need_id": [f"N{i}" for i in range(MOST_OPEN + 50)], "project_uid": "P1", "score": 0.5,
        "evidence": "",
    })  # fmt: skip
    assert len(rows(write_link_review(many, NEEDS, PROJECTS, LinkReview()))) == MOST_OPEN


def test_a_decision_moves_with_a_double_to_the_project_kept() -> None:
    review = LinkReview({("N1", "P1"): "confirmed", ("N2", "P1"): "rejected",
                         ("N2", "P2"): "confirmed"})  # fmt: skip
    moved = review.moved({"P1": "P2"})
    assert moved.decisions["N1", "P2"] == "confirmed"
    assert moved.decisions["N2", "P2"] == "confirmed"  # decided on the kept project itself


@pytest.mark.parametrize("form", FORMS, ids="-".join)
def test_a_file_that_a_spreadsheet_saved_in_its_own_way_keeps_its_decisions(form) -> None:
    lines = rows_of(write_link_review(LINKS, NEEDS, PROJECTS, LinkReview()))
    lines = [[*line, extra] for line, extra in zip(lines, ("ของฉัน", "ก", "ข", "ค"), strict=True)]
    lines[1][:3] = [" rejected", "ปลัด", "=คนละเรื่อง"]
    review = read_link_review(saved(lines, form))
    assert (list(review.decisions.values()), review.findings) == (["rejected"], ())
    found = rows_of(write_link_review(LINKS, NEEDS, PROJECTS, review))
    assert found[0][-1] == "ของฉัน"
    assert [(line[0], line[2], line[-1]) for line in found[1:]] == [
        ("OPEN", "", "ข"), ("OPEN", "", "ค"), ("REJECTED", "'=คนละเรื่อง", "ก"),
    ]  # fmt: skip


def test_a_note_beside_an_open_pair_stays_when_the_pair_is_no_longer_shown() -> None:
    noted = read_link_review(f"{HEAD}OPEN,,รอถามกำนัน,N7,P7\nOPEN,,,N8,P8\n".encode())
    found = rows(write_link_review(LINKS, NEEDS, PROJECTS, noted))
    assert [(r["need_id"], r["note"]) for r in found if r["project_uid"] not in {"P1", "P2"}] == [
        ("N7", "รอถามกำนัน")
    ]


def test_text_that_a_new_file_would_not_hold_keeps_the_file_as_it_is() -> None:
    beyond = read_link_review(f"{HEAD}CONFIRMED,,,N1,P1,โทรถามแล้ว\n".encode())
    unnamed = read_link_review(b"state,,need_id,project_uid\nCONFIRMED,x,N1,P1\n")
    for review, line in ((beyond, 2), (unnamed, 1)):
        assert review.decisions == {("N1", "P1"): "confirmed"}
        assert [(f.code, f.where) for f in review.findings] == [
            ("decision.no_heading", f"links.csv | {line}")
        ]


def test_a_path_is_read_and_one_to_nothing_is_told(tmp_path) -> None:
    file = tmp_path / "links.csv"
    file.write_bytes(f"{HEAD}CONFIRMED,,,N1,P1\n".encode())
    assert read_link_review(file) == read_link_review(str(file)) != LinkReview()
    with pytest.raises(NotFound):
        read_link_review(tmp_path / "none.csv")


def test_of_two_rows_about_one_pair_nothing_that_a_person_wrote_is_lost() -> None:
    head = HEAD.replace("\n", ",ของฉัน\n")
    twice = "CONFIRMED,ก,,N1,P1,เรื่องหนึ่ง\nCONFIRMED,,ข,N1,P1,เรื่องสอง\nCONFIRMED,,,N1,P1,\n"
    review = read_link_review((head + twice).encode())
    assert review.findings == ()
    lines = rows_of(write_link_review(LINKS, NEEDS, PROJECTS, review))
    assert [(r[1], r[2], r[-1]) for r in lines if r[1]][1:] == [("ก", "ข", "เรื่องหนึ่ง / เรื่องสอง")]
