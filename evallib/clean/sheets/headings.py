"""Headings as offices write them, and the columns and kinds of submission that they stand for."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from evallib.clean.reading.fields import field_of, reads_like_heading, title_of
from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SubmissionKind = Literal[
    "projects",
    "needs",
    "council_report",
    "survey",
    "indicators",
    "budget_items",
    "corrections",
    "unknown",
]
UNDERSTOOD = "understood"  # known for what it is, and wanted by no table: a plan, what remains
WEAKEST = 9
WEAK_NEED = 2  # rank from which a column of needs may as well be one of projects
LEVELS = " | "  # between the levels of a flattened heading

# A sheet is of the first kind whose columns it has: all of the first tuple, one of the second.
_SIGNS: tuple[tuple[SubmissionKind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("budget_items", ("title_th", "budget_approved", "item_id"), ("fiscal_year",)),
    ("survey", ("resp_key",), ("satisfaction", "benefit", "trust_process", "aware")),
    ("council_report", ("title_th",), ("income_earned", "qol_text")),
    ("needs", ("need_text_th",), ("rank", "votes", "people_affected", "tambon", "meeting_date")),
    ("indicators", (), ("income", "out_of_school", "population")),
    ("projects", ("title_th",), (
        "budget_approved", "disbursed_cum", "physical_pct", "status", "start_date")),
)  # fmt: skip
_GUESS, _GUESS_LENGTH = 90.0, 6  # similarity and length from which a typing error is read through
_UNITS = (
    ("ล้านบาท", "ล้านบาท"), ("แสนบาท", "แสนบาท"), ("หมื่นบาท", "หมื่นบาท"), ("พันบาท", "พันบาท"),
    ("บาท", "บาท"), ("ร้อยละ", "ร้อยละ"), ("%", "ร้อยละ"),
)  # fmt: skip
_UNIT_WORDS = re.compile(
    r"\(\s*(?:หน่วย\s*:?\s*)?(?:(?:ล้าน|แสน|หมื่น|พัน)?บาท(?:/เดือน|/ปี)?|ร้อยละ|%|คน|ราย|ครัวเรือน"
    r"|พ\.?ศ\.?|วันที่|วัน/เดือน/ปี|ใช่/ไม่ใช่|มี/ไม่มี|1\s*[-–]\s*5|ประเภท/คน|ประเภท/จำนวน"
    r"|บาท/เดือน|แห่ง)\s*\)"
)
_QUARTER = re.compile(r"^(?:ผล\S*)?ไตรมา[สต]ร?(?:ที่)?([1-4])(?:25\d\d)?$|^q([1-4])$")
_NOT_LETTERS = re.compile(r"[^0-9a-z_\u0E01-\u0E4E]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What one column of a sheet stands for.

    Parameters
    ----------
    column : str
        Heading as flattened from the sheet.
    canonical : str
        Name of the column in evallib; ``""`` when unknown or a plan, not a result.
    unit : str
        ``"ล้านบาท"``, ``"พันบาท"``, ``"บาท"``, ``"ร้อยละ"`` or ``""``.
    quarter : int
        Quarter of a block of quarters, else 0.
    guessed : bool
        The heading was read through a typing error, or by what its words say together.
    rank : int
        -1, or how well the words of a heading that is not known fit: of several columns for one
        field the one of the lowest rank counts.
    """

    column: str
    canonical: str
    unit: str = ""
    quarter: int = 0
    guessed: bool = False
    rank: int = -1


def recognise_kind(columns: Sequence[str]) -> SubmissionKind:
    """Tell the kind of a sheet from its headings.

    Examples
    --------
    >>> recognise_kind(["ที่", "ความต้องการของประชาชน", "ตำบล", "คะแนน"])
    'needs'
    >>> recognise_kind(["ที่", "โครงการ", "งบประมาณ (ล้านบาท)"])
    'projects'
    """
    for by_words in (False, True):  # what is known goes before what only reads so
        for kind, needed, one_of in _SIGNS:
            headings = [
                h for h in match_headings(tuple(columns), kind)
                if h.rank < 0 or (by_words and not _is_weak(h, columns))
            ]  # fmt: skip
            found = {heading.canonical for heading in headings}
            if found.issuperset(needed) and not found.isdisjoint(one_of):
                return kind
    return "unknown"


def _is_weak(heading: Heading, columns: Sequence[str]) -> bool:
    """Tell whether a column of projects would be read as what people asked for."""
    if heading.canonical != "need_text_th" or heading.rank < WEAK_NEED:
        return False
    return not {"rank", "votes"} & {h.canonical for h in match_headings(tuple(columns), "needs")}


@lru_cache(maxsize=512)
def match_headings(columns: tuple[str, ...], kind: SubmissionKind) -> tuple[Heading, ...]:
    """Return what each column stands for in a kind of submission, in the order given.

    Examples
    --------
    >>> [h.canonical for h in match_headings(("ที่", "ระยะเวลา | เริ่มต้น"), "projects")]
    ['order_no', 'start_date']
    >>> match_headings(("ไตรมาสที่ 3 | เบิกจ่าย (ล้านบาท) | ผล",), "projects")[0].quarter
    3
    """
    return _with_title(_one_each([_match(column, kind) for column in columns]), kind)


def _with_title(headings: tuple[Heading, ...], kind: SubmissionKind) -> tuple[Heading, ...]:
    """Let a column that is the likeliest be the title of projects where none says that it is."""
    money = {"budget_approved", "disbursed_cum"} & {h.canonical for h in headings}
    if kind != "projects" or not money or any(h.canonical == "title_th" for h in headings):
        return headings
    free = {"", UNDERSTOOD, "plan_source"}
    levels = [h.column.split(LEVELS) if h.canonical in free else [] for h in headings]
    at = title_of(levels)
    return tuple(
        replace(h, canonical="title_th", guessed=True, rank=WEAKEST) if c == at else h
        for c, h in enumerate(headings)
    )


def _one_each(headings: list[Heading]) -> tuple[Heading, ...]:
    """Let a field that is known or of lower rank win over one that was read by its words."""
    best: dict[tuple[str, int], int] = {}
    for heading in headings:
        key = (heading.canonical, heading.quarter)
        best[key] = min(best.get(key, heading.rank), heading.rank)
    return tuple(
        replace(h, canonical=UNDERSTOOD)
        if h.canonical and h.rank > best[h.canonical, h.quarter]
        else h
        for h in headings
    )


@lru_cache(maxsize=4096)
def is_heading(cell: str) -> bool:
    """Tell whether a cell reads like a known heading of any kind."""
    key = heading_key(cell)
    known = key in _all_keys() or _QUARTER.match(key) is not None
    return known or reads_like_heading(cell)


@lru_cache(maxsize=8192)
def heading_key(cell: str) -> str:
    """Return the letters and digits of a heading, without its unit.

    Examples
    --------
    >>> heading_key("งบประมาณ ที่ได้รับอนุมัติ (บาท)"), heading_key("ไตรมาสที่ ๓")
    ('งบประมาณที่ได้รับอนุมัติ', 'ไตรมาสที่3')
    """
    text = thai_digits_to_arabic(normalise_thai(cell)).lower()
    return _NOT_LETTERS.sub("", _UNIT_WORDS.sub("", text))


def heading_unit(column: str) -> str:
    """Return the unit that a heading states, from its lowest level up."""
    for part in reversed(column.split(LEVELS)):
        for written, unit in _UNITS:
            if written in part:
                return unit
    return ""


def _match(column: str, kind: SubmissionKind) -> Heading:
    known = _synonyms()[kind]
    keys = [heading_key(part) for part in column.split(LEVELS)]
    quarters = [_QUARTER.match(key) for key in keys]
    quarter = next((int(q[1] or q[2]) for q in quarters if q), 0)
    words = [key for key, q in zip(keys, quarters, strict=True) if q is None]
    unit = heading_unit(column)
    if quarter and len(keys) == 1:
        return Heading(column, "")
    planned = len(keys) > 1 and any(w.startswith(("แผน", "เป้าหมาย")) for w in words[-2:])
    if planned and (quarter or words[-1] in {"แผน", "เป้าหมาย"}):
        return Heading(column, "", unit, quarter)
    words = [word for word in words if word not in {"ผล", "ผลจริง", ""}]
    canonical = _look_up(words, known)
    if canonical is None and quarter and not words:
        canonical = {"ร้อยละ": "physical_pct"}.get(unit, "disbursed_cum" if unit else None)
    if canonical is not None:
        return Heading(column, canonical, unit, quarter)
    guess = _guess(words[-1], kind) if words else ""
    if guess:
        return Heading(column, guess, unit, quarter, guessed=True)
    said = field_of(column.split(LEVELS), kind)
    if said is None:
        return Heading(column, "", unit, quarter)
    field, rank = said
    return Heading(column, field or UNDERSTOOD, unit, quarter, guessed=True, rank=rank)


def _look_up(words: Sequence[str], known: Mapping[str, str]) -> str | None:
    """Look for the whole path, then for each level from the lowest up."""
    for key in ("".join(words), *reversed(words)):
        if key in known:
            return known[key]
    return None


def _guess(word: str, kind: SubmissionKind) -> str:
    """Read through a typing error when one known heading, and only one, is that close."""
    if len(word) < _GUESS_LENGTH:
        return ""
    from rapidfuzz import fuzz, process  # only unknown headings need it

    known = _synonyms()[kind]
    near = process.extract(word, list(known), scorer=fuzz.ratio, score_cutoff=_GUESS, limit=5)
    meanings = sorted({known[key] for key, _, _ in near})
    return meanings[0] if len(meanings) == 1 else ""


@cache
def _synonyms() -> Mapping[SubmissionKind, Mapping[str, str]]:
    """Return kind -> key of heading -> canonical column, from ``reference/headings.csv``."""
    file = resources.files("evallib") / "reference" / "headings.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    return {
        kind: {
            heading_key(row["heading"]): row["canonical"]
            for wanted in ("*", kind)
            for row in rows
            if row["kind"] == wanted
        }
        for kind, _, _ in _SIGNS
    } | {"unknown": {}}


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(key for known in _synonyms().values() for key in known)
