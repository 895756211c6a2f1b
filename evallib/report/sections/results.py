"""Results for people: the anonymous survey, only through the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.report.figures import survey_figure
from evallib.report.sections.names import amphoe_names
from evallib.report.sections.people import amphoe_codes, within_scope

if TYPE_CHECKING:
    from evallib.privacy import ProtectedNumbers
    from evallib.report.document import Block
    from evallib.report.evidence import Evidence

ANSWERS = {"aware": (0, 1), "satisfaction": (1, 5), "trust_process": (1, 5)}
AGES = ("15–24", "25–39", "40–59", "60+")
Z95 = 1.959964


def results_section(evidence: Evidence, *, number: int | None = None) -> list[Block]:
    """Return the chapter on the survey. Every figure is printed by the gate."""
    e, write = evidence, evidence.write("results", number)
    heading = write.heading(e.word("results.heading"))
    survey = survey_numbers(e)
    if survey.people().low <= e.settings.threshold:
        return [heading, write.callout("note", e.word("results.no_survey"))]
    everyone = e.word("results.everyone")
    answers = survey.table("age_band", measures=tuple(ANSWERS), everyone=everyone)
    names = amphoe_names(pd.Series(amphoe_codes(e)), e.language).tolist()
    amphoe = survey.table("amphoe_code", labels=names, everyone=everyone)
    return [
        heading,
        write.prose(_summary(e, survey.people().text)),
        write.figure(
            survey_figure, with_intervals(answers.numbers, "aware"),
            caption=e.word("results.aware_caption"),
        ),
        write.table(
            answers, e.word("results.answers_caption"), people=True, total=True,
            columns=(e.word("results.age"), e.word("results.respondents"),
                     *(e.word(f"results.{name}") for name in ANSWERS)),
            formats=dict.fromkeys(("n", *ANSWERS), "written"), note=e.word("results.note"),
        ),
        write.table(
            amphoe, e.word("results.caption"), people=True, total=True, formats={"n": "written"},
            columns=(e.word("amphoe"), e.word("results.respondents")),
        ),
    ]  # fmt: skip


def _summary(e: Evidence, people: str) -> str:
    """Return how many answered, how numbers are printed, and whether forms wait."""
    written = e.word("results.summary", n=people)
    if not e.waiting:
        return written
    code = "results.some_wait" if e.waiting <= e.settings.threshold else "results.more_wait"
    return f"{written}\n\n{e.word(code, threshold=e.settings.threshold)}"


def survey_numbers(evidence: Evidence) -> ProtectedNumbers:
    """Return all that may be printed of the survey, by age band and by amphoe.

    Forms count that answer every question shown: with a base of its own for each question, the
    difference of two bases would tell how few left a question open.
    """
    e = evidence
    forms = within_scope(e, e.survey).dropna(subset=["age_band", *ANSWERS]).reset_index(drop=True)
    tables = {"age_band": AGES, "amphoe_code": amphoe_codes(e)}
    return e.gate.protect(forms, tables=tables, answers=ANSWERS)


def with_intervals(numbers: pd.DataFrame, share: str) -> pd.DataFrame:
    """Return printed shares with intervals (95 %), without those of which only a limit is told.

    The interval of Wilson, at the smallest base and over all shares that the printed ones can stand
    for: rounding makes nobody surer.

    References
    ----------
    .. [1] Wilson (1927), *Probable inference, the law of succession, and statistical inference*,
       JASA 22(158). https://doi.org/10.1080/01621459.1927.10502953
    """
    shown = numbers.dropna(subset=[share]).reset_index(drop=True)
    low, _ = wilson(shown[f"{share}_low"], shown["n_low"])
    _, high = wilson(shown[f"{share}_high"], shown["n_low"])
    return pd.DataFrame({
        "group": shown.iloc[:, 0], "share": shown[share], "ci_low": low, "ci_high": high,
        "n": shown["n"],
    })  # fmt: skip


def wilson(share: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the limits of the 95 % interval of Wilson for shares of ``n`` people."""
    scale = 1 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / scale
    half = Z95 / scale * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return centre - half, centre + half
