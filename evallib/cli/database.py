"""evallib db and evallib verify."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from evallib.cli.speech import as_json, error_parts, mended, show, store_option
from evallib.config import read_settings
from evallib.errors import NotFound
from evallib.i18n import text

if TYPE_CHECKING:
    from evallib.store.verification import Verdict

SOMETHING_DAMAGED = 1


@click.group()
def db() -> None:
    """Look into the evaluation database."""


@db.command("tables")
@store_option
@as_json
@mended
def db_tables(store: str | None, *, machine: bool) -> None:
    """List the tables with their rows.

    \b
    Example:
      evallib db tables
    """
    from evallib.store import Store  # brings the database

    folder = read_settings(store=store).store
    frame = Store(folder).tables()
    if frame.empty:
        raise NotFound("runner.no_data", found=str(folder))
    show(json.loads(frame.to_json(orient="records", date_format="iso")), machine=machine,
          line=frame.to_string(index=False))  # fmt: skip


@db.command("sql")
@click.argument("query")
@store_option
@click.option("--seconds", type=float, default=60, show_default=True,
              help="Time after which a query is given up.")  # fmt: skip
@click.option("--gigabytes", type=float, default=2, show_default=True,
              help="Memory that a query may take.")  # fmt: skip
@as_json
@mended
def db_sql(
    query: str, store: str | None, seconds: float, gigabytes: float, *, machine: bool
) -> None:
    """Ask the database with a SELECT, within limits of time and memory.

    \b
    Example:
      evallib db sql "select sector_code, count(*) from projects group by 1 order by 2 desc"
    """
    from evallib.store import Store  # brings the database

    database = Store(read_settings(store=store).store)
    frame = database.sql(query, seconds=seconds, gigabytes=gigabytes)
    show(json.loads(frame.to_json(orient="records", date_format="iso")), machine=machine,
          line=frame.to_string(index=False))  # fmt: skip


@click.command()
@store_option
@as_json
@mended
def verify(store: str | None, *, machine: bool) -> None:
    """Check that the database is what was written: hashes, rows, contracts, commits.

    Exit code 0: all of it is sound; 1: something is damaged; 2: the call was wrong.

    \b
    Example:
      evallib verify
    """
    from evallib.store import Store  # brings the database

    folder = read_settings(store=store).store
    verdicts = Store(folder).verify()
    if not any(verdict.files for verdict in verdicts):
        raise NotFound("runner.no_data", found=str(folder))
    told = [
        {"table": v.table, "rows": v.rows, "files": v.files, "without_hash": v.unnoted,
         "sound": not v.problems, "problems": [error_parts(p) for p in v.problems]}
        for v in verdicts
    ]  # fmt: skip
    show(told, machine=machine, line="\n".join(map(_line, verdicts)))
    if any(verdict.problems for verdict in verdicts):
        sys.exit(SOMETHING_DAMAGED)


def _line(verdict: Verdict) -> str:
    """Return what a person reads about one table, and below it what is wrong."""
    code = "store.unsound" if verdict.problems else "store.sound"
    rows = "–" if verdict.rows is None else verdict.rows
    said = [
        text("store.verdict", language, rows=rows, files=verdict.files, unnoted=verdict.unnoted,
             state=text(code, language))
        for language in ("en", "th")
    ]  # fmt: skip
    return "\n".join([f"{verdict.table:20} {' / '.join(said)}", *map(str, verdict.problems)])
