"""What intake made of the demo, held against the truth that the demo left beside its files."""

from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import pandas as pd

from evallib.clean import Submission
from evallib.register import Intake
from tests.clean.demo_defects import PLACE, Judge, find_false


@dataclass(frozen=True)
class Measured:
    """Planted and found by kind, defects missed, false findings, and single figures."""

    kinds: pd.DataFrame
    missed: pd.DataFrame
    false: pd.DataFrame
    figures: dict[str, float]


def measure(files: list[Path], sent: list[Submission], intake: Intake, truth: Path) -> Measured:
    """Hold what was made of ``files``, read in this order, against the truth in a folder."""
    known = {f.stem: pd.read_csv(f, dtype=str).fillna("") for f in sorted(truth.glob("*.csv"))}
    paths = ("/".join(file.parts[-3:]) for file in files)
    names = {s.file: path for path, s in zip(paths, sent, strict=True)}
    found = place_findings(intake.findings, names)
    judge = Judge(sent, found, known, names)
    defects = known["defects"]
    marked = defects.assign(found=[judge(d) for d in defects.itertuples()])
    kinds = marked.groupby("kind")["found"].agg(planted="size", found="sum")
    rows = beside_the_truth(intake, known, names)
    duplicates, doubles = judge_duplicates(rows, intake, known["duplicates"])
    false = find_false(found, known, doubles)
    dirty = pd.concat([defects, known["identifiers"]])[PLACE].drop_duplicates()
    told = found[found["severity"] != "info"].drop_duplicates()
    figures = {
        "planted": len(defects), "planted found": int(marked["found"].sum()),
        "warnings and errors": len(told), "false findings": len(false),
        "clean rows": sum(s.rows_read for s in sent) - len(dirty),
        "clean rows with a false finding": len(
            false[PLACE].drop_duplicates().merge(dirty, how="left", indicator=True)
            .query("_merge == 'left_only'")
        ),
        "planted identifiers": len(known["identifiers"]),
        "identifiers left": count_left(intake, known["identifiers"]["value"]),
        "project rows": len(known["submissions"]),
        "project rows lost": count_lost(intake, known["submissions"], rows, names),
    } | duplicates | judge_budgets(rows)  # fmt: skip
    figures |= judge_places(rows, "projects")
    figures |= judge_places(beside_true_needs(sent, known["needs"], names), "needs")
    return Measured(kinds, marked[~marked["found"]], false, figures)


def place_findings(findings, names: dict[str, str]) -> pd.DataFrame:
    """Return findings with file, sheet and row apart; ``row`` is empty for a whole column."""
    rows = []
    for f in findings:
        parts = [*f.where.split(" | "), "", ""]
        row = parts[2] if parts[2].isdigit() else ""
        rows.append((names.get(parts[0], parts[0]), parts[1], row, f.code, f.severity, f.value))
    return pd.DataFrame(rows, columns=[*PLACE, "code", "severity", "value"])


def beside_the_truth(intake: Intake, truth: dict[str, pd.DataFrame], names) -> pd.DataFrame:
    """Return each project row that intake kept beside the project that it truly is."""
    known = truth["submissions"].merge(
        truth["projects"].rename(columns={"agency": "first_agency"}), on="true_project_id"
    )
    kept = intake.frames["project_submissions"].astype({"row": "str"})
    return kept.assign(file=kept["file"].map(names), sheet=kept["sheet"].fillna("")).merge(
        known, on=PLACE, suffixes=("", "_true")
    )


def count_lost(intake: Intake, submissions: pd.DataFrame, rows: pd.DataFrame, names) -> int:
    inputs = intake.frames["inputs"]
    read = inputs.loc[inputs["state"] == "read", "file"].map(names)
    return int(submissions["file"].isin(read).sum()) - len(rows)


def count_left(intake: Intake, planted: pd.Series) -> int:
    text = "\n".join([frame.to_csv() for frame in intake.frames.values()]
                     + [f"{f.where} {f.value}" for f in intake.findings])  # fmt: skip
    return sum(value in text for value in planted)


def judge_duplicates(
    rows: pd.DataFrame, intake: Intake, truth: pd.DataFrame
) -> tuple[dict[str, float], set[frozenset[str]]]:
    """Return precision and recall of pairs, and the pairs of uids that truly are one project.

    A pair is (project, agency) twice: merged when both bear one uid, listed when they are a line
    of ``project_duplicates``.
    """
    series = rows.drop_duplicates(["project_uid", "true_project_id", "agency"])
    members = {
        uid: list(zip(group["true_project_id"], group["agency"], strict=True))
        for uid, group in series.groupby("project_uid")
    }
    merged = {
        frozenset(p) for m in members.values() for p in combinations(m, 2) if p[0][1] != p[1][1]
    }
    listed, doubles = set(), set()
    pairs = intake.frames["project_duplicates"].query("state != 'REJECTED'")
    for uids in zip(pairs["project_uid"], pairs["duplicate_uid"], strict=True):
        some = {frozenset(p) for p in product(*(members.get(u, []) for u in uids))
                if p[0][1] != p[1][1]}  # fmt: skip
        listed |= some
        if any(len({project for project, _ in pair}) == 1 for pair in some):
            doubles.add(frozenset(uids))
    real = {
        frozenset([(d.true_project_id, d.agency), (d.true_project_id, d.other_agency)])
        for d in truth.itertuples()
    }
    figures: dict[str, float] = {"duplicate pairs": len(real)}
    for name, said in (("merged", merged), ("merged or listed", merged | listed)):
        figures[f"duplicates {name}, precision"] = len(said & real) / max(len(said), 1)
        figures[f"duplicates {name}, recall"] = len(said & real) / max(len(real), 1)
    return figures, doubles


def judge_places(rows: pd.DataFrame, what: str) -> dict[str, float]:
    """Return how many tambons accepted are right, and how many of the true ones those are."""
    accepted, real = rows["tambon_code"].notna(), rows["tambon_code_true"] != ""
    right = accepted & (rows["tambon_code"] == rows["tambon_code_true"])
    return {
        f"tambons of {what}, precision": float(right.sum() / accepted.sum()),
        f"tambons of {what}, recall": float((right & real).sum() / real.sum()),
    }


def beside_true_needs(sent: list[Submission], truth: pd.DataFrame, names) -> pd.DataFrame:
    """Return each line of a list of needs beside its true tambon, also when it was left out."""
    lines = [s.frames["needs"].assign(file=names[s.file]) for s in sent if "needs" in s.frames]
    kept = pd.concat(lines).astype({"row": "str"})[["file", "row", "tambon_code"]]
    true = truth[["file", "row", "tambon_code"]].drop_duplicates()
    return true.merge(kept, on=["file", "row"], how="left", suffixes=("_true", ""))


def judge_budgets(rows: pd.DataFrame) -> dict[str, float]:
    """Budgets of the agency whose budget the truth holds; a second agency may know another."""
    own = rows[rows["agency"] == rows["first_agency"]]
    given = own["budget_approved"].notna()
    near = (own["budget_approved"] - own["budget"].astype(float)).abs() <= 1
    return {
        "budgets, precision": float(near[given].mean()),
        "budgets, recall": float(near.mean()),
    }
