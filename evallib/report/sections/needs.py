"""What people asked for: needs by sector, councils that met, voices heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number, format_percent
from evallib.needs import weigh_needs
from evallib.report.figures import needs_by_sector_figure
from evallib.report.sections.names import amphoe_names, sector_names
from evallib.report.sections.people import WOMEN, women_at_meetings

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence


def needs_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on stated needs. No need is shown in the words of those who stated it."""
    e, write = evidence, evidence.write("needs", number)
    note = "needs.councils_note" if e.period.quarter else "needs.councils_note_year"
    return [
        write.heading(e.word("needs.heading")),
        write.prose(_summary(e)),
        write.figure(
            needs_by_sector_figure, needs_by_sector(e), caption=e.word("needs.figure_caption")
        ),
        write.table(
            councils_by_amphoe(e), e.word("needs.councils_caption"), total=True,
            columns=(e.word("amphoe"), e.word("tambons"), e.word("councils_met"), e.word("share"),
                     e.word("n_needs")),
            formats={"tambons": "int", "met": "int", "share": "percent", "needs": "int"},
            note=e.word(note),
        ),
    ]  # fmt: skip


def needs_by_sector(evidence: Evidence) -> pd.DataFrame:
    """Return columns sector, n_needs and weight by sector, most stated first.

    ``weight`` is the share of people's priority: within each tambon votes, else ranks by
    rank-order centroids, else equal parts; tambons count equally.
    """
    e = evidence
    weights, _ = weigh_needs(e.needs, e.votes)
    needs = e.needs.assign(weight=e.needs["need_id"].map(weights).astype(float))
    table = needs.groupby("sector_code").agg(n_needs=("need_id", "size"), weight=("weight", "sum"))
    table["weight"] /= table["weight"].sum() or 1.0
    table = table.sort_values(["n_needs"], ascending=False, kind="stable").reset_index()
    table["sector"] = sector_names(table["sector_code"], e.language)
    return table[["sector", "n_needs", "weight"]]


def councils_by_amphoe(evidence: Evidence) -> pd.DataFrame:
    """Return tambons, councils that met, their share and needs stated, by amphoe with a total."""
    e = evidence
    codes = e.tambons["amphoe_code"].drop_duplicates().sort_values().reset_index(drop=True)
    table = pd.DataFrame({
        "amphoe": amphoe_names(codes, e.language),
        "tambons": codes.map(e.tambons["amphoe_code"].value_counts()),
        "met": codes.map(e.meetings.groupby("amphoe_code")["tambon_code"].nunique()).fillna(0),
    })  # fmt: skip
    table["needs"] = codes.map(e.needs["amphoe_code"].value_counts()).fillna(0)
    total = table[["tambons", "met", "needs"]].sum()
    table.loc[len(table)] = {"amphoe": e.word("total"), **total.to_dict()}
    counts = table[["tambons", "met", "needs"]].astype("int64")
    return pd.DataFrame({
        "amphoe": table["amphoe"], "tambons": counts["tambons"], "met": counts["met"],
        "share": counts["met"] / counts["tambons"], "needs": counts["needs"],
    })  # fmt: skip


def _summary(e: Evidence) -> str:
    met, every = e.meetings["tambon_code"].nunique(), len(e.tambons)
    written = e.word(
        "needs.summary" if e.period.quarter else "needs.summary_year",
        met=format_number(met), all=format_number(every),
        share=format_percent(met / every if every else None, e.language),
        needs=format_number(len(e.needs)),
    )  # fmt: skip
    voices = _voices(e)
    return f"{written}\n\n{voices}" if voices else written


def _voices(e: Evidence) -> str:
    """Return the share of women among the public, where enough of either came."""
    came = women_at_meetings(e)
    share = came.measure(WOMEN).value
    if share is None:
        return ""
    women = format_percent(share, e.language, decimals=0)
    return e.word("needs.voices", n=came.people().text, women=women)
