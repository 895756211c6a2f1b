"""SensitiveText: words of a person that no log, table, message or file shows by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd

from evallib.errors import DisclosureError
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.thai.text_columns import Cells

MASK = "[ปกปิด]"


class SensitiveText:
    """Words of a person; every way of showing them gives ``[ปกปิด]`` except ``reveal()``.

    It is no ``str``, so nothing writes it as one; it compares and hashes by its words, so that
    double answers can be found; it cannot be pickled.

    Parameters
    ----------
    words : str
        What the person said.

    Raises
    ------
    TypeError
        ``words`` is not a str.

    Examples
    --------
    >>> answer = SensitiveText("น้ำไม่ไหลมาสามเดือน")
    >>> f"{answer} {answer!r} {answer:>10}"
    '[ปกปิด] [ปกปิด]    [ปกปิด]'
    >>> len(answer.reveal())
    19
    """

    __slots__ = ("__words",)

    def __init__(self, words: str) -> None:
        if not isinstance(words, str):
            raise TypeError(type(words).__name__)  # never the value
        self.__words = words

    def reveal(self) -> str:
        """Return the words themselves."""
        return self.__words

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SensitiveText) and self.__words == other.__words

    def __hash__(self) -> int:
        return hash((SensitiveText, self.__words))

    def __copy__(self) -> SensitiveText:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> SensitiveText:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise DisclosureError("privacy.text_pickled")

    def __getstate__(self) -> NoReturn:
        raise DisclosureError("privacy.text_pickled")


def conceal_text(words: Cells) -> pd.Series:
    """Wrap every text of a column; missing stays missing.

    Parameters
    ----------
    words : pandas.Series of str, shape (n,)
        Free text. Not modified.

    Returns
    -------
    pandas.Series of object, shape (n,)
        ``SensitiveText`` or None, with the index and name of ``words``.

    Examples
    --------
    >>> conceal_text(pd.Series(["น้ำท่วม", None])).tolist()
    [[ปกปิด], None]
    """
    words = as_column(words)
    wrapped = [None if pd.isna(text) else SensitiveText(str(text)) for text in words]
    return pd.Series(wrapped, index=words.index, name=words.name, dtype="object")


def holds_text(frame: pd.DataFrame) -> list[str]:
    """Return the names of columns, ``index`` included, in which a ``SensitiveText`` stands."""
    columns = [(str(name), frame.iloc[:, i]) for i, name in enumerate(frame.columns)]
    columns.append(("index", frame.index.to_series()))
    return [
        name
        for name, values in columns
        if values.dtype == object and any(isinstance(v, SensitiveText) for v in values)
    ]
