"""The effect of projects that begin on one day: difference-in-differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evallib.errors import DesignError
from evallib.impact.estimators.staggered import estimate_staggered

if TYPE_CHECKING:
    import pandas as pd

    from evallib.impact.comparisons.contrast import Method
    from evallib.impact.comparisons.plan import Base
    from evallib.impact.design import Design
    from evallib.impact.effect import Effect


def estimate_did(
    frame: pd.DataFrame,
    design: Design,
    *,
    method: Method = "dr",
    panel: bool = True,
    base: Base = "varying",
    anticipation: int = 0,
    draws: int = 0,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    r"""Estimate the average effect on the treated where all start in the same period.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Any number of periods, at least one before the start. Not modified.
    design : Design
        As for `estimate_staggered`, with one start.
    method, panel, base, anticipation, draws, level, seed
        As for `estimate_staggered`, whose kernel this is.

    Returns
    -------
    Effect
        ``estimate`` averages the periods from the start on.

    Raises
    ------
    SchemaError, DesignError
        As for `estimate_staggered`; ``impact.several_starts``.

    References
    ----------
    .. [1] Sant'Anna, Zhao (2020), *Doubly robust difference-in-differences estimators*,
       Journal of Econometrics 219(1). https://doi.org/10.1016/j.jeconom.2020.06.003

    Examples
    --------
    >>> import pandas as pd
    >>> from evallib.impact import Design
    >>> frame = pd.DataFrame({
    ...     "tambon": [1, 1, 2, 2, 3, 3, 4, 4], "t": [1, 2] * 4, "on": [0, 1, 0, 1, 0, 0, 0, 0],
    ...     "income": [10.0, 15.0, 12.0, 16.0, 10.0, 11.0, 9.0, 11.0]})
    >>> roles = Design(outcome="income", unit="tambon", time="t", treated="on")
    >>> print(estimate_did(frame, roles))
    ATT 3.00 [1.41, 4.59] (estimate_did, 2 treated, 2 control, 4 clusters)
    """
    found = estimate_staggered(
        frame, design, method=method, panel=panel, base=base, anticipation=anticipation,
        draws=draws, level=level, seed=seed,
    )  # fmt: skip
    groups = found.effects.loc[found.effects["level"] == "group", "group"]
    if len(groups) > 1:
        raise DesignError("impact.several_starts", cohorts=", ".join(f"{g:g}" for g in groups))
    spec = {name: value for name, value in found.spec.items() if name != "control"}
    return replace(found, method="estimate_did", spec=spec)
