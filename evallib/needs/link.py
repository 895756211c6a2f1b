"""Which project may answer which need: candidates by place, sector and time, scored by words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.terms import common_terms, find_terms
from evallib.needs.words import cut_places, cut_routine, even_out
from evallib.periods import FiscalPeriod
from evallib.tables import contract, empty

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

METHOD = "place+sector+words/1"
KEEP = 0.2  # links below are not worth a reviewer's look
# Log-odds, set by hand from the reading of cases and not yet calibrated on reviewed links.
INTERCEPT, SIMILARITY, SHARED_TERM, FURTHER_TERM = -1.6, 5.0, 1.2, 0.4
MOST_TERMS = 4
PLACE = {"tambon_code": 0.0, "amphoe_code": -1.5, "province_code": -2.5}
_CHUNK = 50_000  # pairs compared at once: keeps memory below some hundred megabytes


def link_projects(needs: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Propose links between needs and the projects that may answer them.

    Parameters
    ----------
    needs : pandas.DataFrame, shape (n, k)
        Contract ``needs``; used: ``need_id``, ``need_text_th``, ``sector_code``, ``tambon_code``,
        ``amphoe_code``, ``province_code``, ``first_stated``, ``as_of``.
    projects : pandas.DataFrame, shape (m, k)
        Contract ``projects``; used: ``project_uid``, ``title_th``, ``objective_th``,
        ``sector_code``, the three place codes, ``start_date``, ``end_date``, ``as_of``.

    Returns
    -------
    pandas.DataFrame, shape (links, 8)
        Contract ``need_project_links``, sorted by ``need_id`` and ``project_uid``; scores of at
        least 0.2. ``evidence`` holds keywords of the sector table that both texts contain, and
        nothing else of either text. ``time_ok`` is missing where a date is.

    Notes
    -----
    A pair is a candidate when the sector is the same and the project lies in the tambon of the
    need, or is located only by the amphoe, or only by the province, of it. A project that ended
    before the quarter in which the need was first stated is none. The score is logistic:

    ``1 / (1 + exp(-(-1.6 + place + 5 similarity + 1.2 [a shared keyword] + 0.4 each further)))``

    with place 0 for the tambon, -1.5 for the amphoe, -2.5 for the province, up to four keywords,
    and similarity the cosine of counts of 2 to 4 letters, without names of places and routine
    words. The weights are set by hand: the score orders cases and is not yet calibrated against
    reviewed links. It depends on the two texts alone, so links do not change when other rows come.

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["N1"], "need_text_th": ["น้ำประปาหมู่บ้านไม่ไหล"],
    ...     "sector_code": ["WAT"], "tambon_code": ["941012"], "first_stated": ["2565-Q1"]})
    >>> projects = pd.DataFrame({"project_uid": ["P1"], "title_th": ["ปรับปรุงประปาหมู่บ้าน"],
    ...     "sector_code": ["WAT"], "tambon_code": ["941012"]})
    >>> link_projects(needs, projects)[["score", "evidence"]].round(2).values.tolist()
    [[0.88, 'ประปาหมู่บ้าน']]
    """
    wanted, offered = _prepare(needs, "need_id"), _prepare(projects, "project_uid")
    pairs = _candidates(wanted, offered)
    need, project = wanted.iloc[pairs["need"]], offered.iloc[pairs["project"]]
    time_ok = _time_ok(need, project)
    possible = time_ok.fillna(value=True).to_numpy(dtype=bool)
    pairs, time_ok = pairs[possible], time_ok[possible]
    if pairs.empty:
        return empty("need_project_links")
    need_words, project_words = _need_words(wanted), _project_words(offered)
    shared = _shared_terms(pairs, need_words, project_words)
    log_odds = (
        INTERCEPT
        + pairs["place"].to_numpy()
        + SIMILARITY * _similarity(pairs, need_words, project_words)
        + np.array([_term_odds(len(terms)) for terms in shared])
    )
    links = pd.DataFrame(
        {
            "need_id": wanted["need_id"].to_numpy()[pairs["need"]],
            "project_uid": offered["project_uid"].to_numpy()[pairs["project"]],
            "score": np.round(1.0 / (1.0 + np.exp(-log_odds)), 4),
            "method": METHOD,
            "evidence": [";".join(terms) or None for terms in shared],
            "time_ok": time_ok.to_numpy(),
            "reviewer_state": "auto",
            "as_of": np.fmax(
                wanted["as_of"].to_numpy()[pairs["need"]],
                offered["as_of"].to_numpy()[pairs["project"]],
            ),
        }
    )
    return _conform(links[links["score"] >= KEEP])


def _prepare(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows in the order of their key, with every column that linking looks at."""
    wanted = [
        "need_text_th", "title_th", "objective_th", "sector_code", "tambon_code", "amphoe_code",
        "province_code", "first_stated", "start_date", "end_date", "as_of",
    ]  # fmt: skip
    rows = frame.reindex(columns=[key, *wanted]).sort_values(key, ignore_index=True)
    for column in ("start_date", "end_date", "as_of"):
        rows[column] = pd.to_datetime(rows[column]).astype("datetime64[s]")
    texts = ["need_text_th", "title_th", "objective_th", "sector_code", "tambon_code",
             "amphoe_code", "province_code"]  # fmt: skip
    rows = rows.astype(dict.fromkeys(texts, "str"))
    for level, digits in (("amphoe_code", 4), ("province_code", 2)):
        finer = "tambon_code" if level == "amphoe_code" else "amphoe_code"
        rows[level] = rows[level].fillna(rows[finer].str[:digits])
    return rows


def _candidates(needs: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Return positions of pairs of one sector and place, with the log-odds of that place."""
    found = []
    finer: list[str] = []
    for level, odds in PLACE.items():
        located = projects[level].notna() & projects[finer].isna().all(axis=1)
        keys = [level, "sector_code"]
        left = needs[needs["sector_code"].notna()][keys].assign(need=lambda f: f.index)
        right = projects[located & projects["sector_code"].notna()][keys]
        both = left.merge(right.assign(project=right.index), on=keys)
        found.append(both[["need", "project"]].assign(place=odds))
        finer.append(level)
    return pd.concat(found).sort_values(["need", "project"], ignore_index=True)


def _time_ok(need: pd.DataFrame, project: pd.DataFrame) -> pd.Series:
    """Tell whether the project still ran when the need was first stated; missing when unknown."""
    stated = need["first_stated"]
    begins = {
        written: pd.Timestamp(FiscalPeriod.parse(written).start)
        for written in stated.dropna().unique()
    }
    first_day = pd.to_datetime(stated.map(begins)).to_numpy(dtype="datetime64[s]")
    last_day = project["end_date"].to_numpy(dtype="datetime64[s]")
    known = ~(np.isnat(first_day) | np.isnat(last_day))
    return pd.Series(last_day >= first_day).astype("boolean").where(known)


Words = tuple[list[str], list[tuple[str, ...]]]


def _need_words(needs: pd.DataFrame) -> Words:
    return _words(needs["need_text_th"])


def _project_words(projects: pd.DataFrame) -> Words:
    return _words(projects["title_th"].fillna("") + " " + projects["objective_th"].fillna(""))


def _words(texts: pd.Series) -> Words:
    """Return each text as it is compared, and the keywords in it."""
    written = texts.fillna("")
    known = {
        text: (cut_routine(cut_places(even_out(text))), tuple(find_terms(text)))
        for text in written.unique()
    }
    return [known[t][0] for t in written], [known[t][1] for t in written]


def _shared_terms(pairs: pd.DataFrame, need: Words, project: Words) -> list[list[str]]:
    common = cache(common_terms)
    return [
        common(need[1][i], project[1][j])[:MOST_TERMS]
        for i, j in zip(pairs["need"], pairs["project"], strict=True)
    ]


def _term_odds(n_shared: int) -> float:
    return SHARED_TERM + FURTHER_TERM * (n_shared - 1) if n_shared else 0.0


def _similarity(pairs: pd.DataFrame, need: Words, project: Words) -> np.ndarray:
    """Return the cosine of letter n-grams of each pair."""
    left, right = _grams(need[0]), _grams(project[0])
    i, j = pairs["need"].to_numpy(), pairs["project"].to_numpy()
    parts = [
        np.asarray(left[i[k : k + _CHUNK]].multiply(right[j[k : k + _CHUNK]]).sum(axis=1)).ravel()
        for k in range(0, len(pairs), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _grams(texts: list[str]) -> csr_matrix:
    """Return counts of 2 to 4 letters, each row of length one; no vocabulary, hence no state."""
    from sklearn.feature_extraction.text import HashingVectorizer  # a second to import

    vectorizer = HashingVectorizer(
        analyzer="char", ngram_range=(2, 4), alternate_sign=False, n_features=2**20
    )
    return vectorizer.transform(texts)


def _conform(links: pd.DataFrame) -> pd.DataFrame:
    """Return links in the order and the types of their contract."""
    form = empty("need_project_links")
    ordered = links.sort_values(["need_id", "project_uid"], ignore_index=True)
    return ordered[contract("need_project_links").names].astype(form.dtypes.to_dict())
