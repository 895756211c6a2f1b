"""Columns of a table as arrays for rules, with those that only rules know."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.thai.days import BUDDHIST_ERA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

_FISCAL_MONTHS = 9  # months from January to the start of a fiscal year, in the year before


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
