"""The same project reported by several agencies: pairs, and how probable each is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.clean.identity import text_key

if TYPE_CHECKING:
    from collections.abc import Iterator

MERGED_FROM = 0.9  # probability from which a pair counts as one project in the register
LISTED_FROM = 0.5  # probability from which a pair is listed for review
_ALIKE_FROM = 60.0  # similarity of titles from which a pair is looked at
_DAYS = 60.0  # days between two starts that halve the evidence of the dates
_PLACES = re.compile(
    r"(?:หมู่ที่|หมู่|ม\.)\s*\d+|(?:ตำบล|อำเภอ|จังหวัด|ต\.|อ\.|จ\.)\s*[\u0E01-\u0E4E]+(?:\s*-\s*[\u0E01-\u0E4E]+)?"
)
_YEARS = re.compile(r"(?:ประจำ)?ปี(?:งบประมาณ)?\s*(?:พ\.ศ\.?)?\s*(?:\d{4}|\d{2})(?!\d)")
_COMMON = re.compile(r"^(?:โครงการ|กิจกรรม|งาน)+")


def find_duplicates(projects: pd.DataFrame) -> pd.DataFrame:
    r"""Find pairs of projects of different agencies that look like one project.

    Compared are projects of one fiscal year in one tambon, or in one amphoe where a tambon is not
    known. The same item in several fiscal years is an obligation over years, never a duplicate.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Contract ``projects``: ``project_uid``, ``title_th``, ``agency_id``, ``fiscal_year``,
        ``budget_approved``, ``start_date``, ``tambon_code``, ``amphoe_code``, ``as_of``.

    Returns
    -------
    pandas.DataFrame, shape (m, 8)
        Contract ``project_duplicates``, pairs of probability 0.5 and more, state ``OPEN``, sorted
        by key. ``project_uid`` is the one reported first (by ``as_of``, then ``agency_id``).

    Notes
    -----
    With :math:`s` the similarity of the titles (0-1, place names left out),
    :math:`b = e^{-20|\ln(b_1/b_2)|}` that of the budgets (0 when one is missing) and
    :math:`d = 2^{-|days|/60}` that of the starts (0.5 when one is missing), the probability is
    :math:`1 / (1 + e^{-z})` with :math:`z = -12.5 + 11 s + 3.5 b + 1.5 d`, less 1.5 without a
    common tambon. Equal titles alone reach 0.32, with equal budgets 0.9 and more.

    Examples
    --------
    >>> pair = pd.DataFrame({
    ...     "project_uid": ["P-1", "P-2"], "agency_id": ["RID", "PAO"], "fiscal_year": 2565,
    ...     "title_th": ["ปรับปรุงระบบส่งน้ำ ต.สะดาวา", "ปรับปรุงระบบส่งน้ำ ตำบลสะดาวา"],
    ...     "budget_approved": [5e5, 5e5], "start_date": pd.to_datetime(["2022-01-05"] * 2),
    ...     "tambon_code": "941010", "amphoe_code": "9410",
    ...     "as_of": pd.to_datetime(["2022-03-31", "2022-06-30"])})
    >>> find_duplicates(pair)[["project_uid", "duplicate_uid"]].iloc[0].tolist()
    ['P-1', 'P-2']
    """
    ordered = projects.sort_values(["as_of", "agency_id", "project_uid"], ignore_index=True)
    ordered["core"] = [_core(title) for title in ordered["title_th"]]
    pairs = sorted({pair for block in _blocks(ordered) for pair in _alike(ordered, block)})
    kept = ordered.iloc[[pair[0] for pair in pairs]].reset_index(drop=True)
    double = ordered.iloc[[pair[1] for pair in pairs]].reset_index(drop=True)
    similar = np.array([pair[2] for pair in pairs], dtype=float)
    budgets, starts = _budget_likeness(kept, double), _date_likeness(kept, double)
    tambon = (kept["tambon_code"] == double["tambon_code"]).to_numpy(dtype=bool)
    z = -12.5 + 11 * similar + 3.5 * budgets + 1.5 * starts - 1.5 * ~tambon
    found = pd.DataFrame(
        {
            "project_uid": kept["project_uid"],
            "duplicate_uid": double["project_uid"],
            "fiscal_year": double["fiscal_year"],
            "probability": (1 / (1 + np.exp(-z))).round(4),
            "evidence": [
                f"title {s:.2f}; budget {b:.2f}; start {d:.2f}; {'tambon' if t else 'amphoe'}"
                for s, b, d, t in zip(similar, budgets, starts, tambon, strict=True)
            ],
            "budget_approved": double["budget_approved"],
            "state": "OPEN",
            "as_of": np.maximum(kept["as_of"], double["as_of"]),
        }
    )
    listed = found[found["probability"] >= LISTED_FROM]
    return listed.sort_values(["project_uid", "duplicate_uid"], ignore_index=True)


def merge_pairs(pairs: pd.DataFrame, projects: pd.DataFrame) -> dict[str, str]:
    """Return double -> project kept, for pairs of probability 0.9 and more.

    Pairs that share a project form one group, of which the project reported first is kept. The
    most probable pairs come first; no group takes in two projects of one agency, for an agency
    that lists two projects means two.

    Parameters
    ----------
    pairs : pandas.DataFrame
        As `find_duplicates` returns them.
    projects : pandas.DataFrame
        The projects that they were found in.
    """
    ordered = projects.sort_values(["as_of", "agency_id", "project_uid"])
    rank = {uid: i for i, uid in enumerate(ordered["project_uid"])}
    agency = dict(zip(ordered["project_uid"], ordered["agency_id"], strict=True))
    group = {uid: [uid] for uid in [*pairs["project_uid"], *pairs["duplicate_uid"]]}
    ranked = pairs[pairs["probability"] >= MERGED_FROM].sort_values(
        ["probability", "project_uid", "duplicate_uid"], ascending=[False, True, True]
    )
    for kept, double in zip(ranked["project_uid"], ranked["duplicate_uid"], strict=True):
        if group[kept] is group[double]:
            continue
        joined = group[kept] + group[double]
        if len({agency[uid] for uid in joined}) == len(joined):
            for uid in joined:
                group[uid] = joined
    first = {uid: min(members, key=rank.__getitem__) for uid, members in group.items()}
    return {uid: kept for uid, kept in sorted(first.items()) if uid != kept}


def _core(title: str) -> str:
    """Return what a project does: its title without places, years and the word project."""
    return _COMMON.sub("", text_key(_PLACES.sub(" ", _YEARS.sub(" ", str(title))))) or text_key(
        str(title)
    )


def _blocks(projects: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield the positions of projects that may be one: same year and tambon, or amphoe."""
    by_tambon = projects[projects["tambon_code"].notna()]
    for _, block in by_tambon.groupby(["fiscal_year", "tambon_code"]):
        if len(set(block["agency_id"])) > 1:
            yield block.index.to_numpy()
    coarse = projects[projects["tambon_code"].isna() & projects["amphoe_code"].notna()]
    wanted = coarse[["fiscal_year", "amphoe_code"]].drop_duplicates()
    near = projects.reset_index().merge(wanted, on=["fiscal_year", "amphoe_code"])
    for _, block in near.groupby(["fiscal_year", "amphoe_code"]):
        yield block["index"].to_numpy()


def _alike(projects: pd.DataFrame, block: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of a block with like titles and different agencies, the earlier first."""
    from rapidfuzz import fuzz, process  # only registers with several agencies need it

    cores = projects["core"].iloc[block].tolist()
    agencies = projects["agency_id"].iloc[block].tolist()
    exact = projects["tambon_code"].iloc[block].notna().to_numpy()
    scores = process.cdist(cores, cores, scorer=fuzz.ratio, score_cutoff=_ALIKE_FROM)
    rows, columns = np.nonzero(np.triu(scores, k=1))
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        both_exact = bool(exact[i] and exact[j])
        same_tambon = (
            projects["tambon_code"].iloc[block[i]] == projects["tambon_code"].iloc[block[j]]
        )
        if agencies[i] != agencies[j] and (same_tambon or not both_exact):
            yield int(block[i]), int(block[j]), round(float(scores[i, j]) / 100, 4)


def _budget_likeness(kept: pd.DataFrame, double: pd.DataFrame) -> np.ndarray:
    a = kept["budget_approved"].to_numpy(dtype=float)
    b = double["budget_approved"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        likeness = np.exp(-20 * np.abs(np.log(a / b)))
    known: np.ndarray = np.nan_to_num(likeness, nan=0.0)
    return known


def _date_likeness(kept: pd.DataFrame, double: pd.DataFrame) -> np.ndarray:
    days = (kept["start_date"] - double["start_date"]).dt.days.abs().to_numpy(dtype=float)
    likeness: np.ndarray = np.nan_to_num(np.exp2(-days / _DAYS), nan=0.5)
    return likeness
