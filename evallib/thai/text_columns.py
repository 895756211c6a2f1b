"""A column of cells as people hand it over: a series, a list, or a single text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from evallib.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    Cells: TypeAlias = pd.Series | Iterable[Any] | str


def as_column(cells: Cells) -> pd.Series:
    """Return cells as a series; a single text is one cell, not its letters.

    Parameters
    ----------
    cells : pandas.Series, iterable or a single cell
        A series comes back as it is; a text, a number or a date becomes a column of one row.

    Raises
    ------
    SchemaError
        A frame, a mapping or bytes: which cells are meant is not certain.

    Examples
    --------
    >>> as_column("เขาตูม").tolist(), as_column(["ก", None]).tolist()
    (['เขาตูม'], ['ก', None])
    """
    import pandas as pd  # what reads Thai text alone must not cost the import of pandas

    if isinstance(cells, pd.Series):
        return cells
    if isinstance(cells, (pd.DataFrame, Mapping, bytes)):  # names of columns are no cells
        raise SchemaError("text.no_column", found=type(cells).__name__)
    several = hasattr(cells, "__iter__") and not isinstance(cells, (str, bytes))
    return pd.Series(list(cells) if several else [cells], dtype="object")


def as_names(names: str | Iterable[str]) -> list[str]:
    """Return names as a list; a single text is one name, not its letters.

    Examples
    --------
    >>> as_names("area"), as_names(("area", "province"))
    (['area'], ['area', 'province'])
    """
    return [names] if isinstance(names, str) else list(names)
