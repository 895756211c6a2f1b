"""Agencies: written names resolved by a table of aliases, never by similarity."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.thai.signs import ARABIC_OF_THAI, INVISIBLE, MARKS
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from evallib.thai.text_columns import Cells

__all__ = ["Agency", "read_agencies", "resolve_agencies"]

COLUMNS = (
    "agency_id", "name_th", "name_en", "abbr", "aliases", "group", "province_code",
    "valid_from_fy", "valid_to_fy",
)  # fmt: skip
LOCAL = "อปท."
_FOLD = str.maketrans(
    dict.fromkeys(MARKS + INVISIBLE + " \xa0.,()-–—")
    | ARABIC_OF_THAI
    | {"ำ": "า", "ฎ": "ฏ", "\t": None, "\n": None}
)
_OFFICE = re.compile(r"สนง\s*\.?\s*")  # สนง. is short for สำนักงาน
_PROVINCE = re.compile(r"(?<![ก-๎.])จ(?:ว)?\.\s*")  # จ. and จว. are short for จังหวัด
_SCAN_TAIL = re.compile(r"\s+[A-Za-z]\.?$")  # "...พันธุ์พืช P.": what text recognition adds
# The name of a body is one word, and nothing but its address may follow: "อบต.ตะโละ กาโปร์" and
# "อบต.บานา ร่วมกับชุมชน" are for a reviewer, who knows which words are the name.
_ADDRESS = r"\s*(?:\(?\s*(?:ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.).*)?$"
_LOCAL_BODY = re.compile(
    r"(?P<tambon>(?:องค์การบริหารส่วนตำบล|อ\.?บ\.?ต\.?)\s*(?:ตำบล|ต\.)?)\s*(?P<tao>[ก-๎]+?)" + _ADDRESS
    + r"|(?P<kind>เทศบาล(?:ตำบล|เมือง|นคร)|ท[ตมน]\.)\s*(?P<town>(?!ในพื้น)[ก-๎]+?)" + _ADDRESS
)  # fmt: skip
# Tambons of the area that bear one name, with the amphoe and province of each: their
# administrations are different bodies.
_DOUBLED = {
    "ละหาร": (("สายบุรี", "ปัตตานี"), ("ยี่งอ", "นราธิวาส")),
    "พร่อน": (("เมืองยะลา", "ยะลา"), ("ตากใบ", "นราธิวาส")),
    "บาเจาะ": (("บันนังสตา", "ยะลา"), ("บาเจาะ", "นราธิวาส")),
    "ตลิ่งชัน": (("จะนะ", "สงขลา"), ("บันนังสตา", "ยะลา")),
    "สะกอม": (("จะนะ", "สงขลา"), ("เทพา", "สงขลา")),
}
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


class Agency(NamedTuple):
    """What one written name says; ``written_id`` is the agency named, before successions."""

    agency_id: str | None = None
    name_th: str | None = None
    group: str | None = None
    reason: str = "unknown"
    written_id: str | None = None


_AMBIGUOUS = Agency(reason="ambiguous")


def resolve_agencies(
    texts: Cells, *, fiscal_year: int | pd.Series | None = None, reasons: bool = False
) -> pd.DataFrame:
    """Find the agency that each written name is an alias of.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Names or abbreviations as submitted; missing values are allowed.
    fiscal_year : int or pandas.Series of int, shape (n,), optional
        Buddhist-Era fiscal year for which the name is written. An agency that had ended by then
        gives way to its successor of that year; without a year every name stands for itself.
    reasons : bool, default False
        Add the columns ``reason`` and ``written_id``.

    Returns
    -------
    pandas.DataFrame, shape (n, 3) or (n, 5)
        Index of ``texts``. ``agency_id``, ``name_th`` and ``group``, all str, missing where the
        table has no such alias. A tambon administration or a municipality that the table does not
        name gets an id made from its kind and name, and the group ``อปท.``. ``reason`` is empty,
        ``"successor"`` (the agency named had ended), ``"ended"`` (it had, and no one agency
        succeeded it: its own id stays), ``"early"`` (it did not exist yet: its own id stays),
        ``"ambiguous"`` (administrations of two tambons bear the name, and the amphoe is not
        written) or ``"unknown"``; ``written_id`` is the agency named.

    Raises
    ------
    SchemaError
        ``fiscal_year`` is a column of another length.

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
    >>> resolve_agencies(pd.Series(["กศน.ยะลา"]), fiscal_year=2567)["agency_id"].tolist()
    ['DOLE-95']
    """
    texts = as_column(texts)
    codes, written = pd.factorize(texts.astype("object"), use_na_sentinel=True)
    pairs, row_of = np.unique(
        np.column_stack([codes, _years(fiscal_year, len(texts))]), axis=0, return_inverse=True
    )
    found = [
        _in_year(_named(str(written[code])), int(year)) if code >= 0 else Agency()
        for code, year in pairs
    ]
    frame = pd.DataFrame(found, columns=list(Agency._fields), dtype="str")
    frame = frame.take(row_of.ravel()).set_axis(texts.index, axis=0)
    return frame if reasons else frame[["agency_id", "name_th", "group"]]


def _years(fiscal_year: int | pd.Series | None, length: int) -> NDArray[np.integer[Any]]:
    """Return one year a row, 0 where none is known."""
    if fiscal_year is None or isinstance(fiscal_year, int):
        return np.full(length, fiscal_year or 0, dtype=np.int64)
    if len(fiscal_year) != length:
        raise SchemaError(
            "agencies.wrong_length", name="fiscal_year", needed=length, found=len(fiscal_year)
        )
    return fiscal_year.astype("Int64").fillna(0).to_numpy(dtype=np.int64)


@cache
def _named(written: str) -> Agency:
    """Return the agency that a name stands for in any year."""
    known = _aliases().get(_key(written)) or _aliases().get(_key(_SCAN_TAIL.sub("", written)))
    return known or _local_body(written) or Agency()


def _in_year(agency: Agency, year: int) -> Agency:
    """Return an agency as it was in a year: itself, or the one that took its place."""
    first, last = _terms().get(agency.agency_id or "", (0, 0))
    if not year or (year >= first and (not last or year <= last)):
        return agency
    if year < first:
        return agency._replace(reason="early")
    heirs = _heirs(agency.agency_id or "", year)
    if len(heirs) != 1:
        return agency._replace(reason="ended")
    return _by_id()[heirs[0]]._replace(reason="successor", written_id=agency.agency_id)


@cache
def _heirs(agency_id: str, year: int) -> tuple[str, ...]:
    """Return the agencies that hold in a year what one agency held, in order of id."""
    _, last = _terms()[agency_id]
    if not last or year <= last:
        return (agency_id,)
    table = _successions()
    after = table.loc[(table["predecessor"] == agency_id) & (table["from_fy"] <= year), "successor"]
    return tuple(sorted({heir for successor in after for heir in _heirs(successor, year)}))


@cache
def _successions() -> pd.DataFrame:
    """Return predecessor, successor, from_fy and basis of every succession."""
    source = resources.files("evallib") / "reference" / "agency_successions.csv"
    with source.open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"predecessor": "str", "successor": "str"})


@cache
def _terms() -> Mapping[str, tuple[int, int]]:
    """Return agency -> first and last fiscal year, 0 when open."""
    table = _read().fillna({"valid_from_fy": 0, "valid_to_fy": 0})
    years = zip(table["valid_from_fy"], table["valid_to_fy"], strict=True)
    terms = [(int(first), int(last)) for first, last in years]
    return dict(zip(table["agency_id"], terms, strict=True))


@cache
def _by_id() -> Mapping[str, Agency]:
    table = _read()
    rows = zip(table["agency_id"], table["name_th"], table["group"], strict=True)
    return {agency: Agency(agency, name, group, "", agency) for agency, name, group in rows}


@cache
def _aliases() -> Mapping[str, Agency]:
    """Return key -> agency of every name, abbreviation and alias."""
    found: dict[str, Agency] = {}
    for row in _read().fillna({"abbr": "", "aliases": ""}).to_dict("records"):
        names = [row["name_th"], row["name_en"], row["abbr"], *str(row["aliases"]).split("|")]
        agency = _by_id()[str(row["agency_id"])]
        found |= {_key(str(name)): agency for name in names if name}
    return found


def _local_body(written: str) -> Agency | None:
    """Recognise "อบต.บานา" and "เทศบาลเมืองเบตง": a kind of body and the name of its place."""
    body = _LOCAL_BODY.search(written.strip())
    if body is None:
        return None
    if not body["tao"]:
        return _made("MUN", _TOWNS.get(body["kind"], body["kind"]) + body["town"])
    if body.start():
        return None
    name = f"องค์การบริหารส่วนตำบล{body['tao']}"
    bearers = _doubled().get(_key(body["tao"]))
    if bearers is None:
        return _made("TAO", name)
    address = _key(written.strip()[body.end("tao") :])
    stated = [amphoe for amphoe, _ in bearers if _key(amphoe) in address] or [
        amphoe for amphoe, province in bearers if _key("จังหวัด" + province) in address
    ]
    return _made("TAO", f"{name} อำเภอ{stated[0]}") if len(stated) == 1 else _AMBIGUOUS


@cache
def _doubled() -> Mapping[str, tuple[tuple[str, str], ...]]:
    return {_key(name): bearers for name, bearers in _DOUBLED.items()}


def _made(prefix: str, name: str) -> Agency:
    """Return a local body under an id made from its name."""
    digest = hashlib.sha256(_key(name).encode()).hexdigest()[:6]
    agency_id = f"{prefix}-{digest}"
    return Agency(agency_id, name, LOCAL, "", agency_id)


def _key(name: str) -> str:
    """Return the form under which two spellings of one agency's name meet."""
    spelt = _PROVINCE.sub("จังหวัด", _OFFICE.sub("สำนักงาน", name))
    return spelt.translate(_FOLD).replace("เเ", "แ").lower()
