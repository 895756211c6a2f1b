"""Which projects are held against each other: pairs of one year and place that share something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.register.titles import title_cores, trigrams

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ALIKE_FROM = 0.3  # share of common trigrams from which two titles are held against each other
MOST = 150  # a trigram of more projects than this in one place tells nothing
_CHUNK = 1_000  # rows of one product, so that memory stays small
_LEVELS = (3, 2, 1, 0)  # tambon, amphoe, province, no place
_OWN_CODE = 8  # characters from which a code is no running number


@dataclass(frozen=True, slots=True)
class Candidates:
    """Positions of the projects of each pair, ``first < second``, and projects in no block.

    ``crowded`` are projects all of whose words and amounts are those of more than `MOST` others in
    one place: nothing tells them apart, so they are held against none.
    """

    first: np.ndarray
    second: np.ndarray
    crowded: np.ndarray


def candidate_pairs(projects: pd.DataFrame, *, across: bool = True) -> Candidates:
    """Return the pairs that are worth looking at, of different agencies alone if ``across``.

    Two projects are held against each other when they are of one fiscal year and one place, and
    their titles share trigrams, or their amounts are the same, or their codes. Where one of them
    names an amphoe or a province only, it is held against all of that amphoe or province.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        ``title_th``, ``fiscal_year``, ``budget_approved``, ``agency_id``, codes of the place;
        ``agency_raw`` and codes of projects where known.

    Examples
    --------
    >>> rows = pd.DataFrame({"title_th": ["ขุดบ่อบาดาล", "ขุดบ่อบาดาลใหม่", "ทุนการศึกษา"],
    ...     "fiscal_year": 2565, "budget_approved": [5e5, 6e5, 7e5], "tambon_code": "941010",
    ...     "agency_id": ["RID-94", "PAO-94", "PAO-94"]})
    >>> found = candidate_pairs(rows)
    >>> found.first.tolist(), found.second.tolist()
    ([0], [1])
    """
    place = place_codes(projects)
    level = place.str.len().to_numpy() // 2
    year = projects["fiscal_year"].astype("str").to_numpy(dtype=object)
    features = _features(projects)
    agency = pd.factorize(agency_keys(projects))[0]
    pairs, used = [], np.zeros(len(projects), dtype=bool)
    for depth in _LEVELS:
        fine = np.flatnonzero(level >= depth)
        exact = np.flatnonzero(level[fine] == depth)
        if not len(exact):
            continue
        block = pd.factorize(year[fine] + place.str[: 2 * depth].to_numpy(dtype=object)[fine])[0]
        matrix = _block_matrix(features, fine, block)
        used[fine[np.diff(matrix.indptr) > 0]] = True
        for left, right in _products(matrix, exact):
            pairs.append(np.sort(np.stack([fine[left], fine[right]]), axis=0))
    both = np.unique(np.concatenate(pairs, axis=1), axis=1) if pairs else np.zeros((2, 0), int)
    differ = (agency[both[0]] != agency[both[1]]) | (not across)
    return Candidates(both[0][differ], both[1][differ], np.flatnonzero(~used))


def place_codes(projects: pd.DataFrame) -> pd.Series:
    """Return the finest code of a place that each project has, empty where it has none."""
    codes = pd.Series("", projects.index, dtype="object")
    for name in ("province_code", "amphoe_code", "tambon_code"):
        if name in projects:
            codes = projects[name].astype("object").where(projects[name].notna(), codes)
    return codes


def agency_keys(projects: pd.DataFrame) -> pd.Series:
    """Return who reports each project: its id, else its name as written, else nobody."""
    keys = projects["agency_id"].astype("object")
    if "agency_raw" in projects:
        keys = keys.where(keys.notna(), projects["agency_raw"].astype("object"))
    return keys.where(keys.notna(), "?")


def project_codes(projects: pd.DataFrame) -> pd.Series:
    """Return the budget code of each project, else its own long code, else nothing."""
    codes = pd.Series(None, projects.index, dtype="object")
    for name in ("agency_project_code", "budget_code"):
        if name in projects:
            written = projects[name].astype("object")
            codes = written.where(written.notna(), codes)
    return codes.where(codes.str.len() >= _OWN_CODE, None)


@dataclass(frozen=True, slots=True)
class _Features:
    """What each project can share with another: row, kind of thing and its weight."""

    row: np.ndarray
    thing: np.ndarray
    weight: np.ndarray
    n_things: int


def _features(projects: pd.DataFrame) -> _Features:
    """Return trigrams of titles, weighted so that a product is their share, amounts and codes."""
    core, of_core = np.unique(
        title_cores(projects["title_th"])["core"].to_numpy("U"), return_inverse=True
    )
    text, gram = map(np.asarray, trigrams(core.tolist()))
    many = np.bincount(text, minlength=len(core))
    matrix = _sparse(1 / np.sqrt(many[text]), text, gram, (len(core), int(gram.max(initial=0)) + 1))
    rows = matrix[of_core].tocoo()
    things = [(rows.row, rows.col, rows.data)]
    n_things = matrix.shape[1]
    for values in (projects["budget_approved"].round(2), project_codes(projects)):
        number = pd.factorize(values)[0]
        known = np.flatnonzero(number >= 0)
        things.append((known, number[known] + n_things, np.ones(len(known))))
        n_things += int(number.max(initial=-1)) + 1
    row, thing, weight = (np.concatenate(part) for part in zip(*things, strict=True))
    return _Features(row, thing, weight, n_things)


def _block_matrix(features: _Features, rows: np.ndarray, block: np.ndarray) -> csr_array:
    """Return the things of some rows, each thing apart in each block, without frequent ones."""
    position = np.full(int(max(features.row.max(initial=-1), rows.max(initial=-1))) + 1, -1)
    position[rows] = np.arange(len(rows))
    inside = position[features.row] >= 0
    at = position[features.row[inside]]
    key = block[at].astype(np.int64) * features.n_things + features.thing[inside]
    _, column, many = np.unique(key, return_inverse=True, return_counts=True)
    kept = many[column] <= MOST
    shape = (len(rows), len(many))
    return _sparse(features.weight[inside][kept], at[kept], column[kept], shape)


def _sparse(data: Any, row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> csr_array:
    from scipy.sparse import csr_array  # only registers with several agencies need it

    return csr_array((np.asarray(data, dtype=np.float32), (row, column)), shape=shape)


def _products(matrix: csr_array, exact: np.ndarray) -> Any:
    """Yield pairs of rows (one of ``exact``, any) that share enough."""
    transposed = matrix.T.tocsr()
    for start in range(0, len(exact), _CHUNK):
        chosen = exact[start : start + _CHUNK]
        product = (matrix[chosen] @ transposed).tocoo()
        alike = product.data >= ALIKE_FROM
        left, right = chosen[product.row[alike]], product.col[alike]
        yield left[left != right], right[left != right]
