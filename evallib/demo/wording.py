"""Words of the synthetic submissions: needs as people say them, titles as agencies write them."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from evallib.places import area
from evallib.thai import signs

THAI_DIGITS = str.maketrans("0123456789", signs.THAI_DIGITS)
TONE_MARKS = "่้๊๋"
TWINS = {"ิ": "ี", "ี": "ิ", "ุ": "ู", "ู": "ุ", "ึ": "ื", "ื": "ึ"}
SARA_AM, DECOMPOSED_SARA_AM = "ำ", "ํา"
SYNTHETIC = "(ข้อมูลสังเคราะห์)"


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of need: what people say, what agencies call it, its target and its cost."""

    key: str
    sector: str
    needs: tuple[str, ...]
    titles: tuple[str, ...]
    goal: str
    target: str
    budget: tuple[float, float]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream of one purpose, the same in every process and on every machine.

    Examples
    --------
    >>> int(stream(2565, "needs").integers(100)) == int(stream(2565, "needs").integers(100))
    True
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


@cache
def phrases() -> dict[str, Any]:
    """Return the phrase book of the demo: ``agencies``, ``words`` and ``sectors``."""
    file = resources.files("evallib") / "reference" / "demo_phrases.json"
    book: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return book


@cache
def topics() -> tuple[Topic, ...]:
    """Return every topic in the order of the phrase book."""
    return tuple(
        Topic(t["key"], sector, tuple(t["needs"]), tuple(t["titles"]), t["goal"], t["target"],
              (t["budget"][0] * 1e3, t["budget"][1] * 1e3))
        for sector, entry in phrases()["sectors"].items()
        for t in entry["topics"]
    )  # fmt: skip


def topic_weights() -> np.ndarray:
    """Return how often each topic is stated, shape (topics,), summing to one."""
    sectors = phrases()["sectors"]
    weight = np.array(
        [sectors[t.sector]["weight"] / len(sectors[t.sector]["topics"]) for t in topics()]
    )
    weights: np.ndarray = weight / weight.sum()
    return weights


def pick(rng: np.random.Generator, items: Any) -> Any:
    """Return one item, each as likely as the others; numpy scalars would lose the type."""
    return items[int(rng.integers(len(items)))]


def misspell(text: str, kind: str, rng: np.random.Generator) -> str:
    """Return a text with one slip of the hand; the text itself where that slip is impossible.

    Examples
    --------
    >>> misspell("บ้านา", "tone_dropped", stream(1, "x"))
    'บานา'
    """
    if kind == "sara_am_decomposed":
        return text.replace(SARA_AM, DECOMPOSED_SARA_AM)
    wanted = {"tone_dropped": TONE_MARKS, "vowel_swapped": "".join(TWINS)}.get(kind)
    spots = [i for i in range(1, len(text)) if (text[i] in wanted if wanted else _letter(text[i]))]
    if not spots:
        return text
    spot = pick(rng, spots)
    new = {"tone_dropped": "", "vowel_swapped": TWINS.get(text[spot], "")}.get(kind, text[spot] * 2)
    return text[:spot] + new + text[spot + 1 :]


def misspell_place(name: str, rng: np.random.Generator) -> str:
    """Return the name of a tambon with one slip, so that it is no other tambon of the area."""
    for kind in (pick(rng, ("tone_dropped", "vowel_swapped", "one_edit")), *["one_edit"] * 9):
        wrong = misspell(name, kind, rng)
        if wrong not in _tambon_names():
            return wrong
    return f"{name}{name[-1]}"


@cache
def _tambon_names() -> frozenset[str]:
    return frozenset(area()["tambon_th"])


def _letter(character: str) -> bool:
    return "ก" <= character <= "ฮ"


def thai_digits(text: str) -> str:
    """Write Arabic digits as Thai ones."""
    return text.translate(THAI_DIGITS)
