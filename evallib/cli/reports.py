"""evallib run and evallib status."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from evallib.cli.speech import as_json, bar, mended, reports_option, show, store_option, tell
from evallib.config import Settings, read_settings
from evallib.errors import SchemaError
from evallib.i18n import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from evallib.runner.batch.batch import JobResult

SOME_FAILED = 1


@click.command()
@click.argument("notebooks", nargs=-1)
@click.option("--province", "provinces", multiple=True, help="Code or name; all by default.")
@click.option("--period", "periods", multiple=True,
              help="Such as 2565-Q3, Q3/65, 2565 or all; the newest by default.")  # fmt: skip
@click.option("--as-of", help="Cut-off date, 2022-06-24 or 24/6/2565; the newest by default.")
@click.option("--language", type=click.Choice(["th", "en"]), help="Language of the reports [th].")
@click.option("-p", "--parameter", "extra", nargs=2, multiple=True, metavar="NAME VALUE",
              help="A further parameter of the notebook.")  # fmt: skip
@store_option
@reports_option
@click.option("-j", "workers", type=click.IntRange(min=1), default=2, show_default=True,
              help="Notebooks at the same time.")  # fmt: skip
@click.option("--force", is_flag=True, help="Make reports again even when nothing changed.")
@click.option("--only-failed", is_flag=True, help="Only jobs whose last try failed.")
@click.option("--shard", help="Do share i of n, such as 1/4.")
@as_json
@mended
def run(  # noqa: PLR0917  one name an option
    notebooks: tuple[str, ...], provinces: tuple[str, ...], periods: tuple[str, ...],
    as_of: str | None, language: str | None, extra: tuple[tuple[str, str], ...],
    store: str | None, reports: str | None, workers: int, shard: str | None, *,
    force: bool, only_failed: bool, machine: bool,
) -> None:  # fmt: skip
    """Make evaluation reports: one notebook per province and quarter, one for the year.

    Exit code 0: all done; 1: some failed, the others are done; 2: the call was wrong.

    \b
    Examples:
      evallib run
      evallib run quarterly_report --province 95 --period 2565-Q3 --language en
    """
    from evallib.runner.batch.batch import run as run_jobs
    from evallib.runner.batch.plan import plan_jobs
    from evallib.runner.batch.publish import FAILED

    settings = read_settings(store=store, reports=reports, language=language)
    available = _known_periods(settings)
    jobs = plan_jobs(settings, available, notebooks=notebooks, provinces=provinces,
                     periods=periods, as_of=as_of or "",
                     extra=dict(extra))  # fmt: skip
    if only_failed:
        jobs = [job for job in jobs if (job.folder / FAILED).is_file()]
    jobs = _share(jobs, shard)
    with bar("run") as told:
        results = run_jobs(jobs, settings, workers=workers, force=force,
                           progress=_job_ended(told))  # fmt: skip
    for result in results:
        if result.problem:
            tell(f"{result.job.name}\n{result.problem}", err=True)
    states = [result.state for result in results]
    made = states.count("made")
    show(
        [{"job": r.job.name, "state": r.state, "run_id": r.run_id, "problem": r.problem,
          "folder": str(r.job.folder)} for r in results],
        machine=machine,
        line=f"{settings.reports / 'index.html'}: {made} {plural(made, 'report', 'reports')} made, "
        f"{states.count('unchanged')} unchanged, {states.count('failed')} failed / "
        f"รายงานใหม่ {made} คงเดิม {states.count('unchanged')} "
        f"ไม่สำเร็จ {states.count('failed')}",
    )  # fmt: skip
    if "failed" in states:
        sys.exit(SOME_FAILED)


def _known_periods(settings: Settings) -> dict[Any, date]:
    """Return the quarters that the database knows, each with the newest date of it."""
    from evallib.errors import NotFound
    from evallib.periods import FiscalPeriod
    from evallib.runner.intake.ingestion import known_ingest

    ingested = known_ingest(settings)
    if ingested is None:
        raise NotFound("runner.no_data", found=str(settings.store))
    return {FiscalPeriod.parse(p): date.fromisoformat(day) for p, day in ingested.periods.items()}


def _share(jobs: list[Any], shard: str | None) -> list[Any]:
    if shard is None:
        return jobs
    part, _, whole = shard.partition("/")
    if not (part.isdigit() and whole.isdigit() and 1 <= int(part) <= int(whole)):
        raise SchemaError("runner.shard", found=shard)
    return jobs[int(part) - 1 :: int(whole)]


def _job_ended(told: Callable[[str, int, int], None]) -> Callable[[JobResult, int, int], None]:
    def ended(result: JobResult, done: int, total: int) -> None:
        told(f"{result.job.name} {result.state}", done, total)

    return ended


@click.command()
@reports_option
@as_json
@mended
def status(reports: str | None, *, machine: bool) -> None:
    """List the reports that exist, and those whose last try failed.

    \b
    Example:
      evallib status
    """
    from evallib.runner.batch.key import read_manifest
    from evallib.runner.batch.publish import FAILED

    folder = read_settings(reports=reports).reports
    rows = []
    for place in sorted({f.parent for f in folder.glob("*/*/*") if f.is_file()}):
        manifest = read_manifest(place) or {}
        state = "failed" if (place / FAILED).is_file() else manifest.get("state", "-")
        known = {name: manifest.get(name, "-") for name in ("as_of", "run_id")}
        rows.append({"job": f"{place.parent.name}/{place.name}", "state": state} | known)
    lines = [f"{r['job']:16} {r['state']:8} {r['as_of']:12} {r['run_id']}" for r in rows]
    show(rows, machine=machine, line="\n".join(lines) or f"{folder}: no reports / ยังไม่มีรายงาน")
