"""Rules about the quarter before: what is cumulative must not fall, jump or be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.rule_file import Rule
    from evallib.clean.rule_operators import Values

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
