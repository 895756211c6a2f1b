"""The places for which indicators are given, and which rows lie in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.config import AREA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csc_matrix

LEVELS = (AREA, "province", "amphoe", "tambon")


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """Places by their codes.

    Parameters
    ----------
    codes : tuple of str
        ``"area"``, or a code of a province (2 digits), amphoe (4) or tambon (6).
    """

    codes: tuple[str, ...]

    def member(self, rows: pd.DataFrame) -> csc_matrix:
        """Return which rows lie in which place, zeros and ones, shape (rows, places).

        Parameters
        ----------
        rows : pandas.DataFrame
            ``tambon_code``, ``amphoe_code`` and ``province_code``; a row lies in every place whose
            code it bears, and in the area.

        Examples
        --------
        >>> rows = pd.DataFrame({"tambon_code": ["941012", None], "amphoe_code": ["9410", "9410"],
        ...     "province_code": "94"})
        >>> Scopes(("area", "9410", "941012")).member(rows).toarray().tolist()
        [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]]
        """
        from scipy.sparse import csc_matrix  # needed only when indicators are computed

        position = pd.Index(list(self.codes))
        row, column = [], []
        for level in LEVELS:
            if level == AREA:
                at = np.full(len(rows), position.get_indexer(pd.Index([AREA]))[0])
            else:
                at = position.get_indexer(pd.Index(rows[f"{level}_code"]))
            here = np.flatnonzero(at >= 0)
            row.append(here)
            column.append(at[here])
        i, j = np.concatenate(row), np.concatenate(column)
        return csc_matrix((np.ones(len(i)), (i, j)), shape=(len(rows), len(self.codes)))


def scopes_of(needs: pd.DataFrame, projects: pd.DataFrame, by: Sequence[str]) -> Scopes:
    """Return the area and every place that needs or projects name, in the order of ``by``."""
    codes: list[str] = []
    for level in by:
        if level == AREA:
            codes.append(AREA)
            continue
        named = pd.concat([needs[f"{level}_code"], projects[f"{level}_code"]]).dropna()
        codes += sorted(named.unique())
    return Scopes(tuple(codes))
