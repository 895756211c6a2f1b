"""Each distinct place of a sheet resolved once, and the answers spread over its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from evallib.places import resolve_places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

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
