"""Grids on their way out of the process that reads foreign files: Arrow, never pickle."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from evallib.clean.files.grid import Factored, Grid, Marks
from evallib.findings import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evallib.clean.files.grid import Cell

# The first letter of a cell in a column of several kinds tells its kind.
_TEXT, _FLOAT, _INT, _DATE, _TIME = "sfidt"


def pack(grids: list[Grid], findings: list[Finding]) -> list[bytes]:
    """Return a head in JSON and one Arrow stream a grid.

    Parameters
    ----------
    grids : list of Grid
        Cells are str, int, float, date or datetime.
    findings : list of Finding
        What the reader noticed.
    """
    head = {
        "sheets": [[grid.name, len(grid), grid.spans, astuple(grid.marks)] for grid in grids],
        "findings": [[f.code, f.severity, f.where, f.value] for f in findings],
    }
    return [json.dumps(head).encode(), *(_pack_grid(grid) for grid in grids)]


def unpack(parts: list[bytes]) -> tuple[list[Grid], list[Finding]]:
    """Restore what `pack` packed.

    Raises
    ------
    ValueError
        The parts are not what `pack` makes: the process that sent them is not to be trusted.
    """
    head = json.loads(parts[0])
    findings = [Finding(*map(str, told)) for told in head["findings"]]  # type: ignore[arg-type]
    grids = [
        _unpack_grid(
            str(name), int(length), tuple(tuple(map(int, s)) for s in spans), _marks(*marks), part
        )
        for (name, length, spans, marks), part in zip(head["sheets"], parts[1:], strict=True)
    ]
    return grids, findings


def _pack_grid(grid: Grid) -> bytes:
    columns = [_pack_column(column) for column in grid.columns]
    names = [f"{kind}{c}" for c, (kind, _) in enumerate(columns)]
    batch = pa.record_batch([array for _, array in columns], names=names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def _pack_column(column: Factored) -> tuple[str, pa.Array]:
    """Return kind and dictionary array of a column: texts, numbers, or cells of several kinds."""
    codes, cells = column
    kinds = set(map(type, cells))
    if kinds <= {str}:
        kind, held = _TEXT, _texts(cells.tolist())
    elif kinds == {float}:
        kind, held = _FLOAT, pa.array(cells.tolist(), pa.float64())
    else:
        kind, held = "m", _texts(list(map(_write_cell, cells)))
    return kind, pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), held)


def _texts(texts: list[str]) -> pa.Array:
    """Return texts without half characters, which a hostile file may hold and Arrow refuses."""
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return pa.array(whole, pa.large_string())


def _write_cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{_FLOAT}{cell!r}"
    if isinstance(cell, int):
        return f"{_INT}{cell}"
    if isinstance(cell, datetime):
        return f"{_TIME}{cell.isoformat()}"
    if isinstance(cell, date):
        return f"{_DATE}{cell.isoformat()}"
    return f"{_TEXT}{cell}"


def _read_cell(written: str) -> Cell:
    kind, rest = written[:1], written[1:]
    if kind == _FLOAT:
        return float(rest)
    if kind == _INT:
        return int(rest)
    if kind == _TIME:
        return datetime.fromisoformat(rest)
    if kind == _DATE:
        return date.fromisoformat(rest)
    return rest


def _marks(columns: Any, rows: Any, uncalculated: Any, first: Any) -> Marks:
    return Marks(
        hidden_columns=tuple((int(first), int(last)) for first, last in columns),
        hidden_rows=tuple(map(int, rows)),
        uncalculated=int(uncalculated),
        first_cells=tuple(map(str, first)),
    )


def _unpack_grid(name: str, length: int, spans: Any, marks: Marks, part: bytes) -> Grid:
    with pa.ipc.open_stream(part) as reader:
        batch = reader.read_next_batch()
    if batch.num_columns and batch.num_rows != length:
        raise ValueError("a grid of another length")
    batch.validate(full=True)
    if not batch.num_columns:
        return Grid(name, [[] for _ in range(length)], spans, marks)
    columns = tuple(
        _unpack_column(field.name[:1], array)
        for field, array in zip(batch.schema, batch.columns, strict=True)
    )
    return Grid.of_columns(name, columns, spans, marks)


def _unpack_column(kind: str, array: pa.Array) -> Factored:
    codes: NDArray[np.int32] = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    written = array.dictionary.to_pylist()
    cells = np.empty(len(written), dtype=object)
    cells[:] = list(map(_read_cell, written)) if kind == "m" else written
    return Factored(codes.astype(np.int32, copy=False), cells)
