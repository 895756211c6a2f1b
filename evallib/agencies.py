"""Agencies: written names resolved by a table of aliases, never by similarity."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources

import pandas as pd

COLUMNS = (
    "agency_id", "name_th", "name_en", "abbr", "aliases", "group", "province_code",
    "valid_from_fy", "valid_to_fy",
)  # fmt: skip
LOCAL = "อปท."
_LOST = "ัิีึืฺุู็่้๊๋์ํ๎\u200b\u200c\u200d\u2060\ufeff\u00ad"
_FOLD = str.maketrans(
    dict.fromkeys(_LOST + " \xa0.,()-–—")
    | dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
    | {"ำ": "า", "ฎ": "ฏ", "\t": None, "\n": None}
)
_OFFICE = re.compile(r"สนง\s*\.?\s*")  # สนง. is short for สำนักงาน
_PROVINCE = re.compile(r"(?<![ก-๎.])จ(?:ว)?\.\s*")  # จ. and จว. are short for จังหวัด
_SCAN_TAIL = re.compile(r"\s+[A-Za-z]\.?$")  # "...พันธุ์พืช P.": what text recognition adds
_LOCAL_BODY = re.compile(
    r"(?P<tambon>(?:องค์การบริหารส่วนตำบล|อ\.?บ\.?ต\.?)\s*(?:ตำบล|ต\.)?)\s*(?P<tao>[ก-๎]+)"
    r"|(?P<kind>เทศบาล(?:ตำบล|เมือง|นคร)|ท[ตมน]\.)\s*(?P<town>[ก-๎]+)$"
)
_TOWNS = {"ทต.": "เทศบาลตำบล", "ทม.": "เทศบาลเมือง", "ทน.": "เทศบาลนคร"}


def read_agencies() -> pd.DataFrame:
    """Return the table of agencies and their names.

    Returns
    -------
    pandas.DataFrame, shape (n, 9)
        ``agency_id``, ``name_th``, ``name_en``, ``abbr``, ``aliases`` (joined by ``|``), ``group``
        (ส่วนราชการจังหวัด, ศอ.บต., ทหาร, ตำรวจ, ฝ่ายปกครอง, อปท. or อื่นๆ), ``province_code``
        (missing for bodies of the whole area), all str; ``valid_from_fy`` and ``valid_to_fy``
        (Int64, Buddhist Era, missing when open). Sorted by ``agency_id``. A copy.

    Examples
    --------
    >>> agencies = read_agencies().set_index("agency_id")
    >>> agencies.loc["DLD-94", "name_th"]
    'สำนักงานปศุสัตว์จังหวัดปัตตานี'
    """
    return _read().copy()


@cache
def _read() -> pd.DataFrame:
    source = resources.files("evallib") / "reference" / "agencies.csv"
    with source.open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype="str")
    years = {"valid_from_fy": "Int64", "valid_to_fy": "Int64"}
    return table[list(COLUMNS)].astype(years).sort_values("agency_id", ignore_index=True)


def resolve_agencies(texts: pd.Series) -> pd.DataFrame:
    """Find the agency that each written name is an alias of.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Names or abbreviations as submitted; missing values are allowed.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        Index of ``texts``. ``agency_id``, ``name_th`` and ``group``, all str, missing where the
        table has no such alias. A tambon administration or a municipality that the table does not
        name gets an id made from its kind and name, and the group ``อปท.``.

    Notes
    -----
    Names are compared without spaces, points, hyphens, tone marks and the vowels that PDF text
    misplaces; สนง. is สำนักงาน, จ. is จังหวัด. There is no similarity search: of the names of real
    budget units, 201 pairs that differ are 90 to 99 per cent alike.

    Examples
    --------
    >>> found = resolve_agencies(pd.Series(["ศอ บต.", "สนง.เกษตรจังหวัดยะลา", "กองทุนส้มโอ"]))
    >>> found["agency_id"].tolist()
    ['SBPAC', 'DOAE-95', nan]
    """
    distinct = {text: _resolve_one(str(text)) for text in texts.dropna().unique()}
    unknown = (None, None, None)
    rows = [unknown if pd.isna(text) else distinct[text] for text in texts]
    return pd.DataFrame(
        rows, columns=["agency_id", "name_th", "group"], index=texts.index, dtype="str"
    )


def _resolve_one(written: str) -> tuple[str | None, str | None, str | None]:
    known = _aliases().get(_key(written)) or _aliases().get(_key(_SCAN_TAIL.sub("", written)))
    return known or _local_body(written) or (None, None, None)


@cache
def _aliases() -> dict[str, tuple[str, str, str]]:
    """Return key -> (agency_id, name, group) of every name, abbreviation and alias."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in _read().fillna({"abbr": "", "aliases": ""}).to_dict("records"):
        agency = str(row["agency_id"]), str(row["name_th"]), str(row["group"])
        names = [row["name_th"], row["name_en"], row["abbr"], *str(row["aliases"]).split("|")]
        found |= {_key(str(name)): agency for name in names if name}
    return found


def _local_body(written: str) -> tuple[str, str, str] | None:
    """Recognise "อบต.บานา" and "เทศบาลเมืองเบตง": a kind of body and the name of its place."""
    body = _LOCAL_BODY.search(written.strip())
    if body is None:
        return None
    if body["tao"]:
        if body.start():
            return None
        kind, place, prefix = "องค์การบริหารส่วนตำบล", body["tao"].split("อำเภอ")[0], "TAO"
    else:
        kind, place, prefix = _TOWNS.get(body["kind"], body["kind"]), body["town"], "MUN"
    digest = hashlib.sha256(_key(kind + place).encode()).hexdigest()[:6]
    return f"{prefix}-{digest}", kind + place, LOCAL


def _key(name: str) -> str:
    """Return the form under which two spellings of one agency's name meet."""
    spelt = _PROVINCE.sub("จังหวัด", _OFFICE.sub("สำนักงาน", name))
    return spelt.translate(_FOLD).replace("เเ", "แ").lower()
