"""Decisions outlive a change of wording: a project whose id changed is found by what it was."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evallib.findings import Finding
from evallib.register.pairs_in_words import describe_projects
from evallib.register.review import Key, Review, review_key
from evallib.thai.keys import text_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

ALIKE = 90.0  # likeness of two titles from which one may be the other, written anew
_SIDES = (("agency", "title_th", "place"), ("other_agency", "other_title", "other_place"))
_Home = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """Decisions that hold now.

    Parameters
    ----------
    decisions : mapping of (relation, id, id) to {"CONFIRMED", "REJECTED"}
        By the ids that the projects have now.
    known_as : mapping of (relation, id, id) to (mapping of id to id)
        For a pair that was decided under other ids: each id now -> the id in the file.
    findings : tuple of Finding
        ``duplicate.decision_carried`` and ``duplicate.decision_waits`` (info).
    """

    decisions: Mapping[Key, str] = field(default_factory=dict)
    known_as: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def of(self, relation: str) -> dict[tuple[str, str], str]:
        """Return the decisions on one relation, by sorted pair of ids."""
        return {(a, b): state for (name, a, b), state in self.decisions.items() if name == relation}


def carry_decisions(review: Review, projects: pd.DataFrame) -> Carried:
    """Return the decisions of a review for the projects of now.

    An id changes when an agency sends its first report again with another title. Such a project is
    the one of the same agency, fiscal year and place whose title is 90 % alike with the same
    numbers, when there is exactly one. What was decided on ids that are still there comes first.

    Parameters
    ----------
    review : Review
        As `read_review` returns it.
    projects : pandas.DataFrame
        One row a project and agency, before anything is merged.
    """
    known = dict.fromkeys(projects["project_uid"])
    here = {k: s for k, s in review.decisions.items() if k[1] in known and k[2] in known}
    lost = {k: s for k, s in review.decisions.items() if k not in here}
    if not lost:
        return Carried(here)
    homes = _homes(projects)
    known_as: dict[Key, Mapping[str, str]] = {}
    findings = []
    for key, state in sorted(lost.items()):
        ids = [(_successor(side, review.rows[key], homes) if uid not in known else uid, uid)
               for uid, side in _ids_of(review.rows[key])]  # fmt: skip
        (a, _), (b, _) = ids
        now = review_key(key[0], a, b) if a and b and a != b else None
        if now is None or now in here:
            findings.append(Finding("duplicate.decision_waits", "info", "", " + ".join(key[1:])))
            continue
        here[now], known_as[now] = state, {new: old for new, old in ids if new}
        findings += [Finding("duplicate.decision_carried", "info", new, old)
                     for new, old in ids if new and new != old]  # fmt: skip
    return Carried(here, known_as, tuple(findings))


def _ids_of(row: Mapping[str, str]) -> list[tuple[str, tuple[str, str, str]]]:
    """Return the id of each side of a row and the columns that describe it."""
    return list(zip((row["project_uid"].strip(), row["other_uid"].strip()), _SIDES, strict=True))


def _homes(projects: pd.DataFrame) -> dict[_Home, list[tuple[str, str]]]:
    """Return (year, agency, place) -> title and id of each project there."""
    said = describe_projects(projects)
    years = projects["fiscal_year"].astype("str")
    homes: dict[_Home, list[tuple[str, str]]] = {}
    for year, (uid, row) in zip(years, said.iterrows(), strict=True):
        home = year, str(row["agency"]), str(row["place"])
        homes.setdefault(home, []).append((text_key(str(row["title_th"])), str(uid)))
    return homes


def _successor(
    side: tuple[str, str, str], row: Mapping[str, str], homes: Mapping[_Home, list[tuple[str, str]]]
) -> str:
    """Return the id of the one project that a row of the file describes, or nothing."""
    from rapidfuzz import fuzz  # only a decision about a project that is gone needs it

    agency, title, place = (row.get(name, "") for name in side)
    home = row.get("fiscal_year", ""), agency, place
    written = text_key(title)
    alike = [
        uid for other, uid in homes.get(home, [])
        if re.sub(r"\D", "", other) == re.sub(r"\D", "", written)
        and fuzz.ratio(written, other) >= ALIKE
    ]  # fmt: skip
    return alike[0] if len(alike) == 1 else ""
