"""How the command line speaks: errors in three parts, JSON on demand, bars on a terminal."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from evallib.errors import EvallibError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRONG_CALL = 2
as_json = click.option("--json", "machine", is_flag=True, help="Print the result as JSON.")
store_option = click.option(
    "--store", type=click.Path(path_type=Path), help="Folder of the database."
)
reports_option = click.option(
    "--reports", type=click.Path(path_type=Path), help="Folder of reports [reports]."
)


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
        click.echo(json.dumps({"error": error_parts(error)}, ensure_ascii=False, indent=1))
    click.echo(str(error), err=True)
    sys.exit(WRONG_CALL)


def error_parts(error: EvallibError) -> dict[str, str]:
    """Return an error as machines read it."""
    return {"code": error.code, "th": error.message("th"), "en": error.message("en")}


def show(value: Any, *, machine: bool, line: str) -> None:
    """Print a line for people, or the value as JSON for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=1) if machine else line)


@contextmanager
def bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Give a progress callback: a bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console  # forty milliseconds that a quiet call saves
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title)

        def tell(step: str, done: int, total: int) -> None:
            progress.update(task, description=f"{title}: {step}", completed=done, total=total)

        yield tell
