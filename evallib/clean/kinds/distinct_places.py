"""Each distinct place of a sheet resolved once, and the answers spread over its rows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from evallib.findings import Finding
from evallib.places import address_of, resolve_places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from evallib.clean.sheets.columns import Columns
    from evallib.findings import Severity

Level = Literal["tambon", "amphoe", "province"] | None
Key = tuple[str | None, ...]
_KNOWN_LIMIT = 100_000


class Found(NamedTuple):
    """What `resolve_places` says of one text, or what the row says instead (``source``)."""

    code: str = ""
    reason: str = ""
    candidates: str = ""
    reading: str = ""
    source: str = ""


_resolved: dict[tuple[Key, Level], Found] = {}


def resolve_rows(
    texts: pd.Series, province: pd.Series, amphoe: pd.Series, *, level: Level = None
) -> NDArray[np.object_]:
    """Return what each row says, each distinct place resolved once in the life of a process.

    The same places come back every quarter, and a process reads thousands of files.
    """
    keys, row_of = distinct_rows([texts, province, amphoe])
    if len(_resolved) > _KNOWN_LIMIT:
        _resolved.clear()
    new = [key for key in keys if (key, level) not in _resolved]
    if new:
        asked = pd.DataFrame(new, columns=["text", "province", "amphoe"], dtype="object")
        frame = resolve_places(
            asked["text"], asked["province"], asked["amphoe"], level=level, reasons=True
        )
        names = ["place_code", "reason", "candidates", "reading"]
        answers = map(Found, *(frame[name].fillna("").tolist() for name in names))
        _resolved.update(zip([(key, level) for key in new], answers, strict=True))
    return as_array([_resolved[key, level] for key in keys])[row_of]


def as_array(found: Sequence[Found]) -> NDArray[np.object_]:
    """Return answers as one column; numpy alone would make a table of tuples."""
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


def distinct_rows(columns: Sequence[pd.Series]) -> tuple[list[Key], NDArray[np.intp]]:
    """Return the distinct rows of several columns of texts, and which of them each row holds.

    Examples
    --------
    >>> keys, row_of = distinct_rows([pd.Series(["ก", "ข", "ก"]), pd.Series(["1", None, "1"])])
    >>> keys, row_of.tolist()
    ([('ก', '1'), ('ข', None)], [0, 1, 0])
    """
    number = np.zeros(len(columns[0]), dtype=np.int64)
    coded = []
    for column in columns:
        codes, values = pd.factorize(column.astype("object"), use_na_sentinel=True)
        coded.append((codes, [*values, None]))
        number = number * (len(values) + 1) + codes + 1
    _, first, row_of = np.unique(number, return_index=True, return_inverse=True)
    lists = [[values[i] for i in codes[first]] for codes, values in coded]
    return list(zip(*lists, strict=True)), row_of


def map_texts(column: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Change each distinct text of a column once; a missing one stays missing.

    Examples
    --------
    >>> map_texts(pd.Series(["ก", None]), lambda text: text + "ข").tolist()
    ['กข', None]
    """
    codes, values = pd.factorize(column.astype("object"), use_na_sentinel=True)
    changed = np.array([*(change(str(value)) for value in values), None], dtype=object)
    return pd.Series(changed[codes], column.index, dtype="object")


# Reason of `resolve_places` -> code and severity of the finding; other reasons say nothing.
_REMARKS: Final[dict[str, tuple[str, Severity]]] = {
    "unknown": ("intake.place_unknown", "warning"),
    "ambiguous": ("intake.place_ambiguous", "warning"),
    "list": ("intake.place_list", "warning"),
    "municipality": ("intake.place_municipality", "warning"),
    "conflict": ("intake.place_conflict", "warning"),
    "outside": ("intake.place_outside", "warning"),
    "nested": ("intake.place_nested", "info"),
    "whole": ("intake.place_whole", "info"),
    "area": ("intake.place_area", "info"),
    "abolished": ("intake.place_abolished", "info"),
    "similar": ("intake.place_similar", "info"),
}
_SOURCES: Final[dict[str, tuple[str, Severity]]] = {
    "title": ("intake.place_from_title", "info"),
    "context": ("intake.place_from_context", "info"),
    "beyond": ("intake.place_beyond", "warning"),
}
_READ = frozenset({"abolished", "similar"})  # what is shown is what was read as what


def heading_of(columns: Columns) -> str:
    """Return the canonical name of the column that names the places of a sheet."""
    named = (name for name in ("tambon", "place_raw", "amphoe", "province") if name in columns)
    return next(named, "title_th")


def report_places(columns: Columns, found: Sequence[Found]) -> None:
    """Report each row in doubt, and once for each column what was read in another way.

    Parameters
    ----------
    columns : Columns
        The sheet as sent; its findings grow.
    found : sequence of Found, shape (n,)
        The place of each row, after all that the row and its sheet say was weighed.
    """
    own = columns.heading(heading_of(columns)).column
    title = columns.heading("title_th").column
    doubts: list[tuple[str, Finding]] = []
    noted: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for row, place in zip(columns.index, found, strict=True):
        if not (place.source or place.reason or place.reading):
            continue
        column = title if place.source == "title" else own
        for code, severity, value in _remarks(place):
            finding = Finding(code, severity, str(row), value)
            if severity == "info":
                group = "" if code == _SOURCES["title"][0] else value  # one for all titles
                noted[code, group, column].append(finding)
            else:
                doubts.append((column, finding))
    for column in dict.fromkeys(column for column, _ in doubts):
        columns.report([finding for at, finding in doubts if at == column], column=column)
    for (_, _, at), alike in noted.items():  # one by one: each reading stays on record
        columns.report(alike, column=at)


def report_villages(columns: Columns, found: pd.DataFrame, name: str) -> None:
    """Report, for the record, cells that name several villages, of which none was chosen."""
    rows = columns.index[np.flatnonzero(found["villages"] > 1)]
    several = (Finding("intake.village_list", "info", str(row)) for row in rows)
    columns.report(several, column=columns.heading(name).column)


def _remarks(place: Found) -> list[tuple[str, Severity, str]]:
    told: list[tuple[str, Severity, str]] = []
    if place.source:
        told.append((*_SOURCES[place.source], place.code))
    if place.reason in _REMARKS:
        code, severity = _REMARKS[place.reason]
        told.append((code, severity, place.reading if place.reason in _READ else _shown(place)))
    if place.reading and place.reason not in _READ:
        told.append(("intake.place_corrected", "info", place.reading))
    return told


def _shown(place: Found) -> str:
    """Return the places that a reviewer may choose from, or the one that was taken."""
    codes = place.candidates or place.code
    return "; ".join(map(address_of, codes.split(";"))) if codes else ""
