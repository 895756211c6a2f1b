"""A mistake of writing that was read through is on record, and nothing else is."""

import pandas as pd
import pytest

from evallib.clean.rules.mended_texts import report_read_through
from evallib.clean.sheets.columns import Columns
from evallib.clean.sheets.sheet import Sheet

HEADINGS = ["ชื่อโครงการ", "ตำบล", "งบประมาณ (บาท)"]


def noted(title: str) -> list[tuple[str, str, str]]:
    cells = pd.DataFrame([[title, "เขาตูม", 1000]], [7], HEADINGS, dtype="object")
    columns = Columns(Sheet("a.xlsx", "s", (), cells, (), kind="projects"))
    report_read_through(columns)
    return [(f.code, f.where, f.value) for f in columns.findings]


@pytest.mark.parametrize("title", ["น\u0e4d\u0e32ดี", "เเม่นํ้าใส", "นํ้\u0e32", "ถนน\u200b"])
def test_characters_that_only_look_right_are_reported_without_their_words(title) -> None:
    assert noted(title) == [("text.repaired", "a.xlsx | s | 7 | ชื่อโครงการ", "")]


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
    assert noted(title)[0] == (code, "a.xlsx | s | 7 | ชื่อโครงการ", "")
