"""evallib db."""

from __future__ import annotations

import json

import click

from evallib.cli.speech import as_json, mended, show, store_option
from evallib.config import read_settings
from evallib.errors import NotFound


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
