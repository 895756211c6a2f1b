"""Cover: what this is, of when, known when, how complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.i18n import format_date, format_number
from evallib.report.document import Block, Callout, Cover

if TYPE_CHECKING:
    from evallib.report.evidence import Evidence


def cover_section(evidence: Evidence) -> list[Block]:
    """Return the cover, and a warning when the data are synthetic."""
    e, language = evidence, evidence.language
    yearly = e.period.quarter == 0
    title = e.word("cover.title_year" if yearly else "cover.title", scope=e.scope_name())
    dates = f"{format_date(e.period.start, language)} – {format_date(e.period.end, language)}"
    met = e.meetings["tambon_code"].nunique()
    facts = (
        (e.word("cover.dates"), dates),
        (e.word("cover.as_of"), format_date(e.as_of, language)),
        (e.word("cover.edition"), e.word(f"edition.{e.edition}")),
        (e.word("cover.councils"), e.word("cover.of_tambons", met=format_number(met),
                                          all=format_number(len(e.tambons)))),
        (e.word("cover.agencies"), format_number(e.projects["agency_id"].nunique())),
        (e.word("cover.files"), format_number(len(e.inputs))),
    )  # fmt: skip
    blocks: list[Block] = [Cover(title, e.period.label(language), facts, language=language)]
    if e.synthetic:
        blocks.append(Callout("warning", e.word("cover.synthetic"), language=language))
    return blocks
