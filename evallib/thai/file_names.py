"""Names of files as people read them, whatever bytes an old program left on the disk."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from evallib.characters import is_printable

if TYPE_CHECKING:
    from pathlib import PurePath

LOST = "\ufffd"
_THAI = re.compile("[ก-\u0e3a฿-\u0e5b]")
_MARK = 8  # characters of a hash that tell two names from each other
_MARKED = re.compile(r" \[[0-9a-f]{8}\](?:\.[A-Za-z0-9]{1,5})?$")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


def shown_name(path: str | PurePath) -> str:
    r"""Return the path of a file as text that every table, workbook and terminal can hold.

    Old zip programs leave names in cp874, which are not UTF-8 and reach Python as halves of
    characters. They are read as the Thai that they were; what is not Thai, and what moves a cursor
    or turns the reading, becomes U+FFFD. The first 8 characters of the hash of the whole name then
    stand before the extension, so that two names never become one; a name that looks as if it bore
    such a mark gets one too.

    Parameters
    ----------
    path : str or PurePath
        A path as the system gives it, with ``/``.

    Returns
    -------
    str
        The path itself when nothing is wrong with it.

    Examples
    --------
    >>> shown_name("2565/Q4/ถนน.csv")
    '2565/Q4/ถนน.csv'
    >>> shown_name(os.fsdecode(b"2565/Q4/" + "ถนน.csv".encode("cp874")))
    '2565/Q4/ถนน [210b766f].csv'
    """
    written = path if isinstance(path, str) else path.as_posix()
    if is_printable(written) and not _MARKED.search(written):
        return written
    whole = PurePosixPath(written)
    *folders, name = (_readable(part) for part in whole.parts)
    mark = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    suffix = whole.suffix if _SUFFIX.fullmatch(whole.suffix) else ""
    stem = name.removesuffix(suffix) if suffix else name
    return "/".join([*folders, f"{stem} [{mark}]{suffix}"])


def _readable(part: str) -> str:
    """Return one part of a path without what is no text; as cp874 where that gives Thai."""
    try:
        part.encode()
    except UnicodeEncodeError:
        try:
            thai = os.fsencode(part).decode("cp874")
        except ValueError:  # no bytes of a name, or bytes that cp874 does not know
            thai = ""
        part = thai if _THAI.search(thai) else part
    return "".join(c if is_printable(c) else LOST for c in part)
