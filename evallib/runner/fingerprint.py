"""Hashes that tell whether anything changed: files, the package's source, a job's parts."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE_SUFFIXES = {".py", ".json", ".csv", ".html", ".css", ".j2"}


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
