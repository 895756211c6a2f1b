"""Plan and result in turn: two rows a project, of which the result counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_PLAN = re.compile(r"^(?:แผน|เป้าหมาย|เป้า|ตามแผน|plan(?:ned)?|target)\S*$", re.IGNORECASE)
_RESULT = re.compile(r"^(?:ผล|ผลงาน|จริง|ทำได้|actual|results?|done)\S*$", re.IGNORECASE)


def results_in_turn(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """Return the rows of results, with what stands in the rows of plans for both.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Data rows of a sheet, dtype object. Not modified.

    Returns
    -------
    frame : pandas.DataFrame, shape (n - plans, k)
        The frame itself where plans and results do not take turns. A column of which no row of
        results holds anything is about both; in all others a plan is no result.
    plans : list of int
        Labels of the rows of plans that were left out.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"title": ["a", "a", "b", "b"], "budget": [9, None, 8, None],
    ...     "what": ["แผน", "ผล", "แผน", "ผล"], "paid": [5, 3, 6, None]}, dtype="object")
    >>> results, plans = results_in_turn(rows)
    >>> results["budget"].tolist(), results["paid"].tolist(), plans
    ([9, 8], [3, None], [0, 2])
    """
    said = next((c for c in frame.columns if _takes_turns(frame[c])), None)
    if said is None:
        return frame, []
    plans, results = frame.iloc[::2], frame.iloc[1::2].copy()
    for name in frame.columns:
        if results[name].isna().all():
            results[name] = plans[name].to_numpy()
    return results, [int(label) for label in plans.index]


def _takes_turns(column: pd.Series) -> bool:
    """Tell whether a column says plan, result, plan, result ... to its end."""
    words = column.tolist()
    if len(words) < 2 or len(words) % 2 or not all(isinstance(word, str) for word in words):
        return False
    plans, results = words[::2], words[1::2]
    return all(_PLAN.match(w.strip()) for w in plans) and all(
        _RESULT.match(w.strip()) for w in results
    )
