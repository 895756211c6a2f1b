"""Work on the cells of a file is stopped in time, whatever it is busy with, and nothing is left."""

import re
import signal
import threading
import time

import pytest

from evallib.clean import read_submission
from evallib.clean.files import time_limit as module
from evallib.clean.files.time_limit import processor_limit
from evallib.errors import RefusedFile
from tests.clean.parts import HEAD


def busy() -> None:
    while True:
        pass


def searching() -> None:
    re.match("(a+)+b", "a" * 40)


def swallowing() -> None:
    while True:
        try:
            busy()
        except Exception:
            continue


@pytest.mark.parametrize("work", [busy, searching, swallowing])
def test_work_without_end_is_refused(work, monkeypatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.05)
    before = signal.getsignal(signal.SIGVTALRM)
    with pytest.raises(RefusedFile) as refused, processor_limit(5):
        work()
    assert refused.value.code == "read.out_of_time"
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_waiting_and_work_in_time_are_let_be(monkeypatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.05)
    with processor_limit(0):
        time.sleep(0.15)  # the clock is not what counts
    with pytest.raises(ValueError, match="ours"), processor_limit(0):
        raise ValueError("ours")
    with processor_limit(1_000), processor_limit(0):
        pass
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_thread_works_without_a_limit() -> None:
    done = []

    def work() -> None:
        with processor_limit(0):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize(
    "piece", ["1", "๑", "1.", "08-", "ก ", "หมู่ที่ 1 ", "\u0e4d", "ๆ", "1 คน และ ", "a@", "(", " "]
)
@pytest.mark.parametrize(
    "length", [3_000, pytest.param(30_000, marks=pytest.mark.slow)]
)  # quadratic patterns take a hundred times as long
def test_endless_cells_end_as_findings(piece, length, tmp_path, monkeypatch) -> None:
    if length > 3_000:  # what the square of the length takes is more than either limit
        monkeypatch.setattr(module, "SECONDS", 0.3)
    cell = (piece * length)[:length]
    file = tmp_path / "2565" / "Q3" / "long.csv"
    file.parent.mkdir(parents=True)
    columns = ",".join([*HEAD, "วันเริ่มต้น", "สถานะ", "กลุ่มเป้าหมาย (ประเภท/คน)", "ปัญหา/อุปสรรค"])
    line = ",".join([cell] * 8)
    file.write_text(f"{columns}\n1,ซ่อมถนน,ตาชี,500,,,,\n{line}\n", encoding="utf-8")
    begun = time.process_time()
    sent = read_submission(file, raw=tmp_path)
    worked = time.process_time() - begun
    codes = [finding.code for finding in sent.findings]
    assert "refused.unforeseen" not in codes
    assert codes
    assert worked < 20 * module.SECONDS  # of the processor: a limit that never ends is seen
    assert "refused.out_of_time" not in codes or length > 3_000  # a form's cell is never that long
