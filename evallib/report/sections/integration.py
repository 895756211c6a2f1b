"""Integration: agencies side by side, needs that none has, each baht once by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.i18n import format_number
from evallib.needs import agency_gaps, agency_overlap, project_captures
from evallib.report.sections.names import agency_names, sector_names

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.document import Block
    from evallib.report.evidence import Evidence

SHOWN = 10


def integration_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on integration and overlap."""
    e, write = evidence, evidence.write("integration", number)
    return [
        write.heading(e.word("integration.heading")),
        write.prose(_completeness(e)),
        write.table(
            overlaps(e), e.word("integration.overlap_caption"),
            columns=(e.word("agency"), e.word("integration.other"), e.word("integration.places"),
                     e.word("n_projects"), e.word("budget")),
            formats={"places": "int", "projects": "int", "baht": "million_baht"},
            note=e.word("integration.overlap_note"),
        ),
        write.table(
            gaps(e), e.word("integration.gaps_caption"),
            columns=(e.word("sector"), e.word("integration.first_needs"),
                     e.word("integration.without"), e.word("share")),
            formats={"first_needs": "int", "without_agency": "int", "share": "percent"},
            note=e.word("integration.gaps_note"),
        ),
        write.table(
            ledger_by_sector(e), e.word("integration.ledger_caption"), total=True,
            columns=(e.word("sector"), e.word("n_projects"),
                     *(e.word(f"integration.{name}") for name in
                       ("reported", "repeated", "duplicated", "contained", "unique"))),
            formats={"n_projects": "int", "reported": "million_baht", "repeated": "million_baht",
                     "duplicated": "million_baht", "contained": "million_baht",
                     "unique_baht": "million_baht"},
            note=e.word("integration.ledger_note"),
        ),
    ]  # fmt: skip


def overlaps(evidence: Evidence) -> pd.DataFrame:
    """Return the ten pairs of agencies that share the most places, by name."""
    table: pd.DataFrame = agency_overlap(evidence.projects).head(SHOWN)
    for name in ("agency_id", "other_agency_id"):
        table[name] = agency_names(table[name], evidence.language)
    return table


def gaps(evidence: Evidence) -> pd.DataFrame:
    """Return by sector the first needs of tambons that no agency has."""
    e = evidence
    table: pd.DataFrame = agency_gaps(
        e.every_need, e.every_project, e.links, votes=e.votes, period=e.period
    )
    table = table[table["sector_code"] != "OTH"].reset_index(drop=True)
    table.insert(0, "sector", sector_names(table.pop("sector_code"), e.language))
    return table.assign(without_agency=table["without_agency"].round())


def ledger_by_sector(evidence: Evidence) -> pd.DataFrame:
    """Return the ledger of the projects in scope by sector, in baht, with a total row."""
    import pandas as pd

    from evallib.register import sector_ledger  # brings the cleaning

    e, day = evidence, evidence.as_of.isoformat()
    rows, parts = (e.store.read(name, as_of=day)
                   for name in ("project_submissions", "project_parts"))  # fmt: skip
    here = e.projects["project_uid"]
    inside = parts["parent_project_uid"].isin(here) & parts["project_uid"].isin(here)
    table = sector_ledger(rows[rows["project_uid"].isin(here)], e.projects, parts[inside])
    table = table.drop(columns="fiscal_year").groupby("sector_code", sort=True).sum().reset_index()
    table.insert(0, "sector", sector_names(table.pop("sector_code"), e.language))
    total = pd.DataFrame([{"sector": e.word("total"), **table.drop(columns="sector").sum()}])
    return pd.concat([table, total], ignore_index=True).astype({"n_projects": "int64"})


def _completeness(e: Evidence) -> str:
    """Say why these lists cannot tell how complete the register is, and which would.

    Agencies divide the work between them. Capture and recapture of lists that divide it finds
    many times the projects that there are, so no number is printed from them.
    """
    shared = int((project_captures(e.projects).sum(axis=1) > 1).sum())
    return e.word(
        "integration.completeness", n=format_number(len(e.projects)), shared=format_number(shared)
    )
