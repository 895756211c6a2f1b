"""Tables in foreign layouts: rows found, cells right, wrong values that nothing tells of.

Run with ``python benchmarks/layouts.py``; prints one Markdown section. The files were written by
other hands than the reader's, twelve manners of four files, each with its right answers. Those of
eight manners have been learnt from; the four of ``held_out`` have not: nobody looks into them while
the reader is mended, only at this table.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
LAYOUTS = ROOT / "tests" / "data" / "layouts"
LIKE = 85  # of 100 letters, from which a title is that of the truth
STATUS = {"done": "completed"}
TABLES = {"needs": ("needs", "need_text_th", "text"), "survey": ("beneficiary_survey", "", "")}
FIELDS = {
    "budget": "budget_approved", "disbursed": "disbursed_cum", "progress": "physical_pct",
    "start": "start_date", "end": "end_date", "status": "status", "code": "agency_project_code",
    "rank": "rank", "votes": "votes", "meeting_date": "stated_date",
}  # fmt: skip
PLACES = {"province_code": 2, "amphoe": 4, "tambon": 6}


def plain(text: object) -> str:
    """Return the letters of a text."""
    from evallib.thai.text import normalise_thai

    return "".join(normalise_thai(str(text)).split())


def place(row: dict[str, Any], digits: int) -> str | None:
    """Return the code of the place of a row, as far as it reaches."""
    for name in ("tambon_code", "amphoe_code", "province_code"):
        code = row.get(name)
        if isinstance(code, str) and len(code) >= digits:
            return code[:digits]
    return None


def judge(key: str, true: Any, row: dict[str, Any]) -> tuple[bool, bool] | None:
    """Return whether a cell is right and whether it holds anything; None: it is not asked for."""
    from evallib.places import name_of

    if key in PLACES:
        code = place(row, PLACES[key])
        found = code if key == "province_code" or code is None else name_of(code)
        return (found is None and true is None) or plain(found) == plain(true), code is not None
    if key not in FIELDS:
        return None
    value = row.get(FIELDS[key])
    value = None if value is None or pd.isna(value) else value
    if value is None or true is None:
        return (value is None and true is None) or (true in (None, 0) and value in (None, 0)), (
            value is not None
        )
    if key in ("start", "end", "meeting_date"):
        return pd.Timestamp(value).date().isoformat() == true, True
    if isinstance(true, int | float):
        return abs(float(value) - true) <= max(0.51, 1e-6 * abs(true)), True
    return plain(value) == plain(STATUS.get(true, true)), True


def score(truth: dict[str, Any], file: Path, raw: Path) -> Counter[str]:
    """Return the counts of one file."""
    from evallib.clean.submission import read_submission

    sent = raw / "2566" / "Q2" / file.name
    sent.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, sent)
    table, title, key = TABLES.get(truth["kind"], ("project_submissions", "title_th", "title"))
    frame = read_submission(sent, raw=raw).frames.get(table)
    rows = [] if frame is None else frame.to_dict("records")
    found = Counter(files=1, rows=len(truth["rows"]), read=int(bool(rows)))
    if truth["kind"] == "survey":
        found["found"] = min(len(rows), len(truth["rows"]))
        return found
    left = list(rows)
    for true in truth["rows"]:
        asked = [k for k in true if k in FIELDS or k in PLACES]
        found["cells"] += len(asked)
        best = max(left, key=lambda row: likeness(true, row, key, title), default=None)
        if best is None or likeness(true, best, key, title) < LIKE:
            continue
        left.remove(best)
        judged = [judge(k, true[k], best) for k in asked]
        found["found"] += 1
        found["right"] += sum(bool(j and j[0]) for j in judged)
        found["wrong"] += sum(bool(j and not j[0] and j[1]) for j in judged)
    found["extra"] = len(left)
    return found


def likeness(true: dict[str, Any], row: dict[str, Any], key: str, title: str) -> float:
    """Return how like a row is to one of the truth; one of the same amount goes before others."""
    same = "budget" not in true or bool((judge("budget", true["budget"], row) or (False,))[0])
    return fuzz.ratio(plain(true.get(key)), plain(row.get(title))) + 5 * same


def main() -> None:
    """Print one Markdown section."""
    print("## Tables in foreign layouts\n")
    print("| files | | read | rows | found | cells | right | wrong | rows that do not exist |")
    print("|---|---|---|---|---|---|---|---|---|")
    for half in ("held_out", "learnt"):
        total: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as raw:
            for written in sorted((LAYOUTS / half).glob("*.json")):
                truth = json.loads(written.read_text(encoding="utf-8"))
                total += score(truth, LAYOUTS / half / truth["file"], Path(raw))
        print(
            f"| {half.replace('_', ' ')} | {total['files']} | {total['read']} | {total['rows']} | "
            f"{total['found'] / total['rows']:.1%} | {total['cells']} | "
            f"{total['right'] / total['cells']:.1%} | {total['wrong'] / total['cells']:.2%} | "
            f"{total['extra']} |"
        )


if __name__ == "__main__":
    main()
