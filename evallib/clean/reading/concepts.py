"""What the words of a heading say, one by one, however they were put together."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Mapping

THAT = "ที่"  # alone it numbers rows, within a heading it joins words
LONGEST_HEADING = 60  # letters; what is longer is a sentence
_LETTERS = re.compile(r"[a-z%\u0E01-\u0E4E]+")
_EXAMPLE = re.compile(r"(?:เช่น|ตัวอย่าง|e\.?g\.?).*")  # behind it stand cells, not headings


@dataclass(frozen=True, slots=True)
class Concepts:
    """What a heading says.

    Parameters
    ----------
    said : frozenset of str
        Concepts of its words, as `reference/heading_words.csv` names them.
    coverage : float
        Share of its letters that belong to a known word, from 0 to 1.
    """

    said: frozenset[str]
    coverage: float


@lru_cache(maxsize=16384)
def concepts_of(heading: str) -> Concepts:
    """Return what a heading says.

    Words are taken from the left, the longest first, so that ที่ได้รับจัดสรร is not ที่.

    Examples
    --------
    >>> sorted(concepts_of("วงเงินที่ได้รับจัดสรร (บาท)").said)
    ['approved', 'money', 'unit']
    >>> concepts_of("ก่อสร้างถนนคอนกรีตเสริมเหล็ก").coverage < 0.5
    True
    """
    text = thai_digits_to_arabic(normalise_thai(_EXAMPLE.sub("", heading))).lower()
    said: set[str] = set()
    known = letters = 0
    for run in _LETTERS.findall(text.replace(".", "").replace("/", " ")):
        letters += len(run)
        at = 0
        while at < len(run):
            word = _longest(run, at)
            if word is None:
                at += 1
                continue
            said.add("filler" if word == THAT and run != word else _words()[word])
            known += len(word)
            at += len(word)
    return Concepts(frozenset(said), known / letters if letters else 0.0)


def _longest(run: str, at: int) -> str | None:
    latin = run[at].isascii()
    if latin and at and run[at - 1].isascii():
        return None  # an English word begins at its beginning
    for length in range(min(_most(), len(run) - at), 0, -1):
        word = run[at : at + length]
        ends = at + length == len(run) or not (latin and run[at + length].isascii())
        ends = ends and (length > 1 or len(run) == 1)  # ต, อ and จ stand for places alone
        if ends and word in _words():
            return word
    return None


@cache
def _words() -> Mapping[str, str]:
    """Return word -> concept."""
    file = resources.files("evallib") / "reference" / "heading_words.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {_LETTERS.search(_plain(row["word"]))[0]: row["concept"] for row in rows  # type: ignore[index]
            if _LETTERS.search(_plain(row["word"]))}  # fmt: skip


def _plain(word: str) -> str:
    return normalise_thai(word).lower().replace(".", "").replace("/", "")


@cache
def _most() -> int:
    return max(map(len, _words()))
