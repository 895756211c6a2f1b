"""Lump budgets and their parts: a province's line and the tambon lines that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.register.duplicates import pair_key
from evallib.register.pairs import agency_keys, candidate_pairs, place_codes
from evallib.register.titles import title_cores

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE_ALIKE = 90.0  # likeness of titles without places from which a line may be a part
SUMS_UP, FALLS_SHORT = 0.95, 0.6  # judged, not learnt: parts that make up the whole, and not yet
COUNTED_FROM = 0.9  # probability from which parts are subtracted from their whole
_FEWEST = 2


def find_parts(
    projects: pd.DataFrame, *, decisions: Mapping[tuple[str, str], str] | None = None
) -> pd.DataFrame:
    """Find lines that are parts of a lump budget, so that their baht is not counted twice.

    A lump names an amphoe or a province; its parts are of the same fiscal year, lie inside it,
    name a smaller place and bear the same title (places aside). They are parts without review when
    two or more together make up the lump to the baht, all of them or those of one agency. Where
    parts of the lump's own agency make up less, they are listed for review.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Contract ``projects``, each project once.
    decisions : mapping of (str, str) to {"CONFIRMED", "REJECTED"}, optional
        What a person decided on pairs of a lump and a line with its title inside it.

    Returns
    -------
    pandas.DataFrame, shape (m, 7)
        Contract ``project_parts``, one row a part: no part has two lumps. Sorted by key.

    Examples
    --------
    >>> lines = pd.DataFrame({"project_uid": ["P-1", "P-2", "P-3"], "agency_id": "PAO-94",
    ...     "fiscal_year": 2565, "title_th": ["ขุดบ่อ จ.ปัตตานี", "ขุดบ่อ ต.บานา", "ขุดบ่อ ต.ตะลุโบะ"],
    ...     "budget_approved": [900.0, 500.0, 400.0], "province_code": "94",
    ...     "amphoe_code": [None, "9401", "9401"], "tambon_code": [None, "940103", "940104"],
    ...     "as_of": pd.Timestamp("2022-03-31")})
    >>> find_parts(lines)[["parent_project_uid", "project_uid"]].to_numpy().tolist()
    [['P-1', 'P-2'], ['P-1', 'P-3']]
    """
    pairs = _alike(projects)
    whole = pairs.groupby("parent")["part_baht"].transform("sum") == pairs["lump_baht"]
    by_agency = pairs.groupby(["parent", "agency"])["part_baht"].transform("sum")
    one = pairs["lump_baht"] == by_agency
    short = (by_agency < pairs["lump_baht"]) & (pairs["agency"] == pairs["lump_agency"])
    for name, chosen, by in (("whole", whole, ["parent"]), ("one", one, ["parent", "agency"]),
                             ("short", short, ["parent", "agency"])):  # fmt: skip
        many = pairs.groupby(by)["part"].transform("size") >= _FEWEST
        pairs[name] = chosen & many
    sums = pairs["whole"] | (pairs["one"] & ~pairs.groupby("parent")["whole"].transform("any"))
    pairs["probability"] = np.select([sums, pairs["short"]], [SUMS_UP, FALLS_SHORT], 0.0)
    pairs["evidence"] = np.select([sums, pairs["short"]], ["sum_equal", "sum_short"], "")
    return _settle(pairs, projects, decisions or {})


def _alike(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of a lump and a line inside it that bears its title, by position."""
    from rapidfuzz import fuzz, process  # only registers with lump budgets need it

    fineness = place_codes(projects).str.len().to_numpy()
    baht = projects["budget_approved"].to_numpy(dtype=float)
    found = candidate_pairs(projects, across=False)
    first, second = found.first, found.second
    swap = fineness[first] > fineness[second]
    parent, part = np.where(swap, second, first), np.where(swap, first, second)
    fits = (fineness[parent] > 0) & (fineness[parent] < fineness[part]) & (baht[part] > 0)
    fits &= baht[part] < baht[parent]
    parent, part = parent[fits], part[fits]
    titles = title_cores(projects["title_th"])
    core = titles["core"].to_numpy(dtype=object)
    likeness = process.cpdist(core[parent], core[part], scorer=fuzz.ratio, workers=1)
    same = np.asarray(likeness) >= TITLE_ALIKE
    parent, part = parent[same], part[same]
    agency = agency_keys(projects).to_numpy(dtype=object)
    satang = np.round(np.nan_to_num(baht) * 100).astype(np.int64)
    return pd.DataFrame({
        "parent": parent, "part": part, "agency": agency[part], "lump_agency": agency[parent],
        "part_baht": satang[part], "lump_baht": satang[parent], "fineness": fineness[parent],
    })  # fmt: skip


def _settle(
    pairs: pd.DataFrame, projects: pd.DataFrame, decisions: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Give each part one lump: the confirmed, the most probable, the smallest place."""
    uid = projects["project_uid"].to_numpy(dtype=object)
    keys = [pair_key(*both) for both in zip(uid[pairs["parent"]], uid[pairs["part"]], strict=True)]
    pairs["state"] = [decisions.get(key, "OPEN") for key in keys]
    pairs = pairs[(pairs["probability"] > 0) | (pairs["state"] != "OPEN")]
    rank = pairs["state"].map({"CONFIRMED": 0, "OPEN": 1, "REJECTED": 2})
    pairs = pairs.assign(rank=rank, uid=uid[pairs["parent"]]).sort_values(
        ["part", "rank", "probability", "fineness", "uid"],
        ascending=[True, True, False, False, True],
    )
    pairs = pairs[~pairs.duplicated("part") | (pairs["state"] == "REJECTED")]
    parent, part = projects.iloc[pairs["parent"]], projects.iloc[pairs["part"]]
    made = pd.DataFrame({
        "parent_project_uid": parent["project_uid"].to_numpy(),
        "project_uid": part["project_uid"].to_numpy(),
        "fiscal_year": part["fiscal_year"].to_numpy(),
        "probability": pairs["probability"].to_numpy(),
        "evidence": pairs["evidence"].to_numpy(),
        "budget_approved": part["budget_approved"].to_numpy(dtype=float),
        "state": pairs["state"].to_numpy(),
        "as_of": np.maximum(parent["as_of"].to_numpy(), part["as_of"].to_numpy()),
    })  # fmt: skip
    return made.sort_values(["parent_project_uid", "project_uid"], ignore_index=True)


def counted_parts(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the parts whose baht is subtracted from their lump: confirmed, or sure."""
    sure = parts["probability"] >= COUNTED_FROM
    counted = parts["state"].eq("CONFIRMED") | (sure & parts["state"].ne("REJECTED"))
    return parts[counted].reset_index(drop=True)
