"""Data quality, limitations and provenance: what the numbers above rest on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean import scrub_identifiers
from evallib.findings import Finding
from evallib.i18n import format_date, format_number
from evallib.report.figures.quality import DIMENSIONS, quality_figure
from evallib.report.sections.impact import Signal
from evallib.report.sections.names import agency_names
from evallib.version import __version__

if TYPE_CHECKING:
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence
    from evallib.report.sections.impact import NoSignal

SHOWABLE = re.compile(r"[\d\s,.:;/%()<>=≠\-–]*")
HIDDEN = "…"


def quality_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on data quality: scores, files and rows by agency, findings by kind."""
    e, write = evidence, evidence.write("quality", number)
    return [
        write.heading(e.word("quality.heading")),
        *quality_score_blocks(e),
        write.table(
            quality_by_agency(e), e.word("quality.caption"),
            columns=(e.word("agency"), e.word("quality.files"), e.word("quality.rows"),
                     e.word("quality.accepted"), e.word("quality.errors"),
                     e.word("quality.warnings")),
            formats={"files": "int", "rows": "int", "share": "percent", "errors": "int",
                     "warnings": "int"},
            note=e.word("quality.note"),
        ),
        write.findings(findings_of(e), e.word("quality.findings_caption")),
    ]  # fmt: skip


def findings_of(evidence: Evidence) -> tuple[Finding, ...]:
    """Return the findings of intake about the period, errors and warnings only.

    What stood in a cell is shown only when it holds no letter: somebody may have written a name or
    a sentence there. Whoever sent it finds the words in the file that was sent.
    """
    rows = evidence.findings[evidence.findings["severity"] != "info"]
    shown = rows[["code", "severity", "where", "value"]].fillna("")
    shown["where"], _ = scrub_identifiers(shown["where"])  # a file may be named for a person
    return tuple(
        Finding(code, severity, where, value if SHOWABLE.fullmatch(value) else HIDDEN)
        for code, severity, where, value in shown.itertuples(index=False)
    )


def quality_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return files, rows, the share accepted, errors and warnings by agency."""
    e = evidence
    sender = e.inputs["agency_id"].fillna("")
    grouped = e.inputs.groupby(sender).agg(
        files=("file", "size"), rows=("rows_read", "sum"), accepted=("rows_accepted", "sum")
    )
    about = e.findings.assign(agency=e.findings["agency_id"].fillna(""))
    counts = about.groupby(["agency", "severity"]).size().unstack(fill_value=0)
    table = grouped.join(counts).fillna(0).rename_axis("agency").reset_index()
    names = agency_names(table["agency"], e.language)
    table["agency"] = names.where(table["agency"] != "", e.word("quality.councils_and_others"))
    empty = pd.Series(0, index=table.index)
    return pd.DataFrame({
        "agency": table["agency"], "files": table["files"], "rows": table["rows"],
        "share": table["accepted"] / table["rows"].where(table["rows"] > 0),
        "errors": table.get("error", empty), "warnings": table.get("warning", empty),
    }).sort_values("rows", ascending=False, kind="stable").reset_index(drop=True)  # fmt: skip


def limitations_section(
    evidence: Evidence, signal: Signal | NoSignal, *, number: int | None = None
) -> list[Block]:
    """Return the limitations, each by a rule from what was found."""
    e, write = evidence, evidence.write("limitations", number)
    return [
        write.heading(e.word("limits.heading")),
        write.items(tuple(limitations_of(e, signal))),
    ]


def limitations_of(evidence: Evidence, signal: Signal | NoSignal) -> list[str]:
    """Return the sentences that the data of this report make true."""
    e = evidence
    met = e.meetings["tambon_code"].nunique() / max(len(e.tambons), 1)
    unplaced = int(e.projects["tambon_code"].isna().sum())
    unspent = int(e.projects["budget_approved"].isna().sum())
    other = float((e.needs["sector_code"] == "OTH").mean()) if len(e.needs) else 0.0
    verdict = signal.verdict.code if isinstance(signal, Signal) else ""
    answered = bool(verdict)
    rules = [
        (e.synthetic, e.word("limits.synthetic")),
        (e.edition == "preliminary", e.word("limits.preliminary",
                                            date=format_date(e.as_of, e.language))),
        (met < 1, e.word("limits.councils", share=format_number(100 * met))),
        (unplaced > 0, e.word("limits.unplaced", n=format_number(unplaced))),
        (unspent > 0, e.word("limits.no_budget", n=format_number(unspent))),
        (other > 0.1, e.word("limits.other_sector", share=format_number(100 * other))),
        (True, e.word("limits.links")),
        (not answered, e.word("limits.no_impact")),
        (verdict == "inconclusive", e.word("limits.inconclusive")),
        (answered, e.word("limits.assumption")),
    ]  # fmt: skip
    return [sentence for applies, sentence in rules if applies]


def provenance_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return where the numbers come from and how to make them again."""
    e, write = evidence, evidence.write("provenance", number)
    kinds = e.inputs.groupby("kind").agg(
        files=("file", "size"), rows=("rows_read", "sum"), accepted=("rows_accepted", "sum")
    )
    table = kinds.reset_index()
    table["kind"] = [e.word(f"kind.{kind}") for kind in table["kind"]]
    return [
        write.heading(e.word("provenance.heading")),
        write.table(
            table, e.word("provenance.caption"),
            columns=(e.word("provenance.kind"), e.word("quality.files"), e.word("quality.rows"),
                     e.word("quality.accepted_rows")),
            formats={"files": "int", "rows": "int", "accepted": "int"},
        ),
        write.prose(e.word("provenance.text", version=__version__,
                           as_of=format_date(e.as_of, e.language),
                           period=e.period.label(e.language), scope=e.scope_name(),
                           threshold=e.settings.threshold)),
        write.footnote(e.word("provenance.credits")),
    ]  # fmt: skip


def quality_score_blocks(evidence: Evidence) -> list[Block]:
    """Return what the chapter on data quality says of the scores; nothing where there are none.

    Agencies report by duty and are not persons: their scores are never suppressed.
    """
    e, write = evidence, evidence.write()
    table = quality_scores_by_agency(e)
    if table.empty:
        return []
    means = {name: format_number(100 * table[name].mean(), decimals=1) for name in DIMENSIONS}
    absent = int((e.quality["n_files"] == 0).sum())
    scores = ("overall", *DIMENSIONS)
    return [
        write.prose(e.word("quality.scores_text", agencies=len(table), absent=absent, **means)),
        write.figure(quality_figure, table, caption=e.word("quality.scores_figure_caption")),
        write.table(
            table[["agency", "reports", "rows", *scores]], e.word("quality.scores_caption"),
            columns=(e.word("agency"), e.word("quality.files"), e.word("quality.rows"),
                     *(e.word(f"quality.{name}") for name in scores)),
            formats={"reports": "int", "rows": "int", "overall": "percent",
                     "completeness": "percent", "timeliness": "percent",
                     "consistency": "percent", "correctness": "percent"},
            note=e.word("quality.scores_note"),
        ),
    ]  # fmt: skip


def quality_scores_by_agency(evidence: Evidence) -> pd.DataFrame:
    """Return the scores of each agency, of a year the mean of its quarters, the lowest first."""
    scores = ["overall", *DIMENSIONS]
    grouped = evidence.quality.groupby("agency_id")
    table = grouped[scores].mean().join(grouped[["n_files", "n_rows"]].sum()).reset_index()
    table = table.sort_values(["overall", "agency_id"], ignore_index=True)
    names = agency_names(table["agency_id"], evidence.language)
    return pd.DataFrame(
        {"agency": names, "reports": table["n_files"], "rows": table["n_rows"]}
    ).join(table[scores])
