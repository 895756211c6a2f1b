"""What both halves of the runner do with files: hash, list, write whole, spread over processes."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from errno import EINVAL, ENOENT
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evallib.drafts import draft_of
from evallib.errors import NotFound
from evallib.findings import Finding, Where
from evallib.runner.processes import end_with_parent
from evallib.thai.file_names import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evallib.findings import Severity

    Progress = Callable[[str, int, int], None]

Item = TypeVar("Item")
Answer = TypeVar("Answer")

PACKAGE = Path(__file__).resolve().parents[1]
_ANY = ("utf-8", "surrogatepass")  # a name of a file may hold halves of characters
_NOT_SENT = (".", "~$")  # hidden, or the mark by which Excel says that a file is open
_KINDS = ((stat.S_ISDIR, "folder"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"))
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
    return hash_bytes(json.dumps(value, sort_keys=True, ensure_ascii=False).encode(*_ANY))


@cache
def hash_source() -> str:
    """Return one hash over the source and the reference data of this package."""
    files = sorted(
        f
        for f in PACKAGE.rglob("*")
        if f.suffix in SOURCE_SUFFIXES and "__pycache__" not in f.parts
    )
    return hash_value({f.relative_to(PACKAGE).as_posix(): hash_file(f) for f in files})


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that its final name only ever holds a complete content."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_draft(file, content).replace(file)
    finally:
        draft_of(file).unlink(missing_ok=True)


def write_draft(file: Path, content: bytes) -> Path:
    """Write what a file shall hold beside its place, down to the disk, and return where."""
    part = draft_of(file)
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return part


def list_submissions(raw: Path) -> list[Path]:
    """Return the files below the raw folder that may be submissions, sorted.

    Raises
    ------
    NotFound
        The folder is missing or holds none.
    """
    files = _look_through(raw)[0]
    if not files:
        raise NotFound("runner.raw_empty", found=str(raw))
    return files


@dataclass(frozen=True, slots=True)
class RawFolder:
    """The folder of submissions as it was found: hash of each file, and what is no file to read."""

    hashes: dict[Path, str]
    findings: list[Finding]


def read_raw_folder(raw: Path) -> RawFolder:
    """Return the hash of every file that may be a submission, and a finding for what else is there.

    Pipes, sockets, devices, links that lead nowhere or out of the folder and what cannot be opened
    are told and left where they are: one of them must not stop the others.

    Raises
    ------
    NotFound
        The folder is missing or holds no file that can be read.
    """
    files, findings = _look_through(raw)
    hashes: dict[Path, str] = {}
    for file in files:
        try:
            hashes[file] = _hash_regular(file)
        except OSError as error:
            findings.append(not_opened(file, raw, error))
    if not hashes:
        raise NotFound("runner.raw_empty", found=str(raw))
    return RawFolder(hashes, findings)


def not_opened(path: Path, raw: Path, error: OSError | None = None) -> Finding:
    """Return the finding about a file or folder that is gone, closed or broken."""
    number = ENOENT if error is None else error.errno
    return _finding("intake.not_opened", path, raw, os.strerror(number) if number else "-")


def _finding(code: str, path: Path, raw: Path, value: str = "") -> Finding:
    from evallib.clean.persons.scrub_frames import conceal_name  # brings pandas, for odd files only

    shown = shown_name(path.relative_to(raw))
    severity: Severity = "error" if code == "intake.not_opened" else "warning"
    return Finding(code, severity, Where(conceal_name(shown, hash_bytes(shown.encode()))), value)


def _look_through(raw: Path) -> tuple[list[Path], list[Finding]]:
    """Return the files below the raw folder, sorted, and findings about what is none."""
    if not raw.is_dir():
        raise NotFound("runner.raw_missing", found=str(raw))
    home = raw.resolve()  # a link that leads out of the folder is nobody's submission
    files: list[Path] = []
    findings: list[Finding] = []

    def closed(error: OSError) -> None:
        findings.append(not_opened(Path(error.filename), raw, error))

    for folder, inside, names in os.walk(raw, onerror=closed):
        inside[:] = sorted(name for name in inside if not name.startswith(_NOT_SENT))
        for name in sorted([*names, *inside]):
            path = Path(folder, name)
            notes = name.startswith(_NOT_SENT) or name.upper().startswith("README")
            if (name in inside and not path.is_symlink()) or (notes and name not in inside):
                continue
            why = _why_not(path, home)
            if why is None:
                files.append(path)
            else:
                findings.append(_finding(why[0], path, raw, why[1]))
    return sorted(files), findings


def _why_not(path: Path, home: Path) -> tuple[str, str] | None:
    """Return code and value of the finding about what is no file below the folder, else None."""
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(home):
            return "intake.link_outside", ""
        mode = path.stat().st_mode
    except (OSError, RuntimeError):  # a link to nothing, or to itself
        return ("intake.link_broken", "") if path.is_symlink() else ("intake.not_opened", "-")
    if stat.S_ISREG(mode):
        return None
    return "intake.not_a_file", next((name for test, name in _KINDS if test(mode)), "device")


def _hash_regular(file: Path) -> str:
    """Return the hash of a file; a pipe that took its place meanwhile is not waited for."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(EINVAL, os.strerror(EINVAL))
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
