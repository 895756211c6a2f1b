"""Contracts hold together, and conform lets through exactly the rows that meet them."""

from __future__ import annotations

import re
import traceback
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import NotFound, SchemaError
from evallib.findings import Finding
from evallib.tables import contracts as tables

NAMES = list(tables.tables())


def inputs(**changes: object) -> pd.DataFrame:
    """Return two good rows of the table inputs, with some columns changed."""
    good = {
        "file": ["a.xls", "b.xls"], "sha256": ["1", "2"], "bytes": [10, 20],
        "as_of": ["2022-06-24", "2022-06-25"], "state": ["read", "read"],
    }  # fmt: skip
    return pd.DataFrame(good | changes)


def broken(frame: pd.DataFrame, table: str = "inputs") -> list[tuple[str, str]]:
    """Return (where, rule) of each finding."""
    return [(f.where, f.value) for f in tables.conform(frame, table)[1]]


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_names_each_column_once_in_both_languages(name: str) -> None:
    table = tables.contract(name)

    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert "as_of" in table.names  # every table can be read as of a date
    assert all(re.search("[\u0e00-\u0e7f]", column.th) for column in table.columns)
    assert all(re.search("[A-Za-z]", column.en) for column in table.columns)
    assert re.search("[\u0e00-\u0e7f]", table.th)
    assert re.search("[A-Za-z]", table.en)


@pytest.mark.parametrize("name", NAMES)
def test_money_states_its_unit_and_key_columns_of_rebuilt_tables_are_never_empty(name: str) -> None:
    table = tables.contract(name)
    by_name = {column.name: column for column in table.columns}

    assert all(column.unit == "baht" for column in table.columns if column.kind == "baht")
    if not table.grown:
        assert not any(by_name[part].nullable for part in table.key)
    assert table.grown == ("run_id" in table.names)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_frame_conforms_and_keeps_its_dtypes(name: str) -> None:
    accepted, findings = tables.conform(tables.empty(name), name)

    assert findings == []
    pd.testing.assert_frame_equal(accepted, tables.empty(name))


def test_an_unknown_table_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match="project_submissions"):
        tables.contract("project")
    with pytest.raises(NotFound, match=r"project \(~ projects\)"):
        tables.contract("project")


def test_columns_come_in_the_order_of_the_contract_and_absent_ones_are_missing() -> None:
    frame = inputs()[["state", "as_of", "bytes", "sha256", "file"]]
    accepted, findings = tables.conform(frame, "inputs")

    assert findings == []
    assert accepted.columns.tolist() == tables.contract("inputs").names
    assert accepted["rows_read"].isna().all()
    assert (
        accepted.dtypes.astype(str).to_dict() == tables.empty("inputs").dtypes.astype(str).to_dict()
    )


@pytest.mark.parametrize(
    ("changes", "where", "rule"),
    [
        ({"bytes": [10, -1]}, "inputs | 1 | bytes", "greater_than_or_equal_to(0"),
        ({"state": ["lost", "read"]}, "inputs | 0 | state", "isin"),
        ({"file": ["a.xls", None]}, "inputs | 1 | file", "not_nullable"),
        ({"quarter": [5, 1]}, "inputs | 0 | quarter", "less_than_or_equal_to(4"),
        ({"province_code": ["94", "940"]}, "inputs | 1 | province_code", "str_matches"),
        ({"province_code": ["94", "๙๔"]}, "inputs | 1 | province_code", "str_matches"),
        ({"province_code": ["94", "94\n"]}, "inputs | 1 | province_code", "str_matches"),
        ({"province_code": ["94", ""]}, "inputs | 1 | province_code", "str_matches"),
        ({"file": ["a.xls", "a.xls"]}, "inputs | 1 | file", "key occurs twice"),
    ],
)
def test_a_row_that_breaks_a_rule_is_left_out_and_named(
    changes: dict[str, object], where: str, rule: str
) -> None:
    accepted, findings = tables.conform(inputs(**changes), "inputs")

    assert [f.where for f in findings] == [where]
    assert findings[0].value.startswith(rule)
    assert findings[0].severity == "error"
    assert len(accepted) == 1


def test_limits_are_themselves_allowed() -> None:
    accepted, findings = tables.conform(inputs(quarter=[1, 4], bytes=[0, 0]), "inputs")
    assert (len(accepted), findings) == (2, [])


def test_rows_are_refused_by_position_even_where_labels_occur_twice() -> None:
    frame = inputs(bytes=[10, -1])
    frame.index = pd.Index(["same", "same"])
    accepted, findings = tables.conform(frame, "inputs")

    assert accepted["file"].tolist() == ["a.xls"]
    assert [f.where for f in findings] == ["inputs | same | bytes"]


def test_findings_name_the_callers_labels_in_the_order_of_rows() -> None:
    frame = pd.concat([inputs(bytes=[-1, 1]), inputs(file=["c", "d"], bytes=[2, -2])])
    frame.index = pd.Index([90, 10, 50, 20])

    assert [where for where, _ in broken(frame)] == ["inputs | 90 | bytes", "inputs | 20 | bytes"]


def test_one_row_can_break_several_rules() -> None:
    found = broken(inputs(bytes=[-1, 1], state=["lost", "read"]))
    assert [where for where, _ in found] == ["inputs | 0 | bytes", "inputs | 0 | state"]


def test_a_broken_row_does_not_take_its_sound_double_with_it() -> None:
    accepted, findings = tables.conform(inputs(file=["a", "a"], bytes=[-1, 5]), "inputs")

    assert accepted["bytes"].tolist() == [5]
    assert [f.where for f in findings] == ["inputs | 0 | bytes"]


def test_of_rows_with_one_key_the_first_stays() -> None:
    frame = pd.concat([inputs(), inputs(bytes=[7, 8])])
    accepted, findings = tables.conform(frame, "inputs")

    assert accepted["bytes"].tolist() == [10, 20]
    assert len(findings) == 2


def test_the_frame_is_left_alone() -> None:
    frame = inputs(bytes=["10", "-20"])
    before = frame.copy()
    tables.conform(frame, "inputs")
    pd.testing.assert_frame_equal(frame, before)


def test_an_absent_column_that_must_be_there_is_refused_by_name() -> None:
    with pytest.raises(SchemaError, match="sha256"):
        tables.conform(inputs().drop(columns="sha256"), "inputs")


def test_a_value_of_the_wrong_type_is_refused_without_being_shown() -> None:
    secret = "นายสมมติ ใจดี 1959900000000"
    frame = inputs(bytes=[1, secret])
    with pytest.raises(SchemaError, match="bytes") as caught:
        tables.conform(frame, "inputs")

    assert secret not in "".join(traceback.format_exception(caught.value))


def test_a_fraction_is_not_silently_made_whole() -> None:
    with pytest.raises(SchemaError, match="bytes"):
        tables.conform(inputs(bytes=[1.5, 2.0]), "inputs")


def test_baht_are_rounded_to_the_satang_and_dates_lose_their_finer_units() -> None:
    frame = pd.DataFrame({
        "activity_id": ["x"], "tambon_code": ["940101"], "amphoe_code": ["9401"],
        "province_code": ["94"], "fiscal_year": [2565], "quarter": [3], "title_th": ["ทำผ้าบาติก"],
        "budget_approved": [0.1 + 0.2], "file": ["f"], "as_of": [date(2022, 6, 24)],
    })  # fmt: skip
    accepted, findings = tables.conform(frame, "council_activities")

    assert findings == []
    assert accepted["budget_approved"].tolist() == [0.3]
    assert accepted["as_of"].dtype == "datetime64[s]"
    assert accepted["as_of"].iloc[0] == pd.Timestamp("2022-06-24")


def test_missing_parts_of_a_key_count_as_equal() -> None:
    rows = pd.DataFrame({
        "run_id": "r", "scope": "94", "fiscal_year": 2565, "quarter": 3, "outcome": "income",
        "estimand": "ATT", "method": "m", "level": "overall", "group": np.nan,
        "as_of": "2022-06-24",
    }, index=[0, 1])  # fmt: skip
    key = ", ".join(tables.contract("effects").key)
    assert broken(rows, "effects") == [(f"effects | 1 | {key}", "key occurs twice")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", None]),
            st.sampled_from([-1, 0, 5, None]),
            st.sampled_from(["94", "๙๔", "940", None]),
            st.sampled_from(["read", "lost"]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_accepted_and_refused_rows_are_those_of_a_plain_loop(rows, random) -> None:
    names = ["file", "bytes", "province_code", "state"]
    frame = pd.DataFrame(rows, columns=names).assign(sha256="s", as_of="2022-06-24")
    frame["bytes"] = frame["bytes"].astype("Int64")
    frame.index = pd.Index([random.choice("xyz") for _ in rows])
    seen, kept, refused = set(), [], []
    for position, (file, size, province, state) in enumerate(rows):
        sound = (
            file is not None and size is not None and size >= 0
            and (province is None or province == "94") and state == "read"
        )  # fmt: skip
        if sound and file not in seen:
            seen.add(file)
            kept.append(position)
        else:
            refused.append(position)

    accepted, findings = tables.conform(frame, "inputs")
    expected = frame.iloc[kept].reset_index(drop=True)
    assert accepted["file"].tolist() == expected["file"].tolist()
    assert accepted["bytes"].tolist() == expected["bytes"].tolist()
    labels = [f.where.split(" | ")[1] for f in findings]
    assert list(dict.fromkeys(labels)) == list(dict.fromkeys(frame.index[refused]))


def test_findings_have_words_in_both_languages() -> None:
    finding = tables.conform(inputs(bytes=[-1, 1]), "inputs")[1][0]

    assert isinstance(finding, Finding)
    assert "ตาราง" in finding.message("th")
    assert "contract" in finding.message("en")
