"""How the command line speaks: errors in three parts, JSON on demand, bars on a terminal.

Whatever it says goes through `tell`, for names of files, sheets and settings come from outside: one
that holds an escape sequence must not clear a screen, and one that holds no character must not end
the call.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

import click

from evallib.characters import escaped
from evallib.errors import EvallibError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRONG_CALL = 2
as_json = click.option("--json", "machine", is_flag=True, help="Print the result as JSON.")

# Folders stay text until `read_settings` has looked at them: as a path "" would be the folder here.
store_option = click.option("--store", type=click.Path(), help="Folder of the database.")
reports_option = click.option("--reports", type=click.Path(), help="Folder of reports [reports].")
raw_option = click.option("--raw", type=click.Path(), help="Folder of submissions [data/raw].")


def mended(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an error that the caller can mend into its three parts and exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except EvallibError as error:
            _refuse(error, machine=bool(kwargs.get("machine")))
        except OSError as error:
            found = f"{error.strerror or type(error).__name__}: {error.filename or '-'}"
            _refuse(EvallibError("runner.system", found=found), machine=bool(kwargs.get("machine")))

    return guarded


def _refuse(error: EvallibError, *, machine: bool) -> NoReturn:
    """Say an error in both languages, or as JSON, and end with the exit code of a wrong call."""
    if machine:
        tell(_as_json({"error": error_parts(error)}), json_text=True)
    tell(str(error), err=True)
    sys.exit(WRONG_CALL)


def tell(line: str, *, err: bool = False, json_text: bool = False) -> None:
    """Print a line, with what is no text in it written out, and what the stream cannot hold."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = escaped(line, lines=True, json=json_text)
    click.echo(shown.encode(encoding, "backslashreplace").decode(encoding), err=err)


def _as_json(value: Any) -> str:
    """Return JSON in letters that standard output can hold."""
    narrow = not (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    return json.dumps(value, ensure_ascii=narrow, default=str, indent=1)


def error_parts(error: EvallibError) -> dict[str, str]:
    """Return an error as machines read it."""
    return {"code": error.code, "th": error.message("th"), "en": error.message("en")}


def show(value: Any, *, machine: bool, line: str) -> None:
    """Print a line for people, or the value as JSON for machines."""
    tell(_as_json(value) if machine else line, json_text=machine)


@contextmanager
def bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a progress callback: a bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console  # forty milliseconds that a quiet call saves
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title)

        def tell(step: str, done: int, total: int) -> None:
            shown = escape(escaped(f"{title}: {step}"))
            progress.update(task, description=shown, completed=done, total=total)

        yield tell
