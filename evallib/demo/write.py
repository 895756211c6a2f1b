"""Write the whole demo: all files or none, and nothing over what is already there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evallib.demo.files.councils import write_councils
from evallib.demo.files.indicators import write_indicators
from evallib.demo.files.needs_lists import write_needs_lists
from evallib.demo.files.reports import plan_submissions
from evallib.demo.files.survey import write_survey
from evallib.demo.files.uploads import spoil_uploads
from evallib.demo.files.workbooks import write_submission
from evallib.demo.truth.ledger import Content, Ledger, write_truth
from evallib.demo.truth.needs import state_needs
from evallib.demo.truth.progress import run_projects
from evallib.demo.truth.projects import plan_projects
from evallib.demo.truth.series import demo_agencies, name_series
from evallib.demo.truth.world import World, build_world
from evallib.errors import SchemaError

SKIPPED = (".md", ".txt")  # what intake passes over; such files may stand in the folder already
README = "README-SYNTHETIC.txt"
WORDS = """ข้อมูลสังเคราะห์ทั้งหมดในโฟลเดอร์นี้ถูกสร้างขึ้นโดยคอมพิวเตอร์เพื่อการทดสอบและสาธิต evallib
ไม่มีโครงการ ความต้องการ คำตอบ บุคคล หรือตัวเลขใดเป็นของจริง ห้ามนำไปอ้างอิงหรือใช้ตัดสินใจ
ชื่อตำบล อำเภอ จังหวัด และหน่วยงานเป็นชื่อจริงจากทะเบียน แต่สิ่งที่รายงานไม่ใช่

SYNTHETIC DATA. Everything in this folder was made up by a computer to test and to show evallib.
No project, need, answer, person or figure is real; do not cite it, do not decide by it.
Names of tambons, amphoe, provinces and agencies are real names from the registers; what they
are said to report is not.

seed: {seed}   fraction: {fraction}
"""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was written.

    Parameters
    ----------
    folder, truth : pathlib.Path
        Folder of the submissions, and of the truth about them.
    files : int
        Number of submissions.
    counts : mapping of str to int
        Number of files of each kind (``files.projects`` ...), of rows of each table of the truth
        (``truth.links`` ...) and of planted defects (``defect.unit_slip`` ...).
    """

    folder: Path
    truth: Path
    files: int
    counts: Mapping[str, int]


def write_demo(
    out: str | Path, *, seed: int = 2565, fraction: float = 1.0, progress: Progress | None = None
) -> DemoReport:
    """Write synthetic submissions of three fiscal years, with a known truth beside them.

    Twelve quarters, 2563-Q1 to 2565-Q4, of projects, needs, councils' reports, a survey and
    indicators, in the forms and with the mistakes of real submissions. The same seed and fraction
    give the same bytes on every machine.

    Parameters
    ----------
    out : path
        Folder to write; it may hold notes already (``*.md``, ``*.txt``, dot files), nothing else.
        The truth goes to ``<out>_truth`` beside it.
    seed : int, default 2565
        Seed of every random draw.
    fraction : float, default 1
        Share of the tambons that take part, above 0 and up to 1: whole amphoe, all provinces.
    progress : callable, optional
        Called with (steps done, steps in all).

    Returns
    -------
    DemoReport
        Where the files are and how many of each kind.

    Raises
    ------
    SchemaError
        ``demo.folder_not_empty``: the folder or its truth holds files already; nothing is touched.
        ``demo.fraction``: ``fraction`` is not above 0 and at most 1.
        ``demo.seed``: ``seed`` is negative.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = write_demo(Path(folder) / "raw", fraction=0.02)
    ...     sorted(path.name for path in report.folder.iterdir())
    ['2563', '2564', '2565', 'README-SYNTHETIC.txt']
    """
    folder = Path(out)
    truth = folder.with_name(f"{folder.name}_truth")
    if not 0 < fraction <= 1:
        raise SchemaError("demo.fraction", found=fraction)
    if seed < 0:
        raise SchemaError("demo.seed", found=seed)
    for target in (folder, truth):
        _refuse_content(target)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-partial-", dir=folder.parent))
    try:
        files, counts = _fill(partial, seed=seed, fraction=fraction, progress=progress)
        _publish(partial, folder, truth)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return DemoReport(folder, truth, files, counts)


def _refuse_content(folder: Path) -> None:
    """Raise when a folder holds what would be mixed with the demo, or is a file."""
    if not folder.exists():
        return
    inside = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    content = [f.name for f in inside if f.is_dir() or not _is_note(f)]
    if content:
        shown = ", ".join(content[:3]) + (" ..." if len(content) > 3 else "")
        raise SchemaError("demo.folder_not_empty", folder=folder, found=shown, count=len(content))


def _is_note(file: Path) -> bool:
    return file.name != README and (file.suffix in SKIPPED or file.name.startswith("."))


def _fill(
    partial: Path, *, seed: int, fraction: float, progress: Progress | None
) -> tuple[int, dict[str, int]]:
    """Write everything under ``partial/raw`` and ``partial/truth``."""
    raw, ledger = partial / "raw", Ledger()
    world = build_world(seed, fraction)
    stated = state_needs(world)
    plan = plan_projects(world, stated)
    agencies = demo_agencies(len(plan.projects))
    series = name_series(world, plan, agencies)
    state = run_projects(world, plan, series)
    _make_folders(raw, world)
    (raw / README).write_bytes(WORDS.format(seed=seed, fraction=fraction).encode("utf-8"))

    submissions = list(plan_submissions(world, plan, series, state, agencies))
    steps = len(submissions) + 5
    tell = progress or _silent
    for done, submission in enumerate(submissions, start=1):
        write_submission(raw, submission, ledger, seed)
        tell(done, steps)
    counts = {"files.projects": len(submissions)}
    others: tuple[tuple[str, Callable[[], int]], ...] = (
        ("files.council_report", lambda: write_councils(raw, world, stated, ledger)),
        ("files.needs", lambda: write_needs_lists(raw, world, stated, ledger)),
        ("files.survey", lambda: write_survey(raw, world, stated.needs, ledger)),
        ("files.indicators", lambda: write_indicators(raw, world, ledger)),
        ("files.spoilt", lambda: spoil_uploads(raw, submissions, ledger, seed)),
    )
    for done, (name, write) in enumerate(others, start=len(submissions) + 1):
        counts[name] = write()
        tell(done, steps)
    files = sum(counts.values())
    content = Content(world, stated, plan, series, agencies)
    truth = write_truth(partial / "truth", ledger, content)
    return files, counts | truth


def _silent(done: int, total: int, /) -> None:
    """Tell nobody."""


def _make_folders(raw: Path, world: World) -> None:
    for quarter in world.quarters:
        (raw / str(quarter.fiscal_year) / f"Q{quarter.quarter}").mkdir(parents=True)


def _publish(partial: Path, folder: Path, truth: Path) -> None:
    """Move what is finished into place; take it back when that is interrupted."""
    made = [target for target in (truth, folder) if not target.exists()]
    placed: list[Path] = []
    try:
        for source, target in ((partial / "truth", truth), (partial / "raw", folder)):
            target.mkdir(exist_ok=True)
            for item in sorted(source.iterdir()):
                placed.append(target / item.name)
                item.replace(target / item.name)
    except BaseException:
        for item in placed:
            if item.is_dir():
                shutil.rmtree(item)
            else:
                item.unlink(missing_ok=True)
        for target in made:
            if target.exists():
                target.rmdir()
        raise
