"""The frames of an Effect that has one number overall and one for each event time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.impact.answer import Bands, jointly
from evallib.impact.effect import EFFECT_COLUMNS
from evallib.impact.inference import Spread, intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.columns import Floats


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
        See `evallib.impact.answer.write_answer`; without event times nothing is drawn.
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
