"""Each baht once: from all rows that agencies sent to the budget that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.report.document import Block, Figure
from evallib.report.figures import baht_ledger_figure, waterfall_figure
from evallib.report.sections.names import agency_names

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.evidence import Evidence


def ledger_blocks(evidence: Evidence) -> list[Block]:
    """Return the waterfall of all agencies and the bars of each."""
    e, language = evidence, evidence.language
    return [
        Figure(
            waterfall_figure(language=language, **budget_ledger(e)),
            e.word("projects.waterfall_caption"), note=e.word("projects.waterfall_note"),
            language=language,
        ),
        Figure(
            baht_ledger_figure(ledger_by_agency(e), language=language), e.word("ledger.caption"),
            note=e.word("ledger.note"), language=language,
        ),
    ]  # fmt: skip


def ledger_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return the ledger of the projects in scope as it was known, with the names of agencies.

    Columns of the contract ``baht_ledger`` and ``agency``.
    """
    from evallib.register import baht_ledger  # brings the cleaning

    day = evidence.as_of.isoformat()
    rows, parts = (evidence.store.read(name, as_of=day)
                   for name in ("project_submissions", "project_parts"))  # fmt: skip
    here = evidence.projects["project_uid"]
    inside = parts["parent_project_uid"].isin(here) & parts["project_uid"].isin(here)
    ledger = baht_ledger(rows[rows["project_uid"].isin(here)], evidence.projects, parts[inside])
    return ledger.assign(agency=agency_names(ledger["agency_id"], evidence.language))


def budget_ledger(evidence: Evidence) -> dict[str, float]:
    """Return baht as reported, counted twice, and unique: the first less the second.

    A project that its agency sends again each quarter is reported once here; counted twice is what
    another agency reports too, or what is part of a lump budget.
    """
    from evallib.register import total_ledger  # brings the cleaning

    total = total_ledger(ledger_by_agency(evidence)).sum()
    doubled = float(total["duplicated"] + total["contained"])
    unique = float(total["unique_baht"])
    return {"reported": unique + doubled, "duplicates": doubled, "unique": unique}
