"""Which rows are one project: the same thing reported again gets the same id, in any order."""

from __future__ import annotations

import re

import pandas as pd

from evallib.findings import Finding
from evallib.tables.ids import hashed
from evallib.thai.keys import text_key

_SAME_CODE, _SAME_PLACE = 70.0, 93.0  # similarity of titles that still means one project


def identify_projects(rows: pd.DataFrame) -> tuple[pd.Series, list[Finding]]:
    """Give each row the id of its project: fiscal year, agency, title and place.

    A row is the project of an earlier row of the same agency and fiscal year when both have the
    agency's own code and like titles, or stand in one place and differ by a typing error. Two rows
    of one file are never one project unless they agree in all of this.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, k)
        ``file``, ``row``, ``as_of``, ``fiscal_year``, ``agency_id``, ``agency_raw``,
        ``agency_project_code``, ``budget_code``, ``title_th``, ``budget_approved``, ``start_date``
        and the codes of the place; rows of one file in their order.

    Returns
    -------
    uids : pandas.Series of str, shape (n,)
        ``P-<fiscal year>-<8 hexadecimal digits>``; index of ``rows``.
    findings : list of Finding
        ``intake.title_changed`` (info), one for each project whose title was written differently.
    """
    keys = pd.DataFrame(
        {
            "year": rows["fiscal_year"].astype("int64"),
            "agency": _first_known(rows.assign(key=_keys(rows["agency_raw"])), "agency_id", "key"),
            "title": _keys(rows["title_th"]),
            "place": _first_known(rows, "tambon_code", "amphoe_code", "province_code"),
            "code": _keys(rows["agency_project_code"]),
            "budget_code": _keys(rows["budget_code"]),
            "file": rows["file"],
            "as_of": rows["as_of"],
            "budget": rows["budget_approved"],
            "start": rows["start_date"],
        }
    )
    keys["ordinal"] = _ordinals(keys)
    names = ["year", "agency", "title", "place", "ordinal"]
    keys["identity"] = keys[names].astype("str").agg("|".join, axis=1)
    same = _same_projects(keys)
    identity = keys["identity"].map(lambda i: same.get(i, i))
    findings = [
        Finding("intake.title_changed", "info", str(file), str(count))
        for file, count in rows["file"][identity != keys["identity"]]
        .value_counts(sort=False)
        .items()
    ]
    without_year = identity.str.split("|", n=1).str[1]
    uids = pd.concat(
        [
            pd.Series(hashed(f"P-{year}-", 8, part), part.index, dtype="str")
            for year, part in without_year.groupby(keys["year"])
        ]
    )
    return uids.reindex(rows.index), findings


def _keys(texts: pd.Series) -> pd.Series:
    """Return the key of each text, empty where there is none."""
    keys = [text_key(text) if isinstance(text, str) else "" for text in texts]
    return pd.Series(keys, texts.index, dtype="object")


def _first_known(rows: pd.DataFrame, *names: str) -> pd.Series:
    """Return for each row the first of some columns that holds a text, else an empty one."""
    columns = [rows[name] for name in names]
    known = [next((t for t in row if isinstance(t, str)), "") for row in zip(*columns, strict=True)]
    return pd.Series(known, rows.index, dtype="object")


def _ordinals(keys: pd.DataFrame) -> pd.Series:
    """Tell apart rows of one file that agree in title and place but are several projects.

    They are when they have codes of their own, or differ in budget or start: then the second is
    ``"2"`` and so on, in the order of the file. A row that repeats all of it is the same project.
    """
    code = keys["code"].where(keys["code"] != "", keys["budget_code"])
    group = [keys[name] for name in ("year", "agency", "title", "place")]
    several = code.groupby([*group, keys["file"]]).transform("nunique") > 1
    apart = several.groupby(group).transform("any")
    rows = keys[["year", "agency", "title", "place", "file"]]
    if not rows.duplicated().any():
        return code.where(apart, "")
    whole = keys.drop(columns=["code", "budget_code"])
    place = (~whole.duplicated()).groupby([rows[name] for name in rows]).cumsum()
    place = place.groupby([whole[name] for name in whole], dropna=False).transform("first")
    return code.where(apart, place.astype("str").where(place > 1, ""))


def _same_projects(keys: pd.DataFrame) -> dict[str, str]:
    """Return identity -> the earlier identity that it is, for titles that drifted."""
    first = (
        keys.sort_values(["as_of", "identity"])
        .groupby("identity", sort=False)
        .agg(year=("year", "first"), agency=("agency", "first"), title=("title", "first"),
             place=("place", "first"), code=("code", "first"), ordinal=("ordinal", "first"),
             files=("file", frozenset))
    )  # fmt: skip
    same: dict[str, str] = {}
    files = {str(identity): set(held) for identity, held in first["files"].items()}
    plain = first[first["ordinal"] == ""]
    by_code = plain[plain["code"] != ""].groupby(["year", "agency", "code"], sort=False)
    by_place = plain.groupby(["year", "agency", "place"], sort=False)
    for blocks, limit in ((by_code, _SAME_CODE), (by_place, _SAME_PLACE)):
        for _, block in blocks:
            if len(block) > 1:
                _join(block["title"], limit, same, files)
    return {identity: _root(identity, same) for identity in same}


def _join(
    titles: pd.Series, limit: float, same: dict[str, str], files: dict[str, set[str]]
) -> None:
    """Join each identity to an earlier one of its block with a like title and no common file."""
    from rapidfuzz import fuzz, process  # only titles that drifted need it

    written = titles.tolist()
    numbers = [re.sub(r"\D", "", title) for title in written]
    alike = process.cdist(written, written, scorer=fuzz.ratio, score_cutoff=limit)
    for later in range(1, len(written)):
        for earlier in alike[later, :later].argsort(kind="stable")[::-1]:
            a, b = (_root(str(titles.index[i]), same) for i in (earlier, later))
            if (
                a != b
                and alike[later, earlier]
                and numbers[earlier] == numbers[later]
                and files[a].isdisjoint(files[b])
            ):
                same[b] = a
                files[a] |= files[b]
                break


def _root(identity: str, same: dict[str, str]) -> str:
    while identity in same:
        identity = same[identity]
    return identity
