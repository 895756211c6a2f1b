"""Blocks and results in a notebook: shown, carried as JSON, and read back exactly."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from evallib.errors import EvallibError, SchemaError
from evallib.findings import Finding
from evallib.i18n import plural
from evallib.report import document
from evallib.report.document import BLOCK_MIME, Block, Table
from evallib.tables import contract

Json = dict[str, Any]
KINDS: Mapping[str, type[Block]] = {kind.kind: kind for kind in Block.__subclasses__()}


class _Released:
    """A frame that passed suppression before it entered the notebook."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.status = "released"


def encode_block(block: Block) -> Json:
    """Return a block as JSON values: ``kind`` and its fields."""
    return {"kind": block.kind} | {
        each.name: _encode(getattr(block, each.name)) for each in fields(block)
    }


def _encode(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return encode_frame(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (Finding, document.KeyNumber)):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    return value


def decode_block(written: Json) -> Block:
    """Return the block that ``encode_block`` wrote.

    Raises
    ------
    SchemaError
        The kind is unknown, or fields are absent or of another form.
    """
    kind = KINDS.get(str(written.get("kind")))
    if kind is None:
        raise SchemaError(
            "report.block_kind", found=str(written.get("kind")), known=", ".join(KINDS)
        )
    try:
        given = {name: value for name, value in written.items() if name != "kind"}
        return kind(**{name: _decode(kind, name, value) for name, value in given.items()})
    except EvallibError:
        raise
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        raise SchemaError(
            "report.block_unreadable", kind=kind.kind, found=type(error).__name__
        ) from error


def _decode(kind: type[Block], name: str, value: Any) -> Any:
    if kind is Table and name == "frame":
        return _Released(decode_frame(value))
    if kind is document.Figure and name == "image":
        return base64.b64decode(value, validate=True)
    if kind is document.KeyNumbers and name == "items":
        return tuple(document.KeyNumber(**item) for item in value)
    if kind is document.FindingList and name == "findings":
        return tuple(Finding(**item) for item in value)
    if kind is document.Cover and name == "facts":
        return tuple((label, fact) for label, fact in value)
    return value


def encode_frame(frame: pd.DataFrame) -> Json:
    """Return a frame as ``columns`` (name, dtype) and ``rows``; the index is left out.

    A missing value is ``null``; an infinite one is ``{"float": "inf"}``; a date has ISO form.

    Raises
    ------
    SchemaError
        A column name occurs twice or is not text, or a column has a type that JSON cannot carry
        exactly (time zones, periods, nested objects).

    Examples
    --------
    >>> encode_frame(pd.DataFrame({"x": [0.1, None]}))
    {'columns': [['x', 'float64']], 'rows': [[0.1], [None]]}
    """
    names = list(frame.columns)
    if len(set(names)) < len(names) or not all(isinstance(name, str) for name in names):
        raise SchemaError("report.result_columns", found=", ".join(map(str, names)))
    columns = [_uncategorised(frame[name]) for name in names]
    values = [_encode_column(column) for column in columns]
    return {
        "columns": [[name, str(c.dtype)] for name, c in zip(names, columns, strict=True)],
        "rows": [list(row) for row in zip(*values, strict=True)] if names else [],
    }


def _uncategorised(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(column.dtype.categories.dtype)
    return column


def _encode_column(column: pd.Series) -> list[Any]:
    dtype = str(column.dtype)
    plain = dtype in {"str", "string", "object", "bool", "boolean"}
    if not plain and not dtype.lower().startswith(("int", "uint", "float", "datetime64")):
        raise _cannot_carry(column, dtype)
    if getattr(column.dtype, "tz", None) is not None:
        raise _cannot_carry(column, dtype)
    return [_encode_cell(value, column) for value in column.tolist()]


def _encode_cell(value: Any, column: pd.Series) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, pd.Timestamp) and str(column.dtype).startswith("datetime64"):
        return value.isoformat()
    if isinstance(value, date) and not isinstance(value, pd.Timestamp):
        return {"date": value.isoformat()}
    if isinstance(value, (str, int)):
        return value
    raise _cannot_carry(column, type(value).__name__)


def _cannot_carry(column: pd.Series, found: str) -> SchemaError:
    return SchemaError("report.result_type", column=str(column.name), found=found)


def decode_frame(written: Json) -> pd.DataFrame:
    """Return the frame that ``encode_frame`` wrote, with the same dtypes and a fresh index.

    Examples
    --------
    >>> decode_frame({"columns": [["x", "float64"]], "rows": [[0.1], [None]]})["x"].tolist()
    [0.1, nan]
    """
    rows = written["rows"]
    columns = {
        name: _decode_column([row[i] for row in rows], dtype)
        for i, (name, dtype) in enumerate(written["columns"])
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _decode_column(values: list[Any], dtype: str) -> pd.Series:
    if dtype.startswith("datetime64"):
        return pd.Series([pd.NaT if v is None else pd.Timestamp(v) for v in values], dtype=dtype)
    return pd.Series([_decode_cell(value) for value in values], dtype=dtype)


def _decode_cell(value: Any) -> Any:
    if isinstance(value, dict):
        if "float" in value:
            return float(value["float"])
        return date.fromisoformat(value["date"])
    return value


def blocks_of(notebook: Mapping[str, Any]) -> list[Block]:
    """Return the blocks that an executed notebook displayed, in order.

    Parameters
    ----------
    notebook : mapping
        The notebook as JSON (``json.load``) or as nbformat reads it.

    Raises
    ------
    SchemaError
        A block cannot be read back.
    """
    return [decode_block(written) for written in _carried(notebook, BLOCK_MIME)]


def results_of(notebook: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return what an executed notebook emitted: table name -> rows, sorted by name.

    Raises
    ------
    SchemaError
        Two results for one table have different columns or types.
    """
    merged: dict[str, Json] = {}
    for written in _carried(notebook, RESULT_MIME):
        name = str(written["table"])
        columns: Sequence[Any] = written["columns"]
        first = merged.setdefault(name, {"columns": columns, "rows": []})
        if [list(c) for c in first["columns"]] != [list(c) for c in columns]:
            raise SchemaError("report.result_differs", table=name)
        first["rows"] = [*first["rows"], *written["rows"]]
    return {name: decode_frame(merged[name]) for name in sorted(merged)}


def _carried(notebook: Mapping[str, Any], mime: str) -> Iterator[Json]:
    """Yield what cells displayed under one type."""
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data") or {}
            if mime in data:
                yield data[mime]


RESULT_MIME = "application/vnd.evallib.result+json"


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Rows that a notebook hands to the runner for one table of the evaluation database."""

    name: str
    frame: Any

    def __repr__(self) -> str:
        n_rows = len(self.frame)
        return f"<Result {self.name}: {n_rows} {plural(n_rows, 'row', 'rows')}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Carry the rows; JupyterLab shows the name and the number of rows."""
        del include, exclude
        carried = {"table": self.name} | encode_frame(self.frame)
        return {"text/plain": repr(self), RESULT_MIME: carried}


def result_block(name: str, frame: pd.DataFrame) -> Result:
    """Return rows for one table of the database, ready to be displayed in a notebook.

    Parameters
    ----------
    name : str
        Name of the table, such as ``"effects"``.
    frame : pandas.DataFrame, shape (n, k)
        Rows; the index is not carried. Floats, missing values and dates arrive exactly.

    Raises
    ------
    NotFound
        There is no table of that name.
    """
    return Result(contract(name).name, frame)


def emit(name: str, frame: pd.DataFrame) -> None:
    """Hand rows to the runner, which commits them when the whole job has succeeded.

    Called in a notebook; several calls for one table add up. See ``result_block``.
    """
    show(result_block(name, frame))


def present_block(block: Block) -> dict[str, Any]:
    """Return a block as JupyterLab shows it, with what publishing reads back."""
    from evallib.report.pages.html import render_fragment  # brings jinja2

    return {
        "text/plain": repr(block),
        "text/html": render_fragment(block),
        BLOCK_MIME: encode_block(block),
    }


def show(*blocks: Block | Result) -> None:
    """Display blocks in a notebook, in order."""
    from IPython.display import display  # only a notebook has it loaded

    for block in blocks:
        display(block)  # type: ignore[no-untyped-call]
