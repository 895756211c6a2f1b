"""From aggregates and their spread to the frames that an Effect carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.impact.comparisons.aggregate import SUMMARIES, Aggregates
from evallib.impact.effect import ALTERNATIVE_COLUMNS, EFFECT_COLUMNS, SAMPLE_COLUMNS
from evallib.impact.inference.spread import (
    Spread,
    as_deviation,
    draw_deviations,
    holm,
    intervals,
    romano_wolf,
    same_tail,
    studentise,
    sup_t,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.arrays.columns import Floats, Ints
    from evallib.impact.arrays.panel import Panel
    from evallib.impact.estimators.headline_error import Alternative

Column: TypeAlias = npt.NDArray[Any]
HEADLINE = ("estimate", "std_error", "ci_low", "ci_high", "p_value")
LEVELS = ("overall", "event", "group", "calendar", "group_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """How simultaneous bands are drawn: number of draws (0: none) and seed."""

    draws: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The frames of an Effect.

    Parameters
    ----------
    effects, vcov, alternatives, sample : pandas.DataFrame
        See ``Effect``.
    df : float
        Degrees of freedom of the headline.
    head : dict of str to float
        Its estimate, error, interval and p value.
    """

    effects: pd.DataFrame
    vcov: pd.DataFrame
    alternatives: pd.DataFrame
    sample: pd.DataFrame
    df: float
    head: dict[str, float]

    def fields(self) -> dict[str, Any]:
        """Return the fields of an Effect that the frames hold, the headline's numbers included."""
        return self.head | {
            "df": self.df,
            "effects": self.effects,
            "vcov": self.vcov,
            "alternatives": self.alternatives,
            "sample": self.sample,
        }


def write_answer(
    panel: Panel,
    rows: Aggregates,
    error: Spread,
    other: list[Alternative],
    *,
    level: float,
    bands: Bands,
) -> Answer:
    """Build the frames; the first row of ``rows`` is the headline, the next three summaries.

    With bands, ``error`` holds the sums of its clusters. ``other`` is what other ways of
    inference say of the headline.
    """
    std_error = _errors(panel, rows, error)
    low, high, p_value = intervals(rows.estimate, std_error, error.df, level=level)
    nothing = np.full(len(std_error), np.nan)
    of_arm = np.diff(panel.bounds)
    sizes = of_arm[np.searchsorted(panel.start[panel.bounds[:-1]], rows.cohorts)]
    numbers: dict[str, Column] = {
        "level": np.array([name.removeprefix(".") for name in rows.level], dtype=object),
        "group": rows.group,
        "time": rows.time,
        "event_time": rows.event_time,
        "estimate": rows.estimate,
        "std_error": std_error,
        "ci_low": low,
        "ci_high": high,
        "band_low": nothing,
        "band_high": nothing,
        "p_value": p_value,
        "p_adjusted": nothing,
        "n": rows.made_of @ sizes,
    }
    kept = np.r_[0, len(SUMMARIES) : len(std_error)]
    shown = {name: column[kept] for name, column in numbers.items()}
    shown["level"][0] = "overall"
    keys = zip(*(shown[name] for name in EFFECT_COLUMNS[:4]), strict=True)
    labels = pd.Index([_label(*key) for key in keys], dtype="str")
    shown |= jointly(shown, error, kept, level=level, bands=bands)
    covariance = error.covariance[np.ix_(kept, kept)]
    return Answer(
        effects=pd.DataFrame(shown | {"level": _words(shown["level"])}, index=labels, copy=False),
        vcov=pd.DataFrame(covariance, index=labels, columns=labels),
        alternatives=_alternatives(numbers, error.df, other),
        sample=pd.DataFrame(
            dict(zip(SAMPLE_COLUMNS, zip(*panel.sample, strict=True), strict=True))
        ),
        df=float(error.df[0]),
        head={name: float(shown[name][0]) for name in HEADLINE},
    )


def _errors(panel: Panel, rows: Aggregates, error: Spread) -> Floats:
    """Return standard errors (r,): NaN for reference rows and where one cluster was treated.

    One treated cluster has no spread of its own, so its error would be that of the comparison
    units alone.
    """
    starts = panel.start[panel.bounds[:-1]]
    arms = np.searchsorted(starts, rows.cohorts)
    made_of = rows.made_of.astype(np.intp)
    if panel.clustered:
        treated_clusters = ((made_of @ panel.clusters_of_arms[arms]) > 0).sum(axis=1)
    else:
        treated_clusters = made_of @ np.diff(panel.bounds)[arms]
    out: Floats = np.where(rows.reference | (treated_clusters < 2), np.nan, error.std_error)
    return out


def _label(level: str, group: float, time: float, event_time: float) -> str:
    """Return ``level|key``, the name of a row in ``effects`` and ``vcov``."""
    keys = [f"{key:g}" for key in (group, time, event_time) if not np.isnan(key)]
    return "|".join([level, *keys])


def jointly(
    shown: dict[str, Column], error: Spread, kept: Ints, *, level: float, bands: Bands
) -> dict[str, Column]:
    """Return what concerns all rows of a level together: adjusted p values and sup-t bands.

    ``kept`` says which estimates of ``error`` are shown. P values are adjusted by Holm without
    draws and by Romano and Wolf with them.
    """
    known = np.isfinite(shown["std_error"])
    families = [(shown["level"] == name) & known for name in LEVELS]
    adjusted = np.full(len(known), np.nan)
    for family in families:
        adjusted[family] = holm(shown["p_value"][family])
    if not bands.draws:
        nothing = np.full(len(known), np.nan)
        return {"band_low": nothing, "band_high": nothing, "p_adjusted": adjusted}
    half = (shown["ci_high"] - shown["ci_low"]) / 2
    error = replace(error, loading=error.loading[kept], df=error.df[kept])
    drawn = draw_deviations(error, draws=bands.draws, seed=bands.seed).T  # (r, draws)
    n_clusters = error.sums.shape[1]
    of_draws = np.full(len(known), n_clusters - 1.0)
    for family in families:
        # draws have G - 1 degrees of freedom; each row keeps its own, which may be fewer
        value = np.full(family.sum(), sup_t(drawn[family].T, level=level))
        value = same_tail(studentise(value, n_clusters), of_draws[family], error.df[family])
        half[family] = np.maximum(half[family], value * shown["std_error"][family])
        if family.sum() < 2:
            continue  # one test needs no adjustment
        t = np.abs(shown["estimate"][family]) / shown["std_error"][family]
        t = as_deviation(same_tail(t, error.df[family], of_draws[family]), n_clusters)
        adjusted[family] = np.maximum(romano_wolf(t, drawn[family].T), shown["p_value"][family])
    low, high = shown["estimate"] - half, shown["estimate"] + half
    return {"band_low": low, "band_high": high, "p_adjusted": adjusted}


def _alternatives(numbers: dict[str, Column], df: Floats, other: list[Alternative]) -> pd.DataFrame:
    """Return the four summaries as alternatives of kind "aggregation", then other inference."""
    first = {name: column[: len(SUMMARIES)].tolist() for name, column in numbers.items()}
    first |= {"kind": ["aggregation"] * len(SUMMARIES), "name": first["level"]}
    first["df"] = df[: len(SUMMARIES)].tolist()
    table = {name: first[name] + [row[i] for row in other]
             for i, name in enumerate(ALTERNATIVE_COLUMNS)}  # fmt: skip
    words = {name: _words(np.array(table[name], dtype=object)) for name in ("kind", "name")}
    return pd.DataFrame(table | words)


def _words(column: Column) -> pd.api.extensions.ExtensionArray:
    """Return texts in the dtype of texts, faster than frames convert them."""
    return pd.array(column, dtype="str")


def write_events(
    event_time: Floats,
    estimate: Floats,
    error: Spread,
    sizes: Sequence[int],
    *,
    level: float,
    bands: Bands,
    reference: int | None = None,
) -> dict[str, Any]:
    """Return the fields of an Effect that hold numbers.

    Parameters
    ----------
    event_time, estimate : ndarray of float64, shape (r,)
        The headline first, its event time NaN.
    error : Spread
        Of the r estimates; with the sums of clusters where bands are drawn.
    sizes : sequence of int, length r
        Treated units behind each row.
    level, bands
        See `evallib.impact.estimators.answer.write_answer`; without event times nothing is drawn.
    reference : int, optional
        Event time that is zero by construction and has no error.
    """
    std_error = np.where(event_time == reference, np.nan, error.std_error)
    low, high, p_value = intervals(estimate, std_error, error.df, level=level)
    nothing, kept = np.full(len(estimate), np.nan), np.arange(len(estimate))
    table: dict[str, Any] = {
        "level": np.array(["overall"] + ["event"] * (len(estimate) - 1), dtype=object),
        "group": nothing, "time": nothing, "event_time": event_time,
        "estimate": estimate, "std_error": std_error, "ci_low": low, "ci_high": high,
        "p_value": p_value, "n": np.array(sizes, dtype=np.int64),
    }  # fmt: skip
    drawn = bands if len(estimate) > 1 else Bands(draws=0, seed=bands.seed)
    table |= jointly(table, error, kept, level=level, bands=drawn)
    table["level"] = pd.array(table["level"], dtype="str")
    labels = pd.Index(["overall", *(f"event|{e:g}" for e in event_time[1:])], dtype="str")
    effects = pd.DataFrame({name: table[name] for name in EFFECT_COLUMNS}, index=labels)
    head = effects.iloc[0]
    return {
        **{name: float(head[name]) for name in
           ("estimate", "std_error", "ci_low", "ci_high", "p_value")},
        "df": float(error.df[0]),
        "effects": effects,
        "vcov": pd.DataFrame(error.covariance, index=labels, columns=labels),
    }  # fmt: skip
