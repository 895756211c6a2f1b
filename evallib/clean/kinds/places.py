"""The place of each row of a sheet, from its columns, its section, its sheet or its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.clean.kinds.distinct_places import (
    Found,
    distinct_rows,
    heading_of,
    map_texts,
    report_places,
    report_villages,
    resolve_rows,
)
from evallib.clean.sheets.sheet import SECTION
from evallib.places import find_villages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.kinds.distinct_places import Level
    from evallib.clean.sheets.columns import Columns
    from evallib.clean.sheets.title_rows import Context

    Stated = tuple[pd.Series, pd.Series]
    Rows = NDArray[np.bool_]

_AMPHOE_SECTION = re.compile(r"(?:อำเภอ|อ\.)\s*(\S+)")
_AMPHOE = re.compile(r"(?<![ก-๎])อ\.|อำเภอ")
_EVERY = re.compile(r"(?:ทุก|ทั้ง|หลาย)")
# A title without these letters holds no address, however like a name its words may be.
_ADDRESS = re.compile(r"[ตอจ]\.|อบต|[ตอ]\s?[ำา\u0e4d]|จ\s?[ัง]{1,2}\s?[งัห]")
_PRECISION = {6: 3, 4: 4, 2: 5, 0: 9}  # digits of the code -> precision
_TAMBON = 6  # digits of its code
_ALL_NAMED = frozenset({"ambiguous", "list", "municipality"})  # one of the candidates is right
_LEVELS = (("tambon", "ต."), ("amphoe", "อ."), ("province", "จ."))


def find_row_places(columns: Columns, context: Context) -> dict[str, pd.Series]:
    """Return the place of each row, as written and as code.

    Columns of tambon, amphoe and province serve first, then a column of places, then the title of
    the row, then the tambon that the sheet is about. Several places in one cell give the smallest
    area that holds them all. Whatever is in doubt, or was read in another way than it is written,
    has a finding ``intake.place_*``.

    Returns
    -------
    dict of str to pandas.Series, each shape (n,)
        ``place_raw``, ``tambon_code``, ``amphoe_code``, ``province_code`` (object),
        ``village_no`` (Int64) and ``location_precision`` (int); index of the sheet.
    """
    stated = _stated(columns, context)
    own = columns.text("tambon").notna().to_numpy()
    written = columns.text("tambon").where(own, columns.text("place_raw"))
    found = np.empty(len(written), dtype=object)
    levels: tuple[tuple[Level, Rows], ...] = (("tambon", own), (None, ~own))
    for level, rows in levels:
        if rows.any():
            texts, province, amphoe = (column[rows] for column in (written, *stated))
            found[rows] = resolve_rows(texts, province, amphoe, level=level)
    found = _beyond(found, written, columns)
    said = written.notna().to_numpy()
    found = _from_titles(found, columns.text("title_th"), stated, said)
    found = _settled(found, stated, said, context.place_code or "")
    report_places(columns, found.tolist())
    titled = np.array([place.source == "title" for place in found], dtype=bool)
    return _to_columns(columns, found, written.where(~titled, columns.text("title_th")))


def _stated(columns: Columns, context: Context) -> Stated:
    """Return province and amphoe of each row: its own columns, its section, the context."""
    province = columns.text("province")
    amphoe = map_texts(columns.text("amphoe"), lambda t: None if _EVERY.match(t) else t)
    code = context.place_code or ""
    if context.province:
        province = province.where(province.notna(), context.province)
    if SECTION in columns.frame:
        section = map_texts(columns.raw(SECTION), _amphoe_of_section)
        amphoe = amphoe.where(amphoe.notna(), section)
    if len(code) >= 4:
        amphoe = amphoe.where(amphoe.notna(), code[:4])
    return province, amphoe


def _beyond(
    found: NDArray[np.object_], written: pd.Series, columns: Columns
) -> NDArray[np.object_]:
    """Believe a row that writes its amphoe itself, though its sheet is about another."""
    asked = np.array(
        [
            place.reason == "conflict" and isinstance(text, str) and bool(_AMPHOE.search(text))
            for place, text in zip(found, written, strict=True)
        ],
        dtype=bool,
    )
    if not asked.any():
        return found
    found = found.copy()
    own = (columns.text(name)[asked] for name in ("province", "amphoe"))
    for row, place in zip(np.flatnonzero(asked), resolve_rows(written[asked], *own), strict=True):
        if len(place.code) == _TAMBON and not place.reason:
            found[row] = place._replace(source="beyond")
    return found


def _amphoe_of_section(section: str) -> str | None:
    named = _AMPHOE_SECTION.search(section)
    return named[1] if named else None


def _from_titles(
    found: NDArray[np.object_], titles: pd.Series, stated: Stated, said: Rows
) -> NDArray[np.object_]:
    """Take the place that the title of a row names, where its cells name none."""
    asked = np.array(
        [
            (not place.code or not cell)
            and isinstance(title, str)
            and _ADDRESS.search(title) is not None
            for place, cell, title in zip(found, said, titles, strict=True)
        ],
        dtype=bool,
    )
    if not asked.any():
        return found
    found = found.copy()
    second = resolve_rows(titles[asked], *(column[asked] for column in stated))
    for row, place in zip(np.flatnonzero(asked), second, strict=True):
        finer = len(place.code) > len(found[row].code) and not said[row]
        listed = place.reason == "list" and not said[row]
        if finer or listed or len(place.code) == _TAMBON:
            found[row] = place._replace(source="title")
    return found


def _settled(
    found: NDArray[np.object_], stated: Stated, said: Rows, context: str
) -> NDArray[np.object_]:
    """Give rows without a tambon what is certain: that of the sheet, or a wider area."""
    village = np.array([place.reason == "village" for place in found], dtype=bool)
    placed = np.array([place.source != "" for place in found], dtype=bool)
    silent = (~said | village) & ~placed
    asked = silent | np.array([not place.code for place in found], dtype=bool)
    if not asked.any():
        return found
    found = found.copy()
    nothing = pd.Series(None, index=stated[0].index[asked], dtype="object")
    wider = resolve_rows(nothing, *(column[asked] for column in stated))
    for row, area in zip(np.flatnonzero(asked), wider, strict=True):
        found[row] = _surest(found[row], area.code, context if silent[row] else "")
    return found


def _surest(place: Found, area: str, context: str) -> Found:
    """Return a place with the finest code on which everything written agrees."""
    agreed = bool(area) or place.reason in {"", "village"}  # else a column could not be read
    if len(context) == _TAMBON and context.startswith(area) and agreed:
        return Found(context, source="context")
    if place.reason in _ALL_NAMED:
        common = _common(place.candidates.split(";"))
        if common.startswith(area):
            return place._replace(code=common)
    return place._replace(code=area)


def _common(codes: list[str]) -> str:
    """Return the code of the smallest area above tambons that holds them all, or ``""``.

    Examples
    --------
    >>> _common(["940104", "940105"]), _common(["940104", "941012"]), _common(["940104", "950101"])
    ('9401', '94', '')
    """
    shared = (codes[0][:n] for n in (4, 2) if len({code[:n] for code in codes}) == 1)
    return next(shared, "")


def _to_columns(
    columns: Columns, found: NDArray[np.object_], written: pd.Series
) -> dict[str, pd.Series]:
    codes = [place.code for place in found]
    villages = _villages(columns, written)
    precision = [
        2 if len(code) == _TAMBON and village else _PRECISION[len(code)]
        for code, village in zip(codes, villages.notna().tolist(), strict=True)
    ]
    made = {"tambon_code": 6, "amphoe_code": 4, "province_code": 2}
    coded = {
        name: pd.Series([c[:n] if len(c) >= n else None for c in codes], columns.index, "object")
        for name, n in made.items()
    }
    return {
        "place_raw": _joined(columns, written),
        **coded,
        "village_no": villages,
        "location_precision": pd.Series(precision, columns.index, dtype="int64"),
    }


def _villages(columns: Columns, written: pd.Series) -> pd.Series:
    alone = "village_no" in columns
    found = find_villages(columns.text("village_no") if alone else written, alone=alone)
    report_villages(columns, found, "village_no" if alone else heading_of(columns))
    return found["village_no"]


def _joined(columns: Columns, written: pd.Series) -> pd.Series:
    """Write the place as one text: the column of places, or the three columns with their marks."""
    if not any(name in columns for name, _ in _LEVELS):
        return written
    keys, row_of = distinct_rows([columns.text(name) for name, _ in _LEVELS])
    marks = [mark for _, mark in _LEVELS]
    texts = [
        " ".join(f"{m}{text}" for m, text in zip(marks, key, strict=True) if text) for key in keys
    ]
    joined = np.array([text or None for text in texts], dtype=object)
    return pd.Series(joined[row_of], columns.index, dtype="object")
