"""Texts that show something else than they hold are said, and names of sheets made harmless."""

import pytest

from evallib.clean.files.disguised import uncover
from evallib.clean.files.grid import Grid
from evallib.findings import Finding


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_each_mark_of_direction_is_found_in_every_row_that_has_it(mark) -> None:
    text = f"100{mark}"
    rows = [["ที่", "งบ"], [1, text], [2, 100], [text, text], [None, "ปกติ"]]
    (grid,), findings = uncover([Grid("แผ่น", rows)], [])
    assert [list(row) for row in grid.rows] == rows  # cells stay as they were sent
    assert findings == [Finding("read.directions", "warning", "แผ่น", "3 (A4, B2, B4)")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ก\u202eข", "กข"), ("ก | ข", "ก / ข"), ("a|b", "a / b"), ("ก\nข\x07", "กข"), ("", ""),
        ("ปกติ 1", "ปกติ 1"),
    ],
)  # fmt: skip
def test_a_sheet_goes_by_a_name_that_breaks_no_place_of_a_finding(name, shown) -> None:
    grids, findings = uncover([Grid(name, [["x"]])], [Finding("read.hidden_rows", "warning", name)])
    assert grids[0].name == findings[0].where == shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\u0441ode", True), ("รหัส\u0410", True), ("l\u03b1t", True), ("Москва", False),
        ("α = 0.05", False), ("ขนาด 5 µm", False), ("ตำบล", False), ("code", False),
    ],
)  # fmt: skip
def test_a_word_of_two_alphabets_is_told_and_a_foreign_word_is_not(text, told) -> None:
    _, findings = uncover([Grid("ก", [["ที่", text]])], [])
    expected = [Finding("read.look_alikes", "warning", "ก", "1 (B1)")] if told else []
    assert findings == expected


def test_look_alikes_far_below_the_headings_are_left_to_the_parsers() -> None:
    rows = [["ที่"]] * 60 + [["\u0441ode"]]
    assert uncover([Grid("ก", rows)], [])[1] == []
