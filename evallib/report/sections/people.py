"""Figures about people outside of their own chapter, as the gate prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.privacy.blocks import BLOCK, FORM
from evallib.privacy.forms import SET, form_digests, set_id
from evallib.privacy.told import EVERYONE
from evallib.tables import empty
from evallib.tables.cleaned import SECTORS

if TYPE_CHECKING:
    from evallib.privacy import ProtectedNumbers
    from evallib.report.evidence import Evidence

ANYTHING = "OTH"  # no sector in particular
OF_PEOPLE = ("A16.women", "A17")  # indicators that count people
NAMED = tuple(code for code in SECTORS if code != ANYTHING)
AMPHOE_DIGITS = 4
WOMEN = "n_women"
_NOT_OF_PEOPLE = ("no_needs", "no_meetings", "few_meetings")  # reasons that count nobody


def unprompted(evidence: Evidence) -> pd.DataFrame:
    """Return the forms that name a sector and were filled in while no official was present."""
    survey = within_scope(evidence, evidence.survey)
    alone = ~survey["official_present"].eq(1).fillna(value=False)
    return survey[alone & survey["need_rank_1"].isin(NAMED)].reset_index(drop=True)


def amphoe_codes(evidence: Evidence) -> list[str]:
    """Return the amphoe of the scope, in the order of their codes."""
    return sorted(evidence.tambons["amphoe_code"].unique())


def within_scope(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the amphoe that a report is about.

    A province may belong to the area in part: what came from its other amphoe stands in no table.
    """
    return rows[rows["amphoe_code"].isin(amphoe_codes(evidence))]


def meetings_that_count(evidence: Evidence) -> pd.DataFrame:
    """Return the meetings that report how many came and how many of them were women.

    One row a meeting; ``form`` is a digest of what it reported.
    """
    meetings = within_scope(evidence, evidence.meetings)
    known = (meetings[WOMEN] <= meetings["n_public"]).fillna(value=False)
    held = meetings[known]
    return held.assign(**{FORM: form_digests(held)}).reset_index(drop=True)


def women_at_meetings(evidence: Evidence) -> ProtectedNumbers:
    """Return how many of the public came to meetings, and how many of them were women."""
    return evidence.gate.protect(
        meetings_that_count(evidence), tables={"amphoe_code": amphoe_codes(evidence)},
        answers={WOMEN: (0, 1)}, count="n_public",
    )  # fmt: skip


def first_needs(evidence: Evidence) -> ProtectedNumbers:
    """Return how many people named a sector first, by amphoe and by sector."""
    tables = {"amphoe_code": amphoe_codes(evidence), "need_rank_1": NAMED}
    return evidence.gate.protect(unprompted(evidence), tables=tables)


def print_indicators(evidence: Evidence, found: pd.DataFrame) -> pd.DataFrame:
    """Return indicators with those about people as the gate prints them.

    What leaves a notebook, in tables and as results, is this and no more.

    Parameters
    ----------
    evidence : Evidence
    found : pandas.DataFrame
        As `evallib.needs.alignment` returns it. Not modified.
    """
    found = found.copy()
    named, women = first_needs(evidence), women_at_meetings(evidence)
    for at in found.index[found["indicator"].isin(OF_PEOPLE)]:
        where = _category(str(found.loc[at, "scope"]))
        if found.loc[at, "indicator"] == "A17":
            people, value = named.people(*where), _one_decimal(found.loc[at, "value"])
        else:
            people, value = women.people(*where), women.measure(WOMEN, *where).value
        if people.low <= evidence.gate.threshold:
            value = None
        if value is None and found.loc[at, "note"] not in _NOT_OF_PEOPLE:
            found.loc[at, "note"] = "few_people"  # nobody, or too few: a reader must not tell which
        found.loc[at, "value"] = float("nan") if value is None else value
        found.loc[at, "n"] = pd.NA if people.value is None else int(people.value)
    return found


def _category(scope: str) -> tuple[str, str]:
    """Return table and category of an amphoe; a province, or the area, is everyone."""
    return ("amphoe_code", scope) if len(scope) == AMPHOE_DIGITS else (EVERYONE, EVERYONE)


def _one_decimal(value: float) -> float | None:
    """Return a gap of ranks so that it tells no answer."""
    return None if pd.isna(value) else round(float(value), 1)


def releases_of(evidence: Evidence) -> pd.DataFrame:
    """Return which set of forms of each province and quarter this report rests on.

    Rows of the release register, to be emitted by a notebook that shows people. A set is named by
    a digest: it tells nothing to who does not hold the forms.
    """
    e = evidence
    if e.survey.empty:
        return empty("releases").drop(columns=["run_id", "as_of"])
    sets = [
        dict(zip(BLOCK, block, strict=True)) | {SET: set_id(forms)}
        for block, forms in e.survey.groupby(list(BLOCK), sort=True)
    ]
    return pd.DataFrame(sets).assign(scope=e.scope, period=str(e.period))
