"""What a writer that died left goes; what a version names, and what is written now, stays."""

from __future__ import annotations

import shutil

import pytest

from evallib.drafts import writer_in
from evallib.store.leftovers import sweep_leftovers
from evallib.store.sums import SUMS

STRAYS = (
    "needs/part-00000-lost-c000.snappy.parquet", "needs/part-1.parquet#1",
    "needs/_delta_log/_commit_1.json.tmp", f"needs/{SUMS}/.draft", "alignment/part-0.parquet",
    "_commits/part-0.parquet",
)  # fmt: skip
OTHERS = ("mine/part-0.parquet", "_damaged-needs-1/part-0.parquet", "notes.txt")


@pytest.fixture
def filled(store, random_frame):
    """Give a store of two versions, with what dead writers and other people put into it."""
    for run_id, n in (("i1", 5), ("i2", 7)):
        frames = {"needs": random_frame("needs", n)}
        store.rebuild(frames, run_id=run_id, as_of="2022-06-24")
    effects = random_frame("effects", 3).drop(columns=["run_id", "as_of"])
    store.commit({"effects": effects}, run_id="r", as_of="2022-06-24")
    for name in STRAYS + OTHERS:
        (store.path / name).parent.mkdir(parents=True, exist_ok=True)
        (store.path / name).write_bytes(b"x")
    return store


def there(store) -> set[str]:
    return {f.relative_to(store.path).as_posix() for f in store.path.rglob("*") if f.is_file()}


def test_strays_go_and_all_else_stays(filled) -> None:
    before = there(filled)
    removed = sweep_leftovers(filled.path)
    assert {f.relative_to(filled.path).as_posix() for f in removed} == set(STRAYS)
    assert there(filled) == before - set(STRAYS)
    assert [p for verdict in filled.verify() for p in verdict.problems] == []
    assert len(filled.read("needs")) == 7
    assert len(filled.read("effects")) == 3
    assert sweep_leftovers(filled.path) == []


def test_nothing_goes_while_somebody_writes(filled) -> None:
    before = there(filled)
    with writer_in(filled.path):
        assert sweep_leftovers(filled.path) == []
    assert there(filled) == before


def test_a_file_that_a_version_names_needs_no_sum(filled) -> None:
    for file in filled.path.glob(f"*/{SUMS}/*.sha256"):  # as earlier editions wrote
        file.unlink()
    sweep_leftovers(filled.path)
    assert len(filled.read("needs")) == 7
    assert len(filled.read("effects")) == 3
    assert not there(filled) & set(STRAYS)


@pytest.mark.parametrize("lost", ["00000000000000000000.json", "*.json"])
def test_where_the_log_is_damaged_all_files_stay(filled, lost) -> None:
    for file in list(filled.path.glob(f"needs/{SUMS}/*.sha256")):
        file.unlink()
    for file in list((filled.path / "needs" / "_delta_log").glob(lost)):
        file.unlink()
    before = {name for name in there(filled) if name.startswith("needs/")}
    sweep_leftovers(filled.path)
    assert {name for name in there(filled) if name.startswith("needs/")} == before


def test_a_store_that_is_not_there_is_not_made(tmp_path) -> None:
    assert sweep_leftovers(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()


def test_a_folder_without_a_version_is_no_damage_but_a_lost_log_is(store, random_frame) -> None:
    effects = random_frame("effects", 3).drop(columns=["run_id", "as_of"])
    store.commit({"effects": effects}, run_id="r", as_of="2022-06-24")
    (store.path / "alignment").mkdir()
    (store.path / "alignment" / "part-0.parquet").write_bytes(b"x")  # a first write was killed
    assert [p for verdict in store.verify() for p in verdict.problems] == []
    shutil.rmtree(store.path / "effects" / "_delta_log")
    assert {v.table for v in store.verify() if v.problems} >= {"effects", "_commits"}
