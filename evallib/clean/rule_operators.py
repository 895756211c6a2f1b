"""What the operators of a rule mean, each evaluated over whole columns at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.outliers import robust_scores
from evallib.clean.rule_history import HISTORY, against_previous
from evallib.periods import BUDDHIST_ERA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from evallib.clean.rules import Rule

COMPARISONS = {"<=": ">", "<": "≥", ">=": "<", ">": "≤", "==": "≠", "!=": "="}
_LISTS = ("in", "not in")
OPERATORS = (
    *COMPARISONS, *_LISTS, *HISTORY, "between", "starts with", "sum of", "not empty", "unique",
    "share of MAD",
)  # fmt: skip
_CODE = re.compile(r"[0-9A-Z\-]{1,12}")  # a text that is a code and no one's words
_FISCAL_MONTHS = 9  # months from January to the start of a fiscal year, in the year before


@dataclass(frozen=True, slots=True)
class Operand:
    """``factor * column``, or a constant where ``column`` is empty."""

    column: str
    factor: float = 1.0
    constant: float | str = 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of ``when``: only rows for which all parts hold are judged."""

    left: str
    operator: str
    right: tuple[Operand, ...]


class Values:
    """Columns of a frame as arrays, each read once; values that were refused are no longer seen."""

    def __init__(
        self, frame: pd.DataFrame, filled: Mapping[str, NDArray[np.bool_]] | None = None
    ) -> None:
        self.frame = frame
        self.filled = filled
        self.suspect: dict[str, NDArray[np.bool_]] = {}
        self._arrays: dict[str, NDArray[Any]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.frame or name in _DERIVED

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> NDArray[Any]:
        """Return a column: numbers, and dates in days, as float with NaN; texts as object."""
        if name not in self._arrays:
            if name in self.frame:
                array = _array(self.frame[name])
            elif name in _DERIVED:
                array = _DERIVED[name](self)
            else:
                array = np.full(len(self), np.nan)
            self._arrays[name] = array
        return self._arrays[name]

    def blank(self, name: str) -> NDArray[np.bool_]:
        """Tell which rows hold nothing in a column, and held nothing when sent if that is known."""
        empty = np.asarray(pd.isna(self.column(name)))
        return empty & ~self.filled[name] if self.filled and name in self.filled else empty

    def refuse(self, name: str, rows: NDArray[np.bool_]) -> None:
        """Leave out values that are errors, so that no other rule judges by them."""
        array = self.column(name).copy()
        array[rows] = np.nan if array.dtype.kind == "f" else None
        self._arrays[name] = array

    @cached_property
    def dates(self) -> frozenset[str]:
        """Names of the columns of dates."""
        of_frame = [str(n) for n in self.frame if self.frame[n].dtype.kind == "M"]
        return frozenset([*of_frame, "year_start", "year_end"])


def _array(series: pd.Series) -> NDArray[Any]:
    if series.dtype.kind == "M":
        days = series.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype("int64").astype("float64"))
    if series.dtype.kind in "iufb":
        return series.to_numpy(dtype="float64", na_value=np.nan)
    if series.isna().all():
        return np.full(len(series), np.nan)
    return series.to_numpy(dtype="object")


def _year_edge(values: Values, edge: int) -> NDArray[Any]:
    """Return the first day of a fiscal year, or of the one after it less a day."""
    years = values.column("fiscal_year")
    known = np.isfinite(years)
    first = np.where(known, years, BUDDHIST_ERA).astype("int64") - BUDDHIST_ERA - 1 + edge
    months = ((first - 1970) * 12 + _FISCAL_MONTHS).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype("int64").astype("float64") - edge
    return np.where(known, days, np.nan)


def _agency_province(values: Values) -> NDArray[Any]:
    from evallib.agencies import read_agencies  # reads a file; few tables hold agencies

    agencies = read_agencies()
    known = dict(zip(agencies["agency_id"], agencies["province_code"], strict=True))
    homes = (known.get(a) if isinstance(a, str) else None for a in values.column("agency_id"))
    return np.array([home if isinstance(home, str) and home else None for home in homes], "object")


_DERIVED: Mapping[str, Callable[[Values], NDArray[Any]]] = {
    "year_start": lambda values: _year_edge(values, 0),
    "year_end": lambda values: _year_edge(values, 1),
    "agency_province": _agency_province,
}
DERIVED = (*_DERIVED, "population", "own_uid", "reported_year")


def find_broken(rule: Rule, values: Values) -> NDArray[np.bool_]:
    """Return which rows break a rule; a row on which it cannot be judged does not break it."""
    if rule.operator == "not empty":
        broken = np.logical_and.reduce([values.blank(name) for name in rule.lefts])
    elif rule.operator == "unique":
        broken = _doubled(rule, values)
    elif rule.operator == "share of MAD":
        scores = robust_scores(values.frame[rule.left], _groups(rule, values))["score"]
        broken = (scores.abs() > float(rule.right[0].constant)).to_numpy()
    elif rule.operator in HISTORY:
        broken = against_previous(rule, values)[0]
    else:
        broken = _differs(rule.operator, rule.left, rule.right, values, rule.tolerance)
    for condition in rule.when:
        if not broken.any():
            break
        broken = broken & _holds(condition, values)
    return np.asarray(broken, dtype=bool)


def _operand(operand: Operand, values: Values) -> Any:
    if not operand.column:
        return operand.constant
    column = values.column(operand.column)
    return column if operand.factor == 1 else operand.factor * column


def _differs(
    operator: str, left: str, right: tuple[Operand, ...], values: Values, slack: float = 0.0
) -> NDArray[np.bool_]:
    """Return which rows are known on both sides and do not stand in the relation."""
    found = values.column(left)
    known = np.logical_not(pd.isna(found))
    if operator in _LISTS:
        listed = np.isin(found.astype("str"), [str(o.constant) for o in right])
        return np.asarray(known & (listed if operator == "not in" else ~listed))
    sides = [_operand(operand, values) for operand in right]
    for side in sides:
        known = known & np.logical_not(pd.isna(side))  # ~False of a scalar would be -1
    if not known.any():
        return np.asarray(known)
    if found.dtype == object:
        return known & _texts_differ(operator, found, sides[0])
    with np.errstate(invalid="ignore"):
        return np.asarray(known & _numbers_differ(operator, found, sides, slack))


def _texts_differ(operator: str, found: NDArray[Any], side: Any) -> NDArray[np.bool_]:
    other = np.broadcast_to(np.asarray(side, dtype="object"), found.shape)
    if operator == "starts with":
        pairs = zip(found, other, strict=True)
        return np.array([not str(a).startswith(str(b)) for a, b in pairs], dtype=bool)
    same = np.asarray(found == other, dtype=bool)
    return same if operator == "!=" else ~same


def _numbers_differ(operator: str, found: NDArray[Any], sides: list[Any], slack: float) -> Any:
    first = sides[0]
    if operator == "sum of":
        return np.abs(found - sum(sides)) > slack
    if operator == "between":
        return (found < first - slack) | (found > sides[1] + slack)
    if operator in {"==", "!="}:
        near = np.abs(found - first) <= slack
        return near if operator == "!=" else ~near
    return {
        "<=": lambda: found > first + slack, "<": lambda: found >= first + slack,
        ">=": lambda: found < first - slack, ">": lambda: found <= first - slack,
    }[operator]()  # fmt: skip


def _holds(condition: Condition, values: Values) -> NDArray[np.bool_]:
    """Return which rows meet a condition; an unknown value meets only ``not in`` and ``!=``."""
    unknown = pd.isna(values.column(condition.left))
    differs = _differs(condition.operator, condition.left, condition.right, values)
    if condition.operator in {"not in", "!="}:
        return np.asarray(unknown | ~differs)
    known = ~unknown
    for operand in condition.right:
        known = known & np.logical_not(pd.isna(_operand(operand, values)))
    return np.asarray(known & ~differs)


def _groups(rule: Rule, values: Values) -> pd.Series:
    """Return the group of each row as one number; a row with an unknown part has none."""
    keys = values.frame[list(rule.by)]
    number = keys.groupby(list(rule.by), sort=False, dropna=True).ngroup()
    return number.where(number >= 0).astype("float64")


def _doubled(rule: Rule, values: Values) -> NDArray[np.bool_]:
    keys = values.frame[[rule.left, *rule.by]]
    known = values.frame[rule.left].notna()
    return (keys.duplicated(keep="first") & known).to_numpy()


def show_broken(rule: Rule, values: Values, rows: NDArray[np.intp]) -> list[str]:
    """Return, for rows that break a rule, what stands there and what it was held against."""
    left = values.column(rule.left)[rows] if rule.operator != "not empty" else None
    if left is None or rule.operator == "unique":
        return [""] * len(rows)
    is_date = rule.left in values.dates
    found = [_written(v, is_date=is_date) for v in left]
    if rule.operator == "share of MAD":
        middle = robust_scores(values.frame[rule.left], _groups(rule, values))["median"]
        other = [_written(v) for v in middle.to_numpy()[rows]]
        return [f"{a} ≠ {b}" for a, b in zip(found, other, strict=True)]
    if rule.operator in HISTORY:
        before = [_written(v) for v in against_previous(rule, values)[1][rows]]
        return [f"{b} → {a}" for a, b in zip(found, before, strict=True)]
    if rule.operator in {*COMPARISONS, "sum of"}:
        sides = [np.broadcast_to(_operand(o, values), len(values))[rows] for o in rule.right]
        right = sides[0] if len(sides) == 1 else np.sum(sides, axis=0)
        sign = COMPARISONS.get(rule.operator, "≠")
        shown = [_written(v, is_date=is_date) for v in right]
        return [f"{a} {sign} {b}" for a, b in zip(found, shown, strict=True)]
    return found


def _written(value: Any, *, is_date: bool = False) -> str:
    """Write a number or a date; a text only when it is a code, for it may be anybody's words."""
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) else "…"
    if is_date:
        return str(np.datetime64(int(value), "D"))
    return f"{value:,.2f}".removesuffix(".00")
