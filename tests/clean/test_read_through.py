"""A mistake of writing that was read through is on record, and nothing else is."""

import pandas as pd
import pytest

from evallib.clean.columns import Columns
from evallib.clean.read import Sheet
from evallib.clean.read_through import report_read_through

HEADINGS = ["ชื่อโครงการ", "ตำบล", "อำเภอ", "จังหวัด", "งบประมาณ (บาท)"]


def noted(title: str, tambon: str, code: str | None) -> list[tuple[str, str, str]]:
    cells = pd.DataFrame([[title, tambon, "ยะรัง", "ปัตตานี", 1000]], [7], HEADINGS, dtype="object")
    columns = Columns(Sheet("a.xlsx", "s", (), cells, ()), "projects")
    report_read_through(columns, pd.DataFrame({"tambon_code": [code]}, index=[7]))
    return [(f.code, f.where, f.value) for f in columns.findings]


@pytest.mark.parametrize(
    "tambon", ["เขาตูม", "ต.เขาตูม", "ตำบล เขาตูม อำเภอยะรัง", "ตำบลเขาตูมอำเภอยะรัง", "941012"]
)
def test_what_is_written_as_in_the_register_is_not_reported(tambon) -> None:
    assert noted("ถนนน้ำดี", tambon, "941012") == []


def test_a_misspelt_tambon_is_reported_with_the_name_that_it_was_read_as() -> None:
    place = ("intake.place_corrected", "a.xlsx | s | 7 | ตำบล", "เขาตูม")
    for wrong in ("เขาตุม", "เขาตูมม", "เขขาตูม", "ต.เขาตูมมอ.ยะรัง"):
        assert noted("ถนน", wrong, "941012") == [place]
    assert noted("ถนน", "เขาตุม", None) == []  # not read at all: another finding says so


def test_an_amphoe_of_the_same_name_does_not_stand_for_a_misspelt_tambon() -> None:
    for right in ("ต.ยะหา อ.ยะหา จ.ยะลา", "ตำบลยะหาอำเภอยะหา", "อ.ยะหา ต.ยะหา"):
        assert noted("ถนน", right, "950501") == []
    for wrong in ("ต.ยะหหา อ.ยะหา จ.ยะลา", "อำเภอยะหาตำบลยะหหา"):
        assert [value for _, _, value in noted("ถนน", wrong, "950501")] == ["ยะหา"]


@pytest.mark.parametrize("title", ["น\u0e4d\u0e32ดี", "เเม่นํ้าใส", "นํ้\u0e32", "ถนน\u200b"])
def test_characters_that_only_look_right_are_reported_without_their_words(title) -> None:
    assert noted(title, "เขาตูม", "941012") == [("text.repaired", "a.xlsx | s | 7 | ชื่อโครงการ", "")]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("»ÑµµÒ¹Õ", "text.mojibake"),
        ("เธ\ufffdเธฑเธ•เธ•เธฒเธ\ufffdเธต", "text.mojibake_lost"),
        ("เคร(cid:201)ืองวดัคลน(cid:201)ืและกระแสนาํ(cid:202)", "text.pdf_order"),
        ("บ ร ร ย า ย ส รุ ป จั ง ห วั ด", "text.letter_spaced"),
    ],
)
def test_a_damaged_text_is_a_warning_without_its_words(title, code) -> None:
    assert noted(title, "เขาตูม", "941012")[0] == (code, "a.xlsx | s | 7 | ชื่อโครงการ", "")
