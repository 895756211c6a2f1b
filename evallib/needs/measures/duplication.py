"""Money counted twice and work done twice (A13): duplicates are not overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.inputs.by_scope import share_rows
from evallib.tables.intake import MERGED_FROM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case, Rows


PAIR = ["project_uid", "duplicate_uid", "probability", "budget_approved", "state"]
ANYTHING = "OTH"  # projects of no sector in particular do not do the same work


def duplicated_budget(case: Case, duplicates: pd.DataFrame) -> Rows:
    """Return A13: the baht of confirmed doubles in all baht reported.

    Parameters
    ----------
    case : Case
        The register has each project once; its doubles stand in ``duplicates``.
    duplicates : pandas.DataFrame
        Contract ``project_duplicates``.

    Returns
    -------
    Rows
        Shares, 0-1. A double counts once, however many pairs it is in, where the project is that
        was kept for it. All baht reported are those of the register and of every double that was
        merged into it, by a person or by its probability. ``n``: the projects and those doubles.
        Notes ``no_projects``, ``no_budget`` and, for pairs without names or states, ``not_given``.
    """
    register, of_year = pd.Index(case.projects["project_uid"]), case.of_year
    pairs = duplicates.reindex(columns=PAIR)
    usable = pairs.dropna(subset=["project_uid", "duplicate_uid", "state"])
    doubles = _doubles(usable, register)
    here = of_year[doubles["home"].to_numpy(dtype=np.intp)]
    doubles = doubles[here]
    home, baht = doubles["home"].to_numpy(dtype=np.intp), doubles["baht"].to_numpy()
    confirmed, gone = doubles["confirmed"].to_numpy(), ~doubles["in_register"].to_numpy()

    def at_home(values: Floats) -> Floats:
        return np.bincount(home, values, minlength=len(of_year)).astype(np.float64)

    budget = np.where(of_year, np.nan_to_num(case.projects["budget_approved"].to_numpy()), 0.0)
    rows = share_rows(
        case.scopes.member(case.projects),
        part=at_home(baht * confirmed),
        whole=budget + at_home(baht * gone),
        counted=of_year + at_home(gone.astype(np.float64)),
        note="no_budget",
    )
    rows = rows._replace(note=np.where(rows.n > 0, rows.note, "no_projects"))
    if usable.empty and len(pairs):  # pairs without names or states say nothing
        none = np.full_like(rows.value, np.nan)
        return rows._replace(value=none, note=np.full(len(none), "not_given", dtype=object))
    return rows


def _doubles(pairs: pd.DataFrame, register: pd.Index[str]) -> pd.DataFrame:
    """Return each double once: where it was kept (position), its baht, whether confirmed."""
    from scipy.sparse import coo_array  # needed only where pairs were given
    from scipy.sparse.csgraph import connected_components

    sure = pairs["state"].eq("CONFIRMED") | (
        pairs["state"].eq("OPEN") & (pairs["probability"].astype("float64") >= MERGED_FROM)
    )
    pairs = pairs[sure].sort_values(["duplicate_uid", "project_uid"], ignore_index=True)
    names = pd.Index(pd.concat([pairs["project_uid"], pairs["duplicate_uid"]]).unique())
    kept, double = (names.get_indexer(pairs[c]) for c in ("project_uid", "duplicate_uid"))
    edges = coo_array((np.ones(len(pairs)), (kept, double)), shape=(len(names),) * 2)
    _, group = connected_components(edges, directed=False)
    at = pd.Series(register.get_indexer(names), dtype="float64")
    home = at.where(at >= 0).groupby(group).transform("min").to_numpy()
    confirmed = pairs["state"].eq("CONFIRMED").groupby(double).transform("any")
    baht = pd.to_numeric(pairs["budget_approved"]).astype("float64").groupby(double)
    rows = pd.DataFrame(
        {
            "home": home[double],
            "baht": baht.transform("max").fillna(0.0),
            "confirmed": confirmed.astype(bool),
            "in_register": at.to_numpy()[double] >= 0,
        }
    )
    return rows[~pd.Series(double).duplicated() & rows["home"].notna()]


def overlapping_budget(case: Case, duplicates: pd.DataFrame | None = None) -> Rows:
    """Return A13.overlap: the baht of projects that do the same work at the same time and place.

    Parameters
    ----------
    case : Case
        Projects with sector, tambon, agency, ``start_date`` and ``end_date``.
    duplicates : pandas.DataFrame, optional
        Contract ``project_duplicates``; confirmed pairs are one project and do not overlap.

    Returns
    -------
    Rows
        Shares, 0-1, of the baht of the projects that can be compared: those not cancelled whose
        tambon, sector (not "other"), agency and both dates are known (``n``). A project overlaps
        when another of them, of another agency, has its sector, its tambon and a day in common.
        Notes ``no_projects``, ``no_comparable`` (projects, none of which can be compared) and
        ``no_budget``.
    """
    able = _comparable(case.projects, case.of_year)
    doubled = _overlaps(case.projects, able, duplicates)
    budget = np.nan_to_num(case.projects["budget_approved"].to_numpy())
    member = case.scopes.member(case.projects)
    rows = share_rows(
        member, part=budget * doubled, whole=budget * able, counted=able, note="no_budget"
    )
    some = np.asarray(member.T @ case.of_year) > 0
    none = np.where(some, "no_comparable", "no_projects").astype(object)
    return rows._replace(note=np.where(rows.n > 0, rows.note, none))


def _comparable(projects: pd.DataFrame, of_year: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which projects can be compared, shape (m,)."""
    needed = ["tambon_code", "sector_code", "agency_id", "start_date", "end_date"]
    known = projects.reindex(columns=needed).notna().all(axis=1).to_numpy()
    if not known.any():
        return known
    meant = projects["sector_code"].ne(ANYTHING) & projects["status"].ne("cancelled")
    return np.asarray(known & of_year & meant.fillna(value=False).to_numpy(dtype=bool))


def _overlaps(
    projects: pd.DataFrame, able: NDArray[np.bool_], duplicates: pd.DataFrame | None
) -> NDArray[np.bool_]:
    """Tell which of the comparable projects another agency's overlaps, shape (m,)."""
    doubled = np.zeros(len(able), dtype=bool)
    if not able.any():
        return doubled
    place = ["tambon_code", "sector_code"]
    rows = projects.loc[able, ["project_uid", *place, "agency_id", "start_date", "end_date"]]
    rows = rows.assign(at=np.flatnonzero(able))
    pairs = rows.merge(rows, on=place, suffixes=("", "_2"))
    together = (
        (pairs["at"] < pairs["at_2"])
        & (pairs["agency_id"] != pairs["agency_id_2"])
        & (pairs["start_date"] <= pairs["end_date_2"])
        & (pairs["start_date_2"] <= pairs["end_date"])
    )
    pairs = pairs[together.to_numpy(dtype=bool)]
    if duplicates is not None:
        same = duplicates.reindex(columns=PAIR).dropna(subset=["project_uid", "duplicate_uid"])
        same = same[same["state"].eq("CONFIRMED").to_numpy(dtype=bool)]
        known = {
            tuple(sorted(pair))
            for pair in zip(same["project_uid"], same["duplicate_uid"], strict=True)
        }
        found = zip(pairs["project_uid"], pairs["project_uid_2"], strict=True)  # each sorted
        pairs = pairs[np.array([pair not in known for pair in found], dtype=bool)]
    doubled[pairs["at"]] = doubled[pairs["at_2"]] = True
    return doubled
