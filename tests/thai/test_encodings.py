"""Encodings of delimited and HTML files: every one that is sent, and texts saved in a wrong one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean import read_sheets
from evallib.errors import RefusedFile
from evallib.thai.encodings import decode, unmarked_utf16
from tests.clean.parts import as_cp874

LINES = "ที่,ตำบล,ความต้องการของประชาชน\n1,ปัตตานี,ซ่อมถนน “สายบ้านบน”\n2,เขตเมือง,อินเทอร์เน็ต – เนต\n"
ROWS = [["1", "ปัตตานี", "ซ่อมถนน “สายบ้านบน”"], ["2", "เขตเมือง", "อินเทอร์เน็ต – เนต"]]
LETTERS = "กขคงจชซดตถทนบปพฟมยรลวศสหอฮะัาำิีึืุูเแโใไๅๆ็่้๊๋์๐๕๙฿ ,\n-–“”1aZ"
THAI = st.text(st.sampled_from(LETTERS), min_size=1)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", []), ("utf-8-sig", []), ("cp874", []), ("utf-16", []), ("utf-32", []),
        ("utf-16-le", ["read.encoding_guessed"]), ("utf-16-be", ["read.encoding_guessed"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("form", ["csv", "tsv", "semicolons", "html"])
def test_the_same_rows_come_out_of_every_encoding(encoding, found, ends, form, tmp_path) -> None:
    file = tmp_path / "needs.xls"
    file.write_bytes(written(form).replace("\n", ends).encode(encoding))
    (sheet,) = read_sheets(file)

    assert sheet.frame.to_numpy().tolist() == ROWS
    assert codes(sheet.findings) == found


def written(form: str) -> str:
    if form == "html":
        cells = LINES.replace(",", "<td>").replace("\n", "<tr><td>").removesuffix("<tr><td>")
        # A page may claim what it likes: what counts is what its bytes are.
        return f'<html><meta charset="iso-8859-1"><table><tr><td>{cells}</table></html>'
    return LINES.replace(",", {"csv": ",", "tsv": "\t", "semicolons": ";"}[form])


@given(THAI)
def test_whatever_is_thai_comes_back_from_utf8_as_it_was(text) -> None:
    assert decode(text.encode()) == (text, [])
    assert decode(text.encode("utf-16")) == (text, [])


@given(THAI)
def test_what_was_saved_in_a_wrong_encoding_comes_back(text) -> None:
    whole = LINES * 2 + text
    for damaged in (as_cp874(whole), whole.encode("cp874").decode("latin-1")):
        back, findings = decode(damaged.encode())
        assert back == whole
        assert codes(findings) == ["read.mojibake_repaired"]


@given(THAI)
def test_a_repaired_text_needs_no_repair(text) -> None:
    back, _ = decode(as_cp874(LINES + text).encode())
    assert decode(back.encode()) == (back, [])


def test_one_damaged_column_is_repaired_and_the_others_left_alone() -> None:
    text = f"ที่,ตำบล,อินเทอร์เน็ต เนต เธอ เนื้อ\n1,ยะรัง,{as_cp874('ปัตตานี')}\n" + "2,ยะลา,เบตง\n" * 40
    back, findings = decode(text.encode())
    assert back == text.replace(as_cp874("ปัตตานี"), "ปัตตานี")
    assert [(f.code, f.severity, f.value) for f in findings] == [
        ("read.mojibake_repaired", "warning", "1")]  # fmt: skip


@pytest.mark.parametrize("text", ["name,เนต", "เธค,เนน,เธน", "café,naïve", "ÀÉ", "x,é"])
def test_words_that_only_look_damaged_are_left_alone(text) -> None:
    assert decode(text.encode()) == (text, [])


def test_letters_that_were_lost_are_counted_and_not_invented() -> None:
    back, findings = decode(as_cp874(LINES * 2, lose="\ufffd").encode())
    assert codes(findings) == ["read.mojibake_lost", "read.mojibake_repaired"]
    assert "เธ\ufffd" in back


def test_cp874_that_happens_to_be_utf8_is_thai() -> None:
    content = "เขต".encode("cp874")
    assert content.decode("utf-8") != "เขต"
    assert decode(content) == ("เขต", [])


def test_a_damaged_byte_does_not_turn_a_whole_file_into_another_encoding() -> None:
    content = (LINES * 5).encode()
    for damaged in (content[:-2], content[:300] + b"\xff" + content[300:]):
        back, findings = decode(damaged)
        assert back.startswith(LINES)
        assert codes(findings) == ["read.characters_lost"]


def test_lines_of_two_encodings_are_read_one_by_one() -> None:
    back, findings = decode(LINES.encode() + LINES.encode("cp874"))
    assert back == LINES * 2
    assert [(f.code, f.value) for f in findings] == [("read.encoding_mixed", "cp874 3, utf-8 3")]


def test_a_mark_before_another_encoding_is_told() -> None:
    back, findings = decode(b"\xef\xbb\xbf" + LINES.encode("cp874"))
    assert (back, codes(findings)) == (LINES, ["read.encoding_guessed"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LINES.encode("utf-16")[:-1], "read.damaged"),
        ("東京,大阪\n".encode("shift-jis") * 9, "read.encoding"),
        (bytes(range(0x80, 0xA0)) * 5, "read.encoding"),
    ],
)
def test_what_gives_no_thai_is_refused(content, code) -> None:
    with pytest.raises(RefusedFile) as refused:
        decode(content)
    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(content) -> None:
    try:
        text, findings = decode(content)
    except RefusedFile as refused:
        text, findings = refused.code, []
    assert isinstance(text, str)
    assert all(code.startswith("read.") for code in codes(findings))


@given(st.binary(max_size=64))
def test_utf16_without_a_mark_is_never_seen_in_utf8_or_cp874(content) -> None:
    if b"\0" not in content and b"\x0e" not in content:
        assert unmarked_utf16(content) is None


def frame(tmp_path: Path, text: str) -> list[list[object]]:
    file = tmp_path / "rows.csv"
    file.write_bytes(text.encode())
    return read_sheets(file)[0].frame.to_numpy().tolist()


@pytest.mark.parametrize("mark", [";", ",", "|", "\t", "^"])
def test_a_stated_separator_counts_and_is_no_row(mark, tmp_path) -> None:
    text = f"sep={mark}\r\nที่{mark}ตำบล{mark}งบ;,|\r\n1{mark}ตาชี{mark}5\r\n"
    if mark in ";,|":
        text = text.replace("งบ;,|", "งบ")
    assert frame(tmp_path, text) == [["1", "ตาชี", "5"]]


def test_lines_may_end_in_every_way_and_quotes_hold_them(tmp_path) -> None:
    text = 'ที่,ตำบล,หมายเหตุ\r1,ตาชี,ก\r\n2,เขาตูม,"สอง\nบรรทัด, ""อ้าง"""\n3,ยะรัง,ข'
    assert frame(tmp_path, text) == [
        ["1", "ตาชี", "ก"], ["2", "เขาตูม", 'สอง\nบรรทัด, "อ้าง"'], ["3", "ยะรัง", "ข"]]  # fmt: skip


def test_formulas_stay_the_text_that_they_are(tmp_path) -> None:
    injected = ["=SUM(A1:A2)", "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    text = "ที่,ตำบล,หมายเหตุ\n" + "".join(f'1,ตาชี,"{cell}"\n' for cell in injected)
    assert [row[2] for row in frame(tmp_path, text)] == injected
