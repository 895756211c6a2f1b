"""Effect: the answer of every estimator, with all that is needed to judge and to repeat it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pandas as pd

from evallib.errors import NotFound, SchemaError, with_nearest
from evallib.findings import Finding
from evallib.i18n import plural

EFFECT_COLUMNS = (
    "level", "group", "time", "event_time", "estimate", "std_error", "ci_low", "ci_high",
    "band_low", "band_high", "p_value", "p_adjusted", "n",
)  # fmt: skip
ALTERNATIVE_COLUMNS = (
    "kind", "name", "estimate", "std_error", "ci_low", "ci_high", "p_value", "df",
)  # fmt: skip
SAMPLE_COLUMNS = ("step", "reason", "rows", "units")
SCHEMA = 1  # of to_dict; from_dict refuses others


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="float64") for column in columns})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """One estimated effect.

    Parameters
    ----------
    estimand : str
        What is estimated, such as ``"ATT"``.
    method : str
        Name of the estimator, such as ``"estimate_staggered"``.
    outcome, unit : str
        Column of the outcome and the unit in which it is measured ("" when unknown; use
        ``dataclasses.replace`` to say it).
    estimate, std_error, ci_low, ci_high : float
        The effect, in units of the outcome, its standard error and interval.
    p_value : float
        Two-sided, of no effect.
    level : float
        Coverage of all intervals.
    df : float
        Degrees of freedom of t behind interval and p value.
    n_units, n_treated, n_control : int
        Units used, of them treated, and the rest.
    n_clusters, n_treated_clusters : int
        Clusters (units when errors are not clustered), and those with a treated unit.
    se_type : str
        How the standard error was made.
    baseline_mean : float
        Mean outcome of the treated before the start.
    effects : pandas.DataFrame
        Columns ``EFFECT_COLUMNS``; one row for each number; ``level`` is overall, event, group,
        calendar or group_time; ``n`` counts treated units behind the row.
    sample : pandas.DataFrame
        Columns step, reason, rows, units: an account of every row.
    counterfactual, weights : pandas.DataFrame
        For the estimators that have them, else empty.
    vcov : pandas.DataFrame
        Covariance of the rows of ``effects``, labelled ``level|key``.
    alternatives : pandas.DataFrame
        Columns ``ALTERNATIVE_COLUMNS``: other summaries (kind "aggregation") and other inference
        (kind "inference") than the headline.
    findings : tuple of Finding
        What was noticed.
    spec : dict
        The whole call, JSON types only.
    fingerprint : str
        Hash of the data that were used.
    seed : int or None
        Seed of the draws, None without draws.
    version : str
        Version of evallib.

    Notes
    -----
    Two effects are equal when every field, every cell of every frame included, is equal.
    """

    estimand: str
    method: str
    outcome: str
    unit: str = ""
    estimate: float
    std_error: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p_value: float = math.nan
    level: float = 0.95
    df: float = math.nan
    n_units: int = 0
    n_treated: int = 0
    n_control: int = 0
    n_clusters: int = 0
    n_treated_clusters: int = 0
    se_type: str = ""
    baseline_mean: float = math.nan
    effects: pd.DataFrame = field(default_factory=lambda: _empty(*EFFECT_COLUMNS), repr=False)
    sample: pd.DataFrame = field(default_factory=lambda: _empty(*SAMPLE_COLUMNS), repr=False)
    counterfactual: pd.DataFrame = field(default_factory=_empty, repr=False)
    weights: pd.DataFrame = field(default_factory=_empty, repr=False)
    vcov: pd.DataFrame = field(default_factory=_empty, repr=False)
    alternatives: pd.DataFrame = field(
        default_factory=lambda: _empty(*ALTERNATIVE_COLUMNS), repr=False
    )
    findings: tuple[Finding, ...] = ()
    spec: dict[str, Any] = field(default_factory=dict, repr=False)
    fingerprint: str = ""
    seed: int | None = None
    version: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return one tidy row for each number, the headline first.

        Returns
        -------
        pandas.DataFrame
            ``EFFECT_COLUMNS``, before them outcome, unit, estimand and method, after them
            n_treated (as ``n``), n_control, n_clusters and se_type.
        """
        out = self.effects.assign(
            n_treated=self.effects["n"],
            n_control=self.n_control,
            n_clusters=self.n_clusters,
            se_type=self.se_type,
        )
        for at, name in enumerate(("outcome", "unit", "estimand", "method")):
            out.insert(at, name, getattr(self, name))
        return out.reset_index(drop=True)

    def aggregate(self, by: str) -> Effect:
        """Return the effect summarised in another way.

        Parameters
        ----------
        by : {"simple", "event", "group", "calendar"}
            "event" averages event times from 0, "group" cohorts by size, "calendar" periods.

        Returns
        -------
        Effect
            The headline is that summary; ``effects`` keeps it and the rows it averages, and
            ``alternatives`` the summaries.

        Raises
        ------
        NotFound
            ``impact.no_aggregation``: this estimator does not know ``by``.
        """
        named = self.alternatives[self.alternatives["kind"] == "aggregation"]
        rows = named[named["name"] == by]
        if rows.empty:
            raise NotFound(
                "impact.no_aggregation",
                found=with_nearest(by, named["name"]),
                known=", ".join(sorted(named["name"])),
            )
        numbers: dict[str, Any] = {
            name: float(rows[name].iloc[0])
            for name in ("estimate", "std_error", "ci_low", "ci_high", "p_value", "df")
        }
        overall = self.effects.iloc[:1].copy()
        for name in ("estimate", "std_error", "ci_low", "ci_high", "p_value"):
            overall[name] = numbers[name]
        overall[["band_low", "band_high"]] = math.nan
        overall["p_adjusted"] = numbers["p_value"]
        level = "group_time" if by == "simple" else by
        kept = pd.concat([overall, self.effects[self.effects["level"] == level]])
        vcov = self.vcov.loc[list(kept.index[1:]), list(kept.index[1:])]
        estimand = self.estimand.split(" ")[0] + ("" if by == "simple" else f" ({by})")
        # other inference than the headline's is of the headline that it was made for
        ways = self.alternatives if by == "simple" else named
        return replace(
            self, estimand=estimand, effects=kept, vcov=vcov, alternatives=ways, **numbers
        )

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types only; ``from_dict`` restores an equal effect, to the last bit."""
        out: dict[str, Any] = {"schema": SCHEMA}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, pd.DataFrame):
                value = _pack(value)
            elif each.name == "findings":
                value = [[f.code, f.severity, f.where, f.value] for f in value]
            elif isinstance(value, float) and math.isnan(value):
                value = None
            out[each.name] = value
        return out

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Effect:
        """Restore an effect from ``to_dict``, also after JSON.

        Raises
        ------
        SchemaError
            ``impact.not_an_effect``: the schema is not ours.
        """
        if plain.get("schema") != SCHEMA:
            raise SchemaError("impact.not_an_effect", found=repr(plain.get("schema")))
        values: dict[str, Any] = {}
        for each in fields(cls):
            value = plain[each.name]
            if each.type == "pd.DataFrame":
                value = _unpack(value)
            elif each.name == "findings":
                value = tuple(Finding(*row) for row in value)
            elif each.type == "float":
                value = math.nan if value is None else float(value)
            values[each.name] = value
        return cls(**values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Effect) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.method, self.outcome, self.fingerprint, self.estimate))

    def __str__(self) -> str:
        low, high = self._shown(self.ci_low), self._shown(self.ci_high)
        return (
            f"{self.estimand} {self._shown(self.estimate)} [{low}, {high}] ({self.method}, "
            f"{self.n_treated} treated, {self.n_control} control, "
            f"{self.n_clusters} {plural(self.n_clusters, 'cluster', 'clusters')})"
        )

    def _shown(self, value: float) -> str:
        """Write a number to two significant digits of its standard error."""
        if math.isnan(value):
            return "–"
        if not math.isfinite(self.std_error) or self.std_error <= 0:
            return f"{value:.4g}"
        decimals = max(0, 1 - math.floor(math.log10(self.std_error)))
        return f"{value:.{decimals}f}"


def _pack(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a frame as plain lists; NaN becomes None."""
    data = {
        str(name): [None if pd.isna(v) else v for v in frame[name].tolist()]
        for name in frame.columns
    }
    types = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    return {"index": frame.index.tolist(), "types": types, "data": data}


def _unpack(plain: dict[str, Any]) -> pd.DataFrame:
    """Restore a frame from plain lists."""
    data = {
        name: pd.Series(values, index=range(len(values)), dtype=plain["types"][name])
        for name, values in plain["data"].items()
    }
    frame = pd.DataFrame(data)
    frame.index = pd.Index(plain["index"])
    return frame
