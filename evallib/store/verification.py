"""All of the database held against what was noted about it: files, rows, contracts and commits."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evallib.errors import EvallibError
from evallib.store.arrow import arrow_types, conforming, content_hash, sort_rows, to_frame
from evallib.store.delta import (
    LOG,
    added_files,
    checkpoints_of,
    log_file,
    newest_version,
    open_rows,
    read_history,
    reading,
    versions_of,
)
from evallib.store.read import pinned_rows, read_grown
from evallib.store.runs import COMMIT, LEDGER, counting_commits
from evallib.store.state import STATE_FILE, Pin, Snapshot, State, read_state
from evallib.store.sums import damage, is_noted, noted_names
from evallib.tables import contracts as tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one table holds and what is wrong with it; ``unnoted`` counts files without a sum."""

    table: str
    rows: int | None
    files: int
    unnoted: int
    problems: tuple[EvallibError, ...] = ()


def verify(root: Path) -> list[Verdict]:
    """Check the state, every table in the order of the contracts, and the ledger of commits."""
    state, problems = State(), []
    try:
        state = read_state(root)
    except EvallibError as error:
        problems.append(error)
    seen = Snapshot(root, state)
    strangers = sorted(state.tables.keys() - tables.tables().keys())
    problems += [EvallibError("store.damaged", table=STATE_FILE, found=s) for s in strangers]
    there = int((root / STATE_FILE).is_file())
    verdicts = [Verdict(STATE_FILE, None, there, 0, tuple(problems))]
    for name, table in tables.tables().items():
        if name in state.tables or _has_begun(root / name):
            check = _check_grown if table.grown else _check_rebuilt
            verdicts.append(_judge(seen, name, check))
    if (root / LEDGER).is_dir() or any((root / n).is_dir() for n in _grown()):
        verdicts.append(_judge(seen, LEDGER, _check_ledger))
    return verdicts


def _has_begun(folder: Path) -> bool:
    """Tell whether a table ever had a version; a writer that died may leave a folder without one.

    What the log of a lost table held is told by the ledger of runs.
    """
    return folder.is_dir() and (newest_version(folder) is not None or bool(noted_names(folder)))


def _grown() -> list[str]:
    return [name for name, table in tables.tables().items() if table.grown]


def _judge(
    seen: Snapshot, name: str, check: Callable[[Snapshot, str], tuple[int | None, list[Any]]]
) -> Verdict:
    """Check the files of a table, and what they say only where they are what they were."""
    folder = seen.root / name
    files = _files(folder)
    wrong = [said for file in files if (said := damage(folder, file))]
    problems = [EvallibError("store.damaged", table=name, found=said) for said in wrong]
    rows = None
    if not problems:
        try:
            rows, problems = check(seen, name)
        except EvallibError as error:
            problems = [error]
    unnoted = sum(not is_noted(folder, file) for file in files)
    return Verdict(name, rows, len(files), unnoted, tuple(problems))


def _files(folder: Path) -> list[Path]:
    """Return every file that belongs to a version of a table, also where it is lost."""
    newest = newest_version(folder)
    logs = [log_file(folder, v) for v in range(0 if newest is None else newest + 1)]
    found = {*logs, *checkpoints_of(folder).values()}
    for version in versions_of(folder):
        try:
            found |= set(added_files(folder, version))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # the log itself is told of
    for name in noted_names(folder):
        in_log = name.endswith((".json", ".checkpoint.parquet"))
        found.add(folder / LOG / name if in_log else folder / name)
    return sorted(found)


def _check_rebuilt(seen: Snapshot, name: str) -> tuple[int | None, list[EvallibError]]:
    """Hold a rebuilt table against its contract, its pin in the state and its own note."""
    pin = seen.state.tables.get(name)
    if pin is None:
        return None, []  # nobody sees it: a state that is damaged is told of in its own line
    with reading(name):
        agreed = pinned_rows(seen, name).to_table()
        stored = open_rows(seen.root / name, pin.version)
        rows = _as_written(agreed.select([] if stored is None else stored.schema.names), name)
    conforming(to_frame(agreed), name)
    newest = max((str(day) for day in rows["as_of"].to_pylist() if day), default=None)
    held = Pin(pin.version, len(rows), content_hash(rows), newest)
    told = [("rows", pin.rows, held.rows), ("content", pin.content, held.content),
            ("as_of", pin.as_of, held.as_of)]  # fmt: skip
    note = next((n for n in read_history(seen.root / name) if n["version"] == pin.version), {})
    told += [
        (f"{what} (version {pin.version})", note[what], str(value))
        for what, value in (("rows", pin.rows), ("content", pin.content))
        if what in note
    ]
    return len(rows), _differences(name, told)


def _differences(name: str, told: Iterable[tuple[str, Any, Any]]) -> list[EvallibError]:
    return [
        EvallibError("store.differs", table=name, what=what, noted=noted, found=found)
        for what, noted, found in told
        if noted != found
    ]


def _as_written(rows: pa.Table, name: str) -> pa.Table:
    """Return rows in the types and the order in which their content was hashed."""
    import pyarrow as pa  # costs 0.1 s; a store is often opened and not read

    table, types = tables.contract(name), arrow_types()
    columns = [c for c in table.columns if c.name in rows.column_names]
    made = rows.select([c.name for c in columns]).cast(
        pa.schema([(c.name, types[c.kind]) for c in columns])
    )
    return sort_rows(made, [n for n in table.key or table.names if n in made.column_names])


def _check_grown(seen: Snapshot, name: str) -> tuple[int | None, list[EvallibError]]:
    """Hold a grown table against its contract and against the notes of its commits."""
    stored = open_rows(seen.root / name)
    if stored is None:
        raise EvallibError("store.damaged", table=name, found="–")
    with reading(name):
        held = Counter(stored.to_table(columns=[COMMIT])[COMMIT].to_pylist())
    counting = counting_commits(seen.root)
    if counting:
        conforming(read_grown(seen, name, newest=False), name)
    problems = [
        EvallibError("store.torn_commit", table=name, run=n["run_id"], noted=n["rows"], found=found)
        for n in read_history(seen.root / name)
        if str(found := held[n["commit_id"]]) != n["rows"]
    ]
    return held.total(), problems


def _check_ledger(seen: Snapshot, name: str) -> tuple[int | None, list[EvallibError]]:
    """Demand of each commit that counts all the rows that its note says it has."""
    order = counting_commits(seen.root)
    grown = {
        table: {n["commit_id"]: n["rows"] for n in read_history(seen.root / table)}
        for table in _grown()
    }
    history = read_history(seen.root / name)
    problems = []
    for note in history:
        for table, rows in json.loads(note.get("holds", "{}")).items():
            found = grown.get(table, {}).get(note["commit_id"], "–")
            if found != str(rows):
                values = {"table": table, "run": note["run_id"], "noted": rows, "found": found}
                problems.append(EvallibError("store.torn_commit", **values))
    lost = sorted(order.keys() - {note["commit_id"] for note in history})
    problems += [EvallibError("store.damaged", table=name, found=f"{c}: –") for c in lost]
    return len(history), problems
