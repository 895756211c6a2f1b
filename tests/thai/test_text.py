"""Repairs of Thai text: what is certain is mended, what is not stays as it is."""

import csv
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.i18n import catalog
from evallib.thai.text import is_missing, normalise_thai, skeleton, thai_digits_to_arabic
from tests.paths import DATA, ROOT

with (DATA / "mess_cases.csv").open(encoding="utf-8", newline="") as file:
    MESS = [(row["kind"], row["raw"], row["expected"]) for row in csv.DictReader(file)]


def mess(*kinds: str) -> list[tuple[str, str]]:
    """Return raw and expected of these kinds."""
    return [(raw, expected) for kind, raw, expected in MESS if kind in kinds]


REPAIRED = mess(
    "zero_width", "bom", "nbsp", "soft_hyphen", "decomposed_sara_am", "double_sara_e", "tone_order"
)
MESSY_TO_CLEAN = {
    "นำ้": "น้ำ",  # tone after sara am
    "น้ํา": "น้ำ",  # tone before nikhahit
    "พันธ์ุ": "พันธุ์",
    "สิทธ์ิ": "สิทธิ์",
    "ดี่่": "ดี่",  # a mark typed twice
    "จำนวนๅ": "จำนวนา",
    "2560ๅๅๅๅ": "2560ๅๅๅๅ",  # no consonant before it: not a vowel
    "ฤๅษี": "ฤๅษี",
    "  ก  ข \n ค ": "ก ข ค",
    "ต่างๆ": "ต่าง ๆ",
    "ต่าง  ๆ": "ต่าง ๆ",
    "ต่างๆนานา": "ต่าง ๆ นานา",
    "(วันๆ)": "(วัน ๆ)",
    "ＡＢＣ １２": "ABC 12",
    "10² ½ ①": "10² ½ ①",  # other numbers when taken apart
    "ท\uf70bา": "ท้า",  # shifted mark of an old font
    "จงัหวดั": "จงัหวดั",  # a PDF's order of vowels could be meant
    "": "",
}


@pytest.mark.parametrize(("messy", "clean"), [*REPAIRED, *MESSY_TO_CLEAN.items()])
def test_certain_repairs(messy: str, clean: str) -> None:
    assert normalise_thai(messy) == clean


def test_repairs_of_the_collected_cases_are_not_vacuous() -> None:
    changed = [raw for raw, _ in REPAIRED if normalise_thai(raw) != raw]
    assert len(REPAIRED) >= 8
    assert len(changed) >= len(REPAIRED) - 1


@pytest.mark.parametrize("written", mess("thai_repeat")[0][0].split(" / "))
def test_mai_yamok_has_one_space(written: str) -> None:
    assert normalise_thai(written) in {"ประจำวัน ๆ", "ต่าง ๆ"}


@pytest.mark.parametrize(
    ("raw", "expected"), [(r, e) for r, e in mess("thai_digits") if not e.isdigit()]
)
def test_digits_in_running_text(raw: str, expected: str) -> None:
    assert thai_digits_to_arabic(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), mess("missing", "missing_zero"))
def test_missing_cells(raw: str, expected: str) -> None:
    assert is_missing(raw) == expected.startswith("NA")


@pytest.mark.parametrize("cell", [None, np.nan, pd.NaT, pd.NA, "", "   ", "\u200b", " - ", "(ว่าง)"])
def test_blank_cells_are_missing(cell: object) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", "-1", "ไม่มีน้ำใช้", "n", False, "1-2", "มี"])
def test_values_are_not_missing(cell: object) -> None:
    assert not is_missing(cell)


@pytest.mark.parametrize(
    ("broken", "meant"), mess("pdf_swapped", "pdf_lost_am", "pdf_cid", "pdf_am_plain")
)
def test_skeletons_meet_where_a_pdf_moved_the_vowels(broken: str, meant: str) -> None:
    assert normalise_thai(broken) != meant
    assert skeleton(broken) == skeleton(meant)


def test_skeleton_keeps_different_consonants_apart() -> None:
    assert skeleton("จังหวัดชลบุรี") != skeleton("จังหวัดลพบุรี")


THAI = st.text(
    alphabet=st.one_of(
        st.sampled_from("กขนปอฤเแาำๅๆ\u0e31\u0e34\u0e35\u0e38\u0e47\u0e48\u0e49\u0e4c\u0e4d"),
        st.sampled_from("\u200b\ufeff\u00ad\u00a0  \n１Ａa1.(\uf70a\uf711"),
    ),
    max_size=24,
)


@given(st.one_of(THAI, st.text(max_size=30)))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_thai(text)
    assert normalise_thai(once) == once
    assert skeleton(once) == skeleton(skeleton(once))


@given(THAI)
def test_no_consonant_is_lost_or_moved(text: str) -> None:
    consonants = re.compile("[^ก-ฮ]")
    assert consonants.sub("", normalise_thai(text)) == consonants.sub("", text)


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)))
def test_plain_ascii_is_left_alone(text: str) -> None:
    assert normalise_thai(text) == text


@given(st.integers(min_value=0, max_value=10**18))
def test_digits_of_each_script_are_one_number(number: int) -> None:
    thai = str(number).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert thai_digits_to_arabic(thai) == thai_digits_to_arabic(wide) == str(number)


def test_every_code_of_the_cell_readers_has_words_in_both_languages() -> None:
    rooms = "date|period|amount|percent|count|status|text|identifier"
    sources = (ROOT / "evallib/clean").rglob("*.py")
    written = " ".join(file.read_text(encoding="utf-8") for file in sorted(sources))
    codes = set(re.findall(rf'"((?:{rooms})\.[a-z_]+)"', written))
    codes |= {f"{subject}.{what}" for subject in ("percent", "count") for what in ("unreadable",)}

    assert len(codes) > 25
    assert sorted(code for code in codes if set(catalog().get(code, {})) != {"th", "en"}) == []
