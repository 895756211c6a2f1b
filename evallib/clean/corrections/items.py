"""What of a file its sender must look at: cells with their rows as sent, and the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evallib.clean.corrections.page import Page, shown_name
from evallib.clean.forms.form import column_guide
from evallib.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evallib.clean.sheets.headings import SubmissionKind
    from evallib.clean.sheets.sheet import Sheet

_WARNED = ("identifier.", "forbidden.")  # nothing to correct: not to be sent again


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One cell to look at.

    Parameters
    ----------
    sheet, heading : str
        Where it stands, as findings name it.
    row, column : int
        Row from 1, column from 0.
    name : str
        Canonical name of the column.
    old : str
        The cell as sent, without identifiers.
    code, severity, problem : str
        The finding and its words in Thai.
    instead : bool
        The cell was not reported itself, but may be the one that is wrong.
    """

    sheet: str
    heading: str
    row: int
    column: int
    name: str
    old: str
    code: str
    severity: str
    problem: str
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A row as it was sent: column -> text without identifiers, and what it is called."""

    sheet: str
    row: int
    cells: Mapping[int, str]
    title: str
    amphoe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What goes back about one file.

    Parameters
    ----------
    file, sha256, kind : str
        The file as findings name it, its hash, its kind.
    items : tuple of Item
        By sheet, row and column.
    rows : tuple of SentRow
        The rows of the items.
    headings : mapping of str to mapping of int to str
        Sheet -> column -> heading, of the columns that are shown.
    notices : tuple of Finding
        Matters that no cell answers.
    """

    file: str
    sha256: str
    kind: SubmissionKind
    items: tuple[Item, ...]
    rows: tuple[SentRow, ...]
    headings: Mapping[str, Mapping[int, str]]
    notices: tuple[Finding, ...]


def collect_items(
    sheets: Sequence[Sheet], findings: Sequence[Finding], *, file: str, sha256: str
) -> Returned:
    """Find the cells that findings are about.

    Parameters
    ----------
    sheets : sequence of Sheet
        The file as it is read again; empty for one that was refused.
    findings : sequence of Finding
        About this file, of severity ``error`` and ``warning``.
    file, sha256 : str
        As ``inputs`` names it.

    Returns
    -------
    Returned
        Every finding is in an item or among the notices. Only columns that evallib keeps are
        shown, and no identifier in them.
    """
    by_sheet: dict[str, list[tuple[int, Finding]]] = {}
    notices: list[Finding] = []
    names = Counter(map(shown_name, sheets))  # of two sheets of one name none can be pointed at
    pages = {name: Page(s) for s in sheets if names[name := shown_name(s)] == 1}
    for finding in findings:
        at = finding.place
        page = pages.get(at.sheet or "")
        if (
            at.sheet is None
            or at.row is None
            or page is None
            or at.row not in page.known
            or finding.code.startswith(_WARNED)
        ):
            notices.append(finding)
        else:
            by_sheet.setdefault(at.sheet, []).append((at.row, finding))
    items: list[Item] = []
    rows: list[SentRow] = []
    headings = {}
    for name, some in sorted(by_sheet.items()):
        page = pages[name]
        sent = page.rows({row for row, _ in some})
        found = _items(name, page, some, sent, notices)
        items += found
        wanted = {item.row for item in found}
        rows += [
            _sent_row(name, page, row, cells, found) for row, cells in sent.items() if row in wanted
        ]
        headings[name] = page.shown_headings({item.heading for item in found})
    unknown: SubmissionKind = "unknown"
    kind = next((page.kind for page in pages.values() if page.kind != unknown), unknown)
    return Returned(
        file=file, sha256=sha256, kind=kind, items=tuple(items), rows=tuple(rows),
        headings=headings, notices=tuple(notices),
    )  # fmt: skip


def _items(
    sheet: str, page: Page, findings: Sequence[tuple[int, Finding]],
    sent: Mapping[int, Mapping[str, str]], notices: list[Finding],
) -> list[Item]:  # fmt: skip
    """Return the items of a sheet; several findings about one cell become one item."""
    made: dict[tuple[int, int, bool], Item] = {}
    for row, finding in sorted(findings, key=lambda f: (f[0], f[1].severity, f[1].code)):
        heading = page.heading_of(finding)
        if not heading:
            notices.append(finding)
            continue
        problem = Finding(finding.code, finding.severity, "", finding.value).message("th")
        for name in (heading, *page.instead_of(finding.code, heading)):
            key = (row, page.place[name], name != heading)
            held = made.get(key)
            words = problem if held is None else f"{held.problem}\n{problem}"
            made[key] = Item(
                sheet=sheet, heading=name, row=row, column=page.place[name], name=page.names[name],
                old=sent[row][name], code=finding.code,
                severity=held.severity if held else finding.severity, problem=words,
                instead=name != heading,
            )  # fmt: skip
    direct = {key[:2] for key in made if not key[2]}
    order = sorted(made, key=lambda key: (key[0], key[2], key[1]))
    return [made[key] for key in order if not (key[2] and key[:2] in direct)]


def _sent_row(
    sheet: str, page: Page, row: int, cells: Mapping[str, str], items: Sequence[Item]
) -> SentRow:
    shown = page.shown_headings({item.heading for item in items})
    by_name = {page.names[heading]: cells[heading] for heading in cells}
    title = next(
        (
            t
            for n in ("title_th", "need_text_th", "resp_key", "tambon", "tambon_code")
            if (t := by_name.get(n))
        ),
        "",
    )
    return SentRow(
        sheet=sheet, row=row, title=title, amphoe=by_name.get("amphoe", ""),
        cells={c: cells[heading] for c, heading in shown.items()},
    )  # fmt: skip


def what_to_do(item: Item, kind: str) -> str:
    """Return in Thai what to write into the cell."""
    guide = column_guide(item.name, kind)
    said = guide.help if guide else "พิมพ์ค่าที่ถูกต้อง"
    return f"หรือแก้ที่ช่องนี้: {said}" if item.instead else said
