"""P values of several effects at once, such as one project's on ten outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.impact.design import check_choice
from evallib.impact.inference.spread import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.arrays.columns import Floats

Adjustment: TypeAlias = Literal["holm", "bh"]


def adjust_p_values(
    p_values: pd.Series | Sequence[float], *, method: Adjustment = "holm"
) -> pd.Series:
    """Adjust p values for being several.

    Parameters
    ----------
    p_values : pandas.Series or sequence of float, length r
        Between 0 and 1; missing where a test was not possible.
    method : {"holm", "bh"}
        Holm keeps the chance of any false find; Benjamini and Hochberg the expected share of
        false finds among all finds, which is less strict and suits a long list that is looked
        through.

    Returns
    -------
    pandas.Series of float64, length r
        With the index of ``p_values``; missing stays missing and does not count as a test.

    Raises
    ------
    SchemaError
        ``impact.unknown_choice``; ``impact.not_p_values``: a number lies outside 0 to 1.

    Notes
    -----
    Event times of one effect are adjusted already, in column ``p_adjusted``: by Holm, or with
    draws by Romano and Wolf, which knows how they are correlated.

    References
    ----------
    .. [1] Holm (1979), *A simple sequentially rejective multiple test procedure*, Scandinavian
       Journal of Statistics 6(2).
    .. [2] Benjamini, Hochberg (1995), *Controlling the false discovery rate*, JRSS B 57(1).
       https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> p_values = pd.Series({"income": 0.01, "schooling": 0.04, "health": 0.03, "debt": None})
    >>> adjust_p_values(p_values).round(3).to_dict()
    {'income': 0.03, 'schooling': 0.06, 'health': 0.06, 'debt': nan}
    >>> adjust_p_values(p_values, method="bh").round(3).to_dict()
    {'income': 0.03, 'schooling': 0.04, 'health': 0.04, 'debt': nan}
    """
    check_choice("method", method, get_args(Adjustment))
    given = p_values if isinstance(p_values, pd.Series) else pd.Series(list(p_values), dtype=float)
    values: Floats = np.asarray(given.to_numpy(dtype=np.float64, na_value=np.nan))
    known = ~np.isnan(values)
    wrong = known & ~((values >= 0) & (values <= 1))
    if wrong.any():
        raise SchemaError("impact.not_p_values", found=f"{values[wrong][0]:g}")
    if method == "holm":
        return pd.Series(holm(values), index=given.index, name=given.name)
    from statsmodels.stats.multitest import multipletests  # half a second to import

    out = np.full(len(values), np.nan)
    if known.any():
        out[known] = multipletests(values[known], method="fdr_bh")[1]
    return pd.Series(out, index=given.index, name=given.name)
