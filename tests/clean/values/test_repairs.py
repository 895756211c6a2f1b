"""Proposals for damaged texts: right where one is made, none for a text in order."""

import random

import pandas as pd
import pytest

from evallib.clean import normalise_thai, repair_thai
from evallib.places import register

IN_ORDER = [
    "ก่อสร้างถนนคอนกรีตเสริมเหล็ก หมู่ที่ 3 บ้านกือเม็ง", "โครงการฝึกอบรมอาชีพกลุ่มสตรีตำบลตะโละแมะนา",
    "ตาดีกา รายอ อะลาม๊ะ", "ขอน้ำประปา ม.5 ต.ตาชี อ.ยะหา", "สาย A", "รุ่น X2 จำนวน 10 ชุด", "CCTV 10 จุด",
    "budget 2565", "e-GP 65017123456", "ศอ.บต.", "น้ำท่วมบ้าน ๆ ละ 3 ครั้ง",
]  # fmt: skip
TOLD = {"text.pdf_order", "text.mojibake", "text.keyboard", "text.scan_tail"}


@pytest.mark.parametrize("text", IN_ORDER)
def test_a_text_in_order_is_left_alone(text: str) -> None:
    texts, findings = repair_thai(pd.Series([text]))
    assert (texts.tolist(), findings) == ([normalise_thai(text)], [])


def test_no_name_of_the_register_is_taken_for_damage() -> None:
    names = pd.unique(register()[["tambon_th", "amphoe_th", "province_th"]].to_numpy().ravel())
    texts, findings = repair_thai(pd.Series(names))
    assert findings == []
    assert texts.tolist() == [normalise_thai(name) for name in names]


def test_encodings_and_keyboards_come_back() -> None:
    names = ["ปัตตานี", "อำเภอยะรัง", "ซ่อมถนนคอนกรีต"]
    broken = [
        *(name.encode("cp874").decode("cp1252", errors="replace") for name in names[:1]),
        *("".join(_as_cp874(byte) for byte in name.encode()) for name in names),
    ]
    texts, findings = repair_thai(pd.Series(broken))
    assert texts.tolist() == ["ปัตตานี", *names]
    assert {f.code for f in findings} == {"text.mojibake"}


def _as_cp874(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp874")
    except UnicodeDecodeError:
        return chr(byte)


def test_marks_that_a_pdf_tool_moved_come_back() -> None:
    """Upper marks written after the next consonant, as pdf tools do, in names of real places."""
    names = register()["tambon_th"].drop_duplicates().tolist()
    broken = {}
    for name in names:
        moved = _move_marks(name)
        if moved != name:
            broken[moved] = name
    texts, findings = repair_thai(pd.Series([f"ตำบล{name}" for name in broken]))
    right = [t == f"ตำบล{name}" for t, name in zip(texts, broken.values(), strict=True)]
    # Some tambons differ in nothing but the place of a mark; no proposal may be a wrong name.
    assert sum(right) / len(right) >= 0.9
    assert {f.code for f in findings} == {"text.pdf_order"}


def _move_marks(name: str) -> str:
    letters = list(name)
    for i in range(len(letters) - 2, 0, -1):
        if letters[i] in "\u0e31\u0e34\u0e35\u0e36\u0e37" and "ก" <= letters[i + 1] <= "ฮ":
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def test_no_word_of_a_text_reaches_a_finding() -> None:
    _, findings = repair_thai(pd.Series(["นายสมมุติ จงัหวดัปตัตานี"]))
    assert all(f.value == "" for f in findings)


def test_order_of_rows_and_other_cells_make_no_difference() -> None:
    cells = [*IN_ORDER, "จ านวน", "xy99kou", None, 5, "-"]
    shuffled = random.Random(1).sample(range(len(cells)), len(cells))
    forward = pd.Series(cells, dtype="object")
    texts, _ = repair_thai(forward)
    again, _ = repair_thai(forward.iloc[shuffled])
    pd.testing.assert_series_equal(texts, again.sort_index())
    assert texts.iloc[-3] is None
    assert (texts.iloc[-2], texts.iloc[-1]) == (5, None)
