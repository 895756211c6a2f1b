"""Names of files as people read them: cp874, damaged bytes, controls; two never become one."""

import os
import sys
from itertools import pairwise

import pytest

from evallib.characters import is_printable
from evallib.thai.file_names import LOST, shown_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names there are UTF-16")
THAI = ("แผนงาน ๒๕๖๕", "สรุปผล_อ.ยะรัง", "น้ำประปา")


@pytest.mark.parametrize("encoding", ["cp874", "tis-620", "iso8859-11"])
@pytest.mark.parametrize("name", THAI)
def test_a_name_in_an_encoding_of_thai_is_read_as_thai(name: str, encoding: str) -> None:
    shown = shown_name(os.fsdecode(f"2565/Q3/{name}.xlsx".encode(encoding)))
    assert shown.startswith(f"2565/Q3/{name} [")
    assert shown.endswith("].xlsx")


def test_each_folder_is_read_for_itself() -> None:
    path = "/".join(
        [os.fsdecode("ไตรมาส ๓".encode("cp874")), "แผน", os.fsdecode("ถนน.csv".encode("cp874"))]
    )
    assert shown_name(path).startswith("ไตรมาส ๓/แผน/ถนน [")


@pytest.mark.parametrize(
    "name", ["ถนน.csv", "a.csv", "2565/Q3/แผน 25650930.xlsx", "ก\u200bข.xls", "[ร่าง] แผน.ods", "x"]
)
def test_a_name_that_is_text_stays_as_it_is(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        os.fsdecode(b"\xff\xfe.csv"), os.fsdecode("ก".encode() + b"\xa1.csv"), "a\x1b[2J.csv",
        "a\nb.csv", "\u202evsc.exe", "a\x9b1m", "\ud800.csv", os.fsdecode(b"\xfc" * 200), "\x07/a",
    ],
)  # fmt: skip
def test_what_is_no_text_is_marked_and_everything_can_hold_the_name(name: str) -> None:
    shown = shown_name(name)
    assert is_printable(shown)
    assert shown.encode()
    assert LOST in shown
    assert len(shown) <= len(name) + 11


def test_two_names_never_become_one() -> None:
    names = [os.fsdecode(bytes([first, second])) for first in range(1, 256) for second in (65, 161)]
    names = [name for name in names if "/" not in name]
    names += [shown_name(name) for name in names]  # somebody gives a file the name of another
    names += [shown_name(name) for name in names]
    shown = sorted(map(shown_name, sorted(set(names))))
    assert all(one != other for one, other in pairwise(shown))
