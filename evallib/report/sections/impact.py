"""Impact signal: the pooled event study, what it can see, and the verdict that it allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import DesignError, SchemaError, with_nearest
from evallib.i18n import format_number, text
from evallib.impact import (
    Design,
    build_panel,
    estimate_imputation,
    estimate_staggered,
    minimum_detectable_effect,
    power_of_panel,
    pre_trend_test,
    verdict,
)
from evallib.impact.arrays.programme import UNKNOWN, unknown_programme
from evallib.report.figures import event_study_figure, trend_figure
from evallib.tables import empty

if TYPE_CHECKING:
    from evallib.findings import Finding
    from evallib.impact import Effect, Verdict
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence
    from evallib.report.writer import Writer

BANDS = 999


@dataclass(frozen=True, slots=True)
class Signal:
    """What the impact chapter shows: panel, effect, size that can be seen, and verdict.

    ``imputed`` is the same effect estimated in another way, where it can be.
    """

    panel: pd.DataFrame
    effect: Effect
    imputed: Effect | None
    mde: float
    verdict: Verdict

    @property
    def pre_trend_p(self) -> float:
        """P value of the joint test before the start."""
        return pre_trend_test(self.effect).p_value


@dataclass(frozen=True, slots=True)
class NoSignal:
    """The data cannot answer the question of impact; ``reason`` says why."""

    reason: DesignError


def impact_signal(evidence: Evidence) -> Signal | NoSignal:
    """Estimate the programme's effect on the outcome, pooled over the area, up to the period.

    A quarter's report estimates on quarters. The annual report estimates anew on fiscal years: it
    is not an average of quarters. The minimum detectable effect is computed first, from periods
    before the first start only.

    Returns
    -------
    Signal or NoSignal
        ``NoSignal`` when the data cannot answer, such as before the first start: the report says
        so and is made all the same.

    Raises
    ------
    SchemaError
        The settings name an outcome that is none of the indicators.
    """
    e = evidence
    outcome = e.settings.outcome
    known = sorted(e.indicators["indicator_id"].unique())
    if known and outcome not in known:
        raise SchemaError("report.unknown_outcome", found=with_nearest(outcome, known),
                          known=", ".join(known))  # fmt: skip
    try:
        panel = build_panel(
            e.indicators, e.programme, outcome=outcome, plan_source=e.settings.treatment,
            until=e.period,
        )  # fmt: skip
        power, sd = power_of_panel(quarters_of(e), outcome=outcome)
        mde = minimum_detectable_effect(power, sd=sd)
        design = Design(
            outcome=outcome, unit="tambon_code", time="t", cohort="cohort", cluster="amphoe_code"
        )
        effect = estimate_staggered(panel, design, draws=BANDS, seed=e.settings.seed)
    except DesignError as reason:
        return NoSignal(_before_the_start(e) if reason.code == UNKNOWN else reason)
    return Signal(panel, effect, _imputed(panel, design), mde, verdict(effect, mde=mde))


def _before_the_start(evidence: Evidence) -> DesignError:
    """Return why nothing is known of a programme that no project until the period bears.

    Only a name that no later project bears either is misspelt.
    """
    name = evidence.settings.treatment
    known = evidence.store.read("projects", columns=["plan_source"])["plan_source"]
    if known.eq(name).any():
        return DesignError("impact.no_periods_before", found=0)
    return unknown_programme(name, known)


def _imputed(panel: pd.DataFrame, design: Design) -> Effect | None:
    """Return the effect by imputation, or None where too little is left to impute from."""
    try:
        return estimate_imputation(panel, design, leads=0)
    except DesignError:
        return None


def quarters_of(evidence: Evidence) -> pd.DataFrame:
    """Return the panel of quarters up to the end of the period."""
    e = evidence
    return build_panel(
        e.indicators, e.programme, outcome=e.settings.outcome, plan_source=e.settings.treatment,
        until=e.period.quarters[-1],
    )  # fmt: skip


def impact_section(
    evidence: Evidence, signal: Signal | NoSignal, *, number: int | None = None
) -> list[Block]:
    """Return the chapter on impact: verdict, event study, trends, numbers, checks."""
    e, write = evidence, evidence.write("impact", number)
    if isinstance(signal, NoSignal):
        reason = e.word("impact.unanswerable", reason=signal.reason.message(e.language))
        return [
            write.heading(e.word("impact.heading")),
            write.callout("inconclusive", reason),
        ]
    unit = e.word(f"outcome.{e.settings.outcome}.unit")
    yearly = e.period.quarter == 0
    return [
        write.heading(e.word("impact.heading")),
        write.prose(e.word("impact.question_year" if yearly else "impact.question",
                           outcome=e.word(f"outcome.{e.settings.outcome}"),
                           programme=e.settings.treatment)),
        write.callout(signal.verdict.code, verdict_sentence(e, signal)),
        write.figure(event_study_figure, signal.effect, outcome=unit,
                     step="year" if yearly else "quarter",
                     caption=e.word("impact.event_caption"), note=e.word("impact.event_note")),
        write.figure(trend_figure, mean_trends(e, signal.panel), ylabel=unit,
                     caption=e.word("impact.trend_caption")),
        *_tables(e, write, signal, unit=unit),
        write.findings(readable_findings(signal), e.word("impact.checks_caption")),
    ]  # fmt: skip


def _tables(e: Evidence, write: Writer, signal: Signal, *, unit: str) -> list[Block]:
    effect = signal.effect
    return [
        write.table(
            effect_table(e, effect), e.word("impact.caption", unit=unit),
            columns=(e.word("impact.event_time"), e.word("estimate"), e.word("std_error"),
                     e.word("low"), e.word("high"), e.word("p_value"), e.word("impact.n")),
            formats={"estimate": "number1", "std_error": "number1", "ci_low": "number1",
                     "ci_high": "number1", "p_value": "p", "n": "int"},
            note=e.word("impact.note", clusters=format_number(effect.n_clusters),
                        treated=format_number(effect.n_treated),
                        control=format_number(effect.n_control)),
        ),
        write.table(
            ways_table(e, signal), e.word("impact.ways_caption", unit=unit),
            columns=(e.word("impact.way"), e.word("estimate"), e.word("std_error"),
                     e.word("low"), e.word("high"), e.word("p_value")),
            formats={"estimate": "number1", "std_error": "number1", "ci_low": "number1",
                     "ci_high": "number1", "p_value": "p"},
            note=e.word("impact.ways_note"),
        ),
    ]  # fmt: skip


def verdict_sentence(evidence: Evidence, signal: Signal) -> str:
    """Return the verdict with the numbers that it rests on, as one sentence."""
    e, effect = evidence, signal.effect
    return e.word(
        "impact.sentence",
        estimate=format_number(effect.estimate), low=format_number(effect.ci_low),
        high=format_number(effect.ci_high), level=format_number(100 * effect.level),
        unit=e.word(f"outcome.{e.settings.outcome}.unit"), mde=format_number(signal.mde),
        baseline=format_number(effect.baseline_mean),
        p=format_number(signal.pre_trend_p, decimals=3),
    )  # fmt: skip


def readable_findings(signal: Signal) -> tuple[Finding, ...]:
    """Return the findings of the estimate once each, with cohorts named by their period."""
    cohorts = signal.panel.dropna(subset="cohort")
    started = cohorts[cohorts["t"] == cohorts["cohort"]]
    names = {
        f"{t:g}": period for t, period in zip(started["cohort"], started["period"], strict=True)
    }
    found = dict.fromkeys((*signal.verdict.reasons, *signal.effect.findings))
    return tuple(
        replace(finding, where=names.get(finding.where, finding.where)) for finding in found
    )


def mean_trends(evidence: Evidence, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the mean outcome by period of tambons with and without the programme."""
    treated = panel["cohort"].notna()
    group = treated.map(
        {True: evidence.word("impact.with"), False: evidence.word("impact.without")}
    )
    means = panel.groupby(["period", group])[evidence.settings.outcome].mean().unstack()
    return means.rename_axis(None, axis=1).rename_axis("period").reset_index()


def effect_table(evidence: Evidence, effect: Effect) -> pd.DataFrame:
    """Return the effect overall and by event time, with intervals."""
    rows = effect.effects[effect.effects["level"].isin(["overall", "event"])]
    rows = rows.sort_values(["level", "event_time"], ascending=[False, True])
    when = [
        evidence.word("impact.overall") if level == "overall" else _signed(event_time)
        for level, event_time in zip(rows["level"], rows["event_time"], strict=True)
    ]
    shown = rows[["estimate", "std_error", "ci_low", "ci_high", "p_value", "n"]]
    return shown.assign(when=when)[["when", *shown.columns]].reset_index(drop=True)


def _signed(event_time: float) -> str:
    """Write an event time with its sign; a minus as wide as a plus."""
    return f"{event_time:+.0f}".replace("-", "−")


def ways_table(evidence: Evidence, signal: Signal) -> pd.DataFrame:
    """Return the headline, what other errors and tests say of it, and the effect by imputation.

    The row that the headline takes its error from is not repeated.
    """
    e, effect = evidence, signal.effect
    columns = ["name", "estimate", "std_error", "ci_low", "ci_high", "p_value"]
    other = effect.alternatives[effect.alternatives["kind"] == "inference"]
    reported = "cr2" if effect.se_type == "cr2" else "cr1"
    other = other.loc[other["name"] != reported, columns]
    rows = [effect.effects.iloc[:1].assign(name="reported")[columns], other]
    if signal.imputed is not None:
        rows.append(signal.imputed.effects.iloc[:1].assign(name="imputed")[columns])
    table = pd.concat(rows, ignore_index=True)
    return table.assign(name=[e.word(f"impact.way.{name}") for name in table["name"]])


def effects_frame(evidence: Evidence, signal: Signal | NoSignal) -> pd.DataFrame:
    """Return the rows of table ``effects`` that the runner commits when the job succeeds."""
    if isinstance(signal, NoSignal):
        return empty("effects")
    effect = signal.effect
    frame = effect.to_frame()
    keep = ["level", "group", "time", "event_time", "estimate", "std_error", "ci_low", "ci_high",
            "p_value"]  # fmt: skip
    return frame[keep].assign(
        scope="area", outcome=effect.outcome,
        unit=text(f"report.outcome.{evidence.settings.outcome}.unit", "en"),
        estimand=effect.estimand, method=effect.method, n_treated=effect.n_treated,
        n_control=effect.n_control, n_clusters=effect.n_clusters,
        pre_trend_p=signal.pre_trend_p, mde=signal.mde, verdict=signal.verdict.code,
    )  # fmt: skip
