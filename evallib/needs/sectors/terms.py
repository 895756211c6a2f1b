"""Keywords in a text: the longest at each position, each read once."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from evallib.needs.sectors.topics import NEUTRAL, read_keywords
from evallib.needs.sectors.words import even_out, plain_words


def find_terms(text: str) -> list[str]:
    """Return the distinct keywords of a text in their order, the longest at each position.

    Examples
    --------
    >>> find_terms("ซ่อมถนนลูกรังเข้าสวนยาง ต.ท่าเรือ")
    ['ถนนลูกรัง', 'สวนยาง']
    """
    return list(_found(text))


@lru_cache(maxsize=1 << 16)
def _found(text: str) -> tuple[str, ...]:
    """Return the keywords of a text; the classifier, its evidence and links ask in turn."""
    written = plain_words(text)
    starts, sectors = _by_start(), sectors_of_terms()
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
    return tuple(found)


def cut_neutral(written: str) -> str:
    """Return evened-out text without the words that only contain a keyword: จังหวัด holds วัด.

    Examples
    --------
    >>> cut_neutral("งานของจังหวัด")
    'งานของ '
    """
    return _neutral().sub(" ", written)


@cache
def sectors_of_terms() -> dict[str, list[tuple[str, float]]]:
    """Return keyword -> (sector, weight) pairs, neutral words left out."""
    pairs: dict[str, list[tuple[str, float]]] = {}
    for row in read_keywords().to_dict("records"):
        if row["sector_code"] != NEUTRAL:
            word = even_out(str(row["keyword"]))
            pairs.setdefault(word, []).append((str(row["sector_code"]), float(row["weight"])))
    return pairs


@cache
def _neutral() -> re.Pattern[str]:
    keywords = read_keywords()
    words = sorted(map(even_out, keywords.loc[keywords["sector_code"] == NEUTRAL, "keyword"]))
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))


@cache
def terms_within(term: str) -> frozenset[str]:
    """Return a keyword and the keywords inside it that speak for one of its sectors."""
    own = {sector for sector, _ in sectors_of_terms()[term]}
    return frozenset(
        word for word, pairs in sectors_of_terms().items()
        if word in term and own & {sector for sector, _ in pairs}
    )  # fmt: skip


@cache
def _by_start() -> dict[str, tuple[str, ...]]:
    """Return first two letters -> words that begin so, the longest first."""
    words: dict[str, set[str]] = {}
    for keyword in read_keywords()["keyword"]:
        word = even_out(str(keyword))
        words.setdefault(word[:2], set()).add(word)
    return {start: tuple(sorted(ws, key=lambda w: (-len(w), w))) for start, ws in words.items()}
