"""Whatever stops a writer: readers keep the former state, the message says why, and again works."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from evallib.errors import EvallibError, NotFound
from evallib.store import Store
from evallib.store import ingests as rebuild
from evallib.store.state import STATE_FILE, State, read_state, write_state
from evallib.tables import contracts as tables
from tests.paths import ROOT

FILLED = ("inputs", "needs", "indicators", "findings")  # the first and the last among them
REBUILT = [name for name, table in tables.tables().items() if not table.grown]
Frames = dict[str, pd.DataFrame]


def check(store: Store, frames: Frames) -> None:
    """Demand that readers see exactly these tables."""
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(store.read(name), frame, obj=name)


@pytest.fixture(scope="module")
def old(ingest_frames: Callable[..., Frames]) -> Frames:
    frames = ingest_frames(n=5, seed=1)
    return {name: frames[name] for name in FILLED}


@pytest.fixture(scope="module")
def few(old: Frames) -> Frames:
    return {"needs": old["needs"]}


@pytest.fixture(scope="module")
def new(ingest_frames: Callable[..., Frames]) -> Frames:
    frames = ingest_frames(n=7, seed=2)
    return {name: frames[name] for name in FILLED}


@pytest.mark.parametrize(("step", "after"), [
    (0, False), (0, True), (1, True), (3, False), (3, True),
])  # fmt: skip
def test_a_rebuild_that_fails_at_a_table_leaves_the_former_state(
    store, monkeypatch, old, new, step, after
) -> None:
    store.rebuild(old, run_id="old", as_of="2022-06-24")
    before = store.fingerprint()
    calls, write = iter(range(100)), rebuild.write_version

    def stop(*args: object, **kwargs: object) -> int:
        reached = next(calls) == step
        if reached and not after:
            raise OSError(28, "No space left on device")
        version = write(*args, **kwargs)
        if reached:
            raise KeyboardInterrupt
        return version

    with monkeypatch.context() as patch:
        patch.setattr(rebuild, "write_version", stop)
        with pytest.raises((OSError, KeyboardInterrupt)):
            store.rebuild(new, run_id="new", as_of="2022-09-30")

    assert store.fingerprint() == before
    check(store, old)
    assert store.rebuild(new, run_id="new", as_of="2022-09-30") == list(FILLED)
    check(store, new)


def test_a_failed_rebuild_is_forgotten_when_the_former_data_come_again(
    store, monkeypatch, old, new
) -> None:
    store.rebuild(old, run_id="old", as_of="2022-06-24")
    with monkeypatch.context() as patch:
        patch.setattr(rebuild, "write_state", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.rebuild(new, run_id="new", as_of="2022-09-30")

    check(store, old)
    assert store.rebuild(old, run_id="old", as_of="2022-06-24") == []
    check(store, old)


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace", "json.dumps"])
def test_a_state_that_cannot_be_replaced_stays_and_leaves_no_litter(
    tmp_path, monkeypatch, call
) -> None:
    write_state(tmp_path, State(run_id="old", as_of="2022-06-24"))

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(OSError, match="No space"):
            write_state(tmp_path, State(run_id="new", as_of="2022-09-30"))

    assert read_state(tmp_path).run_id == "old"
    assert [path.name for path in tmp_path.iterdir()] == [STATE_FILE]


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from conftest import make_frame
from evallib import tables
from evallib.store import Store, ingests as rebuild
frames = {{n: make_frame(n, 7, seed=2) for n in {names}}}
left, write, place = {step}, rebuild.write_version, rebuild.write_state
def die(*args, **kwargs):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return write(*args, **kwargs)
def die_last(*args):
    os.kill(os.getpid(), signal.SIGKILL)
rebuild.write_version, rebuild.write_state = die, die_last
Store({path!r}).rebuild(frames, run_id="new", as_of="2022-09-30")
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 3, 99])
def test_a_killed_rebuild_leaves_the_former_state(store, old, new, step) -> None:
    store.rebuild(old, run_id="old", as_of="2022-06-24")
    code = KILLED.format(
        tests=str(Path(__file__).parent), names=FILLED, step=step, path=str(store.path)
    )
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -9

    check(store, old)
    store.rebuild(new, run_id="new", as_of="2022-09-30")
    check(store, new)


@pytest.mark.slow
def test_readers_during_rebuilds_never_see_tables_of_two_ingests(store, old) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from conftest import make_frame
from evallib import tables
from evallib.store import Store
for k in range(12):
    frames = {{n: make_frame(n, 5).assign(file=f"ingest-{{k:02d}}")
              for n, t in tables.tables().items() if not t.grown and "file" in t.names}}
    frames["inputs"] = frames["inputs"].head(1)
    Store({str(store.path)!r}).rebuild(frames, run_id=f"i{{k}}", as_of="2022-06-24")
    print(k, flush=True)
"""
    writer = subprocess.Popen(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout.readline().strip() == "0"
    seen = []
    while writer.poll() is None:
        found = store.sql(
            "select distinct i.file as one, n.file as other from inputs i, need_votes n"
        )
        seen.append(found)
    assert writer.returncode == 0
    writer.stdout.close()
    pairs = pd.concat(seen)

    assert len(set(pairs["one"])) > 1
    assert (pairs["one"] == pairs["other"]).all()


LIMITED = """
import os, resource, signal, sys
import pandas as pd, pyarrow.dataset, deltalake, pandera.pandas
from evallib.errors import EvallibError
from evallib.i18n import catalog
from evallib.store import Store, arrow, delta, ingests, runs
catalog()
needs = pd.DataFrame({{"need_id": [f"N-{{i}}" for i in range(3000)], "need_text_th": [
    str(hash((i, "x"))) * 5 for i in range(3000)], "tambon_code": "940101"}})
effects = pd.DataFrame({{"scope": [f"{{i}}" for i in range(3000)], "fiscal_year": 2565,
    "quarter": 3, "outcome": "income", "estimand": "ATT", "method": "m", "level": "overall",
    "unit": [str(hash((i, "y"))) * 5 for i in range(3000)]}})
store = Store({path!r})
{limit}
for call in (lambda: store.rebuild({{"needs": needs}}, run_id="i", as_of="2022-06-24"),
             lambda: store.commit({{"effects": effects}}, run_id="r", as_of="2022-06-24")):
    try:
        call()
        print("written")
    except EvallibError as error:
        print(error.code, error.message("en").replace(chr(10), " | "))
"""
FULL = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
"""
READ_ONLY = """
if os.getuid() == 0:
    os.setuid(65534)
"""


@pytest.mark.parametrize(
    ("limit", "found"), [(FULL, "File too large"), (READ_ONLY, "Permission denied")]
)
def test_a_full_or_read_only_disk_is_told_clearly_and_loses_nothing(
    tmp_path_factory, old, random_frame, limit, found
) -> None:
    store = Store(tmp_path_factory.mktemp("disk") / "processed")
    store.rebuild(old, run_id="old", as_of="2022-06-24")
    effects = random_frame("effects", 3).drop(columns=["run_id", "as_of"])
    store.commit({"effects": effects}, run_id="r", as_of="2022-06-24")
    kept = store.read("effects")
    folders = [store.path, *store.path.parents[:3], *store.path.rglob("*")]
    before = {path: path.stat().st_mode for path in folders}
    for path in folders:
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = LIMITED.format(path=str(store.path), limit=limit)
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    for path, mode in before.items():
        path.chmod(mode)

    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    for line in lines:
        assert line.startswith("store.cannot_write needed:")
        assert found in line
        assert "do:" in line
    check(store, old)
    pd.testing.assert_frame_equal(store.read("effects"), kept)


def test_a_path_that_is_a_file_is_told_clearly(tmp_path, few) -> None:
    (tmp_path / "file").write_text("x")
    store = Store(tmp_path / "file")
    with pytest.raises(EvallibError, match=r"Not a directory|File exists") as caught:
        store.rebuild(few, run_id="i", as_of="2022-06-24")
    assert caught.value.code == "store.cannot_write"
    with pytest.raises(NotFound, match="ingest"):
        store.read("needs")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 2}', '{"format": 1, "tables": {}}', "\0"]
)
def test_a_damaged_state_is_told_clearly_and_mended_by_the_next_ingest(store, few, content) -> None:
    store.rebuild(few, run_id="old", as_of="2022-06-24")
    (store.path / STATE_FILE).write_text(content)
    for call in (store.fingerprint, store.tables, lambda: store.read("needs")):
        with pytest.raises(EvallibError, match="evallib ingest") as caught:
            call()
        assert caught.value.code == "store.damaged"

    store.rebuild(few, run_id="old", as_of="2022-06-24")
    check(store, few)


@pytest.mark.parametrize("lost", ["*.parquet", "_delta_log/*.json"])
def test_lost_files_are_told_clearly_and_mended_by_the_next_ingest(store, few, lost) -> None:
    store.rebuild(few, run_id="old", as_of="2022-06-24")
    for path in (store.path / "needs").glob(lost):
        path.unlink()
    with pytest.raises(EvallibError, match="evallib ingest"):
        store.read("needs")
    with pytest.raises(EvallibError, match="evallib ingest"):
        store.sql("select * from needs")

    assert store.rebuild(few, run_id="old", as_of="2022-06-24") == ["needs"]
    check(store, few)


def test_a_torn_file_is_told_clearly(store, few) -> None:
    store.rebuild(few, run_id="old", as_of="2022-06-24")
    file = next((store.path / "needs").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(EvallibError) as caught:
        store.read("needs")
    assert caught.value.code == "store.damaged"


def test_the_state_names_every_table_and_can_be_read_by_people(store, few) -> None:
    store.rebuild(few, run_id="old", as_of="2022-06-24")
    entry = json.loads((store.path / STATE_FILE).read_text("utf-8"))

    assert sorted(entry["tables"]) == sorted(REBUILT)
    assert (entry["run_id"], entry["as_of"]) == ("old", "2022-06-24")
