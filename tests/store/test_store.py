"""What goes into the store comes out: every contract, empty tables, versions."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import NotFound, SchemaError
from evallib.store.arrow import LARGEST_BAHT, content_hash, to_arrow, to_frame
from evallib.tables import contracts as tables

REBUILT = [name for name, table in tables.tables().items() if not table.grown]
GROWN = [name for name, table in tables.tables().items() if table.grown]
INGEST = {"run_id": "ingest-1", "as_of": "2022-06-24"}


def needs(**changes: object) -> pd.DataFrame:
    """Return four needs."""
    return pd.DataFrame({
        "need_id": ["N-1", "N-2", "N-3", "N-4"], "need_text_th": "ซ่อมถนน",
        "tambon_code": ["940101", "940102", "950101", "960101"],
        "as_of": ["2021-09-30", "2021-12-31", "2022-06-24", None],
    } | changes)  # fmt: skip


def ids(frame: pd.DataFrame) -> list[str]:
    """Return the last character of each need."""
    return [need[-1] for need in frame["need_id"]]


# Round trips


@pytest.mark.parametrize(("n", "missing"), [(60, 0.3), (1, 1.0), (25, 1.0), (1, 0.0), (0, 0.0)])
def test_every_rebuilt_table_comes_back_as_it_went_in(store, random_frame, n, missing) -> None:
    frames = {name: random_frame(name, n, seed=7, missing=missing) for name in REBUILT}
    assert store.rebuild(frames, **INGEST) == REBUILT

    for name, frame in frames.items():
        pd.testing.assert_frame_equal(store.read(name), frame, obj=name)
        assert n < 2 or len(frame) > 1


@pytest.mark.parametrize("name", GROWN)
@pytest.mark.parametrize("n", [30, 0])
def test_a_grown_table_comes_back_as_it_went_in(store, random_frame, name, n) -> None:
    key = list(tables.contract(name).key)
    frame = random_frame(name, n, seed=7).assign(run_id="r", as_of=pd.Timestamp("2022-06-24"))
    frame = frame.astype(tables.empty(name).dtypes).drop_duplicates(key)
    store.commit({name: frame}, run_id="r", as_of="2022-06-24")

    expected = frame.sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(store.read(name), expected)


THAI = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), THAI, st.sampled_from(["น้ำประปา", "ํา", "เเ", "๑๒๓", "\u200b", ""]))
    )
)
def test_text_is_kept_letter_by_letter(values: list[str | None]) -> None:
    frame = tables.empty("findings").drop(columns=["code", "severity", "value", "as_of"])
    frame = frame.reindex(range(len(values))).astype(frame.dtypes).assign(
        code="c", severity="info", as_of=pd.Timestamp("2022-06-24"),
        value=pd.Series(values, dtype="str"),
    )  # fmt: skip
    back = to_frame(to_arrow(frame, "findings"))["value"]

    assert sorted(back.dropna()) == sorted(v for v in values if v is not None)
    assert back.isna().sum() == sum(v is None for v in values)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=int(LARGEST_BAHT) * 100), min_size=9))
def test_money_is_kept_to_the_satang(amounts: list[int]) -> None:
    amounts = sorted(amounts)
    frame = tables.empty("council_activities").reindex(range(len(amounts))).assign(
        activity_id=[f"{i:09d}" for i in range(len(amounts))],
        budget_approved=[satang / 100 for satang in amounts],
    )  # fmt: skip
    rows = to_arrow(frame, "council_activities")

    assert rows["budget_approved"].to_pylist() == [Decimal(satang) / 100 for satang in amounts]
    assert to_frame(rows)["budget_approved"].tolist() == [satang / 100 for satang in amounts]


@pytest.mark.parametrize("amount", [LARGEST_BAHT * 1.01, np.inf])
def test_amounts_beyond_satang_precision_are_refused(store, random_frame, amount) -> None:
    frame = random_frame("projects", 5).assign(budget_approved=amount)
    with pytest.raises(SchemaError, match="budget_approved"):
        store.rebuild({"projects": frame}, **INGEST)


def test_a_time_of_day_is_refused_rather_than_dropped(store, random_frame) -> None:
    frame = random_frame("projects", 5).assign(as_of=pd.Timestamp("2022-06-24 10:30"))
    with pytest.raises(SchemaError, match="as_of"):
        store.rebuild({"projects": frame}, **INGEST)


def test_frames_are_left_alone(store, ingest_frames) -> None:
    frames = {"needs": needs()}
    before = frames["needs"].copy()
    store.rebuild(frames, **INGEST)
    pd.testing.assert_frame_equal(frames["needs"], before)


def test_rows_come_sorted_by_key_whatever_their_order(store, random_frame) -> None:
    frame = random_frame("projects", 30)
    store.rebuild({"projects": frame.sample(frac=1, random_state=3)}, **INGEST)
    pd.testing.assert_frame_equal(store.read("projects"), frame)


def test_an_unknown_table_is_refused(store) -> None:
    for call in (store.read, store.history):
        with pytest.raises(NotFound, match="projectz"):
            call("projectz")
    with pytest.raises(NotFound, match="projectz"):
        store.rebuild({"projectz": needs()}, **INGEST)


def test_ingest_and_runs_keep_to_their_own_tables(store, random_frame) -> None:
    with pytest.raises(SchemaError, match="effects"):
        store.rebuild({"effects": random_frame("effects", 3)}, **INGEST)
    with pytest.raises(SchemaError, match="needs"):
        store.commit({"needs": needs()}, **INGEST)
    with pytest.raises(SchemaError, match="effects"):
        store.commit({}, **INGEST)
    assert not store.path.exists()


def test_rows_that_break_their_contract_stop_the_rebuild_before_it_begins(store) -> None:
    store.rebuild({"needs": needs()}, **INGEST)
    before = store.fingerprint()
    with pytest.raises(SchemaError, match=r"needs \| 2 \| tambon_code"):
        store.rebuild({"needs": needs(tambon_code=["940101", "940102", "x", "960101"])}, **INGEST)
    assert store.fingerprint() == before


# Nothing there yet


def test_a_folder_that_is_not_there_reads_as_nothing_ingested(store) -> None:
    for name in tables.tables():
        with pytest.raises(NotFound, match="evallib ingest"):
            store.read(name)
    with pytest.raises(NotFound, match="evallib ingest"):
        store.sql("select * from needs")
    assert store.tables().empty
    assert store.history("needs").empty
    assert store.history("effects").empty
    assert not store.path.exists()


def test_after_an_ingest_every_table_is_there_if_empty(store) -> None:
    store.rebuild({"needs": needs()}, **INGEST)
    for name in tables.tables():
        if name != "needs":
            pd.testing.assert_frame_equal(store.read(name), tables.empty(name))


# Versions


def test_a_table_whose_rows_did_not_change_is_not_written_again(store) -> None:
    store.rebuild({"needs": needs()}, **INGEST)
    first = sorted(path.name for path in (store.path / "needs").rglob("*"))

    assert store.rebuild({"needs": needs().iloc[::-1]}, run_id="ingest-2", as_of="2022-09-30") == []
    assert sorted(path.name for path in (store.path / "needs").rglob("*")) == first
    assert store.rebuild({"needs": needs().head(3)}, run_id="ingest-3", as_of="2022-09-30") == [
        "needs"
    ]
    assert ids(store.read("needs")) == ["1", "2", "3"]


def test_a_table_that_ingest_no_longer_makes_becomes_empty(store, ingest_frames) -> None:
    store.rebuild(ingest_frames(), **INGEST)
    changed = store.rebuild({"needs": needs()}, **INGEST)

    assert set(changed) == set(REBUILT)
    assert store.read("projects").empty


def test_tables_and_history_tell_what_is_there_and_how_it_came(store, random_frame) -> None:
    store.rebuild({"needs": needs()}, **INGEST)
    store.rebuild({"needs": needs().head(2)}, run_id="ingest-2", as_of="2022-09-30")
    for run in ("r1", "r2", "r1"):
        effects = random_frame("effects", 4).drop(columns=["run_id", "as_of"])
        store.commit({"effects": effects}, run_id=run, as_of="2022-06-24")

    listed = store.tables().set_index("name")
    assert listed.index.tolist() == [*REBUILT, "effects"]
    assert listed.loc["needs"].tolist() == [2, 1, pd.Timestamp("2021-12-31")]
    assert listed.loc["effects"].tolist() == [8, 2, pd.Timestamp("2022-06-24")]
    history = store.history("needs")
    assert history["run_id"].tolist() == ["ingest-2", "ingest-1"]
    assert history["rows"].tolist() == [2, 4]
    assert history["current"].tolist() == [True, False]
    assert history["as_of"].tolist() == [pd.Timestamp("2022-09-30"), pd.Timestamp("2022-06-24")]
    assert store.history("effects")[["run_id", "current"]].to_numpy().tolist() == [
        ["r1", True], ["r2", True], ["r1", False],
    ]  # fmt: skip


def test_a_table_of_another_contract_is_refused_until_it_is_rebuilt(store) -> None:
    from deltalake import write_deltalake

    store.rebuild({"needs": needs()}, **INGEST)
    old = to_arrow(tables.conform(needs(), "needs")[0], "needs").drop_columns(["village_no"])
    write_deltalake(str(store.path / "needs"), old, mode="overwrite", schema_mode="overwrite")
    state = json.loads((store.path / "_state.json").read_text("utf-8"))
    del state["sha256"]  # as earlier editions wrote it
    state["tables"]["needs"] |= {"version": 1, "content": content_hash(old)}
    (store.path / "_state.json").write_text(json.dumps(state), "utf-8")

    with pytest.raises(SchemaError, match="village_no"):
        store.read("needs")
    assert store.rebuild({"needs": needs()}, **INGEST) == ["needs"]
    assert len(store.read("needs")) == 4


def test_findings_written_before_their_places_had_columns_are_read(store, random_frame) -> None:
    from deltalake import write_deltalake

    parts = ["file", "sheet", "row", "column"]
    frame = random_frame("findings", 20)
    store.rebuild({"findings": frame}, **INGEST)
    new = store.read("findings")
    old = to_arrow(frame, "findings").drop_columns(parts)
    write_deltalake(str(store.path / "findings"), old, mode="overwrite", schema_mode="overwrite")
    state = json.loads((store.path / "_state.json").read_text("utf-8"))
    del state["sha256"]  # as earlier editions wrote it
    state["tables"]["findings"] |= {"version": 1, "content": content_hash(old)}
    (store.path / "_state.json").write_text(json.dumps(state), "utf-8")

    read = store.read("findings")
    assert read[parts].isna().all(axis=None)
    by = ["code", "where", "value"]
    pd.testing.assert_frame_equal(
        read.drop(columns=parts).sort_values(by, ignore_index=True),
        new.drop(columns=parts).sort_values(by, ignore_index=True),
    )
    assert read.dtypes.equals(new.dtypes)
    assert len(store.read("findings", columns=["row", "code"], period="2565")) == len(
        new[new["fiscal_year"] == 2565]
    )
    asked = store.sql("SELECT code, sheet, row FROM findings WHERE severity = 'error'")
    assert len(asked) == (new["severity"] == "error").sum()
    assert store.rebuild({"findings": frame}, **INGEST) == ["findings"]
    assert store.read("findings")[parts].notna().any().all()


def test_results_written_before_a_column_was_added_read_as_missing(store, random_frame) -> None:
    import pyarrow as pa
    from deltalake import write_deltalake

    effects = random_frame("effects", 5).assign(run_id="r", as_of=pd.Timestamp("2022-06-24"))
    store.commit({"effects": effects}, run_id="r", as_of="2022-06-24")
    stored = store.read("effects")
    from evallib.store.runs import COMMIT, counting_commits

    commit_id = next(iter(counting_commits(store.path)))
    rows = to_arrow(stored, "effects").drop_columns(["mde"])
    rows = rows.append_column(COMMIT, pa.array([commit_id] * len(rows), pa.string()))
    write_deltalake(str(store.path / "effects"), rows, mode="overwrite", schema_mode="overwrite")

    pd.testing.assert_frame_equal(store.read("effects"), stored.assign(mde=np.nan))
