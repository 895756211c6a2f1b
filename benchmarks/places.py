"""100,000 written places resolved, beside rapidfuzz on the same texts in the same run.

The texts are mixed as they arrive: full, short and glued addresses, text out of PDF files, titles
that hold an address, names misspelt by a letter, English names, codes, several tambons in one
cell, municipalities, whole provinces, and what only looks like a place. One column repeats its
places as submissions do; of the other no two texts are alike. Seconds are CPU seconds of one core.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    Forms = tuple[tuple[str, str], ...]

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

ROWS, ROUNDS, SEED = 100_000, 5, 2565
MARKED = 18  # forms of an address that words mark as one
SAMPLE_SLOW, SAMPLE_FAST = 500, 5_000  # rows on which the baselines run; their time is scaled up
REAL = Path(__file__).resolve().parents[2] / "shared/data/real/fy2565_budget_items.csv"
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
ABOVE = "ัิีึื่้็์"
WORKS = (
    "ซ่อมสร้างถนน", "ก่อสร้างระบบประปา", "ขุดลอกคลอง", "ส่งเสริมอาชีพกลุ่มสตรี", "อบรมเยาวชน",
    "โรงเรียนบ้านต้นสน", "อาคารเรียน 212ล./57-ก", "ปรับปรุงระบบส่งน้ำ", "หน่วยเฉพาะกิจยะลา",
    "ฝายน้ำล้นพร้อมอาคารประกอบ",
)  # fmt: skip
NO_PLACE = (
    "มหาวิทยาลัยนราธิวาสราชนครินทร์", "ถนนนราธิวาสราชนครินทร์", "โรงพยาบาลยะลา",
    "5 จังหวัดชายแดนภาคใต้ 44 อำเภอ",
    "กก.ปพ.ภ.จว.นราธิวาส", "ศอ.บต. ยะลา", "จ.ส.อ. ปัตตานี", "ทุกตำบล / ทั้งจังหวัด", "ไม่ระบุ",
)  # fmt: skip


def write(rng: np.random.Generator, rows: int, *, distinct: bool) -> pd.DataFrame:
    """Return ``text`` and ``code``, the code that each text says; empty where it says none."""
    from evallib.places import area

    names = area()[["tambon_th", "amphoe_th", "province_th", "tambon_en", "amphoe_en",
                    "province_en", "tambon_code"]].to_numpy()  # fmt: skip
    made = []
    for i in range(rows):
        forms = _forms(rng, names[rng.integers(len(names))], names[rng.integers(len(names))])
        text, code = forms[rng.integers(MARKED if distinct else len(forms))]
        if distinct:  # a title around an address, which only markers can tell from it
            text = f"{WORKS[i % len(WORKS)]}สายที่ {i} {text} กว้าง {rng.integers(3, 9)} เมตร"
        made.append((text, code))
    return pd.DataFrame(made, columns=["text", "code"], dtype="str")


def _forms(rng: np.random.Generator, place: np.ndarray, other: np.ndarray) -> Forms:
    """Return one tambon in every form; the first ``MARKED`` have words that mark an address."""
    t, a, p, t_en, a_en, p_en, code = place
    n = int(rng.integers(1, 13))
    short = "เมือง" if a.startswith("เมือง") else a
    work = WORKS[n % len(WORKS)]
    return (
        (f"ตำบล{t} อำเภอ{a} จังหวัด{p}", code),
        (f"ต.{t} อ.{a} จ.{p}", code),
        (f"ต.{t} อ.{short} จ.{p}", code),
        (f"หมู่ที่ {n} ต.{t} อ.{a} จ.{p}", code),
        (f"หมู่ที่ {n} ตำบล{t}อำเภอ{a}จังหวัด{p}".translate(THAI), code),
        (f"ตำบล{t}อำเภอ{a}จังหวัด{p}", code),
        (_from_pdf(f"ตำบล{t} อำเภอ{a} จังหวัด{p}"), code),
        (f"ตำบล{t} อำเภอ{a} จังหวัด{p}".replace("ำ", " า"), code),
        (f"ต.{t} อ.{a}", code),
        (f"{work} ตำบล{t} อำเภอ{a} จังหวัด{p} {n} แห่ง", code),
        (f"{work} หมู่ {n} ต.{_misspelt(rng, t)} อ.{a} จ.{p}", code),
        (f"ต.{_misspelt(rng, t)} อ.{_misspelt(rng, a)} จ.{p}", code),
        (f"อบต.{t} อ.{a} จ.{p}", code),
        (f"อ.{a} จ.{p}", code[:4]),
        (f"ทุกตำบลในอำเภอ{a} จังหวัด{p}", code[:4]),
        (f"จังหวัด{p}", code[:2]),
        (f"ต.{t} และ ต.{other[0]}", "" if t != other[0] else code),
        (f"เทศบาลตำบล{t} อ.{a} จ.{p}", ""),
        (f"{t} {short} {p}", code),
        (f"{t_en} {a_en} {p_en}", code),
        (f"{code}{n:02d}", code),
        (NO_PLACE[n % len(NO_PLACE)], ""),
    )


def _from_pdf(text: str) -> str:
    """Return text with vowels and tones behind the next consonant, as PDF tools give it."""
    letters = list(text)
    for i in range(len(letters) - 1):
        if letters[i] in ABOVE and "ก" <= letters[i + 1] <= "ฮ":
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def _misspelt(rng: np.random.Generator, name: str) -> str:
    """Return a name without one letter, with one letter twice, or with another letter."""
    i = int(rng.integers(1, len(name)))
    return (name[:i] + name[i + 1 :], name[:i] + name[i - 1 :], name[:i] + "ร" + name[i + 1 :])[
        rng.integers(3)
    ]


def ours(texts: pd.Series) -> list[str]:
    """Return the code of each text, empty where none is accepted."""
    from evallib.places import resolve_places

    return resolve_places(texts)["place_code"].fillna("").tolist()


def extract_one(texts: pd.Series) -> list[str]:
    """Return the code of the most similar tambon by WRatio, at 85 and above."""
    from rapidfuzz import fuzz, process

    names, codes = choices()
    found = [process.extractOne(t, names, scorer=fuzz.WRatio, score_cutoff=85) for t in texts]
    return ["" if best is None else codes[best[2]] for best in found]


def cdist(texts: pd.Series) -> list[str]:
    """Return the code of the most similar tambon by ratio, at 85 and above."""
    from rapidfuzz import fuzz, process

    names, codes = choices()
    scores = process.cdist(texts.tolist(), names, scorer=fuzz.ratio, workers=1)
    best = scores.argmax(axis=1)
    return [codes[b] if s[b] >= 85 else "" for b, s in zip(best, scores, strict=True)]


def choices() -> tuple[list[str], list[str]]:
    """Return the addresses of all tambons of the area and their codes."""
    from evallib.places import area

    places = area()
    names = "ต." + places["tambon_th"] + " อ." + places["amphoe_th"] + " จ." + places["province_th"]
    return names.tolist(), places["tambon_code"].tolist()


def timed(task: Callable[[pd.Series], list[str]], texts: pd.Series) -> tuple[float, list[str]]:
    """Return CPU seconds and the answers."""
    began = time.process_time()
    found = task(texts)
    return time.process_time() - began, found


def measure(texts: pd.DataFrame) -> list[str]:
    """Return one row of the table for each method."""
    methods = {
        "`resolve_places`": (ours, len(texts)),
        "rapidfuzz `cdist`, `ratio`": (cdist, min(SAMPLE_FAST, len(texts))),
        "rapidfuzz `extractOne`, `WRatio`": (extract_one, min(SAMPLE_SLOW, len(texts))),
    }
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    answers: dict[str, list[str]] = {}
    for round_ in range(ROUNDS + 1):
        for name, (task, rows) in methods.items():
            if task is not ours and round_ > 1:
                continue  # scaled up from a sample: one round after the warm-up will do
            forget()
            taken, answers[name] = timed(task, texts["text"].head(rows))
            seconds[name].append(taken * ROWS / rows)
    own = median(seconds["`resolve_places`"][1:])
    lines = []
    for name, (_, rows) in methods.items():
        taken, code = median(seconds[name][1:]), texts["code"].head(rows).tolist()
        pairs = list(zip(answers[name], code, strict=True))
        right = sum(found == true for found, true in pairs if true) / sum(map(bool, code))
        wrong = sum(bool(found) and found != true for found, true in pairs) / rows
        lines.append(f"| {name} | {taken:.2f} | {taken / own:.1f} | {right:.1%} | {wrong:.2%} |")
    return lines


def forget() -> None:
    """Empty what earlier rounds have remembered, so that each round does the whole work."""
    from evallib.places import gazetteer as lookup
    from evallib.places import parse
    from evallib.places import resolver as chain

    lookup.gazetteer.cache_clear()
    parse._names.cache_clear()
    parse._part.cache_clear()
    chain.names_in.cache_clear()


def real_items() -> str:
    """Return how real budget items are read, where they lie beside the repository."""
    if not REAL.is_file():
        return "Real budget items of fiscal year 2565: not beside the repository, not measured."
    items = pd.read_csv(REAL, dtype="str")
    found = pd.Series(ours(items["ITEM_DESCRIPTION"]))
    single = ~items["tambon_code"].str.contains("|", regex=False)
    accepted = found != ""
    right = accepted & single & (found == items["tambon_code"])
    wrong = accepted & ~right
    return (
        f"Real budget items of fiscal year 2565: {len(items)}, of which {(~single).sum()} name "
        f"several tambons; {right.sum()} right ({right.sum() / single.sum():.1%} of those with one "
        f"tambon), {wrong.sum()} wrong, {(~accepted).sum()} for review."
    )


def main() -> None:
    """Print one Markdown section."""
    print("## 100,000 written places\n")
    print(
        "CPU seconds of one core for 100,000 texts, median of five rounds with empty caches; "
        "rapidfuzz runs on a sample against the 290 addresses of the area and is scaled up. Right: "
        "share of the texts that name one place; wrong: share of all texts given another code.\n"
    )
    rng = np.random.default_rng(SEED)
    for name, distinct in (("places as they repeat", False), ("no two texts alike", True)):
        texts = write(rng, ROWS, distinct=distinct)
        print(f"| {name}: {texts['text'].nunique():,} distinct | seconds | ratio | right | wrong |")
        print("|---|---|---|---|---|")
        print("\n".join(measure(texts)) + "\n")
    print(real_items())


if __name__ == "__main__":
    main()
