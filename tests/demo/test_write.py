"""write_demo: the same bytes or none, and never over what is there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evallib.demo import write_demo
from evallib.errors import SchemaError
from tests.paths import ROOT

TINY = 0.02


def digest(*folders: Path) -> str:
    """Return one hash over the names and bytes of all files."""
    total = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                total.update(file.relative_to(folder.parent).as_posix().encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def test_same_seed_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; from evallib.demo import write_demo;"
        "write_demo(sys.argv[1], seed=7, fraction=0.02)"
    )
    digests = []
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed / "raw"
        subprocess.run(
            [sys.executable, "-c", code, str(out)], check=True, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": f"UTC{hash_seed}"},
            cwd=ROOT,
        )  # fmt: skip
        digests.append(digest(out, out.with_name("raw_truth")))
    assert digests[0] == digests[1]

    other = write_demo(tmp_path / "3" / "raw", seed=8, fraction=TINY)
    assert digest(other.folder, other.truth) != digests[0]


def test_truth_lies_beside_and_never_inside(demo) -> None:
    report = demo.report
    assert report.truth == report.folder.parent / "raw_truth"
    assert sorted(p.name for p in report.folder.iterdir()) == [
        "2563", "2564", "2565", "README-SYNTHETIC.txt",
    ]  # fmt: skip
    names = {p.stem for p in report.truth.iterdir()}
    assert not names & {p.stem for p in report.folder.rglob("*")}
    ids = report.truth.joinpath("projects.csv").read_text(encoding="utf-8").split("TP-")
    assert len(ids) > 500
    assert not any(b"TP-0" in p.read_bytes() for p in report.folder.rglob("*.csv"))
    assert not any(str(c).startswith(("TP-", "TN-")) for row in demo.rows.values() for c in row)


def test_report_counts_what_is_there(demo) -> None:
    report = demo.report
    files = [p for p in report.folder.rglob("*") if p.is_file() and p.suffix != ".txt"]
    assert report.files == len(files)
    for table in report.truth.iterdir():
        assert report.counts[f"truth.{table.stem}"] == len(demo.truth(table.stem))


def test_everything_says_that_it_is_synthetic(demo) -> None:
    words = (demo.report.folder / "README-SYNTHETIC.txt").read_text(encoding="utf-8")
    assert "ข้อมูลสังเคราะห์" in words
    assert "SYNTHETIC DATA" in words
    for (file, sheet, row), cells in demo.rows.items():
        if row == 1:
            assert "(ข้อมูลสังเคราะห์)" in str(cells[0]), (file, sheet)


@pytest.mark.parametrize("where", ["raw", "raw_truth"])
def test_folder_with_content_is_refused_and_left_alone(tmp_path: Path, where: str) -> None:
    mine = tmp_path / where / "mine.xlsx"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    with pytest.raises(SchemaError) as caught:
        write_demo(tmp_path / "raw", fraction=TINY)

    assert caught.value.code == "demo.folder_not_empty"
    for language in ("th", "en"):
        assert "mine.xlsx" in caught.value.message(language)
    assert [p.name for p in tmp_path.rglob("*")] == [where, "mine.xlsx"]
    assert mine.read_bytes() == b"mine"


def test_notes_may_stand_there_and_stay(tmp_path: Path) -> None:
    notes = tmp_path / "raw" / "README.md"
    notes.parent.mkdir()
    notes.write_text("how files get here", encoding="utf-8")
    write_demo(tmp_path / "raw", fraction=TINY)

    assert notes.read_text(encoding="utf-8") == "how files get here"
    assert (tmp_path / "raw" / "2565" / "Q4").is_dir()
    with pytest.raises(SchemaError, match="2563"):
        write_demo(tmp_path / "raw", fraction=TINY)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"fraction": 0}, "demo.fraction"),
        ({"fraction": 1.5}, "demo.fraction"),
        ({"fraction": float("nan")}, "demo.fraction"),
        ({"seed": -1}, "demo.seed"),
    ],
)
def test_impossible_arguments_are_refused(tmp_path: Path, wrong, code: str) -> None:
    with pytest.raises(SchemaError) as caught:
        write_demo(tmp_path / "raw", **wrong)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_interrupted_writing_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path / "raw", fraction=TINY, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", [1, 8, 11])
def test_interrupted_moving_leaves_nothing(tmp_path: Path, monkeypatch, failing: int) -> None:
    notes = tmp_path / "raw" / "README.md"
    notes.parent.mkdir()
    notes.touch()
    moves = iter(range(1, 99))
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if next(moves) == failing:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path / "raw", fraction=TINY, progress=None)

    assert next(moves) == failing + 1  # it did fail while moving
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == [
        "raw", "raw/README.md",
    ]  # fmt: skip


def test_progress_counts_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_demo(tmp_path / "raw", fraction=TINY, progress=lambda *step: told.append(step))
    total = told[0][1]
    assert told == [(done, total) for done in range(1, total + 1)]


@pytest.mark.slow
def test_the_whole_demo_is_as_large_as_promised(tmp_path: Path) -> None:
    report = write_demo(tmp_path / "raw")
    import pandas as pd

    projects = pd.read_csv(report.truth / "projects.csv", dtype="str", keep_default_na=False)
    submissions = pd.read_csv(report.truth / "submissions.csv", dtype="str")
    cohorts = pd.read_csv(report.truth / "cohorts.csv", dtype="str", keep_default_na=False)
    defects = pd.read_csv(report.truth / "defects.csv", dtype="str")

    assert projects.groupby("fiscal_year").size().between(1_350, 1_650).all()
    assert 18 <= submissions["agency"].nunique() <= 24
    assert submissions["quarter"].nunique() == 12
    assert len(cohorts) == 290
    starts = cohorts["cohort"].value_counts()
    assert 0.35 <= starts[""] / 290 <= 0.40
    assert sorted(starts.drop("").index) == [
        "2564-Q1", "2564-Q2", "2564-Q3", "2564-Q4", "2565-Q1", "2565-Q2",
    ]  # fmt: skip
    assert starts.drop("").min() >= 15
    on_rows = defects[defects["file"].isin(submissions["file"]) & (defects["row"] != "0")]
    rates = on_rows["kind"].value_counts() / len(submissions)
    assert rates.drop("total_mismatch").between(0.003, 0.03).all()
    share = len(pd.read_csv(report.truth / "duplicates.csv")) / len(projects)
    assert 0.03 <= share <= 0.05
