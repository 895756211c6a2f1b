"""Which projects are held against which needs: of one place, in time, alike where it is wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.periods import FiscalPeriod

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Positions = NDArray[np.intp]
    Days = NDArray[np.datetime64]

LEVELS = ("tambon_code", "amphoe_code", "province_code")  # of a project: the finest that it names
TOPIC_FROM, SECTOR_FROM = 0.2, 0.6  # agreement that makes a project of a wide place a candidate
_BLOCK = 4_000_000  # agreements held at once


@dataclass(frozen=True, slots=True)
class Candidates:
    """Positions of the need and the project of each pair, and the level of the project's place.

    ``level`` is 0 where the project names a tambon, 1 an amphoe, 2 a province. Sorted by need and
    project.
    """

    need: Positions
    project: Positions
    level: Positions

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.need)


def candidate_pairs(
    needs: pd.DataFrame, projects: pd.DataFrame,
    need_shares: tuple[Floats, Floats], project_shares: tuple[Floats, Floats],
) -> Candidates:  # fmt: skip
    """Return the pairs that are worth looking at.

    Every project of the tambon of a need is one, whatever its sector: sectors are guesses. A
    project that names only the amphoe or the province of the need is one where topics agree by
    0.2 or sectors by 0.6. A project that had ended before the quarter in which the need was first
    stated is none; where one of the two dates is missing, time decides nothing.

    Parameters
    ----------
    needs, projects : pandas.DataFrame, shapes (n, k) and (m, k)
        Codes of places as `place_rows` fills them; ``first_stated`` of needs, ``end_date`` of
        projects.
    need_shares, project_shares : pair of ndarray of float32
        Probabilities of topics, shape (rows, topics), and of sectors, shape (rows, sectors).

    Returns
    -------
    Candidates

    Examples
    --------
    >>> needs = pd.DataFrame({"tambon_code": ["941012"], "first_stated": ["2565-Q2"]})
    >>> projects = pd.DataFrame({"tambon_code": ["941012", "941012", None],
    ...     "amphoe_code": ["9410", "9410", "9410"],
    ...     "end_date": ["2022-03-01", "2021-12-31", None]})
    >>> topics, sectors = np.eye(3, dtype="float32"), np.eye(3, dtype="float32")
    >>> pairs = candidate_pairs(place_rows(needs), place_rows(projects),
    ...     (topics[:1], sectors[:1]), (topics[[1, 0, 0]], sectors[[1, 0, 0]]))
    >>> pairs.project.tolist(), pairs.level.tolist()
    ([0, 2], [0, 1])
    """
    begins, ends = stated_days(needs), days_of(projects, "end_date")
    found = [np.zeros((3, 0), dtype=np.intp)]
    for level, rows, columns in _blocks(needs, projects):
        possible = ~(ends[columns] < begins[rows][:, np.newaxis])
        if level:
            topic, sector = (
                left[rows] @ right[columns].T
                for left, right in zip(need_shares, project_shares, strict=True)
            )
            possible &= (topic >= TOPIC_FROM) | (sector >= SECTOR_FROM)
        i, j = np.nonzero(possible)
        found.append(np.stack([rows[i], columns[j], np.full(len(i), level)]))
    pairs = np.concatenate(found, axis=1)
    need, project, level_of = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return Candidates(need, project, level_of)


def place_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with every code of a place as text, the wider ones filled from the narrower."""
    rows = frame.reindex(columns=[*frame.columns, *(c for c in LEVELS if c not in frame)])
    rows = rows.astype(dict.fromkeys(LEVELS, "str"))
    rows["amphoe_code"] = rows["amphoe_code"].fillna(rows["tambon_code"].str[:4])
    rows["province_code"] = rows["province_code"].fillna(rows["amphoe_code"].str[:2])
    return rows


def place_levels(projects: pd.DataFrame) -> Positions:
    """Return 0, 1 or 2 for the finest code that a project has, 3 where it has none."""
    known = projects[list(LEVELS)].notna().to_numpy()
    levels: Positions = np.where(known.any(axis=1), known.argmax(axis=1), len(LEVELS))
    return levels


def stated_days(needs: pd.DataFrame) -> Days:
    """Return the first day of the quarter in which each need was first stated, or no time."""
    stated = needs["first_stated"] if "first_stated" in needs else pd.Series(None, needs.index)
    begins = {
        written: pd.Timestamp(FiscalPeriod.parse(str(written)).start)
        for written in stated.dropna().unique()
    }
    return pd.to_datetime(stated.map(begins)).to_numpy("datetime64[D]")


def days_of(rows: pd.DataFrame, column: str) -> Days:
    """Return the days of a column of dates, or no time where it is not there."""
    dates = rows[column] if column in rows else pd.Series(None, rows.index)
    return pd.to_datetime(dates).to_numpy("datetime64[D]")


def _blocks(
    needs: pd.DataFrame, projects: pd.DataFrame
) -> Iterator[tuple[int, Positions, Positions]]:
    """Yield the level, needs and projects of each place, few enough needs at a time."""
    levels = place_levels(projects)
    for level, name in enumerate(LEVELS):
        here = np.flatnonzero(levels == level)
        offered, wanted = _positions(projects[name].iloc[here]), _positions(needs[name])
        for code in sorted(offered.keys() & wanted.keys()):
            columns, rows = here[offered[code]], wanted[code]
            some = max(1, _BLOCK // len(columns))
            for start in range(0, len(rows), some):
                yield level, rows[start : start + some], columns


def _positions(codes: pd.Series) -> dict[str, Positions]:
    """Return the positions of the rows of each code, ascending."""
    found = pd.Series(np.arange(len(codes))).groupby(codes.to_numpy()).indices
    return {str(code): np.asarray(at, dtype=np.intp) for code, at in found.items()}
