"""The command line: a thin skin, every verb is one public function."""

from __future__ import annotations

import click

from evallib.cli.database import db, verify
from evallib.cli.forms import template
from evallib.cli.reports import run, status
from evallib.cli.submissions import corrections, demo, ingest
from evallib.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evallib")
def main() -> None:
    """Evaluate public development projects: submissions in, evaluation reports out.

    ประเมินผลโครงการพัฒนาของรัฐ: รับไฟล์จากหน่วยงาน ออกรายงานประเมินผล

    \b
    Example:
      evallib demo && evallib ingest && evallib run
    """


for command in (template, demo, ingest, corrections, run, status, db, verify):
    main.add_command(command)
