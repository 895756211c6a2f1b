"""The secret of an office under which respondents of surveys get their keys.

It lies in a file of its own, outside of the database, the reports and any repository: who has these
and not the secret cannot find out whether a form number that he knows is the one behind a row. It
is made once and never replaced by itself, for then the same people would be others.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import fields
from pathlib import Path

from evallib.config import Settings
from evallib.errors import DisclosureError

MADE_UP_KEY = b"evallib: respondents that nobody has met"  # known to all; for synthetic forms alone
BYTES = 32
MARK_DIGITS = 8
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_path(settings: Settings) -> Path:
    """Return the file of the secret, wherever links lead.

    Raises
    ------
    DisclosureError
        ``privacy.key_inside``: it would lie in a folder of the project or in a git repository.
    """
    chosen = settings.key_file
    home = os.environ.get("XDG_CONFIG_HOME", "")
    if chosen == Settings().key_file and Path(home).is_absolute():
        chosen = Path(home, *chosen.parts[-2:])
    file = chosen.expanduser().resolve()
    for name in (f.name for f in fields(settings) if f.name not in {"key_file", "rules"}):
        folder = getattr(settings, name)
        if isinstance(folder, Path) and file.is_relative_to(folder.resolve()):
            raise DisclosureError("privacy.key_inside", found=file, inside=name)
    for folder in file.parents:
        if (folder / ".git").exists():
            raise DisclosureError("privacy.key_inside", found=file, inside=f"git: {folder}")
    return file


def read_key(file: Path) -> bytes | None:
    """Return the secret of a file, or None when there is none.

    Raises
    ------
    DisclosureError
        ``privacy.key_open``: others than its owner may read or replace it; ``privacy.key_damaged``:
        it holds no secret of ours, or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            state = os.fstat(stream.fileno())
            written = stream.read(4 * BYTES)
        _check_rights(file, state.st_mode, _OTHERS)
        _check_rights(file.parent, file.parent.stat().st_mode, stat.S_IWGRP | stat.S_IWOTH)
        key = bytes.fromhex(written.decode("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        found = f"{type(error).__name__}: {file}"  # the words of the error may hold the secret
        raise DisclosureError("privacy.key_damaged", found=found) from None
    if len(key) != BYTES:
        raise DisclosureError("privacy.key_damaged", found=f"{len(key)} bytes: {file}")
    return key


def _check_rights(path: Path, mode: int, barred: int) -> None:
    if os.name == "posix" and mode & barred:
        found = f"{stat.filemode(mode)} {path}"
        wanted = f"chmod {700 if stat.S_ISDIR(mode) else 600} '{path}'"
        raise DisclosureError("privacy.key_open", found=found, command=wanted)


def make_key(file: Path) -> bytes:
    """Make a secret where there is none, for its owner alone; of two calls at once one makes it.

    Raises
    ------
    DisclosureError
        ``privacy.key_not_written``: the folder cannot be written.
    """
    part = file.with_name(f".{file.name}.{secrets.token_hex(8)}.part")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_hex(BYTES) + "\n")
                out.flush()
                os.fsync(out.fileno())
            os.link(part, file)  # unlike a rename it never takes the place of one that is there
        except FileExistsError:
            pass
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        found = f"{error.strerror}: {file}"
        raise DisclosureError("privacy.key_not_written", found=found) from error
    key = read_key(file)
    if key is None:
        raise DisclosureError("privacy.key_not_written", found=file)
    return key


def choose_key(office: bytes | None, *, people: bool) -> bytes:
    """Return the secret of the office where people were asked, else one that everybody knows.

    Parameters
    ----------
    office : bytes or None
    people : bool
        Whether one respondent or more are not made up.

    Raises
    ------
    DisclosureError
        ``privacy.key_needed``: people were asked, and there is no secret.
    """
    if not people:
        return MADE_UP_KEY
    if office is None:
        raise DisclosureError("privacy.key_needed")
    return office


def key_mark(key: bytes) -> str:
    """Return a mark by which a secret is known again; it tells nothing about it.

    Examples
    --------
    >>> key_mark(MADE_UP_KEY)
    'c22e2e33'
    """
    return hmac.new(key, b"mark", hashlib.sha256).hexdigest()[:MARK_DIGITS]


def settle_key(settings: Settings, mark: str | None, *, new: bool = False) -> tuple[bytes, bool]:
    """Return the secret of the office, and whether it was made just now.

    Parameters
    ----------
    settings : Settings
    mark : str or None
        Of the secret under which the database was made; "" where it holds no respondents, None
        where it holds some and does not say under which.
    new : bool, default False
        Somebody decided that respondents get other keys from now on.

    Raises
    ------
    DisclosureError
        ``privacy.key_lost``: the database was made under a secret that is not there;
        ``privacy.key_changed``: it is another; and what `key_path`, `read_key` and `make_key` say.
    """
    file = key_path(settings)
    key = read_key(file)
    if key is not None:
        if mark and not new and key_mark(key) != mark:
            raise DisclosureError(
                "privacy.key_changed", found=f"{key_mark(key)}: {file}", mark=mark
            )
        return key, False
    if mark != "" and not new:
        raise DisclosureError("privacy.key_lost", found=file, mark=mark or "?")
    return make_key(file), True
