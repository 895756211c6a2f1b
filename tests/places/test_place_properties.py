"""What holds for any text: order, digits, spaces, misspellings, readings, villages."""

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.places import address_of, area, find_villages, resolve_places
from evallib.places.parse import parse_address, parse_addresses
from evallib.thai.keys import END, fold, fold_all
from tests.places.test_places import NO_PLACE, WRITTEN_TO_CANDIDATES, WRITTEN_TO_CODE, resolve

TEXTS = [*WRITTEN_TO_CODE, *WRITTEN_TO_CANDIDATES, *NO_PLACE]
AREA_CODES = area()["tambon_code"].tolist()
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@given(st.sampled_from(AREA_CODES), st.sampled_from([2, 4, 6]))
def test_the_address_of_a_place_is_that_place(code: str, digits: int) -> None:
    found = resolve(address_of(code[:digits]))
    assert found["place_code"] == code[:digits]
    assert resolve(address_of(found["place_code"]))["place_code"] == found["place_code"]


@given(st.sampled_from(TEXTS))
def test_thai_digits_outer_spaces_and_invisible_characters_do_not_matter(text: str) -> None:
    other = f"  {text}\u200b ".translate(THAI_DIGITS)
    pd.testing.assert_series_equal(resolve(other), resolve(text), check_names=False)


@given(st.lists(st.sampled_from([*TEXTS, None]), min_size=1, max_size=15), st.randoms())
def test_any_selection_in_any_order_gives_the_same_answers(texts: list[str], random) -> None:
    order = random.sample(range(len(texts)), len(texts))
    found = resolve_places(pd.Series(texts, dtype="object"), reasons=True)
    again = resolve_places(pd.Series([texts[i] for i in order], dtype="object"), reasons=True)
    pd.testing.assert_frame_equal(again.set_axis(order).sort_index(), found)


@given(st.text(max_size=60))
def test_any_text_is_answered_and_what_is_accepted_is_clear(text: str) -> None:
    found = resolve_places(pd.Series([text], dtype="object"), reasons=True).iloc[0]
    if pd.notna(found["place_code"]):
        assert found["score"] >= 85
        assert found["margin"] >= 4


@pytest.mark.parametrize("piece", ["ตำบลบานา ", "ต.", "จ.ปัตตานี,", "อ า", "ม.", "ก", " ", "ต.บานา "])
def test_a_cell_that_was_filled_to_the_brim_is_answered_at_once(piece: str) -> None:
    def work(n: int) -> float:
        began = time.process_time()
        found = resolve_places(pd.Series([piece * (n // len(piece))]), reasons=True)
        assert found["place_code"].isna().all()
        return time.process_time() - began

    small = min(work(30_000) for _ in range(3))
    assert work(300_000) < 10 * 4 * small + 0.05  # what grows with the square takes 100 times


@given(st.lists(st.text(max_size=20), max_size=8))
def test_a_column_is_folded_as_its_texts_are(texts: list[str]) -> None:
    alone = [fold(text.replace(END, " ")) for text in texts]
    assert fold_all(texts).split(END) == (alone or [""])


def test_one_search_through_all_texts_finds_what_one_text_holds() -> None:
    assert parse_addresses(TEXTS) == [parse_address(text) for text in TEXTS]
    assert parse_addresses([]) == []


def test_readings_say_what_was_read_as_what() -> None:
    written = {
        "ต.เขาตูมม อ.ยะรงั จ.ปัตตานี": "เขาตูมม → เขาตูม (95); ยะรงั → ยะรัง",
        "ต.เขาตูม อ.ยะรัง จ.ปัตตานี": "",
        "บานา เมือง ปัตตานี": "",
        "เขาตุม ยะรัง ปัตตานี": "เขาตุม → เขาตูม",
        "Khao Tum Yarang Pattani": "",
        "950113": "950113 → 950801 กรงปินัง",
        "ต.ละหาร": "",
        "ติดต่อคุณสมศรี ต.บานาา อ.เมือง จ.ปัตตานี": "บานาา → บานา (94)",  # the name alone is repeated
    }
    found = resolve_places(pd.Series(list(written)), reasons=True)
    assert found["reading"].tolist() == list(written.values())


def test_villages_are_numbers_that_a_word_announces() -> None:
    numbers = {
        "หมู่ที่ 3 ต.บานา": 3, "ม.๑๒": 12, "หมู่4": 4, "12/3 หมู่ที่ ๔ ตำบลบานา": 4, "94010107": 7,
        "9401017": 7, "940101": None, "ชั้น ม.3": None, "1 ม.ค. 65": None, "ต.บานา 12 แห่ง": None,
        "ม.1,2": None, "หมู่ที่ 1 - 5": None, "หมู่ 3/2565": 3, "หมู่บ้านสันติ": None,
    }  # fmt: skip
    found = find_villages(pd.Series(list(numbers)))
    assert found["village_no"].astype("object").where(found["village_no"].notna(), None).tolist() \
        == list(numbers.values())  # fmt: skip
    alone = find_villages(pd.Series(["3", "3.0", "๑๒", "1,2", "สาม", None]), alone=True)
    assert alone["village_no"].fillna(0).tolist() == [3, 3, 12, 0, 0, 0]
    assert alone["villages"].tolist() == [1, 1, 1, 2, 0, 0]


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_name_cut_in_two_and_one_letter_short_is_read_right_or_not_at_all(language) -> None:
    tambons = area()
    cut = [
        (f"{t[: len(t) // 2]} {t[len(t) // 2 : i]}{t[i + 1 :]}", code, t)
        for t, code in zip(tambons[f"tambon_{language}"], tambons["tambon_code"], strict=True)
        for i in range(len(t) // 2 + 1, len(t))
        if len(t) > 3
    ]
    texts, codes, _ = zip(*cut, strict=True)
    amphoe = pd.Series([code[:4] for code in codes])
    found = resolve_places(pd.Series(texts), amphoe=amphoe)["place_code"]
    wrong = found[found.notna() & (found != pd.Series(codes))]
    # "Bara Ho" is Bara Hom one letter short, and exactly Baraho, a tambon of the same amphoe
    assert [texts[i] for i in wrong.index] == ([] if language == "th" else ["Bara  Ho"])
    assert found.notna().mean() > 0.75


def test_a_letter_typed_twice_is_read_right_or_not_at_all() -> None:
    tambons = area()
    doubled = [
        (t[:i] + t[i - 1 :], code)
        for t, code in zip(tambons["tambon_th"], tambons["tambon_code"], strict=True)
        for i in range(1, len(t) + 1)
    ]
    texts, codes = zip(*doubled, strict=True)
    amphoe = pd.Series([code[:4] for code in codes])
    found = resolve_places(pd.Series(texts), amphoe=amphoe)
    assert not (found["place_code"].notna() & (found["place_code"] != pd.Series(codes))).any()
    assert found["place_code"].notna().mean() > 0.99
    accepted = found[found["place_code"].notna()]
    assert (accepted["score"] >= 85).all()
    assert (accepted["margin"] >= 4).all()


def swapped(text: str) -> str:
    """Return text as PDF tools give it: vowels and tones above behind the next consonant."""
    letters = list(text)
    for i in range(len(letters) - 1):
        if letters[i] in "ัิีึื่้็์" and "ก" <= letters[i + 1] <= "ฮ":
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


MANNERS = {
    "full": lambda t, a, p: f"ตำบล{t} อำเภอ{a} จังหวัด{p}",
    "short": lambda t, a, p: f"ซ่อมถนน หมู่ 3 ต.{t} อ.{a} จ.{p} 1 สาย",
    "glued": lambda t, a, p: f"ตำบล{t}อำเภอ{a}จังหวัด{p}",
    "glued short": lambda t, a, p: f"ต.{t}อ.{a}จ.{p}",
    "pdf": lambda t, a, p: swapped(f"ตำบล{t}อำเภอ{a}จังหวัด{p}"),
    "lost am": lambda t, a, p: f"ต าบล{t} อ าเภอ{a} จังหวัด{p}".replace("ำ", " า"),
    "council": lambda t, a, p: f"องค์การบริหารส่วนตำบล{t} อำเภอ{a} จังหวัด{p}",
    "thai digits": lambda t, a, p: f"๑๒/๓ หมู่ที่ ๔ ตำบล {t}  อำเภอ {a}  จังหวัด {p} ๙๔๐๐๐",
    "descending": lambda t, a, p: f"จังหวัด{p} อำเภอ{a} ตำบล{t}",
    "capital": lambda t, a, p: f"ต.{t} อ.{'เมือง' if a.startswith('เมือง') else a} จ.{p}",
    "without province": lambda t, a, p: f"ต.{t} อ.{a}",
}


@pytest.mark.parametrize("manner", MANNERS)
def test_every_tambon_written_in_each_manner_resolves_to_itself(manner: str) -> None:
    tambons = area()
    names = zip(*(tambons[c] for c in ("tambon_th", "amphoe_th", "province_th")), strict=True)
    written = pd.Series([MANNERS[manner](*name) for name in names])
    assert resolve_places(written)["place_code"].tolist() == tambons["tambon_code"].tolist()
