"""What both halves of the runner do with files: hash, list, write whole, spread over processes."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evallib.errors import NotFound
from evallib.runner.processes import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Progress = Callable[[str, int, int], None]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE_SUFFIXES = {".py", ".pyi", ".json", ".csv", ".html", ".css", ".j2"}


def hash_bytes(content: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_file(file: Path) -> str:
    """Return the sha256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_value(value: Any) -> str:
    """Return the sha256 of anything that JSON can write, whatever the order of its keys."""
    return hash_bytes(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


@cache
def hash_source() -> str:
    """Return one hash over the source and the reference data of this package."""
    files = sorted(
        f
        for f in PACKAGE.rglob("*")
        if f.suffix in SOURCE_SUFFIXES and "__pycache__" not in f.parts
    )
    return hash_value({f.relative_to(PACKAGE).as_posix(): hash_file(f) for f in files})


def hash_folder(folder: Path, files: list[Path]) -> str:
    """Return one hash over the names and contents of files below a folder."""
    return hash_value({f.relative_to(folder).as_posix(): hash_file(f) for f in files})


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that its final name only ever holds a complete content."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def list_submissions(raw: Path) -> list[Path]:
    """Return the files below the raw folder that may be submissions, sorted.

    Raises
    ------
    NotFound
        The folder is missing or holds none.
    """
    if not raw.is_dir():
        raise NotFound("runner.raw_missing", found=str(raw))
    home = raw.resolve()  # a link that leads out of the folder is nobody's submission
    files = sorted(
        f
        for f in raw.rglob("*")
        if f.is_file()
        and not f.name.upper().startswith("README")
        and f.resolve().is_relative_to(home)
        and not any(part.startswith((".", "~$")) for part in f.relative_to(raw).parts)
    )
    if not files:
        raise NotFound("runner.raw_empty", found=str(raw))
    return files


def spread(
    task: Callable[[list[Item]], list[Answer]],
    items: Sequence[Item],
    *,
    each: int,
    workers: int,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Answer]:
    """Return the answers to all items in their order, some at a time and several at once.

    Parameters
    ----------
    task : callable
        Answers a list of items; it and they cross to other processes.
    items : sequence
        What is to be done.
    each : int
        Items that a process takes at once.
    workers : int
        Processes; with one, or with items for one, the work is done here.
    tell : callable, optional
        Told how many items are done.
    """
    parts = [list(items[i : i + each]) for i in range(0, len(items), each)]
    done: list[Answer] = []
    if workers < 2 or len(parts) < 2:
        for part in parts:
            done += task(part)
            tell(len(done))
        return done
    from concurrent.futures import ProcessPoolExecutor  # only a large ingest needs processes
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    finished = 0
    try:
        spawn = get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=spawn, initializer=end_with_parent) as pool:
            for answers in pool.map(task, parts):
                done += answers
                finished += 1
                tell(len(done))
    except BrokenProcessPool:  # somebody ended a worker; what is left is done here
        for part in parts[finished:]:
            done += task(part)
            tell(len(done))
    return done


def tell_step(progress: Progress | None, step: str, done: int, total: int) -> None:
    """Tell whoever listens how far a step is."""
    if progress is not None:
        progress(step, done, total)
