"""The place of each row of a sheet, from its columns, its section, its sheet or its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.read import SECTION
from evallib.findings import Finding
from evallib.places import resolve_places

if TYPE_CHECKING:
    from evallib.clean.columns import Columns
    from evallib.clean.context import Context

_AMPHOE_SECTION = re.compile(r"(?:อำเภอ|อ\.)\s*(\S+)")
_VILLAGE = re.compile(r"(?:หมู่(?:ที่)?|ม\.)\s*(\d{1,2})(?!\d)")
_EVERY = re.compile(r"(?:ทุก|ทั้ง|หลาย)")
_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_PRECISION = {6: 3, 4: 4, 2: 5, 0: 9}  # digits of the code -> precision
_FOUND = ["place_code", "level", "candidates"]
_KNOWN_LIMIT = 100_000
_resolved: dict[tuple[str | None, ...], tuple[str | None, ...]] = {}
_LEVELS = (("tambon", "ต."), ("amphoe", "อ."), ("province", "จ."))


def find_row_places(columns: Columns, context: Context) -> dict[str, pd.Series]:
    """Return the place of each row, as written and as code.

    Columns of tambon, amphoe and province serve first, then a column of places, and last the
    title of the row, which gives finding ``intake.place_from_title``.

    Returns
    -------
    dict of str to pandas.Series, each shape (n,)
        ``place_raw``, ``tambon_code``, ``amphoe_code``, ``province_code`` (object),
        ``village_no`` (Int64) and ``location_precision`` (int); index of the sheet.
    """
    province, amphoe = _stated(columns, context)
    written = columns.text("tambon").where(
        columns.text("tambon").notna(), columns.text("place_raw")
    )
    found = _resolve(written, province, amphoe)
    titles = columns.text("title_th")
    lost = found["place_code"].isna() & titles.str.contains("ต", na=False)
    if lost.any():
        second = _resolve(titles[lost], province[lost], amphoe[lost])
        second = second[second["level"].eq("tambon") | written[lost].isna()]
        columns.report(
            Finding("intake.place_from_title", "info", str(row), code)
            for row, code in second["place_code"].dropna().items()
        )
        found.loc[second.index] = second
        written = written.where(~written.index.isin(second.index), titles)
    _report_lost(columns, found, written)
    coarse = found["place_code"].isna() & (province.notna() | amphoe.notna())
    if coarse.any():  # the tambon is lost, its amphoe or province need not be
        nothing = pd.Series(None, index=found.index[coarse], dtype="object")
        found.loc[coarse] = _resolve(nothing, province[coarse], amphoe[coarse])
    return _to_columns(columns, found, written)


def _resolve(texts: pd.Series, province: pd.Series, amphoe: pd.Series) -> pd.DataFrame:
    """Resolve each distinct place once in the life of a process: they come back every quarter."""
    keys = [
        tuple(part if isinstance(part, str) else None for part in key)
        for key in zip(texts, province, amphoe, strict=True)
    ]
    new = [key for key in dict.fromkeys(keys) if key not in _resolved]
    if new:
        if len(_resolved) > _KNOWN_LIMIT:
            _resolved.clear()
            new = list(dict.fromkeys(keys))
        asked = pd.DataFrame(new, columns=["text", "province", "amphoe"], dtype="object")
        found = resolve_places(asked["text"], province=asked["province"], amphoe=asked["amphoe"])
        rows = found[_FOUND].astype("object").where(found[_FOUND].notna(), None)
        _resolved.update(zip(new, rows.itertuples(index=False, name=None), strict=True))
    return pd.DataFrame([_resolved[key] for key in keys], texts.index, _FOUND, dtype="object")


def _stated(columns: Columns, context: Context) -> tuple[pd.Series, pd.Series]:
    """Return province and amphoe of each row: its own columns, its section, the context."""
    province, amphoe = columns.text("province"), _named(columns.text("amphoe"))
    code = context.place_code or ""
    if context.province:
        province = province.where(province.notna(), context.province)
    if SECTION in columns.frame:
        section = columns.raw(SECTION).astype("str").str.extract(_AMPHOE_SECTION)[0]
        amphoe = amphoe.where(amphoe.notna(), section.astype("object").where(section.notna(), None))
    if len(code) >= 4:
        amphoe = amphoe.where(amphoe.notna(), code[:4])
    return province, amphoe


def _named(places: pd.Series) -> pd.Series:
    """Leave out words for every place of a kind: ทุกตำบล is no name of a tambon."""
    return places.map(lambda text: None if _EVERY.match(text) else text, na_action="ignore")


def _report_lost(columns: Columns, found: pd.DataFrame, written: pd.Series) -> None:
    """Report places that were written and not found, with what a reviewer may choose from."""
    lost = found["place_code"].isna() & written.notna()
    columns.report(
        Finding("intake.place_unknown", "warning", str(row), "" if pd.isna(codes) else str(codes))
        for row, codes in found.loc[lost, "candidates"].items()
    )


def _to_columns(columns: Columns, found: pd.DataFrame, written: pd.Series) -> dict[str, pd.Series]:
    codes = [code if isinstance(code, str) else "" for code in found["place_code"].tolist()]
    villages = _villages(columns, written)
    precision = [
        2 if len(code) == 6 and village is not None else _PRECISION[len(code)]
        for code, village in zip(codes, villages, strict=True)
    ]
    made = {"tambon_code": 6, "amphoe_code": 4, "province_code": 2}
    texts = {
        name: pd.Series([c[:n] if len(c) >= n else None for c in codes], columns.index, "object")
        for name, n in made.items()
    }
    return {
        "place_raw": _joined(columns, written),
        **texts,
        "village_no": pd.Series(villages, columns.index, dtype="Int64"),
        "location_precision": pd.Series(precision, columns.index, dtype="int64"),
    }


def _villages(columns: Columns, written: pd.Series) -> list[int | None]:
    if "village_no" in columns:
        found = [
            _NUMBER.search(text) if isinstance(text, str) else None
            for text in columns.text("village_no")
        ]
    else:
        found = [_VILLAGE.search(text) if isinstance(text, str) else None for text in written]
    return [int(match[1]) if match else None for match in found]


def _joined(columns: Columns, written: pd.Series) -> pd.Series:
    """Write the place as one text: the column of places, or the three columns with their marks."""
    if not any(name in columns for name, _ in _LEVELS):
        return written
    parts = [
        columns.text(name).map(lambda text, mark=mark: f"{mark}{text}", na_action="ignore")
        for name, mark in _LEVELS
    ]
    joined = [" ".join(p for p in row if isinstance(p, str)) for row in zip(*parts, strict=True)]
    return pd.Series([text or None for text in joined], columns.index, dtype="object")
