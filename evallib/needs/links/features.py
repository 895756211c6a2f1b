"""What speaks for and against one need and one project: words, topic, place, village, time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.needs.links.candidates import Candidates, days_of, place_levels, stated_days
from evallib.needs.sectors.classifier import topic_frequencies
from evallib.needs.sectors.classify import sector_shares
from evallib.needs.sectors.terms import find_terms, terms_within
from evallib.places import find_villages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evallib.needs.sectors.classifier import Classifier

    Floats = NDArray[np.float32]
    Positions = NDArray[np.intp]

FEATURES = (
    "similarity", "profile", "topic_lift", "sector_odds", "shared_term", "amphoe_wide",
    "province_wide", "village_same", "village_differs", "begins_within", "begins_before",
)  # fmt: skip
_LEAST = 1e-3  # agreement that counts as none; 1e-2 where it is divided by how common a topic is
SOON = 4  # quarters after a need was stated in which a project that answers it mostly begins
MOST_TERMS = 4
_QUARTER = 91  # days


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """What is known of the texts of needs or of projects, a row each.

    Parameters
    ----------
    letters : scipy sparse array, shape (n, n-grams)
        Rows of length one, weighed as the classifier weighs letters.
    topics, sectors : ndarray of float32, shapes (n, 83) and (n, 17)
        Probabilities.
    profile : ndarray of float32, shape (n, 83)
        Scores of the topics before they become probabilities, rows of length one.
    terms : scipy sparse array, shape (n, keywords)
        Keywords of the sector table, also those inside longer ones; zeros and ones.
    names : tuple of str
        The keywords.
    villages : pandas.Series of Int64
        Village number, missing where there is none or several.
    """

    letters: Any
    topics: Floats
    sectors: Floats
    profile: Floats
    terms: Any
    names: tuple[str, ...]
    villages: pd.Series


def read_texts(texts: Sequence[str], villages: pd.Series, model: Classifier) -> Texts:
    """Return what the classifier and the table of keywords say of texts.

    Parameters
    ----------
    texts : sequence of str, length n
    villages : pandas.Series of Int64, length n
        Numbers known from elsewhere; where missing, the text is asked.
    model : Classifier
    """
    which, distinct = pd.factorize(np.asarray(texts, dtype=object))
    written = [str(text) for text in distinct]
    letters, scores, topics = model.read(written)
    length = np.linalg.norm(scores, axis=1, keepdims=True)
    profile = np.asarray(scores / np.where(length > 0, length, 1.0), dtype=np.float32)
    terms, names = _terms(written)
    told = find_villages(pd.Series(written, dtype="object"))["village_no"]
    told = told.take(which).reset_index(drop=True)
    known = villages.reset_index(drop=True).astype("Int64").fillna(told)
    return Texts(
        letters=letters[which], topics=topics[which], sectors=sector_shares(topics)[which],
        profile=profile[which],
        terms=terms[which], names=names, villages=known.mask(known <= 0),
    )  # fmt: skip


def _terms(texts: list[str]) -> tuple[Any, tuple[str, ...]]:
    """Return which keywords stand in each text, sparse, and the keywords."""
    from scipy.sparse import csr_array  # brings scipy

    from evallib.needs.sectors.terms import sectors_of_terms

    names = tuple(sorted(sectors_of_terms()))
    position = {name: i for i, name in enumerate(names)}
    rows, columns = [], []
    for row, text in enumerate(texts):
        inside = {t for term in find_terms(text) for t in terms_within(term)}
        rows += [row] * len(inside)
        columns += [position[t] for t in inside]
    ones = np.ones(len(rows), dtype=np.float32)
    return csr_array((ones, (rows, columns)), shape=(len(texts), len(names))), names


def compare(
    pairs: Candidates, needs: pd.DataFrame, projects: pd.DataFrame, stated: Texts, offered: Texts
) -> Floats:
    """Return the features of each pair, shape (pairs, 11), in the order of ``FEATURES``.

    Parameters
    ----------
    pairs : Candidates
    needs, projects : pandas.DataFrame
        For dates and places.
    stated, offered : Texts
        Of needs and of projects.

    Returns
    -------
    ndarray of float32
        ``similarity`` is the cosine of the letters, 0-1, ``profile`` that of the scores of all
        topics, ``topic_lift`` the logarithm of the agreement of topics over how common they are
        among the labelled statements (to agree on a rare topic says more), ``sector_odds`` the
        logarithm of the agreement of sectors; the others are flags. A village, a date or a text
        that is missing speaks neither way.
    """
    i, j = pairs.need, pairs.project
    one, other = (
        np.asarray(x.villages.astype("Float64").astype("float64")) for x in (stated, offered)
    )
    one, other = one[i], other[j]
    wait = (days_of(projects, "start_date")[j] - stated_days(needs)[i]).astype("float64")
    wait[np.isnat(days_of(projects, "start_date")[j]) | np.isnat(stated_days(needs)[i])] = np.nan
    level = place_levels(projects)[j]
    rarer = stated.topics / topic_frequencies()
    columns = (
        _dots(stated.letters, offered.letters, i, j),
        _products(stated.profile, offered.profile, i, j),
        np.log(_products(rarer, offered.topics, i, j) + 10 * _LEAST),
        np.log(_products(stated.sectors, offered.sectors, i, j) + _LEAST),
        _dots(stated.terms, offered.terms, i, j) > 0,
        level == 1,
        level == 2,
        one == other,
        ~np.isnan(one) & ~np.isnan(other) & (one != other),
        (wait >= 0) & (wait < SOON * _QUARTER),
        wait < 0,
    )
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def _products(left: Floats, right: Floats, i: Positions, j: Positions) -> Floats:
    """Return the dot product of each pair of dense rows, some pairs at a time."""
    parts = [
        np.einsum("ij,ij->i", left[i[k : k + 20_000]], right[j[k : k + 20_000]])
        for k in range(0, len(i), 20_000)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def _dots(left: Any, right: Any, i: Positions, j: Positions) -> Floats:
    """Return the dot product of each pair of sparse rows.

    Pairs of one need lie together: its row is spread out once, and the rows of its projects are
    summed over it.
    """
    found = np.zeros(len(i), dtype=np.float32)
    if not len(i) or not left.nnz or not right.nnz:
        return found
    starts = np.flatnonzero(np.r_[True, i[1:] != i[:-1]])
    ends = np.r_[starts[1:], len(i)]
    spread = np.zeros(left.shape[1], dtype=np.float32)
    counts = np.diff(right.indptr)
    for start, end in zip(starts, ends, strict=True):
        row = i[start]
        own = left.indices[left.indptr[row] : left.indptr[row + 1]]
        spread[own] = left.data[left.indptr[row] : left.indptr[row + 1]]
        found[start:end] = _sums(right, counts, j[start:end], spread)
        spread[own] = 0.0
    return found


def _sums(right: Any, counts: NDArray[Any], rows: Positions, spread: Floats) -> Floats:
    """Return the sum of each row of ``right`` times ``spread``."""
    size = counts[rows]
    total = int(size.sum())
    ends = np.cumsum(size)
    at = np.arange(total) + np.repeat(right.indptr[rows] - (ends - size), size)
    products = right.data[at] * spread[right.indices[at]]
    sums = np.concatenate([[0.0], np.cumsum(products, dtype=np.float64)])
    return np.asarray(sums[ends] - sums[ends - size], dtype=np.float32)


def shared_terms(
    pairs: Candidates, stated: Texts, offered: Texts, chosen: Positions
) -> list[list[str]]:
    """Return the longest keywords that both texts of each chosen pair hold, four at most."""
    names = np.array(stated.names, dtype=object)
    both = stated.terms[pairs.need[chosen]].multiply(offered.terms[pairs.project[chosen]]).tocsr()
    found = []
    for row in range(len(chosen)):
        words = names[np.sort(both.indices[both.indptr[row] : both.indptr[row + 1]])].tolist()
        longest = [w for w in words if not any(w != v and w in v for v in words)]
        found.append(sorted(longest)[:MOST_TERMS])
    return found
