"""Cover: what this is, of when, known when, how complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.i18n import format_date, format_number

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence


def cover_section(evidence: Evidence) -> list[Block]:
    """Return the cover, and a warning when the data are synthetic."""
    e, write = evidence, evidence.write()
    yearly = e.period.quarter == 0
    title = e.word("cover.title_year" if yearly else "cover.title", scope=e.scope_name())
    dates = f"{format_date(e.period.start, e.language)} – {format_date(e.period.end, e.language)}"
    met = e.meetings["tambon_code"].nunique()
    facts = (
        (e.word("cover.dates"), dates),
        (e.word("cover.as_of"), format_date(e.as_of, e.language)),
        (e.word("cover.edition"), e.word(f"edition.{e.edition}")),
        (e.word("cover.councils"), e.word("cover.of_tambons", met=format_number(met),
                                          all=format_number(len(e.tambons)))),
        (e.word("cover.agencies"), format_number(e.projects["agency_id"].nunique())),
        (e.word("cover.files"), format_number(len(e.inputs))),
    )  # fmt: skip
    blocks: list[Block] = [write.cover(title, e.period.label(e.language), facts)]
    if e.synthetic:
        blocks.append(write.callout("warning", e.word("cover.synthetic")))
    return blocks
