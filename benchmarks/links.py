"""Links between needs and projects on synthetic submissions, beside plain likeness of texts.

``python benchmarks/links.py learn`` learns the weights of ``evallib.needs.links.link`` again,
from other seeds than the one that is measured here, and writes its
``evallib/reference/link_weights.csv``.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

SEED, LEARNT_ON, ROUNDS, BINS = 2565, (7, 11, 13), 3, 10
RIDGE, MANY = 1.0, 10_000
AGAINST = ("amphoe_wide", "province_wide", "village_differs", "begins_before", "need_rivals",
           "project_rivals")  # fmt: skip
WEIGHTS = Path(__file__).resolve().parents[1] / "evallib" / "reference" / "link_weights.csv"


def read_demo(seed: int, home: Path) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[str, str]]]:
    """Return needs and projects as intake made them, and the pairs that belong together."""
    from evallib.clean import read_submission
    from evallib.demo import write_demo
    from evallib.register import assemble

    report = write_demo(home / str(seed) / "raw", seed=seed)
    files = sorted(p for p in report.folder.rglob("*") if p.is_file() and p.suffix != ".txt")
    sent = [read_submission(f, raw=report.folder) for f in files]
    intake = assemble(sent)
    needs, projects = intake.frames["needs"], intake.frames["projects"]
    return needs, projects, true_pairs(report.truth, sent, intake.frames)


def true_pairs(truth: Path, sent: list, frames: dict[str, pd.DataFrame]) -> set[tuple[str, str]]:
    """Return pairs of ``need_id`` and ``project_uid`` of a need and a project made to answer it."""
    from evallib.register.assembly import identify_needs

    stated = identify_needs(pd.concat([s.frames["needs"] for s in sent if "needs" in s.frames]))
    known = pd.read_csv(truth / "needs.csv")
    for rows in (stated, known):  # several needs of one row stand in their order
        rows["place"] = rows.groupby(["file", "row"]).cumcount()
    stated["row"] = stated["row"].astype(int)
    need = stated.merge(known, on=["file", "row", "place"])[["need_id", "true_need_id"]]
    submitted = frames["project_submissions"].astype({"row": int})
    project = submitted.merge(
        pd.read_csv(truth / "submissions.csv"), on=["file", "sheet", "row"]
    )[["project_uid", "true_project_id"]]  # fmt: skip
    pairs = pd.read_csv(truth / "links.csv").merge(need).merge(project)
    return set(pairs[["need_id", "project_uid"]].itertuples(index=False, name=None))


def judged(
    needs: pd.DataFrame, projects: pd.DataFrame, truth: set[tuple[str, str]]
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame, int]:
    """Return features and truth of every candidate, the pairs, and how many true ones there are."""
    from evallib.needs.links import link
    from evallib.needs.links.candidates import candidate_pairs
    from evallib.needs.links.features import compare

    wanted, offered = link._prepared(needs, "need_id"), link._prepared(projects, "project_uid")
    one, other = link._read(wanted, offered, None)
    pairs = candidate_pairs(
        wanted, offered, (one.topics, one.sectors), (other.topics, other.sectors)
    )
    features = compare(pairs, wanted, offered, one, other)
    frame = pd.DataFrame({
        "need": wanted["need_id"].to_numpy()[pairs.need],
        "project": offered["project_uid"].to_numpy()[pairs.project],
        "need_text": wanted["need_text_th"].to_numpy()[pairs.need],
        "title": offered["title_th"].to_numpy()[pairs.project],
    })  # fmt: skip
    true = np.array([pair in truth for pair in zip(frame["need"], frame["project"], strict=True)])
    return features, true, frame.assign(**vars_of(pairs)), len(truth)


def vars_of(pairs) -> dict[str, np.ndarray]:
    """Return the positions of candidates, to build them again."""
    return {"i": pairs.need, "j": pairs.project, "level": pairs.level}


def judge(features: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Return the probability that `link_projects` gives each candidate."""
    from evallib.needs.links.link import beside_rivals, probabilities

    return beside_rivals(candidates(frame), probabilities(features))[0]


def candidates(frame: pd.DataFrame):
    """Return the candidates of `judged`."""
    from evallib.needs.links.candidates import Candidates

    return Candidates(*(frame[name].to_numpy() for name in ("i", "j", "level")))


def learn() -> None:
    """Fit every stage of the model on the seeds to learn from, and write their weights."""
    from evallib.needs.links.features import FEATURES
    from evallib.needs.links.link import PASSES, RIVALS, weigh_rivals

    with tempfile.TemporaryDirectory() as home:
        found = [judged(*read_demo(seed, Path(home)))[:3] for seed in LEARNT_ON]
    y = np.concatenate([true for _, true, _ in found]).astype(np.float64)
    parts = [features.astype(np.float64) for features, _, _ in found]
    stages = {"pair": (FEATURES, fit(np.concatenate(parts), y, FEATURES))}
    alone = [logistic(x, stages["pair"][1]) for x in parts]
    known = alone
    for stage in PASSES:
        beside = [weigh_rivals(candidates(f), p, q)
                  for (_, _, f), p, q in zip(found, alone, known, strict=True)]  # fmt: skip
        stages[stage] = (RIVALS, fit(np.concatenate(beside), y, RIVALS))
        known = [logistic(x, stages[stage][1]) for x in beside]
    source = f"learnt on synthetic submissions of seeds {', '.join(map(str, LEARNT_ON))}"
    table = pd.DataFrame([
        (stage, feature, round(weight, 3), source)
        for stage, (names, weights) in stages.items()
        for feature, weight in zip(("intercept", *names), weights, strict=True)
    ], columns=["stage", "feature", "weight", "source"])  # fmt: skip
    table.to_csv(WEIGHTS, index=False, lineterminator="\n")
    print(table.to_string(), file=sys.stderr)


def logistic(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return probabilities of an intercept and weights."""
    return 1.0 / (1.0 + np.exp(-(weights[0] + x @ weights[1:])))


def fit(x: np.ndarray, y: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Fit a logistic model with a ridge and the sign of each feature's meaning."""
    from scipy.optimize import minimize

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = weights[0] + x @ weights[1:]
        p = 1.0 / (1.0 + np.exp(-odds))
        value = np.sum(np.logaddexp(0.0, odds) - y * odds) + RIDGE / 2 * (weights[1:] ** 2).sum()
        slope = p - y
        return value, np.r_[slope.sum(), x.T @ slope + RIDGE * weights[1:]]

    signs = [(None, 0.0) if name in AGAINST else (0.0, None) for name in names]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B",
                     bounds=[(None, None), *signs], options={"maxiter": 2000})  # fmt: skip
    return found.x


def peers(frame: pd.DataFrame, features: np.ndarray) -> dict[str, np.ndarray]:
    """Return scores of plainer methods for the same candidates."""
    from rapidfuzz import fuzz, process
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = pd.unique(pd.concat([frame["need_text"], frame["title"]]).fillna(""))
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(texts)
    at = {text: i for i, text in enumerate(texts)}
    i, j = (frame[c].fillna("").map(at).to_numpy() for c in ("need_text", "title"))
    cosine = np.concatenate([
        np.asarray(letters[i[k : k + 50_000]].multiply(letters[j[k : k + 50_000]]).sum(axis=1))
        for k in range(0, len(i), 50_000)
    ]).ravel()  # fmt: skip
    pairs = frame[["need_text", "title"]].fillna("")
    ratio = process.cpdist(
        pairs["need_text"].tolist(), pairs["title"].tolist(), scorer=fuzz.token_set_ratio
    )
    return {
        "likeness of letters (tf-idf)": cosine,
        "rapidfuzz `token_set_ratio`": np.asarray(ratio, dtype=float),
        "likeness of topics alone": features[:, 1],
    }


def average_precision(score: np.ndarray, true: np.ndarray, every: int) -> float:
    """Return average precision; a true pair that is no candidate counts as never found."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(true, score)) * true.sum() / every


def reliability(score: np.ndarray, true: np.ndarray) -> str:
    """Return how many pairs of each probability belong together."""
    lines = ["| probability | pairs | mean probability | belong together |", "|---|---|---|---|"]
    place = np.minimum((score * BINS).astype(int), BINS - 1)
    for b in np.unique(place):
        at = place == b
        lines.append(
            f"| {b / BINS:.1f}-{(b + 1) / BINS:.1f} | {at.sum():,} | {score[at].mean():.3f} "
            f"| {true[at].mean():.3f} |"
        )
    return "\n".join(lines)


def show_links(frame: pd.DataFrame, features: np.ndarray, true: np.ndarray, n: int = 10) -> str:
    """Return some links with their evidence, from certain to doubtful."""
    score = judge(features, frame)
    order = np.argsort(-score, kind="stable")
    order = order[score[order] >= 0.05]
    chosen = order[np.linspace(0, len(order) - 1, n).astype(int)]
    lines = ["| probability | true | need | project |", "|---|---|---|---|"]
    for k in chosen:
        said = (str(frame[c].iloc[k]).replace("|", "/") for c in ("need_text", "title"))
        lines.append(f"| {score[k]:.2f} | {'yes' if true[k] else 'no'} | {' | '.join(said)} |")
    return "\n".join(lines)


def write_many(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 10,000 needs and 10,000 projects of the area, no two texts alike."""
    from evallib.needs import read_statements
    from evallib.places import area

    rng, tambons = np.random.default_rng(seed), area()["tambon_code"].to_numpy()
    texts = read_statements()["text"].to_numpy()
    one, other = (rng.choice(texts, 2 * MANY) for _ in range(2))
    words = [f"{a[: len(a) // 2]} {b[len(b) // 2 :]} {i}" for i, (a, b) in
             enumerate(zip(one, other, strict=True))]  # fmt: skip
    home, lies = rng.choice(tambons, MANY), rng.choice(tambons, MANY).astype(object)
    wide = rng.random(MANY) < 0.06
    start = pd.Timestamp("2021-10-01") + pd.to_timedelta(rng.integers(0, 300, MANY), unit="D")
    needs = pd.DataFrame({
        "need_id": [f"N{i:05d}" for i in range(MANY)], "need_text_th": words[:MANY],
        "tambon_code": home, "village_no": rng.integers(1, 9, MANY),
        "first_stated": rng.choice(["2565-Q1", "2565-Q2", "2565-Q3"], MANY),
        "as_of": pd.Timestamp("2022-06-24"),
    })  # fmt: skip
    projects = pd.DataFrame({
        "project_uid": [f"P{i:05d}" for i in range(MANY)], "title_th": words[MANY:],
        "tambon_code": np.where(wide, None, lies), "amphoe_code": [c[:4] for c in lies],
        "start_date": start, "end_date": start + pd.Timedelta(days=120),
        "as_of": pd.Timestamp("2022-06-24"),
    })  # fmt: skip
    return needs, projects


def time_many() -> None:
    """Print CPU seconds and peak memory of one process that links 10,000 with 10,000."""
    from evallib.needs import link_projects
    from evallib.needs.sectors import terms
    from evallib.needs.sectors.classifier import classifier
    from evallib.places import villages

    needs, projects = write_many(SEED)
    classifier()
    link_projects(needs.head(50), projects.head(50))
    taken = []
    for _ in range(ROUNDS):
        terms._found.cache_clear()  # each round does the whole work
        villages.read_village.cache_clear()
        began = time.process_time()
        links = link_projects(needs, projects)
        taken.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{median(taken):.2f} {peak:.0f} {len(links)}")


def main() -> None:
    """Print one Markdown section."""
    from evallib.needs.links.link import KEEP

    with tempfile.TemporaryDirectory() as home:
        features, true, frame, every = judged(*read_demo(SEED, Path(home)))
    score = judge(features, frame)
    print("## Links between needs and projects\n")
    print(
        f"Synthetic submissions of seed {SEED}, weights learnt on seeds "
        f"{', '.join(map(str, LEARNT_ON))}: {every:,} true pairs, {len(true):,} candidates that "
        f"hold {true.sum() / every:.1%} of them. Average precision counts the others as missed.\n"
    )
    print("| method | average precision |\n|---|---|")
    for name, values in {"`link_projects`": score, **peers(frame, features)}.items():
        print(f"| {name} | {average_precision(values, true, every):.3f} |")
    error = np.mean((score - true) ** 2)
    kept = score >= KEEP
    place = np.minimum((score * BINS).astype(int), BINS - 1)
    ece = sum(
        (place[kept] == b).mean() * abs(score[kept & (place == b)].mean()
                                        - true[kept & (place == b)].mean())
        for b in np.unique(place[kept])
    )  # fmt: skip
    print(
        f"\nBrier score over all candidates {error:.4f}; over the {kept.sum():,} links of {KEEP} "
        f"and more the calibration error is {ece:.3f}, and they hold "
        f"{true[kept].sum() / every:.1%} of the true pairs; {score[~kept].sum():.0f} expected "
        "links are left out.\n"
    )
    print(reliability(score, true) + "\n")
    print(show_links(frame, features, true) + "\n")
    told = subprocess.run(
        [sys.executable, __file__, "many"], capture_output=True, text=True, check=True
    )
    seconds, peak, links = told.stdout.split()
    print(
        f"{MANY:,} needs with {MANY:,} projects, no two texts alike: {seconds} CPU seconds, median "
        f"of {ROUNDS}, {peak} MB at the peak, {int(links):,} links."
    )


if __name__ == "__main__":
    {"learn": learn, "many": time_many}.get("".join(sys.argv[1:]), main)()
