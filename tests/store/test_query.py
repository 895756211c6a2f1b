"""SQL sees the tables that readers see, and nothing else."""

from __future__ import annotations

import time
import traceback
from pathlib import Path

import pandas as pd
import pytest

from evallib.errors import EvallibError, SchemaError
from evallib.store import Store

PERSON = "นายสมมติ ใจดี"


@pytest.fixture(scope="module")
def filled(tmp_path_factory, ingest_frames, random_frame) -> Store:
    store = Store(tmp_path_factory.mktemp("query"))
    store.rebuild(ingest_frames(n=60), run_id="i", as_of="2022-06-24")
    effects = random_frame("effects", 9).drop(columns=["run_id", "as_of"])
    for run in ("r1", "r2"):
        store.commit({"effects": effects}, run_id=run, as_of="2022-06-24")
    return store


@pytest.mark.parametrize("name", ["projects", "needs", "indicators", "effects", "findings"])
def test_a_table_looks_the_same_in_sql(filled, name) -> None:
    pd.testing.assert_frame_equal(filled.sql(f"select * from {name}"), filled.read(name))


def test_sums_of_money_are_exact_and_counts_are_whole(filled) -> None:
    projects = filled.read("projects")
    found = filled.sql(
        "with there as (select * from projects where province_code = '94')"
        "select count(*) as n, sum(target_n) as people, sum(budget_approved) as baht,"
        " max(as_of) as newest from there"
    )
    there = projects[projects["province_code"] == "94"]
    satang = sum(round(value * 100) for value in there["budget_approved"].dropna())

    assert found.dtypes.astype(str).tolist() == ["Int64", "Int64", "float64", "datetime64[s]"]
    assert found.iloc[0].tolist() == [
        len(there), there["target_n"].sum(), satang / 100, there["as_of"].max(),
    ]  # fmt: skip


def test_tables_can_be_joined(filled) -> None:
    found = filled.sql(
        "select s.file, count(*) as n from project_submissions s join inputs i using (file)"
        " group by s.file order by s.file"
    )
    theirs = filled.read("project_submissions")["file"]
    ours = theirs[theirs.isin(filled.read("inputs")["file"])].value_counts()
    assert found["n"].tolist() == ours.sort_index().tolist()


def test_results_show_the_newest_run_and_history_every_run(filled) -> None:
    assert filled.sql("select distinct run_id from effects")["run_id"].tolist() == ["r2"]
    found = filled.sql("SELECT run_id, count(*) n FROM Effects_History GROUP BY 1 ORDER BY 1")
    assert found.to_numpy().tolist() == [["r1", 9], ["r2", 9]]


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from read_blob('{file}')",
        "select * from read_json('{file}')",
        "select * from read_parquet('{folder}/needs/*.parquet')",
        "select * from '{file}'",
        "select * from glob('{folder}/*')",
        "select * from sniff_csv('{file}')",
        "select * from delta_scan('{folder}/needs')",
        "select * from query('select * from read_text(''{file}'')')",
        "copy needs to '{new}'",
        "copy (select 1) to '{new}'",
        "attach '{new}' as other",
        "export database '{new}'",
        "install httpfs",
        "load httpfs",
        "create table mine as select 1",
        "create view mine as select 1",
        "insert into needs (need_id) values ('N-1')",
        "update needs set need_id = 'N-1'",
        "delete from needs",
        "drop view needs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "pragma database_list",
        "call pragma_version()",
        "explain analyze select 1",
        "select 1; select 2",
        "select 1; drop view needs",
        "",
        "-- nothing",
        "select * from secret",
        "select getenv('HOME')",
        "select * from need",
        "select need_idd from needs",
        "selec 1",
    ],
)
def test_what_writes_or_reaches_outside_is_refused(filled, tmp_path, monkeypatch, query) -> None:
    secret = pd.DataFrame({"value": [PERSON]})  # a query must not see variables of Python
    monkeypatch.setattr("evallib.store.query.secret", secret, raising=False)
    file = tmp_path / "secret.csv"
    file.write_text(PERSON, "utf-8")
    new = tmp_path / "new.db"
    before = filled.fingerprint(), filled.tables().to_numpy().tolist()
    with pytest.raises(SchemaError) as caught:
        filled.sql(query.format(file=file, folder=filled.path, new=new))

    assert PERSON not in "".join(traceback.format_exception(caught.value))
    assert sorted(tmp_path.iterdir()) == [file]
    assert (filled.fingerprint(), filled.tables().to_numpy().tolist()) == before
    assert len(secret) == 1


def test_an_error_about_a_value_does_not_show_the_value(store) -> None:
    needs = pd.DataFrame({"need_id": ["N-1"], "need_text_th": [PERSON], "tambon_code": ["940101"]})
    store.rebuild({"needs": needs}, run_id="i", as_of="2022-06-24")
    with pytest.raises(SchemaError) as caught:
        store.sql("select cast(need_text_th as integer) from needs")

    assert PERSON not in "".join(traceback.format_exception(caught.value))
    assert PERSON not in str(caught.value)


@pytest.mark.parametrize("last", [1, 300_000])
def test_an_error_that_comes_after_many_rows_does_not_show_the_value_either(filled, last) -> None:
    with pytest.raises(SchemaError) as caught:
        filled.sql(
            f"select cast(case when range = {last} then '{PERSON}' else '1' end as integer)"
            " from range(400000)"
        )
    assert "Conversion" in str(caught.value)
    assert PERSON not in "".join(traceback.format_exception(caught.value))


ENDLESS = [
    "select count(*) from range(3000000000) a, range(1000) b",
    "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t",
    "select a.range from range(3000000000) a, needs where a.range % 1000000000 = 7",
]


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_without_end_is_given_up_in_time(filled, query) -> None:
    began = time.monotonic()
    with pytest.raises(EvallibError) as caught:
        filled.sql(query, seconds=0.5)
    assert caught.value.code == "store.sql_time"
    assert time.monotonic() - began < 10
    assert filled.sql("select 1 as one")["one"].tolist() == [1]  # the next one is asked afresh


@pytest.mark.parametrize(
    "query",
    [
        "select list(range) from range(500000000)",  # DuckDB's own memory
        "select a.range from range(30000000) a order by hash(a.range)",
        "select a.range, b.range from range(100000) a, range(100000) b",  # the answer
    ],
)
def test_a_query_beyond_its_memory_is_given_up(filled, tmp_path, monkeypatch, query) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EvallibError) as caught:
        filled.sql(query, gigabytes=0.1)
    assert caught.value.code == "store.sql_memory"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": -1}, {"seconds": float("nan")},
                                    {"seconds": 1e9}, {"gigabytes": 0}, {"gigabytes": 1e9},
                                    {"gigabytes": float("inf")}])  # fmt: skip
def test_limits_that_are_none_are_refused(filled, limits) -> None:
    with pytest.raises(SchemaError, match="--seconds"):
        filled.sql("select 1", **limits)


def test_an_answer_of_many_batches_or_of_none_is_whole(filled) -> None:
    assert filled.sql("select range as n from range(250000)")["n"].tolist() == list(range(250_000))
    empty = filled.sql("select need_id, as_of from needs where false")
    assert empty.columns.tolist() == ["need_id", "as_of"]
    assert empty.dtypes.astype(str).tolist() == ["str", "datetime64[s]"]


def test_a_misspelt_column_is_named_with_its_neighbours(filled) -> None:
    with pytest.raises(SchemaError, match="need_id"):
        filled.sql("select need_idd from needs")


def test_a_query_leaves_no_files(filled) -> None:
    before = sorted(Path.cwd().iterdir())
    filled.sql("select n.* from needs n, needs m order by n.need_text_th")
    assert sorted(Path.cwd().iterdir()) == before
