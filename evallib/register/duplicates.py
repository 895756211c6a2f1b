"""The same project reported by several agencies: pairs, how probable each is, what is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.register.likeness import FIELDS, compare_pairs, probability_of
from evallib.register.pairs import Candidates, agency_keys, candidate_pairs
from evallib.tables.intake import MERGED_FROM

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTED_FROM = 0.5  # probability from which a pair is listed for review
ORDER = ["as_of", "agency_id", "project_uid"]  # the first of a group is the one that is kept


def find_duplicates(
    projects: pd.DataFrame,
    *,
    decisions: Mapping[tuple[str, str], str] | None = None,
    candidates: Candidates | None = None,
) -> pd.DataFrame:
    r"""Find pairs of projects of different agencies that look like one project.

    Compared are projects of one fiscal year in one tambon, or in one amphoe or province where a
    tambon is not known. The same item in several fiscal years is an obligation over years, never a
    duplicate.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Contract ``projects``: at least ``project_uid``, ``title_th``, ``agency_id``,
        ``fiscal_year``, ``budget_approved``, ``start_date``, ``tambon_code``, ``amphoe_code``,
        ``as_of``; whatever else `compare_pairs` knows how to use.
    decisions : mapping of (str, str) to {"CONFIRMED", "REJECTED"}, optional
        What a person decided on pairs of ids, each pair sorted; such a pair is listed whatever its
        probability, unless a project of it is gone or both are of different fiscal years.
    candidates : Candidates, optional
        What `candidate_pairs` returned for the same frame, when that is known already.

    Returns
    -------
    pandas.DataFrame, shape (m, 8)
        Contract ``project_duplicates``, pairs of probability 0.5 and more, sorted by key.
        ``project_uid`` is the one reported first (by ``as_of``, then ``agency_id``). ``evidence``
        names the fields that speak for or against, see `compare_pairs`.

    Notes
    -----
    The probability is :math:`1 / (1 + e^{-z})` with :math:`z` the weighted sum of the evidence. The
    weights were learnt on synthetic submissions, so the probability ranks pairs of real
    submissions; how often 0.9 is right among them only the decisions of persons will tell.

    Examples
    --------
    >>> pair = pd.DataFrame({
    ...     "project_uid": ["P-1", "P-2"], "agency_id": ["RID", "PAO"], "fiscal_year": 2565,
    ...     "title_th": ["ปรับปรุงระบบส่งน้ำ ต.สะดาวา", "ปรับปรุงระบบส่งน้ำ ตำบลสะดาวา"],
    ...     "budget_approved": [5e5, 5e5], "start_date": pd.to_datetime(["2022-01-05"] * 2),
    ...     "tambon_code": "941010", "amphoe_code": "9410",
    ...     "as_of": pd.to_datetime(["2022-03-31", "2022-06-30"])})
    >>> find_duplicates(pair)[["project_uid", "duplicate_uid"]].iloc[0].tolist()
    ['P-1', 'P-2']
    """
    decisions, projects = decisions or {}, projects.reset_index(drop=True)
    looked = candidate_pairs(projects) if candidates is None else candidates
    both = np.stack([looked.first, looked.second])
    decided = _decided_pairs(projects, decisions)
    first, second = np.unique(np.concatenate([both, decided], axis=1), axis=1)
    rank = np.argsort(projects.sort_values(ORDER).index.to_numpy())
    later = rank[first] > rank[second]
    first, second = np.where(later, second, first), np.where(later, first, second)
    evidence = compare_pairs(projects, first, second)
    kept, double = projects.iloc[first], projects.iloc[second]
    uids = zip(kept["project_uid"], double["project_uid"], strict=True)
    found = pd.DataFrame(
        {
            "project_uid": kept["project_uid"].to_numpy(),
            "duplicate_uid": double["project_uid"].to_numpy(),
            "fiscal_year": double["fiscal_year"].to_numpy(),
            "probability": probability_of(evidence),
            "budget_approved": double["budget_approved"].to_numpy(dtype=float),
            "state": [decisions.get(pair_key(*pair), "OPEN") for pair in uids],
            "as_of": np.maximum(kept["as_of"].to_numpy(), double["as_of"].to_numpy()),
        }
    )
    listed = (found["probability"] >= LISTED_FROM) | (found["state"] != "OPEN")
    found.insert(4, "evidence", _shown(evidence, listed.to_numpy()))
    return found[listed].sort_values(["project_uid", "duplicate_uid"], ignore_index=True)


def pair_key(a: str, b: str) -> tuple[str, str]:
    """Return the key of a pair, whichever of the two was reported first."""
    return (a, b) if a <= b else (b, a)


def _decided_pairs(projects: pd.DataFrame, decisions: Mapping[tuple[str, str], str]) -> np.ndarray:
    """Return the positions of the pairs that were decided and are still there, shape (2, n)."""
    at = {uid: i for i, uid in enumerate(projects["project_uid"])}
    year = projects["fiscal_year"].tolist()
    found = [sorted((at[a], at[b])) for a, b in sorted(decisions)
             if a in at and b in at and year[at[a]] == year[at[b]]]  # fmt: skip
    return np.array(found, dtype=np.intp).reshape(-1, 2).T


def _shown(evidence: pd.DataFrame, listed: np.ndarray) -> list[str]:
    """Return the fields that say something as one text, for the pairs that are listed."""
    values = evidence[list(FIELDS)].to_numpy()
    return [
        "; ".join(f"{name} {v:.2f}" for name, v in zip(FIELDS, row, strict=True) if v)
        if wanted else ""
        for row, wanted in zip(values, listed, strict=True)
    ]  # fmt: skip


def merge_pairs(pairs: pd.DataFrame, projects: pd.DataFrame) -> dict[str, str]:
    """Return double -> project kept, for confirmed pairs and for those of probability 0.9 and more.

    Pairs that share a project form one group, of which the project reported first is kept.
    Confirmed pairs come first and then the most probable. No group takes in both projects of a
    rejected pair, and no pair that nobody confirmed brings two projects of one agency together,
    for an agency that lists two projects means two.

    Parameters
    ----------
    pairs : pandas.DataFrame
        As `find_duplicates` returns them.
    projects : pandas.DataFrame
        The projects that they were found in.
    """
    ordered = projects.sort_values(ORDER)
    rank = {uid: i for i, uid in enumerate(ordered["project_uid"])}
    agency = dict(zip(ordered["project_uid"], agency_keys(ordered), strict=True))
    group = {uid: [uid] for uid in [*pairs["project_uid"], *pairs["duplicate_uid"]]}
    rejected = pairs[pairs["state"] == "REJECTED"]
    apart = list(zip(rejected["project_uid"], rejected["duplicate_uid"], strict=True))
    sure = pairs.assign(confirmed=pairs["state"] == "CONFIRMED")
    sure = sure[sure["confirmed"] | (sure["probability"] >= MERGED_FROM)]
    sure = sure.sort_values(
        ["confirmed", "probability", "project_uid", "duplicate_uid"],
        ascending=[False, False, True, True],
    )
    for pair in sure[sure["state"] != "REJECTED"].itertuples():
        kept, double = group[str(pair.project_uid)], group[str(pair.duplicate_uid)]
        joined = kept + double
        if kept is double or any(a in joined and b in joined for a, b in apart):
            continue
        if pair.confirmed or len({agency[uid] for uid in joined}) == len(joined):
            for uid in joined:
                group[uid] = joined
    first = {uid: min(members, key=rank.__getitem__) for uid, members in group.items()}
    return {uid: kept for uid, kept in sorted(first.items()) if uid != kept}


def report_pairs(pairs: pd.DataFrame, merged: Mapping[str, str]) -> list[Finding]:
    """Return what is to be said of pairs: merged, to be looked at, confirmed in vain."""
    budget = dict(zip(pairs["duplicate_uid"], pairs["budget_approved"], strict=True))
    told = [
        Finding("duplicate.merged", "info", kept, f"{d} ({budget.get(d, float('nan')):,.0f})")
        for d, kept in merged.items()
    ]
    for pair in pairs.itertuples():
        a, b = str(pair.project_uid), str(pair.duplicate_uid)
        one = merged.get(a, a) == merged.get(b, b)
        if pair.state == "OPEN" and not one:
            chance = f"{b} ({pair.probability:.2f})"
            told.append(Finding("duplicate.suspected", "warning", a, chance))
        elif pair.state == "CONFIRMED" and not one:
            told.append(Finding("duplicate.confirmed_apart", "error", a, b))
    return told
