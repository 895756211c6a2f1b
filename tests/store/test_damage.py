"""One bit that flips anywhere in the database is told, or it changes nothing that readers see."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from evallib.cli import main
from evallib.errors import EvallibError
from evallib.store import Store
from evallib.store import sums as stored_sums
from evallib.store.state import STATE_FILE, read_state
from evallib.store.sums import SUMS
from evallib.tables import contracts as tables

FLIPS = 60
FILLED = ("inputs", "projects", "needs", "findings")
DAY = "2022-06-24"
Frames = dict[str, pd.DataFrame]
PLACES = {
    "data": lambda root: [*root.glob("*/*.parquet")],
    "log": lambda root: [f for f in root.glob("*/_delta_log/*") if f.is_file()],
    "hint": lambda root: [*root.glob("*/_delta_log/_last_checkpoint")],
    "state": lambda root: [root / STATE_FILE],
    "sums": lambda root: [*root.glob(f"*/{SUMS}/*")],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory, ingest_frames, random_frame) -> Path:
    """Give a database of two ingests and of enough runs for a summed up log."""
    store = Store(tmp_path_factory.mktemp("small") / "processed")
    for seed in (1, 2):
        frames = ingest_frames(n=9, seed=seed)
        store.rebuild({n: frames[n] for n in FILLED}, run_id=f"i{seed}", as_of=DAY)
    for k in range(12):
        effects = random_frame("effects", 3, seed=k).drop(columns=["run_id", "as_of"])
        runs = random_frame("runs", 1, seed=k).drop(columns=["run_id", "as_of"])
        store.commit({"effects": effects, "runs": runs}, run_id=f"r{k}", as_of=DAY)
    return store.path


@pytest.fixture
def root(small, tmp_path) -> Path:
    return shutil.copytree(small, tmp_path / "processed")


def all_rows(store: Store) -> Frames:
    """Return what readers see of every table."""
    return {name: store.read(name) for name in tables.tables()}


def answer(root: Path, whole: Frames) -> str:
    """Tell what a reader meets: an error, rows as before, or wrong rows that nothing tells of."""
    stored_sums._sum_of.cache_clear()  # each flip is met by a process of its own
    store = Store(root)
    try:
        rows = all_rows(store)
    except EvallibError as error:
        return "told on read" if error.code == "store.damaged" else error.code
    same = all(rows[name].equals(whole[name]) for name in whole)
    if any(verdict.problems for verdict in store.verify()):
        return "told by verify" if same else "wrong on read, told by verify"
    return "without effect" if same else "silent"


def flips(files: list[Path], seed: int) -> Iterator[None]:
    """Flip one bit after the other at seeded places, each byte as likely, and flip it back."""
    rng = random.Random(seed)
    files = sorted(files)
    sizes = [file.stat().st_size for file in files]
    for _ in range(FLIPS):
        file = rng.choices(files, sizes)[0]
        content = file.read_bytes()
        damaged = bytearray(content)
        damaged[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        file.write_bytes(damaged)
        yield
        file.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_a_flipped_bit_is_told_or_changes_nothing(root, place) -> None:
    whole = all_rows(Store(root))
    files = PLACES[place](root)
    found = Counter(answer(root, whole) for _ in flips(files, seed=2565))

    assert set(found) <= {"told on read", "told by verify", "without effect"}
    assert found.total() == FLIPS
    assert answer(root, whole) == "without effect"


def test_a_damaged_data_file_is_told_by_name_and_mended_by_the_next_ingest(
    root, ingest_frames
) -> None:
    file = max((root / "needs").glob("*.parquet"), key=lambda f: f.stat().st_mtime_ns)
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    for call in (lambda: Store(root).read("needs"), lambda: Store(root).sql("from needs")):
        with pytest.raises(EvallibError, match=r"needs(?s:.*)evallib ingest") as caught:
            call()
        assert caught.value.code == "store.damaged"
    assert [v.table for v in Store(root).verify() if v.problems] == ["needs"]

    frames = ingest_frames(n=9, seed=2)
    again = {name: frames[name] for name in FILLED}
    assert Store(root).rebuild(again, run_id="i3", as_of=DAY) == ["needs"]
    pd.testing.assert_frame_equal(Store(root).read("needs"), frames["needs"])


def test_a_damaged_log_is_put_aside_by_the_next_ingest(root, ingest_frames) -> None:
    log = root / "needs" / "_delta_log" / f"{1:020d}.json"
    log.write_bytes(log.read_bytes().replace(b'"size":', b'"size": '))
    with pytest.raises(EvallibError, match="needs"):
        Store(root).read("needs")

    frames = ingest_frames(n=9, seed=2)
    again = {name: frames[name] for name in FILLED}
    assert Store(root).rebuild(again, run_id="i3", as_of=DAY) == ["needs"]
    pd.testing.assert_frame_equal(Store(root).read("needs"), frames["needs"])
    assert not any(verdict.problems for verdict in Store(root).verify())
    assert len([*root.glob("_damaged-needs-*")]) == 1


def test_a_run_does_not_build_on_a_damaged_log(root, random_frame) -> None:
    log = root / "runs" / "_delta_log" / f"{11:020d}.json"
    log.write_bytes(log.read_bytes() + b"\n")
    row = random_frame("runs", 1).drop(columns=["run_id", "as_of"])
    with pytest.raises(EvallibError) as caught:
        Store(root).commit({"runs": row}, run_id="r", as_of=DAY)
    assert caught.value.code == "store.damaged"


def test_a_database_of_before_is_read_and_gains_its_sums(root, ingest_frames) -> None:
    whole = all_rows(Store(root))
    for folder in root.glob(f"*/{SUMS}"):
        shutil.rmtree(folder)
    state = json.loads((root / STATE_FILE).read_text("utf-8"))
    del state["sha256"]
    (root / STATE_FILE).write_text(json.dumps(state), "utf-8")
    assert answer(root, whole) == "without effect"
    assert sum(v.unnoted for v in Store(root).verify()) > 0

    frames = ingest_frames(n=9, seed=2)
    Store(root).rebuild({n: frames[n] for n in FILLED}, run_id="i2", as_of=DAY)
    assert answer(root, whole) == "without effect"
    pins = read_state(root).tables
    for name, pin in pins.items():
        assert (root / name / SUMS / f"{pin.version:020d}.json.sha256").is_file()


@pytest.mark.parametrize("field", ["version", "rows"])
@pytest.mark.parametrize("number", [10**30, -1, 1.5, True, "1", None, 2**63])
@pytest.mark.parametrize("before", [False, True])
def test_an_absurd_number_in_the_state_is_told(root, field, number, before) -> None:
    entry = json.loads((root / STATE_FILE).read_text("utf-8"))
    entry["tables"]["needs"][field] = number
    if before:
        del entry["sha256"]
    (root / STATE_FILE).write_text(json.dumps(entry), "utf-8")
    for call in (lambda: Store(root).read("needs"), lambda: Store(root).tables()):
        with pytest.raises(EvallibError) as caught:
            call()
        assert caught.value.code == "store.damaged"
    assert Store(root).verify()[0].problems


def spoil_pin(root: Path, **changes: object) -> None:
    """Write another pin into a state of before, which has no sum."""
    entry = json.loads((root / STATE_FILE).read_text("utf-8"))
    entry["tables"]["needs"] |= changes
    del entry["sha256"]
    (root / STATE_FILE).write_text(json.dumps(entry), "utf-8")


def lose_rows(root: Path) -> None:
    """Lose the appended table of a commit that counts, folder and all."""
    shutil.rmtree(root / "effects")


@pytest.mark.parametrize(
    ("spoil", "table", "code"),
    [
        (lambda root: spoil_pin(root, rows=4), "needs", "store.differs"),
        (lambda root: spoil_pin(root, content="0" * 64), "needs", "store.differs"),
        (lambda root: spoil_pin(root, version=0), "needs", "store.differs"),
        (lambda root: spoil_pin(root, version=7), "needs", "store.damaged"),
        (lambda root: shutil.rmtree(root / "needs"), "needs", "store.damaged"),
        (lose_rows, "effects", "store.torn_commit"),
    ],
)
def test_verify_tells_what_does_not_belong_together(root, spoil, table, code) -> None:
    spoil(root)
    problems = [p for verdict in Store(root).verify() for p in verdict.problems]
    assert {p.code for p in problems} == {code}
    assert all(table in str(p) for p in problems)


def test_the_verb_tells_a_line_a_table(root, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    call: Callable[..., object] = lambda *more: CliRunner().invoke(  # noqa: E731
        main, ["verify", "--store", str(root), *more]
    )
    sound = call()
    assert sound.exit_code == 0
    assert all(word in sound.stdout for word in (STATE_FILE, "needs", "effects", "_commits"))
    assert len(sound.stdout.splitlines()) == len(json.loads(call("--json").stdout))

    file = next((root / "runs").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])
    broken = call()
    assert broken.exit_code == 1
    assert file.name in broken.stdout
    told = {row["table"]: row for row in json.loads(call("--json").stdout)}
    assert not told["runs"]["sound"]
    assert told["runs"]["problems"][0]["code"] == "store.damaged"
    assert told["needs"]["sound"]
