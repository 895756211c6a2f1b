"""How the command line speaks: errors in three parts, JSON on demand, bars on a terminal."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
            click.echo(str(error), err=True)
            sys.exit(WRONG_CALL)

    return guarded


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
