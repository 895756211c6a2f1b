"""Equal rows, equal fingerprint: in any order, at any time, in any process, at no cost."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd

from evallib.store import Store
from tests.paths import ROOT

INGEST = {"run_id": "ingest-1", "as_of": "2022-06-24"}


def needs(**changes: object) -> pd.DataFrame:
    """Return four needs."""
    return pd.DataFrame({
        "need_id": ["N-1", "N-2", "N-3", "N-4"], "need_text_th": "ซ่อมถนน",
        "tambon_code": ["940101", "940102", "950101", "960101"],
        "as_of": ["2021-09-30", "2021-12-31", "2022-06-24", None],
    } | changes)  # fmt: skip


def test_equal_rows_give_an_equal_fingerprint_whenever_they_came(tmp_path, ingest_frames) -> None:
    frames = ingest_frames(seed=2)
    one, other = Store(tmp_path / "a"), Store(tmp_path / "b")
    one.rebuild(frames, **INGEST)
    other.rebuild(ingest_frames(seed=3), run_id="x", as_of="2020-01-01")
    assert one.fingerprint() != other.fingerprint()
    shuffled = {name: frames[name].sample(frac=1, random_state=1) for name in reversed(frames)}
    other.rebuild(shuffled, run_id="y", as_of="2021-01-01")

    assert one.fingerprint() == other.fingerprint()


def test_runs_do_not_change_the_fingerprint_but_every_ingested_value_does(
    store, random_frame
) -> None:
    store.rebuild({"needs": needs()}, **INGEST)
    before = store.fingerprint()
    store.commit({"runs": random_frame("runs", 1).drop(columns=["run_id", "as_of"])}, **INGEST)
    assert store.fingerprint() == before
    store.rebuild({"needs": needs(village_no=[None, None, None, 1])}, **INGEST)
    assert store.fingerprint() != before


FINGERPRINT = """
import pandas as pd
from evallib.store import Store
store = Store({path!r})
needs = pd.DataFrame({{"need_id": ["N-2", "N-1"], "need_text_th": ["ถนน", "น้ำ"],
                      "tambon_code": ["940101", "950101"], "province_code": [None, "95"]}})
store.rebuild({{"needs": needs}}, run_id="i", as_of="2022-06-24")
print(store.fingerprint())
"""


def test_the_fingerprint_does_not_hang_on_the_process(tmp_path) -> None:
    prints = {
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT.format(path=str(tmp_path / seed))],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert len(prints) == 1


def test_importing_the_store_and_asking_for_the_fingerprint_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "pyarrow", "deltalake", "duckdb")
    code = (
        "import sys, evallib.store; from evallib.store.state import fingerprint;"
        "fingerprint('nowhere'); evallib.store.Store('nowhere').fingerprint();"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
