"""Areas and lengths as officials write them, in square metres and metres."""

from __future__ import annotations

import math
import re
from functools import partial
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.clean.values.distinct_cells import Note, Reading, note_missing, read_distinct
from evallib.clean.values.numbers import read_number
from evallib.errors import SchemaError
from evallib.thai.days import tidy
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.findings import Finding
    from evallib.thai.text_columns import Cells

_AREA = {  # square metres
    **dict.fromkeys(("ตารางกิโลเมตร", "ตร.กม.", "ตร.กม", "km2", "km²"), 1e6),
    **dict.fromkeys(("เฮกตาร์", "hectares", "hectare", "ha"), 1e4),
    **dict.fromkeys(("ไร่", "rai"), 1600.0),
    **dict.fromkeys(("งาน", "ngan"), 400.0),
    **dict.fromkeys(("ตารางวา", "ตร.วา", "ตร.ว.", "ตร.ว", "วา"), 4.0),
    **dict.fromkeys(("ตารางเมตร", "ตร.เมตร", "ตร.ม.", "ตร.ม", "ตรม.", "m2", "m²"), 1.0),
}
_LENGTH = {  # metres
    **dict.fromkeys(("กิโลเมตร", "ก.ม.", "กม.", "กม", "km"), 1000.0),
    **dict.fromkeys(("เมตร", "ม.", "ม", "m"), 1.0),
    **dict.fromkeys(("เซนติเมตร", "เซ็นติเมตร", "ซ.ม.", "ซม.", "ซม", "cm"), 0.01),
    **dict.fromkeys(("เส้น",), 40.0),
    **dict.fromkeys(("วา",), 2.0),
}
_LEAD = re.compile(
    r"^(?:(?:พื้นที่|เนื้อที่|ขนาด|ระยะทาง|ระยะ|ความยาว|ยาว|ความกว้าง|กว้าง|จำนวน|รวม|ทั้งสิ้น)\s*:?\s*)+"
)
_RAI_NGAN_WA = re.compile(r"(\d[\d,]*)\s*-\s*([0-3])\s*-\s*(\d{1,2}(?:\.\d+)?)\s*ไร่")
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
MOST = 1e12  # square metres: twice Thailand is 1e12; no area or length of a project comes near


def parse_area(values: Cells, *, unit: str | None = None) -> tuple[pd.Series, list[Finding]]:
    """Read areas in square metres: 1 ไร่ = 1,600, 1 งาน = 400, 1 ตารางวา = 4.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells such as ``1,250 ไร่``, ``562 ไร่ 3 งาน 44 ตารางวา``, ``12-3-44 ไร่``, ``300 ตร.ม.``
    unit : str, optional
        Unit of cells that name none, alone or inside a heading: ``"พื้นที่ (ไร่)"``.

    Returns
    -------
    area : pandas.Series of float64, shape (n,)
        Square metres, ``nan`` where none; same index and name as ``values``.
    findings : list of Finding
        Error: ``measure.unreadable``, ``measure.no_unit``. Warning: ``measure.review`` (several
        areas, a range, an estimate, or parts out of order). All are ``nan``.

    Raises
    ------
    SchemaError
        ``unit`` names no unit of area.

    Examples
    --------
    >>> parse_area(pd.Series(["1,250 ไร่", "562 ไร่ 3 งาน 44 ตารางวา"]))[0].tolist()
    [2000000.0, 900576.0]
    """
    values = as_column(values)
    return _parse(values, _AREA, unit)


def parse_length(values: Cells, *, unit: str | None = None) -> tuple[pd.Series, list[Finding]]:
    """Read lengths in metres; a point is always a decimal point, so 3.700 กิโลเมตร is 3,700 m.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells such as ``ระยะทาง 3.700 กิโลเมตร``, ``3 กม. 200 ม.``, ``850 เมตร``.
    unit : str, optional
        Unit of cells that name none, alone or inside a heading: ``"ระยะทาง (กม.)"``.

    Returns
    -------
    length : pandas.Series of float64, shape (n,)
        Metres, ``nan`` where none; same index and name as ``values``.
    findings : list of Finding
        As `parse_area`.

    Raises
    ------
    SchemaError
        ``unit`` names no unit of length.

    Examples
    --------
    >>> parse_length(pd.Series(["ระยะทาง 3.700 กิโลเมตร", "3 กม. 200 ม."]))[0].tolist()
    [3700.0, 3200.0]
    """
    values = as_column(values)
    return _parse(values, _LENGTH, unit)


def _parse(
    values: pd.Series, units: dict[str, float], unit: str | None
) -> tuple[pd.Series, list[Finding]]:
    words = "|".join(re.escape(word) for word in sorted(units, key=lambda w: (-len(w), w)))
    default = None
    if unit is not None:
        named = re.search(rf"(?<![ก-๎a-z])(?:{words})(?![ก-๎a-z])", tidy(unit))
        if named is None:
            raise SchemaError("measure.unknown_unit", found=unit, known=", ".join(units))
        default = units[named[0]]
    part = re.compile(rf"\s*({_NUMBER})\s*({words})?(?![ก-๎a-z²])")
    column = read_distinct(values, partial(_read_cell, units=units, part=part, default=default))
    found = column.spread(itemgetter(0), "float64", np.nan)
    return pd.Series(found, index=values.index, name=values.name), column.findings


def _read_cell(
    cell: Any, *, units: dict[str, float], part: re.Pattern[str], default: float | None
) -> Reading:
    """Read one distinct cell as one number of metres or square metres."""
    if missing := note_missing(cell):
        return missing
    if not isinstance(cell, str):
        counted = isinstance(cell, (int, float, np.number)) and math.isfinite(cell)
        return _total([(float(cell), default)]) if counted else _note("unreadable")
    text = _LEAD.sub("", tidy(cell))
    if (squares := _RAI_NGAN_WA.fullmatch(text)) and "ไร่" in units:
        text = f"{squares[1]} ไร่ {squares[2]} งาน {squares[3]} วา"
    parts: list[tuple[float, float | None]] = []
    at = 0
    while match := part.match(text, at):
        number = read_number(match[1], decimal_point_sure=True)
        if number is None:
            return _note("review")
        parts.append((float(number), units[match[2]] if match[2] else default))
        at = match.end()
    if text[at:].strip(" ."):
        return _note("review" if re.search(r"\d", text) and part.search(text) else "unreadable")
    return _total(parts) if parts else _note("unreadable")


def _total(parts: list[tuple[float, float | None]]) -> Reading:
    """Add up parts, whose units must fall from left to right."""
    known = [(number, factor) for number, factor in parts if factor is not None]
    if len(known) < len(parts):
        return _note("no_unit" if len(parts) == 1 else "review")
    if any(left[1] <= right[1] for left, right in pairwise(known)):
        return _note("review")
    total = round(sum(number * factor for number, factor in known), 6)
    return Reading((total,)) if 0 <= total <= MOST else _note("unreadable")


def _note(what: str) -> Reading:
    return Reading(None, (Note(f"measure.{what}", "warning" if what == "review" else "error"),))
