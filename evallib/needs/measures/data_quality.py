"""Quality of the data that agencies sent (A20), in the scopes in which they work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import figure_rows, in_period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.inputs.inputs import Case, Rows


def quality_score(case: Case, quality: pd.DataFrame) -> Rows:
    """Return A20: the mean score of the quality of data, 0-100.

    Parameters
    ----------
    case : Case
        Its projects say which agencies work in a scope.
    quality : pandas.DataFrame
        Contract ``quality_scores``; ``overall`` is a share.

    Returns
    -------
    Rows
        Mean over agencies and quarters of the period (``n``), each counting the same: in the area
        over all agencies, elsewhere over those with a project of the year there. Note
        ``no_scores``.
    """
    rows = quality.reindex(columns=["agency_id", "fiscal_year", "quarter", "overall"])
    rows = rows[rows["overall"].notna() & rows["agency_id"].notna()]
    rows = in_period(rows, case.period)
    names = pd.Index(rows["agency_id"].unique()).sort_values()
    score, agency = rows["overall"].to_numpy(dtype="float64"), names.get_indexer(rows["agency_id"])
    total = np.bincount(agency, score, minlength=len(names))
    number = np.bincount(agency, minlength=len(names)).astype("float64")
    works = _works(case, names)
    n = works @ number
    value = np.divide(100.0 * (works @ total), n, out=np.full_like(n, np.nan), where=n > 0)
    return figure_rows(value, n, np.where(n > 0, "", "no_scores"))


def _works(case: Case, names: pd.Index[str]) -> NDArray[np.float64]:
    """Return ones where an agency has a project of the year, shape (scopes, agencies)."""
    from scipy.sparse import csr_array  # heavy; needed only when scores were given

    at = names.get_indexer(pd.Index(case.projects.reindex(columns=["agency_id"])["agency_id"]))
    ours = np.flatnonzero(case.of_year & (at >= 0))
    named = csr_array(
        (np.ones(len(ours)), (ours, at[ours])), shape=(len(case.projects), len(names))
    )
    works = (case.scopes.member(case.projects).T @ named).toarray() > 0
    works[[code == "area" for code in case.scopes.codes]] = True
    return np.asarray(works, dtype=np.float64)
