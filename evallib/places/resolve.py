"""Written places resolved to codes of the register: exactly, or clearly, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from evallib.errors import SchemaError
from evallib.places.codes import scope_key
from evallib.places.gazetteer import gazetteer
from evallib.places.parse import NOTHING, Address, parse_addresses
from evallib.places.readings import readings_of
from evallib.places.resolver import Resolver
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.config import Settings
    from evallib.places.place import Place
    from evallib.thai.text_columns import Cells

Stated = str | None
_DTYPES: dict[str, Any] = {
    "place_code": "str", "level": "str", "score": "float64", "margin": "float64",
    "candidates": "str", "reason": "str",
}  # fmt: skip


def resolve_places(
    texts: Cells,
    province: str | pd.Series | None = None,
    amphoe: str | pd.Series | None = None,
    *,
    level: Literal["tambon", "amphoe", "province"] | None = None,
    reasons: bool = False,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Find the province, amphoe or tambon that each written place names.

    Parameters
    ----------
    texts : pandas.Series or sequence of str, shape (n,)
        Places, addresses or titles that hold an address; missing values are allowed.
    province, amphoe : str or pandas.Series of str, shape (n,), optional
        Code or name known from elsewhere: another column, the sheet, the title rows. Where a text
        is missing, the place is the amphoe, else the province.
    level : {"tambon", "amphoe", "province"}, optional
        What a name without a marker is taken for first: the heading of its column says so.
    reasons : bool, default False
        Add the columns ``reason`` and ``reading``.
    settings : Settings, optional
        The area. A name without a province is looked for in the area only; with a province, in
        the whole of that province, so that a place outside the area keeps its true code.

    Returns
    -------
    pandas.DataFrame, shape (n, 5) or (n, 7)
        Index of ``texts``. ``place_code`` (str, 2, 4 or 6 digits) and ``level`` ("province",
        "amphoe", "tambon"), both missing when nothing is certain; ``score`` (float, 0-100: the
        worst `rapidfuzz.fuzz.ratio` of the names used) and ``margin`` (float: how far behind the
        next name of the same scope is); ``candidates`` (str, codes joined by ``;``, best first,
        at most five unless the text lists more), which holds what a reviewer should look at when
        there is no code. ``reason`` is empty, or tells what `evallib.places.place.Reason` lists;
        ``reading`` tells what was read as what where a name is not written as in the register.

    Raises
    ------
    SchemaError
        ``province`` or ``amphoe`` is a column of another length.

    Notes
    -----
    A name is accepted when it equals one name of its scope without the marks that PDF text loses,
    or when it scores at least 85 and leads by at least 4; the score of a name with a letter typed
    twice is the mean of both spellings. It is never corrected into the area when it is exactly the
    name of a place elsewhere. A name that the register has given up has the code of its successor.
    A name that stands alone and is borne by an amphoe and a tambon in it is the amphoe, which holds
    either. Names borne by places apart, several tambons in one cell, and municipalities give
    candidates only. A bare province name in Thai is no place: roads, hospitals and universities
    bear it.

    Examples
    --------
    >>> places = resolve_places(pd.Series([
    ...     "หน่วยเฉพาะกิจยะลา ตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี", "ต.บาเจาะ"]))
    >>> places["place_code"].tolist(), places["candidates"].tolist()
    (['941012', nan], ['941012', '950302;960301'])
    """
    texts = as_column(texts)
    stated = [
        _coded(texts),
        _coded_column(province, len(texts), "province"),
        _coded_column(amphoe, len(texts), "amphoe"),
    ]
    rows, row_of = _distinct([codes for codes, _ in stated])
    written = [[values[code] for code in column] for (_, values), column in zip(stated, rows.T,
               strict=True)]  # fmt: skip
    resolver = Resolver(gazetteer(*scope_key(settings)), level)
    places, place_of = _resolve_distinct(resolver, written)
    names = list(_DTYPES) if reasons else list(_DTYPES)[:-1]
    answers = zip(*(place.row() for place in places), strict=True) if places else [()] * len(names)
    taken = place_of[row_of]
    columns = {
        name: pd.array(list(values), dtype=_DTYPES[name]).take(taken)
        for name, values in zip(names, answers, strict=False)
    }
    if reasons:
        read = readings_of([places[i] for i in place_of], written)
        columns["reading"] = pd.array(read, dtype="str").take(row_of)
    return pd.DataFrame(columns, index=texts.index)


def _resolve_distinct(
    resolver: Resolver, written: list[list[Stated]]
) -> tuple[list[Place], NDArray[np.intp]]:
    """Resolve each distinct address once within each distinct pair of province and amphoe.

    Returns the distinct places, and which of them each row of ``written`` names.
    """
    texts = list(dict.fromkeys(text for text in written[0] if text is not None))
    address_of: dict[Stated, Address] = dict(zip(texts, parse_addresses(texts), strict=True))
    address_of[None] = NOTHING
    known: dict[tuple[Address, Stated, Stated], int] = {}
    places: list[Place] = []
    place_of = np.empty(len(written[0]), dtype=np.intp)
    for i, (text, province, amphoe) in enumerate(zip(*written, strict=True)):
        key = address_of[text], province, amphoe
        at = known.get(key)
        if at is None:
            at = known[key] = len(places)
            places.append(resolver(*key))
        place_of[i] = at
    return places, place_of


def _coded(values: pd.Series) -> tuple[NDArray[np.intp], list[Stated]]:
    """Return a number for each row and the text that each number stands for."""
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    cells = np.asarray(distinct, dtype=object).tolist()
    return codes, [*(c if isinstance(c, str) else str(c) for c in cells), None]  # -1: missing


def _coded_column(
    value: str | pd.Series | None, length: int, name: str
) -> tuple[NDArray[np.intp], list[Stated]]:
    """Return one stated province or amphoe a row, coded."""
    if value is None or isinstance(value, str):
        return np.zeros(length, dtype=np.intp), [value]
    if len(value) != length:
        raise SchemaError("places.wrong_length", name=name, needed=length, found=len(value))
    return _coded(value)


def _distinct(codes: list[NDArray[np.intp]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct rows of several coded columns, and which of them each row holds."""
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for column in codes:
        key = key * (int(column.max(initial=0)) + 2) + column + 1
    _, first, row_of = np.unique(key, return_index=True, return_inverse=True)
    return np.column_stack([column[first] for column in codes]), row_of
