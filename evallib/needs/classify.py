"""The sector of a stated need or of a project, from a table of keywords."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from evallib.needs.words import cut_places, even_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OTHER = "OTH"
NEUTRAL = "-"  # words that contain a keyword and say nothing: จังหวัด contains วัด
FIRST_BONUS = 1.5  # what is asked for mostly comes before where and for whom
HALF = 1.0  # score at which confidence is half of its share


def read_sectors() -> pd.DataFrame:
    """Return the 16 sectors and ``OTH``.

    Returns
    -------
    pandas.DataFrame, shape (17, 6)
        ``sector_code``, ``sector_th``, ``sector_en``, ``mission_group`` (1-6, of the tambon
        councils), ``master_plan`` (issues of the national strategy), ``cofog``; all str.

    Examples
    --------
    >>> read_sectors().set_index("sector_code").loc["WAT", "sector_en"]
    'Water supply and irrigation'
    """
    return _table("sectors.csv").copy()


def read_keywords() -> pd.DataFrame:
    """Return the keywords of each sector, which an office may extend in the file.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        ``sector_code`` (a sector, or ``-`` for words that only look like a keyword), ``keyword``
        and ``weight``: 3 decides, 2 is the usual object of such a need, 1 is a hint. A keyword
        of two sectors has two rows, whose weights divide it.
    """
    return _table("sector_keywords.csv").astype({"weight": "float64"})


@cache
def _table(name: str) -> pd.DataFrame:
    with (resources.files("evallib") / "reference" / name).open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str")


def classify_needs(texts: pd.Series | Sequence[str | None]) -> pd.DataFrame:
    """Find the sector of each text by the keywords in it.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Needs in people's words, or titles of projects; missing values are allowed.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        Index of ``texts``. ``sector_code`` (str; ``OTH`` where no keyword occurs), ``confidence``
        (float, 0-1) and ``terms`` (str: the keywords of that sector that occur, joined by ``;``;
        never other words of the text).

    Notes
    -----
    Names of places are cut first. From the left, the longest keyword at each position is taken and
    not read again. A sector scores the weights of its distinct keywords; the first keyword of the
    text counts one and a half times. The highest score wins, ties the earlier. Confidence is the
    share of that score in all scores, times ``score / (score + 1)``: it grows with evidence and
    falls with contradiction. It orders cases for review and is not a calibrated probability.

    Examples
    --------
    >>> classify_needs(pd.Series(["ขอให้ซ่อมถนนลูกรังเข้าสวนยาง ต.บ้านแหร", "อยากได้สิ่งดี ๆ"]))
      sector_code  confidence             terms
    0         ROD       0.566  ถนนลูกรัง
    1         OTH       0.000        NaN
    """
    texts = texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype="object")
    distinct = {text: classify_text(str(text)) for text in texts.dropna().unique()}
    empty = (OTHER, 0.0, None)
    rows = [empty if pd.isna(text) else distinct[text] for text in texts]
    found = pd.DataFrame(rows, columns=["sector_code", "confidence", "terms"], index=texts.index)
    return found.astype({"sector_code": "str", "confidence": "float64", "terms": "str"})


def classify_text(text: str) -> tuple[str, float, str | None]:
    """Return sector, confidence and the keywords that speak for it, of one text."""
    scores: dict[str, float] = {}
    terms: dict[str, list[str]] = {}
    bonus = FIRST_BONUS
    for term in find_terms(text):
        for sector, weight in _sectors_of()[term]:
            scores[sector] = scores.get(sector, 0.0) + weight * bonus
            terms.setdefault(sector, []).append(term)
        bonus = 1.0
    if not scores:
        return OTHER, 0.0, None
    best = max(scores, key=lambda s: scores[s])  # the first of equals: order of occurrence
    top = scores[best]
    confidence = top / sum(scores.values()) * top / (top + HALF)
    return best, round(confidence, 3), ";".join(terms[best])


def find_terms(text: str) -> list[str]:
    """Return the distinct keywords of a text in their order, the longest at each position."""
    written = cut_places(even_out(text))
    starts, sectors = _by_start(), _sectors_of()
    found: dict[str, None] = {}
    i = 0
    while i < len(written) - 1:
        for word in starts.get(written[i : i + 2], ()):
            if written.startswith(word, i):
                if word in sectors:
                    found[word] = None
                i += len(word)
                break
        else:
            i += 1
    return list(found)


def common_terms(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """Return the keywords that both lists contain, also inside longer keywords of one sector.

    Examples
    --------
    >>> common_terms(["ระบบประปา"], ["ประปาหมู่บ้าน", "ถนน"])
    ['ประปา']
    """
    shared = {t for term in one for t in _within(term)} & {
        t for term in other for t in _within(term)
    }
    return sorted(t for t in shared if not any(t != u and t in u for u in shared))


@cache
def _within(term: str) -> frozenset[str]:
    """Return a keyword and the keywords inside it that speak for one of its sectors."""
    own = {sector for sector, _ in _sectors_of()[term]}
    return frozenset(
        word for word, pairs in _sectors_of().items()
        if word in term and own & {sector for sector, _ in pairs}
    )  # fmt: skip


@cache
def _sectors_of() -> dict[str, list[tuple[str, float]]]:
    """Return keyword -> (sector, weight) pairs, neutral words left out."""
    pairs: dict[str, list[tuple[str, float]]] = {}
    for row in _table("sector_keywords.csv").to_dict("records"):
        if row["sector_code"] != NEUTRAL:
            word = even_out(str(row["keyword"]))
            pairs.setdefault(word, []).append((str(row["sector_code"]), float(row["weight"])))
    return pairs


@cache
def _by_start() -> dict[str, tuple[str, ...]]:
    """Return first two letters -> words that begin so, the longest first."""
    words: dict[str, set[str]] = {}
    for keyword in _table("sector_keywords.csv")["keyword"]:
        word = even_out(str(keyword))
        words.setdefault(word[:2], set()).add(word)
    return {start: tuple(sorted(ws, key=lambda w: (-len(w), w))) for start, ws in words.items()}
