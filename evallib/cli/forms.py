"""evallib template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from evallib.cli.speech import as_json, bar, mended, show
from evallib.config import check_folder, read_settings
from evallib.i18n import counted

if TYPE_CHECKING:
    from evallib.config import Settings

_FORMS = ("projects", "needs", "progress", "survey", "indicators")


@click.command()
@click.argument("forms", nargs=-1, type=click.Choice(_FORMS))
@click.option("--out", type=click.Path(), default="forms", show_default=True,
              help="Folder to write to.")  # fmt: skip
@click.option("--province", "provinces", multiple=True,
              help="Code or name: only its places; indicators get a row a tambon.")  # fmt: skip
@click.option("--agency", default="", help="Name of the agency for the title row.")
@click.option("--period", help="Quarter for the title rows, such as 2565-Q3 or Q3/65.")
@as_json
@mended
def template(
    forms: tuple[str, ...], out: str, provinces: tuple[str, ...], agency: str,
    period: str | None, *, machine: bool,
) -> None:  # fmt: skip
    """Write the Excel forms that agencies fill in and send; all five by default.

    A filled form is read for certain: a hidden row names each column, whatever becomes of the
    headings.

    เขียนแบบฟอร์ม Excel ให้หน่วยงานกรอก มีรายการให้เลือก และระบบอ่านได้แน่นอน

    \b
    Examples:
      evallib template
      evallib template projects progress --out forms --province ยะลา --period 2565-Q3
    """
    from evallib.clean.forms.templates import (  # brings the workbook writer
        TITLES,
        make_template,
    )
    from evallib.runner.files import write_whole

    settings, folder = _narrowed(read_settings(), provinces), check_folder("out", out)
    chosen = [form for form in TITLES if form in (forms or _FORMS)]
    written = []
    with bar("template") as tell:
        for done, form in enumerate(chosen, start=1):
            content = make_template(
                form, settings, agency=agency, period=period or None, prefilled=bool(provinces)
            )
            written.append(folder / f"{TITLES[form]}.xlsx")
            write_whole(written[-1], content)
            tell("write", done, len(chosen))
    told = f"{counted(len(written), 'form')} written / แบบฟอร์มที่เขียนแล้ว"
    show(
        [str(file) for file in written], machine=machine, line="\n".join([*map(str, written), told])
    )


def _narrowed(settings: Settings, provinces: tuple[str, ...]) -> Settings:
    """Return the settings with the provinces of a call alone."""
    if not provinces:
        return settings
    from evallib.places import find_province  # reads the register

    codes = tuple(sorted({find_province(written, settings) for written in provinces}))
    amphoe = tuple(code for code in settings.amphoe if code[:2] in codes)
    return replace(settings, provinces=codes, amphoe=amphoe)
