"""Runs: committed whole, replaced by their own name, restated by newer ones, never lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evallib.errors import EvallibError, SchemaError
from evallib.store import Store, delta
from evallib.store import runs as ledger
from evallib.store.runs import COMMIT, QUESTIONS, newest_answers
from evallib.tables import contracts as tables

DAY = date(2022, 6, 24)
Answer = tuple[str, int, float]  # scope, event time, estimate
Run = tuple[str, int, list[Answer]]  # name, days after DAY, answers


def effects(answers: Iterable[Answer]) -> pd.DataFrame:
    """Return effects on income in one quarter."""
    rows = pd.DataFrame(answers, columns=["scope", "event_time", "estimate"])
    return rows.drop_duplicates(["scope", "event_time"]).assign(
        fiscal_year=2565, quarter=3, outcome="income", estimand="ATT", method="m", level="event"
    )


def shown(frame: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """Return (scope, run, event time, estimate) of each row."""
    return list(
        frame[["scope", "run_id", "event_time", "estimate"]].itertuples(index=False, name=None)
    )


def expected(history: list[Run], *, until: int | None = None) -> list[tuple[str, str, int, float]]:
    """Say in plain loops what a reader should see of a history of commits."""
    runs = {}
    for place, (name, day, answers) in enumerate(history):
        runs[name] = (day, place, answers)  # a run committed again replaces itself
    winners: dict[str, tuple[int, int, str]] = {}
    for name, (day, place, answers) in runs.items():
        for scope, _, _ in answers:
            if until is None or day <= until:
                winners[scope] = max(winners.get(scope, (day, place, name)), (day, place, name))
    rows = []
    for scope, (_, _, name) in winners.items():
        first = {}
        for where, event_time, estimate in runs[name][2]:
            if where == scope:
                first.setdefault(event_time, estimate)
        rows += [(scope, name, event_time, estimate) for event_time, estimate in first.items()]
    return sorted(rows)


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(["94", "95", "96"]), st.integers(-1, 2), st.integers(0, 9).map(float)
    ),
    max_size=4,
)
HISTORY = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 2), ANSWERS), max_size=6)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORY)
def test_a_reader_sees_the_newest_belief_of_each_day(tmp_path_factory, history: list[Run]) -> None:
    store = Store(tmp_path_factory.mktemp("restated"))
    store.rebuild({}, run_id="ingest", as_of=DAY)
    for name, day, answers in history:
        store.commit({"effects": effects(answers)}, run_id=name, as_of=DAY + timedelta(day))

    assert sorted(shown(store.read("effects"))) == expected(history)
    for until in range(-1, 3):
        read = store.read("effects", as_of=DAY + timedelta(until))
        assert sorted(shown(read)) == expected(history, until=until)


@settings(max_examples=50, deadline=None)
@given(HISTORY)
def test_the_choice_among_runs_is_that_of_plain_loops(history: list[Run]) -> None:
    newest = {name: place for place, (name, _, _) in enumerate(history)}
    order = {str(place): place for place in newest.values()}
    parts = [
        effects(answers).assign(
            **{"run_id": name, "as_of": pd.Timestamp(DAY + timedelta(day)), COMMIT: str(place)}
        )
        for place, (name, day, answers) in enumerate(history)
        if str(place) in order
    ]
    if parts:
        frame = pd.concat(parts, ignore_index=True)
        chosen = newest_answers(frame, "effects", order)
        assert sorted(shown(chosen)) == expected(history)
        pd.testing.assert_frame_equal(chosen, frame.loc[chosen.index])


def test_every_grown_table_says_which_rows_answer_one_question() -> None:
    grown = {name: table for name, table in tables.tables().items() if table.grown}

    assert QUESTIONS.keys() == grown.keys()
    for name, columns in QUESTIONS.items():
        assert set(columns) <= set(grown[name].key)


def test_a_run_committed_twice_counts_once(store) -> None:
    for estimate in (1.0, 2.0):
        store.commit({"effects": effects([("94", 0, estimate)])}, run_id="r", as_of=DAY)

    assert shown(store.read("effects")) == [("94", "r", 0, 2.0)]
    assert store.sql("select estimate from effects_history")["estimate"].tolist() == [2.0]


def test_a_replaced_run_takes_back_what_it_no_longer_says(store) -> None:
    store.commit({"effects": effects([("94", 0, 1.0), ("95", 0, 1.0)])}, run_id="r", as_of=DAY)
    store.commit({"effects": effects([("94", 0, 1.0)])}, run_id="r", as_of=DAY)

    assert shown(store.read("effects")) == [("94", "r", 0, 1.0)]


def test_every_run_stays_on_record(store) -> None:
    record = {"notebook": "n", "scope": "94", "fiscal_year": 2565, "quarter": 3,
              "parameters": "{}", "version": "0", "key": "k"}  # fmt: skip
    for run in ("b", "a"):
        store.commit({"runs": pd.DataFrame([record])}, run_id=run, as_of=DAY)
    assert store.read("runs")["run_id"].tolist() == ["a", "b"]
    assert store.read("runs", province="94", period="2565-Q3")["run_id"].tolist() == ["a", "b"]
    assert store.read("runs", province="95").empty


def test_results_are_found_by_their_scope(store) -> None:
    rows = pd.DataFrame({"scope": ["area", "94", "9401", "940101", "95"], "fiscal_year": 2565,
                         "quarter": [3, 3, 0, 4, 3], "indicator": "A1", "value": 0.5})  # fmt: skip
    store.commit({"alignment": rows}, run_id="r", as_of=DAY)

    assert store.read("alignment", province="94")["scope"].tolist() == ["94", "9401", "940101"]
    assert store.read("alignment", period="2565-Q3")["scope"].tolist() == ["94", "95", "area"]
    assert len(store.read("alignment", period="2565")) == 5


@pytest.mark.parametrize(
    ("changes", "column"),
    [({"run_id": "other"}, "run_id"), ({"as_of": "2022-06-25"}, "as_of")],
)
def test_rows_of_another_run_or_date_are_refused(store, changes, column) -> None:
    with pytest.raises(SchemaError, match=column):
        store.commit(
            {"effects": effects([("94", 0, 1.0)]).assign(**changes)}, run_id="r", as_of=DAY
        )
    assert not store.path.exists()


@pytest.mark.parametrize("failing", range(3))
def test_a_commit_that_fails_on_the_way_shows_nothing_and_can_be_repeated(
    store, monkeypatch, random_frame, failing
) -> None:
    frames = {
        name: random_frame(name, 1, seed=1).drop(columns=["run_id", "as_of"])
        for name in ("effects", "alignment")
    }
    store.commit(frames, run_id="before", as_of=DAY)
    kept = {name: store.read(name) for name in frames}
    calls = iter(range(10))
    write = ledger.write_version

    def stop(*args: object, **kwargs: object) -> int:
        if next(calls) == failing:
            raise EvallibError("store.cannot_write", folder="x", table="y", found="z")
        return write(*args, **kwargs)

    later = {
        name: random_frame(name, 4, seed=2).drop(columns=["run_id", "as_of"]) for name in frames
    }
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "write_version", stop)
        with pytest.raises(EvallibError):
            store.commit(later, run_id="later", as_of=DAY)
    for name, frame in kept.items():
        pd.testing.assert_frame_equal(store.read(name), frame)

    store.commit(later, run_id="later", as_of=DAY)
    assert [len(store.read(name)) for name in frames] == [
        len(kept[name]) + len(later[name]) for name in frames
    ]


def test_joining_many_small_files_changes_no_answer(store, monkeypatch) -> None:
    monkeypatch.setattr(delta, "FILES_WORTH_JOINING", 5)
    for run in range(6):
        store.commit(
            {"effects": effects([("94", run, float(run))])}, run_id=f"r{run % 4}", as_of=DAY
        )
    before, known = store.read("effects"), store.sql("select * from effects_history")
    store.rebuild({}, run_id="ingest", as_of=DAY)

    assert len(delta.open_table(store.path / "effects").file_uris()) == 1
    pd.testing.assert_frame_equal(store.read("effects"), before)
    pd.testing.assert_frame_equal(store.sql("select * from effects_history"), known)
    assert len(store.history("effects")) == 6


@pytest.mark.parametrize("conflicts", [1, 5])
def test_a_writer_whom_others_forestall_tries_again(store, monkeypatch, conflicts) -> None:
    from deltalake.exceptions import CommitFailedError

    left, write = [conflicts], delta._write

    def forestalled(*args: object) -> None:
        if left[0]:
            left[0] -= 1
            raise CommitFailedError("another writer was first")
        write(*args)

    monkeypatch.setattr(delta, "_write", forestalled)
    store.commit({"effects": effects([("94", 0, 1.0)])}, run_id="r", as_of=DAY)
    assert left == [0]
    assert shown(store.read("effects")) == [("94", "r", 0, 1.0)]


def test_a_writer_who_never_gets_through_is_told(store, monkeypatch) -> None:
    from deltalake.exceptions import CommitFailedError

    def refuse(*_: object) -> None:
        raise CommitFailedError("another writer was first")

    monkeypatch.setattr(delta, "_write", refuse)
    monkeypatch.setattr(delta, "LONGEST_WAIT", 0.0)
    with pytest.raises(EvallibError, match="CommitFailedError"):
        store.commit({"effects": effects([("94", 0, 1.0)])}, run_id="r", as_of=DAY)
