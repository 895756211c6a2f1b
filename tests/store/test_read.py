"""What is asked for: period, province, date and columns, against plain selections."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.periods import FiscalPeriod
from evallib.store import Store
from evallib.tables import contracts as tables


def ids(frame: pd.DataFrame) -> list[str]:
    """Return the last character of each need."""
    return [need[-1] for need in frame["need_id"]]


@pytest.fixture(scope="module")
def stated(tmp_path_factory) -> Store:
    """A store of four needs of four tambons in three provinces, their votes and their links."""
    needs = pd.DataFrame({
        "need_id": ["N-1", "N-2", "N-3", "N-4"], "need_text_th": "ซ่อมถนน",
        "tambon_code": ["940101", "940102", "950101", "960101"],
        "province_code": ["94", "94", "95", None],
        "first_stated": ["2564-Q4", "2565-Q1", "2565-Q3", "2565-Q4"],
        "last_stated": ["2565-Q2", "2565-Q1", "2566-Q1", None],
        "as_of": ["2021-09-30", "2021-12-31", "2022-06-24", None],
    })  # fmt: skip
    votes = pd.DataFrame({"need_id": ["N-1", "N-3", "N-9"], "fiscal_year": 2565, "quarter": 1,
                          "file": "f", "as_of": "2022-01-01"})  # fmt: skip
    links = pd.DataFrame({"need_id": ["N-2", "N-3"], "project_uid": ["P-1", "P-2"], "score": 0.5,
                          "reviewer_state": "auto", "as_of": "2022-01-01"})  # fmt: skip
    store = Store(tmp_path_factory.mktemp("stated"))
    frames = {"needs": needs, "need_votes": votes, "need_project_links": links}
    store.rebuild(frames, run_id="i", as_of="2022-06-24")
    return store


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2564", "1"), ("2564-Q4", "1"), ("2564-Q3", ""), ("2565", "1234"), ("2565-Q1", "12"),
        ("2565-Q2", "1"), ("2565-Q3", "3"), (FiscalPeriod(2565, 4), "34"), ("2566", "3"),
    ],
)  # fmt: skip
def test_needs_belong_to_the_periods_over_which_they_were_stated(stated, period, expected) -> None:
    assert ids(stated.read("needs", period=period)) == list(expected)


@pytest.mark.parametrize("name", ["project_progress", "projects", "inputs", "indicators"])
def test_a_period_keeps_its_quarters_or_its_year(store, random_frame, name) -> None:
    rng = np.random.default_rng(5)
    frame = random_frame(name, 60)
    frame["fiscal_year"] = pd.Series(rng.integers(2564, 2566, len(frame)), dtype="Int64")
    if "quarter" in frame:
        frame["quarter"] = pd.Series(rng.integers(1, 5, len(frame)), dtype="Int64")
    frame = tables.conform(frame, name)[0].sort_values(list(tables.contract(name).key))
    store.rebuild({name: frame}, run_id="i", as_of="2022-06-24")
    for period in ("2565", "2565-Q3", FiscalPeriod(2564), FiscalPeriod(2564, 1)):
        asked = FiscalPeriod.parse(str(period))
        expected = frame[frame["fiscal_year"] == asked.fiscal_year]
        if asked.quarter and "quarter" in frame:
            expected = expected[expected["quarter"] == asked.quarter]

        assert 0 < len(expected) < len(frame)
        read = store.read(name, period=period)
        pd.testing.assert_frame_equal(read, expected.reset_index(drop=True))


def test_a_province_keeps_its_rows_and_unknown_places_belong_to_none(stated) -> None:
    found = [ids(stated.read("needs", province=code)) for code in ("94", "95", "96")]
    assert found == [["1", "2"], ["3"], []]


def test_tables_without_a_place_follow_the_need_or_project_they_belong_to(stated) -> None:
    assert ids(stated.read("need_votes", province="94", columns=["need_id"])) == ["1"]
    assert ids(stated.read("need_project_links", province="95")) == ["3"]
    assert stated.read("project_progress", province="95").empty


OF_AGENCIES = {"quality_scores", "corrections", "baht_ledger"}  # of no place


@pytest.mark.parametrize("name", tables.tables())
def test_every_table_about_places_can_be_asked_for_a_province(stated, name) -> None:
    if name in OF_AGENCIES:
        with pytest.raises(SchemaError, match=name):
            stated.read(name, province="96")
    else:
        assert stated.read(name, province="96").empty


@pytest.mark.parametrize(
    "as_of",
    [
        "2021-12-31",
        date(2021, 12, 31),
        pd.Timestamp("2021-12-31 23:59"),
        "31/12/2564",
        "๓๑ ธันวาคม ๒๕๖๔",
        "2564-12-31",
    ],
)
def test_as_of_keeps_what_was_known_on_that_day(stated, as_of) -> None:
    assert ids(stated.read("needs", as_of=as_of)) == ["1", "2"]
    assert ids(stated.read("needs", as_of="2021-12-30")) == ["1"]
    assert ids(stated.read("needs")) == ["1", "2", "3", "4"]


def test_columns_come_in_the_order_asked_and_filters_need_not_be_among_them(stated) -> None:
    frame = stated.read("needs", province="94", period="2565-Q1", as_of="2022-01-01",
                        columns=["need_text_th", "need_id"])  # fmt: skip
    assert frame.columns.tolist() == ["need_text_th", "need_id"]
    assert ids(frame) == ["1", "2"]


def test_a_table_of_several_files_is_sorted_whatever_columns_are_asked(store, random_frame) -> None:
    from deltalake import DeltaTable, write_deltalake

    from evallib.store.arrow import to_arrow

    frame = random_frame("indicators", 50)
    store.rebuild({"indicators": frame.head(0)}, run_id="i", as_of="2022-06-24")
    folder = str(store.path / "indicators")
    for part in (frame.iloc[30:], frame.iloc[:10], frame.iloc[10:30]):
        write_deltalake(folder, to_arrow(part, "indicators"), mode="append")
    pin_newest(store, "indicators", DeltaTable(folder).version())

    pd.testing.assert_frame_equal(store.read("indicators"), frame)
    pd.testing.assert_frame_equal(store.read("indicators", columns=["value"]), frame[["value"]])


def pin_newest(store: Store, name: str, version: int) -> None:
    """Make readers see another version of a table."""
    from dataclasses import replace

    from evallib.store.state import read_state, write_state

    state = read_state(store.path)
    pins = {**state.tables, name: replace(state.tables[name], version=version)}
    write_state(store.path, replace(state, tables=pins))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"columns": ["need_id", "sector_cod"]}, "sector_code"),
        ({"columns": []}, "need_id"),
        ({"period": "2022"}, "2022"),
        ({"period": "ไตรมาส 3"}, "ไตรมาส 3"),
        ({"province": "ปัตตานี"}, "94"),
        ({"province": 94}, "94"),
        ({"as_of": date(2565, 6, 24)}, "2565"),
        ({"as_of": "06/24/2022"}, "06/24/2022"),
        ({"as_of": ""}, "พ.ศ."),
    ],
)
def test_what_cannot_be_asked_is_refused(stated, arguments, message) -> None:
    with pytest.raises(SchemaError, match=message):
        stated.read("needs", **arguments)


def test_a_filter_that_does_not_apply_is_refused_rather_than_ignored(stated) -> None:
    with pytest.raises(SchemaError, match="period"):
        stated.read("need_project_links", period="2565")


def test_a_snapshot_stays_as_it_was_while_others_ingest(store, random_frame) -> None:
    first, second = random_frame("needs", 5, seed=1), random_frame("needs", 5, seed=2)
    store.rebuild({"needs": first}, run_id="i", as_of="2022-06-24")
    fixed, before = store.snapshot(), store.fingerprint()
    Store(store.path).rebuild({"needs": second}, run_id="j", as_of="2022-09-30")

    pd.testing.assert_frame_equal(fixed.read("needs"), first)
    pd.testing.assert_frame_equal(fixed.snapshot().sql("select * from needs"), first)
    assert fixed.fingerprint() == before != store.fingerprint()
    assert fixed.history("needs")["current"].tolist() == [False, True]
    pd.testing.assert_frame_equal(store.read("needs"), second)
