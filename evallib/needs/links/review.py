"""The file in which persons decide on links: confirmed or rejected, for ever."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.decisions import merge_cells, read_content, read_state, read_table, write_table
from evallib.errors import SchemaError
from evallib.findings import Finding, Where
from evallib.i18n import text
from evallib.needs.sectors.topics import read_sectors
from evallib.places import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from evallib.decisions import DecisionRow

LINKS_FILE = "links.csv"
OWN = ("state", "who", "note")  # columns that a person fills
KEY = ("need_id", "project_uid")
SHOWN = ("score", "place", "sector", "need", "project", "evidence")
MOST_OPEN = 300  # pairs shown to persons, the least certain first
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LinkReview:
    """What stands in the file.

    Parameters
    ----------
    decisions : mapping of (need_id, project_uid) to {"confirmed", "rejected"}
    rows : mapping of (need_id, project_uid) to (mapping of column to text)
        Every row as a person left it.
    findings : tuple of Finding
        What could not be read. As long as there is any, the file is left as it is.
    extra : tuple of str
        Headings that are not ours; they are kept.
    """

    decisions: Mapping[Key, str] = field(default_factory=dict)
    rows: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    extra: tuple[str, ...] = ()

    def moved(self, kept: Mapping[str, str]) -> LinkReview:
        """Return the review with decisions on doubles carried to the project kept for them.

        A decision that stands on the kept project itself comes first.
        """
        carried = {
            (need, kept[project]): state
            for (need, project), state in sorted(self.decisions.items()) if project in kept
        }  # fmt: skip
        return replace(self, decisions=carried | dict(self.decisions))


def read_link_review(content: bytes | str | PathLike[str] | None) -> LinkReview:
    r"""Read the file of decisions on links.

    Parameters
    ----------
    content : bytes or path or None
        The file or where it lies, as `evallib.decisions.read_table` reads it, with ``state``
        (``OPEN``, ``CONFIRMED``, ``REJECTED``), ``need_id`` and ``project_uid``; None: there is no
        file.

    Returns
    -------
    LinkReview
        Findings: ``links.review_unreadable`` (error) for a file that is no such list,
        ``links.review_state`` (warning) for a row with another state, ``links.review_conflict``
        (warning) for a pair with two states, which then counts as rejected,
        ``decision.no_heading`` (warning) for text that a new file would not hold, and
        ``decision.characters_lost`` (error) for damaged characters.

    Raises
    ------
    NotFound
        There is no file at the path.

    Examples
    --------
    >>> found = read_link_review("state,need_id,project_uid\nconfirmed,N1,P1\n".encode())
    >>> found.decisions, found.findings
    ({('N1', 'P1'): 'confirmed'}, ())
    """
    if content is None:
        return LinkReview()
    bytes_of_file = read_content(content)
    known = (*OWN, *KEY, *SHOWN)
    try:
        table = read_table(bytes_of_file, needed=("state", *KEY), known=known, file=LINKS_FILE)
    except SchemaError:
        return LinkReview(findings=(Finding("links.review_unreadable", "error", LINKS_FILE),))
    review = _decided(table.rows)
    told = table.findings
    if table.unnamed:
        told += (Finding("decision.no_heading", "warning", Where(LINKS_FILE, row=1)),)
    extra = tuple(name for name in table.columns if name not in known)
    return replace(review, extra=extra, findings=(*review.findings, *told))


def _decided(lines: Iterable[DecisionRow]) -> LinkReview:
    decisions: dict[Key, str] = {}
    kept: dict[Key, Mapping[str, str]] = {}
    findings = []
    for line in lines:
        row, where = line.cells, Where(LINKS_FILE, row=line.line)
        key = (row["need_id"].strip(), row["project_uid"].strip())
        state = read_state(row["state"])
        if line.beyond:
            findings.append(Finding("decision.no_heading", "warning", where))
        if state is None or not all(key):
            findings.append(Finding("links.review_state", "warning", where))
            continue
        persons = [name for name in row if name in OWN[1:] or name not in (*OWN, *KEY, *SHOWN)]
        kept[key] = merge_cells(kept[key], row, persons=persons) if key in kept else row
        if state == "OPEN":
            continue
        if decisions.get(key, state.lower()) != state.lower():
            findings.append(Finding("links.review_conflict", "warning", where))
            state = "REJECTED"
        decisions[key] = state.lower()
    return LinkReview(decisions, kept, tuple(findings))


def decided_links(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame, review: LinkReview
) -> pd.DataFrame:
    """Return links with what persons decided; a decided pair that was no candidate is added."""
    decided = pd.Series(dict(review.decisions), dtype="object")
    keys = pd.MultiIndex.from_frame(links[list(KEY)])
    state = keys.map(decided.to_dict()) if len(decided) else [None] * len(links)
    links = links.assign(
        reviewer_state=pd.Series(state, links.index, dtype="object").fillna("auto")
    )
    known = set(keys)
    here = (set(needs["need_id"]), set(projects["project_uid"]))
    further = [
        {"need_id": need, "project_uid": project, "score": float(state == "confirmed"),
         "method": "review", "reviewer_state": state}
        for (need, project), state in sorted(review.decisions.items())
        if (need, project) not in known and need in here[0] and project in here[1]
    ]  # fmt: skip
    if not further:
        return links
    added = pd.DataFrame(further)
    days = [
        added[key].map(rows.set_index(key)["as_of"])
        for key, rows in (("need_id", needs), ("project_uid", projects))
    ]
    added["as_of"] = np.fmax(days[0].to_numpy(), days[1].to_numpy())
    return pd.concat([links, added.reindex(columns=links.columns)], ignore_index=True)


def write_link_review(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame, review: LinkReview
) -> bytes:
    """Return the file anew: open pairs, the least certain first, then every decided pair.

    A decided pair whose need or project is not in the data stays, as the person left it, and so
    does an open pair beside which a person wrote something.
    """
    score = dict(zip(map(tuple, links[list(KEY)].to_numpy()), links["score"], strict=True))
    undecided = [key for key in score if key not in review.decisions]
    doubt = sorted(undecided, key=lambda key: (abs(score[key] - 0.5), key))[:MOST_OPEN]
    told = _told(links, needs, projects)
    persons = (*OWN[1:], *review.extra)
    listed = {*doubt, *review.decisions}
    noted = [
        key for key, row in sorted(review.rows.items())
        if key not in listed and any(row.get(name, "").strip() for name in persons)
    ]  # fmt: skip
    lines = []
    for key in [*doubt, *noted, *sorted(review.decisions)]:
        own = review.rows.get(key, {})
        shown = told.get(key, {name: own.get(name, "") for name in SHOWN})
        line = {name: own.get(name, "") for name in persons} | shown
        line["state"] = review.decisions.get(key, "open").upper()
        lines.append(line | dict(zip(KEY, key, strict=True)))
    ours = (*OWN, *KEY, *SHOWN)
    headings = {name: f"[{name}] {text(f'links.head_{name}', 'th')}" for name in ours}
    headings |= {name: name for name in review.extra}
    return write_table(headings, lines, quote_all=True)


def _told(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame
) -> dict[Key, dict[str, str]]:
    """Return what the file says of each link in words."""
    of_need, of_project = needs.set_index("need_id"), projects.set_index("project_uid")
    names = register().set_index("tambon_code")["tambon_th"]
    sectors = read_sectors().set_index("sector_code")["sector_th"]
    need, project = of_need.reindex(links["need_id"]), of_project.reindex(links["project_uid"])
    columns = {
        "score": links["score"].map("{:.2f}".format),
        "place": need["tambon_code"].map(names),
        "sector": need["sector_code"].map(sectors),
        "need": need["need_text_th"],
        "project": project["title_th"],
        "evidence": links["evidence"],
    }
    rows = zip(*(column.fillna("").astype("str") for column in columns.values()), strict=True)
    keys = map(tuple, links[list(KEY)].to_numpy())
    return {key: dict(zip(columns, row, strict=True)) for key, row in zip(keys, rows, strict=True)}
