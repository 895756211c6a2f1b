"""Where a finding stands: one value, one written form, one reader, and findings that hold it."""

from __future__ import annotations

import ast
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evallib
from evallib.findings import BAR, Finding, Where, findings_frame

NAMES = st.text(max_size=12).filter(lambda name: "|" not in name)
ROWS = st.none() | st.integers(0, 10**9)
WRITTEN = [
    (Where(), ""),
    (Where("2565/Q3/a.xlsx"), "2565/Q3/a.xlsx"),
    (Where("labels.csv", row=2), "labels.csv | 2"),
    (Where("needs", row=0, column="tambon_code"), "needs | 0 | tambon_code"),
    (Where("a.csv", ""), "a.csv |  |  | "),
    (Where("a.xlsx", "แผ่น 1"), "a.xlsx | แผ่น 1 |  | "),
    (Where("a.xlsx", "แผ่น 1", 7), "a.xlsx | แผ่น 1 | 7 | "),
    (Where("a.xlsx", "แผ่น 1", None, "งบประมาณ"), "a.xlsx | แผ่น 1 |  | งบประมาณ"),
    (Where("a.xlsx", "แผ่น 1", 7, "งบประมาณ"), "a.xlsx | แผ่น 1 | 7 | งบประมาณ"),
    (Where("a.xlsx", "1", 7, "ไตรมาส 3 | ผล"), "a.xlsx | 1 | 7 | ไตรมาส 3 | ผล"),
    (Where("", "", 7, "งบประมาณ"), " |  | 7 | งบประมาณ"),
]
# The modules that put a bar between other things: levels of a heading, cells of a page, keys of a
# suppressed table, rows of a table in memory whose labels need be no numbers, lines of a text.
OTHER_BARS = {
    "findings.py", "clean/sheets/headings.py", "tables/dictionary.py", "tables/contracts.py",
    "privacy/suppression/suppress.py", "privacy/scan.py",
}  # fmt: skip


@pytest.mark.parametrize(("where", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_every_form_in_use_is_written_and_read_to_the_byte(where: Where, text: str) -> None:
    assert str(where) == text
    assert Where.read(text) == where


@given(file=NAMES, sheet=st.none() | NAMES, row=ROWS, column=NAMES, levels=st.lists(NAMES))
def test_what_is_written_is_read_back(
    file: str, sheet: str | None, row: int | None, column: str, levels: list[str]
) -> None:
    heading = column if sheet is None else BAR.join([column, *levels])
    where = Where(file, sheet, row, heading)

    assert Where.read(str(where)) == where


@given(st.text(alphabet=" |7๗²ก\n", max_size=30))
def test_reading_never_fails_and_always_names_the_file(text: str) -> None:
    assert Where.read(text).file == text.split(BAR, maxsplit=1)[0]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("f | s", Where("f", "s")),
        ("a.xlsx | s | ๗ | x", Where("a.xlsx", "s", None, "x")),
        ("a.xlsx | s | ² | x", Where("a.xlsx", "s", None, "x")),
        (f"a.xlsx | s | {'9' * 5000} | x", Where("a.xlsx", "s", None, "x")),
        ("row 7", Where("row 7")),
    ],
    ids=["sheet without row", "thai digit", "superscript", "huge", "label"],
)
def test_texts_of_others_are_read_as_far_as_they_go(text: str, where: Where) -> None:
    assert Where.read(text) == where


def test_a_file_with_a_bar_in_its_name_is_written_and_not_read_back() -> None:
    where = Where("a | b.xlsx", "s", 7, "c")

    assert str(where) == "a | b.xlsx | s | 7 | c"
    assert Where.read(str(where)) != where


def test_a_finding_keeps_the_text_of_its_place() -> None:
    where = Where("a.xlsx", "s", 7, "c")
    finding = Finding("date.short_year", "info", where, "1/1/65")

    assert finding.where == "a.xlsx | s | 7 | c"
    assert type(finding.where) is str
    assert finding == Finding("date.short_year", "info", "a.xlsx | s | 7 | c", "1/1/65")
    assert finding.place == where
    assert replace(finding, value="2/2/65").where == finding.where
    assert pickle.loads(pickle.dumps(finding)) == finding
    assert findings_frame([finding]).loc[0, "where"] == finding.where
    with pytest.raises(AttributeError):
        finding.where = ""  # type: ignore[misc]


def test_no_other_module_puts_places_together_or_takes_them_apart() -> None:
    root = Path(evallib.__file__).parent
    hands = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [str(p.value) for p in parts if isinstance(p, ast.Constant)]
            joined = isinstance(node, ast.JoinedStr)
            bars = BAR in texts or (joined and any(BAR in (t[:3], t[-3:]) for t in texts))
            if bars:
                hands.add(file.relative_to(root).as_posix())

    assert hands == OTHER_BARS


def test_where_stands_beside_finding_at_the_front_door() -> None:
    assert evallib.Where is Where
