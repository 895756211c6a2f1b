"""Filled forms of ours: the canonical row names the columns, whatever became of the headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.clean.files.grid import Grid, cell_text
from evallib.clean.forms.form import (
    ABOUT,
    EXAMPLE,
    FORMS,
    SEARCHED,
    VERSION,
    FormColumn,
    FormKind,
    Mark,
    form_columns,
    page_of,
    read_mark,
)
from evallib.clean.sheets.headers import Header
from evallib.clean.sheets.headings import match_headings
from evallib.findings import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evallib.clean.files.grid import Cell
    from evallib.clean.sheets.headings import SubmissionKind

_READ_AS: Mapping[FormKind, SubmissionKind] = {
    "projects": "projects", "progress": "projects", "needs": "needs", "survey": "survey",
    "indicators": "indicators",
}  # fmt: skip
_FIRST = {"order_no", "resp_key"}  # columns that say that a row is the example


def without_our_pages(grids: Sequence[Grid]) -> list[Grid]:
    """Leave out the pages of our workbooks that hold instructions and lists."""
    return [grid for grid in grids if (mark := page_of(grid)) is None or mark.page != ABOUT]


def find_form_header(grid: Grid) -> Header | None:
    """Return the header of a filled form, or None for a sheet that is none of ours.

    The columns bear the headings of the form, so that everything that follows reads them for
    certain, though their visible headings were renamed, translated or moved. A column without a
    mark keeps the heading that somebody gave it.

    Returns
    -------
    Header or None
        ``ignored`` holds the canonical row and the example row; ``findings`` are
        ``form.version_unknown``, ``form.heading_contradicts`` and ``form.example_overwritten``
        (warning); ``where`` is row and column.
    """
    top = grid.head(SEARCHED)
    found = next(((r, marks) for r, row in enumerate(top) if (marks := _marks(row))), None)
    if found is None:
        return None
    row, marks = found
    form = next(mark.page for mark in marks.values())
    if form not in FORMS:
        return None
    known = {column.name: column for column in form_columns(form)}
    columns = {c: known[m.column] for c, m in marks.items() if m.column in known}
    headings = _heading_row(top, row, columns)
    width = len(grid.columns)
    visible = [""] * width
    if headings is not None:
        visible[: len(top[headings])] = map(cell_text, top[headings])
    first = row if headings is None else headings
    parts = tuple(_levels(columns.get(c), visible[c]) for c in range(width))
    examples, findings = _examples(grid, columns, first)
    findings += _contradictions(columns, visible, form, first)
    version = max(mark.version for mark in marks.values())
    if version != VERSION:
        findings.append(
            Finding("form.version_unknown", "warning", Where("", "", row + 1), f"{form} {version}")
        )
    titles = tuple(t for r in top[:first] if (t := " ".join(filter(None, map(cell_text, r)))))
    return Header(first, first, _names(parts), parts, titles, (row, *examples), tuple(findings))


def _marks(row: Sequence[Cell]) -> dict[int, Mark]:
    return {
        c: mark
        for c, cell in enumerate(row)
        if (mark := read_mark(cell)) is not None and mark.column
    }


def _heading_row(
    top: Sequence[Sequence[Cell]], marked: int, columns: Mapping[int, FormColumn]
) -> int | None:
    """Return the topmost row above the canonical row that is filled like a row of headings.

    Rows between it and the canonical row, which a sort may have moved, are data.
    """
    for r, row in enumerate(top[:marked]):
        filled = sum(c < len(row) and row[c] is not None for c in columns)
        if filled * 2 > len(columns):
            return r
    return None


def _levels(column: FormColumn | None, visible: str) -> tuple[str, ...]:
    """Return the heading of the form, and the visible one by which a repeated header is known."""
    if column is None:
        return (visible,) if visible else ()
    return (column.heading, visible) if visible and visible != column.heading else (column.heading,)


def _names(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for c, levels in enumerate(parts):
        name = levels[0] if levels else f"({c + 1})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _contradictions(
    columns: Mapping[int, FormColumn], visible: Sequence[str], form: FormKind, row: int
) -> list[Finding]:
    """Report visible headings that name another column of the form than the canonical row does."""
    marked = {c: column for c, column in columns.items() if visible[c]}
    meant = match_headings(tuple(visible[c] for c in marked), _READ_AS[form])
    names = {column.name for column in columns.values()}
    return [
        Finding("form.heading_contradicts", "warning", Where("", "", row + 1, column.heading),
                heading.column)
        for column, heading in zip(marked.values(), meant, strict=True)
        if heading.canonical in names - {column.name} and not heading.guessed
    ]  # fmt: skip


def _examples(
    grid: Grid, columns: Mapping[int, FormColumn], header: int
) -> tuple[list[int], list[Finding]]:
    """Return the example rows that are as we wrote them, and findings about those that are not."""
    label = next((c for c, column in columns.items() if column.name in _FIRST), None)
    if label is None:
        return [], []
    codes, cells = grid.columns[label]
    said = [i for i, cell in enumerate(cells) if cell_text(cell) == EXAMPLE]
    rows = [r for r, code in enumerate(codes.tolist()) if code in said] if said else []
    left_out, findings = [], []
    for r in rows:
        if r <= header:
            continue
        held = {column: cell_text(grid.columns[c].cell(r)) for c, column in columns.items()}
        if all(not text or text == column.example for column, text in held.items()):
            left_out.append(r)
        else:
            findings.append(
                Finding("form.example_overwritten", "warning",
                        Where("", "", r + 1, columns[label].heading))
            )  # fmt: skip
    return left_out, findings
