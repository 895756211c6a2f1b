"""evallib demo, evallib ingest and evallib corrections."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from evallib.cli.speech import as_json, bar, mended, raw_option, show, store_option, tell
from evallib.config import read_settings
from evallib.i18n import counted, plural

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.config import Settings

SOME_LATE = 1


@click.command()
@click.option("--out", type=click.Path(), help="Folder to fill [data/raw].")
@click.option("--seed", type=int, help="Seed of the synthetic world [2565].")
@click.option("--fraction", type=click.FloatRange(0.02, 1), default=1.0, show_default=True,
              help="Share of the tambons to cover.")  # fmt: skip
@click.option("--if-empty", is_flag=True, help="Do nothing when the folder already holds files.")
@as_json
@mended
def demo(
    out: str | None, seed: int | None, fraction: float, *, if_empty: bool, machine: bool
) -> None:
    """Write synthetic submissions with a known truth, to try everything without real data.

    \b
    Example:
      evallib demo --out data/raw --seed 2565
    """
    settings = read_settings(raw=out, seed=seed)
    if if_empty and _holds_submissions(settings.raw):
        return
    from evallib.demo import write_demo  # brings the workbook writer

    with bar("demo") as told:
        report = write_demo(
            settings.raw, seed=settings.seed, fraction=fraction,
            progress=lambda done, total: told("write", done, total),
        )  # fmt: skip
    show(asdict(report), machine=machine, line=(
        f"{settings.raw}: {report.files} synthetic "
        f"{plural(report.files, 'submission', 'submissions')} / ไฟล์ข้อมูลสังเคราะห์"))  # fmt: skip


def _holds_submissions(raw: Path) -> bool:
    from evallib.errors import NotFound
    from evallib.runner.files import list_submissions

    try:
        return bool(list_submissions(raw))
    except NotFound:
        return False


@click.command()
@raw_option
@store_option
@click.option("-j", "workers", type=click.IntRange(min=1), default=2, show_default=True,
              help="Processes that read files.")  # fmt: skip
@click.option("--force", is_flag=True, help="Work even when nothing changed.")
@click.option(
    "--new-key",
    is_flag=True,
    help="Give all respondents of surveys other keys, when the old secret is gone.",
)
@as_json
@mended
def ingest(
    raw: str | None, store: str | None, workers: int, *, force: bool, new_key: bool, machine: bool
) -> None:  # fmt: skip
    """Read, clean and link what agencies sent, rebuild the tables, write correction sheets.

    Exit code 0: done; 1: some file was not read in time, call again; 2: the call was wrong.

    Sheets go to the folder "corrections" beside the submissions, one an agency and quarter. Send
    them out; a filled one dropped among the submissions is replayed by the next ingest.

    อ่านไฟล์ที่หน่วยงานส่ง สร้างตาราง และเขียนใบแก้ไขให้ส่งกลับหน่วยงาน

    \b
    Example:
      evallib ingest --raw data/raw --store data/processed
    """
    from evallib.runner.intake.corrections import corrections_folder
    from evallib.runner.intake.ingestion import ingest as run_ingest

    settings = read_settings(raw=raw, store=store)
    with bar("ingest") as told:
        report = run_ingest(settings, force=force, new_key=new_key, workers=workers, progress=told)
    if report.key_made:
        _tell_key(settings)
    counts = report.findings
    state = (
        "left as it was, for it holds files that were not read in time now / "
        "คงข้อมูลเดิมไว้ เพราะครั้งนี้อ่านบางไฟล์ไม่ทัน"
    ) if report.held_back else "unchanged / ไม่มีการเปลี่ยนแปลง" if report.unchanged else (
        f"{report.rows_accepted:,} of {counted(report.rows_read, 'row')} accepted / แถวที่รับ, "
        f"{counted(counts['error'], 'error')}, {counted(counts['warning'], 'warning')}, "
        f"{counted(counts['info'], 'note')}"
    )  # fmt: skip
    for file in report.refused if not report.held_back else ():
        tell(f"refused / อ่านไม่ได้: {file} (see evallib db sql on findings)", err=True)
    _tell_kept(report.kept)
    written = counted(report.sheets, "correction sheet")
    sheets = f"\n{corrections_folder(settings)}: {written} / ใบแก้ไข"
    if report.corrected:
        cells = counted(report.corrected, "cell")
        sheets += f", {cells} corrected by agencies / ช่องที่หน่วยงานแก้แล้ว"
    show(asdict(report), machine=machine,
         line=f"{settings.store}: {counted(report.files, 'file')}, {state}{sheets}")  # fmt: skip
    _end_late(report.out_of_time)


@click.command()
@raw_option
@store_option
@click.option("-j", "workers", type=click.IntRange(min=1), default=2, show_default=True,
              help="Processes that read files.")  # fmt: skip
@as_json
@mended
def corrections(raw: str | None, store: str | None, workers: int, *, machine: bool) -> None:
    """Write the correction sheets of the last ingest again.

    One workbook an agency and quarter: the rows as sent, what is wrong, where to answer. Put filled
    ones into data/raw/<fiscal year>/<quarter>, under any name, and run evallib ingest.

    เขียนใบแก้ไขของการนำเข้าครั้งล่าสุดอีกครั้ง ใบที่กรอกแล้วให้วางใน data/raw แล้วสั่ง evallib ingest

    \b
    Example:
      evallib corrections
    """
    from evallib.runner.intake.corrections import corrections_folder, write_again

    settings = read_settings(raw=raw, store=store)
    with bar("corrections") as told:
        report = write_again(settings, workers=workers, progress=told)
    _tell_kept(report.kept)
    show(asdict(report), machine=machine, line=(
        f"{corrections_folder(settings)}: {counted(report.sheets, 'correction sheet')} about "
        f"{counted(report.items, 'cell')} / "
        f"ใบแก้ไข {report.sheets:,} แฟ้ม {report.items:,} ช่อง"))  # fmt: skip
    _end_late(report.out_of_time)


def _tell_key(settings: Settings) -> None:
    """Say where the secret of respondents lies, for without it no later ingest knows them."""
    from evallib.privacy.respondent_key import key_path

    tell(
        f"made the secret of survey respondents: {key_path(settings)}; keep a copy in a safe, not"
        " with the data / สร้างกุญแจลับของรหัสผู้ตอบแบบสำรวจแล้ว ให้เก็บสำเนาในที่ปลอดภัย แยกจากข้อมูล",
        err=True,
    )


def _end_late(files: tuple[str, ...]) -> None:
    """End with exit code 1 when files were given up for time, and say what to do."""
    for file in files:
        tell(
            f"not read in time, call again when the machine is less busy: {file} (or take it out)"
            " / อ่านไม่ทัน สั่งอีกครั้งเมื่อเครื่องว่าง หรือย้ายไฟล์นี้ออก",
            err=True,
        )
    if files:
        sys.exit(SOME_LATE)


def _tell_kept(kept: tuple[str, ...]) -> None:
    """Say which sheets were left alone, and what to do with them."""
    for file in kept:
        tell(
            f"filled in or open, left as it is: {file}; move it to data/raw/<fiscal year>/<quarter>"
            " / มีผู้กรอกหรือเปิดอยู่ จึงไม่เขียนทับ ย้ายไปไว้ใน data/raw/<ปีงบประมาณ>/<ไตรมาส>",
            err=True,
        )
