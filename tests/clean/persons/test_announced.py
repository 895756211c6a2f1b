"""Abbreviations, mixed languages, typing errors and any separator. All persons are invented."""

import csv

import pandas as pd
import pytest

from evallib.clean.persons import scrub_texts as identifiers
from evallib.clean.persons.announced import find_announced
from evallib.clean.persons.scrub_texts import scrub_identifiers
from evallib.clean.persons.suspects import may_identify
from evallib.thai.text import normalise_thai
from tests.paths import DATA

HIDDEN = "[ปกปิด]"

with (DATA / "sentences_in_shorthand.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def scrub(text: str) -> str:
    """Return one scrubbed text."""
    return str(scrub_identifiers(pd.Series([text]))[0].iloc[0])


def left(row: dict[str, str], text: str) -> bool:
    """Tell whether a number is whole or any word of a name is left."""
    rest = normalise_thai(text).replace(HIDDEN, " ")
    parts = row["gone"].split("¦")
    words = [w for p in parts for w in (normalise_thai(p).split() if row["kind"] == "name" else [])]
    return any(normalise_thai(p) in rest for p in parts) or any(
        word in rest for word in words if len(word) > 1
    )


def test_shorthand_loses_its_identifiers_and_harmless_shorthand_stays() -> None:
    texts = scrub_identifiers(pd.Series([row["sentence"] for row in ROWS]))[0]
    told = [(row, text) for row, text in zip(ROWS, texts, strict=True) if row["kind"] != "none"]
    kept = [row["sentence"] for row, text in told if left(row, text)]
    touched = [
        row["sentence"]
        for row, text in zip(ROWS, texts, strict=True)
        if row["kind"] == "none" and text != row["sentence"]
    ]

    assert len(told) >= 170
    assert len(ROWS) - len(told) >= 65
    assert len(kept) <= 0.05 * len(told), kept
    assert touched == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("บปช. ๓ ๙๖๐๑ ๐๐๔๑๒ ๗๗ ๑ ชำรุด", f"บปช. {HIDDEN} ชำรุด"),
        ("พก.6.8331/101.1162 ตลิ่งพัง", f"พก.{HIDDEN} ตลิ่งพัง"),
        ("ทบ.ผค-7718 ยล. ชนราว", f"ทบ.{HIDDEN} ชนราว"),
        ("บ.(112/3) ไฟรั่ว", f"บ.({HIDDEN}) ไฟรั่ว"),
        ("กน.สะอารี รับเรื่อง", f"กน.{HIDDEN} รับเรื่อง"),
        ("แจกข้าว 3 ม.2, 3/1 ม.2", f"แจกข้าว {HIDDEN} ม.2, {HIDDEN} ม.2"),
        ("ทักไล้abangman.77ได้เลย", f"ทักไล้{HIDDEN}ได้เลย"),
        ("พี่กบกะพี่รอซิดะทะเลาะกัน", f"{HIDDEN}กะ{HIDDEN}ทะเลาะกัน"),
        ("ซึ่งม.ล.ศศิธร ชูแก้ว มอบ", f"ซึ่ง{HIDDEN} มอบ"),
        ("Interview with Pak Cik Yusof again", f"Interview with {HIDDEN} again"),
        ("Kampung Tok Imam road", "Kampung Tok Imam road"),
        ("บ้านโต๊ะกูแช ไม่มีน้ำใช้", "บ้านโต๊ะกูแช ไม่มีน้ำใช้"),
    ],
)
def test_what_a_word_announces_leaves_alone(sentence: str, expected: str) -> None:
    assert scrub(sentence) == expected


def test_a_wrong_check_digit_behind_an_abbreviation_is_told_apart() -> None:
    kinds = [[kind for *_, kind in find_announced(f"บปช.123456789012{last}")] for last in "12"]
    assert kinds == [["thai_id"], ["thai_id_unchecked"]]


def test_the_quick_pass_misses_no_shorthand_however_wide_its_spaces() -> None:
    known = [row["sentence"] for row in ROWS if row["kind"] != "none"]
    wide = [s.replace(" ", "   ") for s in known]
    for text in (*known, *wide):
        assert may_identify([text])[0] or scrub(text) == text
    assert may_identify(["PP.   K8840175"]).tolist() == [True]


def test_no_name_begins_with_a_vowel_sign() -> None:
    assert not may_identify(["อุสตาซื่อวานมี เม"])[0]
    assert identifiers._scrub_text("อุสตาซื่อวานมี เม", "text") == ("อุสตาซื่อวานมี เม", ())
