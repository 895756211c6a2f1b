"""Alignment: do projects meet the needs that people stated, and where do they not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.needs import alignment as compute_alignment
from evallib.report.document import Block, Callout, Figure, Heading, Prose, Table
from evallib.report.figures import alignment_figure, need_project_heatmap_figure
from evallib.report.sections.names import amphoe_names, sector_names

if TYPE_CHECKING:
    from evallib.report.evidence import Evidence

SHOWN = ("A1", "A2", "A3", "A4", "A5", "A9")
ENOUGH_COUNCILS = 0.6


def alignment_of(evidence: Evidence) -> pd.DataFrame:
    """Return the alignment indicators of the scope and of its amphoe.

    What becomes of this year's needs (A1-A3, A9) looks at the projects of every year; where this
    year's projects come from (A4, A5) looks at the needs of every year.
    """
    e = evidence
    by = ("area" if e.scope == "area" else "province", "amphoe")
    answered = compute_alignment(
        e.needs, e.every_project, e.links, votes=e.votes, progress=e.every_progress, by=by,
        seed=e.settings.seed,
    )  # fmt: skip
    asked = compute_alignment(e.every_need, e.projects, e.links, by=by, seed=e.settings.seed)
    of_projects = asked["indicator"].isin(["A4", "A5"])
    both = [answered[~answered["indicator"].isin(["A4", "A5"])], asked[of_projects]]
    measured: pd.DataFrame = pd.concat(both, ignore_index=True)
    return measured.sort_values(["scope", "indicator"], ignore_index=True)


def alignment_section(
    evidence: Evidence, alignment: pd.DataFrame, *, number: int = 4
) -> list[Block]:
    """Return the chapter on alignment: indicators with intervals, heat map, coverage by amphoe."""
    e, language = evidence, evidence.language
    here = alignment[(alignment["scope"] == e.scope) & alignment["indicator"].isin(SHOWN)]
    labelled = here.assign(label=[e.word(f"alignment.{i}") for i in here["indicator"]])
    blocks: list[Block] = [
        Heading(e.word("alignment.heading"), number=str(number), language=language),
        Prose(e.word("alignment.method"), language=language),
    ]
    share = e.meetings["tambon_code"].nunique() / max(len(e.tambons), 1)
    if share < ENOUGH_COUNCILS:
        blocks.append(Callout("warning", e.word("alignment.few_councils"), language=language))
    return [
        *blocks,
        Figure(
            alignment_figure(labelled[["indicator", "label", "value", "low", "high"]],
                             language=language),
            e.word("alignment.figure_caption"), language=language,
        ),
        Table(
            labelled[["indicator", "label", "value", "low", "high", "n"]].reset_index(drop=True),
            e.word("alignment.caption"),
            columns=(e.word("indicator"), e.word("meaning"), e.word("value"), e.word("low"),
                     e.word("high"), "n"),
            formats={"value": "percent", "low": "percent", "high": "percent", "n": "int"},
            note=e.word("alignment.note"), language=language,
        ),
        Figure(
            need_project_heatmap_figure(link_mass(e), language=language),
            e.word("alignment.heatmap_caption"), language=language,
        ),
        Table(
            coverage_by_amphoe(e, alignment), e.word("alignment.amphoe_caption"),
            columns=(e.word("amphoe"), e.word("n_needs"), e.word("alignment.A2"),
                     e.word("low"), e.word("high"), e.word("alignment.A9")),
            formats={"n": "int", "A2": "percent", "low": "percent", "high": "percent",
                     "A9": "percent"}, language=language,
        ),
    ]  # fmt: skip


def link_mass(evidence: Evidence) -> pd.DataFrame:
    """Return the expected number of links of this year's needs (rows) with projects, by sector."""
    e = evidence
    links = e.links[
        (e.links["reviewer_state"] != "rejected") & e.links["need_id"].isin(e.needs["need_id"])
    ]
    need = e.every_need.set_index("need_id")["sector_code"]
    project = e.every_project.set_index("project_uid")["sector_code"]
    pairs = pd.DataFrame({
        "need": links["need_id"].map(need), "project": links["project_uid"].map(project),
        "score": links["score"],
    })  # fmt: skip
    table = pairs.pivot_table(index="need", columns="project", values="score", aggfunc="sum")
    table = table.fillna(0.0)
    table.index = pd.Index(sector_names(table.index.to_series(), e.language))
    table.columns = pd.Index(sector_names(table.columns.to_series(), e.language))
    return table


def coverage_by_amphoe(evidence: Evidence, alignment: pd.DataFrame) -> pd.DataFrame:
    """Return weighted coverage and unmet need by amphoe, in the order of the register.

    Not sorted by value: these are no league tables.
    """
    codes = evidence.tambons["amphoe_code"].drop_duplicates().sort_values()
    rows = alignment[alignment["scope"].isin(codes)]
    coverage = rows[rows["indicator"] == "A2"].set_index("scope")
    unmet = rows[rows["indicator"] == "A9"].set_index("scope")["value"]
    stated = codes[codes.isin(coverage.index)]
    return pd.DataFrame({
        "amphoe": amphoe_names(stated, evidence.language).to_numpy(),
        "n": coverage.loc[stated, "n"].to_numpy(),
        "A2": coverage.loc[stated, "value"].to_numpy(),
        "low": coverage.loc[stated, "low"].to_numpy(),
        "high": coverage.loc[stated, "high"].to_numpy(),
        "A9": unmet.loc[stated].to_numpy(),
    })  # fmt: skip
