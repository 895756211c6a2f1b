"""Numbers and names of villages: หมู่ที่ 3 บ้านกรือเซะ, ม.๓, and the last digits of a village code."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evallib.thai.signs import ARABIC_OF_THAI
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.thai.text_columns import Cells

_DIGITS = str.maketrans(ARABIC_OF_THAI)
# "ชั้น ม.3" is a school class, "พ.ม. 3" another abbreviation.
_NUMBERS = re.compile(
    r"(?:หมู่?(?:บ้าน)?\s*(?:ที่|ท่ี|ที)?|(?<![ก-๎.])(?<!ชั้น )ม\.)\s*"
    r"(\d{1,2}(?!\d)(?:\s*(?:,|และ|-|–|ถึง)\s*\d{1,2}(?![\d.]))*)"
)
_ALONE = re.compile(r"\s*(\d{1,2}(?:\.0)?(?:\s*(?:,|และ|-|–|ถึง)\s*\d{1,2})*)\s*")
_CODE = re.compile(r"\s*\d{6}(\d{1,2})\s*")
_NAME = re.compile(r"(?<!หมู่)(?:บ้าน|(?<![ก-๎.])บ\.)\s*([ก-๎]+(?:-[ก-๎]+)?)")
_ANY = re.compile(r"\d{1,2}")


class Village(NamedTuple):
    """What one text says of villages: a number if it is exactly one, a name, and how many."""

    number: int | None
    name: str | None
    written: int


def find_villages(texts: Cells, *, alone: bool = False) -> pd.DataFrame:
    """Find the village that each written place names.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Places or addresses; missing values are allowed.
    alone : bool, default False
        The column holds numbers of villages: a number needs no word before it.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        Index of ``texts``. ``village_no`` (Int64), missing where a text names none or several;
        ``village_name`` (str), as written behind บ้าน; ``villages`` (int64), how many numbers
        stand there.

    Examples
    --------
    >>> found = find_villages(pd.Series(["หมู่ที่ 3 บ้านกรือเซะ", "ม.๓", "94010101", "ม.3,4"]))
    >>> found["village_no"].tolist(), found["village_name"].tolist()
    ([3, 3, 1, <NA>], ['กรือเซะ', nan, nan, nan])
    """
    texts = as_column(texts)
    which, distinct = pd.factorize(texts.astype("object"), use_na_sentinel=True)
    read = [read_village(str(text), alone=alone) for text in distinct]
    read.append(Village(None, None, 0))  # -1: missing
    columns = [np.array([village[i] for village in read], dtype=object)[which] for i in range(3)]
    numbers, names, counts = (pd.Series(column, texts.index) for column in columns)
    return pd.DataFrame(
        {
            "village_no": numbers.astype("Int64"),
            "village_name": names.astype("str"),
            "villages": counts.astype("int64"),
        }
    )


@lru_cache(maxsize=1 << 16)
def read_village(text: str, *, alone: bool = False) -> Village:
    """Return what one text says of villages; see `find_villages`."""
    text = text.translate(_DIGITS)
    coded = _CODE.fullmatch(text)
    if coded:
        return Village(int(coded[1]) or None, None, 1)
    numbers = _NUMBERS.findall(text)
    if alone and not numbers:
        single = _ALONE.fullmatch(text)
        numbers = [single[1].removesuffix(".0")] if single else []
    listed = list(dict.fromkeys(int(n) for part in numbers for n in _ANY.findall(part)))
    name = _NAME.search(text)
    number = listed[0] if len(listed) == 1 else None
    return Village(number, name[1] if name else None, len(listed))
