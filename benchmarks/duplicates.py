"""Projects that two agencies report, found in synthetic submissions, beside rapidfuzz alone.

``python benchmarks/duplicates.py learn`` learns the weights of ``evallib.register.likeness``
again, from other seeds than the one that is measured here, and writes them to
``evallib/reference/duplicate_weights.csv``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

SEED, LEARNT_ON, ROUNDS, COPIES = 2565, (7, 11, 13), 5, 8
RIDGE, WITHHELD = 1.0, 0.1
AGAINST = ("amount_far", "dates_far", "place_coarse", "target_differs")
STATED = {  # what synthetic submissions do not hold or hold by the way that they were made
    "numbers_differ": (-6.0, "phase 1 is not phase 2, nor village 3 village 5"),
    "plan_same": (0.3, "agencies of one plan share projects more often"),
    "code_same": (4.0, "a long code names one project"),
    "agency_kin": (0.5, "a department and its provincial office report the same work"),
}
WEIGHTS = Path(__file__).resolve().parents[1] / "evallib" / "reference" / "duplicate_weights.csv"


def read_demo(seed: int, home: Path) -> pd.DataFrame:
    """Return one row a project and agency as intake made it, with the project that it truly is."""
    from evallib.clean import read_submission
    from evallib.demo import write_demo
    from evallib.register import assemble
    from evallib.register.projects import single_projects

    report = write_demo(home / str(seed) / "raw", seed=seed)
    truth = pd.read_csv(report.truth / "submissions.csv")
    files = [report.folder / name for name in sorted(truth["file"].unique())]
    sent = [read_submission(f, raw=report.folder) for f in files if f.exists()]
    rows, single, _ = single_projects(assemble(sent).frames["project_submissions"])
    known = rows.merge(truth[["file", "sheet", "row", "true_project_id"]], how="left")
    single["true"] = single["project_uid"].map(known.groupby("own_uid")["true_project_id"].first())
    goes_on = pd.read_csv(report.truth / "projects.csv").set_index("true_project_id")["continues"]
    single["continues"] = single["true"].map(goes_on).fillna("")
    return single.sort_values(["as_of", "agency_id", "project_uid"], ignore_index=True)


def in_one_year(projects: pd.DataFrame) -> pd.DataFrame:
    """Move all projects into one fiscal year: like titles of several years are hard to tell."""
    days = pd.to_timedelta((2565 - projects["fiscal_year"]).astype(int) * 365, unit="D")
    moved = {name: projects[name] + days for name in ("start_date", "end_date")}
    return projects.assign(fiscal_year=2565, **moved)


def in_one_tambon(projects: pd.DataFrame) -> pd.DataFrame:
    """Move the projects of each amphoe into one tambon, where many have like titles."""
    first = projects["amphoe_code"] + "01"
    return projects.assign(tambon_code=first.where(projects["tambon_code"].notna()))


def withhold(projects: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Take fields away at random, as agencies leave them out."""
    projects = projects.copy()
    fields = (["tambon_code"], ["budget_approved"], ["start_date", "end_date"],
              ["objective_th", "target_n"])  # fmt: skip
    for names in fields:
        projects.loc[rng.random(len(projects)) < WITHHELD, names] = None
    return projects


def judged_pairs(projects: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the evidence of every candidate pair and whether it is one project."""
    from evallib.register.likeness import compare_pairs
    from evallib.register.pairs import candidate_pairs

    pairs = candidate_pairs(projects)
    evidence = compare_pairs(projects, pairs.first, pairs.second)
    true, before = (projects[name].to_numpy(dtype=object) for name in ("true", "continues"))
    (a, b), (c, d) = ((names[pairs.first], names[pairs.second]) for names in (true, before))
    obligation = (a == d) | (b == c)  # of one project, moved into one year by the learner alone
    return evidence[~obligation], (a == b)[~obligation]


def fit(evidence: pd.DataFrame, one: np.ndarray) -> np.ndarray:
    """Return weights of a logistic model with a ridge; no field may speak against its meaning."""
    from scipy.optimize import minimize

    x = np.column_stack([np.ones(len(evidence)), evidence.to_numpy()])
    sign = np.where(one, 1.0, -1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (x @ w)
        slope = -(x.T @ (sign / (1 + np.exp(margin)))) + RIDGE * np.r_[0, w[1:]]
        return np.logaddexp(0, -margin).sum() + RIDGE / 2 * (w[1:] ** 2).sum(), slope

    limits = [(None, 0) if name in AGAINST else (0, None) for name in evidence]
    start = np.zeros(x.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *limits],
                    options={"maxiter": 5_000, "ftol": 1e-13, "gtol": 1e-8}).x  # fmt: skip


def learn(home: Path) -> pd.DataFrame:
    """Return the table of weights."""
    from evallib.register.likeness import FIELDS

    seen = []
    for seed in LEARNT_ON:
        projects, rng = read_demo(seed, home), np.random.default_rng(seed)
        one_year = in_one_year(projects)
        views = (projects, one_year, in_one_tambon(projects), withhold(one_year, rng))
        seen += [judged_pairs(view) for view in views]
    evidence = pd.concat([pairs for pairs, _ in seen], ignore_index=True)
    one = np.concatenate([truth for _, truth in seen])
    plain = (evidence["numbers_differ"] == 0).to_numpy()
    names = [name for name in FIELDS if name not in STATED]
    learnt = fit(evidence.loc[plain, names], one[plain]).round(2)
    source = f"learnt on synthetic submissions of seeds {', '.join(map(str, LEARNT_ON))}"
    rows = [(n, w, source) for n, w in zip(["constant", *names], learnt, strict=True)]
    rows += [(name, weight, f"stated: {why}") for name, (weight, why) in STATED.items()]
    return pd.DataFrame(rows, columns=["field", "weight", "source"])


def of_ratio(projects: pd.DataFrame, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of one year and tambon whose titles rapidfuzz finds alike: the baseline."""
    from rapidfuzz import fuzz, process

    first, second = [], []
    for _, block in projects.groupby(["fiscal_year", "tambon_code"]):
        titles = block["title_th"].tolist()
        alike = process.cdist(titles, titles, scorer=fuzz.token_set_ratio, score_cutoff=limit)
        a, b = (block.index.to_numpy()[side] for side in np.nonzero(np.triu(alike, k=1)))
        first.append(a), second.append(b)
    a, b = np.concatenate(first), np.concatenate(second)
    differ = projects["agency_id"].to_numpy()[a] != projects["agency_id"].to_numpy()[b]
    return a[differ], b[differ]


def held_against_truth(projects: pd.DataFrame, said: set[tuple[int, int]]) -> tuple[float, float]:
    """Return precision and recall of pairs of positions."""
    truth = projects.groupby("true").indices.values()
    real = {(int(a), int(b)) for rows in truth for a in rows for b in rows if a < b}
    return len(said & real) / max(len(said), 1), len(said & real) / len(real)


def merged_pairs(projects: pd.DataFrame) -> set[tuple[int, int]]:
    """Return every pair of positions that one project of the register stands for."""
    from evallib.register.duplicates import find_duplicates, merge_pairs

    merged = merge_pairs(find_duplicates(projects), projects)
    groups = projects["project_uid"].map(lambda uid: merged.get(uid, uid))
    sets = [rows for rows in projects.groupby(groups).indices.values() if len(rows) > 1]
    return {(int(a), int(b)) for rows in sets for a in rows for b in rows if a < b}


def brier(projects: pd.DataFrame) -> tuple[float, int]:
    """Return the mean squared error of the probability, and how many pairs it is over."""
    from evallib.register.likeness import probability_of

    evidence, one = judged_pairs(projects)
    return float(((probability_of(evidence) - one) ** 2).mean()), len(one)


def seconds(task, *given: object) -> float:
    """Return the median CPU seconds of a task."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        task(*given)
        taken.append(time.process_time() - began)
    return median(taken)


def measure(home: Path) -> None:
    """Print one Markdown section."""
    from evallib.register.duplicates import find_duplicates

    projects = read_demo(SEED, home)
    copies = [
        projects.assign(fiscal_year=SEED, agency_id=projects["agency_id"] + f"-{k}",
                        project_uid=projects["project_uid"] + f"-{k}") for k in range(COPIES)
    ]  # fmt: skip
    many = pd.concat(copies, ignore_index=True)
    rows = []
    for limit in (70, 80, 90, 95):
        pairs = of_ratio(projects, limit)
        said = {(int(min(p)), int(max(p))) for p in zip(*pairs, strict=True)}
        name = f"rapidfuzz token_set_ratio >= {limit}"
        taken = [seconds(of_ratio, frame, limit) for frame in (projects, many)]
        rows.append((name, *held_against_truth(projects, said), *taken))
    taken = [seconds(find_duplicates, frame) for frame in (projects, many)]
    ours = held_against_truth(projects, merged_pairs(projects))
    rows.append(("evallib, merged", *ours, *taken))
    harder = {
        "evallib, a tenth of the fields withheld": withhold(projects, np.random.default_rng(SEED)),
        "evallib, each amphoe as one tambon": in_one_tambon(projects),
    }
    for name, view in harder.items():
        rows.append((name, *held_against_truth(view, merged_pairs(view)), None, None))
    score, n_pairs = brier(projects)
    twice = int(projects["true"].duplicated().sum())
    print("## The same project reported by two agencies\n")
    print(f"Synthetic submissions of seed {SEED}: {len(projects):,} projects as agencies report "
          f"them, {twice} of them the double of another. The weights were learnt on seeds "
          f"{', '.join(map(str, LEARNT_ON))} of the same generator: on real submissions expect "
          "less. The baseline looks at titles of one year and tambon. CPU seconds of one core: "
          f"for these, and for {len(many):,} projects in one year.\n")  # fmt: skip
    print("| what | precision | recall | seconds | seconds, many |\n|---|---|---|---|---|")
    for name, precision, recall, *taken in rows:
        spent = " | ".join("" if t is None else f"{t:.2f}" for t in taken)
        print(f"| {name} | {precision:.3f} | {recall:.3f} | {spent} |")
    print(f"\nBrier score of the probability over {n_pairs:,} candidate pairs: {score:.4f}.")


def main() -> None:
    """Measure, or learn the weights again."""
    with tempfile.TemporaryDirectory() as home:
        if sys.argv[1:] == ["learn"]:
            learn(Path(home)).to_csv(WEIGHTS, index=False, lineterminator="\n")
        else:
            measure(Path(home))


if __name__ == "__main__":
    main()
