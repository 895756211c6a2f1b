"""The model behind sectors and topics: letters and keywords, learnt from labelled statements.

It is built from the tables when it is first used, in a second or two, and never stored: what an
office adds to the tables is in the next answer, and no file of a model can grow old or carry code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.needs.sectors.labels import read_statements
from evallib.needs.sectors.terms import cut_neutral, find_terms, sectors_of_terms
from evallib.needs.sectors.topics import read_topics, sector_codes, topic_codes
from evallib.needs.sectors.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Floats = NDArray[np.float32]

LETTERS = (2, 5)  # n-grams; on 1,659 real complaints 2 to 5 letters beat words
KEYWORD_WEIGHT = 0.5  # of all keywords against all letters of a text
FIRST_BONUS = 1.5  # what is asked for mostly comes before where and for whom
RIDGE = 0.3
SECOND_SHARE = 0.4  # of the target of a statement that holds two needs
FOLDS = 8  # of writers, to find how sure the model may be
OWN_WEIGHT = 3.0  # of a label of the office against one of the package
KEYWORD_ALONE = 0.3  # of a keyword that decides, learnt like a statement, against a statement
_CHUNK = 5_000  # texts turned into letters at once
_THAI = re.compile("[ก-ฮ]")


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A linear model over letters and keywords, and how sure it may be.

    Parameters
    ----------
    letters : sklearn.feature_extraction.text.TfidfVectorizer
        Fitted to the labelled statements.
    weights : ndarray of float32, shape (features + sectors, topics)
        Of n-grams, then of the keywords of each sector.
    base : ndarray of float32, shape (topics,)
        Score of a text without any known feature.
    sharpness : float
        What scores are multiplied by before they become probabilities.
    """

    letters: Any
    weights: Floats
    base: Floats
    sharpness: float

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the probability of each topic, shape (texts, topics).

        Rows sum to one; of a text without any known feature all are zero.
        """
        return self.read(texts)[2]

    def read(self, texts: Sequence[str]) -> tuple[csr_matrix, Floats, Floats]:
        """Return n-grams (texts, n-grams), scores (texts, topics) and `probabilities` of texts.

        N-grams are weighed and have length one a text; scores are those before the base.
        """
        from scipy.sparse import vstack  # brings scipy

        width = len(self.weights) - len(sector_codes())
        none = np.empty((0, len(self.base)), np.float32)
        found, scores, shares = [features([], self.letters)[:, :width]], [none], [none]
        for start in range(0, len(texts), _CHUNK):
            some = features(texts[start : start + _CHUNK], self.letters)
            score = np.asarray(some @ self.weights, dtype=np.float32)
            odds = self.sharpness * (score + self.base)
            share = np.exp(odds - odds.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            share[np.diff(some.indptr) == 0] = 0.0
            found.append(some[:, :width])
            scores.append(score)
            shares.append(np.asarray(share, dtype=np.float32))
        return vstack(found, format="csr"), np.concatenate(scores), np.concatenate(shares)


def topic_probabilities(texts: Sequence[str], *, labels: pd.DataFrame | None = None) -> Floats:
    """Return how probable each topic is for each text.

    Parameters
    ----------
    texts : sequence of str, length n
        Needs or titles of projects.
    labels : pandas.DataFrame, optional
        Labels of the office, see `read_labels`.

    Returns
    -------
    ndarray of float32, shape (n, 83)
        Columns in the order of `read_topics`; rows sum to one, or are zero where nothing in the
        text is known.

    Examples
    --------
    >>> shares = topic_probabilities(["ถนนลูกรังเข้าสวนเป็นหลุมเป็นบ่อ"])
    >>> read_topics()["topic_code"][shares[0].argmax()]
    'ROD-GRA'
    """
    found: Floats = classifier(labels).probabilities(texts)
    return found


def classifier(labels: pd.DataFrame | None = None) -> Classifier:
    """Return the model of the labelled statements and of the labels of an office, if any."""
    own = () if labels is None else tuple(zip(labels["text"], labels["label"], strict=True))
    return _fitted(own)


@lru_cache(maxsize=4)
def _fitted(own: tuple[tuple[str, str], ...]) -> Classifier:
    statements = read_statements()
    if not own:
        return fit(statements)
    model = _fitted(())
    return fit(statements, own=[(text, _topic(text, label, model)) for text, label in own])


def _topic(text: str, label: str, model: Classifier) -> str:
    """Return the topic of a label; of a sector, the topic in it that the text is most like."""
    codes = topic_codes()
    if label in codes:
        return label
    shares = model.probabilities([text])[0]
    inside = [i for i, code in enumerate(codes) if code.startswith(f"{label}-")]
    return codes[max(inside, key=lambda i: shares[i])]


def fit(statements: pd.DataFrame, own: Sequence[tuple[str, str]] = ()) -> Classifier:
    """Learn a classifier from statements (see `read_statements`) and own (text, topic) pairs."""
    texts = [*statements["text"], *(text for text, _ in own)]
    first = [*statements["topic_code"], *(topic for _, topic in own)]
    second = [*statements["second_topic_code"].fillna(""), *[""] * len(own)]
    words, of_words, of_sector = _keywords_alone()
    target = np.concatenate([_targets(first, second), of_sector])
    weight = np.concatenate([np.ones(len(statements)), np.full(len(own), OWN_WEIGHT), of_words])
    texts += words
    letters = _vectorizer().fit([_written(text) for text in texts])
    found = features(texts, letters)
    scores = _scores_of_others(found, target, weight, statements["writer"].to_numpy())
    weights, base = _ridge(found, target, weight)
    truth = np.array([topic_codes().index(code) for code in statements["topic_code"]])
    return Classifier(letters, weights, base, _sharpness(scores, truth))


def features(texts: Sequence[str], letters: Any) -> csr_matrix:
    """Return the n-grams of each text and what its keywords say of each sector."""
    from scipy.sparse import csr_matrix, hstack  # brings scipy; most users of needs need none

    said = np.zeros((len(texts), len(sector_codes())), dtype=np.float32)
    for row, text in enumerate(texts):
        for sector, score in keyword_scores(text).items():
            said[row, _sector_positions()[sector]] = score
    if not len(texts):
        return csr_matrix((0, len(letters.vocabulary_) + len(sector_codes())), dtype=np.float32)
    length = np.linalg.norm(said, axis=1, keepdims=True)
    said *= KEYWORD_WEIGHT / np.where(length > 0, length, 1.0)
    written = letters.transform([_written(text) for text in texts])
    return hstack([written, csr_matrix(said)], format="csr", dtype=np.float32)


def keyword_scores(text: str) -> dict[str, float]:
    """Return the summed weights of the keywords of each sector; the first of a text counts more.

    Examples
    --------
    >>> keyword_scores("ซ่อมฝายท้ายหมู่บ้าน")
    {'WAT': 3.0}
    """
    scores: dict[str, float] = {}
    bonus = FIRST_BONUS
    for term in find_terms(text):
        for sector, weight in sectors_of_terms()[term]:
            scores[sector] = scores.get(sector, 0.0) + weight * bonus
        bonus = 1.0
    return scores


def _written(text: str) -> str:
    """Return what the letters of a text may speak of; nothing of one that is not in Thai."""
    written = cut_neutral(plain_words(text))
    return written if _THAI.search(written) else ""


def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import

    return TfidfVectorizer(
        analyzer="char", ngram_range=LETTERS, min_df=2, sublinear_tf=True, dtype=np.float32
    )


def _targets(first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
    """Return what each statement is about, shape (n, topics), rows summing to one."""
    position = {code: i for i, code in enumerate(topic_codes())}
    target = np.zeros((len(first), len(position)))
    for row, (one, other) in enumerate(zip(first, second, strict=True)):
        target[row, position[one]] += 1.0 - (SECOND_SHARE if other else 0.0)
        if other:
            target[row, position[other]] += SECOND_SHARE
    return target


def _keywords_alone() -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """Return keywords, what they weigh, and what each is about: all topics of its sectors alike.

    So a word that an office adds to the table is known also where it is misspelt.
    """
    pairs = sectors_of_terms()
    total = np.array([sum(weight for _, weight in found) for found in pairs.values()])
    target = np.zeros((len(pairs), len(topic_codes())))
    for row, found in enumerate(pairs.values()):
        for sector, weight in found:
            inside = topic_sectors() == _sector_positions()[sector]
            target[row, inside] += weight / total[row] / inside.sum()
    return list(pairs), KEYWORD_ALONE * total / 3.0, target


def _ridge(
    found: csr_matrix, target: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """Return weights and base of the least-squares answer with a penalty on the weights."""
    from sklearn.kernel_ridge import KernelRidge  # a second to import

    base = np.average(target, axis=0, weights=weight)
    model = KernelRidge(alpha=RIDGE, kernel="linear")
    model.fit(found, target - base, sample_weight=weight)
    weights = np.asarray(found.T @ model.dual_coef_)
    return weights.astype(np.float32), base.astype(np.float32)


def _scores_of_others(
    found: csr_matrix, target: NDArray[np.float64], weight: NDArray[np.float64],
    writers: NDArray[np.object_],
) -> Floats:  # fmt: skip
    """Return the scores of the package's statements by models that never saw their writer."""
    from sklearn.model_selection import GroupKFold  # a second to import

    n = len(writers)
    scores = np.zeros((n, target.shape[1]), dtype=np.float32)
    for learn, test in GroupKFold(FOLDS).split(found[:n], groups=writers):
        rows = np.concatenate([learn, np.arange(n, len(target))])
        weights, base = _ridge(found[rows], target[rows], weight[rows])
        scores[test] = found[test] @ weights + base
    return scores


def _sharpness(scores: Floats, truth: NDArray[np.intp]) -> float:
    """Return the factor under which the sectors of unseen writers are most probable.

    One number cannot be fitted to noise (temperature scaling: Guo, Pleiss, Sun & Weinberger 2017,
    *On calibration of modern neural networks*, ICML; arXiv:1706.04599).
    """
    from scipy.optimize import minimize_scalar  # brings scipy
    from scipy.special import logsumexp

    sector = topic_sectors()
    own = np.where(sector[np.newaxis] == sector[truth][:, np.newaxis], 0.0, -np.inf)

    def surprise(log_factor: float) -> float:
        odds = np.exp(log_factor) * scores.astype(np.float64)
        return float(np.mean(logsumexp(odds, axis=1) - logsumexp(odds + own, axis=1)))

    return float(np.exp(minimize_scalar(surprise, bounds=(0.0, 4.0), method="bounded").x))


@cache
def topic_frequencies() -> Floats:
    """Return how common each topic is among the labelled statements, shape (topics,)."""
    counts = read_statements()["topic_code"].value_counts().reindex(topic_codes(), fill_value=0)
    return np.asarray((counts + 1) / (counts + 1).sum(), dtype=np.float32)


@cache
def topic_sectors() -> NDArray[np.intp]:
    """Return the position of the sector of each topic, shape (topics,)."""
    topics = read_topics()
    return np.array([_sector_positions()[code] for code in topics["sector_code"]])


@cache
def _sector_positions() -> dict[str, int]:
    return {code: i for i, code in enumerate(sector_codes())}
