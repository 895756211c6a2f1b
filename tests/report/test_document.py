"""Blocks are plain values: they refuse what cannot be shown and cross a notebook unchanged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from evallib import report
from evallib.errors import DisclosureError, NotFound, SchemaError
from evallib.findings import Finding
from evallib.report.document import BLOCK_MIME
from evallib.report.notebook import (
    RESULT_MIME,
    decode_block,
    decode_frame,
    encode_block,
    encode_frame,
)
from evallib.report.plain import exact_text

ROWS = pd.DataFrame({"agency": ["ศอ.บต."], "n": [3]})


@dataclass
class Released:
    frame: pd.DataFrame
    status: pd.Series
    counts: str = "n"
    columns: str | None = field(default=None)


def executed(*shown: object) -> dict:
    """Return a notebook whose cells displayed these objects, after a round trip through disk."""
    cells = [
        nbformat.v4.new_code_cell(
            outputs=[nbformat.v4.new_output("display_data", data=each._repr_mimebundle_())]
        )
        for each in shown
    ]
    for i, cell in enumerate(cells):
        cell["id"] = f"c{i}"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# ก", id="m"), *cells]
    )
    nbformat.validate(notebook)
    return json.loads(nbformat.writes(notebook))


def test_every_block_of_a_report_survives_the_notebook(blocks) -> None:
    for language, sent in blocks.items():
        received = report.blocks_of(executed(*sent))
        assert [type(block) for block in received] == [type(block) for block in sent]
        assert [encode_block(b) for b in received] == [encode_block(b) for b in sent]
        page = report.render_html(sent, language=language)
        assert report.render_html(received, language=language) == page


def test_every_kind_of_block_is_in_the_sample(blocks) -> None:
    assert {type(block) for block in blocks["th"]} >= set(report.Block.__subclasses__()) - {
        report.Prose
    }
    assert {block.kind for block in blocks["th"]} == {
        kind.kind for kind in report.Block.__subclasses__()
    }


def test_results_come_back_exactly() -> None:
    sent = pd.DataFrame({
        "text": ["ที่น้ำปี่", None, "=1+1"],
        "float": [0.1 + 0.2, np.nan, -0.0],
        "edge": [np.inf, -np.inf, 5e-324],
        "int": pd.array([2**60 + 1, None, -1], "Int64"),
        "plain": [1, 2, 3],
        "flag": pd.array([True, None, False], "boolean"),
        "day": pd.to_datetime(["2022-06-24", None, "1900-01-01"]).astype("datetime64[s]"),
        "instant": pd.to_datetime(["2022-06-24T01:02:03.000000007", None, None]).astype(
            "datetime64[ns]"
        ),
        "object": [date(2565, 2, 28), None, "x"],
    })  # fmt: skip
    received = report.results_of(executed(report.result_block("effects", sent)))["effects"]
    pd.testing.assert_frame_equal(received, sent, check_exact=True)
    assert np.signbit(received["float"].iloc[2])
    assert received["object"].iloc[0] == date(2565, 2, 28)


def test_results_for_one_table_add_up_in_order_and_frames_of_no_rows_keep_their_types() -> None:
    first, second = (pd.DataFrame({"x": [value], "s": ["ก"]}) for value in (1.5, 2.5))
    none = pd.DataFrame({"x": pd.Series(dtype="float64"), "s": pd.Series(dtype="str")})
    shown = (report.result_block("effects", f) for f in (none, second, first))
    runs = report.result_block("runs", none)
    received = report.results_of(executed(runs, *shown))
    assert list(received) == ["effects", "runs"]
    assert received["effects"]["x"].tolist() == [2.5, 1.5]
    pd.testing.assert_frame_equal(received["runs"], none, check_index_type=False)


def test_results_that_differ_or_that_json_cannot_carry_are_refused() -> None:
    one, other = pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [1.0]})
    with pytest.raises(SchemaError, match="runs"):
        report.results_of(executed(*(report.result_block("runs", f) for f in (one, other))))
    for bad in (
        pd.DataFrame({"x": pd.to_datetime(["2022-01-01"]).tz_localize("Asia/Bangkok")}),
        pd.DataFrame({"x": [[1, 2]]}),
        pd.DataFrame({"x": pd.period_range("2022", periods=1, freq="Y")}),
        pd.DataFrame([[1, 2]], columns=["x", "x"]),
        pd.DataFrame({1: [1]}),
    ):
        with pytest.raises(SchemaError):
            encode_frame(bad)
    with pytest.raises(NotFound, match="no_such_table"):
        report.result_block("no_such_table", one)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(), st.text(), st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))),
        max_size=8,
    )
)
def test_any_frame_round_trips(rows) -> None:
    frame = pd.DataFrame({
        "f": pd.Series([r[0] for r in rows], dtype="float64"),
        "s": pd.Series([r[1] for r in rows], dtype="str"),
        "i": pd.Series([r[2] for r in rows], dtype="Int64"),
    }, index=pd.RangeIndex(len(rows)))  # fmt: skip
    sent = json.dumps(encode_frame(frame), allow_nan=False)
    pd.testing.assert_frame_equal(decode_frame(json.loads(sent)), frame, check_exact=True)


def test_figures_about_people_need_suppression() -> None:
    with pytest.raises(DisclosureError, match="DataFrame"):
        report.Table(ROWS, "x", people=True)
    hidden = Released(
        pd.DataFrame({"agency": ["ก", "ข"], "n": pd.array([12, None], "Int64")}),
        pd.Series(["shown", "primary"]),
    )
    table = report.Table(hidden, "x", people=True, formats={"n": "int"})
    sent = json.dumps(encode_block(table), ensure_ascii=False)
    assert "primary" not in sent  # which hidden cells are small is nobody's business
    assert "ปกปิด" in report.render_html([table])

    leaking = Released(hidden.frame.assign(n=[12, 3]), hidden.status)
    with pytest.raises(DisclosureError):
        report.Table(leaking, "x", people=True)


def test_the_real_suppressed_table_is_accepted() -> None:
    privacy = pytest.importorskip("evallib.privacy")
    cells = pd.DataFrame({"amphoe": ["9501", "9502", "9503"], "n": [40, 3, 25]})
    released = privacy.suppress_table(cells, counts="n", rows="amphoe", threshold=10)
    shown = report.Table(released, "x", people=True, formats={"n": "int"}).frame
    assert shown["n"].isna().any()


@pytest.mark.parametrize(
    "build",
    [
        lambda: report.Prose("x", language="fr"),
        lambda: report.Heading("x", level=4),
        lambda: report.Callout("great", "x"),
        lambda: report.Table(ROWS, "x", columns=("one",)),
        lambda: report.Table(ROWS, "x", formats={"absent": "int"}),
        lambda: report.Table(ROWS, "x", formats={"n": "roman"}),
        lambda: report.Figure(b"<svg>", "x", "alt"),
        lambda: report.Figure(b"\x89PNG\r\n\x1a\n", "x", "  "),
    ],
)
def test_what_cannot_be_shown_is_refused(build) -> None:
    with pytest.raises(SchemaError):
        build()


@pytest.mark.parametrize(
    "written",
    [
        {"kind": "script"}, {}, {"kind": "prose"}, {"kind": "prose", "text": "x", "more": 1},
        {"kind": "table", "frame": {"columns": [["x", "float64"]], "rows": [[]]}, "caption": "x"},
        {"kind": "table", "frame": None, "caption": "x"},
        {"kind": "figure", "image": "%%%", "alt": "x"}, {"kind": "key_numbers", "items": ["x"]},
    ],
)  # fmt: skip
def test_a_spoilt_block_is_refused_with_our_error(written) -> None:
    with pytest.raises(SchemaError):
        decode_block(written)


def test_texts_become_plain() -> None:
    block = report.Prose(Markup("<b>x</b>\x00\u202e\ud800"))
    assert type(block.text) is str
    assert block.text == "<b>x</b>"
    assert type(report.ItemList([Markup("<i>")]).items[0]) is str
    assert exact_text(pd.NA) == exact_text(float("nan")) == ""


def test_a_block_does_not_tell_its_content_to_a_log() -> None:
    table = report.Table(ROWS, "หัวตาราง")
    finding = report.FindingList((Finding("date.short_year", "info", "w", "v"),))
    result = report.result_block("runs", ROWS)
    assert [repr(x) for x in (table, finding)] == ["<Table>", "<FindingList>"]
    assert repr(result) == "<Result runs: 1 row>"
    assert set(result._repr_mimebundle_()) == {"text/plain", RESULT_MIME}
    assert set(table._repr_mimebundle_()) == {"text/plain", "text/html", BLOCK_MIME}


def test_emit_and_show_display_in_order(monkeypatch) -> None:
    shown: list = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    report.emit("runs", ROWS)
    report.show(report.Prose("ก"), report.Prose("ข"))
    assert [each.name for each in shown[:1]] == ["runs"]
    assert [each.text for each in shown[1:]] == ["ก", "ข"]


CELL = """
import numpy as np, pandas as pd
from evallib import report
report.show(report.Heading("น้ำ", number="1"), report.Prose("ที่ปรึกษา"))
report.emit("runs", pd.DataFrame({"x": [0.1 + 0.2, np.nan, np.inf]}))
report.Figure(report.trend_figure(pd.DataFrame({"period": ["ก", "ข"], "x": [1.0, 2.0]})))
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of the kernel machinery, not ours
def test_a_real_kernel_carries_blocks_and_results(tmp_path) -> None:
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    written = json.loads(nbformat.writes(notebook))
    kinds = [block.kind for block in report.blocks_of(written)]
    assert kinds == ["heading", "prose", "figure"]
    values = report.results_of(written)["runs"]["x"].tolist()
    assert values[0] == 0.1 + 0.2
    assert np.isnan(values[1])
    assert values[2] == np.inf


def test_blocks_do_not_change_what_they_are_given() -> None:
    frame = pd.DataFrame({"a": ["x"], "b": [1.0]}, index=[7])
    before = frame.copy()
    report.render_html([report.Table(frame, "c", formats={"b": "baht"})])
    pd.testing.assert_frame_equal(frame, before)
