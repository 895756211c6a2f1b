"""What follows from duplicates: which projects are merged, what was decided, and each baht once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evallib.findings import Finding
from evallib.register.carried_decisions import Carried, carry_decisions
from evallib.register.duplicates import ORDER, find_duplicates, merge_pairs, report_pairs
from evallib.register.ledger import baht_ledger
from evallib.register.lump_budgets import counted_parts, find_parts
from evallib.register.pairs import candidate_pairs
from evallib.register.pairs_in_words import DUPLICATE, PART, review_pairs
from evallib.register.review import KEY, review_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evallib.register.review import Review


@dataclass(frozen=True, slots=True)
class Settlement:
    """Pairs of projects, which of them are merged (double -> project kept), and what was said."""

    pairs: pd.DataFrame
    merged: Mapping[str, str]
    carried: Carried
    findings: tuple[Finding, ...]


def settle_duplicates(projects: pd.DataFrame, review: Review) -> Settlement:
    """Find duplicates among projects as agencies report them, and merge what is one.

    Parameters
    ----------
    projects : pandas.DataFrame
        One row a project and agency, see `find_duplicates`.
    review : Review
        What persons decided, as `read_review` returns it.
    """
    carried = carry_decisions(review, projects)
    candidates = candidate_pairs(projects)
    pairs = find_duplicates(projects, decisions=carried.of(DUPLICATE), candidates=candidates)
    merged = merge_pairs(pairs, projects)
    findings = [*review.findings, *carried.findings, *report_pairs(pairs, merged)]
    if len(candidates.crowded):
        crowd = str(len(candidates.crowded))
        findings.append(Finding("duplicate.crowded", "warning", "", crowd))
    return Settlement(pairs, merged, carried, tuple(findings))


def take_budgets(
    projects: pd.DataFrame, single: pd.DataFrame, merged: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give a project without budget that of its double, so that no baht is lost; with a finding."""
    lacking = projects["budget_approved"].isna() & projects["project_uid"].isin(merged.values())
    if not lacking.any():
        return projects, []
    known = single[single["budget_approved"].notna()].sort_values(ORDER)
    kept = known["project_uid"].map(merged)
    first = known.assign(kept=kept).dropna(subset="kept").drop_duplicates("kept")
    budgets = first.set_index("kept")["budget_approved"]
    taken = projects.loc[lacking, "project_uid"].map(budgets)
    findings = [
        Finding("duplicate.budget_taken", "info", str(uid), f"{baht:,.2f}")
        for uid, baht in zip(projects.loc[taken.dropna().index, "project_uid"], taken.dropna(),
                             strict=True)
    ]  # fmt: skip
    return projects.assign(budget_approved=projects["budget_approved"].fillna(taken)), findings


def duplicate_tables(
    settlement: Settlement, rows: pd.DataFrame, projects: pd.DataFrame, single: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the tables about duplicates, by the names of their contracts, and what they say.

    Parameters
    ----------
    settlement : Settlement
        As `settle_duplicates` returns it.
    rows : pandas.DataFrame
        Every row as sent, with ``project_uid`` after merging.
    projects, single : pandas.DataFrame
        The register, and one row a project and agency before merging.
    """
    parts = find_parts(projects.reset_index(drop=True), decisions=settlement.carried.of(PART))
    reviews = review_pairs(settlement.pairs, parts, settlement.merged, single)
    tables = {
        "project_duplicates": name_kept(settlement.pairs, settlement.merged),
        "project_parts": parts,
        "duplicate_reviews": under_old_ids(reviews, settlement.carried),
        "baht_ledger": baht_ledger(rows, projects, parts),
    }
    sure = counted_parts(parts)
    told = [Finding("duplicate.part_counted", "info", str(p.parent_project_uid),
                    f"{p.project_uid} ({p.budget_approved:,.2f})")
            for p in sure.itertuples()]  # fmt: skip
    open_ = parts[(parts["state"] == "OPEN") & ~parts["project_uid"].isin(sure["project_uid"])]
    told += [Finding("duplicate.part_suspected", "info", str(p.parent_project_uid),
                     f"{p.project_uid} ({p.budget_approved:,.2f})")
             for p in open_.itertuples()]  # fmt: skip
    return tables, told


def name_kept(pairs: pd.DataFrame, merged: Mapping[str, str]) -> pd.DataFrame:
    """Let pairs name projects of the register; a merged double stays as the double of its pair."""
    settled = pairs.copy()
    is_merged = [
        merged.get(double) == merged.get(kept, kept)
        for kept, double in zip(pairs["project_uid"], pairs["duplicate_uid"], strict=True)
    ]
    settled["project_uid"] = [merged.get(uid, uid) for uid in pairs["project_uid"]]
    settled["duplicate_uid"] = [
        double if one else merged.get(double, double)
        for double, one in zip(pairs["duplicate_uid"], is_merged, strict=True)
    ]
    settled = settled[settled["project_uid"] != settled["duplicate_uid"]]
    settled = settled.sort_values(
        ["project_uid", "duplicate_uid", "probability"], ascending=[True, True, False]
    )
    return settled.drop_duplicates(["project_uid", "duplicate_uid"], ignore_index=True)


def under_old_ids(reviews: pd.DataFrame, carried: Carried) -> pd.DataFrame:
    """Let a pair that was decided under other ids keep those, so that its row in the file stays."""
    if not carried.known_as:
        return reviews
    ids = []
    for key in zip(*(reviews[name].astype("str") for name in KEY), strict=True):
        old = carried.known_as.get(review_key(*key), {})
        ids.append([old.get(uid, uid) for uid in key[1:]])
    renamed = pd.DataFrame(ids, columns=KEY[1:], index=reviews.index, dtype="str")
    return reviews.assign(**{name: renamed[name] for name in KEY[1:]})
