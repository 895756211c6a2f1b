"""Evidence that two projects are one, field by field, and the probability that it amounts to."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.register.pairs import agency_keys, project_codes
from evallib.register.titles import title_cores

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = (
    "title", "numbers_differ", "amount_same", "amount_near", "amount_far", "dates_near",
    "dates_far", "place_coarse", "target_same", "target_differs", "objective", "plan_same",
    "code_same", "agency_kin",
)  # fmt: skip
_DAYS = 30.0  # days between two dates that halve the evidence of the dates
_DAYS_FAR = 120.0
_FAR = 0.1  # difference of the logarithms of two amounts that speaks against one project


def compare_pairs(projects: pd.DataFrame, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    r"""Return what speaks for and against each pair; a field that one lacks says nothing.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Contract ``projects``, also without columns that are not known; ``agency_raw`` and codes of
        projects where known.
    first, second : numpy.ndarray of int, shape (m,)
        Positions of the two projects of each pair.

    Returns
    -------
    pandas.DataFrame of float, shape (m, 14)
        Each between 0 and 1. ``title``: edits (`rapidfuzz` ratio) between the titles without
        places and years. ``numbers_differ``: both titles hold numbers, or both a village, and they
        are others. ``amount_same``: to the baht, half of it for round sums. ``amount_near``:
        :math:`e^{-20|\ln(b_1/b_2)|}` of other sums. ``amount_far``: 10 % apart or more.
        ``dates_near``: :math:`2^{-days/30}`, mean of start and end. ``dates_far``: starts 120 days
        apart or more. ``place_coarse``: not both name a tambon. ``target_same``,
        ``target_differs``: people targeted. ``objective``: as ``title``. ``plan_same``,
        ``code_same``, ``agency_kin`` (offices of one department).

    Examples
    --------
    >>> two = pd.DataFrame({"title_th": ["ขุดบ่อ ต.บานา", "ขุดบ่อ"], "agency_id": ["RID", "RID-94"],
    ...     "budget_approved": [512_300.0, 512_300.0]})
    >>> compare_pairs(two, np.array([0]), np.array([1])).iloc[0][["title", "agency_kin"]].tolist()
    [1.0, 1.0]
    """
    titles = title_cores(projects["title_th"])
    found = {"title": _ratio(titles["core"], first, second)}
    found["numbers_differ"] = _differ(titles["numbers"], first, second) | _differ(
        titles["village"], first, second
    )
    found |= _amounts(projects, first, second) | _dates(projects, first, second)
    tambon = _column(projects, "tambon_code").notna().to_numpy()
    found["place_coarse"] = ~(tambon[first] & tambon[second])
    target = _column(projects, "target_n").astype("float64").to_numpy()
    found["target_same"] = target[first] == target[second]
    found["target_differs"] = np.abs(target[first] - target[second]) > 0
    objective = _column(projects, "objective_th")
    found["objective"] = _ratio(title_cores(objective)["core"], first, second)
    kin = agency_keys(projects).str.split("-").str[0]
    for name, values in (("plan_same", _column(projects, "plan_source")),
                         ("code_same", project_codes(projects)), ("agency_kin", kin)):  # fmt: skip
        number = pd.factorize(values.where(values != "?"))[0]
        found[name] = (number[first] == number[second]) & (number[first] >= 0)
    return pd.DataFrame({name: np.asarray(found[name], dtype=float) for name in FIELDS})


def probability_of(evidence: pd.DataFrame) -> np.ndarray:
    """Return the probability that each pair is one project, shape (m,).

    A logistic model; its weights, and where each is from, stand in
    ``evallib/reference/duplicate_weights.csv``. Those that were learnt come from synthetic
    submissions (``python benchmarks/duplicates.py learn`` learns them again).
    """
    weights = duplicate_weights()
    z = weights["constant"] + evidence[list(FIELDS)].to_numpy() @ np.array(
        [weights[name] for name in FIELDS]
    )
    chance: np.ndarray = (1 / (1 + np.exp(-z))).round(4)
    return chance


@cache
def duplicate_weights() -> Mapping[str, float]:
    """Return the weight of each field, and ``constant``."""
    source = resources.files("evallib") / "reference" / "duplicate_weights.csv"
    with source.open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    return dict(zip(table["field"], table["weight"].astype(float), strict=True))


def _column(projects: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, or nothing but missing values where there is none."""
    return projects[name] if name in projects else pd.Series(None, projects.index, dtype="object")


def _ratio(texts: pd.Series, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the likeness of two texts, 0 where one is empty."""
    from rapidfuzz import fuzz, process  # only registers with several agencies need it

    written = texts.to_numpy(dtype=object)
    scores = process.cpdist(written[first], written[second], scorer=fuzz.ratio, workers=1)
    empty = (written == "")[first] | (written == "")[second]
    likeness: np.ndarray = np.where(empty, 0.0, np.asarray(scores, dtype=float) / 100).round(4)
    return likeness


def _differ(texts: pd.Series, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Tell where both texts say something, and not the same."""
    number = pd.factorize(texts.where(texts != ""))[0]
    a, b = number[first], number[second]
    apart: np.ndarray = (a >= 0) & (b >= 0) & (a != b)
    return apart


def _amounts(
    projects: pd.DataFrame, first: np.ndarray, second: np.ndarray
) -> dict[str, np.ndarray]:
    baht = projects["budget_approved"].to_numpy(dtype=float)
    a, b = baht[first], baht[second]
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(np.log(a / b))
        digits = np.floor(np.log10(a))
        is_round = (digits >= 2) & (a % np.power(10.0, digits - 1) == 0)
    same = (np.abs(a - b) < 0.5) & (a > 0)
    return {
        "amount_same": np.where(same, np.where(is_round, 0.5, 1.0), 0.0),
        "amount_near": np.where(same, 0.0, np.nan_to_num(np.exp(-20 * apart), nan=0.0)),
        "amount_far": apart >= _FAR,
    }


def _dates(projects: pd.DataFrame, first: np.ndarray, second: np.ndarray) -> dict[str, np.ndarray]:
    near, known = np.zeros(len(first)), np.zeros(len(first))
    far = np.zeros(len(first), dtype=bool)
    for name in ("start_date", "end_date"):
        days = pd.to_datetime(_column(projects, name)).to_numpy("datetime64[D]")
        apart = np.abs((days[first] - days[second]).astype("timedelta64[D]").astype(float))
        apart[np.isnat(days[first]) | np.isnat(days[second])] = np.nan
        near += np.nan_to_num(np.exp2(-apart / _DAYS), nan=0.0)
        known += ~np.isnan(apart)
        if name == "start_date":
            far = apart >= _DAYS_FAR
    return {"dates_near": near / np.maximum(known, 1), "dates_far": far}
