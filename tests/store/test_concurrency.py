"""Several processes at once, and some of them killed: nothing acknowledged is lost."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.paths import ROOT

INGESTER = """
import sys
import pandas as pd
from evallib.store import Store
for k in range(6):
    name = f"{{sys.argv[1]}}-{{k}}"
    frames = {{
        "need_votes": pd.DataFrame({{"need_id": [name], "fiscal_year": 2565, "quarter": 3,
                                    "file": name, "as_of": "2022-06-24"}}),
        "needs": pd.DataFrame({{"need_id": [name], "need_text_th": "x", "tambon_code": "940101"}}),
    }}
    Store({path!r}).rebuild(frames, run_id=name, as_of="2022-06-24")
"""


@pytest.mark.slow
def test_of_two_ingests_at_once_one_stands_whole(store) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", INGESTER.format(path=str(store.path)), name],
            env={"PYTHONPATH": str(ROOT)}, text=True, stderr=subprocess.PIPE,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    assert [ingester.communicate(timeout=120)[1] for ingester in both] == ["", ""]

    kept = store.read("needs")["need_id"].tolist()
    assert kept in (["a-5"], ["b-5"])
    assert store.read("need_votes")["need_id"].tolist() == kept


WRITER = """
import sys
import pandas as pd
from evallib.store import Store
store, name = Store({path!r}), sys.argv[1]
for k in range(20):
    rows = pd.DataFrame({{"scope": [name, "area"], "fiscal_year": 2565, "quarter": 3,
                         "indicator": f"A{{k}}", "value": float(k)}})
    record = pd.DataFrame([{{"notebook": "n", "scope": name, "fiscal_year": 2565, "quarter": 3,
                            "parameters": "{{}}", "version": "0", "key": "k"}}])
    run = f"{{name}}-{{k:02d}}"
    store.commit({{"alignment": rows, "runs": record}}, run_id=run, as_of="2022-06-24")
    print(run, flush=True)
"""


@pytest.mark.slow
def test_three_writers_at_once_lose_nothing(store) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", WRITER.format(path=str(store.path)), name],
            env={"PYTHONPATH": str(ROOT)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name in ("94", "95", "96")
    ]  # fmt: skip
    told = [writer.communicate(timeout=120) for writer in writers]
    assert [error for _, error in told] == ["", "", ""]
    acknowledged = sorted(line for out, _ in told for line in out.split())

    assert len(acknowledged) == 60
    assert store.read("runs")["run_id"].tolist() == acknowledged
    values = store.read("alignment").set_index(["scope", "indicator"])["value"]
    assert len(values) == 80  # 3 x 20 of their own, 20 on the area, on which the last one counts
    assert all(value == float(indicator[1:]) for (_, indicator), value in values.items())
    assert len(store.sql("select * from alignment_history")) == 120


@pytest.mark.slow
def test_writers_killed_on_the_way_lose_nothing_they_were_told_is_kept(store) -> None:
    acknowledged = []
    for round_ in range(3):
        names = [f"9{round_}{k}" for k in "ab"]
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER.format(path=str(store.path)), name],
                env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
            )
            for name in names
        ]  # fmt: skip
        for writer in writers:
            for _ in range(3 + round_):
                acknowledged.append(writer.stdout.readline().strip())
            writer.kill()
            acknowledged += writer.stdout.read().split()
            writer.stdout.close()
            writer.wait()
    kept = set(store.read("runs")["run_id"])

    assert len(acknowledged) >= 24
    assert set(acknowledged) <= kept
    assert len(kept - set(acknowledged)) <= 6  # kept, and killed before it could say so
    listed = store.sql("select run_id, count(*) as n from alignment_history group by run_id")
    assert set(listed["run_id"]) == kept
    assert (listed["n"] == 2).all()  # no run is there in part
