"""Identifiers: what is found in 1,522 sentences and in 196 set aside, and the cost of a column that holds none.

The sentences are those of the tests. The baseline searches every text with every pattern, as
evallib does with the texts that its quick pass does not rule out; both run in turns.
"""  # noqa: E501

from __future__ import annotations

import csv
import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

TEXTS, ROUNDS, PLAIN_SHARE = 100_000, 5, 10
DATA = Path(__file__).parents[1] / "tests" / "data"
SENTENCES = DATA / "sentences_with_identifiers.csv"
SET_ASIDE = DATA / "sentences_set_aside.csv"  # in another manner; no rule was made after them


def column() -> pd.Series:
    """Return distinct titles of works, about 60 characters long, without an identifier."""
    from evallib.demo.wording import topics

    rng = np.random.default_rng(2565)
    works = [title.replace("{ban}", "บ้านทุ่ง") for topic in topics() for title in topic.titles]
    texts: dict[str, None] = {}
    while len(texts) < TEXTS:
        work = works[rng.integers(len(works))].replace("{moo}", str(rng.integers(1, 12)))
        texts[f"{work} ระยะทาง {rng.integers(100, 99_999):,} เมตร"[:70]] = None
    return pd.Series(list(texts))


def score(sentences: Path) -> tuple[int, int, int, int]:
    """Return sentences with identifiers, those that kept one, harmless ones, those touched."""
    from evallib.clean.persons.scrub_texts import scrub_identifiers
    from evallib.thai.text import normalise_thai

    with sentences.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, _ = scrub_identifiers(pd.Series([row["sentence"] for row in rows]))
    kept = touched = positive = 0
    for row, text in zip(rows, texts, strict=True):
        rest = normalise_thai(text).replace("[ปกปิด]", " ")
        words = [
            w for s in row["gone"].split("¦") for w in normalise_thai(s).replace("(", " ").split()
        ]
        if row["kind"] == "none":
            touched += text != row["sentence"]
        else:
            positive += 1
            kept += any(w in rest for w in words if len(w) > 1)
    return positive, kept, len(rows) - positive, touched


def main() -> None:
    """Print one Markdown section."""
    from evallib.clean.persons import scrub_texts as identifiers

    texts = column()
    some = texts.iloc[::PLAIN_SHARE].tolist()
    seconds: dict[str, list[float]] = {"plain": [], "evallib": []}
    for _ in range(ROUNDS + 1):  # the first round pays for imports
        began = time.process_time()
        for text in some:
            identifiers._scrub_text(text, "text")
        seconds["plain"].append((time.process_time() - began) * PLAIN_SHARE)
        began = time.process_time()
        identifiers.scrub_identifiers(texts)
        seconds["evallib"].append(time.process_time() - began)
    base, own = (median(taken[1:]) for taken in seconds.values())
    print("## Identifiers in free text\n")
    print("| what | of | result |\n|---|---|---|")
    for file, kind in ((SENTENCES, ""), (SET_ASIDE, ", set aside")):
        positive, kept, harmless, touched = score(file)
        rate = 1 - kept / positive
        print(f"| sentences that lose every identifier{kind} | {positive} | {rate:.4f} |")
        print(
            f"| harmless sentences that are touched{kind} | {harmless} | {touched / harmless:.4f} |"
        )
    print(f"\n{len(texts):,} distinct texts of {texts.str.len().mean():.0f} characters without an")
    print("identifier, CPU seconds, medians of five interleaved rounds; the plain path is measured")
    print(f"on every {PLAIN_SHARE}th text and multiplied.\n")
    print("| what | seconds | ratio |\n|---|---|---|")
    print(f"| every pattern on every text | {base:.2f} | 1.00 |")
    print(f"| quick pass first | {own:.2f} | {own / base:.3f} |")


if __name__ == "__main__":
    main()
