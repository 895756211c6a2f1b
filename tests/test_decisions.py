"""One reader and writer of the files in which people decide: every form, nothing lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.decisions import (
    STATES,
    guard,
    read_content,
    read_state,
    read_table,
    unguard,
    write_table,
)
from evallib.errors import NotFound, SchemaError
from tests.saved_forms import FORMS, saved

NEEDED = ("state", "id")
ROWS = [
    ["ผล [state]", "หมายเหตุของฉัน", "[id] รหัส"],
    ["CONFIRMED", 'สองบรรทัด\nและ "คำ", ; กับ\tแท็บ', "ก1"],
    ["", "", ""],
    ["ปฏิเสธ", "'=1+1", "ก2"],
]
# letters of which no row reads as text that was saved in a wrong encoding
LETTERS = st.text("กขคงจชดตนปมยรลวสหอะาิีุู่้=+-@'\"[]();,. \t\n\rabcXYZ019", max_size=12)


@pytest.mark.parametrize("form", FORMS, ids="-".join)
def test_every_form_of_a_spreadsheet_is_the_same_table(form) -> None:
    table = read_table(saved(ROWS, form), needed=NEEDED)
    assert table.columns == ("state", "หมายเหตุของฉัน", "id")
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (2, {"state": "CONFIRMED", "หมายเหตุของฉัน": ROWS[1][1], "id": "ก1"}),
        (4, {"state": "ปฏิเสธ", "หมายเหตุของฉัน": "=1+1", "id": "ก2"}),
    ]
    assert table.findings == ()


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_quotes_and_foreign_separators_inside_of_cells_mislead_nobody(mark) -> None:
    lines = [["[state], ผล", "[id]; รหัส, ;,\t", "x\n; y"], ["OPEN", "1", "ก"]]
    content = "\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines)
    table = read_table(content.encode(), needed=NEEDED)
    assert table.columns == ("state", "id", "x\n; y")
    assert [(row.line, row.cells["id"]) for row in table.rows] == [(2, "1")]


def test_a_separator_that_a_line_names_and_line_ends_of_old_machines_are_read() -> None:
    table = read_table("sep=|\rstate|id\r\rOPEN|ก1".encode(), needed=NEEDED)
    assert [(row.line, row.cells["id"]) for row in table.rows] == [(3, "ก1")]


@pytest.mark.parametrize("heading", ["State", " STATE ", "[State]", "ผล [ state ]", "[STATE] ผล"])
def test_a_heading_is_known_by_its_name_in_any_case(heading) -> None:
    table = read_table(f"{heading},Need ID\nOPEN,1\n".encode(), needed=("state", "need_id"))
    assert table.columns == ("state", "need_id")


def test_a_heading_of_a_person_stays_as_it_was_written() -> None:
    content = "state,id,ผู้ตรวจ [1],หมายเหตุ,หมายเหตุ\nOPEN,1,ก,ข,ค\n".encode()
    table = read_table(content, needed=NEEDED)
    assert table.columns[2:] == ("ผู้ตรวจ [1]", "หมายเหตุ", "หมายเหตุ (2)")
    assert list(table.rows[0].cells.values())[2:] == ["ก", "ข", "ค"]


def test_text_without_a_heading_is_told() -> None:
    between = read_table(b"state,,id\nOPEN,x,1\n", needed=NEEDED)
    beyond = read_table(b"state,id,,\nOPEN,1,,x\n", needed=NEEDED)
    neither = read_table(b"state,,id,,\nOPEN,,1,,\n", needed=NEEDED)
    assert [(t.unnamed, t.rows[0].beyond) for t in (between, beyond, neither)] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "decision.unreadable"),
        (b" \r\n,,\r\n", "decision.columns"),
        (b"\xef\xbb\xbf", "decision.unreadable"),
        (b"PK\x03\x04state,id\nOPEN,1\n", "decision.unreadable"),
        (b"\xd0\xcf\x11\xe0state,id\n", "decision.unreadable"),
        (b'state,id\n"never ends', "decision.unreadable"),
        ("state,id\n".encode("utf-16")[:-1], "decision.unreadable"),
        ("สถานะ,รหัส\nCONFIRMED,1\n".encode(), "decision.columns"),
        (b"state\nCONFIRMED\n", "decision.columns"),
        (b"state,State,id\nOPEN,CONFIRMED,1\n", "decision.column_twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do_never_empty(content, code) -> None:
    with pytest.raises(SchemaError) as refused:
        read_table(content, needed=NEEDED, file="links.csv")
    assert refused.value.code == code
    message = refused.value.message("en")
    assert "links.csv" in message
    assert "{" not in message


def test_damaged_characters_are_told() -> None:
    table = read_table("state,id,ชื่อ\nOPEN,1,ปัตตานี".encode("cp874") + b"\xff\xfc", needed=NEEDED)
    assert [(f.code, f.severity, f.value) for f in table.findings] == [
        ("decision.characters_lost", "error", "2")
    ]


def test_a_path_to_nothing_is_no_empty_file(tmp_path) -> None:
    (tmp_path / "a.csv").write_bytes(b"state")
    assert read_content(tmp_path / "a.csv") == read_content(str(tmp_path / "a.csv")) == b"state"
    for missing in (tmp_path / "b.csv", tmp_path):
        with pytest.raises(NotFound, match="CSV"):
            read_content(missing)


def test_states_are_read_in_thai_and_english_in_any_case() -> None:
    for state in STATES:
        written = (state, state.lower(), f" {state.title()}\u00a0")
        assert {read_state(cell) for cell in written} == {state}
    assert [read_state(cell) for cell in ("รอตรวจ", " ยืนยัน ", "ปฏิเสธ", "", " ")] == [
        "OPEN", "CONFIRMED", "REJECTED", "OPEN", "OPEN",
    ]  # fmt: skip
    assert [read_state(cell) for cell in ("ใช่", "CONFIRMD", "ไม่ยืนยัน", "1")] == [None] * 4


@given(LETTERS)
def test_no_cell_is_a_formula_and_none_changes_on_its_way(cell) -> None:
    written = guard(cell)
    assert unguard(written) == cell
    assert guard(unguard(written)) == written
    assert len(written) < 2 or written[0] not in "=+-@\t\r"


@settings(max_examples=200, deadline=None)
@given(st.data(), st.booleans())
def test_what_is_written_is_read_again_with_the_columns_of_others(data, quote_all) -> None:
    extra = data.draw(st.lists(LETTERS.map(str.strip).filter(bool), max_size=3, unique=True))
    names = [*NEEDED, *(name for name in extra if "[" not in name)]
    headings = {name: name for name in names}
    rows = [
        {name: data.draw(LETTERS) for name in names} | {"id": f"N{number}"}
        for number in range(data.draw(st.integers(0, 4)))
    ]
    content = write_table(headings, rows, quote_all=quote_all)
    table = read_table(content, needed=NEEDED)
    assert table.columns == tuple(names)
    assert [dict(row.cells) for row in table.rows] == rows
    assert write_table(headings, [r.cells for r in table.rows], quote_all=quote_all) == content


def test_what_bears_the_name_and_is_no_file_is_refused_and_a_link_stays_one(tmp_path) -> None:
    from evallib.runner.intake.decisions import DecisionFile

    share = tmp_path / "share" / "links.csv"
    own = tmp_path / "review" / "links.csv"
    own.parent.mkdir()
    own.symlink_to(share)
    with pytest.raises(SchemaError) as refused:
        DecisionFile(own).read()
    assert refused.value.code == "decision.no_content"

    share.parent.mkdir()
    share.write_bytes(b"state\n")
    assert DecisionFile(own).renew(lambda held: held + b"OPEN\n")
    assert own.is_symlink()
    assert share.read_bytes() == b"state\nOPEN\n"


@pytest.mark.parametrize("name", ["links (1).csv", "links - Copy.csv", "links_old.csv"])
def test_a_copy_without_the_file_itself_is_refused(name, tmp_path) -> None:
    from evallib.runner.intake.decisions import DecisionFile

    (tmp_path / name).write_bytes(b"state\n")
    with pytest.raises(SchemaError) as refused:
        DecisionFile(tmp_path / "links.csv").read()
    assert refused.value.code == "decision.other_name"


def test_of_two_rows_about_one_pair_the_one_that_a_person_wrote_is_kept() -> None:
    from evallib.needs import read_link_review

    head = "state,who,note,need_id,project_uid\n"
    review = read_link_review(f"{head}CONFIRMED,me,important,N1,P1\nOPEN,,,N1,P1\n".encode())
    assert review.rows["N1", "P1"]["note"] == "important"
    assert review.decisions["N1", "P1"] == "confirmed"
