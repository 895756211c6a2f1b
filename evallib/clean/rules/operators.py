"""What the operators of a rule mean, each evaluated over whole columns at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.rules.rule import Condition, Operand, Rule
    from evallib.clean.rules.values import Values

SMALLEST_GROUP = 20  # below that the median and the MAD are themselves too uncertain
NORMAL = 1.4826  # makes the MAD of normal data its standard deviation
LEAST_SPREAD = 0.1  # on the log scale, about 10 %: a group of equal amounts is no yardstick


def robust_scores(
    values: pd.Series, groups: pd.Series, *, smallest: int = SMALLEST_GROUP
) -> pd.DataFrame:
    """Return how far each amount lies from the median of its group, on a log scale.

    Amounts of money span orders of magnitude and their mean and standard deviation follow the very
    values that are sought, so that z-scores mask outliers; the median and the median absolute
    deviation do not move until half of a group is wrong. The score is
    ``(log(1 + x) - median) / (1.4826 * MAD)``, with the MAD floored at 0.1 / 1.4826.

    Parameters
    ----------
    values : pandas.Series of float, shape (n,)
        Amounts or counts, not negative; missing and negative ones get no score.
    groups : pandas.Series, shape (n,)
        Group of each, on the same index; a missing group gets no score.
    smallest : int, default 20
        Groups with fewer values get no score.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``score`` (float64, NaN where there is none) and ``median`` of the group in the unit of
        ``values``; index of ``values``.

    References
    ----------
    Iglewicz, B. and Hoaglin, D. (1993). How to Detect and Handle Outliers. ASQC Quality Press.
    Leys, C. et al. (2013), J. Exp. Soc. Psychol. 49(4), 764-766, doi:10.1016/j.jesp.2013.03.013.

    Examples
    --------
    >>> baht = pd.Series([300e3, 350e3, 400e3, 420e3, 380e3, 0.35])
    >>> scores = robust_scores(baht, pd.Series(["ROD"] * 6), smallest=5)
    >>> (scores["score"].abs() > 5).tolist()
    [False, False, False, False, False, True]
    """
    amounts = pd.to_numeric(values).astype("float64")
    known = amounts.where((amounts >= 0) & groups.notna())
    logs = pd.Series(np.log1p(known.to_numpy()), index=values.index)
    grouped = logs.groupby(groups)
    median = grouped.transform("median")
    distance = (logs - median).abs()
    spread = NORMAL * distance.groupby(groups).transform("median")
    score = (logs - median) / spread.clip(lower=LEAST_SPREAD)
    enough = grouped.transform("count") >= smallest
    return pd.DataFrame({"score": score.where(enough), "median": np.expm1(median).where(enough)})


HISTORY = ("not below previous", "not copied from previous", "ratio to previous")
_ROUND = 100  # amounts of whole hundreds come back by themselves and are no copy


def against_previous(rule: Rule, values: Values) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which rows break a rule about the quarter before, and the value of that quarter.

    A value that broke another rule is no yardstick and is passed over.
    """
    before, long_before, step, long_step, quarter = _earlier(rule, values)
    value = values.column(rule.left)
    with np.errstate(invalid="ignore", divide="ignore"):
        if rule.operator == "not below previous":
            broken = value < before - rule.tolerance
        elif rule.operator == "ratio to previous":
            low, high = (float(side.constant) for side in rule.right)
            broken = (before > 0) & (value > 0) & ((value / before < low) | (value / before > high))
        else:
            begun = np.isnan(long_before) & (quarter - step == 1)  # Q1 begins the year at nothing
            base = np.where(begun, 0.0, long_before)
            amount = value - before
            broken = (step == 1) & (begun | (long_step == 1)) & (amount == before - base)
            broken = broken & (amount > 0) & (amount % _ROUND != 0)
    return np.asarray(broken), before


def _earlier(rule: Rule, values: Values) -> NDArray[np.float64]:
    """Return, for each row, the two values before it, how many quarters lie between, its quarter.

    Of several rows of one group and quarter the latest speaks. Shape (5, n).
    """
    sound = ~values.suspect.get(rule.left, np.zeros(len(values), dtype=bool))
    by = list(rule.by)
    frame = values.frame[[*by, "as_of"]].reset_index(drop=True).assign(
        quarter=values.column("quarter"), value=values.column(rule.left), at=range(len(values))
    )  # fmt: skip
    key = [*by, "quarter"]
    known = frame[frame["value"].notna() & sound].dropna(subset=key)
    known = known.sort_values([*key, "as_of", "at"]).drop_duplicates(key, keep="last")
    last, last_but_one = (known.groupby(by, sort=False)[["value", "quarter"]].shift(n)
                          for n in (1, 2))  # fmt: skip
    earlier = known[key].assign(
        before=last["value"], long_before=last_but_one["value"],
        step=known["quarter"] - last["quarter"],
        long_step=last["quarter"] - last_but_one["quarter"],
    )  # fmt: skip
    joined = frame.merge(earlier, on=key, how="left").sort_values("at")
    names = ["before", "long_before", "step", "long_step", "quarter"]
    return joined[names].to_numpy(dtype="float64").T


COMPARISONS = {"<=": ">", "<": "≥", ">=": "<", ">": "≤", "==": "≠", "!=": "="}
_LISTS = ("in", "not in")
OPERATORS = (
    *COMPARISONS, *_LISTS, *HISTORY, "between", "starts with", "sum of", "not empty", "unique",
    "share of MAD",
)  # fmt: skip
_CODE = re.compile(r"[0-9A-Z\-]{1,12}")  # a text that is a code and no one's words


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
