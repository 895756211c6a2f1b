"""Alignment: do projects meet the needs that people stated, and where do they not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from evallib.i18n import format_number, format_percent
from evallib.needs import AlignmentInputs, response_curves, weigh_needs
from evallib.needs import alignment as compute_alignment
from evallib.report.figures import (
    alignment_figure,
    coverage_figure,
    need_project_heatmap_figure,
    proportion_figure,
    response_lag_figure,
    sector_ranks_figure,
)
from evallib.report.sections.names import amphoe_names, sector_names
from evallib.report.sections.people import first_needs, print_indicators

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence

SHARES = ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A9", "A10", "A12", "A14")
OTHERS = (
    "A8", "A8.ndcg", "A11.plan", "A11", "A11.delivered", "A12.mandated", "A13", "A13.overlap",
    "A15", "A16", "A17", "A19", "A19.flagged", "A20",
)  # fmt: skip
PLAIN = ("A8", "A8.ndcg", "A17")  # numbers without a unit; all else not listed is a share
QUARTERS = ("A11.plan", "A11", "A11.delivered")
POINTS, COUNT, SCORE = "A19", "A19.flagged", "A20"
SURE, LEAST_P = 0.05, 0.001


def alignment_of(evidence: Evidence, *, draws: int = 1000) -> pd.DataFrame:
    """Return the alignment indicators of the scope and of its amphoe.

    Needs of the fiscal year until the period count, and the projects of the fiscal year; links are
    among those of every year. Without ``draws`` there are no intervals.
    """
    e = evidence
    by = ("area" if e.scope == "area" else "province", "amphoe")
    day = e.as_of.isoformat()
    progress, duplicates = (e.store.read(table, as_of=day)
                            for table in ("project_progress", "project_duplicates"))  # fmt: skip
    inputs = AlignmentInputs(
        e.every_need, e.every_project, e.links, votes=e.votes, progress=progress,
        meetings=e.meetings, survey=e.survey, duplicates=duplicates, quality=e.quality,
        year_to_date=True,
    )  # fmt: skip
    found = compute_alignment(inputs, period=e.period, by=by, draws=draws, seed=e.settings.seed)
    return print_indicators(e, found)


def alignment_section(
    evidence: Evidence, alignment: pd.DataFrame, *, number: int | None = None
) -> list[Block]:
    """Return the chapter on alignment: indicators, heat map, amphoe, sectors and waiting."""
    e, write = evidence, evidence.write("alignment", number)
    here = alignment[alignment["scope"] == e.scope].set_index("indicator", drop=False)
    shares = _shares(e, here)
    blocks: list[Block] = [
        write.heading(e.word("alignment.heading")),
        write.prose(e.word("alignment.method")),
    ]
    if here["note"].eq("few_meetings").any():
        blocks.append(write.callout("warning", e.word("alignment.few_councils")))
    return [
        *blocks,
        write.figure(
            alignment_figure, shares[["indicator", "label", "value", "low", "high", "null"]],
            caption=e.word("alignment.figure_caption"),
        ),
        write.prose(against_chance(e, here)),
        write.table(
            shares[["indicator", "label", "value", "low", "high", "n"]],
            e.word("alignment.caption"),
            columns=(e.word("indicator"), e.word("meaning"), e.word("value"), e.word("low"),
                     e.word("high"), "n"),
            formats={"value": "percent", "low": "percent", "high": "percent", "n": "int"},
            note=e.word("alignment.note"),
        ),
        write.figure(
            need_project_heatmap_figure, link_mass(e), caption=e.word("alignment.heatmap_caption")
        ),
        write.figure(
            coverage_figure, coverage_by_amphoe(e, alignment),
            caption=e.word("alignment.amphoe_caption"),
        ),
        *agreement_blocks(e),
        write.table(
            other_indicators(e, here), e.word("alignment.others_caption"),
            columns=(e.word("indicator"), e.word("meaning"), e.word("value"), "n"),
            formats={"n": "int"}, note=e.word("alignment.others_note"),
        ),
    ]  # fmt: skip


def _shares(e: Evidence, here: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators that are shares, with their meaning and what chance would give."""
    rows = here.reindex(list(SHARES))
    labels = [e.word(f"alignment.{i}") for i in rows.index]
    rows = rows.assign(indicator=rows.index, label=labels, null=rows["null_mean"])
    return rows.reset_index(drop=True)


def against_chance(evidence: Evidence, here: pd.DataFrame) -> str:
    """Return in words how far budgets are from needs, beyond what chance alone would give."""
    e = evidence
    found = here.reindex(["A7"]).iloc[0]
    value, chance, p = (float(found[name]) for name in ("value", "null_mean", "null_p"))
    if math.isnan(p):
        return e.word("alignment.chance_none")
    return e.word(
        "alignment.chance_far" if p <= SURE else "alignment.chance_near",
        value=format_percent(value, e.language), chance=format_percent(chance, e.language),
        p="< 0.001" if p < LEAST_P else f"= {format_number(p, decimals=3)}",
    )  # fmt: skip


def other_indicators(evidence: Evidence, here: pd.DataFrame) -> pd.DataFrame:
    """Return indicator, meaning, value in its unit or why there is none, and n."""
    e = evidence
    rows = here.reindex(list(OTHERS))
    return pd.DataFrame({
        "indicator": rows.index,
        "label": [e.word(f"alignment.{i}") for i in rows.index],
        "value": [_written(e, i, rows.loc[i]) for i in rows.index],
        "n": rows["n"].to_numpy(),
    })  # fmt: skip


def _written(e: Evidence, indicator: str, row: pd.Series) -> str:
    """Write a value with its unit and interval, or why there is none."""
    if pd.isna(row["value"]):
        from evallib.i18n import text

        reason = row["note"] if isinstance(row["note"], str) and row["note"] else "not_given"
        return text(f"needs.note.{reason}", e.language)
    shown = _with_unit(e, indicator, row["value"])
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return shown
    scale = 100.0 if _share(indicator) else 1.0
    low, high = (
        format_number(scale * row[side], decimals=_decimals(indicator)) for side in ("low", "high")
    )
    return f"{shown} [{low}, {high}]"


def _share(indicator: str) -> bool:
    return indicator not in (*PLAIN, *QUARTERS, POINTS, COUNT, SCORE)


def _decimals(indicator: str) -> int:
    whole = indicator in (*QUARTERS, COUNT)
    return 2 if indicator in PLAIN else 0 if whole else 1


def _with_unit(e: Evidence, indicator: str, value: float) -> str:
    if _share(indicator):
        return format_percent(value, e.language)
    number = format_number(value, decimals=_decimals(indicator))
    if indicator in QUARTERS:
        return e.word("quarters", value=number)
    return e.word("points", value=number) if indicator == POINTS else number


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
    """Return amphoe, weighted coverage with its interval, and needs, in the order of the register.

    Not sorted by value: these are no league tables.
    """
    codes = evidence.tambons["amphoe_code"].drop_duplicates().sort_values()
    rows = alignment[alignment["scope"].isin(codes) & (alignment["indicator"] == "A2")]
    rows = rows.sort_values("scope", ignore_index=True)
    return pd.DataFrame({
        "amphoe": amphoe_names(rows["scope"], evidence.language),
        "value": rows["value"], "low": rows["low"], "high": rows["high"], "n": rows["n"],
    })  # fmt: skip


ANYTHING = "OTH"


def agreement_blocks(evidence: Evidence) -> list[Block]:
    """Return the figures of shares, ranks and waiting."""
    e, write = evidence, evidence.write()
    progress = e.store.read("project_progress", as_of=e.as_of.isoformat())
    curves = response_curves(
        e.every_need, e.every_project, e.links, progress=progress, period=e.period
    )
    return [
        write.figure(
            proportion_figure, sector_shares(e), caption=e.word("agreement.shares_caption")
        ),
        write.figure(
            sector_ranks_figure, sector_ranks(e), caption=e.word("agreement.ranks_caption"),
            note=e.word("agreement.ranks_note", n=e.settings.threshold),
        ),
        write.figure(
            response_lag_figure, curves, caption=e.word("agreement.response_caption"),
            note=e.word("agreement.response_note"),
        ),
    ]  # fmt: skip


def sector_shares(evidence: Evidence) -> pd.DataFrame:
    """Return sector, share of the needs by priority, and share of the budgets of the year."""
    need, budget = need_weights(evidence), _budgets(evidence)
    table = pd.DataFrame({"need": need / need.sum(), "budget": budget / budget.sum()})
    table = table.fillna(0.0).rename_axis("sector_code").reset_index()
    table.insert(0, "sector", sector_names(table["sector_code"], evidence.language))
    return table[["sector", "need", "budget"]]


def need_weights(evidence: Evidence) -> pd.Series:
    """Return what the needs of each sector weigh, each tambon counting the same."""
    weights, _ = weigh_needs(evidence.needs, evidence.votes)
    of_need = evidence.needs["need_id"].map(weights).astype("float64")
    return of_need.groupby(evidence.needs["sector_code"]).sum()


def _budgets(evidence: Evidence) -> pd.Series:
    budget = evidence.projects["budget_approved"].astype("float64").fillna(0.0)
    return budget.groupby(evidence.projects["sector_code"]).sum()


def sector_ranks(evidence: Evidence) -> pd.DataFrame:
    """Return sector, its rank with the councils and, where enough people named it, in the survey.

    Answers given while an official was present are left out, as in A17. Ranks are those of the
    numbers that the gate prints.
    """
    e = evidence
    need = need_weights(e).drop(ANYTHING, errors="ignore")
    named = first_needs(e).table("need_rank_1").numbers.dropna(subset=["n"])
    table = pd.DataFrame({
        "council": need.round(12).rank(ascending=False, method="min"),
        "survey": named.set_index("need_rank_1")["n"].rank(ascending=False, method="min"),
    }).rename_axis("sector_code").reset_index()  # fmt: skip
    table.insert(0, "sector", sector_names(table["sector_code"], e.language))
    return table[["sector", "council", "survey"]]
