"""Whole columns of text come out as one cell at a time would, whatever stands in them."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from evallib.clean.files.grid import cell_text
from evallib.clean.sheets.texts import clean_texts, repair_all
from evallib.thai.text import is_missing, normalise_thai
from tests.thai.reference_text import normalise

LETTERS = st.one_of(
    st.sampled_from("กขนปอฤฦเแาำๅๆ\u0e31\u0e34\u0e35\u0e38\u0e47\u0e48\u0e49\u0e4c\u0e4d\u0e4e"),
    st.sampled_from("\u200b\ufeff\u00ad\u00a0  \n\t\x85\u2028１Ａa1.(…\uf70a\uf711–é\u0301²"),
)
TEXTS = st.one_of(st.text(alphabet=LETTERS, max_size=12), st.text(max_size=12))
CELLS = st.one_of(
    TEXTS, st.none(), st.integers(-(10**6), 10**6), st.floats(), st.booleans(),
    st.sampled_from(["-", "ไม่ระบุ", "N/A", " – ", "#REF!", "ไม่มี", "0", "nan", "\ud800"]),
)  # fmt: skip


@given(TEXTS)
def test_a_text_that_needs_no_repair_is_one_that_no_repair_changes(text: str) -> None:
    assert normalise_thai(text) == normalise(text)


@given(st.lists(TEXTS, max_size=8))
def test_a_column_is_repaired_as_its_texts_are(texts: list[str]) -> None:
    assert repair_all(texts) == [normalise(text) for text in texts]


@given(st.lists(CELLS, max_size=8))
def test_a_column_of_any_cells_is_read_as_each_cell_is(cells: list[object]) -> None:
    values = pd.Series(cells, dtype="object", name="ชื่อ")
    wanted = []
    for cell in cells:
        text = "" if is_missing(cell) else cell if type(cell) is str else cell_text(cell)
        clean = normalise(text)
        wanted.append(None if is_missing(clean) else clean)
    found = clean_texts(values)
    assert (found.tolist(), found.name) == (wanted, "ชื่อ")


def test_labels_stay_where_they_were() -> None:
    found = clean_texts(pd.Series(["ก ", "-"], index=[7, 9]))
    assert (found.index.tolist(), found.tolist()) == ([7, 9], ["ก", None])
