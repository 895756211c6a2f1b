"""Results for people: the anonymous survey, only through the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.i18n import format_number
from evallib.privacy import release_counts, release_means, release_shares
from evallib.report.figures import survey_figure
from evallib.report.sections.names import amphoe_names

if TYPE_CHECKING:
    from evallib.privacy import SuppressedTable
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence
    from evallib.report.writer import Writer

SCORES = ("satisfaction", "trust_process")
Z95 = 1.959964


def results_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on the survey. Every figure passes suppression at the threshold."""
    e, write = evidence, evidence.write("results", number)
    heading = write.heading(e.word("results.heading"))
    answered = complete_forms(e)
    if len(answered) < e.settings.threshold:
        return [heading, write.callout("note", e.word("results.no_survey"))]
    aware = awareness_by_age(e)
    return [
        heading,
        write.prose(e.word("results.summary", n=format_number(len(answered)),
                           threshold=e.settings.threshold)),
        write.figure(survey_figure, with_intervals(aware.frame),
                     caption=e.word("results.aware_caption")),
        write.table(
            respondents_by_amphoe(e), e.word("results.caption"), people=True,
            columns=(e.word("amphoe"), e.word("results.respondents")),
            formats={"n": "int"},
        ),
        *(_score_table(e, write, name) for name in SCORES),
    ]  # fmt: skip


def complete_forms(evidence: Evidence) -> pd.DataFrame:
    """Return the forms that answer every question shown.

    All tables stand on these same people: with a base of its own for each question, the difference
    of two bases would tell how few left a question open.
    """
    asked = ["age_band", "aware", *SCORES]
    return evidence.survey.dropna(subset=asked).reset_index(drop=True)


def respondents_by_amphoe(evidence: Evidence) -> SuppressedTable:
    """Return the number of respondents by amphoe, small ones hidden."""
    survey = complete_forms(evidence)
    named = survey.assign(amphoe=amphoe_names(survey["amphoe_code"], evidence.language))
    return release_counts(named, rows="amphoe", threshold=evidence.settings.threshold)


def awareness_by_age(evidence: Evidence) -> SuppressedTable:
    """Return the share that knows of the projects, by age band."""
    return release_shares(
        complete_forms(evidence),
        yes="aware",
        rows="age_band",
        threshold=evidence.settings.threshold,
    )


def _score_table(e: Evidence, write: Writer, name: str) -> Block:
    released = release_means(
        complete_forms(e), value=name, rows="age_band", threshold=e.settings.threshold
    )
    label = e.word(f"results.{name}")
    formats: Any = {"n": "int", str(released.measure): "number1"}
    return write.table(
        released, e.word("results.score_caption", score=label), people=True,
        columns=(e.word("results.age"), e.word("results.respondents"), label),
        formats=formats,
    )  # fmt: skip


def with_intervals(released: pd.DataFrame) -> pd.DataFrame:
    """Return published shares with Wilson intervals (95 %); hidden ones are left out.

    References
    ----------
    .. [1] Wilson (1927), *Probable inference, the law of succession, and statistical inference*,
       JASA 22(158). https://doi.org/10.1080/01621459.1927.10502953
    """
    shown = released.dropna().reset_index(drop=True)
    share = shown["share"].to_numpy(dtype=float)
    n = shown["n"].to_numpy(dtype=float)
    scale = 1 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / scale
    half = Z95 / scale * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return pd.DataFrame({
        "group": shown.iloc[:, 0], "share": share, "ci_low": centre - half,
        "ci_high": centre + half, "n": shown["n"],
    })  # fmt: skip
