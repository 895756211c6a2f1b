"""Foreign files are opened in a child with limits; whatever happens to it, the run goes on."""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.clean import read_sheets
from evallib.clean.files import child
from evallib.clean.files.grid import Grid, Marks
from evallib.clean.files.packing import pack, unpack
from evallib.errors import RefusedFile
from evallib.findings import Finding

CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    st.floats(allow_nan=False),
    st.integers(-(10**12), 10**12),
    st.dates(),
    st.datetimes(),
)


@pytest.fixture
def needs(tmp_path: Path) -> Path:
    file = tmp_path / "needs.csv"
    file.write_text("ลำดับที่,ตำบล,ความต้องการ\n1,ตาชี,ถนน\n", encoding="utf-8")
    return file


def same_kind(a: object, b: object) -> bool:
    return (
        a == b and (isinstance(a, str) == isinstance(b, str)) and type(a) in (type(b), int, float)
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8))
def test_cells_survive_the_way_out_of_the_child(rows) -> None:
    finding = Finding("read.hidden_sheet", "info", "แผ่น 2", "x")
    marks = Marks(((1, 2),), (3, 0), 2, ("B7",))
    grids, findings = unpack(pack([Grid("แผ่น", rows, ((0, 0, 1, 2),), marks)], [finding]))

    assert findings == [finding]
    assert grids[0].name == "แผ่น"
    assert grids[0].spans == ((0, 0, 1, 2),)
    assert grids[0].marks == marks
    assert len(grids[0]) == len(rows)
    for sent, got in zip(rows, grids[0].rows, strict=True):
        assert all(map(same_kind, sent, got))


def test_dates_numbers_and_texts_of_one_column_keep_their_kinds() -> None:
    cells = ["12", 12.5, date(2022, 6, 24), datetime(2022, 6, 24, 9, 30), 7, None]
    grids, _ = unpack(pack([Grid("", [[cell] for cell in cells])], []))
    assert [(type(row[0]), row[0]) for row in grids[0].rows] == [(type(c), c) for c in cells]


def test_half_characters_do_not_stop_the_answer() -> None:
    grids, _ = unpack(pack([Grid("", [["ก\ud800"], ["ข"]])], []))
    assert grids[0].rows == [("ก?",), ("ข",)]


@pytest.mark.parametrize(
    "parts", [[b""], [b"[]"], [b'{"sheets": [["", 2, []]], "findings": []}', b"x"]]
)
def test_an_answer_that_is_none_is_refused(parts) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpack(parts)


def test_a_child_that_dies_costs_one_file(needs: Path) -> None:
    read_sheets(needs)
    first = child._children[0].process
    os.kill(first.pid, signal.SIGSTOP)  # it cannot answer any more
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert read_sheets(needs)[0].frame.shape == (1, 3)  # a dead child is noticed before the order

    second = child._children[0].process
    os.kill(second.pid, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "LOOK", 0.01)
        patch.setattr(child, "STILL", 0.1)
        with pytest.raises(RefusedFile) as caught:
            read_sheets(needs)
    assert caught.value.code == "read.out_of_time"
    assert second.poll() is not None  # ended, not left behind
    assert read_sheets(needs)[0].frame.shape == (1, 3)


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ("SIGXCPU", "read.out_of_time"),
        ("SIGSEGV", "read.beyond_limits"),
        ("SIGKILL", "read.out_of_time"),
    ],  # as a system does that has no memory left
)
def test_time_used_up_is_told_from_a_reader_that_ended(
    sign, code, needs: Path, monkeypatch
) -> None:
    def end(running, order: bytes) -> None:
        os.kill(running.process.pid, getattr(signal, sign))

    monkeypatch.setattr(child, "_send", end)
    with pytest.raises(RefusedFile) as caught:
        read_sheets(needs)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "answer", [[], [b"no json"], [b"[]"], [b'{"sheets": 1, "findings": []}'],
               [b'{"sheets": [["a", 1, [], []]], "findings": []}', b"no arrow"]],
)  # fmt: skip
def test_a_child_that_answers_nonsense_costs_one_file_and_no_time(
    answer, needs: Path, monkeypatch
) -> None:
    receive = child._receive
    monkeypatch.setattr(child, "_receive", lambda *_: receive(*_) and answer)
    monkeypatch.setattr(child, "LAST_WORD", 600.0)  # waited for only where the child has ended
    with pytest.raises(RefusedFile) as caught:
        read_sheets(needs)
    assert caught.value.code == "read.beyond_limits"
    monkeypatch.setattr(child, "_receive", receive)
    assert read_sheets(needs)[0].frame.shape == (1, 3)


def files_of_one_cell(folder: Path, n: int) -> list[Path]:
    files = [folder / f"{i}.csv" for i in range(n)]
    for i, file in enumerate(files):
        file.write_text(f"ลำดับที่,ตำบล,ความต้องการ\n1,ตาชี,ถนน {i}\n", encoding="utf-8")
    return files


def test_threads_get_the_cells_of_their_own_file(tmp_path: Path) -> None:
    files = files_of_one_cell(tmp_path, 12)
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda file: read_sheets(file)[0].frame.iloc[0, 2], files))
    assert read == [f"ถนน {i}" for i in range(12)]


def test_an_interrupt_leaves_no_answer_to_the_next_file(tmp_path: Path, monkeypatch) -> None:
    first, second = files_of_one_cell(tmp_path, 2)
    receive = child._receive

    def interrupted(*_: object) -> list[bytes]:
        raise KeyboardInterrupt

    monkeypatch.setattr(child, "_receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_sheets(first)
    monkeypatch.setattr(child, "_receive", receive)
    assert read_sheets(second)[0].frame.iloc[0, 2] == "ถนน 1"


def test_a_child_that_works_beyond_its_time_is_ended_by_the_parent_too(
    needs: Path, monkeypatch
) -> None:
    read_sheets(needs)
    os.kill(child._children[0].process.pid, signal.SIGSTOP)
    spent = count(0.0)
    monkeypatch.setattr(child, "_processor_time", lambda pid: next(spent))
    monkeypatch.setattr(child, "LOOK", 0.01)
    with pytest.raises(RefusedFile) as caught:
        read_sheets(needs)
    assert caught.value.code == "read.out_of_time"
    assert next(spent) == 6  # 0 at the first look, then 1 to 4, which are allowed, and 5


def test_work_without_an_answer_is_waited_for(needs: Path, monkeypatch) -> None:
    looks = []

    def worked(pid: int) -> float:
        looks.append(pid)
        if len(looks) == 30:
            os.kill(pid, signal.SIGCONT)
        return len(looks) / 1_000

    read_sheets(needs)
    os.kill(child._children[0].process.pid, signal.SIGSTOP)
    monkeypatch.setattr(child, "_processor_time", worked)
    monkeypatch.setattr(child, "LOOK", 0.01)
    monkeypatch.setattr(child, "STILL", 0.1)
    assert read_sheets(needs)[0].frame.shape == (1, 3)
    assert len(looks) >= 30  # thrice as long as it may stand still


def test_a_child_is_renewed_after_many_files(needs: Path, monkeypatch) -> None:
    monkeypatch.setattr(child, "FILES_A_CHILD", 2)
    child.close()
    seen = set()
    for _ in range(5):
        read_sheets(needs)
        seen.add(child._children[0].process.pid)
    assert len(seen) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="reads the limits from /proc")
def test_the_child_cannot_fill_memory_or_disk(needs: Path) -> None:
    child.close()
    read_sheets(needs)
    limits = Path(f"/proc/{child._children[0].process.pid}/limits").read_text(encoding="ascii")
    said = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert said["Max address space"] == str(child.MEMORY)
    assert said["Max file size"] == said["Max core file size"] == "0"
    assert int(said["Max cpu time"]) < 60


def test_a_fault_of_a_reader_tells_its_kind_and_no_words(needs: Path, monkeypatch) -> None:
    import io

    def broken(path: Path) -> object:
        raise KeyError("คำของผู้ตอบ")

    answer = io.BytesIO()
    child._answer(answer, broken, needs)
    assert b"read.fault" in answer.getvalue()
    assert b"KeyError" in answer.getvalue()
    assert "คำของผู้ตอบ".encode() not in answer.getvalue()
    assert b"u0e04" not in answer.getvalue()


def test_a_child_that_cannot_begin_is_no_matter_of_the_file(needs: Path, monkeypatch) -> None:
    child.close()
    monkeypatch.setattr(child, "_START", "raise ImportError('a reader is missing')")
    with pytest.raises(RefusedFile) as caught:
        read_sheets(needs)
    child.close()
    assert caught.value.code == "read.out_of_time"  # nothing in the database is replaced
    assert caught.value.values["found"] == "reader process ended at its start, exit code 1"


def test_a_child_killed_before_its_order_is_told_in_words(needs: Path, monkeypatch) -> None:
    def broken(running, order: bytes) -> None:
        running.process.kill()
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(child, "_send", broken)
    with pytest.raises(RefusedFile) as caught:
        read_sheets(needs)
    assert (caught.value.code, caught.value.values["found"]) == ("read.out_of_time", "4 s")
