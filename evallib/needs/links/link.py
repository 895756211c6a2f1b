"""Which project may answer which need: probabilities, their evidence, what persons decided."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.links.candidates import (
    Candidates,
    candidate_pairs,
    days_of,
    place_rows,
    stated_days,
)
from evallib.needs.links.features import FEATURES, Texts, compare, read_texts, shared_terms
from evallib.needs.links.review import LinkReview, decided_links
from evallib.needs.sectors.classifier import classifier
from evallib.tables import contract, empty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RIVALS = ("odds", "need_rivals", "project_rivals")
PASSES = ("rivals", "rivals again")  # in the second, rivals are known beside their own rivals
_CERTAIN = 1e-6  # odds of a pair are not taken to be longer than a million to one


def weigh_rivals(
    pairs: Candidates, alone: NDArray[np.float64], known: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what a pair is worth beside its rivals, shape (pairs, 3), columns ``RIVALS``.

    Parameters
    ----------
    pairs : Candidates
    alone : ndarray of float64, shape (pairs,)
        Probability of each pair as if it were the only one of its need and of its project.
    known : ndarray of float64, shape (pairs,)
        Probability of each pair as a rival of others: what is known of it so far.

    Returns
    -------
    ndarray of float64
        ``odds`` is the logarithm of the odds of ``alone``; ``need_rivals`` the logarithm of one
        plus the expected number of other projects that answer the need, ``project_rivals`` of
        other needs that the project answers. Most needs are answered by one project, most
        projects answer one need: each rival takes its share.

    Examples
    --------
    >>> from evallib.needs.links.candidates import Candidates
    >>> pairs = Candidates(np.array([0, 0]), np.array([0, 1]), np.array([0, 0]))
    >>> p = np.array([0.5, 0.25])
    >>> weigh_rivals(pairs, p, p).round(3).tolist()
    [[0.0, 0.223, 0.0], [-1.099, 0.405, 0.0]]
    """
    columns = [np.log(alone + _CERTAIN) - np.log(1.0 - alone + _CERTAIN)]
    for member in (pairs.need, pairs.project):
        together = np.bincount(member, weights=known)[member] if len(member) else known
        columns.append(np.log1p(np.maximum(together - known, 0.0)))
    return np.stack(columns, axis=1)


METHOD = "evidence/3"
KEEP = 0.05  # probabilities below are left out
FEW_RIVALS = 0.1  # expected number; fewer are not told
PLACES = ("tambon", "amphoe", "province")
_TEXTS = ["need_text_th", "title_th", "objective_th"]
_DATES = ["start_date", "end_date", "as_of"]


def link_projects(
    needs: pd.DataFrame,
    projects: pd.DataFrame,
    *,
    labels: pd.DataFrame | None = None,
    review: LinkReview | None = None,
) -> pd.DataFrame:
    r"""Give the probability that each project answers each need.

    Parameters
    ----------
    needs : pandas.DataFrame, shape (n, k)
        Contract ``needs``; used: ``need_id``, ``need_text_th``, ``tambon_code``, ``amphoe_code``,
        ``province_code``, ``village_no``, ``first_stated``, ``as_of``.
    projects : pandas.DataFrame, shape (m, k)
        Contract ``projects``; used: ``project_uid``, ``title_th``, ``objective_th``, the three
        place codes, ``start_date``, ``end_date``, ``as_of``.
    labels : pandas.DataFrame, optional
        Labels of the office, which the topics of texts follow; see `read_labels`.
    review : LinkReview, optional
        What persons decided, see `read_link_review`. It overrides for ever: a confirmed pair is a
        link also where it is no candidate, a rejected one stays in the table as rejected.

    Returns
    -------
    pandas.DataFrame, shape (links, 8)
        Contract ``need_project_links``, sorted by ``need_id`` and ``project_uid``: ``score`` is
        the probability, of at least 0.05 where nobody decided; several projects a need and several
        needs a project. ``evidence`` lists what speaks for the pair: keywords of the sector table
        that both texts hold (no other word of either), likeness of the letters, agreement of the
        topics, place, village and time, and the expected number of other projects that answer
        the need as ``rivals``, from 0.1. ``time_ok`` is missing where a date is.

    Notes
    -----
    `candidate_pairs` says which pairs are looked at. A first probability is logistic in the
    features of `evallib.needs.links.features`, the next in the first and in its rivals (see
    `weigh_rivals`), whose probability is then known better, so that they are weighed twice: where
    two projects fit a need alike, each is less likely the answer. Weights are those of
    ``reference/link_weights.csv``: learnt on synthetic submissions of other seeds than the one on
    which they are measured (``benchmarks/links.py``). Amounts do not enter: needs state none.

    Examples
    --------
    >>> needs = pd.DataFrame({"need_id": ["N1"], "need_text_th": ["น้ำประปาหมู่บ้านไม่ไหล"],
    ...     "tambon_code": ["941012"], "first_stated": ["2565-Q1"]})
    >>> projects = pd.DataFrame({"project_uid": ["P1", "P2"], "tambon_code": "941012",
    ...     "title_th": ["ปรับปรุงประปาหมู่บ้าน", "อบรมเยาวชน"], "start_date": "2022-01-15"})
    >>> found = link_projects(needs, projects)
    >>> found["project_uid"].tolist(), found["evidence"].str.split("; ").str[0].tolist()
    (['P1'], ['terms ประปาหมู่บ้าน'])
    """
    wanted, offered = _prepared(needs, "need_id"), _prepared(projects, "project_uid")
    stated, answered = _read(wanted, offered, labels)
    pairs = candidate_pairs(
        wanted, offered, (stated.topics, stated.sectors), (answered.topics, answered.sectors)
    )
    features = compare(pairs, wanted, offered, stated, answered)
    score, others = beside_rivals(pairs, probabilities(features))
    kept = np.flatnonzero(score >= KEEP)
    chosen = Candidates(pairs.need[kept], pairs.project[kept], pairs.level[kept])
    links = _frame(chosen, wanted, offered, score[kept])
    terms = shared_terms(pairs, stated, answered, kept)
    links["evidence"] = [
        evidence(words, row, int(level), float(rivals))
        for words, row, level, rivals in zip(
            terms, features[kept], chosen.level, others[kept], strict=True
        )
    ]
    if review is not None:
        links = decided_links(links, wanted, offered, review)
    return _conform(links)


def probabilities(features: Floats) -> NDArray[np.float64]:
    """Return the probability of each row of features without its rivals, shape (pairs,)."""
    return _logistic(features.astype(np.float64), "pair", FEATURES)


def beside_rivals(
    pairs: Candidates, alone: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the probability of each pair where all are known, and its need's other projects.

    Both of shape (pairs,); the second is an expected number.
    """
    score, beside = alone, np.zeros((len(alone), len(RIVALS)))
    for stage in PASSES:
        beside = weigh_rivals(pairs, alone, score)
        score = _logistic(beside, stage, RIVALS)
    return score, np.expm1(beside[:, RIVALS.index("need_rivals")])


def _logistic(
    features: NDArray[np.float64], stage: str, names: tuple[str, ...]
) -> NDArray[np.float64]:
    intercept, weights = link_weights(stage, names)
    return np.asarray(1.0 / (1.0 + np.exp(-(features @ weights + intercept))))


@cache
def link_weights(stage: str, names: tuple[str, ...]) -> tuple[float, NDArray[np.float64]]:
    """Return the intercept and the weights of the features of a stage, as the table has them."""
    file = resources.files("evallib") / "reference" / "link_weights.csv"
    with file.open(encoding="utf-8") as lines:
        table = pd.read_csv(lines)
    weight = table[table["stage"] == stage].set_index("feature")["weight"]
    return float(weight["intercept"]), weight[list(names)].to_numpy(dtype=np.float64)


def evidence(terms: list[str], features: Floats, level: int, rivals: float = 0.0) -> str:
    """Return what speaks for a pair, and how many rivals it has, fields joined by ``; ``.

    Examples
    --------
    >>> row = np.zeros(11, dtype="float32"); row[[0, 1, 7]] = 0.5, 0.9, 1
    >>> evidence(["ประปา"], row, 0)
    'terms ประปา; similarity 0.50; topics 0.90; place tambon; village same'
    """
    value = dict(zip(FEATURES, features.tolist(), strict=True))
    said = [f"terms {','.join(terms)}"] if terms else []
    said += [f"similarity {value['similarity']:.2f}", f"topics {value['profile']:.2f}"]
    said.append(f"place {PLACES[level]}")
    flags = {
        "village_same": "village same", "village_differs": "village other",
        "begins_within": "time within", "begins_before": "time before",
    }  # fmt: skip
    said += [word for name, word in flags.items() if value[name]]
    return "; ".join(said + [f"rivals {rivals:.1f}"] * (rivals >= FEW_RIVALS))


def _prepared(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows in the order of their key, with every column that linking looks at."""
    wanted = [*_TEXTS, "first_stated", "village_no", *_DATES]
    absent = [name for name in (key, *wanted) if name not in frame]
    rows = frame.reindex(columns=[*frame.columns, *absent]).sort_values(key, ignore_index=True)
    rows = place_rows(rows.astype(dict.fromkeys([key, *_TEXTS], "str")))
    for name in _DATES:
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[s]")
    return rows


def _read(
    needs: pd.DataFrame, projects: pd.DataFrame, labels: pd.DataFrame | None
) -> tuple[Texts, Texts]:
    """Return what is known of the texts of both."""
    model = classifier(labels)
    titles = projects["title_th"].fillna("") + " " + projects["objective_th"].fillna("")
    numbers = pd.to_numeric(needs["village_no"]).astype("Float64").round().astype("Int64")
    none = pd.Series(pd.NA, projects.index, dtype="Int64")
    return (
        read_texts(needs["need_text_th"].fillna("").tolist(), numbers, model),
        read_texts(titles.tolist(), none, model),
    )


def _frame(
    pairs: Candidates, needs: pd.DataFrame, projects: pd.DataFrame, score: NDArray[np.float64]
) -> pd.DataFrame:
    """Return one row a pair, without its evidence."""
    i, j = pairs.need, pairs.project
    begins, ends = stated_days(needs)[i], days_of(projects, "end_date")[j]
    known = ~(np.isnat(begins) | np.isnat(ends))
    return pd.DataFrame({
        "need_id": needs["need_id"].to_numpy()[i],
        "project_uid": projects["project_uid"].to_numpy()[j],
        "score": np.round(score, 4),
        "method": METHOD,
        "time_ok": pd.Series(ends >= begins).astype("boolean").where(known),
        "reviewer_state": "auto",
        "as_of": np.fmax(needs["as_of"].to_numpy()[i], projects["as_of"].to_numpy()[j]),
    })  # fmt: skip


def _conform(links: pd.DataFrame) -> pd.DataFrame:
    """Return links in the order and the types of their contract."""
    form = empty("need_project_links")
    ordered = links.sort_values(["need_id", "project_uid"], ignore_index=True)
    return ordered[contract("need_project_links").names].astype(form.dtypes.to_dict())
