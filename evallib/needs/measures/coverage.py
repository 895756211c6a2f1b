"""How far needs are answered and where projects come from (A1-A6, A9, A12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats
    from evallib.needs.inputs.inputs import Case


UNREQUESTED = 0.2  # probability of answering a need below which a project was not asked for
SECURITY = "SEC"
OF_NEEDS = ("A1", "A2", "A3", "A9", "A9.delivered", "A9.people")
OF_PROJECTS = ("A4", "A5", "A6", "A12", "A12.mandated")


class Coverage:
    """What each need and project counts in each scope: weights are worked out once for all draws.

    Parameters
    ----------
    case : Case
        Needs, projects, links and scopes.
    top : int
        Needs of a tambon whose budget share is A6.
    population : pandas.DataFrame or None
        ``tambon_code`` and ``population``; without it A9.people is missing.
    """

    def __init__(self, case: Case, *, top: int, population: pd.DataFrame | None) -> None:
        self.case = case
        self.top = (case.rank <= top)[case.net.need]  # a need without a rank compares as False
        needs, projects = case.scopes.member(case.needs), case.scopes.member(case.projects)
        open_now, of_year = case.open_need.astype(float), case.of_year.astype(float)
        budget = np.nan_to_num(case.projects["budget_approved"].to_numpy()).clip(0) * of_year
        mandated = _mandated(case.projects)
        self.n_needs, self.n_projects = _sums(needs, open_now), _sums(projects, of_year)
        self.baht = _sums(projects, budget)
        self.needs = _scaled(needs, open_now, self.n_needs)
        self.weights = _scaled(needs, case.weights, _sums(needs, _firsts(case)))
        self.projects = _scaled(projects, of_year, self.n_projects)
        self.budget = _scaled(projects, budget, self.baht)
        self.mandated = _scaled(projects, budget * mandated, self.baht)
        self.people, self.counted = _people(case, needs, population)

    def of_needs(self, kept: Floats, *, tau: float) -> dict[str, Floats]:
        """Return A1, A2, A3 and the forms of A9, shape (draws, scopes) each."""
        net = self.case.net
        c = net.of_needs(kept)
        d = net.of_needs(kept * net.delivered[net.project].astype(kept.dtype))
        some = self.n_needs > 0
        weighted, done = _mean(c, self.weights, some), _mean(d, self.weights, some)
        return {
            "A1": _mean((c >= tau).astype(c.dtype), self.needs, some),
            "A2": weighted,
            "A3": done,
            "A9": 1.0 - weighted,
            "A9.delivered": 1.0 - done,
            "A9.people": _total(1.0 - c, self.people, self.counted),
        }

    def of_projects(self, kept: Floats) -> dict[str, Floats]:
        """Return A4, A5, A6 and the forms of A12, shape (draws, scopes) each."""
        net = self.case.net
        a = net.of_projects(kept)
        first = net.of_projects(kept * self.top.astype(kept.dtype))
        stray = (a < UNREQUESTED).astype(a.dtype)
        paid = self.baht > 0
        return {
            "A4": _mean(a, self.projects, self.n_projects > 0),
            "A5": _mean(a, self.budget, paid),
            "A6": _mean(first, self.budget, paid),
            "A12": _mean(stray, self.budget, paid),
            "A12.mandated": _mean(stray, self.mandated, paid),
        }

    def counts(self, indicator: str) -> Floats:
        """Return how many needs or projects an indicator is over, shape (scopes,)."""
        return self.n_needs if indicator in OF_NEEDS else self.n_projects

    def reasons(self, indicator: str) -> NDArray[Any]:
        """Return why an indicator has no value, "" where it has one, shape (scopes,)."""
        note: NDArray[Any]
        if indicator in OF_NEEDS:
            note = np.where(self.n_needs > 0, "", "no_needs")
            if indicator == "A9.people":
                note = np.where(note != "", note, np.where(self.counted, "", "no_people"))
        else:
            note = np.where(self.n_projects > 0, "", "no_projects")
            if indicator != "A4":
                unpaid = (note == "") & (self.baht <= 0)
                note = np.where(unpaid, "no_budget", note)
        return note.astype(object)


def _mandated(projects: pd.DataFrame) -> Floats:
    """Return ones for projects that the law or security asks for, not the people."""
    told = projects.reindex(columns=["is_mandated"])["is_mandated"]
    marked = pd.to_numeric(told).eq(1).fillna(value=False).to_numpy(dtype=bool)
    security = projects["sector_code"].eq(SECURITY).fillna(value=False).to_numpy(dtype=bool)
    return (marked | security).astype(np.float64)


def _firsts(case: Case) -> Floats:
    """Return one for one open need of each tambon, so that their sum counts tambons."""
    tambon = case.needs["tambon_code"].where(case.open_need)
    return np.asarray(tambon.notna() & ~tambon.duplicated(), dtype=np.float64)


def _people(case: Case, needs: Any, population: pd.DataFrame | None) -> tuple[Any, NDArray[Any]]:
    """Return what a need counts in A9.people, and in which scopes people are known."""
    affected = pd.to_numeric(case.needs["people_affected"]).astype("float64")
    nobody = np.zeros(needs.shape[1])
    if population is None or affected[case.open_need].isna().all():
        return (needs * 0.0).T.tocsr(), nobody > 0
    lives = population.dropna(subset=["tambon_code"]).groupby("tambon_code")["population"].max()
    lives = pd.to_numeric(lives).astype("float64").dropna()
    living = np.asarray(lives, dtype=np.float64)
    code = pd.Series(lives.index, dtype="str")
    places = pd.DataFrame({"tambon_code": code, "amphoe_code": code.str[:4],
                           "province_code": code.str[:2]})  # fmt: skip
    people = _sums(case.scopes.member(places), living)
    known = case.needs["tambon_code"].isin(lives.index).to_numpy(dtype=bool) & case.open_need
    count = np.where(known, affected.fillna(0.0).clip(lower=0.0), 0.0)
    stated = _sums(needs, (known & affected.notna().to_numpy()).astype(np.float64))
    return _scaled(needs, 1000.0 * count, people), (people > 0) & (stated > 0)


def _sums(member: Any, values: Floats) -> Floats:
    return np.asarray(member.T @ values, dtype=np.float64).ravel()


def _scaled(member: Any, values: Floats, totals: Floats) -> Any:
    """Return the membership, each row times its value and each column over its total."""
    from scipy.sparse import diags_array  # needed only when indicators are computed

    per_column = np.divide(1.0, totals, out=np.zeros_like(totals), where=totals > 0)
    scaled = (diags_array(values) @ member @ diags_array(per_column)).T.tocsr()
    scaled.eliminate_zeros()
    return scaled


def _total(answered: Floats, weight: Any, known: NDArray[Any]) -> Floats:
    """Return sums over needs or projects, NaN in scopes where nothing is known."""
    summed: Floats = np.asarray(weight @ answered.T).T
    summed[:, ~known] = np.nan
    return summed


def _mean(answered: Floats, weight: Any, known: NDArray[Any]) -> Floats:
    """Return weighted means; rounding can leave 0-1, truth cannot."""
    return _total(answered, weight, known).clip(0.0, 1.0)
