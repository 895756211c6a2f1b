"""Pairs in words for a person to decide: both titles, agencies, places, baht and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.agencies import read_agencies
from evallib.i18n import text
from evallib.places import register
from evallib.register.duplicates import pair_key
from evallib.register.lump_budgets import counted_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

DUPLICATE, PART = "duplicate", "part"


def review_pairs(
    pairs: pd.DataFrame, parts: pd.DataFrame, merged: Mapping[str, str], projects: pd.DataFrame
) -> pd.DataFrame:
    """Return every pair that a person may decide, in words.

    Parameters
    ----------
    pairs, parts : pandas.DataFrame
        As `find_duplicates` and `find_parts` return them.
    merged : mapping of str to str
        Double -> project kept, of `merge_pairs`.
    projects : pandas.DataFrame
        One row a project and agency, before anything was merged.

    Returns
    -------
    pandas.DataFrame, shape (m, 18)
        Contract ``duplicate_reviews``: first the open pairs that are counted apart, the most
        probable first. Ids stand in one order whichever project was reported first, so that a
        pair keeps its key.
    """
    of_both = pairs.assign(relation=DUPLICATE).rename(columns={"duplicate_uid": "other_uid"})
    of_both["counted"] = [
        merged.get(a, a) == merged.get(b, b)
        for a, b in zip(of_both["project_uid"], of_both["other_uid"], strict=True)
    ]
    keys = [pair_key(*p) for p in zip(of_both["project_uid"], of_both["other_uid"], strict=True)]
    of_both[["project_uid", "other_uid"]] = pd.DataFrame(
        keys, columns=["project_uid", "other_uid"], index=of_both.index, dtype="str"
    )
    names = {"parent_project_uid": "project_uid", "project_uid": "other_uid"}
    inside = parts.assign(relation=PART).rename(columns=names)
    counted = counted_parts(parts)[["parent_project_uid", "project_uid"]]
    sure = set(counted.itertuples(index=False, name=None))
    inside["counted"] = [
        p in sure for p in zip(inside["project_uid"], inside["other_uid"], strict=True)
    ]
    shown = pd.concat([of_both, inside], ignore_index=True).drop(columns="budget_approved")
    shown["evidence"] = [evidence_words(evidence) for evidence in shown["evidence"]]
    said = describe_projects(projects)
    first = said.reindex(shown["project_uid"]).set_index(shown.index)
    second = said.reindex(shown["other_uid"]).set_index(shown.index)
    second.columns = ["other_agency", "other_title", "other_place", "other_budget"]
    shown = shown.join(first).join(second)
    provinces = dict(zip(projects["project_uid"], projects["province_code"], strict=True))
    shown["province_code"] = shown["project_uid"].map(provinces)
    rank = shown["state"].map({"OPEN": 0, "CONFIRMED": 1, "REJECTED": 2})
    return shown.assign(rank=rank).sort_values(
        ["rank", "counted", "probability", "relation", "project_uid", "other_uid"],
        ascending=[True, True, False, True, True, True], ignore_index=True,
    )  # fmt: skip


def describe_projects(projects: pd.DataFrame) -> pd.DataFrame:
    """Return agency, title, place and baht of each project in words, by its id."""
    names = read_agencies().set_index("agency_id")["name_th"]
    agency = projects["agency_id"].map(names).fillna(projects["agency_id"])
    if "agency_raw" in projects:
        agency = agency.fillna(projects["agency_raw"])
    return pd.DataFrame({
        "agency": agency.to_numpy(dtype=object), "title_th": projects["title_th"].to_numpy(),
        "place": _places(projects), "budget_approved": projects["budget_approved"].to_numpy(),
    }, index=pd.Index(projects["project_uid"], name=None))  # fmt: skip


def _places(projects: pd.DataFrame) -> list[str]:
    """Return the place of each project as "ต.บานา อ.เมืองปัตตานี จ.ปัตตานี"."""
    known = register()
    parts = []
    for code, short in (("tambon", "ต."), ("amphoe", "อ."), ("province", "จ.")):
        names = dict(zip(known[f"{code}_code"], known[f"{code}_th"], strict=True))
        codes = projects[f"{code}_code"]
        parts.append([f"{short}{names[c]}" if c in names else "" for c in codes])
    return [" ".join(filter(None, part)) for part in zip(*parts, strict=True)]


def evidence_words(evidence: str, language: str = "th") -> str:
    """Return evidence in words.

    Examples
    --------
    >>> evidence_words("title 0.95; amount_same 1.00", "en")
    'titles 95 % alike; the same amount'
    """
    words = []
    for field in filter(None, evidence.split("; ")):
        name, _, value = field.partition(" ")
        share = f"{100 * float(value or 1):.0f}"
        words.append(text(f"duplicate.field_{name}", language, value=share))
    return "; ".join(words)
