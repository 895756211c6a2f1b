"""Sectors of statements whose writers the model never saw, beside other models in the same run.

Each fold leaves out whole writers, and the model that judges them, its calibration included, is
learnt from the others: no statement is judged by a model that knows another sentence of its hand.
"""

from __future__ import annotations

import os
import time
from statistics import median
from typing import TYPE_CHECKING, Any

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDS, TEXTS, ROUNDS, BINS, SEED = 12, 100_000, 5, 10, 2565


def ours(learn: pd.DataFrame, test: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities of sectors and the most probable topic."""
    from evallib.needs.sectors.classifier import fit
    from evallib.needs.sectors.classify import sector_shares
    from evallib.needs.sectors.topics import topic_codes

    shares = fit(learn).probabilities(test.tolist())
    return sector_shares(shares), np.array(topic_codes())[shares.argmax(axis=1)]


def keywords_alone(_learn: pd.DataFrame, test: pd.Series) -> tuple[np.ndarray, None]:
    """Return the share of each sector among the weights of the keywords of a text."""
    from evallib.needs.sectors.classifier import keyword_scores
    from evallib.needs.sectors.topics import sector_codes

    codes = sector_codes()
    scores = np.zeros((len(test), len(codes)))
    for row, text in enumerate(test):
        found = keyword_scores(text) or {"OTH": 1.0}
        for sector, score in found.items():
            scores[row, codes.index(sector)] = score
    return scores / scores.sum(axis=1, keepdims=True), None


def library(name: str) -> Callable[[pd.DataFrame, pd.Series], tuple[np.ndarray, None]]:
    """Return a model of scikit-learn over the same letters, or over words of pythainlp."""

    def answer(learn: pd.DataFrame, test: pd.Series) -> tuple[np.ndarray, None]:
        from evallib.needs.sectors.topics import sector_codes

        model = _pipeline(name).fit(learn["text"], learn["topic_code"].str[:3].to_numpy())
        shares = pd.DataFrame(model.predict_proba(test), columns=model.classes_)
        return shares.reindex(columns=sector_codes(), fill_value=0.0).to_numpy(), None

    return answer


def _pipeline(name: str) -> Any:
    from pythainlp.tokenize import word_tokenize
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    letters = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    words = TfidfVectorizer(tokenizer=word_tokenize, token_pattern=None, ngram_range=(1, 2),
                            sublinear_tf=True)  # fmt: skip
    svm = CalibratedClassifierCV(LinearSVC(), method="temperature")
    return {
        "linear SVM, letters": lambda: make_pipeline(letters, svm),
        "logistic regression, letters": lambda: make_pipeline(
            letters, LogisticRegression(C=30.0, max_iter=2000)
        ),
        "linear SVM, words of newmm": lambda: make_pipeline(words, svm),
    }[name]()


def held_out(
    statements: pd.DataFrame, method: Callable[[pd.DataFrame, pd.Series], tuple]
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return what a method says of every statement when its writer is left out."""
    from sklearn.model_selection import GroupKFold

    shares, topics = np.zeros((len(statements), 17)), np.full(len(statements), "", dtype=object)
    folds = GroupKFold(FOLDS).split(statements, groups=statements["writer"])
    for learn, test in folds:
        shares[test], found = method(statements.iloc[learn], statements["text"].iloc[test])
        topics[test] = "" if found is None else found
    return shares, topics


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        (place == b).mean() * abs(confidence[place == b].mean() - right[place == b].mean())
        for b in np.unique(place)
    ]
    return float(sum(gaps))


def scored(statements: pd.DataFrame, shares: np.ndarray) -> dict[str, float]:
    """Return macro-F1 of all, of needs and of titles, the share right and the calibration error."""
    from sklearn.metrics import f1_score

    from evallib.needs.sectors.topics import sector_codes

    truth = statements["topic_code"].str[:3].to_numpy()
    said = np.array(sector_codes())[shares.argmax(axis=1)]
    need = statements["kind"].eq("need").to_numpy()
    f1 = {
        name: f1_score(truth[rows], said[rows], average="macro")
        for name, rows in (("all", slice(None)), ("needs", need), ("titles", ~need))
    }
    return f1 | {
        "right": float(np.mean(truth == said)),
        "error": calibration_error(shares.max(axis=1), truth == said),
    }


def compare(statements: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Print one row a method; return the probabilities and topics of ours."""
    methods = {"`classify_needs`": ours, "keywords alone": keywords_alone}
    names = ("linear SVM, letters", "logistic regression, letters", "linear SVM, words of newmm")
    methods |= {name: library(name) for name in names}
    print("| method | macro-F1 | needs | titles | right | calibration error |")
    print("|---|---|---|---|---|---|")
    own = None
    for name, method in methods.items():
        found = held_out(statements, method)
        own = own or found
        score = scored(statements, found[0])
        print(
            f"| {name} | {score['all']:.3f} | {score['needs']:.3f} | {score['titles']:.3f} "
            f"| {score['right']:.3f} | {score['error']:.3f} |"
        )
    return own


def confusion(statements: pd.DataFrame, shares: np.ndarray) -> str:
    """Return the table of true sectors (rows) and found sectors (columns)."""
    from evallib.needs.sectors.topics import sector_codes

    codes = list(sector_codes())
    truth = statements["topic_code"].str[:3].to_numpy()
    said = np.array(codes)[shares.argmax(axis=1)]
    counts = pd.crosstab(truth, said).reindex(index=codes, columns=codes, fill_value=0)
    lines = ["| written \\ found | " + " | ".join(codes) + " | recall |", "|---" * 19 + "|"]
    for code, row in counts.iterrows():
        cells = [str(n) if n else "" for n in row]
        lines.append(f"| {code} | {' | '.join(cells)} | {row[code] / row.sum():.2f} |")
    return "\n".join(lines)


def reliability(statements: pd.DataFrame, shares: np.ndarray) -> str:
    """Return how many answers of each confidence are right."""
    from evallib.needs.sectors.topics import sector_codes

    truth = statements["topic_code"].str[:3].to_numpy()
    right = np.array(sector_codes())[shares.argmax(axis=1)] == truth
    sure = shares.max(axis=1)
    lines = ["| confidence | statements | mean confidence | right |", "|---|---|---|---|"]
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    for b in np.unique(place):
        at = place == b
        lines.append(
            f"| {b / BINS:.1f}-{(b + 1) / BINS:.1f} | {at.sum()} | {sure[at].mean():.3f} "
            f"| {right[at].mean():.3f} |"
        )
    return "\n".join(lines)


def many_texts(statements: pd.DataFrame) -> tuple[float, float, float]:
    """Return CPU seconds for 100,000 distinct texts, of the first use, and the texts' length."""
    from evallib.needs import classify_needs
    from evallib.needs.sectors import terms
    from evallib.needs.sectors.classifier import _fitted

    rng = np.random.default_rng(SEED)
    parts = statements["text"].to_numpy()
    one, other = (parts[rng.integers(len(parts), size=TEXTS)] for _ in range(2))
    texts = [f"{a[: len(a) // 2]} {b[len(b) // 2 :]} {i}" for i, (a, b) in
             enumerate(zip(one, other, strict=True))]  # fmt: skip
    taken, first = [], []
    for _ in range(ROUNDS):
        _fitted.cache_clear()
        terms._found.cache_clear()
        began = time.process_time()
        classify_needs(texts[:1])
        built = time.process_time()
        classify_needs(texts)
        first.append(built - began)
        taken.append(time.process_time() - built)
    return median(taken), median(first), float(np.mean([len(text) for text in texts]))


def main() -> None:
    """Print one Markdown section."""
    from evallib.needs import read_statements

    statements = read_statements()
    statements["second_topic_code"] = statements["second_topic_code"].astype("str")
    print("## Sectors of what people ask for\n")
    print(
        f"{len(statements):,} statements written for this project by "
        f"{statements['writer'].nunique()} hands ({statements['kind'].eq('need').sum():,} needs, "
        "the rest titles of projects), "
        f"{FOLDS} folds of whole writers. Calibration error over {BINS} bins.\n"
    )
    shares, topics = compare(statements)
    print(f"\nRight topic among 83: {np.mean(topics == statements['topic_code']):.3f}\n")
    print(confusion(statements, shares) + "\n")
    print(reliability(statements, shares) + "\n")
    taken, first, length = many_texts(statements)
    print(
        f"{TEXTS:,} texts without a repetition, {length:.0f} characters in the mean: {taken:.1f} "
        f"CPU seconds of one core, median of {ROUNDS}; the model is built in {first:.1f} s."
    )


if __name__ == "__main__":
    main()
